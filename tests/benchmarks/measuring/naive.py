"""A broadcast as it is done without a pacer, or with python-telegram-bot's own: a process for itself.

`naive.py gather|limiter BASE_URL TOKEN RATE` with the chats' ids as JSON on standard input; prints what came of it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from telegram.error import TelegramError
from telegram.ext import AIORateLimiter, ApplicationBuilder, ExtBot
from telegram.request import HTTPXRequest

TEXT = "The fire on the quay is marked zqabva in the harbour's log; the wind from the sea is falling."
RETRIES = 5


async def main(way: str, base_url: str, token: str, rate: float, ids: list[int]) -> None:
    # As many connections as it comes with; but to wait for one is no error here, or most would end so.
    request = HTTPXRequest(connection_pool_size=256, pool_timeout=600, read_timeout=600, connect_timeout=600)
    builder = ApplicationBuilder().token(token).base_url(base_url).request(request)
    if way == "limiter":
        builder = builder.rate_limiter(AIORateLimiter(rate, 1, max_retries=RETRIES))
    bot: ExtBot[object] = builder.build().bot
    async with bot:
        began, cpu = time.time(), time.process_time()
        outcomes = await asyncio.gather(*(_send(bot, one) for one in ids))
        print(json.dumps({"began": began, "cpu": time.process_time() - cpu, "sent": sum(outcomes)}))  # noqa: T201


async def _send(bot: ExtBot[object], chat_id: int) -> bool:
    try:
        await bot.send_message(chat_id, TEXT)
    except TelegramError:
        return False
    return True


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4], float(sys.argv[4]), json.load(sys.stdin)))  # type: ignore[call-arg]
