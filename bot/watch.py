"""The loop that reads: stories that are due, fetched, parsed, handed in.

    due stories, changed files ──fetch──▶ bytes ──read, gather──▶ Page ──intake──▶ archive + next poll time
                                   └──away──▶ back-off ──stays so──▶ warn the operator

The next poll time lives in the database, so a restart neither hurries nor forgets. Each story is read in a task of its
own: a slow source delays no other. Whatever happens to a source, nothing that is known is lost by it.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy.exc
import structlog

from bot import pace, sources
from bot.archive import Understood
from bot.clock import Clock, rest
from bot.intake import Intake
from bot.lookout import Lookout
from bot.sources import gather
from bot.sources.addresses import shown
from bot.sources.fetch import Fetched, Fetcher, SourceAway, SourceHeld, SourceRefused
from storage import entries, stories
from storage.database import Database
from storage.models import Page, Story, StoryState

log = structlog.get_logger(__name__)

LONGEST_IDLE = timedelta(seconds=30)  # an upper bound for noticing what another process changed
LOOK_AFTER_OTHERS = timedelta(seconds=2)  # whether those who read the other stories are still there
DATABASE_REST = 5.0  # seconds, when it is busy
PARSE_WITHIN = 60.0  # seconds

OnTrouble = Callable[[Story, str | None], None]
MayRead = Callable[[int], Awaitable[bool]]


def _nobody(_story: Story, _sentence: str | None) -> None:
    """Nobody is told."""


async def _always(_story_id: int) -> bool:
    """No other process reads."""
    return True


@dataclass(frozen=True)
class _Due:
    """A story to be read now. `is_extra`: only because its file changed, before its time."""

    story: Story
    is_extra: bool = False


class Watcher:
    """Reads the stories of a database, and hands in what it read.

    `on_trouble` is called with a sentence when a source stays broken, and with None when it has recovered. An ended
    story is read for as long as `correct_for`. `may_read` says whether a story is this process's to read, which it
    stays until that process ends. `chance` spreads the readings.
    """

    def __init__(
        self,
        database: Database,
        fetcher: Fetcher,
        intake: Intake,
        clock: Clock,
        *,
        folder: Path,
        correct_for: timedelta = timedelta(days=7),
        on_trouble: OnTrouble = _nobody,
        may_read: MayRead = _always,
        chance: random.Random | None = None,
    ) -> None:
        self._database = database
        self._fetcher = fetcher
        self._intake = intake
        self._clock = clock
        self._folder = folder
        self._correct_for = correct_for
        self._on_trouble = on_trouble
        self._may_read = may_read
        self._others: set[int] = set()  # stories that are due, and another process reads them
        self._chance = chance or random.Random()  # noqa: S311  (it spreads readings, it hides nothing)
        self._lookout = Lookout(folder)
        self._woken = asyncio.Event()
        self._reading: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._under_way: set[int] = set()
        self._alarmed: dict[int, datetime] = {}
        self._news_at: dict[int, datetime] = {}
        self._parts: defaultdict[int, dict[str, gather.Asked]] = defaultdict(dict)
        self._asks: dict[int, float | None] = {}  # what each page asked when it was last seen, in seconds

    async def run(self) -> None:
        """Read for ever."""
        async with asyncio.TaskGroup() as group:
            while True:
                pause = await self._round(group)
                await rest(self._clock, pause, self._woken)
                self._woken.clear()

    def wake(self) -> None:
        """Look for due stories now."""
        self._woken.set()

    async def read_due(self) -> int:
        """Read every story that is due, once; returns how many."""
        due = await self._due()
        for outcome in await asyncio.gather(*map(self._attempt, due), return_exceptions=True):
            if outcome is not None:
                raise outcome
        return len(due)

    async def read(self, story_id: int, *, is_extra: bool = False) -> None:
        """Read one story's source once and store what it gave; never twice at a time."""
        async with self._reading[story_id]:
            async with self._database.read() as connection:
                story = await stories.by_id(connection, story_id)
            if story is not None:
                await self._read(story, is_extra=is_extra)

    # --- what is due ------------------------------------------------------------------------------------------------

    async def _round(self, group: asyncio.TaskGroup) -> float:
        """Start reading what is due; returns for how many seconds there is nothing else to do."""
        try:
            for due in await self._due():
                if due.story.id not in self._under_way:
                    self._under_way.add(due.story.id)
                    group.create_task(self._task(due))
            return await self._pause()
        except sqlalchemy.exc.OperationalError as error:
            log.warning("database_busy", error=str(error.orig))
            return DATABASE_REST

    async def _task(self, due: _Due) -> None:
        try:
            await self._attempt(due)
        except sqlalchemy.exc.OperationalError as error:
            log.warning("database_busy", story=due.story.slug, error=str(error.orig))
            await self._clock.sleep(DATABASE_REST)  # the story is due still
        finally:
            self._under_way.discard(due.story.id)
            self._woken.set()

    async def _attempt(self, due: _Due) -> None:
        try:
            await self.read(due.story.id, is_extra=due.is_extra)
        except sqlalchemy.exc.OperationalError:
            raise
        except Exception as error:  # a fault of ours with one page must not keep the others from being read
            log.exception("reading_failed", story=due.story.slug)
            await self._failed(due.story, f"reading it failed: {type(error).__name__}", None)

    async def _due(self) -> list[_Due]:
        """The stories whose time has come, and those whose file has changed."""
        now = self._clock.now()
        async with self._database.read() as connection:
            due = await stories.due(connection, now)
            files = await stories.of_files(connection)
        in_time = {story.id for story in due}
        changed = [story for story in await self._lookout.changed(files, now) if story.id not in in_time]
        found = [*map(_Due, due), *(_Due(story, is_extra=True) for story in changed)]
        ours = [each for each in found if await self._may_read(each.story.id)]
        self._others = {each.story.id for each in found} - {each.story.id for each in ours}
        return ours

    async def _pause(self) -> float:
        async with self._database.read() as connection:
            moment = await stories.next_due(connection, but=self._under_way | self._others)
        longest = LOOK_AFTER_OTHERS if self._others else LONGEST_IDLE
        wait = longest if moment is None else min(longest, moment - self._clock.now())
        look = self._lookout.pause
        return max(0.0, wait.total_seconds() if look is None else min(look, wait.total_seconds()))

    # --- one reading ------------------------------------------------------------------------------------------------

    async def _read(self, story: Story, *, is_extra: bool) -> None:
        now = self._clock.now()
        try:
            fetched = await self._fetcher.get(
                story.source,
                etag=story.etag,
                last_modified=story.last_modified,
                body_hash=story.body_hash,
                base=self._folder,
            )
            page = None if fetched.data is None else await self._gathered(story, fetched, now)
        except SourceHeld as error:
            await self._postpone(story, error)
            return
        except SourceAway as error:
            await self._failed(story, str(error), error.retry_after)
            return
        except (SourceRefused, sources.UnreadablePage) as error:
            await self._failed(story, str(error), None)
            return
        if is_extra and page is None and not story.failures:
            return  # touched, not changed
        if page is not None:
            self._asks[story.id] = page.asks
        await self._intake.read(
            story,
            page,
            now,
            lambda settled, found: self._facts(settled, fetched, found, now, is_extra=is_extra),
            is_extra=is_extra,
        )
        self._recovered(story)

    async def _gathered(self, story: Story, fetched: Fetched, now: datetime) -> Page:
        """The page, with what stands at addresses of its own."""
        context = _context(story, fetched, now)
        page = await _parsed(context, fetched, story.format)
        if not page.elsewhere:
            return page
        async with self._database.read() as connection:
            known = await entries.known(connection, story.id)
        whole = await gather.gather(self._fetcher, page, context, known=known, asked=self._parts[story.id])
        for warning in whole.warnings[len(page.warnings) :]:
            log.warning("page_odd", story=story.slug, warning=warning)
        return whole

    def _facts(
        self, story: Story, fetched: Fetched, found: Understood, now: datetime, *, is_extra: bool
    ) -> dict[str, object]:
        """What a reading sets on its story."""
        changed_at = now if found.changes else story.changed_at
        if found.news:
            self._news_at[story.id] = now
        return {
            "failures": 0,
            "read_at": now,
            "changed_at": changed_at,
            "next_poll_at": self._next_poll(story, changed_at, fetched.wait, now),
            **_validators(fetched, found.page, is_extra=is_extra),
        }

    def _next_poll(self, story: Story, changed_at: datetime | None, asked: float | None, now: datetime) -> datetime:
        roll = self._chance.random()
        ended_at = _ended_at(story, now)
        news_at = self._news_at.get(story.id)
        if ended_at is not None and not pace.is_moving(ended_at, news_at, now):
            wait = pace.ended_wait(max(ended_at, news_at or ended_at), self._correct_for, now, roll)
            return pace.NEVER if wait is None else now + wait
        quiet = now - (changed_at or story.first_read_at or now)
        return now + pace.poll_wait(story.every, quiet, pace.asked_by(asked, self._asks.get(story.id)), roll)

    # --- what goes wrong --------------------------------------------------------------------------------------------

    async def _postpone(self, story: Story, held: SourceHeld) -> None:
        """Its host asks for peace: that is no failure of this source."""
        wait = pace.retry_wait(story.every, 0, held.retry_after, self._chance.random())
        async with self._database.write() as connection:
            await stories.change(connection, story.id, next_poll_at=self._clock.now() + wait)
        log.info("source_held", story=story.slug, reason=str(held), retry_in=round(wait.total_seconds(), 1))

    async def _failed(self, story: Story, reason: str, asked: float | None) -> None:
        now = self._clock.now()
        reason = reason.replace(story.source, shown(story.source))
        next_poll = self._next_try(story, asked, now)
        async with self._database.write() as connection:
            await stories.change(connection, story.id, failures=story.failures + 1, next_poll_at=next_poll)
        wait = round((next_poll - now).total_seconds(), 1)
        log.warning("source_failed", story=story.slug, reason=reason, retry_in=wait)
        if story.state is not StoryState.ENDED:
            self._alarm(story, reason, now)

    def _next_try(self, story: Story, asked: float | None, now: datetime) -> datetime:
        roll = self._chance.random()
        ended_at = _ended_at(story, now)
        if ended_at is not None:
            wait = pace.ended_wait(ended_at, self._correct_for, now, roll)
            return pace.NEVER if wait is None else now + wait
        return now + pace.retry_wait(story.every, story.failures, asked, roll)

    def _alarm(self, story: Story, reason: str, now: datetime) -> None:
        """Say that a source is broken: to people once, in the log once an hour."""
        alarmed_at = self._alarmed.get(story.id)
        failures = story.failures + 1
        if not pace.is_alarming(failures, alarmed_at, now):
            return
        self._alarmed[story.id] = now
        log.error("source_broken", story=story.slug, reason=reason, failures=failures)
        if alarmed_at is None:
            self._on_trouble(story, reason)

    def _recovered(self, story: Story) -> None:
        self._alarmed.pop(story.id, None)
        if story.failures >= pace.BROKEN_AFTER and story.state is not StoryState.ENDED:
            log.info("source_recovered", story=story.slug, failures=story.failures)
            self._on_trouble(story, None)


