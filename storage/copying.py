"""`dateline db copy FROM TO`: everything from one database into another, of whatever kind, and then compared.

    tables in the order of their references ──batches──▶ one transaction there ──▶ numbering goes on ──▶ compared

The source is read at one moment; what is copied is committed only once it was found equal, so a copy that fails leaves
the other database as empty as it was.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.errors import StorageError, sentence
from storage.schema import metadata
from storage.schema import pace as paces

BATCH = 1000
SEEDED = (paces,)  # a new database has its one row already
TABLES: Sequence[sa.Table] = metadata.sorted_tables

TOLD = ("stories", "entries", "events", "quotes", "chats", "subscriptions", "messages")  # in the sentence

Row = tuple[Any, ...]


async def copy(source_url: str, target_url: str) -> str:
    """Copy and compare; says what was done. Raises StorageError, with nothing changed."""
    async with AsyncExitStack() as stack:
        source = await Database.open(source_url, create=False)
        stack.push_async_callback(source.close)
        target = await Database.open(target_url)
        stack.push_async_callback(target.close)
        try:
            async with source.read() as here, target.write() as there:
                await _prepare(there, target.place)
                counts = {table.name: await _copy(table, here, there) for table in TABLES}
                await _number_on(here, there)
                await _compare(here, there, source.place, target.place)
        except sa.exc.DBAPIError as error:
            raise StorageError(sentence(error, target.place)) from error
    told = ", ".join(f"{counts[name]} {name}" for name in TOLD if counts[name]) or "no rows"
    compared = f"all {sum(counts.values())} rows were compared and are equal"
    return f"{source.place} was copied to {target.place}: {told}; {compared}."


async def _prepare(connection: AsyncConnection, place: str) -> None:
    """Raises StorageError where there is something already."""
    if connection.dialect.name == "postgresql":
        await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    for table in TABLES:
        if table in SEEDED:
            await connection.execute(table.delete())
        elif (await connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1))).first():
            raise StorageError(f"{place} is not empty, it has {table.name}; copy into a new database.")


async def _copy(table: sa.Table, here: AsyncConnection, there: AsyncConnection) -> int:
    """Returns how many rows there were."""
    count = 0
    async for rows in _batches(table, here):
        await there.execute(table.insert(), [_storable(table, row) for row in rows])
        count += len(rows)
    return count


async def _batches(table: sa.Table, connection: AsyncConnection) -> AsyncIterator[Sequence[Row]]:
    """The table's rows in the order of its key, a batch at a time: each begins after the last row of the one before."""
    key = tuple(table.primary_key.columns)
    query = sa.select(table).order_by(*key).limit(BATCH)
    rows = (await connection.execute(query)).all()
    while rows:
        yield [tuple(row) for row in rows]
        last = [sa.literal(rows[-1]._mapping[column], column.type) for column in key]
        rows = (await connection.execute(query.where(sa.tuple_(*key) > sa.tuple_(*last)))).all()


def _storable(table: sa.Table, row: Row) -> dict[str, Any]:
    return {column.name: _cleaned(value) for column, value in zip(table.columns, row, strict=True)}


def _cleaned(value: Any) -> Any:
    """PostgreSQL keeps no NUL, which says nothing in a text anyway; other values as they are."""
    return value.replace("\0", "") if isinstance(value, str) and "\0" in value else value


# --- numbering ------------------------------------------------------------------------------------------------------


async def _number_on(here: AsyncConnection, there: AsyncConnection) -> None:
    """New rows get numbers that no row has or had."""
    for table in TABLES:
        if table.autoincrement_column is None:
            continue
        newest = max(await _newest_id(table, there), await _last_number(table, here))
        if newest:
            await _go_on_after(table, there, newest)


async def _newest_id(table: sa.Table, connection: AsyncConnection) -> int:
    return (await connection.execute(sa.select(sa.func.max(table.c.id)))).scalar() or 0


async def _last_number(table: sa.Table, connection: AsyncConnection) -> int:
    """The last number that was given out, where the database remembers it."""
    if connection.dialect.name == "postgresql":
        query = sa.text(f"SELECT last_value FROM {table.name}_id_seq WHERE is_called")  # noqa: S608  (names of our own)
        return (await connection.execute(query)).scalar() or 0
    if not table.dialect_options["sqlite"]["autoincrement"]:
        return 0
    query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
    return (await connection.execute(query, {"name": table.name})).scalar() or 0


async def _go_on_after(table: sa.Table, connection: AsyncConnection, number: int) -> None:
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.select(sa.func.setval(f"{table.name}_id_seq", number)))
    elif table.dialect_options["sqlite"]["autoincrement"]:
        await connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
        query = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)")
        await connection.execute(query, {"name": table.name, "seq": number})


# --- comparing ------------------------------------------------------------------------------------------------------


async def _compare(here: AsyncConnection, there: AsyncConnection, source: str, target: str) -> None:
    """Every value of every row. Raises StorageError at the first that differs."""
    for table in TABLES:
        copies = _rows(table, there)
        async for row in _rows(table, here):
            if tuple(map(_cleaned, row)) != await anext(copies, None):
                which = f"{table.name} {_key(table, row)}"
                raise StorageError(f"{which} of {source} did not arrive in {target} as it was; nothing is kept.")
        if await anext(copies, None) is not None:
            raise StorageError(f"{target} has more {table.name} than {source}; nothing is kept.")


def _key(table: sa.Table, row: Row) -> str:
    columns = zip(table.columns, row, strict=True)
    return ", ".join(str(value) for column, value in columns if column.primary_key)


async def _rows(table: sa.Table, connection: AsyncConnection) -> AsyncIterator[Row]:
    async for rows in _batches(table, connection):
        for row in rows:
            yield row
