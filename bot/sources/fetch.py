"""Getting a source's bytes: over HTTP, politely and within limits, or from a file.

get ─▶ one hop: address checked ─▶ request ─▶ redirect? again, at most five times
                                          └─▶ body, counted as it is unpacked ─▶ Fetched
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import stat
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
from yarl import URL

from bot.sources import addresses, freshness
from bot.sources.inflate import ACCEPTED, Inflater, UnknownEncoding

USER_AGENT = "Dateline/0.1 (+live updates relay)"
MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


class SourceAway(Exception):
    """Nothing came, and it may pass: try again later, not before `retry_after` seconds if the site says so."""

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class SourceRefused(Exception):
    """We will not read this; it stays so until a person changes the source or the limits."""


@dataclass(frozen=True)
class Fetched:
    """What a source gave. `data` is None where nothing has changed since the reading that `body_hash` is of.

    `address` is where it came from after redirects; `wait` is how long the site asks us to wait, in seconds.
    """

    data: bytes | None
    status: int
    address: str
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    content_type: str | None = None
    wait: float | None = None


class Fetcher:
    """One HTTP session for all sources. Use it as an async context, or `start` and `close` it."""

    def __init__(
        self,
        *,
        allow_private_addresses: bool = False,
        max_bytes: int = 15_000_000,
        timeout: float = 20.0,
    ) -> None:
        self._allow_private = allow_private_addresses
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(resolver=None if self._allow_private else addresses.GuardedResolver())
            self._session = aiohttp.ClientSession(
                connector=connector,
                headers={"User-Agent": USER_AGENT, "Accept-Encoding": ACCEPTED},
                auto_decompress=False,  # counted while it is unpacked, in `_body`
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),  # `get` has one for all its hops
            )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def get(
        self,
        source: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        body_hash: str | None = None,
        base: Path | None = None,
    ) -> Fetched:
        """Read an http(s) address or a file path (relative to `base`). Raises SourceAway and SourceRefused."""
        scheme = _SCHEME.match(source)
        if scheme is None:
            return await asyncio.to_thread(_read_file, (base or Path()) / source, self._max_bytes, body_hash)
        try:
            async with asyncio.timeout(self._timeout):
                return await self._follow(source, _conditions(etag, last_modified), body_hash)
        except TimeoutError:
            raise SourceAway(f"{addresses.shown(source)} did not answer within {self._timeout:g} seconds.") from None

    async def _follow(self, source: str, conditions: dict[str, str], body_hash: str | None) -> Fetched:
        url = self._checked(source, source)
        for _ in range(MOST_REDIRECTS + 1):
            found = await self._hop(url, conditions, body_hash)
            if isinstance(found, Fetched):
                return found
            url = self._checked(found, source)
        raise SourceRefused(f"{addresses.shown(source)} redirects more than {MOST_REDIRECTS} times.")

    def _checked(self, target: str | URL, source: str) -> URL:
        """An address that may be asked, wherever it comes from."""
        where = addresses.shown(source)
        try:
            url = URL(target)
        except (ValueError, TypeError):
            raise SourceRefused(f"{where} is not a valid address.") from None
        if url.scheme not in ("http", "https") or not url.host:
            raise SourceRefused(f"{where} leads to {addresses.shown(url)}: only http and https addresses are read.")
        number = addresses.literal(url)
        if number and not self._allow_private and not addresses.is_public(number):
            raise SourceRefused(_private(where, number))
        return url

    async def _hop(self, url: URL, conditions: dict[str, str], body_hash: str | None) -> Fetched | URL:
        """One request: what it gave, or where it leads."""
        if self._session is None:
            raise RuntimeError("the Fetcher was not started")
        try:
            async with self._session.get(url, headers=conditions, allow_redirects=False) as response:
                return await self._answer(url, response, conditions, body_hash)
        except aiohttp.ClientError as error:
            raise _explained(url, error) from error
        except zlib.error as error:
            raise SourceAway(f"{addresses.shown(url)} sent a body whose compression is broken.") from error
        except UnknownEncoding as error:
            raise SourceRefused(
                f"{addresses.shown(url)} uses the compression {error}, which we cannot read."
            ) from error
        except (OSError, ValueError) as error:
            raise SourceAway(f"{addresses.shown(url)} could not be read ({type(error).__name__}).") from error

    async def _answer(
        self, url: URL, response: aiohttp.ClientResponse, conditions: dict[str, str], body_hash: str | None
    ) -> Fetched | URL:
        if response.status in _REDIRECTS and "Location" in response.headers:
            return url.join(URL(response.headers["Location"]))
        now = datetime.now(UTC)
        if response.status != 304 and not 200 <= response.status < 300:
            where = f"{addresses.shown(url)} answers {response.status} {response.reason or ''}".rstrip()
            raise SourceAway(f"{where}.", freshness.retry_after(response.headers, now))
        data = None if response.status == 304 else await self._body(url, response)
        found = body_hash if data is None else hashlib.sha256(data).hexdigest()
        return Fetched(
            data=None if found == body_hash else data,
            status=response.status,
            address=str(url),
            etag=response.headers.get("ETag") or (conditions.get("If-None-Match") if data is None else None),
            last_modified=response.headers.get("Last-Modified")
            or (conditions.get("If-Modified-Since") if data is None else None),
            body_hash=found,
            content_type=response.headers.get("Content-Type"),
            wait=freshness.wait(response.headers, now),
        )

    async def _body(self, url: URL, response: aiohttp.ClientResponse) -> bytes:
        """The unpacked body; reading stops as soon as it is too long."""
        if (response.content_length or 0) > self._max_bytes:
            raise _too_large(addresses.shown(url), self._max_bytes)
        inflater = Inflater(response.headers.get("Content-Encoding", ""))
        body = bytearray()
        async for chunk in response.content.iter_any():
            for piece in inflater.feed(chunk):
                body += piece
                if len(body) > self._max_bytes:
                    raise _too_large(addresses.shown(url), self._max_bytes)
        if not inflater.is_complete:
            raise SourceAway(f"{addresses.shown(url)} broke off in the middle of its body.")
        return bytes(body)


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in asked.items() if value}


def _explained(url: URL, error: aiohttp.ClientError) -> SourceAway | SourceRefused:
    """One sentence for what aiohttp ran into."""
    where = addresses.shown(url)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        if isinstance(error.os_error, addresses.ForbiddenAddress):
            return SourceRefused(f"{where} is not read: {error.os_error}; fetch.allow_private_addresses allows it.")
        return SourceAway(f"{where}: the host {url.host} was not found.")
    if isinstance(error, aiohttp.ClientSSLError):
        return SourceAway(f"{where}: no secure connection ({type(error).__name__}).")
    if isinstance(error, aiohttp.ClientConnectorError):
        return SourceAway(f"{where} does not accept connections ({error.os_error.strerror or 'no route'}).")
    if isinstance(error, aiohttp.InvalidURL):
        return SourceRefused(f"{where} is not a valid address.")
    return SourceAway(f"{where} broke off ({type(error).__name__}).")


def _private(where: str, number: str) -> str:
    return f"{where} leads to the private address {number}; fetch.allow_private_addresses allows it."


def _too_large(where: str, limit: int) -> SourceRefused:
    return SourceRefused(f"{where} is over {limit:,} bytes.")


def _read_file(path: Path, limit: int, body_hash: str | None) -> Fetched:
    """A file as a source. Its bytes decide whether it changed: two writes may share one second."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise SourceRefused(f"{path} is not a file.")
        if found.st_size > limit:
            raise _too_large(str(path), limit)
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or "not a path").lower()
        raise SourceAway(f"{path} cannot be read: {reason}.") from error
    if len(data) > limit:
        raise _too_large(str(path), limit)
    now = hashlib.sha256(data).hexdigest()
    return Fetched(
        data=None if now == body_hash else data,
        status=200,
        address=str(path),
        last_modified=formatdate(found.st_mtime, usegmt=True),
        body_hash=now,
    )
