"""python-telegram-bot's requests over aiohttp, and where they fail: did the request leave?

call ─▶ a connection, kept or new ─▶ the request ─▶ the answer, if it is Telegram's ─▶ (status, body)
              │                          └──────────────┴─▶ NoAnswer: it may have been carried out
              └─▶ NothingSent

Neither of the two carries aiohttp's exception along: its words and attributes hold the address, and so the token.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram.error import NetworkError, TelegramError
from telegram.request import BaseRequest, RequestData
from yarl import URL

CALL_SECONDS = 8.0  # no call takes longer, but for those that ask for a longer time to read or to write
KEEP_ALIVE = 15.0  # seconds; a server that closes first may do so just when we write, and then nobody knows
DNS_SECONDS = 300
JSON = {"Content-Type": "application/json"}
TAKEN_BY_NOBODY = (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
EXACT = math.inf  # aiohttp rounds what is longer than this up to a whole second of its clock

# What callers give as a time limit: seconds, None for none, or a mark that says "the usual".
Given = Any


class NothingSent(NetworkError):
    """The request did not leave, or was turned away before it reached what would carry it out."""


class NoAnswer(NetworkError):
    """The request left, or may have, and no whole answer of Telegram's came."""


@dataclass(frozen=True)
class Patience:
    """Seconds that a call may take: until a connection is free, until one is made, between two bytes, and in all."""

    pool: float = 1.0
    connect: float = 2.0
    read: float = 5.0
    total: float = CALL_SECONDS

    def limits(self, read: Given, write: Given, connect: Given, pool: Given) -> aiohttp.ClientTimeout:
        """The same for a call that asks for something else. What it adds to the reading or writing, it may take.

        That is how a long poll tells: it asks for as long as it lets the server wait, and the usual time to read.
        """
        reading = _asked(read, self.read)
        writing = _asked(write, 0.0)
        connecting = _asked(connect, self.connect)
        waiting = _asked(pool, self.pool)
        return aiohttp.ClientTimeout(
            total=self.total + max(0.0, (reading or 0.0) - self.read) + (writing or 0.0),
            connect=None if connecting is None or waiting is None else waiting + connecting,
            sock_connect=connecting,
            sock_read=reading,
            ceil_threshold=EXACT,
        )


class Transport(BaseRequest):
    """One aiohttp session with at most `connections` connections, which are kept.

    As python-telegram-bot wants it, the long poll has one of its own. Environment variables name a proxy as they do
    for httpx: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY.
    """

    def __init__(self, connections: int = 100, patience: Patience | None = None) -> None:
        self._connections = connections
        self._patience = patience or Patience()
        self._usual = self._patience.limits(*[self.DEFAULT_NONE] * 4)
        self._proxies: dict[str, str | None] = {}  # by scheme and host
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._patience.read

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=KEEP_ALIVE, ttl_dns_cache=DNS_SECONDS
                ),
                # Answers are short: packing them takes the two sides longer than sending them.
                headers={"User-Agent": self.USER_AGENT, "Accept-Encoding": "identity"},
                cookie_jar=aiohttp.DummyCookieJar(),
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Given = BaseRequest.DEFAULT_NONE,
        write_timeout: Given = BaseRequest.DEFAULT_NONE,
        connect_timeout: Given = BaseRequest.DEFAULT_NONE,
        pool_timeout: Given = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and the body of the answer. Raises NothingSent and NoAnswer."""
        given = (read_timeout, write_timeout, connect_timeout, pool_timeout)
        is_usual = all(limit is self.DEFAULT_NONE for limit in given)
        limits = self._usual if is_usual else self._patience.limits(*given)
        status, answer = await self._exchange(method, url, *_body(request_data), limits)
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES and (failure := turned_away(status, answer)):
            raise failure
        return status, answer

    async def _exchange(
        self, method: str, url: str, body: Any, headers: Mapping[str, str] | None, limits: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise NothingSent("the transport was not started")
        try:
            async with self._session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=limits,
                proxy=self._proxy(url),
                allow_redirects=False,
            ) as response:
                return response.status, await response.read()
        # TimeoutError is an OSError; uvloop says RuntimeError of a connection that was closed under it.
        except (aiohttp.ClientError, OSError, RuntimeError) as error:
            failure = told(error)
        raise failure  # here, where no exception of aiohttp's is its context

    def _proxy(self, url: str) -> str | None:
        """Looked up once for each host: aiohttp's `trust_env` asks a thread at every request."""
        origin = url[: url.find("/", len("https://"))]
        if origin not in self._proxies:
            self._proxies[origin] = _proxy_of_environment(origin)
        return self._proxies[origin]

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What Telegram answered. Raises TelegramError where something else did, a gateway's page say.

        The original logs each such page with a traceback, and lets through JSON in which it then misses its keys.
        """
        if (answer := _telegrams(payload)) is None:
            raise TelegramError("Invalid server response")
        return answer


def turned_away(status: int, answer: bytes) -> NothingSent | NoAnswer | None:
    """What an answer says of the request that is no refusal of Telegram's: a gateway's, a firewall's, a fault.

    Such a 403 is not about the chat, and such a 404 not about the token.
    """
    telegrams = _telegrams(answer)
    if telegrams is not None and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return None
    what = f"{status} {telegrams['description']}" if telegrams and "description" in telegrams else f"status {status}"
    if status < HTTPStatus.INTERNAL_SERVER_ERROR or status in TAKEN_BY_NOBODY:
        return NothingSent(f"not taken: {what}")
    return NoAnswer(f"no answer: {what}")


def _telegrams(payload: bytes) -> dict[str, Any] | None:
    """The payload as an answer of Telegram's, if it is one."""
    try:
        answer = json.loads(payload)
    except ValueError:
        return None
    is_telegrams = isinstance(answer, dict) and ("result" in answer or "description" in answer)
    return answer if is_telegrams else None


def told(error: BaseException) -> NothingSent | NoAnswer:
    """What an exception of aiohttp's says of the request: whether it left.

    A connection that the server has closed while it was idle fails at the first use with ServerDisconnectedError or
    a reset, as one does that the server closed after it had carried out the request: it stays unknown.
    """
    kind = type(error).__name__
    if isinstance(error, aiohttp.ClientConnectorError):
        return NothingSent(f"no connection: {error.os_error.strerror or kind}")
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return NothingSent("no connection: none was free or came about in time")
    if isinstance(error, aiohttp.InvalidURL | aiohttp.NonHttpUrlClientError):
        return NothingSent("no connection: the address is not valid")
    if isinstance(error, aiohttp.ClientHttpProxyError | aiohttp.ServerFingerprintMismatch):
        return NothingSent(f"no connection: {kind}")
    if isinstance(error, TimeoutError):
        return NoAnswer("no answer in time")
    return NoAnswer(f"no answer: {kind}")


def _asked(given: Given, usual: float) -> float | None:
    """None is "without limit", but for the total."""
    return usual if given is BaseRequest.DEFAULT_NONE else given


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, Mapping[str, str] | None]:
    """A body and the headers that go with it: JSON, or a form where there are files."""
    if data is None:
        return None, None
    if data.contains_files:
        return _form(data), None
    return json.dumps(data.parameters).encode(), JSON


def _form(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _proxy_of_environment(origin: str) -> str | None:
    url = URL(origin)
    if proxy_bypass(url.authority):
        return None
    proxies = getproxies()
    return proxies.get(url.scheme) or proxies.get("all")
