"""What goes wrong between the bot and Telegram, row by row of the field notes' table, and what readers see of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
import sqlalchemy as sa
from newsroom import SLUG, START, Newsroom, containing, texts

from bot.app import CannotRun, serve
from bot.delivery import errors
from bot.sandbox import Chat
from bot.sandbox.calls import Call
from storage import subscriptions
from storage.models import Subscription
from storage.schema import chats

FIRE = "The fire has spread to a second warehouse. Nobody is hurt, Mayor Ana Duarte said."
WATER = '"We have 12 engines on the quay," Mayor Ana Duarte said.'
WIND = "The wind is turning west, the harbour master reports."


@pytest.fixture
def ann(news: Newsroom) -> Chat:
    return news.reader("Ann")


@pytest.fixture
def ben(news: Newsroom) -> Chat:
    return news.reader("Ben")


@pytest.fixture
async def skipping(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with Newsroom(tmp_path, delivery={"on_unknown": "skip"}) as newsroom:
        yield newsroom


async def following(news: Newsroom, chat: Chat, thread: int = 0) -> list[Subscription]:
    async with news.app.database.read() as connection:
        return await subscriptions.of_chat(connection, chat.id, thread)


def calls(news: Newsroom, chat: Chat, *methods: str) -> list[Call]:
    wanted = methods or ("sendMessage", "editMessageText")
    return [call for call in news.sandbox.calls if call.chat_id == chat.id and call.method in wanted]


def refused(news: Newsroom, chat: Chat) -> list[Call]:
    return [call for call in calls(news, chat) if not call.is_ok]


# --- chats that cannot be written to any more -------------------------------------------------------------------------


def _untold(status: str) -> Callable[[Chat], None]:
    """The bot is not told: it learns by a refused call."""

    def change(chat: Chat) -> None:
        chat.bot_status = status  # type: ignore[assignment]

    return change


GONE = [
    ("private", "blocked", _untold("kicked"), "bot was blocked by the user"),
    ("private", "deactivated", Chat.delete, "user is deactivated"),
    ("group", "kicked", _untold("kicked"), "bot was kicked from the group chat"),
    ("supergroup", "kicked", _untold("kicked"), "bot was kicked from the supergroup chat"),
    ("channel", "kicked", _untold("kicked"), "bot was kicked from the channel chat"),
    ("supergroup", "removed", _untold("left"), "bot is not a member of the supergroup chat"),
    ("group", "deleted", Chat.delete, "the group chat was deleted"),
    ("channel", "deleted", Chat.delete, "chat not found"),
    ("supergroup", "forbidden to write", _untold("restricted"), "not enough rights to send text messages to the chat"),
    ("channel", "no administrator", _untold("member"), "need administrator rights in the channel chat"),
]


@pytest.mark.parametrize(("kind", "change", "words"), [pytest.param(k, c, w, id=f"{k} {n}") for k, n, c, w in GONE])
async def test_a_chat_that_is_gone_rests_and_the_others_go_on(
    news: Newsroom, ann: Chat, kind: str, change: Callable[[Chat], None], words: str
) -> None:
    gone = news.reader("Gone") if kind == "private" else news.sandbox.make(kind, "Gone")
    await news.opens()
    await news.subscribes(gone, ann)
    change(gone)

    for minute in (16, 17):
        news.page.publish(f"19:{minute} GMT", f"News of minute {minute}.")
        await news.comes_round()

    assert [call.description.partition(": ")[2] for call in refused(news, gone)] == [words]
    assert await following(news, gone) == []
    assert len(gone.shown) == 1
    assert len(containing(ann, "News of")) == 2


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("400", "PEER_ID_INVALID"),
        ("400", "have no write access"),
        ("403", "bot can't initiate conversation with a user"),
        ("403", "something that was never said before"),
    ],
)
async def test_other_words_for_a_chat_that_is_gone(
    news: Newsroom, ann: Chat, ben: Chat, kind: Literal["400", "403"], words: str
) -> None:
    await news.opens()
    await news.subscribes(ann, ben)
    news.sandbox.faults.next("sendMessage", ann, kind, reason=words)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round(2)
    assert await following(news, ann) == []
    assert len(refused(news, ann)) == 1
    assert len(containing(ben, "second warehouse")) == 1


@pytest.mark.parametrize("learns", ["from an update", "from a refusal"])
async def test_who_comes_back_gets_edits_and_one_recap(news: Newsroom, ann: Chat, ben: Chat, learns: str) -> None:
    await news.opens()
    await news.subscribes(ann, ben)
    for stamp, text in (("19:16 GMT", FIRE), ("19:20 GMT", WATER)):
        news.page.publish(stamp, text)
        await news.comes_round()
    before = texts(ann)

    if learns == "from an update":
        ann.block()
        await news.asks(ben, "/help")
    else:
        ann.bot_status = "kicked"
    news.page.correct("19:16 GMT", FIRE.replace("Nobody is", "Two people are"))
    for minute in (30, 31, 32):
        news.page.publish(f"19:{minute} GMT", f"News of minute {minute}.")
        await news.comes_round()
    assert texts(ann) == before
    assert len(refused(news, ann)) == (0 if learns == "from an update" else 1)

    news.app.sender.calm()
    await news.asks(ann, "/start")
    await news.woken()
    await news.delivers()

    fire, water, greeting, recap = ann.shown[1:]
    assert "Two people are" in fire.text
    assert fire.edits == 1
    assert water.edits == 0
    assert greeting.text.startswith("Dateline")
    assert recap.text.startswith("3 updates since your last message:")
    assert [recap.text.count(f"News of minute {minute}") for minute in (30, 31, 32)] == [1, 1, 1]
    news.page.publish("19:40 GMT", WIND)
    await news.comes_round(2)
    assert texts(ann)[5:] == [f"19:40 GMT {WIND}\n\nFire in the harbour"]


async def test_a_group_that_adds_the_bot_again_goes_on(news: Newsroom) -> None:
    desk = news.sandbox.supergroup("Desk", "Olga")
    await news.opens()
    await news.subscribes(desk)
    desk.kick()
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()
    assert len(desk.shown) == 1

    news.app.sender.calm()
    desk.invite()
    await news.woken()
    await news.delivers()
    assert len(containing(desk, "second warehouse")) == 1
    assert desk.shown[-1].text.startswith("1 update since your last message")


async def test_a_group_where_the_bot_may_write_again(news: Newsroom) -> None:
    desk = news.sandbox.supergroup("Desk", "Olga")
    await news.opens()
    await news.subscribes(desk)
    desk.forbid()
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()
    news.app.sender.calm()
    desk.allow()
    await news.woken()
    await news.delivers()
    assert len(containing(desk, "second warehouse")) == 1


async def test_who_stopped_and_blocked_is_not_followed_up(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    await news.subscribes(ann)
    await news.asks(ann, "/unsubscribe")
    ann.block()
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()
    await news.asks(ann, "/start")
    await news.delivers()
    assert not containing(ann, "second warehouse")


# --- a group becomes a supergroup -------------------------------------------------------------------------------------


async def _missed_by_the_bot(news: Newsroom, happens: Callable[[], Chat]) -> Chat:
    """Something happens while the bot is down, and Telegram does not tell it afterwards."""
    await news.dies()
    chat = happens()
    news.sandbox.world.updates.clear()
    await news.starts()
    return chat


@pytest.mark.parametrize("learns", ["from a refusal", "from the service message"])
async def test_a_group_that_became_a_supergroup(news: Newsroom, learns: str) -> None:
    desk = news.sandbox.group("Desk", "Olga")
    await news.opens()
    await news.subscribes(desk)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()

    if learns == "from a refusal":
        moved = await _missed_by_the_bot(news, desk.migrate)
    else:
        news.app.sender.calm()
        moved = desk.migrate()
        await news.woken()
    news.page.correct("19:16 GMT", FIRE.replace("Nobody is", "Two people are"))
    news.page.publish("19:20 GMT", WIND)
    await news.comes_round(2)

    assert len(refused(news, desk)) == (1 if learns == "from a refusal" else 0)
    assert len(desk.shown) == 2, "old messages stay as they are"
    assert all(message.edits == 0 for message in desk.shown)
    assert len(containing(moved, "wind is turning")) == 1
    assert not containing(moved, "second warehouse"), "nothing is sent twice"
    [note] = containing(moved, "Correction")
    assert note.reply_to is None
    assert len(await following(news, moved)) == 1
    assert "1 update" not in (await news.asks(moved, "/unsubscribe")).text
    assert await following(news, moved) == []


async def test_a_supergroup_that_follows_the_story_already_is_merged(news: Newsroom) -> None:
    desk = news.sandbox.group("Desk", "Olga")
    await news.opens()
    await news.subscribes(desk)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()
    moved = await _missed_by_the_bot(news, desk.migrate)
    await news.subscribes(moved)

    for minute in (20, 21):
        news.page.publish(f"19:{minute} GMT", f"News of minute {minute}.")
        await news.comes_round()

    assert len(refused(news, desk)) == 1
    assert [len(containing(moved, f"minute {minute}")) for minute in (20, 21)] == [1, 1]
    assert len(await following(news, moved)) == 1
    assert await following(news, desk) == []


async def test_learning_twice_of_a_move_changes_nothing_more(news: Newsroom) -> None:
    desk = news.sandbox.group("Desk", "Olga")
    await news.opens()
    await news.subscribes(desk)
    news.app.sender.calm()
    moved = desk.migrate()
    await news.woken()
    async with news.app.database.write() as connection:
        await subscriptions.migrate(connection, desk.id, moved.id)
        known = (await connection.execute(sa.select(chats.c.id, chats.c.title))).all()
    assert [tuple(chat) for chat in known] == [(moved.id, "Desk")]


async def test_what_was_stopped_in_the_supergroup_stays_stopped(news: Newsroom) -> None:
    desk = news.sandbox.group("Desk", "Olga")
    await news.opens()
    await news.subscribes(desk)
    moved = await _missed_by_the_bot(news, desk.migrate)
    await news.subscribes(moved)
    assert "Stopped" in (await news.asks(moved, "/unsubscribe")).text
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round(2)

    assert len(refused(news, desk)) == 1
    assert not containing(moved, "second warehouse")
    assert await following(news, moved) == []


# --- messages that cannot be edited -----------------------------------------------------------------------------------


async def test_a_message_that_its_reader_deleted_is_left_alone(news: Newsroom, ann: Chat, ben: Chat) -> None:
    await news.opens()
    await news.subscribes(ann, ben)
    news.page.publish("19:16 GMT", WATER)
    await news.comes_round()
    ann.forget(ann.shown[-1])

    for engines in (13, 14, 15):
        news.page.correct("19:16 GMT", WATER.replace("12", str(engines)))
        await news.comes_round()

    edits = calls(news, ann, "editMessageText")
    assert [call.description for call in edits] == ["Bad Request: message to edit not found"]
    assert "15 engines" in ben.shown[1].text
    assert ben.shown[1].edits == 3
    news.page.publish("19:20 GMT", WIND)
    await news.comes_round()
    assert len(containing(ann, "wind is turning")) == 1


@pytest.mark.parametrize("words", ["message can't be edited", "MESSAGE_ID_INVALID"])
async def test_other_words_for_a_message_that_cannot_be_edited(news: Newsroom, ann: Chat, words: str) -> None:
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", WATER)
    await news.comes_round()
    news.sandbox.faults.next("editMessageText", ann, "400", reason=words)
    for engines in (13, 14):
        news.page.correct("19:16 GMT", WATER.replace("12", str(engines)))
        await news.comes_round()
    assert len(calls(news, ann, "editMessageText")) == 1
    assert len(await following(news, ann)) == 1


async def test_an_edit_whose_answer_was_lost_is_repeated(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()
    news.sandbox.faults.next("editMessageText", ann, "cut-after")
    news.page.correct("19:16 GMT", FIRE.replace("second", "third"))
    await news.comes_round()

    edits = calls(news, ann, "editMessageText")
    assert [call.status for call in edits] == [0, 400]
    assert "not modified" in edits[1].description
    assert ann.shown[1].edits == 1
    assert len(containing(ann, "Correction")) <= 1


@pytest.mark.parametrize("reason", ["can't parse entities: Unsupported start tag", "message is too long"])
async def test_what_telegram_cannot_read_goes_out_as_plain_text(news: Newsroom, ann: Chat, reason: str) -> None:
    await news.opens()
    await news.subscribes(ann)
    news.sandbox.faults.next("sendMessage", ann, "400", reason=reason)
    news.page.publish("19:16 GMT", "Smoke & <sparks>.")
    await news.comes_round(2)

    assert texts(ann)[1:] == ["19:16 GMT Smoke & <sparks>.\n\nFire in the harbour"]
    assert not ann.shown[1].entities


# --- wait -------------------------------------------------------------------------------------------------------------


async def test_a_chat_that_must_wait_holds_up_nobody_else(news: Newsroom, ann: Chat, ben: Chat) -> None:
    await news.opens()
    await news.subscribes(ann, ben)
    news.sandbox.faults.next("sendMessage", ann, "429", retry_after=3600)
    for minute in (16, 17, 18):
        news.page.publish(f"19:{minute} GMT", f"News of minute {minute}.")
        await news.comes_round()
    assert not containing(ann, "News of")
    assert len(containing(ben, "News of")) == 3
    assert len(refused(news, ann)) == 1

    await news.restarts()
    await news.delivers()
    assert not containing(ann, "News of"), "the wait outlives the bot"
    news.clock.advance(seconds=3600)
    await news.delivers()

    [bundle] = containing(ann, "News of")
    places = [bundle.text.index(f"minute {minute}") for minute in (16, 17, 18)]
    assert places == sorted(places)


async def test_two_chats_told_to_wait_within_a_second_hold_all(news: Newsroom) -> None:
    chats = [news.reader(f"Reader {number}") for number in range(20)]
    await news.opens()
    await news.subscribes(*chats)
    for chat in chats[:2]:
        news.sandbox.faults.next("sendMessage", chat, "429", retry_after=30)
    news.page.publish("19:16 GMT", FIRE)
    await news.reads()
    start = news.clock.now()
    await news.delivers()

    assert all(len(containing(chat, "second warehouse")) == 1 for chat in chats)
    at = sorted(containing(chat, "second warehouse")[0].sent_at - start for chat in chats)
    early = [moment for moment in at if moment < timedelta(seconds=29)]
    assert len(early) <= 8, "those that were in flight"
    assert at[len(early)] >= timedelta(seconds=29.9)


async def test_a_command_is_answered_after_the_wait(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    news.sandbox.faults.next("sendMessage", ann, "429", retry_after=7)
    assert "1 update" in (await news.asks(ann, "/latest")).text
    assert news.clock.now() - START >= timedelta(seconds=7)


# --- no answer, or a useless one --------------------------------------------------------------------------------------


async def test_a_server_error_is_tried_again_less_and_less_often(news: Newsroom, ann: Chat, ben: Chat) -> None:
    await news.opens()
    await news.subscribes(ann, ben)
    news.sandbox.faults.next("sendMessage", ann, "500", times=4)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()

    attempts = [call.at for call in calls(news, ann, "sendMessage")][1:]
    waits = [(later - earlier).total_seconds() for earlier, later in pairwise(attempts)]
    assert waits == pytest.approx([2, 4, 8, 16], abs=0.2)
    assert len(containing(ann, "second warehouse")) == len(containing(ben, "second warehouse")) == 1


async def test_telegram_cannot_be_reached_for_a_while(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", FIRE)
    await news.reads()
    port = int(news.sandbox.address.rpartition(":")[2].strip("/"))
    await news.sandbox.stop()
    for _ in range(3):
        await news.app.sender.serve_due()
        news.clock.advance(seconds=20)
    assert not containing(ann, "second warehouse")

    await news.sandbox.start(port=port)
    await news.delivers()
    assert len(containing(ann, "second warehouse")) == 1


@pytest.mark.parametrize("kind", ["cut-before", "cut-after", "502"])
async def test_an_unknown_outcome_is_sent_again(news: Newsroom, ann: Chat, ben: Chat, kind: str) -> None:
    await news.opens()
    await news.subscribes(ann, ben)
    news.sandbox.faults.next("sendMessage", ann, kind)  # type: ignore[arg-type]
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round(2)

    assert len(containing(ann, "second warehouse")) == (2 if kind == "cut-after" else 1)
    assert len(containing(ben, "second warehouse")) == 1


@pytest.mark.parametrize("kind", ["cut-before", "cut-after"])
async def test_an_unknown_outcome_is_skipped_where_the_operator_says_so(skipping: Newsroom, kind: str) -> None:
    ann = skipping.reader("Ann")
    await skipping.opens()
    await skipping.subscribes(ann)
    skipping.sandbox.faults.next("sendMessage", ann, kind)  # type: ignore[arg-type]
    skipping.page.publish("19:16 GMT", FIRE)
    await skipping.comes_round(2)
    assert len(containing(ann, "second warehouse")) == (1 if kind == "cut-after" else 0)

    skipping.page.correct("19:16 GMT", FIRE.replace("second", "third"))
    skipping.page.publish("19:20 GMT", WIND)
    await skipping.comes_round(2)
    assert not calls(skipping, ann, "editMessageText")
    assert len(containing(ann, "wind is turning")) == 1


@pytest.mark.parametrize("what", ["welcome", "news", "recap"])
@pytest.mark.parametrize("policy", ["resend", "skip"])
async def test_a_crash_in_the_middle_of_a_call(tmp_path: Path, policy: str, what: str) -> None:
    async with Newsroom(tmp_path, delivery={"on_unknown": policy}) as news:
        ann = news.reader("Ann")
        await news.opens()
        if what != "welcome":
            await news.subscribes(ann)
            for minute in range(16, 17 if what == "news" else 30):
                news.page.publish(f"19:{minute} GMT", f"News of minute {minute}.")
            await news.reads()
        else:
            news.app.sender.calm()
            await ann.says(f"/subscribe {SLUG}")
            await news.woken()
        news.sandbox.faults.next("sendMessage", ann, "hold")
        serving = asyncio.create_task(news.app.sender.serve_due())
        await news.sandbox.until(lambda: news.sandbox.faults.held == 1)
        await news.is_killed(serving)
        before = len(ann.shown)
        news.sandbox.faults.release()
        await ann.until(lambda _: len(ann.shown) == before + 1)

        await news.starts()
        await news.delivers()
        times = 2 if policy == "resend" else 1
        if what == "recap":  # it names the newest only; "skip" tells the others in another one
            assert [len(containing(ann, f"minute {n}")) for n in range(25, 30)] == [times] * 5
        else:
            assert len(ann.shown) == before + times
        before = len(ann.shown)

        news.page.publish("19:40 GMT", WIND)
        await news.comes_round(2)
        assert len(containing(ann, "wind is turning")) == 1
        assert len(ann.shown) == before + 1


# --- the operator's ---------------------------------------------------------------------------------------------------


async def test_a_token_that_is_revoked_ends_the_run_with_a_sentence(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", FIRE)
    await news.reads()
    news.sandbox.faults.next("sendMessage", ann, "401")
    with pytest.raises(CannotRun, match=r"does not accept telegram\.token"):
        async with asyncio.timeout(5):
            await serve(news.app, asyncio.Event())

    await news.restarts()
    await news.delivers()
    assert len(containing(ann, "second warehouse")) == 1
    news.page.publish("19:20 GMT", WIND)
    await news.reads()
    news.sandbox.faults.next("sendMessage", ann, "401")
    with pytest.raises(errors.WrongToken):
        await news.app.sender.serve_due()


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 503, 404, 403])
async def test_a_page_that_is_away_is_asked_less_often_and_loses_nothing(
    news: Newsroom, ann: Chat, status: int
) -> None:
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", FIRE)
    news.page.status = status
    requests = news.page.requests
    for _ in range(9):  # at 1, 2, 3, 5 and 8 minutes: it waits for 20 seconds, and then twice as long each time
        await news.comes_round()
    assert len(ann.shown) == 1
    assert news.page.requests - requests == (await news.story()).failures == 5

    news.page.status = 200
    await news.reads(minutes=15)
    await news.delivers()
    assert len(containing(ann, "second warehouse")) == 1
    assert (await news.story()).failures == 0
    assert len(ann.shown) == 2


async def test_a_page_server_that_is_down(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    await news.subscribes(ann)
    port = int(news.sandbox.address.rpartition(":")[2].strip("/"))
    await news.sandbox.stop()
    await news.reads()
    assert (await news.story()).failures == 1
    await news.sandbox.start(port=port)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()
    assert len(containing(ann, "second warehouse")) == 1


SHELLS = {
    "empty": "",
    "blank": "\n \n",
    "a heading": "Fire in the harbour Live updates\n\n14/03/2016\n",
    "a challenge": "<html><head><title>Just a moment...</title></head><body><div id='c'></div></body></html>",
    "an error in JSON": '{"error": "internal", "code": 17}',
    "binary": "\x00\x01\x02\x03" * 300,
    "words": "Sorry, we are doing some work on our site. Come back at lunch.\n\nThe team",
}


@pytest.mark.parametrize("shell", SHELLS.values(), ids=SHELLS)
async def test_a_page_that_turns_into_garbage_and_comes_back(news: Newsroom, ann: Chat, shell: str) -> None:
    await news.opens(("18:40 GMT", "An alarm is raised."), ("18:50 GMT", WIND))
    await news.subscribes(ann)
    for stamp, text in (("19:16 GMT", FIRE), ("19:20 GMT", WATER)):
        news.page.publish(stamp, text)
        await news.comes_round()
    before = texts(ann)

    news.page.whole = shell
    for _ in range(5):
        await news.reads(minutes=10)
        await news.delivers()
    assert texts(ann) == before

    news.page.whole = None
    news.page.publish("19:30 GMT", "A ship has left the burning quay.")
    await news.reads(minutes=20)
    await news.delivers()
    assert texts(ann)[:-1] == before
    assert all(message.edits == 0 for message in ann.shown)
    assert "A ship has left" in ann.shown[-1].text
    assert "· 2 updates" not in ann.shown[-1].text


async def test_a_page_that_shrinks_to_a_few_entries_retracts_nothing(news: Newsroom, ann: Chat) -> None:
    await news.opens(*((f"18:{minute} GMT", f"News of minute {minute}, like no other.") for minute in range(10, 20)))
    await news.subscribes(ann)
    kept, news.page.entries = news.page.entries, [news.page.entries[0], news.page.entries[-1]]
    await news.comes_round(5)
    news.page.entries = kept
    await news.comes_round(2)
    assert len(ann.shown) == 1
    assert ann.shown[0].edits == 0


async def test_garbage_at_the_first_reading_makes_the_real_page_no_news(news: Newsroom, ann: Chat) -> None:
    await news.subscribes(ann)
    news.page.whole = SHELLS["a challenge"]
    await news.opens()
    await news.delivers()
    assert len(ann.shown) == 1

    news.page.whole = None
    for minute in range(10, 14):
        news.page.publish(f"18:{minute} GMT", f"News of minute {minute}.", at=1)
    await news.comes_round(2)
    assert len(ann.shown) == 2
    assert ann.shown[1].text.startswith("You now follow")


# --- too much at once -------------------------------------------------------------------------------------------------


async def test_suspiciously_many_entries_are_one_recap(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    await news.subscribes(ann)
    for minute in range(10, 22):
        news.page.publish(f"19:{minute} GMT", f"News of minute {minute}.")
    await news.comes_round(2)

    [_, recap] = ann.shown
    assert recap.text.startswith("12 updates since your last message; the newest:")
    assert "minute 21" in recap.text
    assert "minute 16" not in recap.text
    await news.presses(ann, "Read them")
    await ann.until(lambda _: "13 updates" in ann.shown[-1].text)
    news.page.correct("19:21 GMT", "News of the last minute 21.")
    await news.comes_round(2)
    assert "News of the last minute 21" in ann.find(recap.id).text  # type: ignore[union-attr]


async def test_after_hours_of_silence_one_recap(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    await news.subscribes(ann)
    for minute in (16, 17, 18):
        news.page.publish(f"19:{minute} GMT", f"News of minute {minute}.")
        await news.reads()
    await news.dies()
    news.clock.advance(hours=3)
    await news.starts()
    await news.delivers()

    [_, recap] = ann.shown
    assert recap.text.startswith("3 updates since your last message:")
    news.page.publish("22:20 GMT", WIND)
    await news.comes_round()
    assert ann.shown[-1].text.startswith("22:20 GMT The wind")
