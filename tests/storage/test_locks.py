"""Locks between processes: one holder at a time, lost with the connection, known to be lost before others have them."""

from __future__ import annotations

import asyncio
import time

from postgres import Postgres
from storing import until

from storage.database import Database
from storage.locks import Locks, alone


async def test_a_lock_is_granted_kept_and_released(database: Database) -> None:
    async with Locks(database) as locks:
        assert not locks.holds("story", 1)
        assert await locks.try_acquire("story", 1)
        assert await locks.try_acquire("story", 1)
        assert locks.holds("story", 1)
        assert not locks.holds("story", 2)
        assert locks.still_held()
        await locks.release("story", 1)
        await locks.release("story", 1)
        assert not locks.holds("story", 1)


async def test_one_process_has_it(server_database: Database) -> None:
    async with Locks(server_database) as ours, Locks(server_database) as theirs:
        assert await ours.try_acquire("story", 1)
        assert not await theirs.try_acquire("story", 1)
        assert await theirs.try_acquire("story", 2)
        assert await theirs.try_acquire("updates", 1)
        await theirs.release("story", 1)
        assert not await theirs.try_acquire("story", 1), "what is not ours is not released"
        await ours.release("story", 1)
        assert await theirs.try_acquire("story", 1)


async def test_a_process_that_ends_lets_go(server_database: Database) -> None:
    async with Locks(server_database) as theirs:
        async with Locks(server_database) as ours:
            assert await ours.try_acquire("story", 1)
        assert await theirs.try_acquire("story", 1)
        assert not ours.holds("story", 1)


async def test_all_is_lost_with_the_connection_and_noticed(server_database: Database, postgres: Postgres) -> None:
    lost: list[bool] = []
    async with Locks(server_database, lambda: lost.append(True)) as ours, Locks(server_database) as theirs:
        for number in (1, 2):
            assert await ours.try_acquire("story", number)
        await postgres.cut(server_database.place, "dateline-locks")
        await until(lambda: bool(lost), within=1.0)
        assert not ours.holds("story", 1)
        assert not ours.still_held()
        assert await theirs.try_acquire("story", 1)
        assert await ours.try_acquire("story", 2)
        assert not await ours.try_acquire("story", 1)
        assert lost == [True]


async def test_a_process_that_hangs_loses_and_knows_it(server_database: Database) -> None:
    """It neither asks nor answers for longer than the server has patience; nothing of it runs meanwhile."""
    async with Locks(server_database, silence=0.6, beat=60) as ours, Locks(server_database) as theirs:
        assert await ours.try_acquire("story", 1)
        assert not await theirs.try_acquire("story", 1)
        time.sleep(0.7)  # noqa: ASYNC251  (the loop hangs)
        assert not ours.holds("story", 1), "known before anything else runs"
        assert not ours.still_held()
        await asyncio.sleep(0.3)
        assert await theirs.try_acquire("story", 1)


async def test_a_process_that_lives_keeps_its_locks(server_database: Database) -> None:
    async with Locks(server_database, silence=0.6, beat=0.1) as ours:
        assert await ours.try_acquire("story", 1)
        await asyncio.sleep(1.0)
        assert ours.holds("story", 1)


async def test_while_the_server_is_away_nothing_is_granted(server_database: Database, postgres: Postgres) -> None:
    async with Locks(server_database) as locks:
        assert await locks.try_acquire("story", 1)
        postgres.stop()
        await until(lambda: not locks.still_held())
        try:
            assert not await locks.try_acquire("story", 1)
            assert not locks.holds("story", 1)
        finally:
            postgres.start()
        assert await locks.try_acquire("story", 1)
        assert locks.holds("story", 1)


async def test_whoever_must_be_alone_waits_for_the_other(database: Database) -> None:
    order: list[str] = []

    async def work(name: str, begun: asyncio.Event, may_end: asyncio.Event) -> None:
        async with database.write() as connection:
            await alone(connection, "chat", 7)
            order.append(name)
            begun.set()
            await may_end.wait()

    first, second, go = asyncio.Event(), asyncio.Event(), asyncio.Event()
    one = asyncio.create_task(work("one", first, go))
    await first.wait()
    two = asyncio.create_task(work("two", second, go))
    await asyncio.sleep(0.05)
    assert order == ["one"]
    go.set()
    await asyncio.gather(one, two)
    assert order == ["one", "two"]
