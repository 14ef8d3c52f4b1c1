"""Opening a database: what is set, what is refused, and with which sentence."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory
from storing import NOON, another_program, another_program_writes

from storage import care, quotes
from storage import entries as stored
from storage.database import Database
from storage.errors import StorageError
from storage.schema import entries, metadata
from storage.upgrade import MIGRATIONS


async def _pragma(database: Database, name: str) -> object:
    async with database.read() as connection:
        return (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar()


async def test_a_file_is_opened_for_many(file_database: Database) -> None:
    assert await _pragma(file_database, "journal_mode") == "wal"
    assert await _pragma(file_database, "foreign_keys") == 1
    assert await _pragma(file_database, "busy_timeout") == 5000
    assert await _pragma(file_database, "synchronous") == 1


async def test_every_connection_is_set_up_not_only_the_first(file_database: Database) -> None:
    async with file_database.read() as one, file_database.read() as two, file_database.write() as three:
        for connection in (one, two, three):
            assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar() == 1
            assert (await connection.exec_driver_sql("PRAGMA busy_timeout")).scalar() == 5000


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", ":memory:"])
async def test_memory_holds_a_database_while_it_is_open(url: str) -> None:
    database = await Database.open(url)
    async with database.write() as connection:
        await connection.exec_driver_sql("INSERT INTO chats (id, type, title) VALUES (1, 'private', 'Ann')")
    async with database.read() as connection:
        assert (await connection.exec_driver_sql("SELECT title FROM chats")).scalar() == "Ann"
    assert database.place == "the database in memory"
    await database.close()


async def test_a_file_is_kept_and_opened_again(file: Path) -> None:
    for count in range(3):
        database = await Database.open(f"sqlite:///{file}")
        async with database.write() as connection:
            await connection.exec_driver_sql("INSERT INTO chats (id, type, title) VALUES (?, 'private', '')", (count,))
        await database.close()
    with another_program(file) as other:
        assert other.execute("SELECT count(*) FROM chats").fetchone() == (3,)


async def test_foreign_keys_are_enforced(database: Database) -> None:
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)foreign key"):
        async with database.write() as connection:
            await connection.execute(
                entries.insert().values(story_id=99, key="k", revision=1, published_at=NOON, added_at=NOON)
            )


# --- the schema -----------------------------------------------------------------------------------------------------


async def test_the_migrations_make_what_the_schema_says(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    async with database.read() as connection:
        differences = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(
                    sync,
                    opts={"compare_type": True, "compare_server_default": True, "include_object": _can_be_compared},
                ),
                metadata,
            )
        )
    assert differences == []


DESCENDING = ("ix_quotes_newest", "ix_quotes_said")


def _can_be_compared(_item: object, name: str | None, *_: object) -> bool:
    """Alembic cannot read on SQLite which way an index runs; those the next test compares to the letter."""
    return name not in DESCENDING


async def test_the_migrations_make_the_same_indexes_and_constraints(file_database: Database) -> None:
    """Alembic does not compare the conditions of partial indexes, foreign keys' actions and primary keys."""
    fresh = sa.create_engine("sqlite://")
    metadata.create_all(fresh)
    async with file_database.read() as connection:
        migrated = _described((await connection.exec_driver_sql(DESCRIPTION)).all())
    with fresh.connect() as connection:
        expected = _described(connection.exec_driver_sql(DESCRIPTION).all())
    fresh.dispose()
    assert migrated == expected
    assert sum(" WHERE " in sql for _, sql in migrated.items() if isinstance(sql, str)) == 7


DESCRIPTION = "SELECT name, type, sql FROM sqlite_master WHERE name != 'alembic_version' AND sql IS NOT NULL"


def _described(rows: object) -> dict[str, object]:
    """Indexes to the letter, tables as the set of their clauses, since their order is free."""
    found: dict[str, object] = {}
    for name, kind, sql in rows:  # type: ignore[attr-defined]
        flat = " ".join(sql.replace('"', "").split())
        body = flat[flat.index("(") + 1 : flat.rindex(")")]
        found[name] = flat if kind == "index" else sorted(clause.strip() for clause in re.split(r",(?![^()]*\))", body))
    return found


