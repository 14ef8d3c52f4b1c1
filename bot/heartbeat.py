"""A process tells the others that it is alive, how busy it is, and what it counted: for /status.

figures, looked at every few seconds ──pulse──▶ in flight, messages a second ──▶ its row, if anything changed
                                     └──owed──▶ what was counted since ──▶ the hour's tally
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy.exc
import structlog

from bot.clock import Clock
from storage import workers
from storage.database import Database
from storage.workers import Counted

log = structlog.get_logger(__name__)

EVERY = timedelta(seconds=5)  # while something changes
AT_LEAST_EVERY = timedelta(seconds=30)
NOTHING = Counted()

MESSAGES = ("sent", "notes", "edited", "deleted")  # of what `Calls.done` counts: those that Telegram carried out


@dataclass(frozen=True)
class Figures:
    """What a process has counted since it began, and the turns that are under way in it."""

    in_flight: int = 0
    messages: int = 0
    counted: Counted = NOTHING


class Pulse(NamedTuple):
    """How busy a process is; `rate` in messages a second."""

    in_flight: int = 0
    rate: float = 0.0


def figures(done: Mapping[str, int], in_flight: int, found_unknown: int) -> Figures:
    """From what `Calls.done` counted and the sender has in flight; `found_unknown`: calls that a crash cut short."""
    messages = sum(done.get(name, 0) for name in MESSAGES)
    unknown = done.get("unknown", 0) + found_unknown
    return Figures(in_flight, messages, Counted(sum(done.values()), done.get("refused", 0), unknown))


def pulse(before: Figures, now: Figures, seconds: float) -> Pulse:
    """How busy the process was between two looks, so many seconds apart."""
    messages = now.messages - before.messages
    return Pulse(now.in_flight, round(messages / seconds, 2) if seconds > 0 else 0.0)


def owed(told: Counted, now: Counted) -> Counted:
    """What was counted since the tally was told."""
    return Counted(*(new - old for old, new in zip(told, now, strict=True)))


class Heartbeat:
    """One process's row. `role` is "all", or the names of its roles; without a sender its figures are zeros."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        role: str,
        figures: Callable[[], Figures] = Figures,
        every: timedelta = EVERY,
    ) -> None:
        self._database = database
        self._clock = clock
        self._role = role
        self._figures = figures
        self._every = every
        self._worker_id: int | None = None
        self._seen, self._seen_at = figures(), clock.now()
        self._told = NOTHING
        self._pulse = Pulse()
        self._beat_at: datetime | None = None
        self._beating: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Beat for ever."""
        while True:
            try:
                await self.look()
            except sqlalchemy.exc.DBAPIError as error:  # the next look tells it all
                log.warning("heartbeat_missed", error=str(error.orig))
            await asyncio.sleep(self._every.total_seconds())  # a look more or less decides nothing: no clock of its own

    async def look(self) -> None:
        """Look at the figures, and beat if they have changed or the last beat is long ago."""
        now, found = self._clock.now(), self._figures()
        felt = pulse(self._seen, found, (now - self._seen_at).total_seconds())
        self._seen, self._seen_at = found, now
        is_quiet = felt == self._pulse and found.counted == self._told
        if not is_quiet or self._beat_at is None or now - self._beat_at >= AT_LEAST_EVERY:
            # Cancelled in the middle nobody would know whether it was written, and it would be counted twice.
            self._beating = asyncio.create_task(self._beat(now, felt, found.counted))
            await asyncio.shield(self._beating)

    async def close(self) -> None:
        """The process ends: what it has counted is kept, its row goes."""
        if self._beating is not None:
            await asyncio.gather(self._beating, return_exceptions=True)
        counted = self._figures().counted
        try:
            async with self._database.write() as connection:
                if any(more := owed(self._told, counted)):
                    await workers.count(connection, self._clock.now(), more)
                if self._worker_id is not None:
                    await workers.leave(connection, self._worker_id)
        except sqlalchemy.exc.DBAPIError as error:
            log.warning("heartbeat_missed", error=str(error.orig))
        self._told, self._worker_id = counted, None

    async def _beat(self, now: datetime, felt: Pulse, counted: Counted) -> None:
        """Not batched with what waits: a transaction that holds chats must not wait for others' tallies."""
        async with self._database.write() as connection:
            worker_id = self._worker_id
            if worker_id is None or not await workers.beat(connection, worker_id, now, *felt):
                worker_id = await workers.begin(connection, self._role, now)
                await workers.beat(connection, worker_id, now, *felt)
            if any(more := owed(self._told, counted)):
                await workers.count(connection, now, more)
        self._worker_id, self._beat_at, self._pulse, self._told = worker_id, now, felt, counted
