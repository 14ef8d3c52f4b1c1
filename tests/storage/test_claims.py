"""Who serves whom: chats are claimed, claims end, and whoever was held up for too long finds that out."""

from __future__ import annotations

import asyncio

import pytest
from storing import NEWS, NOON, at, claimed, follow, following, kept_messages, publish, sent, shown, story

from storage import claims, outcomes, subscriptions
from storage.claims import Claim, Held
from storage.database import Database
from storage.models import MessageKind, Recap, Shown, Subscription
from storage.outcomes import Departure, Outcome, Sent

ANN, BEA, CLEO, GROUP = 1, 2, 3, -5


@pytest.fixture(autouse=True)
async def harbour(database: Database) -> None:
    """Two stories that three people and a group follow, one entry behind."""
    async with database.write() as connection:
        first, second = await story(connection, first_read_at=NOON), await story(connection, "summit")
        for chat_id in (ANN, BEA, GROUP):
            await follow(connection, chat_id, first.id)
        await follow(connection, CLEO, second.id)
        await publish(connection, first.id, "1")
        await publish(connection, second.id, "2")


async def _picks_up(database: Database, limit: int = 10, when: float = 0, minutes: float = 1) -> list[Claim]:
    async with database.write() as connection:
        await subscriptions.wake(connection, at(when))
        return await claimed(connection, limit, at(when), minutes)


def _chats(found: list[Claim]) -> list[int]:
    return [claim.held.chat_id for claim in found]


def _done(claim: Claim, cursor: int = 1, **more: object) -> Outcome:
    kept = claim.subscription.model_copy(update={"cursor": cursor, "next_at": None})
    return Outcome(claim.held, kept, claim.subscription.cursor, ends=True, **more)  # type: ignore[arg-type]


async def _settles(database: Database, *done: Outcome) -> list[bool]:
    return await asyncio.gather(*(database.batch_with_others(outcomes.settle, one) for one in done))


async def _kept(database: Database, chat_id: int, story_id: int = 1) -> Subscription:
    async with database.read() as connection:
        return await following(connection, chat_id, story_id)


async def test_the_stories_come_in_turn_and_groups_before_people(database: Database) -> None:
    assert _chats(await _picks_up(database)) == [GROUP, CLEO, ANN, BEA]


async def test_what_is_claimed_is_not_picked_up_again_before_the_claim_ends(database: Database) -> None:
    assert _chats(await _picks_up(database, 2)) == [GROUP, CLEO]
    assert _chats(await _picks_up(database, when=0.5, minutes=5)) == [ANN, BEA]
    again = await _picks_up(database, when=1.01)
    assert _chats(again) == [GROUP, CLEO], "who had claimed them must have died"
    assert [claim.held.fence for claim in again] == [2, 2]


async def test_a_chat_is_served_for_one_story_at_a_time(database: Database) -> None:
    async with database.write() as connection:
        await follow(connection, CLEO, 1)
        await publish(connection, 1, "3")
    found = await _picks_up(database)
    assert sorted(_chats(found)) == [GROUP, ANN, BEA, CLEO]
    [hers] = [claim for claim in found if claim.held.chat_id == CLEO]
    assert await _picks_up(database, when=0.5) == [], "Cleo's other story waits while she is served"
    await _settles(database, _done(hers))
    [other] = await _picks_up(database, when=0.6)
    assert (other.held, {hers.subscription.story_id, other.subscription.story_id}) == (Held(CLEO, 2), {1, 2})


async def test_what_is_done_moves_the_cursor_and_lets_the_chat_go(database: Database) -> None:
    [claim] = await _picks_up(database, 1)
    assert await _settles(database, _done(claim, chat_sent=(5.5, 6.5))) == [True]
    kept = await _kept(database, GROUP)
    assert (kept.cursor, kept.next_at) == (1, None)
    async with database.write() as connection:
        await publish(connection, 1, "3")
    again = {claim.held.chat_id: claim for claim in await _picks_up(database)}[GROUP]
    assert (again.sent, again.held.fence) == ((5.5, 6.5), 2)


async def test_a_call_is_marked_until_its_outcome_is_known(database: Database) -> None:
    first, second = await _picks_up(database, 2)
    go = [Departure(claim.held, at(2), claim.subscription.id, NOON, NEWS, (shown(1),)) for claim in (first, second)]
    assert await asyncio.gather(*(database.batch_with_others(outcomes.depart, one) for one in go)) == [True, True]
    await _settles(database, _done(first, sent=Sent(7, NEWS, (shown(1),), NOON)))
    async with database.read() as connection:
        [(place, (_, kind, shows))] = (await outcomes.unknown(connection)).items()
        assert (place, kind, shows) == (second.subscription.id, NEWS, (shown(1),))
        assert [message.message_id for message in await kept_messages(connection, first.subscription.id)] == [7]


async def test_a_mark_is_not_made_for_an_edit(database: Database) -> None:
    [claim] = await _picks_up(database, 1)
    departure = Departure(claim.held, at(2), claim.subscription.id, NOON)
    assert await database.batch_with_others(outcomes.depart, departure)
    async with database.read() as connection:
        assert await outcomes.unknown(connection) == {}


async def test_a_call_renews_the_claim(database: Database) -> None:
    [claim] = await _picks_up(database, 1)
    await database.batch_with_others(outcomes.depart, Departure(claim.held, at(9), claim.subscription.id, NOON))
    assert GROUP not in _chats(await _picks_up(database, when=2))
    assert await _settles(database, _done(claim)) == [True]


