"""How much memory many chats take, at rest and while they are told something."""

from __future__ import annotations

import asyncio
import time

from measuring.figures import Figure
from measuring.programs import resident_megabytes
from measuring.rows import Row, Scale
from measuring.world import World

RATE = 1000.0
AT_REST = 5.0  # seconds, until what the start needed is let go
BROADCAST = 30.0  # seconds; what grows with what was sent shows in that time
MOST = 20.0  # megabytes


async def _measured(scale: Scale) -> list[Figure]:
    chats, seconds = scale.of(100_000), BROADCAST / (5 if scale.is_quick else 1)
    alone = await _alone()
    async with World(RATE) as world:
        await world.follow(chats)
        program = await world.runs()
        await asyncio.sleep(AT_REST)
        idle = resident_megabytes(program.process.pid)
        world.page.publish()
        ends, peak, halfway = time.monotonic() + seconds, 0.0, 0.0
        while time.monotonic() < ends:
            await asyncio.sleep(0.25)
            peak = max(peak, resident_megabytes(program.process.pid))
            halfway = halfway if time.monotonic() > ends - seconds / 2 else peak
        sent = (await world.calls())["sent"]
    return [
        Figure("at rest +", idle - alone, "MB", at_most=MOST, digits=1),
        Figure(f"at most in a broadcast of {seconds:g} s +", peak - alone, "MB", at_most=MOST, digits=1),
        Figure("of that in its second half +", peak - halfway, "MB", digits=1),
        Figure("the idle bot with none", alone, "MB", digits=1),
        Figure("sent meanwhile", sent, digits=0),
    ]


async def _alone() -> float:
    """A bot that nobody follows."""
    async with World(RATE) as world:
        program = await world.runs()
        await asyncio.sleep(AT_REST)
        return resident_megabytes(program.process.pid)


ROWS = [Row("memory", "resident memory with 100,000 chats", "≤ 20 MB above the idle bot with none", _measured)]
