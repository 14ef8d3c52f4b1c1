"""Looking after a database: `dateline db upgrade | check | backup`. Each answers with a sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import sqlalchemy as sa

from storage.database import Database
from storage.errors import StorageError, sentence
from storage.schema import chats, entries, events, messages, quotes, stories, subscriptions

COUNTED = (stories, entries, events, quotes, chats, subscriptions, messages)


async def upgrade(url: str) -> str:
    """Bring the schema up to date."""
    database = await Database.open(url)
    await database.close()
    return f"{database.place} is up to date."


async def check(url: str) -> str:
    """Look for damage and count the rows. Raises StorageError where there is damage."""
    async with _existing(url) as database, database.read() as connection:
        if connection.dialect.name == "sqlite":
            found = (await connection.exec_driver_sql("PRAGMA integrity_check")).scalars().all()
            broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
            if list(found) != ["ok"] or broken:
                reason = "rows refer to others that are not there" if list(found) == ["ok"] else _first_line(found)
                raise StorageError(f"{database.place} is damaged: {reason}; restore a backup.")
        counts = {
            table.name: (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
            for table in COUNTED
        }
    return f"{database.place} is sound: " + ", ".join(f"{count} {name}" for name, count in counts.items()) + "."


async def backup(url: str, file: Path) -> str:
    """Copy a SQLite database to a new file, whole and consistent, while others use it."""
    if file.exists():
        raise StorageError(f"{file} exists already; a backup does not overwrite.")
    if not file.absolute().parent.is_dir():
        raise StorageError(f"{file.absolute().parent} is not a folder.")
    async with _existing(url) as database, database.raw() as connection:
        if connection.dialect.name != "sqlite":
            raise StorageError("db backup copies SQLite databases; use pg_dump for PostgreSQL.")
        try:
            await connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
        except sa.exc.OperationalError as error:  # the copy's fault; damage to the original is another error
            raise StorageError(sentence(error, f"The copy {file}")) from error
    return f"{database.place} was copied to {file}."


@asynccontextmanager
async def _existing(url: str) -> AsyncIterator[Database]:
    """The database, which must be there: an empty new one would look sound, and its copy like a backup."""
    database = await Database.open(url, create=False)
    try:
        yield database
    except sa.exc.DatabaseError as error:
        raise StorageError(sentence(error, database.place)) from error
    finally:
        await database.close()


def _first_line(found: Sequence[str]) -> str:
    return " ".join(found[0].split()) if found else "no reason given"
