"""Telegram's limits are kept without losing anything, and nobody waits longer than he must."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from newsroom import SLUG, Newsroom, containing
from pacing import MINUTE, SECOND, PacedClock, busiest, counted, paced

from bot.sandbox import Chat
from bot.sender import IN_FLIGHT
from storage import subscriptions

FIRE = "The fire has spread to a second warehouse, Mayor Ana Duarte said."
BEHIND = IN_FLIGHT + 16  # those in flight, and those picked up to be next


class Paced:
    """A newsroom whose Telegram counts, and whose clock moves only from turn to turn."""

    def __init__(self, folder: Path, **sections: dict[str, Any]) -> None:
        self.news = Newsroom(folder, **sections)
        self.clock = self.news.clock = PacedClock(self.news)
        self.news.sandbox.world.now = self.clock.now
        self.news.sandbox.world.limits.enabled = True
        self.news.sandbox.world.updates._now = self.clock.now

    async def __aenter__(self) -> Newsroom:
        return await self.news.__aenter__()

    async def __aexit__(self, *_: object) -> None:
        await self.news.__aexit__()


async def opened(news: Newsroom, *chats: Chat) -> None:
    await news.opens()
    await news.has_followers(*chats)


async def test_sixty_chats_within_the_limits(tmp_path: Path) -> None:
    async with Paced(tmp_path) as news:
        chats = [news.reader(f"Reader {number}") for number in range(60)]
        await opened(news, *chats)
        news.page.publish("19:16 GMT", FIRE)
        await news.reads()
        start = news.clock.now()
        await news.delivers()

        assert counted(paced(news)) == {200: 60}
        assert busiest(paced(news), SECOND) <= 30
        assert news.clock.now() - start <= timedelta(seconds=60 / 28)
        assert all(len(containing(chat, "second warehouse")) == 1 for chat in chats)


async def test_groups_and_channels_are_among_the_first(tmp_path: Path) -> None:
    async with Paced(tmp_path) as news:
        group, channel = news.sandbox.supergroup("Desk", "Olga"), news.sandbox.channel("Harbour", "Olga")
        await opened(news, *(news.reader(f"Reader {number}") for number in range(12)), group, channel)
        news.page.publish("19:16 GMT", FIRE)
        await news.comes_round()
        at_once = {call.chat_id for call in paced(news)[:IN_FLIGHT]}
        assert len(paced(news)) == 14
        assert {group.id, channel.id} <= at_once, "groups and channels must be among the first that are in flight"


@pytest.mark.parametrize(("kind", "count", "gap"), [("group", 36, 2.0), ("channel", 36, 2.0), ("private", 12, 0.4)])
async def test_a_source_that_is_faster_than_a_chat_may_be(tmp_path: Path, kind: str, count: int, gap: float) -> None:
    async with Paced(tmp_path) as news:
        chat = news.reader("Ann") if kind == "private" else news.sandbox.make(kind, "Desk")
        await opened(news, chat)
        story = await news.story()
        for number in range(count):
            news.page.publish(f"19:{number:02} GMT", f"Update number {number}, and nothing else.")
            news.clock.advance(seconds=gap)
            await news.app.watcher.read(story.id)
            await news.app.sender.serve_due()
        await news.delivers()

        calls = paced(news)
        assert counted(calls) == {200: len(calls)}
        assert busiest(calls, SECOND) == 1
        assert busiest(calls, MINUTE) <= (18 if kind != "private" else 60)
        shown = "\n".join(message.text for message in chat.shown)
        places = [shown.index(f"Update number {number},") for number in range(count)]
        assert places == sorted(places)
        assert all(shown.count(f"Update number {number},") == 1 for number in range(count))


async def test_while_the_source_never_pauses_every_chat_ends_true(tmp_path: Path) -> None:
    """Twelve chats at three messages a second: a broadcast takes longer than the source leaves it."""
    async with Paced(tmp_path, delivery={"rate": 3.0}) as news:
        chats = [news.reader(f"Reader {number}") for number in range(12)]
        await opened(news, *chats)
        story = await news.story()
        clock = news.clock
        assert isinstance(clock, PacedClock)
        corrected: dict[int, Any] = {}
        rounds = 0

        async def happens() -> None:
            nonlocal rounds
            if rounds >= 15:
                return
            news.page.publish(f"19:{rounds + 10} GMT", f"Update number {rounds} tells of 12 engines.")
            if rounds >= 3 and rounds % 3 == 0:
                wrong = rounds - 1
                news.page.correct(f"19:{wrong + 10} GMT", f"Update number {wrong} tells of 17 engines.")
                corrected[wrong] = clock.now()
            rounds += 1
            await news.app.watcher.read(story.id)

        clock.meanwhile(timedelta(seconds=3), happens)
        await happens()
        while rounds < 15:
            await news.app.sender.serve_due()
            clock.advance(seconds=1)
            if clock.is_due():
                await happens()
        await news.delivers()

        assert counted(paced(news)) == {200: len(paced(news))}
        assert busiest(paced(news), SECOND) <= 4
        for chat in chats:
            shown = "\n".join(message.text for message in chat.shown if not message.text.startswith("Correction"))
            for number in range(15):
                engines = 17 if number in corrected else 12
                assert shown.count(f"Update number {number} tells of") == 1
                [message] = [m for m in containing(chat, f"Update number {number} ") if "Correction" not in m.text]
                assert f"{engines} engines" in message.text
        longest = 2 * (3 * len(chats) / 3.0 + 2)  # two rounds: a message, an edit and a note a chat, a second apart
        for number, at in corrected.items():
            right = re.compile(rf"Update number {number} tells of (<s>12</s> )?17")
            for chat in chats:
                told = [c.at for c in paced(news) if c.chat_id == chat.id and right.search(c.params["text"])]
                assert min(told) - at <= timedelta(seconds=longest)


async def test_who_comes_in_the_middle_of_a_broadcast_is_answered_first(tmp_path: Path) -> None:
    async with Paced(tmp_path) as news:
        chats = [news.reader(f"Reader {number}") for number in range(60)]
        await opened(news, *chats)
        news.page.publish("19:16 GMT", FIRE)
        await news.reads()
        news.sandbox.faults.next("sendMessage", chats[0], "hold")
        serving = asyncio.create_task(news.app.sender.serve_due())
        await news.sandbox.until(lambda: news.sandbox.faults.held)

        zoe = news.reader("Zoe")
        await zoe.says(f"/subscribe {SLUG}")
        await _subscribed(news, zoe)
        news.sandbox.faults.release()
        await serving

        calls = [call.chat_id for call in paced(news)]
        assert len(calls) == 61
        assert calls.index(zoe.id) <= BEHIND
        assert zoe.shown[0].text.startswith("You now follow")
        assert FIRE in zoe.shown[0].text
        assert len(zoe.shown) == 1


async def test_commands_are_answered_while_a_broadcast_waits(tmp_path: Path) -> None:
    async with Paced(tmp_path) as news:
        chats = [news.reader(f"Reader {number}") for number in range(30)]
        await opened(news, *chats)
        news.page.publish("19:16 GMT", FIRE)
        await news.reads()
        news.sandbox.faults.next("sendMessage", chats[0], "hold")
        serving = asyncio.create_task(news.app.sender.serve_due())
        await news.sandbox.until(lambda: news.sandbox.faults.held)

        zoe = news.reader("Zoe")
        assert "second warehouse" in (await news.asks(zoe, "/latest")).text
        assert not containing(chats[-1], "second warehouse")
        news.sandbox.faults.release()
        await serving
        await news.delivers()
        assert all(len(containing(chat, "second warehouse")) == 1 for chat in chats)


async def _subscribed(news: Newsroom, chat: Chat) -> None:
    async with asyncio.timeout(10):
        while True:
            async with news.app.database.read() as connection:
                if await subscriptions.of_chat(connection, chat.id, 0):
                    return
            await asyncio.sleep(0.001)
