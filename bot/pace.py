"""When a source is read again, and when somebody must hear that it is broken. Pure: chance is an argument too.

it worked ──poll_wait──▶ soon while it moves, later while it is quiet, never before the site wishes
it failed ──retry_wait──▶ twice as long each time
it ended  ──ended_wait──▶ once an hour, until corrections are no longer taken
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

QUIET_AFTER = timedelta(minutes=10)
SLOWEST_PACE = 3  # times the story's own pace, once it has been quiet for long
SLOWEST_RETRY = timedelta(minutes=15)
ENDED_PACE = timedelta(hours=1)
STILL_MOVING = timedelta(hours=1)  # an ended page that brought news this recently is read as a live one
JITTER = 0.1  # so that stories of one pace do not march in step
MOST_A_PAGE_ASKS = 300.0  # seconds; feeds say "hourly" because their software's default does
BROKEN_AFTER = 3  # failures in a row
ALARM_AGAIN = timedelta(hours=1)
NEVER = datetime(9000, 1, 1, tzinfo=UTC)  # as a time for the next reading: no more


def poll_pace(every: float, quiet: timedelta, asked: float | None) -> timedelta:
    """How long to wait for the next reading: slower while nothing happens, never faster than the site asks."""
    slow = min(SLOWEST_PACE, 1 + quiet / QUIET_AFTER) if quiet > QUIET_AFTER else 1
    return timedelta(seconds=max(every * slow, asked or 0.0))


def poll_wait(every: float, quiet: timedelta, asked: float | None, roll: float) -> timedelta:
    """The pace with its jitter, which is never below `every` nor what the site asks."""
    least = timedelta(seconds=max(every, asked or 0.0))
    most = max(timedelta(seconds=every * SLOWEST_PACE), least * (1 + JITTER))
    return jitter(poll_pace(every, quiet, asked), roll, least=least, most=most)


def retry_pace(every: float, failures: int) -> timedelta:
    """How long to leave alone a source that failed once more after `failures` failures in a row."""
    usual = timedelta(seconds=every)
    longer: int = 2 ** min(failures, 10)
    return max(usual, min(SLOWEST_RETRY, usual * longer))


def retry_wait(every: float, failures: int, asked: float | None, roll: float) -> timedelta:
    """The same with its jitter, never below what the site asks."""
    least = timedelta(seconds=max(every, asked or 0.0))
    pace = max(least, retry_pace(every, failures))
    return jitter(pace, roll, least=least, most=max(SLOWEST_RETRY, least * (1 + JITTER)))


def jitter(wait: timedelta, roll: float, *, least: timedelta, most: timedelta) -> timedelta:
    """The wait, up to a tenth longer or shorter as `roll` (0 to 1) says; what passes a bound is turned back there."""
    moved = wait * (1 + JITTER * (2 * roll - 1))
    if moved < least:
        moved = 2 * least - moved
    if moved > most:
        moved = 2 * most - moved
    return max(least, min(most, moved))


def asked_by(site: float | None, page: float | None) -> float | None:
    """What the headers and the page itself ask for, in seconds; the page's wish is honoured up to five minutes."""
    asked = [seconds for seconds in (site, min(page, MOST_A_PAGE_ASKS) if page else None) if seconds]
    return max(asked, default=None)


def is_moving(ended_at: datetime, news_at: datetime | None, now: datetime) -> bool:
    """Whether a page that says it has ended goes on all the same: some say so while they are live."""
    return news_at is not None and news_at > ended_at and now - news_at < STILL_MOVING


def ended_wait(ended_at: datetime, correct_for: timedelta, now: datetime, roll: float) -> timedelta | None:
    """How long to wait for the next look at an ended story; None: no more."""
    wait = jitter(ENDED_PACE, roll, least=ENDED_PACE, most=ENDED_PACE * 2)
    return wait if now + wait <= ended_at + correct_for else None


def is_alarming(failures: int, alarmed_at: datetime | None, now: datetime) -> bool:
    """Whether a source has been broken for long enough to say so, or to say so again."""
    return failures >= BROKEN_AFTER and (alarmed_at is None or now - alarmed_at >= ALARM_AGAIN)
