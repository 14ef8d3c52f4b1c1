"""Who said what: the speakers that each story has shown, and their quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.models import FoundQuote, Speaker, Standing, StoredQuote
from storage.schema import entries, quotes, revisions, speakers, stories

MOST_COUNTED = 10_000  # one by one


async def register(connection: AsyncConnection, story_id: int) -> list[tuple[int, Speaker]]:
    """The story's speakers with their ids, in the order in which they were first seen."""
    query = sa.select(speakers).where(speakers.c.story_id == story_id).order_by(speakers.c.position)
    return [(row.id, _speaker(row)) for row in await connection.execute(query)]


async def save_register(connection: AsyncConnection, story_id: int, known: Sequence[Speaker]) -> list[int]:
    """Keep the register, position by position; returns the speakers' ids in the same order."""
    stored = await register(connection, story_id)
    ids = [speaker_id for speaker_id, _ in stored]
    for position, speaker in enumerate(known):
        values = speaker.model_dump(mode="json")
        values["is_person"] = int(speaker.is_person)
        if position >= len(stored):
            query = speakers.insert().values(story_id=story_id, position=position, **values).returning(speakers.c.id)
            ids.append((await connection.execute(query)).scalar_one())
        elif stored[position][1] != speaker:
            await connection.execute(speakers.update().where(speakers.c.id == ids[position]).values(**values))
    return ids


async def replace(
    connection: AsyncConnection, story_id: int, entry_id: int, found: Sequence[tuple[FoundQuote, int | None]]
) -> None:
    """Set the entry's quotes, each with its speaker's id."""
    known, counted = await _tallies(connection, entry_id)
    if not known and not found:
        return
    entry = (await connection.execute(_entry.where(entries.c.id == entry_id))).one()
    is_shown = entry.standing != Standing.DELETED.value
    of_entry = {"story_id": story_id, "entry_id": entry_id, "published_at": entry.published_at}
    rows = [
        {
            **quote.model_dump(exclude={"speaker", "parts"}),
            **of_entry,
            "parts": [list(part) for part in quote.parts],
            "speaker_id": speaker_id,
            "is_shown": int(is_shown),
        }
        for quote, speaker_id in found
    ]
    await connection.execute(quotes.delete().where(quotes.c.entry_id == entry_id))
    if rows:
        await connection.execute(quotes.insert(), rows)
    said = Counter(speaker_id for _, speaker_id in found) if is_shown else Counter()
    await _count(connection, story_id, counted, said)


async def keep_with(
    connection: AsyncConnection, story_id: int, entry_id: int, published_at: datetime, *, is_shown: bool
) -> None:
    """The entry has a new time, was taken down, or stands again: so do its quotes."""
    known, counted = await _tallies(connection, entry_id)
    if not known:
        return
    here = quotes.update().where(quotes.c.entry_id == entry_id)
    await connection.execute(here.values(published_at=published_at, is_shown=int(is_shown)))
    await _count(connection, story_id, counted, known if is_shown else Counter())


_entry = sa.select(entries.c.published_at, revisions.c.standing).join(
    revisions, (revisions.c.entry_id == entries.c.id) & (revisions.c.number == entries.c.revision)
)

Tally = Counter[int | None]  # quotes by the speaker's id; under None those without one


async def _tallies(connection: AsyncConnection, entry_id: int) -> tuple[Tally, Tally]:
    """The entry's quotes, all and those that are shown: these are counted already."""
    shown = sa.func.sum(quotes.c.is_shown).label("shown")
    query = sa.select(quotes.c.speaker_id, sa.func.count().label("known"), shown).where(quotes.c.entry_id == entry_id)
    rows = (await connection.execute(query.group_by(quotes.c.speaker_id))).all()
    return Counter({row.speaker_id: row.known for row in rows}), Counter({row.speaker_id: row.shown for row in rows})


