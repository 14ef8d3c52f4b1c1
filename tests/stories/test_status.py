"""What an administrator is told of how the bot is doing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from newsroom import TITLE, Newsroom, containing

from bot.heartbeat import Heartbeat
from bot.sandbox import Chat
from storage import workers

FIRE = "The fire has spread to a second warehouse."


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[Newsroom]:
    newsroom = Newsroom(tmp_path)
    newsroom.sections["telegram"] = {"admins": [newsroom.reader("Edith").id]}
    async with newsroom:
        yield newsroom


@pytest.fixture
def edith(news: Newsroom) -> Chat:
    return news.reader("Edith")


@pytest.fixture
def heart(news: Newsroom) -> Heartbeat:
    """The bot's heart, which beats when the test says."""
    return news.app.heart


async def asked(news: Newsroom, edith: Chat) -> list[str]:
    """The lines of an answer."""
    return (await news.asks(edith, "/status")).text.splitlines()


async def followed(news: Newsroom, count: int = 20) -> list[Chat]:
    chats = [news.reader(f"Reader {number}") for number in range(count)]
    await news.opens()
    await news.has_followers(*chats)
    return chats


async def test_a_quiet_hour(news: Newsroom, edith: Chat, heart: Heartbeat) -> None:
    await followed(news)
    await heart.look()
    news.clock.advance(seconds=12)
    head, rate, day, reach, _, story = await asked(news, edith)
    assert head == "21 chats · 0 behind · 0 in flight"
    assert rate == "0 messages a second now, at most 28"
    assert day == "In the last day: 0 calls, 0 answered 429, 0 of unknown outcome"
    assert reach == "An entry reaches the last of 20 chats within a second."
    assert story.startswith(f"{TITLE} · read 12 s ago, next in ")
    assert story.endswith("· 20 chats")


async def test_during_a_broadcast(news: Newsroom, edith: Chat, heart: Heartbeat) -> None:
    chats = await followed(news)
    await heart.look()
    news.page.publish("19:16 GMT", FIRE)
    await news.reads()
    for chat in chats[3:]:
        news.sandbox.faults.next("sendMessage", chat, "hold")
    broadcast = asyncio.create_task(news.app.sender.serve_due())
    await news.sandbox.until(lambda: news.sandbox.faults.held == 8)
    news.clock.advance(seconds=5)
    await heart.look()

    lines = await asked(news, edith)
    assert lines[0] == "21 chats · 17 behind · 8 in flight"
    assert lines[1].startswith("The slowest chat is ")
    assert lines[1].endswith(" s behind.")
    assert lines[-1].endswith("20 chats · 17 behind")

    while not broadcast.done():
        news.sandbox.faults.clear()
        news.sandbox.faults.release()
        await asyncio.sleep(0)
    await news.delivers()
    news.clock.advance(seconds=5)
    await heart.look()
    assert all(containing(chat, FIRE) for chat in chats)
    lines = await asked(news, edith)
    assert lines[0] == "21 chats · 0 behind · 0 in flight"
    assert "20 calls, 0 answered 429" in lines[2]


async def test_how_fast_it_goes(news: Newsroom, edith: Chat, heart: Heartbeat) -> None:
    await followed(news)
    await heart.look()
    news.page.publish("19:16 GMT", FIRE)
    news.clock.advance(seconds=61)
    await news.app.watcher.read_due()
    await heart.look()
    await news.delivers()
    news.clock.advance(seconds=1)
    await heart.look()
    rate = float((await asked(news, edith))[1].split(" ")[0])
    assert 0 < rate < 28
    news.clock.advance(minutes=1)
    assert (await asked(news, edith))[1].startswith("0 messages"), "what was said long ago is not how it is"


async def test_after_a_429(news: Newsroom, edith: Chat, heart: Heartbeat) -> None:
    ann, *_ = await followed(news)
    news.page.publish("19:16 GMT", FIRE)
    await news.reads()
    news.sandbox.faults.next("sendMessage", ann, "429", retry_after=3600)
    await news.app.sender.serve_due()
    news.clock.advance(minutes=5)
    await heart.look()
    lines = await asked(news, edith)
    assert lines[0].startswith("21 chats · 1 behind")
    assert lines[1] == "The slowest chat is 5 min behind.", "whatever it waits for"
    assert lines[3] == "In the last day: 20 calls, 1 answered 429, 0 of unknown outcome"