def _context(story: Story, fetched: Fetched, now: datetime) -> sources.Context:
    address = fetched.address if story.link else story.source
    return sources.Context(address=address, timezone=story.timezone, now=now, content_type=fetched.content_type)


async def _parsed(context: sources.Context, fetched: Fetched, format: str) -> Page:  # noqa: A002
    """The page, read beside the loop. Raises UnreadablePage, also when it takes for ever."""
    where = context.address
    try:
        async with asyncio.timeout(PARSE_WITHIN):
            return await asyncio.to_thread(sources.read, fetched.data or b"", context, format)
    except TimeoutError:
        raise sources.UnreadablePage(f"{where} was not understood within {PARSE_WITHIN:g} seconds.") from None
    except sources.UnreadablePage as error:
        raise sources.UnreadablePage(str(error).replace(fetched.address, shown(fetched.address))) from error


def _validators(fetched: Fetched, page: Page | None, *, is_extra: bool) -> dict[str, str | None]:
    """What the next reading asks with; nothing, where a page that stays as it is has to be read again all the same.

    A page that only lists its entries tells nothing of them by not changing. What an extra reading lacked was not
    counted: the reading in time has to see for itself.
    """
    if is_extra or (page is not None and any(page.elsewhere.values())):
        return {"etag": None, "last_modified": None, "body_hash": None}
    return {"etag": fetched.etag, "last_modified": fetched.last_modified, "body_hash": fetched.body_hash}


def _ended_at(story: Story, now: datetime) -> datetime | None:
    """When the story ended; None while it is live."""
    return (story.ended_at or now) if story.state is StoryState.ENDED else None
