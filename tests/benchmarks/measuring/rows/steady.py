"""One entry to many chats, at the speed that Telegram allows."""

from __future__ import annotations

from measuring.figures import Figure, lost
from measuring.programs import processor_seconds
from measuring.rows import Row, Scale
from measuring.world import World, processor_milliseconds


async def _broadcast(chats: int, rate: float, at_most: float) -> list[Figure]:
    async with World(rate) as world:
        await world.follow(chats)
        program = await world.runs()
        before = [processor_seconds(program.process.pid)]
        world.page.publish()
        came = await world.telegram.comes_true(world.page.expected(), timeout=30 + 4 * chats / rate)
        used = processor_milliseconds([program], before, chats)
        calls, verdict = await world.calls(), await world.telegram.judge(world.page.expected())
        took = calls["last"] - world.published_at()
        return [
            Figure("", took, "s", ideal=chats / rate, at_most=at_most),
            lost("429s", calls["refused"]),
            lost("untrue chats", verdict["untrue"] if came else max(1, verdict["untrue"])),
            lost("twice", verdict["copies"]),
            Figure("busiest second", calls["busiest"], at_most=int(1.02 * rate + 1), is_worst=True, digits=0),
            Figure("Telegram itself held up for at most", calls["stall"] * 1000, "ms", is_worst=True, digits=0),
            Figure("processor", used, "ms a message"),
        ]


async def _at_30(scale: Scale) -> list[Figure]:
    return await _broadcast(scale.of(900), 30, 1.03)


async def _at_1000(scale: Scale) -> list[Figure]:
    return await _broadcast(scale.of(10_000), 1000, 1.10)


ROWS = [
    Row("900", "900 chats, rate 30, one entry", "≤ 1.03 × N/r, no 429", _at_30),
    Row("10000", "10,000 chats at 1,000/s, one process", "≤ 1.10 × the ideal, no 429", _at_1000),
]
