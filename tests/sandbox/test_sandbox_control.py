"""The sandbox steered over HTTP, as a test in any language would."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import aiohttp
import pytest
from sandbox_client import PNG, Api

from bot.sandbox import Sandbox


class Steering:
    """Asks /api and gives back what it answers."""

    def __init__(self, http: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self.http = http
        self.address = f"{sandbox.address}api/"

    async def __call__(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        async with self.http.request(method, self.address + path, json=body) as response:
            answer = await response.json()
            assert response.status == status, answer
            return answer

    async def post(self, path: str, status: int = 200, **body: Any) -> Any:
        return await self("POST", path, body, status)


@pytest.fixture
def steer(http: aiohttp.ClientSession, sandbox: Sandbox) -> Steering:
    return Steering(http, sandbox)


async def test_faults_are_asked_for_and_forgotten(sandbox: Sandbox, api: Api, steer: Steering) -> None:
    chat = sandbox.private("Ann")
    made = await steer.post("faults", kind="429", method="sendMessage", chat_id=chat.id, retry_after=7, times=2)
    assert (made["kind"], made["times"]) == ("429", 2)
    refused = await api("sendMessage", chat_id=chat.id, text="x")
    assert refused["parameters"] == {"retry_after": 7}
    assert [fault["times"] for fault in (await steer("GET", "faults"))["faults"]] == [1]
    await steer("DELETE", "faults")
    assert (await api("sendMessage", chat_id=chat.id, text="x"))["ok"]
    await steer.post("faults", kind="hold")
    held = asyncio.create_task(api("getMe"))
    await sandbox.until(lambda: sandbox.faults.held)
    await steer.post("faults/release")
    assert (await held)["ok"]


async def test_limits_and_the_clock(sandbox: Sandbox, api: Api, steer: Steering) -> None:
    chat = sandbox.private("Ann")
    settings = await steer.post("limits", enabled=True, chat_burst=1)
    assert (settings["enabled"], settings["chat_burst"], settings["per_second"]) == (True, 1, 30)
    assert (await api("sendMessage", chat_id=chat.id, text="x"))["ok"]
    assert not (await api("sendMessage", chat_id=chat.id, text="x"))["ok"]
    before = sandbox.world.now().timestamp()
    assert await steer.post("clock", advance=1) == {"now": before + 1}
    assert (await api("sendMessage", chat_id=chat.id, text="x"))["ok"]


async def test_time_has_an_end(steer: Steering) -> None:
    for _ in range(260):
        async with steer.http.post(f"{steer.address}clock", json={"advance": 10**9}) as response:
            last = response.status
    assert last == 409


async def test_the_real_time_cannot_be_moved(http: aiohttp.ClientSession) -> None:
    async with Sandbox() as real:
        refused = await Steering(http, real).post("clock", status=409, advance=1)
    assert refused == {"error": "The sandbox follows the real time."}


async def test_members_come_and_go(sandbox: Sandbox, api: Api, steer: Steering) -> None:
    group = sandbox.supergroup("Desk", owner="Ann")
    group.promote()
    await api.updates(offset=-1, allowed_updates=["chat_member", "message"])
    await api.updates(offset=2**31 - 1)
    path = f"chats/{group.id}/members"
    for action in ("join", "promote", "demote", "leave", "join", "ban"):
        about = await steer.post(path, action=action, user="Bob")
    assert about["members"] == [group.owner.id]
    updates = await api.updates()
    statuses = [update["chat_member"]["new_chat_member"]["status"] for update in updates if "chat_member" in update]
    assert statuses == ["member", "administrator", "member", "left", "member", "kicked"]
    services = [set(update["message"]) & {"new_chat_members", "left_chat_member"} for update in updates
                if "message" in update]  # fmt: skip
    assert services == [{"new_chat_members"}, {"left_chat_member"}] * 2
    assert await steer.post(path, status=409, action="join", user="Bob") == {"error": "Bob is banned from 'Desk'."}
    assert await steer.post(path, status=409, action="leave", user="Ann") == {"error": "Ann owns 'Desk'."}


async def test_what_the_bot_is(sandbox: Sandbox, api: Api, steer: Steering) -> None:
    group = sandbox.supergroup("Desk", owner="Ann")
    path = f"chats/{group.id}/bot"
    for status in ("administrator", "restricted", "left", "kicked", "member"):
        assert (await steer("POST", path, {"status": status}))["bot_status"] == status


async def test_rights_are_taken_away(sandbox: Sandbox, api: Api, steer: Steering) -> None:
    group = sandbox.supergroup("Desk", owner="Ann")
    message = await group.says("/latest")
    body = {"status": "administrator", "without": ["can_pin_messages"]}
    await steer("POST", f"chats/{group.id}/bot", body)
    refused = await api("pinChatMessage", chat_id=group.id, message_id=message.id)
    assert refused["description"] == "Bad Request: not enough rights to manage pinned messages in the chat"
    member = await api.result("getChatMember", chat_id=group.id, user_id=sandbox.world.bot.id)
    assert (member["can_pin_messages"], member["can_delete_messages"]) == (False, True)


async def test_migration_and_topics(sandbox: Sandbox, steer: Steering) -> None:
    group = sandbox.group("Desk", owner="Ann")
    moved = await steer.post(f"chats/{group.id}/migrate")
    assert moved["type"] == "supergroup"
    made = await steer.post(f"chats/{moved['id']}/topics", name="Syria")
    assert made["chat"]["topics"] == [{"id": made["id"], "name": "Syria", "closed": False}]
    closed = await steer.post(f"chats/{moved['id']}/topics", name="Syria", action="close")
    assert closed["chat"]["topics"][0]["closed"]
    await steer.post(f"chats/{moved['id']}/topics", name="Syria", action="delete")
    assert not sandbox.world.chats[moved["id"]].topics


async def test_inline_queries(sandbox: Sandbox, api: Api, steer: Steering) -> None:
    group = sandbox.group("Desk", owner="Ann")
    query = (await steer.post(f"chats/{group.id}/inline", query="smoke", user="Bob"))["inline_query_id"]
    (update,) = [update for update in await api.updates() if "inline_query" in update]
    assert (update["inline_query"]["query"], update["inline_query"]["from"]["first_name"]) == ("smoke", "Bob")
    assert (await steer("GET", f"inline/{query}"))["results"] is None
    waiting = asyncio.create_task(steer("GET", f"inline/{query}?wait=10"))
    article = {"type": "article", "id": "1", "title": "Say", "input_message_content": {"message_text": "smoke!"}}
    await api.result("answerInlineQuery", inline_query_id=query, results=[article])
    assert (await waiting)["results"] == [article]
    sent = await steer.post(f"inline/{query}", result="1")
    assert (sent["text"], sent["via_bot"]["is_bot"], sent["from"]["first_name"]) == ("smoke!", True, "Bob")
    refused = await steer.post(f"inline/{query}", status=409, result="2")
    assert refused == {"error": "The bot has offered no result '2'."}


async def test_a_person_sends_a_picture_and_the_page_shows_it(sandbox: Sandbox, api: Api, steer: Steering) -> None:
    chat = sandbox.private("Ann")
    data = base64.b64encode(PNG).decode()
    sent = await steer.post(f"chats/{chat.id}/media", kind="photo", data=data, caption="see", name="grey.png")
    file_id = sent["photo"][-1]["file_id"]
    (update,) = await api.updates()
    assert update["message"]["photo"][-1]["file_id"] == file_id
    path = (await api.result("getFile", file_id=file_id))["file_path"]
    async with api.http.get(f"{api.url.replace('/bot', '/file/bot', 1)}{path}") as response:
        assert (await response.read(), response.content_type) == (PNG, "image/png")
    async with api.http.get(f"{steer.address}files/{file_id}") as response:
        assert (await response.read(), response.content_type) == (PNG, "image/png")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Disposition" not in response.headers


async def test_what_is_no_picture_is_only_handed_out_as_a_file(sandbox: Sandbox, api: Api, steer: Steering) -> None:
    chat = sandbox.private("Ann")
    script = b"<script>alert(1)</script>"
    sent = await api.uploads("sendDocument", {"document": script}, chat_id=chat.id)
    async with api.http.get(f"{steer.address}files/{sent['document']['file_id']}") as response:
        assert response.content_type == "application/octet-stream"
        assert response.headers["Content-Disposition"] == "attachment"
    svg = await chat.shows("document", script, "x.svg", content_type="image/svg+xml")
    async with api.http.get(f"{steer.address}files/{svg.raw['document']['file_id']}") as response:
        assert response.headers["Content-Disposition"] == "attachment"
    elsewhere = await api.result("sendPhoto", chat_id=chat.id, photo="https://e.org/a.jpg")
    await steer("GET", f"files/{elsewhere['photo'][-1]['file_id']}", status=404)
    assert chat.shown[-1].view["media_url"] == "https://e.org/a.jpg"


async def test_the_log_of_calls(sandbox: Sandbox, api: Api, steer: Steering) -> None:
    chat = sandbox.private("Ann")
    await api("getUpdates")
    await api("sendMessage", chat_id=chat.id, text="x" * 1000, tekst="y")
    await api("deleteMessage", chat_id=chat.id, message_id=77)
    sent, deleted = (await steer("GET", "calls"))["calls"]
    assert (sent["method"], sent["chat_id"], sent["status"]) == ("sendMessage", chat.id, 200)
    assert sent["params"]["text"] == "x" * 300 + "…"
    assert sent["warnings"] == ["sendMessage has no parameter tekst"]
    assert sent["at"] == sandbox.world.now().timestamp()
    assert sent["ms"] >= 0
    assert (deleted["status"], deleted["description"]) == (400, "Bad Request: message to delete not found")
    assert (await steer("GET", f"calls?after={sent['id']}"))["calls"] == [deleted]
    assert (await steer("GET", "calls?polls=1"))["calls"][0]["method"] == "getUpdates"
    assert len((await steer("GET", "calls?limit=1"))["calls"]) == 1


async def test_who_watches_is_told_of_calls(sandbox: Sandbox, api: Api) -> None:
    async with api.http.get(f"{sandbox.address}api/events?calls=1") as response:
        told = asyncio.create_task(response.content.readline())
        await sandbox.until(lambda: sandbox.world.called._waiters)
        await api("getMe")
        assert json.loads((await told).removeprefix(b"data: ")) == {"type": "calls"}


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        ("faults", {"kind": "flood"}, 400, "'kind' must be one of 400, "),
        ("faults", {"kind": "500", "delay": -1}, 400, "'delay' is not a number of seconds."),
        ("limits", {"per_hour": 5}, 400, "'per_hour' is not one of enabled, "),
        ("limits", {"per_second": 0}, 400, "'per_second' is not one of enabled, "),
        ("clock", {"advance": -5}, 400, "'advance' is not a number of seconds."),
        ("chats/5/members", {"action": "join"}, 404, "There is no such chat."),
        ("chats/{}/members", {"action": "promote", "user": "Bob"}, 409, "Nobody can join a private chat."),
        ("chats/{}/bot", {"status": "administrator"}, 400, "'status' must be one of member, kicked."),
        ("chats/{}/migrate", {}, 409, "Only a group can become a supergroup."),
        ("chats/{}/topics", {"name": "x"}, 409, "Only a supergroup can have topics."),
        ("chats/{}/media", {"kind": "photo", "data": "?"}, 400, "'data' is not base64."),
        ("chats/{}/media", {"kind": "soup", "data": "eA=="}, 400, "there is no kind of file called 'soup'"),
        ("chats/{}/votes", {"message_id": 1, "options": [0]}, 409, "The message is gone."),
        ("inline/5", {"result": "1"}, 409, "There is no such inline query (any more)."),
    ],
)
async def test_mistakes_are_told_in_a_sentence(
    sandbox: Sandbox, steer: Steering, path: str, body: dict[str, Any], status: int, sentence: str
) -> None:
    chat = sandbox.private("Ann")
    answer = await steer("POST", path.format(chat.id), body, status)
    assert answer["error"].startswith(sentence)


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        ("members", {"action": "fly", "user": "Ann"}, 400, "'action' must be one of join, "),
        ("members", {"action": "join", "user": 5}, 404, "There is no such person."),
        ("members", {"action": "join"}, 400, "'user' is missing."),
        ("bot", {"status": "king"}, 400, "'status' must be one of member, kicked, administrator, "),
        ("bot", {"status": "member", "without": "all"}, 400, "'without' must be a list of rights."),
    ],
)
async def test_mistakes_in_a_group(
    sandbox: Sandbox, steer: Steering, path: str, body: dict[str, Any], status: int, sentence: str
) -> None:
    group = sandbox.supergroup("Desk", owner="Ann")
    answer = await steer("POST", f"chats/{group.id}/{path}", body, status)
    assert answer["error"].startswith(sentence)


async def test_the_first_topic_of_an_empty_group_is_not_the_general_one(sandbox: Sandbox, steer: Steering) -> None:
    group = sandbox.supergroup("Desk", owner="Ann")
    assert (await steer.post(f"chats/{group.id}/topics", name="Syria"))["id"] == 2


NONSENSE: list[Any] = [None, "", "x", -1, 0, 10**30, 1.5, True, [], {}, [1], {"id": []}, "x" * 10_000, "\ud83d"]
FIELDS = [
    "kind", "action", "user", "status", "name", "data", "query", "offset", "result", "options", "advance", "delay",
    "times", "retry_after", "chat_id", "message_id", "text", "title", "type", "enabled", "per_second", "thread_id",
    "without", "method", "reason",
]  # fmt: skip
ALONE = {"faults": {"kind": "delay"}, "limits": {}, "clock": {}, "chats": {"type": "group", "title": "x"}}
IN_CHAT = ["members", "bot", "topics", "media", "votes", "inline", "messages", "press", "block", "migrate"]
GOOD = {"kind": "photo", "action": "join", "user": "Bob", "status": "member", "name": "x", "data": "eA==", "text": "x"}


@pytest.mark.parametrize("path", [*ALONE, *IN_CHAT])
async def test_nonsense_breaks_nothing(sandbox: Sandbox, steer: Steering, path: str) -> None:
    group = sandbox.supergroup("Desk", owner="Ann")
    address = steer.address + (path if path in ALONE else f"chats/{group.id}/{path}")
    for value in NONSENSE:
        for field in FIELDS:
            async with steer.http.post(address, json=ALONE.get(path, GOOD) | {field: value}) as response:
                assert response.status in {200, 400, 404, 409}, (field, value)
                assert await response.json()


async def test_other_sites_cannot_steer(steer: Steering) -> None:
    headers = {"Origin": "https://evil.example"}
    async with steer.http.post(f"{steer.address}faults", json={"kind": "500"}, headers=headers) as response:
        assert response.status == 403
