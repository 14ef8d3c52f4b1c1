"""aiosqlite, with one trip to its thread for each statement.

A trip costs more than most statements do. aiosqlite makes one for the cursor, one for the statement, one for its rows
and one for closing; here all four are done in one. SQLAlchemy sees a cursor that is done with its work.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import aiosqlite

Row = tuple[Any, ...]


class Connection(aiosqlite.Connection):
    """A connection to SQLite whose cursors fetch all rows at once."""

    def cursor(self) -> Cursor:  # type: ignore[override]  # it is entered, never awaited
        return Cursor(self)

    async def run(self, statement: str, values: Any, *, many: bool) -> tuple[Any, int, int | None, list[Row]]:
        """Description, number of rows touched, last row id and rows, as the DB API has them."""

        def work() -> tuple[Any, int, int | None, list[Row]]:
            cursor = self._conn.cursor()
            try:
                (cursor.executemany if many else cursor.execute)(statement, values)
                rows = cursor.fetchall() if cursor.description else []
                return cursor.description, cursor.rowcount, cursor.lastrowid, rows
            finally:
                cursor.close()

        found: tuple[Any, int, int | None, list[Row]] = await self._execute(work)  # type: ignore[no-untyped-call]
        return found


class Cursor:
    """What SQLAlchemy's adapter asks of a cursor."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: list[Row] = []
        self.arraysize = 1
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Cursor:
        return self

    async def execute(self, statement: str, values: Any = ()) -> Cursor:
        ran = await self._connection.run(statement, values, many=False)
        self.description, self.rowcount, self.lastrowid, self._rows = ran
        return self

    async def executemany(self, statement: str, values: Sequence[Any]) -> Cursor:
        ran = await self._connection.run(statement, values, many=True)
        self.description, self.rowcount, self.lastrowid, self._rows = ran
        return self

    async def fetchall(self) -> list[Row]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []


def connect(database: str, **options: Any) -> Connection:
    """Like `aiosqlite.connect`, in a thread that does not keep the program from ending."""
    connection = Connection(lambda: sqlite3.connect(database, **options), iter_chunk_size=64)
    connection._thread.daemon = True
    return connection
