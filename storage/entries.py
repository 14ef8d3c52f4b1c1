"""Entries, their revisions, and the log that tells of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import quotes, stories
from storage.models import Content, Entry, Event, EventKind, Origin, Revision, Standing
from storage.schema import entries, events, revisions
from storage.schema import stories as story_table

CHUNK = 500  # below every database's limit of bound values
MOST_COUNTED = 10_000  # one by one: a millisecond or two

_current = sa.select(
    entries.c.id.label("entry_id"),
    entries.c.story_id,
    entries.c.key,
    entries.c.added_at,
    entries.c.origin,
    entries.c.published_seq,
    entries.c.is_late,
    entries.c.absences,
    *(column for column in revisions.c if column.name != "entry_id"),
).join(revisions, (revisions.c.entry_id == entries.c.id) & (revisions.c.number == entries.c.revision))


class New(NamedTuple):
    """An entry to be kept."""

    key: str
    content: Content
    is_late: bool = False


async def add(
    connection: AsyncConnection,
    story_id: int,
    key: str,
    content: Content,
    at: datetime,
    *,
    is_late: bool = False,
    origin: Origin = Origin.PAGE,
) -> int:
    """Keep a new entry with its first revision; returns its id."""
    [entry_id] = await add_all(connection, story_id, [New(key, content, is_late)], at, origin=origin)
    return entry_id


async def add_all(
    connection: AsyncConnection, story_id: int, new: Sequence[New], at: datetime, *, origin: Origin = Origin.PAGE
) -> list[int]:
    """Keep new entries with their first revisions; returns their ids in the same order."""
    if not new:
        return []
    rows = [
        {
            "story_id": story_id,
            "key": one.key,
            "published_at": one.content.published_at,
            "added_at": at,
            "is_late": int(one.is_late),
            "origin": origin.value,
            "is_readable": int(_is_readable(one.content, Standing.SHOWN)),
        }
        for one in new
    ]
    kept = await connection.execute(entries.insert().returning(entries.c.key, entries.c.id), rows)
    by_key: dict[str, int] = {row.key: row.id for row in kept}  # they come back in any order
    ids = [by_key[one.key] for one in new]
    values = [_values(entry_id, 1, one.content, Standing.SHOWN, at) for entry_id, one in zip(ids, new, strict=True)]
    await connection.execute(revisions.insert(), values)
    await stories.count_readable(connection, story_id, sum(_is_readable(one.content, Standing.SHOWN) for one in new))
    return ids


async def revise(
    connection: AsyncConnection, entry_id: int, content: Content, at: datetime, standing: Standing = Standing.SHOWN
) -> int:
    """Add the entry's next revision; returns its number. Its quotes stay, shown or not as the entry is."""
    here = entries.c.id == entry_id
    was = sa.select(entries.c.story_id, entries.c.revision, entries.c.is_readable).where(here).with_for_update()
    story_id, last, was_readable = (await connection.execute(was)).one()
    number: int = last + 1
    is_readable = int(_is_readable(content, standing))
    values = {"revision": number, "published_at": content.published_at, "absences": 0, "is_readable": is_readable}
    await connection.execute(entries.update().where(here).values(**values))
    await connection.execute(revisions.insert(), [_values(entry_id, number, content, standing, at)])
    await stories.count_readable(connection, story_id, is_readable - was_readable)
    is_shown = standing is not Standing.DELETED
    await quotes.keep_with(connection, story_id, entry_id, content.published_at, is_shown=is_shown)
    return number


def _is_readable(content: Content, standing: Standing) -> bool:
    """Whether answers show it: it stands and says something."""
    return standing is not Standing.DELETED and bool(content.text or content.title)


def _values(entry_id: int, number: int, content: Content, standing: Standing, at: datetime) -> dict[str, Any]:
    values = content.model_dump(include=set(Content.model_fields), exclude={"spans", "media"})
    return values | {
        "is_key": int(content.is_key),
        "entry_id": entry_id,
        "number": number,
        "at": at,
        "standing": standing.value,
        "spans": [span.model_dump(exclude_none=True) for span in content.spans],
        "media": [medium.model_dump() for medium in content.media],
    }


async def count_absences(connection: AsyncConnection, absences: dict[int, int]) -> None:
    for entry_id, count in absences.items():
        await connection.execute(entries.update().where(entries.c.id == entry_id).values(absences=count))


