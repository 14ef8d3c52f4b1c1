"""`kill -9` in the middle of a broadcast: everybody has everything, and hardly anybody has anything twice.

Telegram has no idempotency key, so a call whose answer the dead process did not hear may be repeated: one duplicate for
each of the calls in flight, and no more. The test takes the worst case, where Telegram carries all of those out.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from live_world import World, showing
from program_harness import Running

from bot.sandbox import Chat
from bot.sender import Capacity

CHATS = 300
RATE = 80.0  # messages a second
IN_FLIGHT = Capacity.at(RATE).in_flight
FIRE = "The fire has spread to a second warehouse, Mayor Ana Duarte said. 12 people were brought to safety."
FIRE_NOW = "The fire has spread to a third warehouse, Mayor Ana Duarte said. 14 people were brought to safety."


async def _followed(world: World) -> tuple[Running, list[Chat]]:
    """A program that has read its page, and three hundred people who follow it."""
    chats = [world.sandbox.private(f"Reader {number}") for number in range(CHATS)]
    world.configure(rate=RATE)
    await world.follows(chats)
    program = await world.runs()
    await program.says("story_read")
    return program, chats


async def _killed_after(world: World, program: Running, method: str, calls: int) -> None:
    """The program goes on until Telegram has carried out that many calls more; of the next it never hears again."""
    before = world.calls(method)
    await world.sandbox.until(lambda: world.calls(method) >= before + calls, timeout=60)
    world.sandbox.faults.next(method, kind="hold", times=CHATS)
    await world.sandbox.until(lambda: world.sandbox.faults.held == IN_FLIGHT, timeout=60)
    await program.is_killed()
    world.sandbox.faults.clear()
    world.sandbox.faults.release()
    await world.sandbox.until(lambda: not world.sandbox.faults.held)


async def _all(world: World, chats: list[Chat], is_so: Callable[[Chat], bool]) -> None:
    """Wait until it is so in every chat; asked of each only until it is."""
    left = list(chats)

    def none_is_left() -> bool:
        while left and is_so(left[-1]):
            left.pop()
        return not left

    await world.sandbox.until(none_is_left, timeout=60)


def _duplicates(chats: list[Chat], words: str) -> int:
    return sum(max(0, showing(chat, words) - 1) for chat in chats)


async def test_everybody_has_an_entry_that_was_being_sent(world: World) -> None:
    dice = random.Random(20160314)  # noqa: S311  (moments, not secrets)
    program, chats = await _followed(world)
    world.harbour.publish("19:16 GMT", FIRE)

    for calls in (100, dice.randrange(1, 80), dice.randrange(1, 80)):
        await _killed_after(world, program, "sendMessage", calls)
        program = await world.runs()
    await _all(world, chats, lambda chat: showing(chat, FIRE) > 0)

    assert sum(showing(chat, FIRE) - 1 for chat in chats) <= 3 * IN_FLIGHT
    assert sum(showing(chat, "Smoke rises") for chat in chats) == 0, "what was there before is no news"


async def test_everybody_has_a_correction_that_was_being_made(world: World) -> None:
    """An edit repeated is the same edit; the notes that go with it are messages like any other."""
    dice = random.Random(19)  # noqa: S311  (moments, not secrets)
    program, chats = await _followed(world)
    world.harbour.publish("19:16 GMT", FIRE)
    await _all(world, chats, lambda chat: showing(chat, FIRE) > 0)

    world.harbour.correct("19:16 GMT", FIRE_NOW)
    await _killed_after(world, program, "editMessageText", dice.randrange(20, 200))
    await world.runs()
    await _all(world, chats, _is_corrected)

    assert sum(showing(chat, FIRE) for chat in chats) == 0
    assert sum(len(chat.shown) - len(_notes(chat)) for chat in chats) == CHATS, "nothing was sent again"
    assert sum(len(_notes(chat)) - 1 for chat in chats) <= IN_FLIGHT


def _is_corrected(chat: Chat) -> bool:
    return showing(chat, FIRE) == 0 and len(_notes(chat)) >= 1


def _notes(chat: Chat) -> list[object]:
    return [message for message in chat.shown if message.reply_to is not None]