async def test_after_an_unknown_outcome(news: Newsroom, edith: Chat, heart: Heartbeat) -> None:
    ann, *_ = await followed(news)
    news.page.publish("19:16 GMT", FIRE)
    await news.reads()
    news.sandbox.faults.next("sendMessage", ann, "cut-after")
    await news.delivers()
    await heart.close()
    assert "21 calls, 0 answered 429, 1 of unknown outcome" in (await asked(news, edith))[2], "its process has ended"


async def test_an_outcome_that_a_crash_left_unknown(news: Newsroom, edith: Chat) -> None:
    ann, *_ = await followed(news, 1)
    news.page.publish("19:16 GMT", FIRE)
    await news.reads()
    news.sandbox.faults.next("sendMessage", ann, "hold")
    broadcast = asyncio.create_task(news.app.sender.serve_due())
    await news.sandbox.until(lambda: news.sandbox.faults.held == 1)
    await news.is_killed(broadcast)
    news.sandbox.faults.release()
    await news.starts()
    await news.delivers()
    app = news.app
    heart = app.heart
    await heart.look()
    assert "1 of unknown outcome" in (await asked(news, edith))[2]


async def test_a_story_in_trouble_comes_first(news: Newsroom, edith: Chat) -> None:
    await followed(news)
    summit = await news.also_covers("summit", "Summit", ("19:00 GMT", "They meet."))
    summit.status = 503
    for _ in range(2):
        await news.reads(minutes=3)
    story, other = (await asked(news, edith))[-2:]
    assert story.startswith("Summit · cannot be read, 2 failures · read 6 min ago, next in ")
    assert other.startswith(f"{TITLE} · read 0 s ago, next in ")


async def test_a_story_that_nobody_reads_any_more(news: Newsroom, edith: Chat) -> None:
    await followed(news)
    news.clock.advance(minutes=10)
    assert f"{TITLE} · read 10 min ago, was due 9 min ago · 20 chats" in await asked(news, edith)


async def test_a_story_that_is_held_is_not_behind(news: Newsroom, edith: Chat) -> None:
    await followed(news)
    news.page.publish("19:16 GMT", FIRE)
    await news.reads()
    await news.asks(edith, "/pause")
    lines = await asked(news, edith)
    assert lines[0] == "21 chats · 0 behind · 0 in flight"
    assert lines[-1] == f"{TITLE} · held · read 0 s ago · 20 chats · 20 behind"


async def test_several_processes(news: Newsroom, edith: Chat, heart: Heartbeat) -> None:
    await followed(news, 2)
    async with news.app.database.write() as connection:
        sender = await workers.begin(connection, "send", news.clock.now())
        await workers.begin(connection, "answer, watch", news.clock.now())
    news.clock.advance(minutes=3)
    async with news.app.database.write() as connection:
        await workers.beat(connection, sender, news.clock.now(), 5, 12.5)
    lines = await asked(news, edith)
    assert lines[0].endswith("5 in flight")
    assert lines[1].startswith("12.5 messages a second now")
    assert lines[-3:] == ["Processes", "answer, watch · for 3 min · silent for 3 min", "send · for 3 min"]


async def test_nobody_sends(news: Newsroom, edith: Chat) -> None:
    await followed(news)
    news.page.publish("19:16 GMT", FIRE)
    await news.reads()
    assert "No process sends at the moment." in await asked(news, edith)


async def test_others_get_what_they_get_for_open(news: Newsroom) -> None:
    ann = news.reader("Ann")
    assert (await news.asks(ann, "/status")).text == (await news.asks(ann, "/open https://example.org")).text
    assert "/status" not in (await news.asks(ann, "/help")).text
    assert "/status" in (await news.asks(news.reader("Edith"), "/help")).text