async def test_whoever_was_held_up_may_neither_call_nor_move_the_cursor(database: Database) -> None:
    [late] = await _picks_up(database, 1)
    other = {claim.held.chat_id: claim for claim in await _picks_up(database, when=2)}[GROUP]

    departure = Departure(late.held, at(9), late.subscription.id, at(3), NEWS, (shown(1),))
    assert not await database.batch_with_others(outcomes.depart, departure)
    async with database.read() as connection:
        assert await outcomes.unknown(connection) == {}
    assert await _settles(database, _done(late, sent=Sent(7, NEWS, (shown(1),), NOON))) == [False]
    kept = await _kept(database, GROUP)
    assert (kept.cursor, kept.next_at) == (0, at(3)), "the chat is still the other's"
    async with database.read() as connection:
        [message] = await kept_messages(connection, kept.id)
        assert message.message_id == 7, "what was sent can be corrected, whoever sent it"
    assert await _settles(database, _done(other)) == [True]


async def test_what_was_not_begun_is_given_back(database: Database) -> None:
    found = await _picks_up(database)
    async with database.write() as connection:
        await claims.drop(connection, found[:2])
    assert _chats(await _picks_up(database, when=0.1)) == [GROUP, CLEO]


async def test_at_a_start_all_claims_end_but_no_other_wait(database: Database) -> None:
    await _picks_up(database, 2)
    async with database.write() as connection:
        await subscriptions.hold_chat(connection, ANN, at(60))
        await claims.free_all(connection)
    assert _chats(await _picks_up(database, when=0.1)) == [GROUP, CLEO, BEA]
    assert (await _kept(database, ANN)).next_at == at(60)


async def test_what_a_chat_chose_during_the_call_stands(database: Database) -> None:
    """It left, came back and asked for its recap while the welcome was on its way."""
    [claim] = [claim for claim in await _picks_up(database) if claim.held.chat_id == ANN]
    async with database.write() as connection:
        await subscriptions.unsubscribe(connection, ANN, 0, 1)
        await subscriptions.subscribe(connection, ANN, 0, 1)
    await _settles(database, _done(claim, recapped=Recap.NONE))
    assert (await _kept(database, ANN)).recap is Recap.MISSED


async def test_a_place_that_was_moved_during_the_call_is_not_moved_on(database: Database) -> None:
    async with database.write() as connection:
        await publish(connection, 1, "3")
    [claim] = [claim for claim in await _picks_up(database) if claim.held.chat_id == ANN]
    async with database.write() as connection:
        await subscriptions.move(connection, claim.subscription.id, 1)
    await _settles(database, _done(claim, cursor=2))
    assert (await _kept(database, ANN)).cursor == 1


async def test_a_recap_that_was_sent_is_owed_no_more(database: Database) -> None:
    async with database.write() as connection:
        await subscriptions.unsubscribe(connection, ANN, 0, 1)
        await subscriptions.subscribe(connection, ANN, 0, 1)
    first = (await _picks_up(database))[0]
    assert (first.held.chat_id, first.subscription.recap) == (ANN, Recap.MISSED)
    await _settles(database, _done(first, recapped=Recap.MISSED))
    assert (await _kept(database, ANN)).recap is Recap.NONE


async def test_many_outcomes_at_once_are_each_kept(database: Database) -> None:
    async with database.write() as connection:
        for chat_id in range(100, 160):
            await follow(connection, chat_id, 1)
            await subscriptions.move(connection, (await following(connection, chat_id, 1)).id, 0)
    found = await _picks_up(database, 100)
    done = [_done(claim, sent=Sent(claim.held.chat_id, NEWS, (shown(1),), NOON)) for claim in found]
    assert all(await _settles(database, *done))
    async with database.read() as connection:
        for claim in found:
            [message] = await kept_messages(connection, claim.subscription.id)
            assert (message.message_id, message.chat_id) == (claim.held.chat_id, claim.held.chat_id)
            assert message.shows == (shown(1),)
    assert await _picks_up(database, when=5) == []


async def test_a_message_of_another_time_is_left_as_it_is(database: Database) -> None:
    async with database.write() as connection:
        place = (await following(connection, ANN, 1)).id
        before = await sent(connection, place, 5, shows=[shown(1)])
    [claim] = [claim for claim in await _picks_up(database) if claim.held.chat_id == ANN]
    await _settles(database, _done(claim, edited=(before, (shown(1, 2),))))
    async with database.read() as connection:
        [message] = await kept_messages(connection, place)
        assert [one.revision for one in message.shows] == [2]


async def test_a_note_that_is_taken_as_sent_is_not_owed_any_more(database: Database) -> None:
    async with database.write() as connection:
        place = (await following(connection, ANN, 1)).id
        await sent(connection, place, 5, shows=[shown(1)])
    [claim] = [claim for claim in await _picks_up(database) if claim.held.chat_id == ANN]
    told = Shown(entry_id=1, first=1, revision=2, told=2)
    async with database.write() as connection:
        await outcomes.take_as_sent(connection, claim, MessageKind.NOTE, (told,), NOON)
        news, note = await kept_messages(connection, place)
        assert ([one.told for one in news.shows], note.message_id) == ([2], None)