async def _count(connection: AsyncConnection, story_id: int, before: Tally, after: Tally) -> None:
    """Keep the numbers of the speakers and the story in step."""
    for speaker_id in sorted(before | after, key=lambda one: one or 0):  # always in one order: no deadlock
        more = after[speaker_id] - before[speaker_id]
        if not more:
            continue
        query = (
            stories.update().where(stories.c.id == story_id).values(unattributed=stories.c.unattributed + more)
            if speaker_id is None
            else speakers.update().where(speakers.c.id == speaker_id).values(said=speakers.c.said + more)
        )
        await connection.execute(query)


# --- listing --------------------------------------------------------------------------------------------------------


class Place(NamedTuple):
    """A quote's place in the lists: the newest entry first, and of one entry in the order of the text."""

    published_at: datetime
    entry_id: int
    start: int


def place_of(quote: StoredQuote) -> Place:
    return Place(quote.published_at, quote.entry_id, quote.start)


async def place_in(connection: AsyncConnection, entry_id: int, start: int) -> Place | None:
    """The place of what stands there in the entry; None where there is no such entry."""
    query = sa.select(entries.c.published_at).where(entries.c.id == entry_id)
    moment = (await connection.execute(query)).scalar()
    return None if moment is None else Place(moment, entry_id, start)


def by(speaker_id: int) -> sa.ColumnElement[bool]:
    """The speaker's quotes, to be listed or counted."""
    return quotes.c.speaker_id == speaker_id


def of_story(story_id: int) -> sa.ColumnElement[bool]:
    """The story's quotes that have a speaker, to be listed or counted."""
    return (quotes.c.story_id == story_id) & quotes.c.speaker_id.is_not(None)


# Quotes of entries that the publisher took down are not repeated.
_is_shown = quotes.c.is_shown == sa.literal_column("1")
_shown: sa.Select[Any] = (
    sa.select(
        *(column for column in quotes.c if column.name != "is_shown"),
        speakers.c.name.label("speaker"),
        revisions.c.stamp,
    )
    .join(entries, entries.c.id == quotes.c.entry_id)
    .join(revisions, (revisions.c.entry_id == entries.c.id) & (revisions.c.number == entries.c.revision))
    .outerjoin(speakers, speakers.c.id == quotes.c.speaker_id)
    .where(_is_shown)
)
_newest_first = (quotes.c.published_at.desc(), quotes.c.entry_id.desc(), quotes.c.start)
_oldest_first = (quotes.c.published_at, quotes.c.entry_id, quotes.c.start.desc())


async def newest(
    connection: AsyncConnection,
    which: sa.ColumnElement[bool],
    limit: int,
    *,
    before: Place | None = None,
    after: Place | None = None,
) -> list[StoredQuote]:
    """Up to `limit` quotes, newest first; next to a place if one is given: older ones (`before`) or newer (`after`)."""
    query = _shown.where(which).limit(limit)
    if after is not None:
        rows = (await connection.execute(query.where(_newer_than(after)).order_by(*_oldest_first))).all()
        return [_quote(row) for row in reversed(rows)]
    if before is not None:
        query = query.where(_older_than(before))
    return [_quote(row) for row in await connection.execute(query.order_by(*_newest_first))]


async def count_newer(connection: AsyncConnection, which: sa.ColumnElement[bool], than: Place) -> int:
    """How many quotes are newer than that place; MOST_COUNTED if there are more."""
    query = sa.select(sa.literal(1)).select_from(quotes).where(_is_shown, which, _newer_than(than))
    newer = query.limit(MOST_COUNTED).subquery()
    return (await connection.execute(sa.select(sa.func.count()).select_from(newer))).scalar_one()


# The entry is found by the index, however the two databases read it; what to leave out of that entry comes after.


def _older_than(place: Place) -> sa.ColumnElement[bool]:
    here = sa.tuple_(quotes.c.published_at, quotes.c.entry_id)
    return (here <= _entry_at(place)) & ((quotes.c.entry_id != place.entry_id) | (quotes.c.start > place.start))


def _newer_than(place: Place) -> sa.ColumnElement[bool]:
    here = sa.tuple_(quotes.c.published_at, quotes.c.entry_id)
    return (here >= _entry_at(place)) & ((quotes.c.entry_id != place.entry_id) | (quotes.c.start < place.start))


