"""Looking after a database: `dateline db upgrade | check | backup`. Each answers with a sentence.

`db check` asks the database whether it is whole, as far as it can tell, and then whether what we keep in it agrees with
itself: a restore that was cut short, or a hand in the tables, shows there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.errors import StorageError, sentence
from storage.schema import (
    chats,
    entries,
    events,
    message_entries,
    messages,
    metadata,
    quotes,
    revisions,
    speakers,
    stories,
    subscriptions,
)

COUNTED = (stories, entries, events, quotes, chats, subscriptions, messages)


async def upgrade(url: str) -> str:
    """Bring the schema up to date."""
    database = await Database.open(url)
    await database.close()
    return f"{database.place} is up to date."


async def check(url: str) -> str:
    """Look for damage and count the rows. Raises StorageError where there is damage."""
    async with _existing(url) as database, database.read() as connection:
        reason = await (_damage_of_file(connection) if database.server is None else _damage_on_server(connection))
        reason = reason or await _contradiction(connection)
        if reason:
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
            raise StorageError(
                f"{database.place} is on a server: pg_dump makes a backup of it, pg_restore brings it back."
            )
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


async def _damage_of_file(connection: AsyncConnection) -> str | None:
    """What SQLite itself finds wrong."""
    found = (await connection.exec_driver_sql("PRAGMA integrity_check")).scalars().all()
    if list(found) != ["ok"]:
        return _first_line(found)
    broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
    return "rows refer to others that are not there" if broken else None


INVALID_INDEX = """SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND NOT i.indisvalid"""
UNCHECKED = "SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND NOT convalidated"
BAD_PAGES = "SELECT coalesce(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()"


async def _damage_on_server(connection: AsyncConnection) -> str | None:
    """What PostgreSQL knows to be wrong, and numbering that would give out numbers twice."""
    if name := (await connection.exec_driver_sql(INVALID_INDEX)).scalar():
        return f"the index {name} is not valid"
    if name := (await connection.exec_driver_sql(UNCHECKED)).scalar():
        return f"the constraint {name} was never checked"
    if count := (await connection.exec_driver_sql(BAD_PAGES)).scalar():
        return f"{count} pages do not have their checksum"
    for table in metadata.sorted_tables:
        if table.autoincrement_column is not None:
            last = sa.select(sa.column("last_value")).select_from(sa.table(f"{table.name}_id_seq")).scalar_subquery()
            if (await connection.execute(sa.select(sa.func.max(table.c.id) > last))).scalar():
                return f"the next number of {table.name} is taken already"
    return None


def _contradictions() -> dict[str, sa.Select[Any]]:
    """What must not be, each with the query that counts it."""
    count = sa.select(sa.func.count())
    newest = (revisions.c.entry_id == entries.c.id) & (revisions.c.number == entries.c.revision)
    last = sa.select(sa.func.coalesce(sa.func.max(events.c.seq), 0)).where(events.c.story_id == stories.c.id)
    readable = sa.select(sa.func.count()).where(entries.c.story_id == stories.c.id, entries.c.is_readable == 1)
    said = sa.select(sa.func.count()).where(quotes.c.speaker_id == speakers.c.id, quotes.c.is_shown == 1)
    strangers = message_entries.c.subscription_id != messages.c.subscription_id
    return {
        "entries have lost their text": count.select_from(entries.outerjoin(revisions, newest)).where(
            revisions.c.entry_id.is_(None)
        ),
        "stories have lost the end of their log": count.select_from(stories).where(
            stories.c.head != last.scalar_subquery()
        ),
        "stories have another number of entries than they say": count.select_from(stories).where(
            stories.c.readable != readable.scalar_subquery()
        ),
        "speakers have another number of quotes than they say": count.select_from(speakers).where(
            speakers.c.said != said.scalar_subquery()
        ),
        "subscriptions are ahead of their story": count.select_from(
            subscriptions.join(stories, stories.c.id == subscriptions.c.story_id)
        ).where(subscriptions.c.cursor > stories.c.head),
        "messages show what another subscription was sent": count.select_from(
            message_entries.join(messages, messages.c.id == message_entries.c.message_id)
        ).where(strangers),
    }


async def _contradiction(connection: AsyncConnection) -> str | None:
    """What we keep that cannot be so."""
    for words, query in _contradictions().items():
        if count := (await connection.execute(query)).scalar():
            return f"{count} {words}"
    return None


def _first_line(found: Sequence[str]) -> str:
    return " ".join(found[0].split()) if found else "no reason given"
