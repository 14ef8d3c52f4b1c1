"""Turns are handed out evenly, whoever asks for them, and nobody speaks while all are held."""

from __future__ import annotations

import asyncio

import pytest

from storage import pace
from storage.database import Database

ANN, BEA = 1, 2


async def _reserve(database: Database, count: int, now: float, spacing: float = 0.1) -> float:
    return await database.batch(lambda c: pace.reserve(c, count, spacing, now))


async def test_turns_follow_each_other(database: Database) -> None:
    assert await _reserve(database, 5, 100.0) == 100.0
    assert await _reserve(database, 5, 100.0) == pytest.approx(100.5)
    assert await _reserve(database, 5, 100.2) == pytest.approx(101.0)
    assert await _reserve(database, 1, 200.0) == 200.0, "what was not used is not made up for"


async def test_those_who_ask_at_once_get_turns_of_their_own(database: Database) -> None:
    found = await asyncio.gather(*(_reserve(database, 4, 100.0) for _ in range(25)))
    turns = sorted(first + place * 0.1 for first in found for place in range(4))
    assert turns == pytest.approx([100 + place * 0.1 for place in range(100)])


async def test_turns_that_are_given_back_are_handed_out_again(database: Database) -> None:
    first = await _reserve(database, 5, 100.0)
    await database.batch(lambda c: pace.give_back(c, [first + 0.3, first + 0.4], 0.1))
    assert await _reserve(database, 1, 100.0) == pytest.approx(100.3)


async def test_turns_are_kept_back_no_more_once_others_have_reserved(database: Database) -> None:
    first = await _reserve(database, 5, 100.0)
    await _reserve(database, 5, 100.0)
    await database.batch(lambda c: pace.give_back(c, [first + 0.3, first + 0.4], 0.1))
    assert await _reserve(database, 1, 100.0) == pytest.approx(101.0)


@pytest.mark.parametrize(("second", "later", "all_wait"), [(BEA, 0.9, True), (BEA, 1.1, False), (ANN, 0.5, False)])
async def test_two_chats_within_a_second_hold_all(
    database: Database, second: int, later: float, all_wait: bool
) -> None:
    assert not await database.batch(lambda c: pace.refused(c, ANN, 100.0, 130.0))
    assert await database.batch(lambda c: pace.refused(c, second, 100 + later, 107.0)) is all_wait
    assert await _reserve(database, 1, 101.0) == (130.0 if all_wait else 101.0), "the longest time given"
