"""Looking after a database: `dateline db upgrade | check | backup`. Each answers with a sentence."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from storage.database import Database
from storage.errors import StorageError
from storage.schema import chats, entries, events, messages, quotes, stories, subscriptions

COUNTED = (stories, entries, events, quotes, chats, subscriptions, messages)


async def upgrade(url: str) -> str:
    """Bring the schema up to date."""
    database = await Database.open(url)
    await database.close()
    return f"{database.place} is up to date."


async def check(url: str) -> str:
    """Look for damage and count the rows. Raises StorageError where there is damage."""
    database = await Database.open(url)
    try:
        async with database.read() as connection:
            if connection.dialect.name == "sqlite":
                found = (await connection.exec_driver_sql("PRAGMA integrity_check")).scalars().all()
                broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
                if list(found) != ["ok"] or broken:
                    raise StorageError(f"{database.place} is damaged: {found[0]}; restore a backup.")
            counts = {
                table.name: (await connection.execute(sa.select(sa.func.count()).select_from(table))).scalar_one()
                for table in COUNTED
            }
    finally:
        await database.close()
    return f"{database.place} is sound: " + ", ".join(f"{count} {name}" for name, count in counts.items()) + "."


async def backup(url: str, file: Path) -> str:
    """Copy a SQLite database to a new file, whole and consistent, while others use it."""
    if file.exists():
        raise StorageError(f"{file} exists already; a backup does not overwrite.")
    if not file.absolute().parent.is_dir():
        raise StorageError(f"{file.absolute().parent} is not a folder.")
    database = await Database.open(url)
    try:
        async with database.raw() as connection:
            if connection.dialect.name != "sqlite":
                raise StorageError("db backup copies SQLite databases; use pg_dump for PostgreSQL.")
            await connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
    finally:
        await database.close()
    return f"{database.place} was copied to {file}."
