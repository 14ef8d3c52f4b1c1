"""From a page to the archive: understand it, then keep all that it says in one transaction.

    bytes ──read──▶ Page ──diff against the known entries──▶ Changes ──find_quotes──▶ Understood
    Understood ──keep──▶ entries + revisions + quotes + speakers + events

`understand` is pure and may run in a thread; `keep` writes, and is all that makes an entry exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.quotes import Register, find_quotes
from bot.sources.diff import Added, Changes, Corrected, diff
from storage import entries
from storage import quotes as quote_store
from storage.models import Content, Entry, EventKind, FoundQuote, Origin, Page, ParsedEntry, Speaker, Story

Happened = list[tuple[EventKind, int, int]]
Attributed = tuple[FoundQuote, int | None]


@dataclass(frozen=True)
class Understood:
    """A reading, compared and read for quotes.

    `quotes` are by the parsed entry's key, each with its speaker's position in the register: a later entry may give the
    speaker a fuller name, but never another position.
    """

    changes: Changes
    page: Page | None = None
    quotes: Mapping[str, Sequence[Attributed]] = field(default_factory=dict)
    speakers: tuple[Speaker, ...] = ()

    @property
    def news(self) -> list[Added]:
        """The entries that were not known and are not older than all that is."""
        return [added for added in self.changes.added if not added.is_old]


def understand(page: Page, known: Sequence[Entry], speakers: Sequence[Speaker]) -> Understood:
    """Compare the page with what is known, and read what is new or corrected for quotes, oldest first."""
    changes = diff(known, page)
    fresh = [added.entry for added in changes.added] + [corrected.entry for corrected in changes.corrected]
    register = Register(speakers)
    found: dict[str, Sequence[Attributed]] = {}
    for entry in sorted(fresh, key=lambda entry: entry.published_at):
        found[entry.key], register = read_quotes(entry, register)
    return Understood(changes, page, found, register.speakers)


def read_quotes(entry: Entry | ParsedEntry, register: Register) -> tuple[list[Attributed], Register]:
    """An entry's quotes, each with its speaker's position in the register, and the register as the entry leaves it."""
    tweets = [span for span in entry.spans if span.kind == "tweet"]
    reading = find_quotes(entry.text, title=entry.title, register=register, at=entry.published_at, tweets=tweets)
    positions = {speaker.name: position for position, speaker in enumerate(reading.register.speakers)}
    return [(quote, positions.get(quote.speaker or "")) for quote in reading.quotes], reading.register


async def keep(
    connection: AsyncConnection,
    story: Story,
    understood: Understood,
    at: datetime,
    *,
    silent: bool = False,
    origin: Origin = Origin.PAGE,
) -> None:
    """Store a reading. Silent: nothing of it is told to anybody (the first reading, an import)."""
    changes = understood.changes
    happened: Happened = []
    speaker_ids = await _keep_speakers(connection, story, understood)
    new = [entries.New(added.entry.key, added.entry, added.is_late) for added in changes.added]
    ids = await entries.add_all(connection, story.id, new, at, origin=origin)
    for entry_id, added in zip(ids, changes.added, strict=True):
        if not added.is_old:
            happened.append((EventKind.PUBLISHED, entry_id, 1))
        if understood.quotes.get(added.entry.key):
            await _keep_quotes(connection, story, entry_id, added.entry, understood, speaker_ids)
    for corrected in changes.corrected:
        happened.append(await _revise(connection, corrected, at))
        await _keep_quotes(connection, story, corrected.known.id, corrected.entry, understood, speaker_ids)
    for retracted in changes.retracted:
        known = retracted.known
        number = await entries.revise(connection, known.id, known, at, retracted.standing)
        happened.append((EventKind.RETRACTED, known.id, number))
    await entries.count_absences(connection, changes.absences)
    if not silent:
        await entries.append(connection, story.id, happened, at, is_bulk=len(understood.news) > story.max_new)


async def _revise(connection: AsyncConnection, corrected: Corrected, at: datetime) -> tuple[EventKind, int, int]:
    content: Content = corrected.entry
    number = await entries.revise(connection, corrected.known.id, content, at)
    return EventKind.CORRECTED, corrected.known.id, number


async def _keep_speakers(connection: AsyncConnection, story: Story, understood: Understood) -> list[int]:
    """The speakers' ids by position."""
    if not understood.quotes:
        return []
    return await quote_store.save_register(connection, story.id, understood.speakers)


async def _keep_quotes(
    connection: AsyncConnection,
    story: Story,
    entry_id: int,
    entry: ParsedEntry,
    understood: Understood,
    speaker_ids: Sequence[int],
) -> None:
    found = [
        (quote, None if position is None else speaker_ids[position])
        for quote, position in understood.quotes.get(entry.key, ())
    ]
    await quote_store.replace(connection, story.id, entry_id, found)