async def test_a_newer_database_is_refused_and_left_alone(file: Path) -> None:
    await (await Database.open(f"sqlite:///{file}")).close()
    with another_program(file) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    before = _dump(file)

    with pytest.raises(StorageError) as refusal:
        await Database.open(f"sqlite:///{file}")

    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert str(refusal.value) == (
        f"{file} was written by a newer Dateline (schema 9999, this one knows up to {newest}): "
        "update Dateline, or name another database."
    )
    assert _dump(file) == before


def _dump(file: Path) -> list[str]:
    with another_program(file) as other:
        return list(other.iterdump())


async def test_a_migration_that_fails_leaves_nothing_behind(file: Path) -> None:
    with another_program(file) as other:
        other.execute("CREATE TABLE messages (mine TEXT)")
    before = _dump(file)

    with pytest.raises(StorageError, match="messages already exists"):
        await Database.open(f"sqlite:///{file}")

    assert _dump(file) == before


# --- what cannot be opened ------------------------------------------------------------------------------------------


async def _refusal(url: str, **options: float) -> str:
    with pytest.raises(StorageError) as refusal:
        await Database.open(url, **options)
    sentence = str(refusal.value)
    assert "\n" not in sentence
    assert sentence.endswith((".", "?"))
    return sentence


async def test_a_folder(tmp_path: Path) -> None:
    assert await _refusal(f"sqlite:///{tmp_path}") == f"{tmp_path} is a folder; storage.url needs the name of a file."


async def test_a_missing_folder(tmp_path: Path) -> None:
    place = tmp_path / "no" / "dateline.db"
    assert (
        await _refusal(f"sqlite:///{place}")
        == f"{place} cannot be opened: does its folder exist, and may it be written?"
    )
    assert not place.parent.exists()


async def test_nothing_is_left_running_of_what_was_not_opened(tmp_path: Path) -> None:
    """The driver's thread would report to a loop that is gone, and print that on standard error."""
    before = set(threading.enumerate())
    await _refusal(f"sqlite:///{tmp_path / 'no' / 'dateline.db'}")
    left = set(threading.enumerate()) - before
    assert [thread.name for thread in left if "_connection_worker" in thread.name] == []


async def test_not_a_database(file: Path) -> None:
    words = b"A shopping list: milk, bread, butter.\n" * 50
    file.write_bytes(words)
    assert (
        await _refusal(f"sqlite:///{file}")
        == f"{file} is not a Dateline database, or it is damaged; restore a backup or name another file."
    )
    assert file.read_bytes() == words


async def test_a_read_only_database(file: Path) -> None:
    file.write_bytes(b"")
    assert (
        await _refusal(f"sqlite:///file:{file}?mode=ro&uri=true")
        == f"file:{file} is read-only; Dateline needs to write to it and to its folder."
    )
    assert file.read_bytes() == b""


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere; tests/program covers it")
async def test_a_read_only_folder(file: Path) -> None:
    file.parent.chmod(0o500)
    try:
        assert "may it be written" in await _refusal(f"sqlite:///{file}")
    finally:
        file.parent.chmod(0o700)


async def test_a_lock_that_is_held_too_long(file: Path) -> None:
    await (await Database.open(f"sqlite:///{file}")).close()
    with another_program_writes(file):
        sentence = await _refusal(f"sqlite:///{file}", busy_seconds=0.05)
    assert sentence.startswith(f"{file} is locked: another program is writing to it.")
    await (await Database.open(f"sqlite:///{file}", busy_seconds=0.05)).close()


async def test_a_new_file_that_another_program_is_writing(file: Path) -> None:
    """Not yet in WAL mode: turning to it needs the lock."""
    with another_program(file) as other:
        other.execute("CREATE TABLE mine (x)")
    with another_program_writes(file):
        sentence = await _refusal(f"sqlite:///{file}", busy_seconds=0.05)
    assert sentence.startswith(f"{file} is locked")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (
            "7777:SECRET nonsense",
            "storage.url is not a database address; it looks like sqlite:///dateline.db or postgresql://user@host/name.",
        ),
        (
            "mysql://ann:SECRET@host/name",
            "storage.url names a mysql database; Dateline knows sqlite:/// and postgresql://.",
        ),
        (
            "",
            "storage.url is not a database address; it looks like sqlite:///dateline.db or postgresql://user@host/name.",
        ),
    ],
)
async def test_an_address_that_is_none(url: str, sentence: str) -> None:
    assert await _refusal(url) == sentence


# --- looking after it -----------------------------------------------------------------------------------------------


