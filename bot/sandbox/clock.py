"""Time that stands still until it is moved: dates, limits and lifetimes of a sandbox under test follow it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2016, 3, 14, 19, 16, tzinfo=UTC)


class Clock:
    """`Sandbox(now=Clock())`; long polls, delays and webhooks take real time all the same."""

    def __init__(self, start: datetime = START) -> None:
        self.time = start

    def __call__(self) -> datetime:
        return self.time

    def advance(self, seconds: float = 0, **by: float) -> datetime:
        """Move the hands on, `seconds` and what timedelta takes: `hours=49`."""
        step = timedelta(seconds=seconds, **by)
        if step < timedelta(0):
            raise ValueError("time does not go backwards")
        self.time += step
        return self.time
