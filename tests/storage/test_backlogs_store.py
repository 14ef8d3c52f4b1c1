"""How far behind the chats of each story are."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection
from storing import NOON, at, follow, publish, story

from storage import backlogs, stories, subscriptions
from storage.backlogs import Backlog
from storage.database import Database
from storage.models import Chat


async def _backlogs(connection: AsyncConnection) -> dict[str, Backlog]:
    found = await backlogs.of_stories(connection, await stories.all_of(connection))
    return {backlog.story.slug: backlog for backlog in found}


@pytest.fixture(autouse=True)
async def followed(database: Database) -> None:
    """Four chats follow one story, one of them another; two entries came for the first."""
    async with database.write() as connection:
        harbour, summit = await story(connection, first_read_at=NOON), await story(connection, "summit")
        for chat_id in (1, 2, 3, 4):
            await follow(connection, chat_id, harbour.id)
        await follow(connection, 1, summit.id)
        await publish(connection, harbour.id, "one", 1)
        await publish(connection, harbour.id, "two", 2)


async def test_who_was_told_everything_is_not_behind(database: Database) -> None:
    async with database.write() as connection:
        for place in (1, 2):
            await subscriptions.move(connection, place, 2)
        found = await _backlogs(connection)
    assert found["harbour"][1:] == (4, 2, at(1))
    assert found["summit"][1:] == (1, 0, None)


async def test_the_slowest_counts_from_the_first_thing_it_was_not_told(database: Database) -> None:
    async with database.write() as connection:
        for place in (1, 2, 3, 4):
            await subscriptions.move(connection, place, 1)
        assert (await _backlogs(connection))["harbour"].since == at(2)


async def test_who_waits_is_behind_too(database: Database) -> None:
    async with database.write() as connection:
        for place in (1, 2, 3):
            await subscriptions.move(connection, place, 2)
        await subscriptions.wait(connection, 4, at(60))
        await subscriptions.wait(connection, 3, at(60))
        assert (await _backlogs(connection))["harbour"][1:] == (4, 1, at(1))


async def test_many_that_wait_are_judged_by_some(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlogs, "LOOKED_AT", 2)
    async with database.write() as connection:
        for place in (1, 2, 3, 4):
            await subscriptions.wait(connection, place, at(60 + place))
        assert (await _backlogs(connection))["harbour"][1:] == (4, 4, at(1))


async def test_who_comes_back_missed_it_and_does_not_lag(database: Database) -> None:
    async with database.write() as connection:
        for place in (1, 2, 3):
            await subscriptions.move(connection, place, 2)
        await subscriptions.give_up(connection, 4)
        assert (await _backlogs(connection))["harbour"][1:] == (3, 0, None)
        assert await backlogs.reachable_chats(connection) == 3
        await subscriptions.meet(connection, Chat(id=4, type="private"))
        assert (await _backlogs(connection))["harbour"][1:] == (4, 1, None)
        await subscriptions.wait(connection, 4, at(60))
        assert (await _backlogs(connection))["harbour"][1:] == (4, 1, None)
        assert await backlogs.reachable_chats(connection) == 4


async def test_who_follows_a_speaker_does_not_follow_the_story(database: Database) -> None:
    async with database.write() as connection:
        await subscriptions.follow_speaker(connection, 2, 0, "Ana Duarte")
        assert (await _backlogs(connection))["summit"].chats == 1
        assert (await _backlogs(connection))["harbour"].chats == 4
