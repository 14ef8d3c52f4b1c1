"""What a process tells the others of itself, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from newsroom import ManualClock

from bot.heartbeat import Figures, Heartbeat, Pulse, figures, owed, pulse
from storage import workers
from storage.database import Database
from storage.workers import Counted, Worker


class Process:
    """A process whose figures the test sets."""

    def __init__(self, database: Database, role: str = "send") -> None:
        self.database = database
        self.clock = ManualClock()
        self.figures = Figures()
        soon = timedelta(milliseconds=1)  # of real time, which `run` beats by
        self.heart = Heartbeat(database, self.clock, role, lambda: self.figures, every=soon)

    async def after(self, seconds: float, in_flight: int, messages: int, *counted: int) -> None:
        self.clock.advance(seconds=seconds)
        self.figures = Figures(in_flight, messages, Counted(*counted))
        await self.heart.look()

    async def seen(self) -> Worker:
        async with self.database.read() as connection:
            [worker] = await workers.seen_lately(connection, self.clock.now())
        return worker

    async def counted(self) -> Counted:
        async with self.database.read() as connection:
            return await workers.counted_lately(connection, self.clock.now())


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    database = await Database.open(f"sqlite:///{tmp_path / 'dateline.db'}")
    yield Process(database)
    await database.close()


async def test_it_says_how_busy_it_is_and_what_it_counted(process: Process) -> None:
    began = process.clock.now()
    await process.after(0, 0, 0)
    await process.after(5, 8, 140, 141, 1, 0)
    assert await process.seen() == Worker("send", began, process.clock.now(), 8, 28.0)
    assert await process.counted() == Counted(141, 1, 0)
    await process.after(5, 3, 150, 152, 1, 1)
    assert (await process.seen())[3:] == (3, 2.0)
    assert await process.counted() == Counted(152, 1, 1)


async def test_it_is_silent_while_nothing_changes_but_not_for_long(process: Process) -> None:
    beats = []
    for _ in range(14):
        await process.after(5, 0, 0)
        beats.append((await process.seen()).seen_at)
    assert len(set(beats)) == 3


async def test_the_end_of_a_broadcast_is_told(process: Process) -> None:
    await process.after(5, 8, 140, 140)
    await process.after(5, 0, 140, 140)
    assert (await process.seen())[3:] == (0, 0.0)


async def test_a_broadcast_after_a_pause_has_its_own_rate(process: Process) -> None:
    for _ in range(4):
        await process.after(5, 0, 0)
    await process.after(5, 8, 140, 140)
    assert (await process.seen()).rate == 28.0


async def test_the_last_beat_keeps_what_was_counted_and_takes_the_row(process: Process) -> None:
    await process.after(5, 8, 140, 140)
    process.figures = replace(process.figures, counted=Counted(150, 2, 1))
    await process.heart.close()
    assert await process.counted() == Counted(150, 2, 1)
    with pytest.raises(ValueError, match="not enough values"):
        await process.seen()
    await process.heart.close()
    assert await process.counted() == Counted(150, 2, 1)


async def test_one_that_was_forgotten_is_there_again(process: Process) -> None:
    await process.after(5, 0, 0)
    process.clock.advance(minutes=30)
    async with process.database.write() as connection:
        await workers.leave(connection, await workers.begin(connection, "watch", process.clock.now()))
    await process.after(5, 1, 5, 5)
    assert (await process.seen()).role == "send"
    assert await process.counted() == Counted(5)


async def test_a_busy_database_is_told_later(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    beats, well = 0, workers.count

    async def busy(*values: object) -> None:
        nonlocal beats
        beats += 1
        if beats < 3:
            raise OperationalError("", None, RuntimeError("database is locked"))
        await well(*values)  # type: ignore[arg-type]
        running.cancel()

    monkeypatch.setattr(workers, "count", busy)
    process.figures = Figures(1, 5, Counted(5))
    running = asyncio.create_task(process.heart.run())
    await asyncio.wait([running])
    await process.heart.close()
    assert await process.counted() == Counted(5)


def test_the_figures_are_those_of_the_sender() -> None:
    done = {"sent": 5, "edited": 2, "notes": 1, "deleted": 1, "refused": 3, "unknown": 1, "failed": 1}
    assert figures(done, 8, 2) == Figures(8, 9, Counted(14, 3, 3))
    assert figures({}, 0, 0) == Figures()


def test_a_rate_needs_time_to_have_passed() -> None:
    assert pulse(Figures(), Figures(2, 10), 0) == Pulse(2, 0.0)
    assert pulse(Figures(0, 10), Figures(2, 13), 4) == Pulse(2, 0.75)


def test_what_is_owed_is_what_came_since() -> None:
    assert owed(Counted(5, 1, 0), Counted(7, 1, 1)) == Counted(2, 0, 1)
