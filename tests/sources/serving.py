"""Page servers, a resolver and clocks for what fetches: everything on 127.0.0.x, nothing waits long."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

BODY = b"14/03/2016\n\n19:16 GMT\n\nThe dam holds.\n"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """A page server. `answer` is what the next requests get; `requests` what came."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.requests: list[web.Request] = []
        self.answer: Handler = self.page
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._handle)
        self.server = TestServer(app, host=host)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.answer(request)

    async def page(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304)
        return web.Response(
            body=BODY, headers={"ETag": '"1"', "Cache-Control": "max-age=30"}, content_type="text/plain"
        )

    def gives(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            return web.Response(status=status, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})

        self.answer = answer

    def trickles(self, *pieces: bytes, every: float = 0.0, for_ever: bool = False, **headers: str) -> None:
        """The body comes piece by piece, and perhaps never ends."""

        async def answer(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse(headers={k.replace("_", "-"): v for k, v in headers.items()})
            await response.prepare(request)
            while True:
                for piece in pieces:
                    await response.write(piece)
                    await asyncio.sleep(every)
                if not for_ever:
                    return response

        self.answer = answer

    def url(self, path: str = "/live", host: str | None = None) -> str:
        made = self.server.make_url(path)
        return str(made.with_host(host) if host else made)


class Names(AbstractResolver):
    """A DNS: what each name resolves to, one answer after the other, the last one for ever."""

    def __init__(self, **names: list[list[str]]) -> None:
        self.names = {name.replace("_", "."): answers for name, answers in names.items()}
        self.asked: list[str] = []

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_INET,  # noqa: ARG002  (aiohttp's)
    ) -> list[ResolveResult]:
        self.asked.append(host)
        if host not in self.names:
            raise OSError(f"{host} is unknown")
        answers = self.names[host]
        return [
            ResolveResult(
                hostname=host,
                host=number,
                port=port,
                family=socket.AF_INET6 if ":" in number else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for number in (answers.pop(0) if len(answers) > 1 else answers[0])
        ]

    async def close(self) -> None:
        pass


class Hands:
    """A clock whose sleepers wait until it is moved on."""

    def __init__(self) -> None:
        self._now = datetime(2016, 3, 14, 19, 0, tzinfo=UTC)
        self._moved = asyncio.Condition()

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        until = self._now + timedelta(seconds=seconds)
        async with self._moved:
            await self._moved.wait_for(lambda: self._now >= until)

    async def advance(self, seconds: float) -> None:
        async with self._moved:
            self._now += timedelta(seconds=seconds)
            self._moved.notify_all()
        for _ in range(20):  # whoever may go on does
            await asyncio.sleep(0)
