"""The pace: how long a chat is left alone, and turns that come evenly, whatever happens."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.limits import Limits
from bot.pacer import HeldBack, Pacer
from storage.database import Database

PERSON, GROUP = 5, -100


# --- a chat ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chat_id", "sent", "now", "wait"),
    [
        (PERSON, (), 100.0, 0.0),
        (PERSON, (100.0,), 100.25, 0.75),
        (PERSON, (100.0,), 101.0, 0.0),
        (GROUP, (100.0,), 100.5, 0.5),
        (GROUP, tuple(100.0 + place for place in range(17)), 118.0, 0.0),
        (GROUP, tuple(100.0 + place for place in range(18)), 118.0, 42.0),
        (PERSON, tuple(100.0 + place for place in range(18)), 118.0, 0.0),
    ],
)
def test_how_long_a_chat_is_left_alone(chat_id: int, sent: tuple[float, ...], now: float, wait: float) -> None:
    assert Limits().chat_wait(chat_id, sent, now) == pytest.approx(wait)


@given(st.sampled_from([PERSON, GROUP]), st.lists(st.floats(0, 5), max_size=80))
def test_no_minute_holds_more_than_a_chat_takes(chat_id: int, gaps: list[float]) -> None:
    """Whoever waits as told, and remembers only what counts, stays within the limits."""
    limits, now, sent, all_sent = Limits(), 1000.0, (), []
    for gap in gaps:
        now += gap
        now += limits.chat_wait(chat_id, sent, now)
        sent = limits.remembered(chat_id, (*sent, now), now)
        all_sent.append(now)
    for start in all_sent:
        assert sum(start <= at < start + 0.999 for at in all_sent) == 1
        assert chat_id > 0 or sum(start <= at < start + 59.999 for at in all_sent) <= 18


def test_what_is_remembered_of_a_chat_does_not_grow() -> None:
    sent = tuple(float(place) for place in range(1000))
    assert Limits().remembered(PERSON, sent, 1000.0) == (999.0,)
    assert len(Limits().remembered(GROUP, sent, 1000.0)) == 18
    assert Limits().remembered(GROUP, sent, 2000.0) == ()


# --- all chats ------------------------------------------------------------------------------------------------------


class Hands:
    """A clock whose hands are moved by hand."""

    def __init__(self) -> None:
        self.at = datetime(2016, 3, 14, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=max(0.0, seconds))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite:///{tmp_path / 'pace.db'}")
    yield opened
    await opened.close()


async def test_two_that_pace_one_database_are_no_faster_than_one(database: Database) -> None:
    clock, limits = Hands(), Limits(rate=20)
    pacers = [Pacer(database, limits, clock) for _ in range(2)]
    turns: list[float] = []
    for place in range(200):
        turn = await pacers[place % 3 % 2].turn()
        clock.at = max(clock.at, datetime.fromtimestamp(turn, UTC) - timedelta(seconds=0.3))
        turns.append(turn)
    turns.sort()
    gaps = [after - before for before, after in itertools.pairwise(turns)]
    assert min(gaps) == pytest.approx(limits.spacing, abs=1e-5)
    assert sum(turns[0] <= turn < turns[0] + 1 for turn in turns) <= 20


async def test_a_turn_that_passed_is_not_made_up_for(database: Database) -> None:
    clock, limits = Hands(), Limits(rate=10)
    pacer = Pacer(database, limits, clock)
    first = await pacer.turn()
    clock.at += timedelta(seconds=60)
    late = [await pacer.turn() for _ in range(3)]
    assert late[0] >= clock.at.timestamp() > first
    assert late[2] - late[0] == pytest.approx(2 * limits.spacing)


async def test_while_all_must_wait_nobody_gets_a_turn(database: Database) -> None:
    clock = Hands()
    pacer, other = (Pacer(database, Limits(), clock) for _ in range(2))
    await asyncio.gather(pacer.turn(), other.turn())
    await pacer.refused(1, 3600)
    await pacer.refused(2, 10)
    with pytest.raises(HeldBack) as held:
        await pacer.turn()
    assert held.value.moment == pytest.approx(clock.at.timestamp() + 3600, abs=10)
    clock.at = datetime.fromtimestamp(held.value.moment, UTC)
    assert await pacer.turn() >= clock.at.timestamp()


async def test_the_hold_outlives_the_process(database: Database) -> None:
    clock = Hands()
    first = Pacer(database, Limits(), clock)
    await first.refused(1, 3600)
    await first.refused(2, 3600)
    with pytest.raises(HeldBack):
        await Pacer(database, Limits(), clock).turn()


async def test_turns_in_hand_are_given_back(database: Database) -> None:
    clock, limits = Hands(), Limits(rate=10)
    first = Pacer(database, limits, clock)
    turn = await first.turn()
    await first.give_back()
    assert await Pacer(database, limits, clock).turn() == pytest.approx(turn + limits.spacing)
