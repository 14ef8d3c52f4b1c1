"""Taking in what a reading or a push brought: compared, stored, told to whoever must know. One story at a time.

    Page ──understand──▶ changes ──one transaction──▶ archive, the story's own facts ──▶ wake the sender, warn the desk

The watcher hands in what it read, the hooks and the posts of a source chat what was pushed.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import archive
from bot.sources.diff import still_absent, without_absences
from storage import entries, quotes, stories
from storage.database import Database
from storage.locks import alone
from storage.models import EventKind, Origin, Page, Story, StoryState

log = structlog.get_logger(__name__)


Values = Callable[[Story, archive.Understood], Mapping[str, Any]]


def _nobody(_story: Story, _count: int) -> None:
    """Nobody is warned."""


class Intake:
    """Stores pages. `on_events` is called when a log has grown, `on_too_many` when a reading brought oddly much."""

    def __init__(
        self,
        database: Database,
        *,
        on_events: Callable[[], None],
        on_too_many: Callable[[Story, int], None] = _nobody,
    ) -> None:
        self._database = database
        self._on_events = on_events
        self._on_too_many = on_too_many
        self._busy: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def read(
        self, story: Story, page: Page | None, now: datetime, facts: Values, *, is_extra: bool = False
    ) -> archive.Understood:
        """A reading of the story's source; None: it has not changed.

        `facts(story as it now is, understood)` gives what is kept on the story with it. What an extra reading, before
        its time, does not find is not counted as absent: the file may be half written.

        The first reading fills the archive and tells nobody: what it holds is old.
        """
        is_first = story.first_read_at is None

        def values(settled: Story, understood: archive.Understood) -> dict[str, Any]:
            return {**facts(settled, understood), **_of_page(story, page, now)}

        return await self._take(story, page, now, values, silent=is_first, origin=Origin.PAGE, is_extra=is_extra)

    async def push(self, story: Story, page: Page, now: datetime) -> archive.Understood:
        """Entries that were pushed: news from the first one on."""
        values = {"first_read_at": story.first_read_at or now, "read_at": now, "changed_at": now}
        alone = page.model_copy(update={"covers_from": None})  # what is not pushed is not missing
        return await self._take(story, alone, now, lambda *_: values, silent=False, origin=Origin.PUSHED)

    async def _take(
        self,
        story: Story,
        page: Page | None,
        now: datetime,
        values: Values,
        *,
        silent: bool,
        origin: Origin,
        is_extra: bool = False,
    ) -> archive.Understood:
        async with self._busy[story.id]:
            while True:
                known_as, understood = await self._understand(story, page)
                if is_extra:
                    understood = replace(understood, changes=without_absences(understood.changes))
                settled = _settled(story, understood, now)
                async with self._database.write() as connection:
                    await alone(connection, "intake", story.id)
                    if await _log_of(connection, story) != known_as:
                        continue  # another process has taken something in: compare with that
                    await archive.keep(connection, story, understood, now, silent=silent, origin=origin)
                    await _keep_story(connection, story, settled, now, values(settled, understood))
                break
        self._report(story, understood, silent=silent)
        return understood

    async def _understand(self, story: Story, page: Page | None) -> tuple[object, archive.Understood]:
        """What the archive was compared with, and what came of it."""
        async with self._database.read() as connection:
            known_as = await _log_of(connection, story)
            known = await entries.known(connection, story.id)
            speakers = [speaker for _, speaker in await quotes.register(connection, story.id)]
        if page is None:
            return known_as, archive.Understood(still_absent(known), speakers=tuple(speakers))
        return known_as, await asyncio.to_thread(archive.understand, page, known, speakers)

    def _report(self, story: Story, understood: archive.Understood, *, silent: bool) -> None:
        changes, page = understood.changes, understood.page
        of_page = page.warnings if page is not None and (silent or not page.entries) else ()
        for warning in (*changes.warnings, *of_page):
            log.warning("page_odd", story=story.slug, warning=warning)
        if changes:
            counts = {
                "new": len(changes.added),
                "corrected": len(changes.corrected),
                "retracted": len(changes.retracted),
            }
            log.info("story_read", story=story.slug, first=silent, **counts)
        if len(understood.news) > story.max_new and not silent:
            log.warning("suspiciously_many_entries", story=story.slug, unknown=len(understood.news), max=story.max_new)
            self._on_too_many(story, len(understood.news))
        if changes or silent or (page is not None and page.ended):
            self._on_events()


async def _log_of(connection: AsyncConnection, story: Story) -> object:
    """What changes whenever something is taken in for the story; no matter what, but for being equal."""
    now = await stories.by_id(connection, story.id)
    return None if now is None else (now.head, now.changed_at, now.read_at)


def _of_page(story: Story, page: Page | None, now: datetime) -> dict[str, Any]:
    """What a reading says of the story itself."""
    if page is None:
        return {}
    values: dict[str, Any] = {"found_format": page.format}
    if page.title and not story.title:
        values["title"] = page.title
    if story.first_read_at is None and (page.entries or story.format != "auto"):
        # An empty page whose format was found out rather than told may be an error page: its entries would be old news.
        values["first_read_at"] = now
    return values


def _settled(story: Story, understood: archive.Understood, now: datetime) -> Story:
    """The story after a reading: its coverage may have ended or opened again."""
    state = _state(story, understood)
    if state is story.state:
        return story
    return story.model_copy(update={"state": state, "ended_at": now if state is StoryState.ENDED else None})


async def _keep_story(
    connection: AsyncConnection, story: Story, settled: Story, now: datetime, values: Mapping[str, Any]
) -> None:
    """Keep the story's facts, and whether its coverage has ended or opened again."""
    if settled.state is not story.state:
        values = {**values, "state": settled.state.value, "ended_at": settled.ended_at}
        log.info("story_ended" if settled.ended_at else "story_opened_again", story=story.slug)
    await stories.change(connection, story.id, **values)
    if settled.state is StoryState.ENDED and story.state is StoryState.LIVE and story.first_read_at is not None:
        newest = await entries.newest(connection, story.id, 1)
        await entries.append(connection, story.id, [(EventKind.ENDED, one.id, one.number) for one in newest], now)


def _state(story: Story, understood: archive.Understood) -> StoryState:
    """Ended once the page says so; open again when something new comes and the page does not say that it is over.

    That a page calls itself live opens nothing: an administrator may have closed the story.
    """
    if understood.page is not None and understood.page.ended:
        return StoryState.ENDED
    return StoryState.LIVE if understood.news else story.state
