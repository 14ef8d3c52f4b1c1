"""The loop that reads: stories that are due, fetched, parsed, handed in.

    due stories ──fetch──▶ bytes ──read──▶ Page ──intake──▶ archive + next poll time

The next poll time lives in the database, so a restart neither hurries nor forgets. A source that is away is tried again
with back-off; whatever it is, nothing that is known is lost by it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy.exc
import structlog

from bot import sources
from bot.clock import Clock, rest
from bot.intake import Intake
from bot.sources.fetch import Fetched, Fetcher, SourceAway, SourceRefused
from storage import stories
from storage.database import Database
from storage.models import Page, Story

log = structlog.get_logger(__name__)

AT_ONCE = 4  # stories read side by side
LONGEST_IDLE = timedelta(seconds=30)  # an upper bound for noticing what another process changed
QUIET_AFTER = timedelta(minutes=10)
SLOWEST_PACE = 3  # times the story's own pace, once it has been quiet for long
SLOWEST_RETRY = timedelta(minutes=15)


class Watcher:
    """Reads the stories of a database, and hands in what it read."""

    def __init__(self, database: Database, fetcher: Fetcher, intake: Intake, clock: Clock, *, folder: Path) -> None:
        self._database = database
        self._fetcher = fetcher
        self._clock = clock
        self._folder = folder
        self._intake = intake
        self._woken = asyncio.Event()
        self._reading: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def run(self) -> None:
        """Read for ever."""
        while True:
            try:
                await self.read_due()
                pause = await self._pause()
            except sqlalchemy.exc.OperationalError as error:
                log.warning("database_busy", error=str(error.orig))
                pause = 5.0
            await rest(self._clock, pause, self._woken)
            self._woken.clear()

    def wake(self) -> None:
        """Look for due stories now."""
        self._woken.set()

    async def read_due(self) -> int:
        """Read every story that is due, once; returns how many."""
        async with self._database.read() as connection:
            due = await stories.due(connection, self._clock.now())
        turns = asyncio.Semaphore(AT_ONCE)

        async def one(story: Story) -> None:
            async with turns:
                try:
                    await self.read(story.id)
                except sqlalchemy.exc.OperationalError:
                    raise
                except Exception as error:  # a fault of ours with one page must not keep the others from being read
                    log.exception("reading_failed", story=story.slug)
                    await self._failed(story, error, self._clock.now())

        for outcome in await asyncio.gather(*map(one, due), return_exceptions=True):
            if outcome is not None:
                raise outcome
        return len(due)

    async def read(self, story_id: int) -> None:
        """Read one story's source once and store what it gave; never twice at a time."""
        async with self._reading[story_id]:
            async with self._database.read() as connection:
                story = await stories.by_id(connection, story_id)
            if story is not None:
                await self._read(story)

    async def _read(self, story: Story) -> None:
        now = self._clock.now()
        try:
            fetched = await self._fetcher.get(
                story.source,
                etag=story.etag,
                last_modified=story.last_modified,
                body_hash=story.body_hash,
                base=self._folder,
            )
            page = None if fetched.data is None else await asyncio.to_thread(_parse, story, fetched, now)
        except (SourceAway, SourceRefused, sources.UnreadablePage) as error:
            await self._failed(story, error, now)
            return
        await self._intake.read(story, page, now, lambda has_changed: _facts(story, fetched, has_changed, now))

    async def _failed(self, story: Story, error: Exception, now: datetime) -> None:
        asked = getattr(error, "retry_after", None) or 0.0
        wait = max(retry_wait(story.every, story.failures), timedelta(seconds=asked))
        async with self._database.write() as connection:
            await stories.change(connection, story.id, failures=story.failures + 1, next_poll_at=now + wait)
        log.warning("source_failed", story=story.slug, reason=str(error), retry_in=wait.total_seconds())

    async def _pause(self) -> float:
        async with self._database.read() as connection:
            moment = await stories.next_due(connection)
        wait = LONGEST_IDLE if moment is None else min(LONGEST_IDLE, moment - self._clock.now())
        return max(0.0, wait.total_seconds())


def _parse(story: Story, fetched: Fetched, now: datetime) -> Page:
    context = sources.Context(address=story.source, timezone=story.timezone, now=now, content_type=fetched.content_type)
    return sources.read(fetched.data or b"", context, format=story.format)


def _facts(story: Story, fetched: Fetched, has_changed: bool, now: datetime) -> dict[str, object]:
    """What a reading sets on its story."""
    changed_at = now if has_changed else story.changed_at
    pace = poll_pace(story.every, now - (changed_at or story.first_read_at or now), fetched.wait)
    return {
        "failures": 0,
        "read_at": now,
        "changed_at": changed_at,
        "next_poll_at": now + pace,
        "etag": fetched.etag,
        "last_modified": fetched.last_modified,
        "body_hash": fetched.body_hash,
    }


def poll_pace(every: float, quiet: timedelta, asked: float | None) -> timedelta:
    """How long to wait for the next reading: slower while nothing happens, never faster than the site asks."""
    slow = min(SLOWEST_PACE, 1 + quiet / QUIET_AFTER) if quiet > QUIET_AFTER else 1
    return timedelta(seconds=max(every * slow, asked or 0.0))


def retry_wait(every: float, failures: int) -> timedelta:
    """How long to leave alone a source that failed once more after `failures` failures in a row."""
    return min(SLOWEST_RETRY, timedelta(seconds=every * 2 ** min(failures, 10)))
