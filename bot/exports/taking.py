"""`dateline import`: a story filled from a page or an export, without telling anybody.

bytes ─▶ sources.read ─▶ Page ─▶ understand ─▶ keep, silently ─▶ withdrawn and absent entries put in their place
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot import archive
from bot.config import Config
from bot.sources import gather
from bot.sources.fetch import Fetcher
from storage import entries, quotes, stories
from storage.database import Database
from storage.errors import StorageError
from storage.models import Content, Entry, Origin, Page, ParsedEntry, Standing, Story

MOST = 1000  # updates that stand at addresses of their own: a person waits for them, four a second


@dataclass(frozen=True)
class Taken:
    """How many entries an import brought, changed, and found as they were."""

    new: int
    corrected: int
    known: int
    warnings: tuple[str, ...] = ()

    def sentence(self, slug: str) -> str:
        return f"{slug}: {self.new} new, {self.corrected} corrected, {self.known} known."


async def import_story(source: str, slug: str, config: Config, *, format: str) -> Taken:  # noqa: A002
    """Fill the story. Raises what reading raises, and StorageError where neither config nor database knows it."""
    named = next((story for story in config.stories if story.slug == slug), None)
    database = await Database.open(config.storage_url, create=named is not None)
    try:
        async with database.read() as connection:
            story = await stories.by_slug(connection, slug)
        if story is None and named is None:
            raise StorageError(f"Neither the configuration nor {database.place} knows a story {slug}.")
        zone = named.timezone if named else story.timezone if story else "GMT"
        page = await _page(source, config, format=format, timezone=zone)
        async with database.write() as connection:
            if named is not None and story is None:
                story = await stories.put(connection, slug, named.model_dump(exclude={"slug"}))
            return await _fill(connection, story, page, datetime.now(UTC)) if story else Taken(0, 0, 0)
    finally:
        await database.close()


async def _page(source: str, config: Config, *, format: str, timezone: str) -> Page:  # noqa: A002
    fetch = config.fetch
    async with Fetcher(
        allow_private_addresses=fetch.allow_private_addresses, max_bytes=fetch.max_bytes, timeout=fetch.timeout
    ) as fetcher:
        now = datetime.now(UTC)
        return await gather.read_once(fetcher, source, now, format=format, timezone=timezone, most=MOST)


async def _fill(connection: AsyncConnection, story: Story, page: Page, at: datetime) -> Taken:
    known = await entries.known(connection, story.id)
    speakers = [speaker for _, speaker in await quotes.register(connection, story.id)]
    understood = archive.understand(_unabsent(page, known), known, speakers)
    # An archive is no window on a page: nothing follows from what it lacks, nor from what the page lacks of it.
    taken_back = tuple(one for one in understood.changes.retracted if one.standing is Standing.DELETED)
    changes = replace(understood.changes, retracted=taken_back, absences={})
    await archive.keep(connection, story, replace(understood, changes=changes), at, silent=True, origin=Origin.PUSHED)
    stones = await _put_in_place(connection, story, page, at)
    if page.title and not story.title:
        await stories.change(connection, story.id, title=page.title)
    new, corrected = len(changes.added) + stones, len(changes.corrected) + len(changes.retracted)
    return Taken(new, corrected, max(0, len(page.entries) - new - corrected), page.warnings)


def _unabsent(page: Page, known: list[Entry]) -> Page:
    """Without the entries that are known to be absent: showing them here does not bring them back."""
    absent = {entry.key for entry in known if entry.standing is Standing.ABSENT} & set(page.absent)
    return page.model_copy(update={"entries": tuple(entry for entry in page.entries if entry.key not in absent)})


async def _put_in_place(connection: AsyncConnection, story: Story, page: Page, at: datetime) -> int:
    """Withdraw and mark absent what an export says is; returns how many withdrawn entries were unknown."""
    known = {entry.key: entry for entry in await entries.known(connection, story.id)}
    stones = [entry for entry in page.entries if entry.withdrawn and entry.key not in known]
    for stone in stones:
        entry_id = await entries.add(connection, story.id, stone.key, _emptied(stone), at, origin=Origin.PUSHED)
        await entries.revise(connection, entry_id, _emptied(stone), at, Standing.DELETED)
    for key in page.absent:
        entry = known.get(key)
        if entry is not None and entry.standing is Standing.SHOWN:
            await entries.revise(connection, entry.id, entry, at, Standing.ABSENT)
    return len(stones)


def _emptied(entry: ParsedEntry) -> Content:
    return Content(published_at=entry.published_at, stamp=entry.stamp)
