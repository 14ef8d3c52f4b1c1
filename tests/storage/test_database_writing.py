"""Reading and writing at once: nobody is told that the database is locked unless somebody else sits on it."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from storing import another_program, another_program_writes

from storage.batches import LARGEST, Batches
from storage.database import Database
from storage.errors import sentence

ADD = sa.text("INSERT INTO chats (id, type, title) VALUES (:id, 'private', '')")


async def _count(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.exec_driver_sql("SELECT count(*) FROM chats")).scalar_one())


async def _read_then_write(database: Database, chat_id: int) -> None:
    """What fails at once in a deferred transaction, whatever the busy timeout, if another wrote in between."""
    async with database.write() as connection:
        (await connection.exec_driver_sql("SELECT count(*) FROM chats")).scalar()
        await asyncio.sleep(0)
        await connection.execute(ADD, {"id": chat_id})


async def test_writes_begin_with_the_lock(file_database: Database, file: Path) -> None:
    with another_program(file) as other:
        async with file_database.write():
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")


async def test_reads_take_no_lock(file_database: Database, file: Path) -> None:
    with another_program(file) as other:
        async with file_database.read() as connection:
            await connection.exec_driver_sql("SELECT * FROM chats")
            other.execute("INSERT INTO chats (id, type, title) VALUES (1, 'private', '')")
    assert await _count(file_database) == 1


async def test_a_read_sees_one_moment(database: Database) -> None:
    async with database.read() as connection:
        before = (await connection.exec_driver_sql("SELECT count(*) FROM chats")).scalar()
        await _read_then_write(database, 1)
        assert (await connection.exec_driver_sql("SELECT count(*) FROM chats")).scalar() == before


async def test_many_readers_and_writers_in_one_process(database: Database) -> None:
    async with asyncio.timeout(20):
        await asyncio.gather(
            *(_read_then_write(database, one) for one in range(40)),
            *(_count(database) for _ in range(40)),
        )
    assert await _count(database) == 40


async def test_more_open_readers_than_connections_wait_for_their_turn(database: Database) -> None:
    async def read() -> int:
        async with database.read() as connection:
            await asyncio.sleep(0)
            return int((await connection.exec_driver_sql("SELECT 1")).scalar_one())

    assert sum(await asyncio.gather(*(read() for _ in range(50)))) == 50


OTHER = """
import asyncio, sys
from storage.database import Database

async def main():
    database = await Database.open(sys.argv[1])
    for number in range(60):
        async with database.write() as connection:
            (await connection.exec_driver_sql("SELECT count(*) FROM chats")).scalar()
            number = int(sys.argv[2]) + number
            await connection.exec_driver_sql(
                f"INSERT INTO chats (id, type, title) VALUES ({number}, 'private', '')"
            )
    await database.close()

asyncio.run(main())
"""


@pytest.fixture(params=["sqlite", "postgresql"])
async def empty_url(request: pytest.FixtureRequest, file: Path) -> AsyncIterator[str]:
    """The address of a database without a schema."""
    if request.param == "sqlite":
        yield f"sqlite:///{file}"
        return
    server = request.getfixturevalue("postgres")
    url = await server.fresh()
    yield url
    await server.drop(url)


async def test_processes_open_and_write_at_once(empty_url: str) -> None:
    """All find nothing: they create, migrate and write side by side."""
    others = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", OTHER, empty_url, str(first), stderr=asyncio.subprocess.PIPE
        )
        for first in (1000, 2000)
    ]
    ours = await Database.open(empty_url)
    for number in range(60):
        await _read_then_write(ours, number)
        await asyncio.sleep(0)
    for other in others:
        _, said = await other.communicate()
        assert other.returncode == 0, said.decode()
    assert await _count(ours) == 180
    await ours.close()


async def test_a_lock_that_ends_in_time_is_waited_for(file_database: Database, file: Path) -> None:
    with another_program_writes(file):
        writing = asyncio.create_task(_read_then_write(file_database, 1))
        await _count(file_database)
        assert not writing.done()
    await writing
    assert await _count(file_database) == 1


async def test_a_lock_that_does_not_end_is_an_error_that_can_be_said(file: Path) -> None:
    database = await Database.open(f"sqlite:///{file}", busy_seconds=0.05)
    with another_program_writes(file):
        with pytest.raises(sa.exc.OperationalError) as error:
            await _read_then_write(database, 1)
        assert await _count(database) == 0
    assert sentence(error.value, "x.db").startswith("x.db is locked: another program is writing to it.")
    await _read_then_write(database, 1)
    assert await _count(database) == 1
    await database.close()


async def test_what_raises_inside_is_rolled_back(database: Database) -> None:
    async def write() -> None:
        async with database.write() as connection:
            await connection.execute(ADD, {"id": 1})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await write()
    assert await _count(database) == 0


async def test_a_write_that_is_cancelled_lets_go_of_the_lock(database: Database) -> None:
    inside = asyncio.Event()

    async def write() -> None:
        async with database.write() as connection:
            await connection.execute(ADD, {"id": 1})
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await inside.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await _read_then_write(database, 2)
    assert await _count(database) == 1


async def test_a_write_that_is_cancelled_in_the_driver_lets_go_of_the_lock(database: Database) -> None:
    others = set(threading.enumerate())
    for number in range(20):
        task = asyncio.create_task(_read_then_write(database, number))
        for _ in range(number):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    async with asyncio.timeout(10):
        await _read_then_write(database, 99)
    await database.close()
    await _let_drivers_end(others)


async def _let_drivers_end(others: set[threading.Thread]) -> None:
    """What was cut off ends in the driver's own thread, which must still find a running loop to tell."""
    for thread in set(threading.enumerate()) - others:
        if "_connection_worker" in thread.name:
            await asyncio.to_thread(thread.join, 5)


