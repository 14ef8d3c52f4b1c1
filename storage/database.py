"""Opening a database, and the three ways to use it.

    async with database.read() as connection: ...     a transaction that only reads
    async with database.write() as connection: ...    a transaction that writes, begun with the write lock
    await database.batch(work)                         `work(connection)`, committed together with what waits beside it

A deferred transaction that reads and then writes fails at once with "database is locked" on SQLite, whatever its busy
timeout: so writes begin with BEGIN IMMEDIATE, and in one process they queue on a lock rather than in the driver.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from storage.batches import Batches
from storage.errors import StorageError, sentence

Result = TypeVar("Result")

BUSY_SECONDS = 5
DRIVER_THREAD = "_connection_worker_thread"  # aiosqlite's name for it
DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


class Database:
    """An open database with its schema up to date. `place` names it for people, without secrets."""

    def __init__(self, engine: AsyncEngine, place: str) -> None:
        self._engine = engine
        self.place = place
        self._writing = asyncio.Lock()
        self._batches = Batches(self.write)

    @classmethod
    async def open(cls, url: str, *, busy_seconds: float = BUSY_SECONDS, create: bool = True) -> Database:
        """Open, create if missing, and migrate. Raises StorageError with one sentence where that cannot be.

        Without `create` the database must be there, and need not be writable.
        """
        from storage.upgrade import upgrade  # noqa: PLC0415  (Alembic is heavy, and needed only here)

        engine, place = _engine(url, busy_seconds, create)
        database = cls(engine, place)
        others = set(threading.enumerate())
        try:
            async with database.write() as connection:
                await connection.run_sync(upgrade, place)
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
        async with self._engine.connect() as connection, connection.begin():
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


async def _let_driver_end(others: set[threading.Thread]) -> None:
    """A connection that failed ends in the driver's own thread, which reports to our loop: while there is one."""
    for thread in set(threading.enumerate()) - others:
        if DRIVER_THREAD in thread.name:
            await asyncio.to_thread(thread.join, 1.0)


def _engine(url: str, busy_seconds: float, create: bool) -> tuple[AsyncEngine, str]:
    try:
        parsed = sa.make_url("sqlite://" if url == ":memory:" else url)
    except sa.exc.ArgumentError as error:
        raise StorageError(
            "storage.url is not a database address; it looks like sqlite:///dateline.db or postgresql://user@host/name."
        ) from error
    family = parsed.get_backend_name()
    if family not in DRIVERS:
        raise StorageError(f"storage.url names a {family} database; Dateline knows sqlite:/// and postgresql://.")
    if family == "sqlite":
        return _sqlite(parsed, busy_seconds, create)
    return _postgresql(parsed)


def _sqlite(url: sa.URL, busy_seconds: float, create: bool) -> tuple[AsyncEngine, str]:
    in_memory = url.database in (None, "", ":memory:")
    place = "the database in memory" if in_memory else str(url.database)
    if not in_memory and Path(place).is_dir():
        raise StorageError(f"{place} is a folder; storage.url needs the name of a file.")
    if not (in_memory or create or Path(place).exists()):
        raise StorageError(f"{place} does not exist; `dateline run` and `dateline db upgrade` make it.")
    engine = create_async_engine(
        url.set(drivername=DRIVERS["sqlite"]),
        poolclass=AsyncAdaptedQueuePool,
        # A database in memory lives as long as its one connection does.
        pool_size=1 if in_memory else 5,
        max_overflow=0,
        pool_timeout=60,
    )
    sa.event.listen(engine.sync_engine, "connect", _on_connect(busy_seconds))
    sa.event.listen(engine.sync_engine, "begin", _on_begin)
    return engine, place


def _postgresql(url: sa.URL) -> tuple[AsyncEngine, str]:
    place = url.render_as_string(hide_password=True)
    try:
        return create_async_engine(url.set(drivername=DRIVERS["postgresql"])), place
    except ImportError as error:
        raise StorageError(f"{place} needs the driver asyncpg, which is not installed.") from error


def _on_connect(busy_seconds: float) -> Callable[[Any, Any], None]:
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the transactions are ours to begin
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {int(busy_seconds * 1000)}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    return set_up


def _on_begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if not options.get("dateline_raw"):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("dateline_write") else "BEGIN")
