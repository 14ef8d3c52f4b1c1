"""The same broadcast by others, for comparison: nothing is asked of them."""

from __future__ import annotations

import asyncio
import json
import sys
from importlib.util import find_spec
from pathlib import Path

from measuring.figures import Figure, Skipped, count
from measuring.rows import Row, Scale
from measuring.wire import Telegram

SCRIPT = Path(__file__).parents[1] / "naive.py"
RATE = 1000
WITHIN = 120.0  # seconds


async def _broadcast(way: str, chats: int) -> list[Figure]:
    telegram = Telegram()
    try:
        await telegram.start()
        await telegram.ask("limits", rate=RATE)
        ids = (await telegram.ask("followers", people=chats, groups=0))["ids"]
        told = await _told(way, telegram, ids)
        calls = await telegram.ask("calls")
    finally:
        await telegram.stop()
    return [
        Figure("", calls["last"] - told["began"], "s", ideal=chats / RATE),
        count("never sent", chats - told["sent"]),
        count("429s", calls["refused"]),
        count("busiest second", calls["busiest"]),
        Figure("processor", told["cpu"] * 1000 / chats, "ms a message"),
    ]


async def _told(way: str, telegram: Telegram, ids: list[int]) -> dict[str, float]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SCRIPT), way, telegram.base_url, telegram.token, str(RATE)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(WITHIN):
            out, _ = await process.communicate(json.dumps(ids).encode())
    except TimeoutError:
        process.kill()
        await process.wait()
        raise Skipped(f"not done within {WITHIN:g} s") from None
    told: dict[str, float] = json.loads(out)
    return told


async def _gathered(scale: Scale) -> list[Figure]:
    return await _broadcast("gather", scale.of(10_000))


async def _limited(scale: Scale) -> list[Figure]:
    if find_spec("aiolimiter") is None:
        raise Skipped("aiolimiter, which AIORateLimiter needs, is not installed")
    return await _broadcast("limiter", scale.of(10_000))


ROWS = [
    Row("gather", "the same with `asyncio.gather` over `Bot.send_message`", "measured", _gathered),
    Row("limiter", "the same with AIORateLimiter, up to five retries", "measured", _limited),
]
