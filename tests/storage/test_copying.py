"""Moving from one database to another, of the same kind or not: all of it, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from storing import NOON, at, content, follow, publish, story

from storage import care, copying, entries, quotes, stories, subscriptions
from storage.database import Database
from storage.errors import StorageError
from storage.models import FoundQuote, Settings, Speaker, Standing
from storage.schema import chats, metadata, workers


@pytest.fixture(params=["sqlite", "postgresql"])
async def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database that is not there yet, or has no tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'copy.db'}"
        return
    server = request.getfixturevalue("postgres")
    url = await server.fresh()
    yield url
    await server.drop(url)


async def _fill(database: Database) -> None:
    """A little of everything, with gaps in the numbering."""
    async with database.write() as connection:
        told = await story(connection, first_read_at=NOON, title="Smøke “over” 港")
        await story(connection, "summit")
        for number in range(30):
            await publish(connection, told.id, f"key {number}", number, title=f"Title {number}")
        gone = await publish(connection, told.id, "gone", 40)
        await entries.revise(connection, gone, content("x", 40), at(41), Standing.DELETED)
        [speaker] = await quotes.save_register(connection, told.id, [Speaker(name="Ann", aliases=("A.",))])
        said = FoundQuote(text="“So”", start=0, end=4, parts=((0, 4),), speaker="Ann")
        await quotes.replace(connection, told.id, 3, [(said, speaker), (said, None)])
        place = await follow(connection, -100123456789, told.id)
        await subscriptions.choose(connection, -100123456789, 0, told.id, Settings(only_key=True))
        await subscriptions.wait(connection, place, at(7.123456))
        await follow(connection, 5, told.id)
        await connection.execute(chats.update().where(chats.c.id == 5).values(sent=[1.5, 2.25]))
        await connection.execute(workers.insert().values(role="send", started_at=NOON, seen_at=NOON))
        await connection.execute(workers.delete())


async def _all(url: str) -> dict[str, Sequence[Any]]:
    database = await Database.open(url)
    async with database.read() as connection:
        found = {
            table.name: (await connection.execute(sa.select(table).order_by(*table.primary_key.columns))).all()
            for table in metadata.sorted_tables
        }
    await database.close()
    return found


async def test_everything_arrives_and_numbering_goes_on(database: Database, url: str, target_url: str) -> None:
    await _fill(database)
    place = (await Database.open(target_url)).place
    said = await copying.copy(url, target_url)
    assert said.startswith(
        f"{database.place} was copied to {place}: 2 stories, 31 entries, 31 events, 2 quotes, 2 chats, "
    )
    assert said.endswith(" rows were compared and are equal.")

    before, after = await _all(url), await _all(target_url)
    assert after == before
    assert all(before[name] for name in ("stories", "entries", "quotes", "pace", "speakers", "subscriptions"))
    moved = await Database.open(target_url)
    async with moved.write() as connection:
        assert await publish(connection, 1, "new", 50) == 32
        assert (await _worker(connection)) == 2, "a number that was given out once is not given out again"
    await moved.close()
    assert "is sound" in await care.check(target_url)


async def _worker(connection: AsyncConnection) -> int:
    query = workers.insert().values(role="send", started_at=NOON, seen_at=NOON).returning(workers.c.id)
    return int((await connection.execute(query)).scalar_one())


async def test_what_is_not_set_stays_not_set(database: Database, url: str, target_url: str) -> None:
    """None in a column of JSON is no value, not the value null."""
    await _fill(database)
    await copying.copy(url, target_url)
    moved = await Database.open(target_url)
    async with moved.read() as connection:
        unset = await connection.execute(sa.select(sa.func.count()).where(chats.c.sent.is_(sa.null())))
        assert unset.scalar() == 1
    await moved.close()


async def test_only_into_an_empty_database(database: Database, url: str, target_url: str) -> None:
    await _fill(database)
    other = await Database.open(target_url)
    async with other.write() as connection:
        await story(connection, "mine")
    await other.close()
    with pytest.raises(StorageError) as refusal:
        await copying.copy(url, target_url)
    assert str(refusal.value) == f"{other.place} is not empty, it has stories; copy into a new database."
    assert [row.slug for row in (await _all(target_url))["stories"]] == ["mine"]


async def test_not_from_a_database_that_is_not_there(tmp_path: Path, target_url: str) -> None:
    with pytest.raises(StorageError, match="does not exist"):
        await copying.copy(f"sqlite:///{tmp_path / 'none.db'}", target_url)


async def test_a_value_that_differs_is_found_and_nothing_is_kept(
    database: Database, url: str, target_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _fill(database)
    real = copying._number_on

    async def spoil(here: AsyncConnection, there: AsyncConnection) -> None:
        await real(here, there)
        await there.execute(sa.text("UPDATE revisions SET text = 'x' WHERE entry_id = 17"))

    monkeypatch.setattr(copying, "_number_on", spoil)
    with pytest.raises(StorageError, match=r"revisions 17, 1 of .* did not arrive in .* as it was; nothing is kept"):
        await copying.copy(url, target_url)
    assert (await _all(target_url))["stories"] == []


async def test_more_than_one_batch(
    database: Database, url: str, target_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "BATCH", 7)
    await _fill(database)
    await copying.copy(url, target_url)
    assert await _all(target_url) == await _all(url)


# --- db check -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        ("DELETE FROM revisions WHERE entry_id = 3", "1 entries have lost their text"),
        ("DELETE FROM events WHERE seq = 31", "1 stories have lost the end of their log"),
        ("UPDATE entries SET is_readable = 0 WHERE id = 3", "1 stories have another number of entries than they say"),
        ("DELETE FROM quotes", "1 speakers have another number of quotes than they say"),
        ("UPDATE subscriptions SET cursor = 99", "2 subscriptions are ahead of their story"),
    ],
)
async def test_what_cannot_be_so_is_damage(database: Database, url: str, harm: str, words: str) -> None:
    await _fill(database)
    async with database.write() as connection:
        await connection.execute(sa.text(harm))
    with pytest.raises(StorageError, match=f"is damaged: {words}; restore a backup"):
        await care.check(url)


async def test_numbers_that_would_be_given_out_twice_are_damage(server_database: Database, server_url: str) -> None:
    """What a restore by hand of the rows alone leaves behind."""
    await _fill(server_database)
    async with server_database.write() as connection:
        await connection.execute(sa.text("ALTER SEQUENCE entries_id_seq RESTART"))
    with pytest.raises(StorageError, match="the next number of entries is taken already"):
        await care.check(server_url)


async def test_a_database_that_is_sound(database: Database, url: str) -> None:
    await _fill(database)
    assert (await care.check(url)).startswith(f"{database.place} is sound: 2 stories, 31 entries, ")
    assert (await stories_of(database)) == ["harbour", "summit"]


async def stories_of(database: Database) -> list[str]:
    async with database.read() as connection:
        return [one.slug for one in await stories.all_of(connection)]


async def test_a_backup_of_a_server_is_pg_dumps(server_url: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="pg_dump"):
        await care.backup(server_url, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
