"""Several do the same at the same moment: on SQLite one after the other, on PostgreSQL truly side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from storing import NOON, content, follow, following, story

from storage import entries, quotes, stories, subscriptions
from storage.database import Database
from storage.models import Chat, EventKind, FoundQuote, Speaker

Work = Callable[[AsyncConnection], Awaitable[Any]]
TIMES = 8


def _new(key: str, text: str = "Words.") -> entries.New:
    return entries.New(key, content(text))


async def _at_once(database: Database, *works: Work) -> list[Any]:
    """Each in a transaction of its own, all open before any is committed."""
    ready = asyncio.Barrier(len(works)) if database.server is not None else None

    async def one(work: Work) -> Any:
        async with database.write() as connection:
            if ready is not None:
                await connection.exec_driver_sql("SELECT 1")
                await ready.wait()
            return await work(connection)

    return await asyncio.gather(*map(one, works))


async def test_a_new_chat_speaks_several_times_in_a_moment(database: Database) -> None:
    await _at_once(database, *[lambda c: subscriptions.meet(c, Chat(id=5, type="private"))] * TIMES)


async def test_a_chat_subscribes_several_times_in_a_moment(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        await subscriptions.meet(connection, Chat(id=5, type="private"))
    did = await _at_once(database, *[lambda c: subscriptions.subscribe(c, 5, 0, told.id)] * TIMES)
    assert sorted(did) == [False] * (TIMES - 1) + [True]


async def test_several_processes_start_with_the_same_stories(database: Database) -> None:
    await _at_once(database, *[lambda c: stories.put(c, "harbour", {"source": "x"})] * TIMES)
    async with database.read() as connection:
        assert len(await stories.all_of(connection)) == 1


async def test_a_group_becomes_a_supergroup_and_is_told_so_twice(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        await follow(connection, -5, told.id)
    await _at_once(database, *[lambda c: subscriptions.migrate(c, -5, -1005)] * 4)
    async with database.read() as connection:
        assert (await following(connection, -1005, told.id)).chat_type == "supergroup"


async def test_places_in_the_log_are_given_once_and_in_the_order_of_commits(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        entry_id = (await entries.add_all(connection, told.id, [_new("a")], NOON))[0]
    happened = [(EventKind.CORRECTED, entry_id, 1)] * 3
    await _at_once(database, *[lambda c: entries.append(c, told.id, happened, NOON)] * TIMES)
    async with database.read() as connection:
        log = await entries.log(connection, told.id, 0, 99)
    assert [event.seq for event in log] == list(range(1, 3 * TIMES + 1))


async def test_numbers_stay_in_step(database: Database) -> None:
    said = FoundQuote(text="“So”", start=0, end=4, parts=((0, 4),), speaker="Ann")
    async with database.write() as connection:
        told = await story(connection)
        ids = await entries.add_all(connection, told.id, [_new(str(one)) for one in range(TIMES)], NOON)
        [ann] = await quotes.save_register(connection, told.id, [Speaker(name="Ann")])

    def replace(entry_id: int) -> Work:
        return lambda c: quotes.replace(c, told.id, entry_id, [(said, ann), (said, None)])

    def revise(entry_id: int) -> Work:
        return lambda c: entries.revise(c, entry_id, _new("x", "").content, NOON)

    await _at_once(database, *map(replace, ids))
    await _at_once(database, *map(revise, ids[:4]), *map(revise, ids[2:4]))
    async with database.read() as connection:
        assert await quotes.counts(connection, told.id) == {ann: TIMES, None: TIMES}
        assert await entries.count(connection, told.id) == TIMES - 4
        assert len(await entries.revisions_of(connection, ids)) == TIMES + 6
