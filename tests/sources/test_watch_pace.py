"""When a source is read again: bounds and order that hold for all numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import pace

NOW = datetime(2016, 3, 14, 19, 0, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
EPSILON = timedelta(microseconds=5)

everies = st.floats(0.1, 86_400)
spans = st.floats(0, 90 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
asks = st.none() | st.floats(0, 3600)
rolls = st.floats(0, 1, exclude_max=True)
counts = st.integers(0, 10_000)


@given(everies, spans, asks, rolls)
def test_a_wait_stays_within_its_bounds(every: float, quiet: timedelta, asked: float | None, roll: float) -> None:
    wait = pace.poll_wait(every, quiet, asked, roll)
    least = timedelta(seconds=max(every, asked or 0))
    assert least - EPSILON <= wait <= max(pace.SLOWEST_PACE * timedelta(seconds=every), least * 1.1) + EPSILON
    assert abs(wait - pace.poll_pace(every, quiet, asked)) <= wait * 0.12 + EPSILON


@given(everies, spans, spans, asks, st.floats(0, 3600), st.floats(1, 4))
def test_paces_grow_with_what_slows_them(
    every: float, quiet: timedelta, more: timedelta, asked: float | None, extra: float, factor: float
) -> None:
    usual = pace.poll_pace(every, quiet, asked)
    assert pace.poll_pace(every, quiet + more, asked) >= usual
    assert pace.poll_pace(every, quiet, (asked or 0) + extra) >= usual
    assert pace.poll_pace(every * factor, quiet, asked) >= usual


@given(everies, counts, asks, rolls)
def test_a_retry_stays_within_its_bounds(every: float, failures: int, asked: float | None, roll: float) -> None:
    wait = pace.retry_wait(every, failures, asked, roll)
    least = timedelta(seconds=max(every, asked or 0))
    assert least - EPSILON <= wait <= max(pace.SLOWEST_RETRY, least * 1.1) + EPSILON


@given(everies, counts, counts)
def test_retries_back_off(every: float, failures: int, more: int) -> None:
    usual = pace.retry_pace(every, failures)
    assert pace.retry_pace(every, failures + more) >= usual
    assert pace.retry_pace(every, failures) >= pace.poll_pace(every, timedelta(), None)


@given(spans.filter(bool), rolls, spans, spans)
def test_jitter_is_a_tenth_and_keeps_its_bounds(
    wait: timedelta, roll: float, under: timedelta, over: timedelta
) -> None:
    free = pace.jitter(wait, roll, least=timedelta(), most=wait * 2)
    assert abs(free - wait) <= wait * 0.1 + EPSILON
    bounded = pace.jitter(wait, roll, least=max(timedelta(), wait - under), most=wait + over)
    assert wait - under - EPSILON <= bounded <= wait + over + EPSILON


def test_jitter_spreads() -> None:
    waits = {pace.poll_wait(20, timedelta(), None, roll / 100) for roll in range(100)}
    assert len(waits) > 40
    assert min(waits) >= 20 * SECOND
    assert max(waits) <= 22 * SECOND


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 20), (1, 40), (2, 80), (3, 160), (4, 320), (5, 640), (6, 900), (99, 900)]
)
def test_the_usual_retries(failures: int, seconds: float) -> None:
    assert pace.retry_pace(20, failures) == seconds * SECOND


def test_a_story_that_is_read_rarely_is_not_hurried_by_failing() -> None:
    assert pace.retry_pace(3600, 5) == HOUR


@pytest.mark.parametrize(
    ("site", "page", "asked"),
    [(None, None, None), (30, None, 30), (None, 15, 15), (30, 15, 30), (15, 30, 30), (None, 86_400, 300), (0, 0, None)],
)
def test_what_is_asked(site: float | None, page: float | None, asked: float | None) -> None:
    assert pace.asked_by(site, page) == asked


@given(spans, spans, rolls)
def test_an_ended_story_is_read_once_an_hour_and_then_no_more(
    correct_for: timedelta, since: timedelta, roll: float
) -> None:
    wait = pace.ended_wait(NOW, correct_for, NOW + since, roll)
    if wait is None:
        assert since + 1.1 * HOUR > correct_for
    else:
        assert HOUR <= wait <= 1.1 * HOUR
        assert since + wait <= correct_for


def test_a_page_that_ended_and_goes_on() -> None:
    assert not pace.is_moving(NOW, None, NOW)
    assert not pace.is_moving(NOW, NOW, NOW + SECOND)
    assert pace.is_moving(NOW, NOW + SECOND, NOW + HOUR)
    assert not pace.is_moving(NOW, NOW + SECOND, NOW + 2 * HOUR)


def test_alarms() -> None:
    assert not pace.is_alarming(2, None, NOW)
    assert pace.is_alarming(3, None, NOW)
    assert not pace.is_alarming(4, NOW, NOW + 59 * HOUR / 60)
    assert pace.is_alarming(4, NOW, NOW + HOUR)
    assert pace.NEVER > NOW + 1000 * DAY