# --- batches --------------------------------------------------------------------------------------------------------


def _adding(chat_id: int):
    async def work(connection: sa.ext.asyncio.AsyncConnection) -> int:
        await connection.execute(ADD, {"id": chat_id})
        return chat_id

    return work


class Counted:
    """The database's transactions, counted."""

    def __init__(self, database: Database) -> None:
        self.count = 0
        self._database = database

    def __call__(self):
        self.count += 1
        return self._database.write()


async def test_what_waits_together_is_committed_together(database: Database) -> None:
    transactions = Counted(database)
    batches = Batches(transactions)
    assert await asyncio.gather(*(batches.run(_adding(one)) for one in range(50))) == list(range(50))
    assert transactions.count == 1
    assert await _count(database) == 50


async def test_a_batch_has_a_largest_size(database: Database) -> None:
    transactions = Counted(database)
    batches = Batches(transactions)
    await asyncio.gather(*(batches.run(_adding(one)) for one in range(2 * LARGEST + 1)))
    assert transactions.count == 3


async def test_one_that_fails_does_not_spoil_the_others(database: Database) -> None:
    outcomes = await asyncio.gather(*(database.batch(_adding(one)) for one in (1, 2, 2, 3)), return_exceptions=True)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Exception)] == [1, 2, 3]
    [failure] = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert isinstance(failure, sa.exc.IntegrityError)
    assert await _count(database) == 3


async def test_work_whose_waiter_was_cancelled_is_done_all_the_same(database: Database) -> None:
    waiters = [asyncio.create_task(database.batch(_adding(one))) for one in range(4)]
    await asyncio.sleep(0)
    waiters[1].cancel()
    outcomes = await asyncio.gather(*waiters, return_exceptions=True)
    assert isinstance(outcomes[1], asyncio.CancelledError)
    assert [outcomes[0], *outcomes[2:]] == [0, 2, 3]
    assert await _count(database) == 4


async def test_a_locked_database_is_waited_for_once_a_batch(file: Path) -> None:
    """Not once for each piece of work: 64 of them would stand still for five minutes."""
    database = await Database.open(f"sqlite:///{file}", busy_seconds=0.05)
    transactions = Counted(database)
    batches = Batches(transactions)
    with another_program_writes(file):
        outcomes = await asyncio.gather(*(batches.run(_adding(one)) for one in range(10)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {sa.exc.OperationalError}
    assert transactions.count == 1
    assert await batches.run(_adding(1)) == 1
    await database.close()


async def test_closing_waits_for_what_was_handed_in(url: str) -> None:
    database = await Database.open(url)
    handed_in = [asyncio.create_task(database.batch(_adding(one))) for one in range(100)]
    await asyncio.sleep(0)
    await database.close()
    assert all(task.done() for task in handed_in)
    again = await Database.open(url)
    assert await _count(again) == 100
    await again.close()
