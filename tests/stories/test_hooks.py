"""Entries that are pushed over HTTP, and the listener's manners."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from newsroom import SLUG, Newsroom, containing

SECRET = "a-secret-of-the-newsroom"
ENTRY = {
    "key": "desk-1",
    "published_at": "2016-03-14T19:16:00+00:00",
    "stamp": "19:16 GMT",
    "text": "Some 12 engines came.",
}


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with Newsroom(tmp_path, http={"listen": "127.0.0.1:0", "secret": SECRET}) as newsroom:
        yield newsroom


async def push(
    news: Newsroom, body: Any, *, slug: str = SLUG, secret: str | None = SECRET
) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    address = f"http://{news.app.listens_at}/hooks/{slug}"
    content = {"data": body} if isinstance(body, bytes) else {"json": body}
    async with aiohttp.ClientSession() as session, session.post(address, headers=headers, **content) as answer:
        return answer.status, await answer.json()


async def test_a_pushed_entry_arrives_and_its_key_makes_it_one(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)

    assert await push(news, ENTRY) == (200, {"ok": True, "new": 1, "corrected": 0, "withdrawn": 0})
    assert await push(news, [ENTRY]) == (200, {"ok": True, "new": 0, "corrected": 0, "withdrawn": 0})
    await news.delivers()
    assert len(containing(ann, "12 engines")) == 1

    await push(news, {**ENTRY, "text": "Some 21 engines came."})
    await news.delivers()
    assert containing(ann, "21 engines")[0].edits == 1
    await push(news, {"key": "desk-1", "deleted": True})
    await news.delivers()
    assert "Withdrawn" in ann.shown[1].text


async def test_what_is_pushed_is_not_missing_from_the_page(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(("18:50 GMT", "An alarm is raised."), ("19:00 GMT", "Smoke rises."))
    await news.subscribes(ann)
    await push(news, ENTRY)
    news.page.publish("19:30 GMT", "The fire is out.")
    await news.comes_round(5)
    assert not containing(ann, "no longer on the page")


async def test_what_the_listener_refuses(news: Newsroom) -> None:
    assert (await push(news, ENTRY, secret="wrong"))[0] == 401
    assert (await push(news, ENTRY, secret=None))[0] == 401
    assert (await push(news, ENTRY, slug="nothing"))[0] == 404
    status, answer = await push(news, b"not json")
    assert status == 400
    assert "harbour" in answer["error"]
    assert (await push(news, {"key": "x", "text": "no time"}))[0] == 400
    assert SECRET not in str(answer)


@pytest.mark.parametrize(
    ("status", "said", "body", "headers"),
    [
        (400, "broke off", b"no gzip", {"Content-Encoding": "gzip"}),
        (413, "over 10,000 bytes", b" " * 10_001, {}),
        (413, "over 10,000 bytes", gzip.compress(b" " * 10_000_000), {"Content-Encoding": "gzip"}),
        (400, "neither with an entry nor with a list", b"key=desk-1", {"Content-Type": "text/html"}),
        (400, "recursion", b"[" * 9_000, {}),
        (200, "", b"[]", {"Authorization": f"bearer {SECRET}"}),
        (401, "secret", b"[]", {"Authorization": SECRET}),
    ],
)
async def test_every_refusal_is_a_sentence_in_json(
    tmp_path: Path, status: int, said: str, body: bytes, headers: dict[str, str]
) -> None:
    http = {"listen": "127.0.0.1:0", "secret": SECRET}
    async with Newsroom(tmp_path, http=http, fetch={"max_bytes": 10_000}) as news, aiohttp.ClientSession() as session:
        address = f"http://{news.app.listens_at}/hooks/{SLUG}"
        allowed = {"Authorization": f"Bearer {SECRET}"} | headers
        async with session.post(address, data=body, headers=allowed) as answer:
            told = await answer.json()
    assert (answer.status, told["ok"]) == (status, status == 200)
    assert said in told.get("error", "")


async def test_health_tells_when_each_story_was_read(news: Newsroom) -> None:
    await news.opens()
    address = f"http://{news.app.listens_at}/health"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        health = await answer.json()
    assert health["stories"] == [
        {
            "story": SLUG,
            "state": "live",
            "read_at": "2016-03-14T19:00:00+00:00",
            "changed_at": "2016-03-14T19:00:00+00:00",
            "failures": 0,
        }
    ]
