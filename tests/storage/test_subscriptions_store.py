"""Chats and what they follow: coming, going, coming back, moving house."""

from __future__ import annotations

from datetime import datetime

import pytest
from storing import NEWS, NOON, at, claimed, follow, following, kept_messages, publish, sent, showing, shown, story

from storage import stories, subscriptions
from storage.database import Database
from storage.models import Chat, Recap, Settings, Subscription

ANN, BEA = 1, 2
GROUP, SUPERGROUP = -5, -1005


async def _kept(database: Database, chat_id: int, thread: int = 0) -> Subscription:
    async with database.read() as connection:
        return await following(connection, chat_id, 1, thread)


async def _behind(database: Database) -> list[int]:
    """Chats to serve, in order."""
    async with database.write() as connection:
        told = await stories.by_id(connection, 1)
        assert told is not None
        return [chat_id for _, chat_id in await subscriptions.behind(connection, 1, told.head, 10)]


@pytest.fixture(autouse=True)
async def harbour(database: Database) -> None:
    """A story with three entries in its log."""
    async with database.write() as connection:
        told = await story(connection, first_read_at=NOON)
        for number in (1, 2, 3):
            await publish(connection, told.id, str(number), number)


async def _subscribe(database: Database, chat_id: int, thread: int = 0) -> bool:
    async with database.write() as connection:
        await subscriptions.meet(connection, Chat(id=chat_id, type="private"))
        return await subscriptions.subscribe(connection, chat_id, thread, 1)


async def test_subscribing_begins_at_the_head_with_a_recap_to_send(database: Database) -> None:
    assert await _subscribe(database, ANN)
    kept = await _kept(database, ANN)
    assert (kept.cursor, kept.since, kept.recap, kept.is_active) == (3, 3, Recap.WELCOME, True)
    async with database.read() as connection:
        assert await subscriptions.is_recap_due(connection)
    async with database.write() as connection:
        assert await subscriptions.recaps_due(connection, 10) == [(kept.id, ANN)]
    assert await _behind(database) == []


async def test_subscribing_twice_changes_nothing(database: Database) -> None:
    await _subscribe(database, ANN)
    before = await _kept(database, ANN)
    assert not await _subscribe(database, ANN)
    assert await _kept(database, ANN) == before


async def test_a_recap_of_a_story_that_was_never_read_waits(database: Database) -> None:
    async with database.write() as connection:
        await stories.change(connection, 1, first_read_at=None)
    await _subscribe(database, ANN)
    async with database.read() as connection:
        assert not await subscriptions.is_recap_due(connection)


async def test_topics_of_a_chat_are_followers_of_their_own(database: Database) -> None:
    await _subscribe(database, GROUP, 7)
    await _subscribe(database, GROUP, 8)
    async with database.write() as connection:
        await subscriptions.stop_topic(connection, GROUP, 7)
    assert not (await _kept(database, GROUP, 7)).is_active
    assert (await _kept(database, GROUP, 8)).is_active
    async with database.read() as connection:
        assert [one.thread_id for one in await subscriptions.of_chat(connection, GROUP, 8)] == [8]
        assert await subscriptions.of_chat(connection, GROUP, 7) == []


async def test_unsubscribing_keeps_place_and_messages(database: Database) -> None:
    async with database.write() as connection:
        place = await follow(connection, ANN, 1)
        await sent(connection, place, 10, NEWS, [shown(1)], NOON)
        assert await subscriptions.unsubscribe(connection, ANN, 0, 1)
        assert not await subscriptions.unsubscribe(connection, ANN, 0, 1)
        await publish(connection, 1, "4", 4)
    assert await _behind(database) == []
    kept = await _kept(database, ANN)
    assert (kept.cursor, kept.is_active) == (3, False)
    async with database.read() as connection:
        assert len(await kept_messages(connection, place)) == 1


