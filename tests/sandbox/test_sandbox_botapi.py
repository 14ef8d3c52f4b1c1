"""The published Bot API: its table, what is checked against it, and that nothing breaks whatever is sent."""

from __future__ import annotations

import ast
import contextlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from sandbox_client import PNG, Api

from bot.sandbox import Clock, Sandbox
from bot.sandbox.botapi import all_methods, documented
from bot.sandbox.botapi.renew import TABLE, compact, written
from bot.sandbox.errors import ApiError
from bot.sandbox.methods import METHODS
from bot.sandbox.methods.media import sender
from bot.sandbox.methods.texts import send_message
from bot.sandbox.params import Params, Upload

BOT = Path(__file__).parents[2] / "bot"
CALLED = re.compile(r"bot\.((?:send|edit|get|set|delete|answer|copy|forward|pin|unpin|leave)_[a-z_]+)\(")


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def called_methods() -> set[str]:
    """The methods that the bot calls: by python-telegram-bot's names for them, or by the Bot API's own."""
    sources = [path.read_text() for path in BOT.rglob("*.py") if "sandbox" not in path.parts]
    by_name = {camel(name) for source in sources for name in CALLED.findall(source)}
    nodes = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]
    words = {node.value.rstrip("_") for node in nodes if isinstance(node.value, str)}
    return by_name | (words & set(all_methods()))


def test_every_method_that_the_bot_calls_is_documented_and_carried_out() -> None:
    called = called_methods()
    assert {"sendMessage", "editMessageText", "deleteMessage", "getChatMember", "setMyCommands"} <= called
    assert called <= set(METHODS)
    assert called <= set(all_methods())


def test_the_sandbox_makes_up_no_methods() -> None:
    assert set(METHODS) | {"getUpdates"} <= set(all_methods())


def test_the_table_is_renewed_from_the_published_pages() -> None:
    fields = [
        {"name": "chat_id", "types": ["Integer", "String"], "required": True},
        {"name": "text", "types": ["String"], "required": False},
    ]
    spec = {"version": "Bot API 1", "methods": {"b": {"fields": fields}, "a": {}}}
    table = compact(spec)
    assert table["methods"] == {"a": {}, "b": {"chat_id": "Integer|String!", "text": "String"}}
    assert json.loads(written(table)) == table
    kept = TABLE.read_text()
    assert written(json.loads(kept)) == kept


async def test_an_unknown_parameter_is_ignored_but_noted(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    await api.result("sendMessage", chat_id=chat.id, text="hi", disable_notifications=True, reply_to_message_id=0)
    assert sandbox.calls[-1].warnings == (
        "sendMessage has no parameter disable_notifications",
        "reply_to_message_id is an old name; it is now reply_parameters",
    )


async def test_what_is_taken_and_not_used_is_noted(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    await api.uploads("sendVideo", {"video": b"film", "thumbnail": PNG}, chat_id=chat.id, cover="https://e.org/c.jpg")
    assert sandbox.calls[-1].warnings == ("the sandbox passes over cover", "the sandbox passes over thumbnail")
    refused = await api("sendMessage", chat_id=chat.id, text="hi", business_connection_id="5")
    assert refused["description"] == "Bad Request: business connection not found"


@pytest.mark.parametrize("path", ["bot", "bot{token}", "bot{token}/", "bot{token}/getMe/more", "file/bot{token}/"])
async def test_an_address_that_is_no_call(sandbox: Sandbox, api: Api, path: str) -> None:
    async with api.http.get(sandbox.address + path.format(token=sandbox.token)) as response:
        assert response.status == 404
        assert await response.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_a_method_may_be_written_in_any_case(sandbox: Sandbox, api: Api) -> None:
    assert (await api.result("GETME"))["is_bot"]
    assert sandbox.calls[-1].method == "getMe"


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("sendLocation", {"chat_id": 1, "latitude": "north", "longitude": 0}, "invalid latitude specified"),
        ("banChatMember", {"chat_id": 1, "user_id": "me"}, "invalid user_id specified"),
        ("deleteMessages", {"chat_id": 1, "message_ids": 5}, "can't parse message ids: Expected an Array of Integer"),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_parameters": []}, "object expected as reply parameters"),
        ("restrictChatMember", {"chat_id": 1, "user_id": 1}, 'parameter "permissions" is required'),
    ],
)  # fmt: skip
async def test_what_is_missing_or_of_a_wrong_type_is_refused(
    api: Api, method: str, params: dict[str, Any], reason: str
) -> None:
    answer = await api(method, **params)
    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {reason}")


# --- whatever is sent -------------------------------------------------------------------------------------------------

NONSENSE: list[Any] = [
    None, "", "x", "{", -1, 0, 10**30, "9" * 5000, 1.5, float("nan"), True, [], {}, [[]], [{}], [1], {"type": []},
    [{"type": []}], [{"type": "photo", "media": []}], "\ud83d", "attach://x", "https://\ud83d", "[" * 10_000,
    {"type": "photo", "media": "attach://y", "caption": 5}, {"inline_keyboard": [[{"text": "a", "url": 5}]]},
    {"message_id": 1, "quote": {}, "chat_id": []},
    [{"id": "1", "type": "article", "title": "t", "input_message_content": 5}],
]  # fmt: skip


def stage() -> tuple[Sandbox, dict[str, Any], dict[str, Upload]]:
    """A forum where the bot may do everything, and parameters with which most methods succeed."""
    sandbox = Sandbox(now=Clock())
    chat = sandbox.forum("Desk", owner="Ann", topics=["Syria"])
    chat.promote()
    chat.add(sandbox.user("Bob"))
    uploads = {"photo": Upload("p.png", "image/png", PNG), "x": Upload("x", "", b"x")}
    message_id = send_message(sandbox.world, Params({"chat_id": chat.id, "text": "hi"}))["message_id"]
    photo = sender("photo")(sandbox.world, Params({"chat_id": chat.id}, uploads))
    file_id = photo["photo"][0]["file_id"]
    good: dict[str, Any] = {
        "chat_id": chat.id, "from_chat_id": chat.id, "text": "new", "message_id": message_id,
        "message_ids": [message_id],
        "user_id": sandbox.user("Bob").id, "message_thread_id": chat.topic("Syria"), "name": "News", "title": "News",
        "latitude": 1, "longitude": 2, "address": "Quay", "phone_number": "1", "first_name": "Ann", "question": "Who?",
        "options": ["a", "b"], "permissions": {}, "commands": [], "results": [], "action": "typing", "file_id": file_id,
        "media": {"type": "photo", "media": file_id}, "inline_query_id": chat.asks_inline("q"), "custom_title": "Chief",
        "callback_query_id": "5", "invite_link": "https://t.me/+x",
    }  # fmt: skip
    return sandbox, good, uploads


@pytest.mark.parametrize("method", METHODS)
def test_nonsense_is_refused_and_breaks_nothing(method: str) -> None:
    known = documented(method)
    assert known is not None
    sandbox, good, uploads = stage()
    for name in known.parameters:
        for value in NONSENSE:
            params = {field: good[field] for field in known.parameters if field in good} | {name: value}
            with contextlib.suppress(ApiError):
                json.dumps(METHODS[method](sandbox.world, Params(params, uploads)))


@pytest.mark.parametrize("value", NONSENSE)
async def test_nonsense_over_http_is_answered(api: Api, value: Any) -> None:
    for params in ({"allowed_updates": value}, {"offset": value}, {"limit": value}):
        answer = await api("getUpdates", **params)
        assert answer["ok"] or answer["error_code"] == 400
    assert (await api("sendMessage", chat_id=value, text=value))["error_code"] == 400
