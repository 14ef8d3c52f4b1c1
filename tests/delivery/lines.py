"""Servers that misbehave on real sockets, and a messenger that talks to them."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from telegram.ext import ExtBot

from bot.delivery.rendered import Rendered
from bot.delivery.telegram import Messenger
from bot.delivery.transport import Patience, Transport

TOKEN = "1000000001:nobody-may-ever-read-this"
HASTY = Patience(pool=1.0, connect=2.0, read=0.3, total=0.6)  # for servers that do not answer
USUAL = Patience()
HELLO = Rendered("Hello")


class Peer:
    """One connection, as the server sees it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, heard: Heard) -> None:
        self.reader = reader
        self.writer = writer
        self._heard = heard

    async def request(self) -> bytes:
        """A whole request: its head and its body. Nothing where the client has hung up."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""
        length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line[:15] == b"content-length:"), 0)
        whole = head + await self.reader.readexactly(length)
        self._heard(whole)
        return whole

    async def says(self, *pieces: bytes, every: float = 0.0) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()
            await asyncio.sleep(every)

    def resets(self) -> None:
        """Close with RST instead of FIN."""
        raw = self.writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self.writer.transport.abort()


Heard = Callable[[bytes], None]
Behaviour = Callable[[Peer], Awaitable[None]]


class Line:
    """A server that does `behaviour` with each connection and then closes it."""

    def __init__(self, port: int) -> None:
        self.base_url = f"http://127.0.0.1:{port}/bot"
        self.connections = 0
        self.requests: list[bytes] = []
        self._came = asyncio.Event()

    def hear(self, request: bytes) -> None:
        self.requests.append(request)
        self._came.set()

    async def until(self, requests: int) -> None:
        while len(self.requests) < requests:
            self._came.clear()
            await self._came.wait()

    @property
    def url(self) -> str:
        return f"{self.base_url}{TOKEN}/sendMessage"


@asynccontextmanager
async def line(behaviour: Behaviour) -> AsyncIterator[Line]:
    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        made.connections += 1
        try:
            await behaviour(Peer(reader, writer, made.hear))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client gave up first
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    made = Line(server.sockets[0].getsockname()[1])
    try:
        yield made
    finally:
        server.close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def http(status: str, body: bytes, **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def taken(message_id: int = 7) -> bytes:
    """Telegram's answer to a message."""
    return http("200 OK", json.dumps({"ok": True, "result": {"message_id": message_id}}).encode())


def refusal(code: int, description: str, **parameters: Any) -> bytes:
    """Telegram's answer to what it will not do."""
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    return http(f"{code} X", json.dumps(body | ({"parameters": parameters} if parameters else {})).encode())


def answering(answer: bytes) -> Behaviour:
    """One answer to everything, on connections that are kept."""

    async def behave(peer: Peer) -> None:
        while await peer.request():
            await peer.says(answer)

    return behave


@asynccontextmanager
async def transport(patience: Patience = USUAL, connections: int = 4) -> AsyncIterator[Transport]:
    async with Transport(connections, patience) as made:
        yield made  # type: ignore[misc]  # python-telegram-bot types it as its base


@asynccontextmanager
async def messenger(base_url: str, patience: Patience = USUAL, connections: int = 4) -> AsyncIterator[Messenger]:
    async with transport(patience, connections) as made:
        yield Messenger(ExtBot(TOKEN, base_url, request=made))
