"""A page that lists its updates and asks for each by itself: Al Jazeera's, over HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from newsroom import START, LivePage, Newsroom, containing

from bot.checking import read_once
from bot.sandbox import Chat
from bot.sources import elsewhere
from storage import entries
from storage.models import Entry, Standing

SLUG = "war"
SHELL = 'graphql?wp-site=aje&operationName=ArchipelagoSingleLiveBlogQuery&variables={"name":"war"}&extensions={}'
TITLE = "War: all the latest"


@dataclass
class LiveBlog(LivePage):
    """Al Jazeera's GraphQL. `updates` are by id; `asked` holds the ids that were asked for, in order."""

    title: str = TITLE
    updates: dict[int, dict[str, Any] | None] = field(default_factory=dict)
    moments: dict[int, int] = field(default_factory=dict)
    broken: dict[int, int] = field(default_factory=dict)  # the status that an id is answered with
    asked: list[int] = field(default_factory=list)
    unchanged: int = 0

    def says(self, number: int, words: str, minutes: float = 0) -> None:
        moment = self.moments.setdefault(number, int(START.timestamp() + minutes * 60))
        date = f"2016-03-14T{moment // 3600 % 24:02}:{moment // 60 % 60:02}:00"
        self.updates[number] = {"id": str(number), "title": "", "content": f"<p>{words}</p>", "date": date}

    async def serve(self, request: web.Request) -> web.Response:
        self.requests += 1
        if self.status != 200:
            return web.Response(status=self.status)
        if request.query["operationName"] != "LiveBlogUpdateQuery":
            return self._answer(request, {"article": self._shell()})
        assert request.query["wp-site"] == "aje"
        variables = json.loads(request.query["variables"])
        number = variables.pop("postID")
        assert variables == {"postType": "liveblog-update", "preview": "", "isAmp": False}
        self.asked.append(number)
        if number in self.broken:
            return web.Response(status=self.broken[number])
        return self._answer(request, {"posts": self.updates[number]})

    def _shell(self) -> dict[str, Any]:
        newest_first = sorted(self.moments.items(), key=lambda one: -one[1])
        children = [{"id": str(number), "publishedTime": str(moment)} for number, moment in newest_first]
        return {"title": self.title, "link": "/news/liveblog/war", "isLive": True, "childrenMeta": children}

    def _answer(self, request: web.Request, data: dict[str, Any]) -> web.Response:
        body = json.dumps({"data": data})
        etag = f'"{hash(body)}"'
        if request.headers.get("If-None-Match") == etag:
            self.unchanged += 1
            return web.Response(status=304)
        return web.Response(text=body, content_type="application/json", headers={"ETag": etag})


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with Newsroom(tmp_path) as newsroom:
        await newsroom.opens()
        yield newsroom


async def opened(news: Newsroom, blog: LiveBlog) -> None:
    """The blog is a story, and has been read."""
    news.pages["graphql"] = blog
    news.more_stories.append({"slug": SLUG, "source": f"{news.sandbox.address}pages/{SHELL}", "every": 20.0})
    await news.app.read_stories(news.config())
    await news.app.watcher.read_due()


async def follower(news: Newsroom) -> Chat:
    ann = news.reader("Ann")
    await news.subscribes(ann, words=f"/subscribe {SLUG}")
    return ann


async def known(news: Newsroom) -> list[Entry]:
    async with news.app.database.read() as connection:
        found = await connection.exec_driver_sql(f"SELECT id FROM stories WHERE slug = '{SLUG}'")  # noqa: S608
        return list(await entries.known(connection, found.scalar_one()))


