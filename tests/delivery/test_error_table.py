"""The table of errors, row by row: what Telegram answers, in its own words and over HTTP, and what that asks for.

First each answer as it is written, then those that the sandbox gives of itself to a bot that is where it should not be.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from lines import HELLO, TOKEN, answering, line, messenger, refusal, transport
from telegram import Bot
from telegram.error import BadRequest, Conflict, EndPointNotFound, Forbidden, InvalidToken
from telegram.ext import ExtBot

from bot.delivery import errors
from bot.delivery.rendered import Rendered
from bot.delivery.telegram import Messenger, classify
from bot.delivery.transport import Patience
from bot.sandbox import Chat, Sandbox

GONE, TOPIC, EDITS, FAULT, TRUE = (
    errors.ChatGone,
    errors.TopicGone,
    errors.NotEditable,
    errors.Malformed,
    errors.NotModified,
)

REFUSALS = [
    (403, "Forbidden: bot was blocked by the user", GONE),
    (403, "Forbidden: user is deactivated", GONE),
    (403, "Forbidden: bot was kicked from the group chat", GONE),
    (403, "Forbidden: bot was kicked from the supergroup chat", GONE),
    (403, "Forbidden: bot was kicked from the channel chat", GONE),
    (403, "Forbidden: bot is not a member of the group chat", GONE),
    (403, "Forbidden: bot is not a member of the supergroup chat", GONE),
    (403, "Forbidden: bot is not a member of the channel chat", GONE),
    (403, "Forbidden: the group chat was deleted", GONE),
    (403, "Forbidden: bot can't initiate conversation with a user", GONE),
    (403, "Forbidden: something that nobody foresaw", GONE),
    (400, "Bad Request: chat not found", GONE),
    (400, "Bad Request: PEER_ID_INVALID", GONE),
    (400, "Bad Request: not enough rights to send text messages to the chat", GONE),
    (400, "Bad Request: need administrator rights in the channel chat", GONE),
    (400, "Bad Request: have no write access to the chat", GONE),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN", GONE),
    (400, "Bad Request: CHAT_RESTRICTED", GONE),
    (400, "Bad Request: message thread not found", TOPIC),
    (400, "Bad Request: TOPIC_CLOSED", TOPIC),
    (
        400,
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as "
        "a current content and reply markup of the message",
        TRUE,
    ),
    (400, "Bad Request: message to edit not found", EDITS),
    (400, "Bad Request: message can't be edited", EDITS),
    (400, "Bad Request: MESSAGE_ID_INVALID", EDITS),
    (400, "Bad Request: message to delete not found", EDITS),
    (400, "Bad Request: message can't be deleted for everyone", EDITS),
    (400, "Bad Request: message is too long", FAULT),
    (400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0', FAULT),
    (400, "Bad Request: message text is empty", FAULT),
    (400, "Bad Request: something that nobody foresaw", FAULT),
    (401, "Unauthorized", errors.WrongToken),
    (404, "Not Found", errors.WrongToken),
    (500, "Internal Server Error", errors.NotSent),
    (503, "Service Unavailable", errors.NotSent),
    (502, "Bad Gateway", errors.Unknown),
    (504, "Gateway Timeout", errors.Unknown),
]


@pytest.mark.parametrize(
    ("code", "description", "asked"), REFUSALS, ids=[f"{row[0]} {row[1][:60]}" for row in REFUSALS]
)
async def test_an_answer_asks_for(code: int, description: str, asked: type[errors.DeliveryError]) -> None:
    async with line(answering(refusal(code, description))) as server, messenger(server.base_url) as sender:
        with pytest.raises(errors.DeliveryError) as caught:
            await sender.send(1, 0, HELLO)
    assert type(caught.value) is asked


@pytest.mark.parametrize(("code", "description", "asked"), [row for row in REFUSALS if row[0] in {400, 403}])
def test_the_words_as_python_telegram_bot_passes_them_on(
    code: int, description: str, asked: type[errors.DeliveryError]
) -> None:
    """It strips "Bad Request: " and capitalises the rest, capitals in the middle and all."""
    stripped = description.removeprefix("Bad Request: ").capitalize()
    error = BadRequest(stripped) if code == 400 else Forbidden(description)
    assert type(classify(error)) is asked
    assert type(classify(type(error)(description))) is asked


async def test_an_upgraded_group_tells_its_new_id() -> None:
    answer = refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1007)
    async with line(answering(answer)) as server, messenger(server.base_url) as sender:
        with pytest.raises(errors.Migrated) as caught:
            await sender.send(-7, 0, HELLO)
    assert caught.value.new_chat_id == -1007


@pytest.mark.parametrize("seconds", [1, 35, 20_000])
async def test_too_many_requests_tell_how_long_to_wait(seconds: int) -> None:
    answer = refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
    async with line(answering(answer)) as server, messenger(server.base_url) as sender:
        with pytest.raises(errors.Wait) as caught:
            await sender.send(1, 0, HELLO)
    assert caught.value.seconds == seconds


async def test_too_many_requests_without_a_time_are_tried_again() -> None:
    async with line(answering(refusal(429, "Too Many Requests"))) as server, messenger(server.base_url) as sender:
        with pytest.raises(errors.NotSent):
            await sender.send(1, 0, HELLO)


async def test_another_poller_is_named() -> None:
    words = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    async with line(answering(refusal(409, words))) as server, transport() as made:
        with pytest.raises(Conflict):
            await Bot(TOKEN, server.base_url, get_updates_request=made).get_updates()


@pytest.mark.parametrize("error", [InvalidToken("Unauthorized"), EndPointNotFound("Endpoint 'sendMessage' not found")])
def test_a_wrong_token_is_one_sentence(error: InvalidToken | EndPointNotFound) -> None:
    assert isinstance(asked := classify(error), errors.WrongToken)
    assert str(asked) == errors.WrongToken.__doc__


# --- the sandbox ------------------------------------------------------------------------------------------------------


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
async def sender(sandbox: Sandbox) -> AsyncIterator[Messenger]:
    """Of a bot that knows who it is, as the running one does."""
    async with transport(Patience(read=1.0)) as made, transport() as polling:
        bot = ExtBot(sandbox.token, sandbox.base_url, request=made, get_updates_request=polling)
        await bot.initialize()
        yield Messenger(bot)


def _left(sandbox: Sandbox, kind: str) -> Chat:
    """As all of these: the bot is not told, and learns by a refused call."""
    chat = sandbox.make(kind, "Ann")
    chat.bot_status = "left"
    return chat


def _kicked(sandbox: Sandbox, kind: str) -> Chat:
    chat = sandbox.make(kind, "Ann")
    chat.bot_status = "kicked"
    return chat


def _deleted(sandbox: Sandbox, kind: str) -> Chat:
    chat = sandbox.make(kind, "Ann")
    chat.delete()
    return chat


def _mute(sandbox: Sandbox, kind: str) -> Chat:
    chat = sandbox.make(kind, "Ann")
    chat.bot_status = "restricted" if kind != "channel" else "member"
    return chat


PLACES: list[tuple[Callable[[Sandbox, str], Chat], str]] = [
    (_kicked, "private"),
    (_kicked, "group"),
    (_kicked, "supergroup"),
    (_kicked, "channel"),
    (_left, "group"),
    (_left, "supergroup"),
    (_left, "channel"),
    (_deleted, "private"),
    (_deleted, "group"),
    (_deleted, "supergroup"),
    (_deleted, "channel"),
    (_mute, "group"),
    (_mute, "supergroup"),
    (_mute, "channel"),
    (lambda sandbox, _: sandbox.private("Ben", started=False), "private"),
]


@pytest.mark.parametrize(("place", "kind"), PLACES)
async def test_a_chat_that_the_bot_cannot_write_to(
    sandbox: Sandbox, sender: Messenger, place: Callable[[Sandbox, str], Chat], kind: str
) -> None:
    with pytest.raises(errors.ChatGone):
        await sender.send(place(sandbox, kind).id, 0, HELLO)


async def test_a_chat_that_is_not_there(sender: Messenger) -> None:
    with pytest.raises(errors.ChatGone):
        await sender.send(404, 0, HELLO)


async def test_a_group_that_moved(sandbox: Sandbox, sender: Messenger) -> None:
    group = sandbox.group("Harbour", "Ann")
    moved = group.migrate()
    with pytest.raises(errors.Migrated) as caught:
        await sender.send(group.id, 0, HELLO)
    assert await sender.send(caught.value.new_chat_id, 0, HELLO)
    assert moved.shown[-1].text == "Hello"


async def test_a_topic_that_is_closed_or_gone(sandbox: Sandbox, sender: Messenger) -> None:
    forum = sandbox.forum("Harbour", "Ann", ["Fire"])
    [topic] = forum.topics
    assert await sender.send(forum.id, topic, HELLO)
    forum.close_topic(topic)
    for thread in (topic, 99_999):
        with pytest.raises(errors.TopicGone):
            await sender.send(forum.id, thread, HELLO)


async def test_messages_that_cannot_be_edited(sandbox: Sandbox, sender: Messenger) -> None:
    ann = sandbox.private("Ann")
    own = await ann.says("Mine")
    message_id = await sender.send(ann.id, 0, HELLO)
    await sender.edit(ann.id, message_id, HELLO)  # it says so already: no error
    ann.forget(message_id)
    for other in (own.id, message_id):
        with pytest.raises(errors.NotEditable):
            await sender.edit(ann.id, other, Rendered("Other words"))
    with pytest.raises(errors.NotEditable):
        await sender.delete(ann.id, message_id)


async def test_what_telegram_cannot_read_goes_out_as_plain_text(sandbox: Sandbox, sender: Messenger) -> None:
    ann = sandbox.private("Ann")
    message_id = await sender.send(ann.id, 0, Rendered("a <x>strange</x> tag &amp; more"))
    assert ann.shown[-1].text == "a strange tag & more"
    await sender.edit(ann.id, message_id, Rendered("<b>half"))
    assert ann.shown[-1].text == "half"
    with pytest.raises(errors.Malformed):
        await sender.send(ann.id, 0, Rendered("x" * 4097))


@pytest.mark.parametrize(
    ("kind", "reason", "asked"),
    [
        ("400", "PEER_ID_INVALID", errors.ChatGone),
        ("400", "have no write access to the chat", errors.ChatGone),
        ("400", "MESSAGE_ID_INVALID", errors.NotEditable),
        ("401", "", errors.WrongToken),
        ("403", "bot was blocked by the user", errors.ChatGone),
        ("429", "", errors.Wait),
        ("500", "", errors.NotSent),
        ("502", "", errors.Unknown),
        ("cut-before", "", errors.Unknown),
        ("cut-after", "", errors.Unknown),
        ("hold", "", errors.Unknown),
    ],
)
async def test_a_fault(sandbox: Sandbox, sender: Messenger, kind: str, reason: str, asked: type[Exception]) -> None:
    ann = sandbox.private("Ann")
    sandbox.faults.next("sendMessage", ann, kind, reason=reason)  # type: ignore[arg-type]
    with pytest.raises(errors.DeliveryError) as caught:
        await sender.send(ann.id, 0, HELLO)
    assert type(caught.value) is asked
    assert len([message for message in ann.shown if message.text == "Hello"]) == (kind == "cut-after")
    sandbox.faults.release()


async def test_a_token_that_is_not_the_bots(sandbox: Sandbox) -> None:
    async with messenger(sandbox.base_url) as stranger:
        with pytest.raises(errors.WrongToken):
            await stranger.send(1, 0, HELLO)


async def test_a_method_that_is_not_there_is_the_tokens_fault(sandbox: Sandbox, sender: Messenger) -> None:
    with pytest.raises(EndPointNotFound) as caught:
        await sender._bot.do_api_request("SendNothing")
    assert isinstance(classify(caught.value), errors.WrongToken)


async def test_the_older_of_two_pollers(sandbox: Sandbox) -> None:
    async with transport() as first, transport() as second:
        polls: list[Awaitable[object]] = [
            asyncio.ensure_future(Bot(sandbox.token, sandbox.base_url, get_updates_request=made).get_updates(timeout=1))
            for made in (first, second)
        ]
        older, newer = await asyncio.gather(*polls, return_exceptions=True)
    assert {type(older), type(newer)} == {Conflict, tuple}
