"""Opening a database, and the three ways to use it.

    async with database.read() as connection: ...     a transaction that only reads
    async with database.write() as connection: ...    a transaction that writes, begun with the write lock
    await database.batch(work)                         `work(connection)`, committed together with what waits beside it

On SQLite one writes at a time, and in one process writes queue on a lock rather than in the driver. PostgreSQL locks
the rows that are written.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage import postgresql, sqlite
from storage.batches import Batches
from storage.errors import StorageError, sentence

Item = TypeVar("Item")
Result = TypeVar("Result")

BUSY_SECONDS = 5
DRIVER_THREAD = "_connection_worker_thread"  # aiosqlite's name for it


class Database:
    """An open database with its schema up to date.

    `place` names it for people, without secrets; `server` is None on SQLite, where one process has the file to itself.
    """

    def __init__(self, engine: AsyncEngine, place: str, server: postgresql.Server | None = None) -> None:
        self._engine = engine
        self.place = place
        self.server = server
        self._writing: AbstractAsyncContextManager[Any] = asyncio.Lock() if server is None else nullcontext()
        self._reads = {} if server is None else postgresql.READING
        self._batches = Batches(self.write)

    @classmethod
    async def open(cls, url: str, *, busy_seconds: float = BUSY_SECONDS, create: bool = True) -> Database:
        """Open, create if missing, and migrate. Raises StorageError with one sentence where that cannot be.

        Without `create` the database must be there, and need not be writable.
        """
        from storage.upgrade import upgrade  # noqa: PLC0415  (Alembic is heavy, and needed only here)

        engine, place, server = _engine(url, busy_seconds, create)
        database = cls(engine, place, server)
        others = set(threading.enumerate())
        try:
            async with database.write() as connection:
                if server is not None:
                    await postgresql.prepare(connection, place)
                await connection.run_sync(upgrade, place, create=create)
                if create:  # SQLite begins even with the lock where it may not write: ask before anything is sent
                    await connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
        except sa.exc.SQLAlchemyError as error:
            await engine.dispose()
            await _let_driver_end(others)
            raise StorageError(sentence(error, place)) from error
        except BaseException:
            await engine.dispose()
            raise
        return database

    async def close(self) -> None:
        """Finish what was batched, and let go of the connections."""
        await self._batches.close()
        await self._engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads, and sees all of the database as it was at one moment."""
        async with self._engine.connect() as raw:
            connection = await raw.execution_options(**self._reads) if self._reads else raw
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        async with self._writing, self._engine.connect() as raw:
            connection = await raw.execution_options(dateline_write=True)
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def raw(self) -> AsyncIterator[AsyncConnection]:
        """A connection outside any transaction, for what the database will not do inside one."""
        async with self._engine.connect() as raw:
            yield await raw.execution_options(dateline_raw=True, isolation_level="AUTOCOMMIT")

    async def batch(self, work: Callable[[AsyncConnection], Awaitable[Result]]) -> Result:
        """Run `work` in a transaction shared with other waiting work; returns once it is committed.

        For many small writes: a transaction for each allows some hundreds a second, shared ones many thousands. `work`
        may be run again if a neighbour's failed, so it must have no effect but on the connection.
        """
        return await self._batches.run(work)

    async def batch_with_others(
        self, work: Callable[[AsyncConnection, Sequence[Item]], Awaitable[Sequence[Result]]], item: Item
    ) -> Result:
        """Like `batch`, for work that does many at once: `work(connection, items)` gives one result for each item."""
        return await self._batches.run_with_others(work, item)


async def _let_driver_end(others: set[threading.Thread]) -> None:
    """A connection that failed ends in the driver's own thread, which reports to our loop: while there is one."""
    for thread in set(threading.enumerate()) - others:
        if DRIVER_THREAD in thread.name:
            await asyncio.to_thread(thread.join, 1.0)


def _engine(url: str, busy_seconds: float, create: bool) -> tuple[AsyncEngine, str, postgresql.Server | None]:
    """The engine, the database's name for people, and the server if it is on one."""
    try:
        parsed = sa.make_url("sqlite://" if url == ":memory:" else url)
    except (sa.exc.ArgumentError, ValueError) as error:  # the latter for a port that is no number
        raise StorageError(
            "storage.url is not a database address; it looks like sqlite:///dateline.db or postgresql://user@host/name."
        ) from error
    match parsed.get_backend_name():
        case "sqlite":
            return *sqlite.engine(parsed, busy_seconds, create), None
        case "postgresql" | "postgres":
            engine, server = postgresql.engine(parsed)
            return engine, server.place, server
        case family:
            raise StorageError(f"storage.url names a {family} database; Dateline knows sqlite:/// and postgresql://.")
