"""Sources that write faster than all chats can be told of each entry."""

from __future__ import annotations

import asyncio
import time

from measuring.figures import Figure, count, lost
from measuring.programs import processor_seconds
from measuring.rows import Row, Scale
from measuring.world import World, processor_milliseconds

RATE = 30.0
EVERY = 2.0  # seconds between two entries of the source that never pauses
CORRECTED_AFTER = 5.0  # seconds: some chats have the entry by then, most do not


async def _burst(scale: Scale) -> list[Figure]:
    chats, entries = scale.of(1500), 20 if not scale.is_quick else 5
    async with World(RATE) as world:
        await world.follow(chats)
        program = await world.runs()
        before = [processor_seconds(program.process.pid)]
        began = time.time()
        for number in range(entries):
            await asyncio.sleep(began + number - time.time())
            world.page.publish()
        came = await world.telegram.comes_true(world.page.expected(), timeout=6 * chats / RATE + 30)
        calls, verdict = await world.calls(), await world.telegram.judge(world.page.expected())
        used = processor_milliseconds([program], before, calls["received"])
        return [
            Figure("", calls["last"] - began, "s", ideal=chats / RATE, at_most=2.2),
            Figure("", calls["received"] / chats, "messages a chat", at_most=2.3),
            lost("429s", calls["refused"]),
            lost("untrue chats", verdict["untrue"] if came else max(1, verdict["untrue"])),
            lost("twice", verdict["copies"]),
            Figure("processor", used, "ms a message"),
        ]


async def _endless(scale: Scale) -> list[Figure]:
    """A round is the time in which every chat can be sent one message: N/r."""
    chats = 300 if not scale.is_quick else 90
    entries = round(10 * chats / RATE / EVERY)
    async with World(RATE) as world:
        await world.follow(chats)
        await world.runs()
        began, corrected = time.time(), list[tuple[int, int, float]]()
        due: list[tuple[float, int]] = []
        for number in range(entries):
            await asyncio.sleep(began + number * EVERY - time.time())
            published = world.page.publish()
            if published % 3 == 0:
                due.append((time.time() + CORRECTED_AFTER, published))
            while due and due[0][0] <= time.time() + EVERY / 2:
                moment, entry = due.pop(0)
                await asyncio.sleep(moment - time.time())
                world.page.correct(entry)
                corrected.append((entry, 1, time.time()))
        ended = time.time()
        came = await world.telegram.comes_true(world.page.expected(), timeout=6 * chats / RATE + 30)
        ages = await world.telegram.ask("ages", corrected=corrected, begun=began, ended=ended)
        calls, verdict = await world.calls(), await world.telegram.judge(world.page.expected())
        one_round = chats / RATE
        return [
            Figure("oldest correction", ages["oldest"], "s", ideal=one_round, at_most=2, is_worst=True),
            Figure("95 % of them", ages["late"], "s", ideal=one_round),
            Figure("longest without news", ages["longest"], "s", ideal=one_round, at_most=2, is_worst=True),
            count("edits", calls["edited"]),
            Figure("", calls["received"] / chats, "messages a chat"),
            lost("429s", calls["refused"]),
            lost("untrue chats", verdict["untrue"] if came else max(1, verdict["untrue"])),
        ]


ROWS = [
    Row(
        "burst",
        "20 entries in 20 s, 1,500 chats, 30/s",
        "every chat true within 2.2 × N/r; ≤ 2.3 messages a chat",
        _burst,
    ),
    Row(
        "rounds",
        "an entry every 2 s for ten rounds, every third corrected once, 300 chats",
        "no correction older than two rounds (of N/r); no chat without news for more than one whole round",
        _endless,
    ),
]