async def test_updates_are_read_with_the_list_of_them(news: Newsroom) -> None:
    blog = LiveBlog()
    blog.says(101, "The first talks have begun.", -10)
    blog.says(102, "Sirens sound in the <a href='/tag/harbour'>harbour</a>.", -5)
    await opened(news, blog)
    assert blog.asked == [102, 101]
    told = {entry.key: entry.text for entry in await known(news)}
    assert told == {"101": "The first talks have begun.", "102": "Sirens sound in the harbour."}

    ann = await follower(news)
    blog.says(103, "The talks are over, the mayor said.", 1)
    blog.asked.clear()
    await news.comes_round()
    assert len(containing(ann, "The talks are over")) == 1
    assert blog.asked[0] == 103
    await news.comes_round(3)
    assert len(containing(ann, "The talks are over")) == 1
    assert blog.asked.count(103) <= 5  # looked at again now and then, for an edit
    assert blog.unchanged > 0
    assert not any(entry.is_empty for entry in await known(news))


async def test_an_edit_and_a_null_reach_the_reader_though_the_list_stays_the_same(news: Newsroom) -> None:
    blog = LiveBlog()
    blog.says(101, "The first talks have begun.", -10)
    await opened(news, blog)
    ann = await follower(news)
    blog.says(102, "12 people were rescued.", 1)
    blog.says(103, "The bridge is closed.", 2)
    await news.comes_round()
    blog.says(102, "21 people were rescued.")
    await news.comes_round(2)
    assert any("21 people" in message.text for message in ann.shown)
    blog.updates[103] = None
    await news.comes_round(2)
    assert not containing(ann, "The bridge is closed.")
    [bridge] = [entry for entry in await known(news) if entry.key == "103"]
    assert bridge.standing is Standing.DELETED
    await news.comes_round(2)  # the list names it still: that does not bring it back
    assert not containing(ann, "The bridge is closed.")


async def test_an_update_that_cannot_be_read_comes_later_and_empties_nothing(news: Newsroom) -> None:
    blog = LiveBlog()
    blog.says(101, "The first talks have begun.", -10)
    await opened(news, blog)
    ann = await follower(news)
    blog.says(102, "Sirens sound.", 1)
    blog.broken = {101: 500, 102: 503}
    await news.comes_round(4)
    assert [entry.text for entry in await known(news)] == ["The first talks have begun."]
    assert not containing(ann, "Sirens")
    blog.broken = {}
    await news.comes_round()
    assert len(containing(ann, "Sirens sound.")) == 1


async def test_a_long_list_is_read_bit_by_bit_and_its_past_is_no_news(news: Newsroom) -> None:
    blog = LiveBlog()
    for number in range(60):
        blog.says(200 + number, f"Update number {number}.", number - 60)
    await opened(news, blog)
    assert len(blog.asked) == elsewhere.MOST
    assert {entry.key for entry in await known(news)} == {str(number) for number in range(236, 260)}
    ann = await follower(news)
    blog.says(300, "Sirens sound.", 1)
    before = len(ann.shown)
    for _ in range(5):
        asked = len(blog.asked)
        await news.comes_round()
        assert len(blog.asked) - asked <= elsewhere.MOST
    assert len(await known(news)) == 61
    assert [message.text for message in ann.shown[before:] if "Update number" in message.text] == []
    assert len(containing(ann, "Sirens sound.")) == 1


async def test_nothing_of_a_first_reading_is_a_failure_not_an_empty_story(news: Newsroom) -> None:
    blog = LiveBlog(broken={101: 404})
    blog.says(101, "The first talks have begun.", -10)
    await opened(news, blog)
    assert await known(news) == []
    blog.broken = {}
    await news.reads()
    assert len(await known(news)) == 1
    async with news.app.database.read() as connection:
        assert (await connection.exec_driver_sql("SELECT count(*) FROM events")).scalar_one() == 0


async def test_check_shows_the_words(tmp_path: Path) -> None:
    blog = LiveBlog()
    for number in range(30):
        blog.says(200 + number, f"Update number {number}.", number - 60)
    async with Newsroom(tmp_path) as news:
        news.pages["graphql"] = blog
        page = await read_once(f"{news.sandbox.address}pages/{SHELL}", news.config(), format="auto", timezone="GMT")
    assert [entry.text for entry in page.entries[:2]] == ["Update number 29.", "Update number 28."]
    assert page.warnings == ("6 older updates were not asked for yet: one reading asks for 24 at most.",)