async def test_a_backup_is_whole_and_leaves_the_original_in_use(file_database: Database, file: Path) -> None:
    copy = file.with_name("copy.db")
    async with file_database.write() as connection:
        await connection.exec_driver_sql("INSERT INTO chats (id, type, title) VALUES (1, 'private', 'Ann')")

    async with file_database.read() as reading:
        await reading.exec_driver_sql("SELECT * FROM chats")
        assert await care.backup(f"sqlite:///{file}", copy) == f"{file} was copied to {copy}."

    assert _dump(copy) == _dump(file)
    assert "1 chats" in await care.check(f"sqlite:///{copy}")


async def test_a_backup_overwrites_nothing(file_database: Database, file: Path) -> None:
    copy = file.with_name("copy.db")
    copy.write_text("precious")
    with pytest.raises(StorageError, match="exists already"):
        await care.backup(f"sqlite:///{file}", copy)
    assert copy.read_text() == "precious"


@pytest.mark.parametrize("what", ["check", "backup"])
async def test_a_database_that_is_not_there_is_not_made_by_looking_after_it(file: Path, what: str) -> None:
    """A misspelt name must not look like a sound database, nor an empty file like a backup."""
    url, copy = f"sqlite:///{file}", file.with_name("copy.db")
    with pytest.raises(StorageError, match="does not exist"):
        await (care.check(url) if what == "check" else care.backup(url, copy))
    assert not file.exists()
    assert not copy.exists()


async def test_a_damaged_database_is_one_sentence(file: Path) -> None:
    await (await Database.open(f"sqlite:///{file}")).close()
    with another_program(file) as other:
        other.execute("BEGIN")
        other.executemany(
            "INSERT INTO chats (id, type, title) VALUES (?, 'private', ?)",
            [(one, "x" * 200) for one in range(2000)],
        )
        other.execute("COMMIT")
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 20_000] = bytes(20_000)
    file.write_bytes(data)

    for call in (care.check(f"sqlite:///{file}"), care.backup(f"sqlite:///{file}", file.with_name("copy.db"))):
        with pytest.raises(StorageError, match="damaged"):
            await call


OLD = """
INSERT INTO stories (id, slug, title, state, source, format, found_format, every, timezone, show, max_new, head)
    VALUES (1, 'harbour', '', 'live', 'x', 'auto', '', 20, 'GMT', 'full', 10, 0);
INSERT INTO entries (id, story_id, key, revision, published_at, added_at)
    VALUES (1, 1, 'a', 2, '2016-03-14 12:00:00.000000', '2016-03-14 12:00:00.000000'),
           (2, 1, 'b', 1, '2016-03-14 12:01:00.000000', '2016-03-14 12:00:00.000000'),
           (3, 1, 'c', 1, '2016-03-14 12:02:00.000000', '2016-03-14 12:00:00.000000');
INSERT INTO revisions (entry_id, number, at, standing, published_at, stamp, title, text, spans, media)
    SELECT id, n, added_at, CASE WHEN id = 2 THEN 'deleted' ELSE 'shown' END, published_at, '', '',
           CASE WHEN id = 3 THEN '' ELSE 'Words.' END, '[]', '[]' FROM entries, (SELECT 1 AS n UNION SELECT 2)
    WHERE n <= revision;
INSERT INTO speakers (id, story_id, position, name, aliases, roles, gender) VALUES (1, 1, 0, 'Ann', '[]', '[]', '');
INSERT INTO quotes (story_id, entry_id, speaker_id, text, start, "end", parts, kind, confidence)
    VALUES (1, 1, 1, '“Yes”', 0, 5, '[[0, 5]]', 'direct', 'explicit'),
           (1, 1, NULL, '“So”', 9, 13, '[[9, 13]]', 'direct', 'none'),
           (1, 2, 1, '“No”', 0, 4, '[[0, 4]]', 'direct', 'explicit');
"""


async def test_an_archive_from_before_the_numbers_were_kept_is_counted(file: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
    engine.dispose()
    with another_program(file) as other:
        other.executescript(OLD)

    database = await Database.open(f"sqlite:///{file}")
    async with database.read() as connection:
        assert await quotes.counts(connection, 1) == {1: 1, None: 1}
        assert await stored.count(connection, 1) == 1
        [quote] = await quotes.newest(connection, quotes.of_story(1), 9)
        assert (quote.text, quote.published_at) == ("“Yes”", NOON)
    await database.close()
    assert "is sound" in await care.check(f"sqlite:///{file}")
