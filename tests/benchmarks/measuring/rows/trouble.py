"""Broadcasts in which things go wrong: processes are killed, calls fail, chats leave and move."""

from __future__ import annotations

import random
import sys

from bot.sender import Capacity
from measuring.figures import Figure, count, lost
from measuring.rows import Row, Scale
from measuring.world import World

KILLS = 20
KILLING_RATE = 100.0
TRAVEL = 0.05  # seconds that an answer takes; a call is carried out even if its caller dies meanwhile
FAULTY_RATE = 100.0
SHARES = {"500": 0.05, "502": 0.05, "cut-before": 0.025, "cut-after": 0.025, "429": 0.01}
BLOCKED, MIGRATED = 0.03, 0.01


async def _killed(scale: Scale) -> list[Figure]:
    chats, kills = scale.of(5000), scale.of(KILLS)
    dice = random.Random(scale.run)  # noqa: S311  (moments, not secrets)
    async with World(KILLING_RATE) as world:
        await world.telegram.ask("chances", shares={}, delay=TRAVEL)
        await world.follow(chats)
        program = await world.runs()
        world.page.publish()
        calls = 0
        for _ in range(kills):
            calls += dice.randrange(1, 2 * chats // (kills + 2))
            await world.telegram.ask("wait", calls=calls, timeout=60)
            await program.is_killed()
            program = await world.runs(has_read=False)
        came = await world.telegram.comes_true(world.page.expected(), timeout=60 + 2 * chats / KILLING_RATE)
        summary, verdict = await world.calls(), await world.telegram.judge(world.page.expected())
        in_flight = Capacity.at(KILLING_RATE).in_flight
        return [
            lost("lost", verdict["missing"] if came else max(1, verdict["missing"])),
            lost(f"twice (of {in_flight} in flight at each kill)", verdict["copies"], at_most=kills * in_flight),
            count("kills", kills),
            lost("429s", summary["refused"]),
        ]


async def _faulty(scale: Scale) -> list[Figure]:
    """A tenth of the chats are groups. Four entries: one stays, two are corrected, one is withdrawn."""
    people, groups = scale.of(900), scale.of(100)
    async with World(FAULTY_RATE) as world:
        await world.follow(people, groups)
        await world.runs()
        await world.telegram.ask("chances", shares=SHARES, retry_after=1, delay=0.0, seed=scale.run)
        first, calls = world.page.publish(), 0
        for step in range(5):
            calls += (people + groups) // 2
            await world.telegram.ask("wait", calls=calls, timeout=60)
            await _happens(step, world, first, scale.run)
        came = await world.telegram.comes_true(world.page.expected(), timeout=240)
        summary, verdict = await world.calls(), await world.telegram.judge(world.page.expected())
        print(*verdict["examples"], sep="\n", file=sys.stderr)  # noqa: T201  (what to look into)
        return [
            lost("untrue", verdict["untrue"] if came else max(1, verdict["untrue"])),
            lost("missing", verdict["missing"]),
            lost("stale", verdict["stale"]),
            lost("not withdrawn", verdict["not_withdrawn"]),
            count("living chats", verdict["chats"]),
            lost("copies (of messages sent whose answer was cut off)", verdict["copies"], at_most=summary["unheard"]),
            count("of them wrong in the end, which nobody can correct", verdict["astray"]),
            count("calls", summary["received"]),
        ]


async def _happens(step: int, world: World, first: int, seed: int) -> None:
    match step:
        case 0:
            await world.telegram.ask("leave", share=BLOCKED, seed=seed)
            world.page.publish()
        case 1:
            await world.telegram.ask("move", share=MIGRATED, seed=seed)
            world.page.correct(first, matters=True)
        case 2:
            world.page.publish()
            world.page.correct(first + 1)
        case 3:
            world.page.withdraw(first + 2)
        case 4:
            world.page.publish()


ROWS = [
    Row("kills", "20 `kill -9` during a broadcast to 5,000 chats", "0 lost, duplicates ≤ the calls in flight", _killed),
    Row(
        "faults",
        "10 % 5xx, 5 % connections cut before or after, 1 % 429, 3 % blocked, 1 % migrated",
        "every living chat true in the end",
        _faulty,
    ),
]
