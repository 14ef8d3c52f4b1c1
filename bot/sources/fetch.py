"""Getting a source's bytes: over HTTP, politely and within limits, or from a file.

get ─▶ one hop: address checked ─▶ turn with the host ─▶ request ─▶ redirect? again, at most five times
                                                                └─▶ body, counted as it is unpacked ─▶ Fetched
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.clock import Clock, SystemClock
from bot.sources import addresses, freshness
from bot.sources.files import Files
from bot.sources.inflate import ACCEPTED, BrokenEncoding, Inflater, TooLong, UnknownEncoding
from bot.sources.manners import Manners
from bot.sources.trouble import SourceAway, SourceHeld, SourceRefused

__all__ = ["Fetched", "Fetcher", "SourceAway", "SourceHeld", "SourceRefused"]

USER_AGENT = "Dateline/0.1 (+live updates relay)"
MOST_REDIRECTS = 5
LEAST_PROGRESS = 1024  # bytes of a body within the fetcher's patience
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PAGES = frozenset({200, 203})
_BUSY = frozenset({429, 503})
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_NO_PAGES = {
    "image": "an image",
    "video": "a video",
    "audio": "a sound file",
    "font": "a font",
    "application/pdf": "a PDF document",
    "application/zip": "a ZIP archive",
    "application/vnd.openxmlformats-officedocument": "an office document",
}


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


@dataclass(frozen=True)
class _Asked:
    """What is wanted, and what is known of it."""

    source: str
    etag: str | None
    last_modified: str | None
    body_hash: str | None

    @property
    def conditions(self) -> dict[str, str]:
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}


class Fetcher:
    """One HTTP session for all sources. Use it as an async context, or `start` and `close` it.

    `timeout` is for all of a source's hops, without the waiting for a turn; a body that brings less than a kilobyte in
    `patience` is given up before. `resolver` is asked for the addresses of names; what it says is checked all the same.
    """

    def __init__(
        self,
        *,
        allow_private_addresses: bool = False,
        max_bytes: int = 15_000_000,
        timeout: float = 20.0,
        patience: float = 8.0,
        clock: Clock | None = None,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._allow_private = allow_private_addresses
        self._max_bytes = max_bytes
        self._timeout = timeout
        self._patience = patience
        self._clock = clock or SystemClock()
        self._resolver = resolver
        self._manners = Manners(self._clock)
        self._files = Files(max_bytes)
        self._origins: dict[str, tuple[str, str | None, str | None]] = {}  # by source: an address and its validators
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        if self._session is None:
            resolver = self._resolver if self._allow_private else addresses.GuardedResolver(self._resolver)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver),
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
        if _SCHEME.match(source) is None:
            return await asyncio.to_thread(self._file, (base or Path()) / source, body_hash)
        try:
            async with asyncio.timeout(self._timeout) as limit:
                return await self._follow(_Asked(source, etag, last_modified, body_hash), limit)
        except TimeoutError:
            raise SourceAway(f"{addresses.shown(source)} did not answer within {self._timeout:g} seconds.") from None

    def _file(self, path: Path, body_hash: str | None) -> Fetched:
        read = self._files.read(path, body_hash)
        return Fetched(read.data, 200, str(path), last_modified=read.last_modified, body_hash=read.body_hash)

    # --- hops -------------------------------------------------------------------------------------------------------

    async def _follow(self, asked: _Asked, limit: asyncio.Timeout) -> Fetched:
        url = self._checked(asked.source, asked.source)
        for _ in range(MOST_REDIRECTS + 1):
            async with self._turn(url, limit):
                found = await self._hop(url, asked)
            if isinstance(found, Fetched):
                self._origins[asked.source] = (str(url), found.etag, found.last_modified)
                return found
            url = self._checked(found, asked.source)
        raise SourceRefused(f"{addresses.shown(asked.source)} redirects more than {MOST_REDIRECTS} times.")

    def _checked(self, target: str | URL, source: str) -> URL:
        """An address that may be asked, wherever it comes from."""
        where = addresses.shown(source)
        try:
            url = URL(target)
        except (ValueError, TypeError):
            raise SourceRefused(f"{where} is not a valid address.") from None
        if url.scheme in ("http", "https") and not url.host:
            raise SourceRefused(f"{where} is not a valid address: it names no host.")
        if url.scheme not in ("http", "https"):
            raise SourceRefused(f"{where} leads to {addresses.shown(url)}: only http and https addresses are read.")
        number = url.host if addresses.is_local_name(url) else addresses.literal(url)
        if number and not self._allow_private and not addresses.is_public(number):
            raise SourceRefused(_private(where, number))
        return url

    @asynccontextmanager
    async def _turn(self, url: URL, limit: asyncio.Timeout) -> AsyncIterator[None]:
        """A turn with the host; waiting for it takes nothing off the time that the site has."""
        loop = asyncio.get_running_loop()
        left = (limit.when() or loop.time()) - loop.time()
        limit.reschedule(None)
        async with self._manners.turn(_host(url)):
            limit.reschedule(loop.time() + left)
            yield

    async def _hop(self, url: URL, asked: _Asked) -> Fetched | URL:
        """One request: what it gave, or where it leads.

        Validators go only to the address that gave them: another one may use the same for another page.
        """
        if self._session is None:
            raise RuntimeError("the Fetcher was not started")
        is_theirs = self._origins.get(asked.source) == (str(url), asked.etag, asked.last_modified)
        conditions = asked.conditions if is_theirs else {}
        try:
            async with self._session.get(url, headers=conditions, allow_redirects=False) as response:
                if response.status in _REDIRECTS and "Location" in response.headers:
                    return _target(url, response.headers["Location"])
                self._refuse_what_is_no_page(url, response, is_conditional=bool(conditions))
                return await self._answer(url, response, asked)
        except aiohttp.ClientError as error:
            raise _explained(url, error) from error
        except (OSError, ValueError) as error:
            raise SourceAway(f"{addresses.shown(url)} could not be read ({type(error).__name__}).") from error

    def _refuse_what_is_no_page(self, url: URL, response: aiohttp.ClientResponse, *, is_conditional: bool) -> None:
        """Before a byte of the body is read."""
        if response.status == 304 and is_conditional:
            return
        if response.status not in _PAGES:
            wait = freshness.retry_after(response.headers, self._clock.now())
            if wait and response.status in _BUSY:
                self._manners.hold(_host(url), wait)
            reason = f"{response.status} {response.reason or ''}".rstrip()
            raise SourceAway(f"{addresses.shown(url)} answers {reason}.", wait)
        if what := _no_page(response.headers):
            raise SourceRefused(f"{addresses.shown(url)} is {what}, not a page with text.")

    async def _answer(self, url: URL, response: aiohttp.ClientResponse, asked: _Asked) -> Fetched:
        headers = response.headers
        data = None if response.status == 304 else await self._body(url, response)
        found = asked.body_hash if data is None else hashlib.sha256(data).hexdigest()
        return Fetched(
            data=None if found == asked.body_hash else data,
            status=response.status,
            address=str(url.with_user(None)),
            etag=headers.get("ETag") or (asked.etag if data is None else None),
            last_modified=headers.get("Last-Modified") or (asked.last_modified if data is None else None),
            body_hash=found,
            content_type=headers.get("Content-Type"),
            wait=freshness.wait(headers, self._clock.now()),
        )

    # --- bodies -----------------------------------------------------------------------------------------------------

    async def _body(self, url: URL, response: aiohttp.ClientResponse) -> bytes:
        """The unpacked body; reading stops as soon as it is too long, or too slow."""
        where = addresses.shown(url)
        try:
            if (response.content_length or 0) > self._max_bytes:
                raise TooLong
            async with asyncio.timeout(self._patience) as patience:
                return await self._unpacked(where, response, patience)
        except TimeoutError:
            raise SourceAway(f"{where} sends its body too slowly: it was given up.") from None
        except TooLong:
            raise SourceRefused(f"{where} is over {self._max_bytes:,} bytes.") from None
        except BrokenEncoding as error:
            raise SourceAway(f"{where} sent a body whose compression is broken.") from error
        except UnknownEncoding as error:
            raise SourceRefused(f"{where} uses the compression {error}, which we cannot read.") from error

    async def _unpacked(self, where: str, response: aiohttp.ClientResponse, patience: asyncio.Timeout) -> bytes:
        inflater = Inflater(", ".join(response.headers.getall("Content-Encoding", [])), self._max_bytes)
        body = bytearray()
        arrived = 0
        async for chunk in response.content.iter_any():
            for piece in inflater.feed(chunk):
                body += piece
            arrived += len(chunk)
            if arrived >= LEAST_PROGRESS:
                arrived = 0
                patience.reschedule(asyncio.get_running_loop().time() + self._patience)
        if not inflater.is_complete:
            raise SourceAway(f"{where} broke off in the middle of its body.")
        return bytes(body)


def _host(url: URL) -> str:
    return (url.host or "").rstrip(".").lower()


def _target(url: URL, location: str) -> URL:
    """Where a redirect leads. It cannot make us log in anywhere."""
    try:
        return url.join(URL(location).with_user(None) if "//" in location else URL(location))
    except (ValueError, TypeError):
        raise SourceRefused(f"{addresses.shown(url)} redirects to something that is no address.") from None


def _no_page(headers: Mapping[str, str]) -> str | None:
    """What a body is that cannot be a page, by its type."""
    named = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    kinds = (what for kind, what in _NO_PAGES.items() if named == kind or named.startswith((f"{kind}/", f"{kind}.")))
    return next((f"{what} ({named[:60]})" for what in kinds), None)


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
