"""The same broadcast by others, for comparison: nothing is asked of them."""

from __future__ import annotations

import asyncio
import json
import sys
from importlib.util import find_spec
from pathlib import Path

from measuring.figures import Figure, Skipped, count
from measuring.programs import processor_seconds
from measuring.rows import Row, Scale
from measuring.wire import Telegram

SCRIPT = Path(__file__).parents[1] / "naive.py"
RATE = 1000
WITHIN = 60.0  # seconds


async def _broadcast(way: str, chats: int) -> list[Figure]:
    telegram = Telegram()
    try:
        await telegram.start()
        await telegram.ask("limits", rate=RATE)
        ids = (await telegram.ask("followers", people=chats, groups=0))["ids"]
        began, took, used = await _carried_out(way, telegram, ids)
        calls = await telegram.ask("calls")
    finally:
        await telegram.stop()
    return [
        Figure("", took or calls["last"] - began, "s", ideal=chats / RATE),
        count("never sent", chats - calls["sent"]),
        count("429s", calls["refused"]),
        count("busiest second", calls["busiest"]),
        Figure("processor", used * 1000 / chats, "ms a message"),
    ]


async def _carried_out(way: str, telegram: Telegram, ids: list[int]) -> tuple[float, float, float]:
    """When it began, how long it took where it came to no end, and what it took of the processor."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(SCRIPT), way, telegram.base_url, telegram.token, str(RATE)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(ids).encode())
    process.stdin.close()
    began = float(await process.stdout.readline())
    before = processor_seconds(process.pid)
    try:
        async with asyncio.timeout(WITHIN):
            outcomes, took = await process.stdout.readline(), 0.0
        print(way, outcomes.decode(), file=sys.stderr, end="")  # noqa: T201
    except TimeoutError:
        took = WITHIN
    used = processor_seconds(process.pid) - before
    if process.returncode is None:
        process.kill()
    await process.wait()
    return began, took, used


async def _gathered(scale: Scale) -> list[Figure]:
    return await _broadcast("gather", scale.of(10_000))


async def _transported(scale: Scale) -> list[Figure]:
    return await _broadcast("transport", scale.of(10_000))


async def _limited(scale: Scale) -> list[Figure]:
    if find_spec("aiolimiter") is None:
        raise Skipped("aiolimiter, which AIORateLimiter needs, is not installed")
    return await _broadcast("limiter", scale.of(10_000))


ROWS = [
    Row("gather", "the same with `asyncio.gather` over `Bot.send_message`", "measured", _gathered, is_once=True),
    Row("transport", "the same, over our transport", "measured", _transported),
    Row("limiter", "the same with AIORateLimiter and five retries, over our transport", "measured", _limited),
]