async def test_coming_back_asks_for_what_was_missed(database: Database) -> None:
    async with database.write() as connection:
        place = await follow(connection, ANN, 1)
        await subscriptions.wait(connection, place, at(99), failures=4)
        await subscriptions.unsubscribe(connection, ANN, 0, 1)
        await publish(connection, 1, "4", 4)
    assert await _subscribe(database, ANN)
    kept = await _kept(database, ANN)
    assert (kept.cursor, kept.recap, kept.next_at, kept.failures) == (3, Recap.MISSED, None, 0)
    async with database.write() as connection:
        await subscriptions.move(connection, place, 4)
    assert (await _kept(database, ANN)).recap is Recap.NONE


async def test_a_chat_that_is_given_up_is_left_alone_until_it_speaks(database: Database) -> None:
    async with database.write() as connection:
        await follow(connection, ANN, 1)
        await story(connection, "summit")
        await follow(connection, ANN, 2)
        await subscriptions.unsubscribe(connection, ANN, 0, 2)
        await subscriptions.give_up(connection, ANN)
        await publish(connection, 1, "4", 4)
    assert await _behind(database) == []

    async with database.write() as connection:
        assert await subscriptions.meet(connection, Chat(id=ANN, type="private", title="Ann"))
        assert not await subscriptions.meet(connection, Chat(id=ANN, type="private", title="Ann"))
    assert await _behind(database) == [ANN]
    assert (await _kept(database, ANN)).recap is Recap.MISSED
    async with database.read() as connection:
        assert not (await following(connection, ANN, 2)).is_active, "what it had stopped stays stopped"


async def test_a_chat_that_is_given_up_can_subscribe_only_after_it_is_met_again(database: Database) -> None:
    async with database.write() as connection:
        await follow(connection, ANN, 1)
        await subscriptions.give_up(connection, ANN)
    assert not await _subscribe(database, ANN), "meeting it brought the subscription back already"
    assert (await _kept(database, ANN)).is_active


async def test_settings_are_kept(database: Database) -> None:
    async with database.write() as connection:
        await follow(connection, ANN, 1)
        await subscriptions.choose(connection, ANN, 0, 1, Settings(only_key=True))
        await subscriptions.unsubscribe(connection, ANN, 0, 1)
        await subscriptions.subscribe(connection, ANN, 0, 1)
    assert (await _kept(database, ANN)).settings == Settings(only_key=True)


# --- serving --------------------------------------------------------------------------------------------------------


async def test_the_lowest_cursor_first_and_groups_before_people(database: Database) -> None:
    async with database.write() as connection:
        for chat_id, cursor in ((ANN, 3), (BEA, 1), (GROUP, 3), (SUPERGROUP, 3)):
            await subscriptions.move(connection, await follow(connection, chat_id, 1), cursor)
        await publish(connection, 1, "4", 4)
    assert await _behind(database) == [BEA, SUPERGROUP, GROUP, ANN]


async def test_waiting_ends(database: Database) -> None:
    async with database.write() as connection:
        place = await follow(connection, ANN, 1)
        await publish(connection, 1, "4", 4)
        await subscriptions.wait(connection, place, at(5), failures=2)
    assert await _behind(database) == []
    async with database.write() as connection:
        assert await subscriptions.next_wake(connection) == at(5)
        await subscriptions.wake(connection, at(4.9))
    assert await _behind(database) == []
    async with database.write() as connection:
        await subscriptions.wake(connection, at(5))
        assert await subscriptions.next_wake(connection) is None
    assert await _behind(database) == [ANN]
    assert (await _kept(database, ANN)).failures == 2


async def test_a_hold_concerns_the_whole_chat_and_shortens_no_wait(database: Database) -> None:
    async with database.write() as connection:
        await story(connection, "summit")
        first, second = await follow(connection, ANN, 1), await follow(connection, ANN, 2)
        other = await follow(connection, BEA, 1)
        await subscriptions.wait(connection, second, at(60))
        await subscriptions.hold_chat(connection, ANN, at(5))

        async def waits(place: int) -> datetime | None:
            found = await subscriptions.by_id(connection, place)
            assert found is not None
            return found.next_at

        assert [await waits(one) for one in (first, second, other)] == [at(5), at(60), None]


