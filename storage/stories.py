"""The stories, and the heads of their logs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import subscriptions
from storage.locks import alone
from storage.models import Story, StoryState
from storage.schema import stories

PUSH = "push"  # a source that is only pushed to
TELEGRAM = "telegram:"  # a source that is a chat: its posts are pushed
SOURCE_STATE = ("etag", "last_modified", "body_hash")


async def put(connection: AsyncConnection, slug: str, values: dict[str, Any]) -> Story:
    """Add the story, or set `values` on it. A story whose source changed is read anew, its archive kept."""
    await alone(connection, "story", slug)  # every process that starts puts the same
    known = await by_slug(connection, slug)
    if known is None:
        values = {"title": "", **values}
        query = stories.insert().values(slug=slug, is_watched=1, **values).returning(stories.c.id)
        await subscriptions.extend_to(connection, (await connection.execute(query)).scalar_one())
    else:
        if known.source != values.get("source", known.source):
            values = {**values, **dict.fromkeys(SOURCE_STATE), "next_poll_at": None, "failures": 0}
        await change(connection, known.id, is_watched=1, **values)
    story = await by_slug(connection, slug)
    if story is None:
        raise LookupError(slug)
    return story


async def change(connection: AsyncConnection, story_id: int, **values: Any) -> None:
    await connection.execute(stories.update().where(stories.c.id == story_id).values(**values))


async def drop_draft(connection: AsyncConnection, story_id: int) -> None:
    """Forget a story that was never opened."""
    is_draft = stories.c.state == StoryState.DRAFT.value
    await connection.execute(stories.delete().where(stories.c.id == story_id, is_draft))


async def unwatch_others(connection: AsyncConnection, slugs: Sequence[str]) -> list[str]:
    """Stop watching what `slugs` does not name and nobody opened; returns the slugs that were watched until now."""
    is_watched = stories.c.is_watched == sa.literal_column("1")
    gone = stories.c.slug.not_in(slugs) & is_watched & stories.c.opened_by.is_(None)
    rows = await connection.execute(stories.update().where(gone).values(is_watched=0).returning(stories.c.slug))
    return sorted(rows.scalars())


async def all_of(connection: AsyncConnection) -> list[Story]:
    """Every story but the drafts."""
    there = stories.c.state != StoryState.DRAFT.value
    rows = await connection.execute(sa.select(stories).where(there).order_by(stories.c.id))
    return [_story(row) for row in rows]


async def by_slug(connection: AsyncConnection, slug: str) -> Story | None:
    row = (await connection.execute(sa.select(stories).where(stories.c.slug == slug))).first()
    return _story(row) if row else None


async def by_id(connection: AsyncConnection, story_id: int) -> Story | None:
    row = (await connection.execute(sa.select(stories).where(stories.c.id == story_id))).first()
    return _story(row) if row else None


async def by_ids(connection: AsyncConnection, ids: Collection[int]) -> list[Story]:
    return [_story(row) for row in await connection.execute(sa.select(stories).where(stories.c.id.in_(ids)))]


async def by_source(connection: AsyncConnection, source: str) -> list[Story]:
    """The open stories with this source."""
    is_open = (stories.c.is_watched == sa.literal_column("1")) & (stories.c.is_paused == sa.literal_column("0"))
    query = sa.select(stories).where(stories.c.source == source, is_open, stories.c.state != StoryState.DRAFT.value)
    return [_story(row) for row in await connection.execute(query)]


async def due(connection: AsyncConnection, now: datetime) -> list[Story]:
    """Stories whose next reading is due, the one that waits longest first."""
    is_due = (stories.c.next_poll_at.is_(None)) | (stories.c.next_poll_at <= now)
    query = sa.select(stories).where(*_read(), is_due)
    rows = await connection.execute(query.order_by(stories.c.next_poll_at.nulls_first(), stories.c.id))
    return [_story(row) for row in rows]


def _read() -> tuple[sa.ColumnElement[bool], ...]:
    """Stories that are read at all; what is pushed is waited for."""
    return (
        stories.c.is_watched == sa.literal_column("1"),
        stories.c.is_paused == sa.literal_column("0"),
        stories.c.state != StoryState.DRAFT.value,
        stories.c.source != PUSH,
        stories.c.source.not_like(f"{TELEGRAM}%"),
    )


async def of_files(connection: AsyncConnection) -> list[Story]:
    """The stories whose source is a file."""
    is_file = stories.c.source.not_like("http://%") & stories.c.source.not_like("https://%")
    return [_story(row) for row in await connection.execute(sa.select(stories).where(*_read(), is_file))]


async def next_due(connection: AsyncConnection, but: Collection[int] = ()) -> datetime | None:
    """When the next reading is due, those of `but` aside; None if there is nothing to read."""
    query = sa.select(sa.func.min(stories.c.next_poll_at)).where(*_read(), stories.c.id.not_in(but))
    moment: datetime | None = (await connection.execute(query)).scalar()
    return moment


async def advance_head(connection: AsyncConnection, story_id: int, count: int) -> int:
    """Take the next `count` places of the story's log; returns the first of them."""
    query = stories.update().where(stories.c.id == story_id).values(head=stories.c.head + count)
    head: int = (await connection.execute(query.returning(stories.c.head))).scalar_one()
    return head - count + 1


async def count_readable(connection: AsyncConnection, story_id: int, change: int) -> None:
    """So many more entries are shown in answers, or fewer."""
    if not change:
        return
    query = stories.update().where(stories.c.id == story_id).values(readable=stories.c.readable + change)
    await connection.execute(query)


def _story(row: sa.Row[Any]) -> Story:
    values = row._mapping
    return Story.model_validate({name: values[name] for name in Story.model_fields})
