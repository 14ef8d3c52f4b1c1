"""What the methods do, and the words with which they refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from sandbox_client import Api

from bot.sandbox import Chat, Clock, ImpossibleError, Sandbox

Scene = Callable[[Sandbox], dict[str, Any]]


def private(sandbox: Sandbox, **changes: Any) -> dict[str, Any]:
    return {"chat_id": sandbox.private("Ann").id, "text": "hi"} | changes


def always(params: dict[str, Any]) -> Scene:
    return lambda _: params


def after(kind: str, act: Callable[[Chat], object]) -> Scene:
    def scene(sandbox: Sandbox) -> dict[str, Any]:
        chat = sandbox.make(kind, "Ann")
        chat.is_started = True
        act(chat)
        return {"chat_id": chat.id, "text": "hi"}

    return scene


def with_data(data: object) -> Scene:
    return lambda sandbox: private(sandbox, reply_markup={"inline_keyboard": [[{"text": "a", "callback_data": data}]]})


SEND = "sendMessage"
REFUSALS: list[tuple[str, Scene, int, str]] = [
    (SEND, always({"text": "hi"}), 400, "Bad Request: chat_id is empty"),
    (SEND, always({"chat_id": 7, "text": "hi"}), 400, "Bad Request: chat not found"),
    (SEND, always({"chat_id": "@nobody", "text": "hi"}), 400, "Bad Request: chat not found"),
    (SEND, lambda s: private(s, text=""), 400, "Bad Request: message text is empty"),
    (SEND, lambda s: private(s, text="a" * 4097), 400, "Bad Request: message is too long"),
    (SEND, lambda s: private(s, reply_to_message_id=9), 400, "Bad Request: message to be replied not found"),
    (SEND, lambda s: private(s, message_thread_id=9), 400, "Bad Request: message thread not found"),
    (SEND, lambda s: private(s, message_thread_id="x"), 400, "Bad Request: invalid message_thread_id specified"),
    (SEND, lambda s: private(s, reply_markup="{"), 400, "Bad Request: can't parse reply markup JSON object"),
    (SEND, lambda s: private(s, reply_markup="[]"), 400, "Bad Request: object expected as reply markup"),
    (SEND, with_data(""), 400, "Bad Request: BUTTON_DATA_INVALID"),
    (SEND, with_data("é" * 33), 400, "Bad Request: BUTTON_DATA_INVALID"),
    (SEND, after("private", Chat.block), 403, "Forbidden: bot was blocked by the user"),
    (SEND, after("private", Chat.delete), 403, "Forbidden: user is deactivated"),
    (SEND, after("group", Chat.kick), 403, "Forbidden: bot was kicked from the group chat"),
    (SEND, after("supergroup", Chat.kick), 403, "Forbidden: bot was kicked from the supergroup chat"),
    (SEND, after("channel", Chat.kick), 403, "Forbidden: bot was kicked from the channel chat"),
    (SEND, after("supergroup", Chat.dismiss), 403, "Forbidden: bot is not a member of the supergroup chat"),
    (SEND, after("group", Chat.delete), 403, "Forbidden: the group chat was deleted"),
    (SEND, after("channel", Chat.delete), 400, "Bad Request: chat not found"),
    (SEND, after("group", Chat.forbid), 400, "Bad Request: not enough rights to send text messages to the chat"),
    (SEND, after("channel", Chat.forbid), 400, "Bad Request: need administrator rights in the channel chat"),
    (SEND, after("group", Chat.migrate), 400, "Bad Request: group chat was upgraded to a supergroup chat"),
    ("editMessageText", private, 400, "Bad Request: message identifier is not specified"),
    ("editMessageText", lambda s: private(s, message_id=9), 400, "Bad Request: message to edit not found"),
    ("deleteMessage", lambda s: private(s, message_id=9), 400, "Bad Request: message to delete not found"),
    (
        "answerCallbackQuery",
        always({"callback_query_id": "5"}),
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    ),
    (
        "getChatAdministrators",
        private,
        400,
        "Bad Request: there are no administrators in the private chat",
    ),
    ("getChatMember", lambda s: private(s, user_id=5), 400, "Bad Request: user not found"),
    ("sendChatAction", lambda s: private(s, action="fly"), 400, "Bad Request: wrong parameter action in request"),
    (
        "setMyCommands",
        always({"commands": [{"command": "No!", "description": "x"}]}),
        400,
        "Bad Request: BOT_COMMAND_INVALID",
    ),
    ("sendNothing", always({}), 404, "Not Found"),
    ("sendGift", always({"gift_id": "5"}), 400, "Bad Request: the sandbox does not carry out sendGift"),
    ("getFile", always({}), 400, 'Bad Request: parameter "file_id" is required'),
    ("sendPhoto", private, 400, "Bad Request: there is no photo in the request"),
    ("sendLocation", lambda s: private(s, latitude="north"), 400, 'Bad Request: parameter "longitude" is required'),
    (
        "banChatMember",
        lambda s: private(s, user_id=5),
        400,
        "Bad Request: method is available for supergroup and channel chats only",
    ),
]


@pytest.mark.parametrize(("method", "scene", "code", "description"), REFUSALS)
async def test_refusals(sandbox: Sandbox, api: Api, method: str, scene: Scene, code: int, description: str) -> None:
    answer = await api(method, **scene(sandbox))
    assert (answer["ok"], answer["error_code"], answer["description"]) == (False, code, description)
    call = sandbox.calls[-1]
    assert (call.method, call.status, call.description) == (method, code, description)


async def test_a_wrong_token_is_unauthorized(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    async with http.get(f"{sandbox.base_url}2:wrong/getMe") as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


@pytest.mark.parametrize("way", ["query", "form", "multipart", "json", "json as text"])
async def test_parameters_come_in_every_way(sandbox: Sandbox, http: aiohttp.ClientSession, api: Api, way: str) -> None:
    chat = sandbox.private("Ann")
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    as_text = {
        "chat_id": str(chat.id),
        "text": "hi",
        "disable_notification": "true",
        "reply_markup": json.dumps(keyboard),
    }
    native = {"chat_id": chat.id, "text": "hi", "disable_notification": True, "reply_markup": keyboard}
    options: dict[str, Any] = {
        "query": {"params": as_text},
        "form": {"data": as_text},
        "multipart": {"data": aiohttp.FormData(as_text, default_to_multipart=True)},
        "json": {"json": native},
        "json as text": {"json": as_text},
    }[way]
    async with http.request("GET" if way == "query" else "POST", f"{api.url}SENDMESSAGE", **options) as response:
        assert response.status == 200
    (message,) = chat.shown
    assert (message.text, message.silent, message.buttons) == ("hi", True, ["a"])
    assert sandbox.calls[-1].method == "sendMessage"


async def test_a_sent_message_keeps_what_it_was_sent_with(sandbox: Sandbox, api: Api, clock: Clock) -> None:
    chat = sandbox.private("Ann")
    question = await chat.says("/latest")
    sent = await api.result(
        "sendMessage",
        chat_id=chat.id,
        text="<b>Lavrov</b>: &quot;no&quot;",
        parse_mode="HTML",
        link_preview_options={"is_disabled": True},
        reply_parameters={"message_id": question.id},
    )
    (message,) = chat.shown
    assert message.raw == sent
    assert (message.id, message.text, message.html) == (2, 'Lavrov: "no"', '<b>Lavrov</b>: "no"')
    assert (message.reply_to, message.thread, message.sent_at) == (1, None, clock())
    assert sent["link_preview_options"] == {"is_disabled": True}
    assert sent["reply_to_message"]["text"] == "/latest"
    assert sent["from"]["is_bot"]


async def test_an_edit_leaves_a_history(sandbox: Sandbox, api: Api, clock: Clock) -> None:
    chat = sandbox.private("Ann")
    sent = await api.result("sendMessage", chat_id=chat.id, text="one")
    clock.advance(days=30)  # the bot's own messages can be edited at any age
    edit = {"chat_id": chat.id, "message_id": sent["message_id"], "text": "<i>two</i>", "parse_mode": "HTML"}
    edited = await api.result("editMessageText", **edit)
    assert edited["edit_date"] - edited["date"] == 30 * 86400
    assert (await api("editMessageText", **edit))["description"].startswith("Bad Request: message is not modified: ")
    (message,) = chat.shown
    assert (message.html, message.history, message.edits) == ("<i>two</i>", ["one"], 1)


async def test_an_edit_without_buttons_takes_them_away(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    sent = await api.result("sendMessage", chat_id=chat.id, text="one")
    target = {"chat_id": chat.id, "message_id": sent["message_id"]}
    await api.result("editMessageReplyMarkup", **target, reply_markup=keyboard)
    assert chat.shown[0].buttons == ["a"]
    await api.result("editMessageText", **target, text="one")
    assert chat.shown[0].buttons == []
    assert "not modified" in (await api("editMessageReplyMarkup", **target))["description"]


async def test_what_may_be_edited_and_deleted(sandbox: Sandbox, api: Api, clock: Clock) -> None:
    group = sandbox.group("Desk", owner="Ann")
    theirs = await group.says("/latest")
    target = {"chat_id": group.id, "message_id": theirs.id}
    assert (await api("editMessageText", **target, text="x"))["description"] == "Bad Request: message can't be edited"
    assert (await api("deleteMessage", **target))["description"] == "Bad Request: message can't be deleted"
    group.promote()
    assert await api.result("deleteMessage", **target) is True
    old = await api.result("sendMessage", chat_id=group.id, text="old")
    clock.advance(hours=49)
    refused = await api("deleteMessage", chat_id=group.id, message_id=old["message_id"])
    assert refused["description"] == "Bad Request: message can't be deleted"
    group.forget(old["message_id"])
    assert group.messages == []


async def test_topics(sandbox: Sandbox, api: Api) -> None:
    forum = sandbox.forum("Newsroom", owner="Ann", topics=["Syria"])
    syria = forum.topic("Syria")
    sent = await api.result("sendMessage", chat_id=forum.id, text="hi", message_thread_id=syria)
    assert (sent["message_thread_id"], sent["is_topic_message"], sent["chat"]["is_forum"]) == (syria, True, True)
    reply = await api.result("sendMessage", chat_id=forum.id, text="re", reply_to_message_id=sent["message_id"])
    assert reply["message_thread_id"] == syria
    general = await api("sendMessage", chat_id=forum.id, text="hi", message_thread_id=1)
    assert general["description"] == "Bad Request: message thread not found"
    forum.close_topic(syria)
    closed = await api("sendMessage", chat_id=forum.id, text="hi", message_thread_id=syria)
    assert closed["description"] == "Bad Request: TOPIC_CLOSED"
    forum.delete_topic(syria)
    gone = await api("sendMessage", chat_id=forum.id, text="hi", message_thread_id=syria)
    assert gone["description"] == "Bad Request: message thread not found"
    assert forum.messages == []


async def test_a_reply_may_do_without_its_message(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    reply = {"message_id": 77, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await api.result("sendMessage", chat_id=chat.id, text="x", reply_parameters=reply)


async def test_nobody_is_written_to_who_has_not_started(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann", started=False)
    refused = await api("sendMessage", chat_id=chat.id, text="hi")
    assert refused["description"] == "Forbidden: bot can't initiate conversation with a user"
    await chat.says("/start")
    assert (await api("sendMessage", chat_id=chat.id, text="hi"))["ok"]


async def test_members(sandbox: Sandbox, api: Api) -> None:
    ann, bob = sandbox.user("Ann"), sandbox.user("Bob")
    group = sandbox.group("Desk", owner=ann, members=[bob])

    async def status(user_id: int) -> str:
        return str((await api.result("getChatMember", chat_id=group.id, user_id=user_id))["status"])

    assert [await status(user.id) for user in (ann, bob, sandbox.user("Eve"))] == ["creator", "member", "left"]
    group.promote(bob)
    admins = await api.result("getChatAdministrators", chat_id=group.id)
    assert [admin["user"]["first_name"] for admin in admins] == ["Ann", "Bob"]
    await api.result("leaveChat", chat_id=group.id)
    assert group.is_blocked


async def test_menus_by_scope_and_language(sandbox: Sandbox, api: Api) -> None:
    latest = [{"command": "latest", "description": "The newest"}]
    await api.result("setMyCommands", commands=latest)
    await api.result("setMyCommands", commands=latest, scope={"type": "all_group_chats"}, language_code="de")
    assert sandbox.commands == {"default": latest, "all_group_chats/de": latest}
    assert await api.result("getMyCommands") == latest
    assert await api.result("getMyCommands", scope={"type": "chat", "chat_id": 5}) == []
    await api.result("deleteMyCommands")
    assert list(sandbox.commands) == ["all_group_chats/de"]


async def test_an_old_query_cannot_be_answered(sandbox: Sandbox, api: Api, clock: Clock) -> None:
    chat = sandbox.private("Ann")
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    await api.result("sendMessage", chat_id=chat.id, text="hi", reply_markup=keyboard)
    query_id = await chat.press("a")
    clock.advance(minutes=5)
    assert "query is too old" in (await api("answerCallbackQuery", callback_query_id=query_id))["description"]


async def test_who_blocked_the_bot_cannot_speak_but_start(sandbox: Sandbox) -> None:
    chat = sandbox.private("Ann")
    chat.block()
    with pytest.raises(ImpossibleError, match="Ann has blocked the bot"):
        await chat.says("hello")


async def test_people_are_found_again(sandbox: Sandbox) -> None:
    assert sandbox.user("Ann") is sandbox.user("Ann")
    assert sandbox.private("Ann") is sandbox.private(sandbox.user("Ann"))


async def test_waiting_in_vain_shows_what_is_there(sandbox: Sandbox) -> None:
    chat = sandbox.private("Ann")
    await chat.says("hello")
    with pytest.raises(AssertionError, match="person 1: 'hello'"):
        await chat.until(lambda messages: messages[7], timeout=0.01)
