"""From clocks without dates to moments: headings, the page's dates, the order of the entries.

clocks in page order ─▶ which way the page runs ─▶ days relative to each other ─▶ anchored to a date ─▶ UTC
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Literal

from bot.sources import zones
from bot.sources.timestamps import Clock

# A step against the page's order: this many minutes or more mean that midnight lies between, fewer a jumbled order.
_OVERNIGHT = 4 * 60
_NOON = 12 * 60
# A clock may be a little ahead of ours, or of the moment at which the page says it was edited.
_AHEAD = timedelta(minutes=30)
# An address that carries a date this old belongs to an archived page; a younger page may still be live.
_ARCHIVED = timedelta(days=7)


@dataclass(frozen=True)
class Mark:
    """One entry's clock, in page order. `heading` is the date printed since the entry before."""

    clock: Clock
    heading: date | None = None


@dataclass(frozen=True)
class PageDates:
    """What a page says of its own dates beside its headings, and when it is read."""

    now: datetime
    edited: datetime | None = None  # naive: the page's own zone
    published: date | None = None
    address: date | None = None


@dataclass(frozen=True)
class Settled:
    moments: tuple[datetime, ...]  # aware, UTC, in page order
    newest_first: bool
    by: Literal["headings", "edited", "started", "now"] = "headings"  # what the dates hang on


def settle(marks: Sequence[Mark], dates: PageDates, zone: tzinfo) -> Settled:
    """Give every clock its date, and say which way the page runs."""
    newest_first = runs_newest_first(marks)
    days = _headed(marks, newest_first)
    by: Literal["headings", "edited", "started", "now"] = "headings"
    if days is None and marks:
        offsets = _offsets(marks, newest_first)
        base, by = _base(marks, offsets, dates, zone)
        days = [base + timedelta(days=offset) for offset in offsets]
    moments = tuple(moment(day, mark.clock, zone) for day, mark in zip(days or [], marks, strict=True))
    return Settled(moments, newest_first, by)


def moment(day: date, clock: Clock, zone: tzinfo) -> datetime:
    """The moment in UTC. A clock that comes twice, when summer time ends, is taken for its first time."""
    local = datetime.combine(day, time(clock.hour, clock.minute, clock.second))
    own = zones.printed(clock.zone, zone, local) if clock.zone else zone
    return local.replace(tzinfo=own or zone).astimezone(UTC)


def runs_newest_first(marks: Sequence[Mark]) -> bool:
    """By the headings where two differ, else by most steps from clock to clock; newest first in doubt."""
    headings = [mark.heading for mark in marks if mark.heading]
    by_heading = sum((after < before) - (after > before) for before, after in pairwise(headings))
    if by_heading:
        return by_heading > 0
    steps = [_short_way(before.clock, after.clock) for before, after in pairwise(marks)]
    return sum((step < 0) - (step > 0) for step in steps) >= 0


def _short_way(before: Clock, after: Clock) -> int:
    """Minutes from one clock to the next, around midnight where that is shorter."""
    return (after.minutes - before.minutes + _NOON) % (2 * _NOON) - _NOON


def _midnights(before: Mark, after: Mark, newest_first: bool) -> int:
    """Days from one entry to the next one on the page, if no heading says."""
    step = after.clock.minutes - before.clock.minutes
    if newest_first:
        return -1 if step >= _OVERNIGHT else 0
    return 1 if step <= -_OVERNIGHT else 0


def _offsets(marks: Sequence[Mark], newest_first: bool) -> list[int]:
    """Days relative to the first entry's."""
    offsets = [0] if marks else []
    for before, after in pairwise(marks):
        offsets.append(offsets[-1] + _midnights(before, after, newest_first))
    return offsets


def _headed(marks: Sequence[Mark], newest_first: bool) -> list[date] | None:
    """Dates from the headings; entries above the first heading count back from it. None without headings."""
    first = next((n for n, mark in enumerate(marks) if mark.heading), None)
    if first is None:
        return None
    days: list[date] = []
    for n, mark in enumerate(marks[first:], first):
        if mark.heading:
            days.append(mark.heading)
        else:
            days.append(days[-1] + timedelta(days=_midnights(marks[n - 1], mark, newest_first)))
    return _above(marks[: first + 1], days[0], newest_first) + days


def _above(marks: Sequence[Mark], day: date, newest_first: bool) -> list[date]:
    """Dates of the entries above the first heading, which belong to the day beyond it."""
    days: list[date] = []
    for n, (before, after) in enumerate(reversed(list(pairwise(marks)))):
        crossed = _midnights(before, after, newest_first)
        if n == 0:
            crossed = -1 if newest_first else 1
        day -= timedelta(days=crossed)
        days.append(day)
    return days[::-1]


def _base(
    marks: Sequence[Mark], offsets: Sequence[int], dates: PageDates, zone: tzinfo
) -> tuple[date, Literal["edited", "started", "now"]]:
    """The first entry's date, for a page without headings, and what it was taken from."""
    if dates.edited is not None:
        return _latest(marks, offsets, dates.edited.replace(tzinfo=zone), zone), "edited"
    started = dates.published or dates.address
    if started is not None and dates.now.date() - started > _ARCHIVED:
        return started - timedelta(days=min(offsets)), "started"
    return _latest(marks, offsets, dates.now, zone), "now"


def _latest(marks: Sequence[Mark], offsets: Sequence[int], limit: datetime, zone: tzinfo) -> date:
    """The latest date of the first entry that puts no entry after `limit`."""
    last = max(offsets)
    clocks = {mark.clock for mark, offset in zip(marks, offsets, strict=True) if offset == last}
    base = limit.astimezone(zone).date() + timedelta(days=1) - timedelta(days=last)
    for _ in range(3):
        newest = max(moment(base + timedelta(days=last), clock, zone) for clock in clocks)
        if newest <= limit + _AHEAD:
            break
        base -= timedelta(days=1)
    return base
