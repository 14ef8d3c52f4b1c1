"""The engine for SQLite: one file, many readers, one writer at a time.

A deferred transaction that reads and then writes fails at once with "database is locked", whatever its busy timeout: so
writes begin with BEGIN IMMEDIATE.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from storage import driver
from storage.errors import StorageError

DRIVER = "sqlite+aiosqlite"


def engine(url: sa.URL, busy_seconds: float, create: bool) -> tuple[AsyncEngine, str]:
    """The engine, and the file's name for people. Raises StorageError where the file cannot be one."""
    in_memory = url.database in (None, "", ":memory:")
    place = "the database in memory" if in_memory else str(url.database)
    if not in_memory and Path(place).is_dir():
        raise StorageError(f"{place} is a folder; storage.url needs the name of a file.")
    if not (in_memory or create or Path(place).exists()):
        raise StorageError(f"{place} does not exist; `dateline run` and `dateline db upgrade` make it.")
    made = create_async_engine(
        url.set(drivername=DRIVER),
        connect_args={"async_creator_fn": driver.connect},
        poolclass=AsyncAdaptedQueuePool,
        # A database in memory lives as long as its one connection does.
        pool_size=1 if in_memory else 5,
        max_overflow=0,
        pool_timeout=60,
    )
    sa.event.listen(made.sync_engine, "connect", _on_connect(busy_seconds))
    sa.event.listen(made.sync_engine, "begin", _on_begin)
    return made, place


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
