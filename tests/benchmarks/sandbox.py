"""How fast the sandbox answers: `python tests/benchmarks/sandbox.py`.

The server runs in its own process; a raw client in this one keeps 16 connections busy with `sendMessage` (HTML, an
inline keyboard), spread over 1,000 chats. Printed: messages a second by the server's CPU time (what one core carries)
and by the clock on the wall (with a client that shares the machine), and the CPU that a waiting long poll costs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.sandbox import Sandbox  # noqa: E402 - the path comes first: the script runs from anywhere

CHATS = 1000
CONNECTIONS = 16
TEXT = "<b>19:16 GMT</b> The fire brigade says that the smoke over the harbour &amp; the quay is <i>not</i> toxic."
KEYBOARD = {"inline_keyboard": [[{"text": "Older", "callback_data": "older:2"}]]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000, help="sent in each run")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--idle", type=float, default=10.0, help="seconds of one long poll")
    options = parser.parse_args()
    with server() as (pipe, port, path, chats):
        for run in range(options.runs):
            before, begun = cpu(pipe), time.perf_counter()
            asyncio.run(send_all(port, path, chats, options.messages))
            wall, used = time.perf_counter() - begun, cpu(pipe) - before
            rates = f"{options.messages / used:,.0f} a second of CPU, {options.messages / wall:,.0f} on the wall"
            say(f"run {run + 1}: {options.messages:,} messages, {rates}, {used / options.messages * 1e6:.0f} µs each")
        before = cpu(pipe)
        asyncio.run(poll(port, path, options.idle))
        used = cpu(pipe) - before
        say(f"idle: one long poll of {options.idle:g} s costs {used * 1000:.1f} ms of CPU")


@contextmanager
def server() -> Iterator[tuple[Connection, int, str, list[int]]]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    port, path, chats = ours.recv()
    try:
        yield ours, port, path, chats
    finally:
        ours.send("stop")
        process.join(10)


def serve(pipe: Connection) -> None:
    """Answer in this process until the pipe says stop; anything else is answered with the CPU time used so far."""
    asyncio.run(_serve(pipe))


async def _serve(pipe: Connection) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()

    def asked() -> None:
        if pipe.recv() == "stop":
            stopped.set()
        else:
            usage = resource.getrusage(resource.RUSAGE_SELF)
            pipe.send(usage.ru_utime + usage.ru_stime)

    async with Sandbox() as sandbox:
        chats = [sandbox.private(f"Reader {number}").id for number in range(CHATS)]
        loop.add_reader(pipe.fileno(), asked)
        port = int(sandbox.address.rstrip("/").rpartition(":")[2])
        pipe.send((port, f"/bot{sandbox.token}/", chats))
        await stopped.wait()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def cpu(pipe: Connection) -> float:
    pipe.send("cpu")
    return float(pipe.recv())


def request(path: str, method: str, **params: object) -> bytes:
    body = json.dumps(params).encode()
    head = f"POST {path}{method} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def send_all(port: int, path: str, chats: list[int], messages: int) -> None:
    requests = [
        request(path, "sendMessage", chat_id=chat, text=TEXT, parse_mode="HTML", reply_markup=KEYBOARD)
        for chat in chats
    ]
    numbers = iter(range(messages))

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            writer.write(requests[number % len(requests)])
            await answered(reader)
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))


async def poll(port: int, path: str, seconds: float) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request(path, "getUpdates", timeout=int(seconds)))
    await answered(reader)
    writer.close()


async def answered(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.decode())
    length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))


if __name__ == "__main__":
    main()