async def append(
    connection: AsyncConnection,
    story_id: int,
    happened: Sequence[tuple[EventKind, int, int]],
    at: datetime,
    *,
    is_bulk: bool = False,
) -> None:
    """Write (kind, entry id, revision) to the story's log, in this order."""
    if not happened:
        return
    first = await stories.advance_head(connection, story_id, len(happened))
    rows = [
        {
            "story_id": story_id,
            "seq": first + place,
            "kind": kind.value,
            "entry_id": entry_id,
            "revision": revision,
            "at": at,
            "is_bulk": int(is_bulk and kind is EventKind.PUBLISHED),
        }
        for place, (kind, entry_id, revision) in enumerate(happened)
    ]
    await connection.execute(events.insert(), rows)
    published = [{"of": row["entry_id"], "at_seq": row["seq"]} for row in rows if row["kind"] == EventKind.PUBLISHED]
    if published:
        query = entries.update().where(entries.c.id == sa.bindparam("of")).values(published_seq=sa.bindparam("at_seq"))
        await connection.execute(query, published)


async def log(connection: AsyncConnection, story_id: int, after: int, until: int) -> list[Event]:
    """The events with `after < seq <= until`, in order."""
    query = sa.select(events).where(events.c.story_id == story_id, events.c.seq > after, events.c.seq <= until)
    rows = await connection.execute(query.order_by(events.c.seq))
    return [Event.model_validate(dict(row._mapping)) for row in rows]


async def by_id(connection: AsyncConnection, entry_id: int) -> Entry | None:
    row = (await connection.execute(_current.where(entries.c.id == entry_id))).first()
    return _entry(row) if row else None


async def by_ids(connection: AsyncConnection, ids: Iterable[int]) -> dict[int, Entry]:
    found: dict[int, Entry] = {}
    for chunk in _chunks(sorted(set(ids))):
        rows = await connection.execute(_current.where(entries.c.id.in_(chunk)))
        found.update({row.entry_id: _entry(row) for row in rows})
    return found


async def revisions_of(connection: AsyncConnection, ids: Iterable[int]) -> dict[tuple[int, int], Revision]:
    """All revisions of these entries, by (entry id, number)."""
    found: dict[tuple[int, int], Revision] = {}
    for chunk in _chunks(sorted(set(ids))):
        rows = await connection.execute(sa.select(revisions).where(revisions.c.entry_id.in_(chunk)))
        found.update({(row.entry_id, row.number): _revision(row) for row in rows})
    return found


async def known(connection: AsyncConnection, story_id: int) -> list[Entry]:
    """Every entry of the story as it is now, oldest first."""
    query = _current.where(entries.c.story_id == story_id).order_by(entries.c.published_at, entries.c.id)
    return [_entry(row) for row in await connection.execute(query)]


def _readable(story_id: int) -> sa.ColumnElement[bool]:
    """What answers show: entries that stand and say something."""
    return (entries.c.story_id == story_id) & (entries.c.is_readable == sa.literal_column("1"))


async def newest(
    connection: AsyncConnection,
    story_id: int,
    limit: int,
    *,
    since: datetime | None = None,
    before: Entry | None = None,
    after: Entry | None = None,
) -> list[Entry]:
    """Up to `limit` readable entries, newest first: published from `since` on, next to `before` or `after` if given.

    `before` gives the entries just older than that one, `after` those just newer.
    """
    place = sa.tuple_(entries.c.published_at, entries.c.id)
    query = _current.where(_readable(story_id)).limit(limit)
    if since is not None:
        query = query.where(entries.c.published_at >= since)
    if before is not None:
        query = query.where(place < sa.tuple_(sa.literal(before.published_at, entries.c.published_at.type), before.id))
    if after is not None:
        query = query.where(place > sa.tuple_(sa.literal(after.published_at, entries.c.published_at.type), after.id))
        rows = (await connection.execute(query.order_by(entries.c.published_at, entries.c.id))).all()
        return [_entry(row) for row in reversed(rows)]
    rows = (await connection.execute(query.order_by(entries.c.published_at.desc(), entries.c.id.desc()))).all()
    return [_entry(row) for row in rows]


async def count(connection: AsyncConnection, story_id: int) -> int:
    """How many readable entries the story has."""
    query = sa.select(story_table.c.readable).where(story_table.c.id == story_id)
    return (await connection.execute(query)).scalar() or 0


async def count_newer(
    connection: AsyncConnection, story_id: int, *, than: Entry | None = None, since: datetime | None = None
) -> int:
    """How many readable entries were published after that one, or from `since` on; MOST_COUNTED if there are more."""
    query = sa.select(sa.literal(1)).select_from(entries).where(_readable(story_id))
    if since is not None:
        query = query.where(entries.c.published_at >= since)
    if than is not None:
        place = sa.tuple_(entries.c.published_at, entries.c.id)
        query = query.where(place > sa.tuple_(sa.literal(than.published_at, entries.c.published_at.type), than.id))
    newer = query.limit(MOST_COUNTED).subquery()
    return (await connection.execute(sa.select(sa.func.count()).select_from(newer))).scalar_one()


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def _entry(row: sa.Row[Any]) -> Entry:
    return Entry.model_validate(dict(row._mapping))


def _revision(row: sa.Row[Any]) -> Revision:
    return Revision.model_validate(dict(row._mapping))
