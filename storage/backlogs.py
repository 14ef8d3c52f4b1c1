"""How far behind the chats are, for the operator: counted where somebody asks, from indexes, and written down nowhere.

free       (story_id, cursor) WHERE active = 1 AND next_at IS NULL     the index itself is counted, a million in 0.1 s
waiting    (next_at) WHERE active = 1 AND next_at IS NOT NULL          its rows are looked at, so not at all of them
about      (story_id) WHERE active = 1 AND speaker <> ''               those who follow a speaker, not the story
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.models import Story
from storage.schema import chats, events, stories, subscriptions
from storage.subscriptions import ONE, ZERO

LOOKED_AT = 20_000  # of those that wait: those that wait longest, which are furthest behind

_EMPTY: sa.ColumnClause[str] = sa.literal_column("''")  # see schema: bound it would lose the partial index
_free = (subscriptions.c.active == ONE) & subscriptions.c.next_at.is_(None)
_waiting = (subscriptions.c.active == ONE) & subscriptions.c.next_at.is_not(None)
# A chat that has come back is owed a recap; what it missed while it was away is no lag.
_keeps_up = subscriptions.c.recap == ZERO


class Backlog(NamedTuple):
    """A story, how many follow it, how many are behind, and what the slowest of them was not told first: since when."""

    story: Story
    chats: int
    behind: int
    since: datetime | None


class _Behind(NamedTuple):
    """Of one story: subscriptions, those behind, the lowest cursor among these."""

    there: int = 0
    behind: int = 0
    cursor: int | None = None


async def reachable_chats(connection: AsyncConnection) -> int:
    """How many chats have spoken to the bot and can be reached."""
    query = sa.select(sa.func.count()).select_from(chats).where(chats.c.is_active == ONE)
    return (await connection.execute(query)).scalar_one()


async def of_stories(connection: AsyncConnection, told: Sequence[Story]) -> list[Backlog]:
    """How each of the stories stands. Where more than LOOKED_AT subscriptions wait, these stand for all of them."""
    free = await _free_of(connection)
    waiting = await _waiting_of(connection)
    about = await _about_speakers(connection)
    found = []
    for story in told:
        here, there = free.get(story.id, _Behind()), waiting.get(story.id, _Behind())
        lowest = min((each.cursor for each in (here, there) if each.cursor is not None), default=None)
        since = None if lowest is None else await _first_after(connection, story.id, lowest)
        follow = here.there + there.there - about.get(story.id, 0)
        found.append(Backlog(story, max(0, follow), here.behind + there.behind, since))
    return found


async def _free_of(connection: AsyncConnection) -> dict[int, _Behind]:
    counts = sa.select(subscriptions.c.story_id, sa.func.count()).where(_free).group_by(subscriptions.c.story_id)
    there = {row[0]: row[1] for row in await connection.execute(counts)}
    behind = (subscriptions.c.story_id == stories.c.id) & _free & (subscriptions.c.cursor < stories.c.head)
    query = sa.select(
        stories.c.id, _count_where(behind).label("behind"), _lowest_where(behind & _keeps_up).label("cursor")
    )
    rows = await connection.execute(query)
    return {row.id: _Behind(there.get(row.id, 0), row.behind, row.cursor) for row in rows}


def _count_where(which: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    query = sa.select(sa.func.count()).select_from(subscriptions).where(which)
    return query.correlate(stories).scalar_subquery()


def _lowest_where(which: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    query = sa.select(subscriptions.c.cursor).where(which).order_by(subscriptions.c.cursor).limit(1)
    return query.correlate(stories).scalar_subquery()


async def _waiting_of(connection: AsyncConnection) -> dict[int, _Behind]:
    columns = (subscriptions.c.story_id, subscriptions.c.cursor, subscriptions.c.recap)
    longest = sa.select(*columns).where(_waiting).order_by(subscriptions.c.next_at.desc()).limit(LOOKED_AT).subquery()
    is_behind = longest.c.cursor < stories.c.head
    query = (
        sa.select(
            longest.c.story_id,
            sa.func.count().label("there"),
            sa.func.coalesce(sa.func.sum(sa.case((is_behind, 1), else_=0)), 0).label("behind"),
            sa.func.min(sa.case((is_behind & (longest.c.recap == ZERO), longest.c.cursor))).label("cursor"),
        )
        .join(stories, stories.c.id == longest.c.story_id)
        .group_by(longest.c.story_id)
    )
    rows = (await connection.execute(query)).all()
    looked_at = sum(row.there for row in rows)
    share = 1 if looked_at < LOOKED_AT else await _count_waiting(connection) / looked_at
    return {row.story_id: _Behind(round(row.there * share), round(row.behind * share), row.cursor) for row in rows}


async def _count_waiting(connection: AsyncConnection) -> int:
    query = sa.select(sa.func.count()).select_from(subscriptions).where(_waiting)
    return (await connection.execute(query)).scalar_one()


async def _about_speakers(connection: AsyncConnection) -> dict[int, int]:
    which = (subscriptions.c.active == ONE) & (subscriptions.c.speaker != _EMPTY)
    query = sa.select(subscriptions.c.story_id, sa.func.count()).where(which).group_by(subscriptions.c.story_id)
    return {row[0]: row[1] for row in await connection.execute(query)}


async def _first_after(connection: AsyncConnection, story_id: int, cursor: int) -> datetime | None:
    """When the first thing happened in the story that this cursor has not passed."""
    query = sa.select(events.c.at).where(events.c.story_id == story_id, events.c.seq > cursor)
    moment: datetime | None = (await connection.execute(query.order_by(events.c.seq).limit(1))).scalar()
    return moment
