"""A broadcast as it is done without a pacer, or with python-telegram-bot's own: a process for itself.

`naive.py WAY BASE_URL TOKEN RATE` with the chats' ids as JSON on standard input; prints when it began, and what came of
it. The way `gather` is as it comes, `transport` the same over our transport, `limiter` that with AIORateLimiter.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from pathlib import Path

from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ApplicationBuilder, ExtBot

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from bot.delivery.transport import Patience, Transport

TEXT = "The fire on the quay is marked zqabva in the harbour's log; the wind from the sea is falling."
RETRIES = 5
WAITING = 120.0  # seconds that a call may wait for a connection


async def main(way: str, base_url: str, token: str, rate: float, ids: list[int]) -> None:
    builder = ApplicationBuilder().token(token).base_url(base_url)
    if way != "gather":  # with python-telegram-bot's own, thousands of calls that wait for a connection take for ever
        builder = builder.request(Transport(256, Patience(pool=WAITING, total=WAITING)))
    if way == "limiter":
        builder = builder.rate_limiter(AIORateLimiter(rate, 1, max_retries=RETRIES))
    bot: ExtBot[object] = builder.build().bot
    async with bot:
        print(time.time(), flush=True)  # noqa: T201
        outcomes = await asyncio.gather(*(_send(bot, one) for one in ids))
        print(json.dumps(Counter(outcomes)))  # noqa: T201


async def _send(bot: ExtBot[object], chat_id: int) -> str:
    try:
        await bot.send_message(chat_id, TEXT)
    except TelegramError as error:
        return type(error).__name__
    return "sent"


if __name__ == "__main__":
    way, base_url, token, rate = sys.argv[1:]
    asyncio.run(main(way, base_url, token, float(rate), json.load(sys.stdin)))
