"""How many messages a second the way to Telegram carries: `python tests/benchmarks/transport.py`.

python-telegram-bot as it comes, `Messenger.send` over its transport and over ours, and below them what aiohttp does
with the same bytes, each with 1, 8 and 32 calls in flight, against a server in its own process that does nothing but
answer. Medians of the runs. CPU is what the client's process spends on a message; on a shared machine it says more
than the rate.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from telegram import Bot, LinkPreviewOptions
from telegram.ext import Application
from telegram.request import BaseRequest, HTTPXRequest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.delivery.rendered import Button, Rendered  # noqa: E402 - the path comes first: the script runs from anywhere
from bot.delivery.telegram import Messenger, keyboard  # noqa: E402
from bot.delivery.transport import Transport  # noqa: E402

TOKEN = "1:benchmark"
TEXT = "<b>19:16 GMT</b> The fire has spread to a second warehouse; nobody is hurt, the mayor said. " * 4
RENDERED = Rendered(TEXT, ((Button("Quotes", "q:1:1"), Button("Page", url="https://example.org/live")),))
FORM = {
    "chat_id": 42,
    "text": TEXT,
    "parse_mode": "HTML",
    "link_preview_options": {"is_disabled": True},
    "reply_markup": {"inline_keyboard": [[{"text": "Quotes", "callback_data": "q:1:1"}]]},
}
MESSAGE = {
    "message_id": 1,
    "date": 1457982000,
    "chat": {"id": 42, "type": "private", "first_name": "Ann", "username": "ann"},
    "from": {"id": 1, "is_bot": True, "first_name": "Dateline", "username": "DatelineBot"},
    "text": TEXT,
    "entities": [{"type": "bold", "offset": 90 * n, "length": 9} for n in range(4)],
    "reply_markup": {"inline_keyboard": [[{"text": "Quotes", "callback_data": "q:1:1"}]]},
}
ME = {"id": 1, "is_bot": True, "first_name": "Dateline", "username": "DatelineBot"}

Send = Callable[[], Awaitable[Any]]


@dataclass(frozen=True)
class Result:
    per_second: float
    cpu: float  # milliseconds of this process for a message


# --- the server ------------------------------------------------------------------------------------------------------


def serve(told: Connection) -> None:
    asyncio.run(_serve(told))


async def _serve(told: Connection) -> None:
    answers = {"getme": _answer(ME), "sendmessage": _answer(MESSAGE)}

    async def handle(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=answers[request.match_info["method"].lower()], content_type="application/json")

    app = web.Application()
    app.router.add_post("/bot{token}/{method}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    told.send(runner.addresses[0][1])
    await asyncio.Event().wait()


def _answer(result: Any) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


# --- the ways --------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def raw(base: str) -> AsyncIterator[Send]:
    async with aiohttp.ClientSession() as session:

        async def send() -> None:
            async with session.post(f"{base}{TOKEN}/sendMessage", json=FORM) as response:
                json.loads(await response.read())

        yield send


@asynccontextmanager
async def ours(base: str) -> AsyncIterator[Send]:
    async with _bot(base, Transport()) as bot:
        yield _sending(bot)


@asynccontextmanager
async def theirs(base: str) -> AsyncIterator[Send]:
    async with _bot(base, _httpx()) as bot:
        yield _sending(bot)


@asynccontextmanager
async def as_it_comes(base: str) -> AsyncIterator[Send]:
    async with _bot(base, _httpx()) as bot:
        yield lambda: bot.send_message(
            42,
            TEXT,
            parse_mode="HTML",
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=keyboard(RENDERED.buttons),
        )


def _httpx() -> HTTPXRequest:
    return HTTPXRequest(connection_pool_size=64, read_timeout=60, pool_timeout=60)


def _bot(base: str, request: BaseRequest) -> Bot:
    bot: Bot = Application.builder().token(TOKEN).base_url(base).request(request).build().bot
    return bot


def _sending(bot: Bot) -> Send:
    messenger = Messenger(bot)
    return lambda: messenger.send(42, 0, RENDERED)


FIRST = "Bot.send_message, HTTPXRequest"
WAYS = {FIRST: as_it_comes, "Messenger, HTTPXRequest": theirs, "Messenger, our transport": ours, "aiohttp alone": raw}


async def measured(base: str, way: Callable[[str], Any], in_flight: int, messages: int) -> Result:
    async with way(base) as send:
        await asyncio.gather(*(send() for _ in range(in_flight)))  # the connections are made
        left = iter(range(messages))

        async def worker() -> None:
            for _ in left:
                await send()

        began, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*(worker() for _ in range(in_flight)))
        spent, took = time.process_time() - cpu, time.perf_counter() - began
        return Result(messages / took, spent / messages * 1000)


# --- the table -------------------------------------------------------------------------------------------------------


def main() -> None:
    options = _options()
    ours_told, theirs_told = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs_told,), daemon=True)
    server.start()
    try:
        _print(f"http://127.0.0.1:{ours_told.recv()}/bot", options)
    finally:
        server.kill()


def _print(base: str, options: argparse.Namespace) -> None:
    print(f"{'':31}{'in flight':>9}{'messages/s':>12}{'ratio':>7}{'CPU ms':>8}{'ratio':>7}")  # noqa: T201
    for in_flight in options.in_flight:
        found = {name: _median(base, way, in_flight, options) for name, way in WAYS.items()}
        least = found[FIRST]
        for name, result in found.items():
            faster, lighter = result.per_second / least.per_second, least.cpu / result.cpu
            print(  # noqa: T201
                f"{name:31}{in_flight:9}{result.per_second:12,.0f}{faster:7.2f}{result.cpu:8.3f}{lighter:7.2f}"
            )


def _median(base: str, way: Callable[[str], Any], in_flight: int, options: argparse.Namespace) -> Result:
    runs = [asyncio.run(measured(base, way, in_flight, options.messages)) for _ in range(options.runs)]
    return Result(statistics.median(run.per_second for run in runs), statistics.median(run.cpu for run in runs))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--in-flight", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
