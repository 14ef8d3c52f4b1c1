"""Answers while a broadcast runs, and from long archives."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from measuring.figures import Figure, lost
from measuring.rows import Row, Scale
from measuring.world import World

SCRIPT = Path(__file__).parents[2] / "answers.py"
RATE = 1000.0
ASKED_EVERY = 0.05  # seconds


async def _during(scale: Scale) -> list[Figure]:
    chats = scale.of(10_000)
    async with World(RATE) as world:
        await world.follow(chats)
        await world.runs()
        world.page.publish()
        await world.telegram.ask("wait", calls=1, timeout=10)
        found = await world.telegram.ask("latest", every=ASKED_EVERY, until_sent=chats, timeout=60)
        await world.telegram.comes_true(world.page.expected(), timeout=30)
        calls = await world.calls()
        return [
            Figure("p95", found["p95"] * 1000, "ms", at_most=150, digits=0),
            Figure("median", found["median"] * 1000, "ms", digits=0),
            lost("without an answer", found["asked"] - found["answered"]),
            lost("429s", calls["refused"]),
            Figure("asked", found["asked"], "times", digits=0),
        ]


async def _archives(scale: Scale) -> list[Figure]:
    """What `answers.py` finds, of its two plain questions: median / 95 % of the short archive and of the long."""
    sizes = ["1000", "100000"] if scale.is_quick else ["10000", "1000000"]
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as folder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(SCRIPT), *sizes, "--folder", folder), stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
    figures = []
    for name in ("/latest", "/quotes"):
        line = next(line for line in out.decode().splitlines() if line.startswith(f"{name} "))
        _, short, _, long = (float(number) for number in re.findall(r"\d+\.\d+", line)[:4])
        figures.append(Figure(f"{name} p95", long, "ms", at_most=10))
        figures.append(Figure(f"{name} against the short archive", long, "ms", ideal=short, at_most=2))
    return figures


ROWS = [
    Row("latest", "`/latest` asked during a broadcast to 10,000 chats", "p95 < 150 ms", _during),
    Row(
        "answers",
        "`/latest`, `/quotes` on 1,000,000 entries",
        "p95 < 10 ms; ≤ 2 × the time at 10,000 entries",
        _archives,
        is_once=True,
    ),
]
