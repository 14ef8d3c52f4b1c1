"""Processes that share a database: who is alive, and what they counted."""

from __future__ import annotations

import asyncio

from storing import NOON, at

from storage import workers
from storage.database import Database
from storage.workers import Counted, Worker


async def test_a_process_comes_beats_and_goes(database: Database) -> None:
    async with database.write() as connection:
        first = await workers.begin(connection, "watch", NOON)
        second = await workers.begin(connection, "send", at(1))
        assert await workers.beat(connection, second, at(2), 8, 27.5)
    async with database.read() as connection:
        assert await workers.seen_lately(connection, at(2)) == [
            Worker("watch", NOON, NOON, 0, 0.0),
            Worker("send", at(1), at(2), 8, 27.5),
        ]
    async with database.write() as connection:
        await workers.leave(connection, first)
        assert [worker.role for worker in await workers.seen_lately(connection, at(2))] == ["send"]


async def test_one_that_is_silent_for_long_is_forgotten_and_has_to_begin_again(database: Database) -> None:
    async with database.write() as connection:
        silent = await workers.begin(connection, "send", NOON)
        assert await workers.seen_lately(connection, at(9))
        assert not await workers.seen_lately(connection, at(11))
        assert await workers.beat(connection, silent, at(12), 0, 0.0), "it was not gone, only slow"
        await workers.begin(connection, "send", at(30))
        assert not await workers.beat(connection, silent, at(31), 0, 0.0)
        assert len(await workers.seen_lately(connection, at(31))) == 1


async def test_what_was_counted_in_the_last_day_outlives_its_process(database: Database) -> None:
    async with database.write() as connection:
        gone = await workers.begin(connection, "send", NOON)
        await workers.count(connection, NOON, Counted(100, 1, 0))
        await workers.count(connection, at(5), Counted(10, 0, 2))
        await workers.leave(connection, gone)
        await workers.count(connection, at(60), Counted(1, 0, 0))
        assert await workers.counted_lately(connection, at(60)) == Counted(111, 1, 2)
        assert await workers.counted_lately(connection, at(24 * 60)) == Counted(1, 0, 0)
        assert await workers.counted_lately(connection, at(48 * 60)) == Counted()


async def test_old_hours_are_forgotten(database: Database) -> None:
    async with database.write() as connection:
        for hour in range(50):
            await workers.count(connection, at(60 * hour), Counted(1))
        rows = (await connection.exec_driver_sql("SELECT count(*) FROM tallies")).scalar_one()
        assert rows == 25
        assert await workers.counted_lately(connection, at(60 * 49)) == Counted(24)


async def test_many_count_at_the_same_time(database: Database) -> None:
    async def one() -> None:
        async with database.write() as connection:
            await workers.count(connection, NOON, Counted(1, 1, 1))

    await asyncio.gather(*(one() for _ in range(10)))
    async with database.read() as connection:
        assert await workers.counted_lately(connection, NOON) == Counted(10, 10, 10)