def _entry_at(place: Place) -> sa.Tuple:
    return sa.tuple_(sa.literal(place.published_at, quotes.c.published_at.type), place.entry_id)


async def texts(connection: AsyncConnection, speaker_id: int, limit: int) -> list[tuple[int, str]]:
    """(id, words) of the speaker's quotes, newest first: to look for something in."""
    query = sa.select(quotes.c.id, quotes.c.text).where(by(speaker_id), _is_shown).order_by(*_newest_first)
    return [(row.id, row.text) for row in await connection.execute(query.limit(limit))]


async def surroundings(connection: AsyncConnection, speaker_id: int, limit: int) -> list[tuple[int, str]]:
    """(id, title and text of the entry) of the speaker's quotes, newest first: to look for something near them."""
    query = (
        sa.select(quotes.c.id, revisions.c.title, revisions.c.text)
        .join(entries, entries.c.id == quotes.c.entry_id)
        .join(revisions, (revisions.c.entry_id == entries.c.id) & (revisions.c.number == entries.c.revision))
        .where(by(speaker_id), _is_shown)
        .order_by(*_newest_first)
    )
    return [(row.id, f"{row.title}\n{row.text}") for row in await connection.execute(query.limit(limit))]


async def by_ids(connection: AsyncConnection, ids: Sequence[int]) -> list[StoredQuote]:
    """These quotes, newest first."""
    query = _shown.where(quotes.c.id.in_(list(ids))).order_by(*_newest_first)
    return [_quote(row) for row in await connection.execute(query)]


async def of_entries(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[StoredQuote]]:
    """The quotes of these entries, in the order of the text."""
    found: dict[int, list[StoredQuote]] = {}
    query = _shown.where(quotes.c.entry_id.in_(list(ids))).order_by(quotes.c.entry_id, quotes.c.start)
    for row in await connection.execute(query):
        found.setdefault(row.entry_id, []).append(_quote(row))
    return found


async def counts(connection: AsyncConnection, story_id: int) -> dict[int | None, int]:
    """How many quotes each speaker has; under None those without one. Whoever has none is left out."""
    query = sa.select(speakers.c.id, speakers.c.said).where(speakers.c.story_id == story_id, speakers.c.said > 0)
    found: dict[int | None, int] = {row.id: row.said for row in await connection.execute(query)}
    nobodys = sa.select(stories.c.unattributed).where(stories.c.id == story_id)
    if count := (await connection.execute(nobodys)).scalar():
        found[None] = count
    return found


async def count_by(connection: AsyncConnection, speaker_id: int) -> int:
    """How many quotes the speaker has."""
    return (await connection.execute(sa.select(speakers.c.said).where(speakers.c.id == speaker_id))).scalar() or 0


async def count_of_story(connection: AsyncConnection, story_id: int) -> int:
    """How many of the story's quotes have a speaker."""
    query = sa.select(sa.func.sum(speakers.c.said)).where(speakers.c.story_id == story_id)
    return int((await connection.execute(query)).scalar() or 0)


async def speaker(connection: AsyncConnection, speaker_id: int) -> tuple[int, Speaker] | None:
    """The story that the speaker belongs to, and the speaker."""
    row = (await connection.execute(sa.select(speakers).where(speakers.c.id == speaker_id))).first()
    return (row.story_id, _speaker(row)) if row else None


async def people(connection: AsyncConnection, ids: Iterable[int]) -> dict[int, Speaker]:
    """These speakers by their ids."""
    query = sa.select(speakers).where(speakers.c.id.in_(list(ids)))
    return {row.id: _speaker(row) for row in await connection.execute(query)}


def _quote(row: sa.Row[Any]) -> StoredQuote:
    return StoredQuote.model_validate(dict(row._mapping))


def _speaker(row: sa.Row[Any]) -> Speaker:
    values = dict(row._mapping)
    return Speaker.model_validate({name: values[name] for name in Speaker.model_fields})
