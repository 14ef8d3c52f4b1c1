"""The replay's controls over HTTP, as the chat page has them, and the live page that they change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Clock, Sandbox
from bot.sandbox.live import Live
from bot.sandbox.moulds import MOULDS
from bot.sandbox.replay import Replay, read_script
from bot.sources import Context

PAGE = """\
The match Live updates

14 March 2016

18:00 GMT

Kick-off before 4,200 people.

18:20 GMT

A goal for Brenn.

18:45 GMT

Half-time.
"""
SCRIPT = """
[[correct]]
stamp = "18:20 GMT"
before = "A goal for Velm"
after = "A goal for Brenn"
when = "18:20 GMT"
"""


class Desk:
    """The replay at the other end of HTTP."""

    def __init__(self, live: Live, http: aiohttp.ClientSession, sandbox: Sandbox) -> None:
        self.live, self.http = live, http
        self.url = f"{sandbox.address}api/replay"

    async def state(self) -> Any:
        async with self.http.get(self.url) as response:
            assert response.status == 200
            return await response.json()

    async def does(self, action: Any, status: int = 200, **more: Any) -> Any:
        async with self.http.post(self.url, json={"action": action, **more}) as response:
            assert response.status == status, await response.text()
            return await response.json()

    async def page(self) -> str:
        async with self.http.get(self.live.address) as response:
            assert response.status == 200
            return await response.text()


@pytest.fixture
async def desk(clock: Clock, http: aiohttp.ClientSession) -> AsyncIterator[Desk]:
    context = Context(address="match.md", now=clock())
    text = MOULDS["text"]
    replay = Replay(text, text.cut(PAGE, context), context, read_script(SCRIPT))
    replay.is_paused = True
    sandbox = Sandbox(now=clock)
    live = Live(replay, sandbox, "match", "The match")
    async with sandbox:
        yield Desk(live, http, sandbox)


async def test_what_is_told_of_a_replay(desk: Desk) -> None:
    assert await desk.state() == {
        "title": "The match",
        "address": desk.live.address,
        "format": "text",
        "done": 0,
        "total": 3,
        "paused": True,
        "speed": 1.0,
        "entries": [
            {"number": 0, "stamp": "18:00 GMT", "text": "Kick-off before 4,200 people.", "state": "waiting"},
            {"number": 1, "stamp": "18:20 GMT", "text": "A goal for Velm.", "state": "waiting"},
            {"number": 2, "stamp": "18:45 GMT", "text": "Half-time.", "state": "waiting"},
        ],
    }


async def test_the_next_entry_is_on_the_page_at_once(desk: Desk) -> None:
    assert "Kick-off" not in await desk.page()
    state = await desk.does("next")
    assert [entry["state"] for entry in state["entries"]] == ["published", "waiting", "waiting"]
    assert "Kick-off" in await desk.page()
    assert list(map(str, await desk.live.next())) == ["18:00 GMT  published"]


async def test_an_entry_is_corrected_and_withdrawn(desk: Desk) -> None:
    await desk.does("next")
    state = await desk.does("correct", number=0)
    assert state["entries"][0] == {
        "number": 0,
        "stamp": "18:00 GMT",
        "text": "Kick-off before 4,620 people.",
        "state": "corrected",
    }
    state = await desk.does("correct", number=0, text="Kick-off before <nobody>.")
    assert state["entries"][0]["text"] == "Kick-off before <nobody>."
    assert "Kick-off before <nobody>." in await desk.page()
    state = await desk.does("withdraw", number=0)
    assert state["entries"][0]["state"] == "withdrawn"
    assert "This update has been withdrawn." in await desk.page()
    told = await desk.live.next()
    assert [happening.kind for happening in told] == ["published", "corrected", "corrected", "withdrawn"]


async def test_what_cannot_be_done_is_a_sentence(desk: Desk) -> None:
    assert await desk.does("withdraw", 409, number=0) == {"error": "This entry is not yet published."}
    await desk.does("next")
    await desk.does("withdraw", number=0)
    assert await desk.does("correct", 409, number=0) == {"error": "This entry is withdrawn already."}
    assert (await desk.does("correct", 409, number=99))["error"].startswith("There is no entry 99")
    await desk.does("next")
    await desk.does("next")
    assert await desk.does("next", 409) == {"error": "The replay is over: there is no next entry."}


@pytest.mark.parametrize(
    "body",
    [
        {"action": "dance"},
        {"action": ["next"]},
        {"action": None},
        {"action": "correct"},
        {"action": "correct", "number": "0"},
        {"action": "correct", "number": True},
        {"action": "correct", "number": 0, "text": " "},
        {"action": "correct", "number": 0, "text": "x" * 5000},
        {"action": "pause", "speed": 0},
        {"action": "pause", "speed": "fast"},
        {"action": "pause", "speed": float("nan")},
        ["next"],
    ],
)
async def test_bad_requests_are_refused_and_change_nothing(desk: Desk, body: Any) -> None:
    await desk.does("next")
    before = await desk.state()
    async with desk.http.post(desk.url, json=body) as response:
        assert response.status == 400
        assert (await response.json())["error"].endswith(".")
    assert await desk.state() == before


async def test_words_that_no_page_can_hold(desk: Desk) -> None:
    await desk.does("next")
    state = await desk.does("correct", number=0, text="half \ud83d of it\0, 18:45 GMT\n\n18:50 GMT And more.")
    assert state["entries"][0]["text"] == "half ? of it, 18:45 GMT\n\n18:50 GMT And more."


async def test_paused_it_waits_and_resumed_it_goes_on_at_the_speed_that_was_asked_for(desk: Desk) -> None:
    following = asyncio.create_task(desk.live.next())
    state = await desk.does("pause", speed=1000)
    assert (state["paused"], state["speed"], following.done()) == (True, 1000, False)
    assert not (await desk.does("resume"))["paused"]
    async with asyncio.timeout(5):
        told = [*await following, *await desk.live.next(), *await desk.live.next(), *await desk.live.next()]
    assert list(map(str, told)) == [
        "18:00 GMT  published",
        "18:20 GMT  published",
        "18:20 GMT  corrected: A goal for Velm → A goal for Brenn",
        "18:45 GMT  published",
    ]


async def test_the_chat_page_learns_of_every_change(desk: Desk) -> None:
    """By an event, so that it need not ask again and again."""
    address = desk.url.removesuffix("replay")
    async with desk.http.get(f"{address}state") as response:
        state = await response.json()
    assert state["replay"] is True
    await desk.does("next")
    async with desk.http.get(f"{address}events?after={state['event']}") as stream, asyncio.timeout(5):
        async for line in stream.content:
            if line.startswith(b"data: "):
                assert line == b'data: {"type":"replay"}\n'
                break


async def test_other_sites_may_not_steer(desk: Desk) -> None:
    headers = {"Origin": "http://evil.example"}
    async with desk.http.post(desk.url, json={"action": "next"}, headers=headers) as response:
        assert response.status == 403
    assert (await desk.state())["done"] == 0


@pytest.mark.parametrize(("asked", "speed"), [(10**400, 1000), (1e-9, 0.01), (2, 2)])
async def test_a_speed_stays_within_reason(desk: Desk, asked: float, speed: float) -> None:
    assert (await desk.does("pause", speed=asked))["speed"] == speed


async def test_an_unchanged_page_is_not_sent_again(desk: Desk) -> None:
    async with desk.http.get(desk.live.address) as response:
        etag = response.headers["ETag"]
    async with desk.http.get(desk.live.address, headers={"If-None-Match": etag}) as response:
        assert response.status == 304
    await desk.does("next")
    async with desk.http.get(desk.live.address, headers={"If-None-Match": etag}) as response:
        assert response.status == 200
