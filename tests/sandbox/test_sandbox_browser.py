"""What the chat page talks to: state, events, acting; and who is kept out."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sandbox_client import Api

from bot.sandbox import Clock, Sandbox
from bot.sandbox.browser import PAGE
from bot.sandbox.events import KEPT
from bot.sandbox.room import SHOWN_ON_PAGE


class Page:
    """The chat page's side of the API."""

    def __init__(self, http: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self.http = http
        self.address = sandbox.address

    async def get(self, path: str) -> Any:
        async with self.http.get(self.address + path) as response:
            assert response.status == 200
            return await response.json()

    async def post(self, path: str, status: int = 200, **body: Any) -> Any:
        async with self.http.post(self.address + path, json=body) as response:
            assert response.status == status
            return await response.json()

    async def events(self, count: int, after: int) -> list[tuple[int, dict[str, Any]]]:
        """The next `count` events, with their numbers."""
        events: list[tuple[int, dict[str, Any]]] = []
        number = 0
        async with self.http.get(f"{self.address}api/events?after={after}") as response:
            assert response.content_type == "text/event-stream"
            while len(events) < count:
                line = (await response.content.readline()).decode()
                if line.startswith("id: "):
                    number = int(line.removeprefix("id: "))
                elif line.startswith("data: "):
                    events.append((number, json.loads(line.removeprefix("data: "))))
        return events


@pytest.fixture
def page(http: aiohttp.ClientSession, sandbox: Sandbox) -> Page:
    return Page(http, sandbox)


async def test_state_shows_all_there_is(sandbox: Sandbox, api: Api, page: Page) -> None:
    chat = sandbox.private("Ann")
    forum = sandbox.forum("Newsroom", owner="Bob", topics=["Syria"])
    await chat.says("/latest")
    await api.result("sendMessage", chat_id=chat.id, text="hi", disable_notification=True)
    latest = [{"command": "latest", "description": "The newest"}]
    await api.result("setMyCommands", commands=latest)
    state = await page.get("api/state")
    assert state["event"] == sandbox.world.events.last
    assert state["bot"] == {"id": 1000000001, "first_name": "Sandbox bot", "username": "sandbox_bot"}
    assert [user["first_name"] for user in state["users"]] == ["Ann", "Bob"]
    assert state["commands"] == latest
    private, newsroom = state["chats"]
    assert [(message["text"], message["silent"]) for message in private["messages"]] == [
        ("/latest", False),
        ("hi", True),
    ]
    assert private["members"] == [chat.owner.id]
    assert newsroom["is_forum"]
    assert newsroom["topics"] == [{"id": forum.topic("Syria"), "name": "Syria", "closed": False}]
    assert (newsroom["type"], newsroom["owner"], newsroom["blocked"]) == ("supergroup", forum.owner.id, False)


async def test_older_messages_come_by_the_page(sandbox: Sandbox, page: Page) -> None:
    group = sandbox.group("Desk", owner="Ann")
    for number in range(SHOWN_ON_PAGE + 30):
        await group.says(f"{number}")
    (shown,) = (await page.get("api/state"))["chats"]
    first = shown["messages"][0]["message_id"]
    assert (len(shown["messages"]), shown["older"]) == (SHOWN_ON_PAGE, 30)
    rest = await page.get(f"api/chats/{group.id}/messages?before={first}")
    assert [message["text"] for message in rest["messages"]] == [f"{number}" for number in range(30)]
    assert rest["older"] == 0
    assert await page.get(f"api/chats/{group.id}/messages?before=1") == {"messages": [], "older": 0}
    newest = await page.get(f"api/chats/{group.id}/messages?before=soon")
    assert newest == {"messages": shown["messages"], "older": 30}


async def test_a_changed_chat_is_told_without_its_messages(sandbox: Sandbox, page: Page) -> None:
    group = sandbox.group("Desk", owner="Ann")
    await group.says("hello")
    start = sandbox.world.events.last
    group.promote()
    ((_, event),) = await page.events(1, after=start)
    assert (event["type"], event["chat"]["bot_status"]) == ("chat", "administrator")
    assert "messages" not in event["chat"]


async def test_events_tell_what_happens_and_resume(sandbox: Sandbox, api: Api, page: Page) -> None:
    chat = sandbox.private("Ann")
    start = sandbox.world.events.last
    stream = asyncio.create_task(page.events(6, after=start))
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    sent = await api.result("sendMessage", chat_id=chat.id, text="one", reply_markup=keyboard)
    query_id = await chat.press("a")
    await api.result("answerCallbackQuery", callback_query_id=query_id, text="yes")
    await api.result("editMessageText", chat_id=chat.id, message_id=sent["message_id"], text="two")
    await api.result("deleteMessage", chat_id=chat.id, message_id=sent["message_id"])
    await api.result("setMyCommands", commands=[])
    chat.block()
    events = await stream
    assert [number for number, _ in events] == list(range(start + 1, start + 7))
    data = [event for _, event in events]
    assert [event["type"] for event in data] == ["message", "answer", "edited", "deleted", "commands", "chat"]
    assert data[0]["message"] == sent | {"silent": False}
    assert data[1] == {
        "type": "answer",
        "callback_query_id": query_id,
        "user_id": chat.owner.id,
        "chat_id": chat.id,
        "text": "yes",
        "show_alert": False,
    }
    assert (data[2]["message"]["text"], data[3]["message_id"]) == ("two", sent["message_id"])
    assert (data[5]["chat"]["id"], data[5]["chat"]["blocked"]) == (chat.id, True)
    assert await page.events(2, after=start + 4) == events[4:]


@pytest.mark.parametrize("after", [0, 10**9])
async def test_who_is_too_far_behind_starts_anew(sandbox: Sandbox, page: Page, after: int) -> None:
    chat = sandbox.private("Ann")
    for number in range(KEPT + 1):
        await chat.says(f"{number}")
    ((number, event),) = await page.events(1, after=after)
    assert event == {"type": "reset"}
    assert number == sandbox.world.events.last


async def test_a_page_that_goes_away_blocks_nothing(sandbox: Sandbox, api: Api, page: Page) -> None:
    chat = sandbox.private("Ann")
    stream = asyncio.create_task(page.events(1000, after=0))
    await api.result("sendMessage", chat_id=chat.id, text="one")
    stream.cancel()
    await asyncio.gather(stream, return_exceptions=True)
    await api.result("sendMessage", chat_id=chat.id, text="two")
    assert len(chat.shown) == 2


async def test_a_person_starts_a_chat_speaks_and_presses(sandbox: Sandbox, api: Api, page: Page) -> None:
    made = await page.post("api/chats", type="private", title="Eve")
    assert (made["type"], made["title"]) == ("private", "Eve")
    said = await page.post(f"api/chats/{made['id']}/messages", text="/start")
    assert said["entities"][0]["type"] == "bot_command"
    keyboard = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    sent = await api.result("sendMessage", chat_id=made["id"], text="hi", reply_markup=keyboard)
    pressed = await page.post(f"api/chats/{made['id']}/press", message_id=sent["message_id"], data="b")
    message, query = await api.updates()
    assert message["message"]["text"] == "/start"
    assert query["callback_query"]["id"] == pressed["callback_query_id"]
    await page.post(f"api/chats/{made['id']}/block", blocked=True)
    refused = await page.post(f"api/chats/{made['id']}/messages", status=409, text="hello")
    assert refused == {"error": "Eve has blocked the bot; /start lets it in again."}


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel", "forum"])
async def test_every_kind_of_chat_can_be_made(sandbox: Sandbox, page: Page, kind: str) -> None:
    made = await page.post("api/chats", type=kind, title="Desk")
    assert made["type"] == ("supergroup" if kind == "forum" else kind)
    assert made["is_forum"] == (kind == "forum")
    bob = sandbox.user("Bob")
    thread = {"thread_id": made["topics"][0]["id"]} if kind == "forum" else {}
    said = await page.post(f"api/chats/{made['id']}/messages", text="hello", user_id=bob.id, **thread)
    assert said.get("message_thread_id") == thread.get("thread_id")
    assert bob.id in (await page.get("api/state"))["chats"][0]["members"]


@pytest.mark.parametrize(
    ("path", "body", "status", "sentence"),
    [
        ("api/chats", {"type": "cloud", "title": "x"}, 409, "There is no kind of chat called 'cloud'."),
        ("api/chats", {"type": "group"}, 400, "'title' is missing."),
        ("api/chats/5/messages", {"text": "x"}, 404, "There is no such chat."),
        ("api/chats/{}/messages", {}, 400, "'text' is missing."),
        ("api/chats/{}/messages", {"text": "x" * 4097}, 400, "'text' is longer than 4096 characters."),
        ("api/chats/{}/messages", {"text": "x", "user_id": "me"}, 400, "'user_id' is not a number."),
        ("api/chats/{}/messages", {"text": "x", "user_id": 5}, 404, "There is no such person."),
        ("api/chats/{}/messages", {"text": "x", "thread_id": 5}, 409, "There is no topic 5 in 'Ann'."),
        ("api/nothing", {}, 404, "There is no POST /api/nothing."),
        ("api/state", {}, 405, "There is no POST /api/state."),
        ("api/chats/{}/press", {"message_id": 5, "data": "x"}, 409, "The message is gone."),
    ],
)
async def test_mistakes_are_told_in_a_sentence(
    sandbox: Sandbox, page: Page, path: str, body: dict[str, Any], status: int, sentence: str
) -> None:
    chat = sandbox.private("Ann")
    assert await page.post(path.format(chat.id), status=status, **body) == {"error": sentence}


async def test_a_body_that_is_no_json_is_refused(page: Page) -> None:
    async with page.http.post(page.address + "api/chats", data=b"\xff{") as response:
        assert (response.status, await response.json()) == (400, {"error": "A JSON object is expected."})


# --- files and security -----------------------------------------------------------------------------------------------


async def test_the_page_is_served_with_its_guards(page: Page) -> None:
    for path, kind in [("", "text/html"), ("static/chat.css", "text/css"), ("static/chat.js", "text/javascript")]:
        async with page.http.get(page.address + path) as response:
            assert (response.status, response.content_type) == (200, kind)
            assert response.headers["Content-Security-Policy"].startswith("default-src 'self'; frame-ancestors 'none'")
            assert response.headers["Cache-Control"] == "no-cache"
            tag = response.headers["ETag"]
        async with page.http.get(page.address + path, headers={"If-None-Match": tag}) as response:
            assert response.status == 304


def test_the_page_weighs_less_than_sixty_kilobytes() -> None:
    assert sum(file.stat().st_size for file in PAGE.iterdir()) < 60_000


@pytest.mark.parametrize("file", ["nothing.js", "..%2Fserver.py", "server.py", "chat.py"])
async def test_no_other_file_is_served(page: Page, file: str) -> None:
    assert PAGE.is_dir()
    async with page.http.get(page.address + "static/" + file) as response:
        assert response.status == 404


@pytest.mark.parametrize("path", ["", "api/state", "api/events", "static/chat.js"])
async def test_a_foreign_host_is_refused(page: Page, path: str) -> None:
    async with page.http.get(page.address + path, headers={"Host": "evil.example"}) as response:
        assert response.status == 403
        assert await response.json() == {"error": "This server answers only to localhost."}


@pytest.mark.parametrize(
    ("origin", "status"), [("https://evil.example", 403), ("http://127.0.0.1:1", 403), ("null", 403), (None, 200)]
)
async def test_posts_of_other_sites_are_refused(page: Page, origin: str | None, status: int) -> None:
    headers = {"Origin": origin} if origin else {"Origin": page.address.rstrip("/")}
    body = {"type": "group", "title": "x"}
    async with page.http.post(page.address + "api/chats", json=body, headers=headers) as response:
        assert response.status == status


async def test_the_bot_api_is_for_any_client(api: Api) -> None:
    headers = {"Host": "telegram.example", "Origin": "https://elsewhere.example"}
    async with api.http.get(f"{api.url}getMe", headers=headers) as response:
        assert (await response.json())["result"]["username"] == "sandbox_bot"


async def test_further_routes_can_be_mounted_and_the_server_started_again(clock: Clock) -> None:
    async def live(_: web.Request) -> web.Response:
        return web.Response(text="19:16 GMT")

    sandbox = Sandbox(now=clock)
    sandbox.mount([web.get("/live/page", live)])
    async with aiohttp.ClientSession() as http:
        for _ in range(2):
            await sandbox.start()
            async with http.get(sandbox.address + "live/page") as response:
                assert await response.text() == "19:16 GMT"
            await sandbox.stop()
    await sandbox.stop()


async def test_a_taken_port_is_an_oserror(sandbox: Sandbox) -> None:
    port = int(sandbox.address.rstrip("/").rpartition(":")[2])
    with pytest.raises(OSError, match=str(port)):
        await Sandbox().start(port=port)
