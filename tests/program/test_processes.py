"""Several processes on one PostgreSQL database: they share the work, and when one dies the others go on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from live_world import World, showing

from bot.sandbox import Chat

RATE = 60.0
CHATS = 240
WITHIN = 10.0  # seconds, until another takes over
FIRE = "The fire has spread to a second warehouse, Mayor Ana Duarte said."
RAIN = "Rain has begun to fall over the harbour."


@pytest.fixture
async def world(tmp_path: Path, postgres: Any) -> AsyncIterator[World]:
    url = await postgres.migrated()
    async with World(tmp_path, url) as made:
        made.configure(rate=RATE)
        yield made
    await postgres.drop(url)


async def _followed(world: World, count: int = CHATS) -> list[Chat]:
    chats = [world.sandbox.private(f"Reader {number}") for number in range(count)]
    await world.follows(chats)
    return chats


async def _all_have(world: World, chats: list[Chat], words: str) -> None:
    left = list(chats)

    def none_is_left() -> bool:
        while left and showing(left[-1], words):
            left.pop()
        return not left

    await world.sandbox.until(none_is_left, timeout=60)


def _busiest(world: World) -> int:
    """The most messages that Telegram has received in any second."""
    at = sorted(call.at for call in world.sandbox.calls if call.method == "sendMessage")
    return max(sum(start <= one < start + timedelta(seconds=1) for one in at[place:]) for place, start in enumerate(at))


async def test_two_that_send_share_the_chats_and_the_rate(world: World) -> None:
    chats = await _followed(world)
    await world.runs("--role", "watch", "--role", "answer")
    senders = [await world.runs("--role", "send") for _ in range(2)]
    await world.reads(world.harbour)
    world.harbour.publish("19:16 GMT", FIRE)
    await _all_have(world, chats, FIRE)

    assert all(showing(chat, FIRE) == 1 for chat in chats)
    assert _busiest(world) <= RATE * 1.02 + 1
    for sender in senders:
        assert await sender.stops() == 0
        assert sender.events("delivered"), "each has had its part"


async def test_when_one_is_killed_the_other_goes_on(world: World) -> None:
    chats = await _followed(world)
    first = await world.runs()
    second = await world.runs()
    await world.reads(world.harbour)
    world.harbour.publish("19:16 GMT", FIRE)
    await world.sandbox.until(lambda: world.calls("sendMessage") >= CHATS // 4)
    await first.is_killed()
    await _all_have(world, chats, FIRE)
    assert sum(showing(chat, FIRE) - 1 for chat in chats) <= 8, "one for each call that was in flight, at most"
    assert _busiest(world) <= RATE * 1.02 + 1

    asked, at = world.harbour.asked, asyncio.get_running_loop().time()
    await world.sandbox.until(lambda: world.harbour.asked > asked + 1, timeout=WITHIN)
    [ann, *_] = chats
    await ann.says("/latest")
    await ann.until(lambda _: any("Smoke rises" in message.text for message in ann.shown), timeout=WITHIN)
    assert asyncio.get_running_loop().time() - at < WITHIN

    world.harbour.publish("19:30 GMT", RAIN)
    await _all_have(world, chats, RAIN)
    for chat in chats:
        places = [place for place, message in enumerate(chat.shown) if FIRE in message.text or RAIN in message.text]
        assert FIRE in chat.shown[places[0]].text
        assert RAIN in chat.shown[places[-1]].text
    assert await second.stops() == 0


async def test_a_story_is_read_by_one_of_them(world: World) -> None:
    await world.runs("--role", "watch")
    await world.runs("--role", "watch")
    await world.reads(world.harbour, times=3)
    before = world.harbour.asked
    await asyncio.sleep(2)
    assert world.harbour.asked - before <= 2 / 0.2 + 2, "one every fifth of a second, and not two"