async def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    from datetime import timedelta, timezone

    madrid = datetime(2016, 3, 14, 20, 16, 5, 123456, tzinfo=timezone(timedelta(hours=1)))
    async with database.write() as connection:
        place = await follow(connection, ANN, 1)
        await subscriptions.wait(connection, place, madrid)
        await subscriptions.move(connection, place, 3, madrid)
    kept = await _kept(database, ANN)
    for moment in (kept.next_at, kept.sounded_at):
        assert moment is not None
        assert moment.isoformat() == "2016-03-14T19:16:05.123456+00:00"


async def test_a_sound_is_kept_when_the_cursor_moves_in_silence(database: Database) -> None:
    async with database.write() as connection:
        place = await follow(connection, ANN, 1)
        await subscriptions.move(connection, place, 3, at(1))
        await subscriptions.move(connection, place, 3)
    assert (await _kept(database, ANN)).sounded_at == at(1)


async def test_counting_followers(database: Database) -> None:
    async with database.write() as connection:
        await follow(connection, ANN, 1)
        await follow(connection, BEA, 1)
        await subscriptions.unsubscribe(connection, BEA, 0, 1)
        await publish(connection, 1, "4", 4)
        assert await subscriptions.count_active(connection) == {1: 1}


# --- a group becomes a supergroup -----------------------------------------------------------------------------------


async def _migrate(database: Database) -> None:
    async with database.write() as connection:
        await subscriptions.migrate(connection, GROUP, SUPERGROUP)


async def _chats(database: Database) -> list[int]:
    async with database.read() as connection:
        return list((await connection.exec_driver_sql("SELECT id FROM chats ORDER BY id")).scalars())


async def test_a_group_keeps_its_subscription_under_its_new_id(database: Database) -> None:
    async with database.write() as connection:
        place = await follow(connection, GROUP, 1)
        await sent(connection, place, 10, NEWS, [shown(1)], NOON)
        await subscriptions.choose(connection, GROUP, 0, 1, Settings(only_key=True))
        await subscriptions.wait(connection, place, at(60), failures=3)
    await _migrate(database)

    moved = await _kept(database, SUPERGROUP)
    assert (moved.id, moved.cursor, moved.chat_type, moved.settings.only_key) == (place, 3, "supergroup", True)
    assert (moved.next_at, moved.failures) == (None, 0)
    assert await _chats(database) == [SUPERGROUP]
    async with database.read() as connection:
        [message] = await kept_messages(connection, place)
    assert (message.chat_id, message.is_frozen, message.shows) == (GROUP, True, (shown(1),))


async def test_moving_twice_is_moving_once(database: Database) -> None:
    async with database.write() as connection:
        place = await follow(connection, GROUP, 1)
        await sent(connection, place, 10, NEWS, [shown(1)], NOON)
    await _migrate(database)
    async with database.write() as connection:
        await sent(connection, place, 11, NEWS, [shown(2)], NOON)
    await _migrate(database)
    async with database.read() as connection:
        assert [message.is_frozen for message in await kept_messages(connection, place)] == [True, False]
    assert await _chats(database) == [SUPERGROUP]


async def test_where_the_supergroup_follows_already_the_two_become_one(database: Database) -> None:
    async with database.write() as connection:
        old, new = await follow(connection, GROUP, 1), await follow(connection, SUPERGROUP, 1)
        await subscriptions.move(connection, old, 1)
        await sent(connection, old, 10, NEWS, [shown(1)], NOON)
        await sent(connection, new, 11, NEWS, [shown(3)], NOON)
        await claimed(connection)
    await _migrate(database)

    merged = await _kept(database, SUPERGROUP)
    assert (merged.id, merged.cursor) == (new, 1)
    async with database.read() as connection:
        kept = await showing(connection, new, [1, 2, 3])
        assert [(message.shows[0].entry_id, message.is_frozen) for message in kept] == [(1, True), (3, False)]
        assert await subscriptions.by_id(connection, old) is None


async def test_a_group_that_was_taken_for_gone_is_served_as_a_supergroup(database: Database) -> None:
    """Telegram may say that the bot left the group before it says where the group went."""
    async with database.write() as connection:
        await follow(connection, GROUP, 1)
        await subscriptions.give_up(connection, GROUP)
        await publish(connection, 1, "4", 4)
    await _migrate(database)
    assert await _behind(database) == [SUPERGROUP]
