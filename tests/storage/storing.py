"""Small things to store, and verbs to store them with."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import claims, entries, messages, outcomes, stories, subscriptions
from storage.claims import Claim, Held
from storage.models import Chat, Content, EventKind, Message, MessageKind, Shown, Story, Subscription
from storage.outcomes import Outcome, Sent

NOON = datetime(2016, 3, 14, 12, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def content(text: str = "Smoke rises.", minutes: float = 0, **more: object) -> Content:
    return Content.model_validate(
        {"published_at": at(minutes), "stamp": f"{at(minutes):%H:%M} GMT", "text": text} | more
    )


def shown(entry_id: int, revision: int = 1) -> Shown:
    return Shown(entry_id=entry_id, first=revision, revision=revision, told=revision)


async def story(connection: AsyncConnection, slug: str = "harbour", **values: object) -> Story:
    return await stories.put(connection, slug, {"source": f"https://example.org/{slug}", **values})


async def publish(connection: AsyncConnection, story_id: int, key: str, minutes: float = 0, **more: object) -> int:
    """An entry with its event; returns its id."""
    entry_id = await entries.add(connection, story_id, key, content(f"News {key}.", minutes, **more), at(minutes))
    await entries.append(connection, story_id, [(EventKind.PUBLISHED, entry_id, 1)], at(minutes))
    return entry_id


async def follow(connection: AsyncConnection, chat_id: int, story_id: int, thread: int = 0) -> int:
    """A chat that follows the story and has had its welcome; returns the subscription's id."""
    await subscriptions.meet(connection, Chat(id=chat_id, type="private" if chat_id > 0 else "group"))
    await subscriptions.subscribe(connection, chat_id, thread, story_id)
    found = await following(connection, chat_id, story_id, thread)
    await subscriptions.move(connection, found.id, found.cursor)
    return found.id


async def following(connection: AsyncConnection, chat_id: int, story_id: int, thread: int = 0) -> Subscription:
    """What the chat follows, whether it is served or not."""
    query = sa.text("SELECT id FROM subscriptions WHERE chat_id = :chat AND story_id = :story AND thread_id = :thread")
    rows = await connection.execute(query, {"chat": chat_id, "story": story_id, "thread": thread})
    found = await subscriptions.by_id(connection, rows.scalar_one())
    assert found is not None
    return found


NEWS = MessageKind.NEWS
NOBODY = Held(0, -1)


async def sent(
    connection: AsyncConnection,
    place: int,
    message_id: int | None,
    kind: MessageKind = NEWS,
    shows: Sequence[Shown] = (),
    when: datetime = NOON,
    missed: int = 0,
) -> int:
    """The chat was sent a message; returns its row id."""
    kept = await subscriptions.by_id(connection, place)
    assert kept is not None
    arrived = Sent(message_id, kind, tuple(shows), when, missed)
    await outcomes.settle(connection, [Outcome(NOBODY, kept, kept.cursor, arrived)])
    return max(message.id for message in await kept_messages(connection, place))


async def changed(connection: AsyncConnection, place: int, **what: Any) -> None:
    """Something came of a call that changed a message."""
    kept = await subscriptions.by_id(connection, place)
    assert kept is not None
    await outcomes.settle(connection, [Outcome(NOBODY, kept, kept.cursor, **what)])


async def kept_messages(connection: AsyncConnection, place: int) -> list[Message]:
    return (await messages.kept_of(connection, [place])).get(place, [])


async def showing(connection: AsyncConnection, place: int, entry_ids: Sequence[int]) -> list[Message]:
    return (await messages.showing(connection, [place], entry_ids)).get(place, [])


async def claimed(
    connection: AsyncConnection, limit: int = 10, when: datetime = NOON, minutes: float = 1
) -> list[Claim]:
    """What one process picks up, for so many minutes."""
    behind = await subscriptions.stories_behind(connection)
    return await claims.pick_up(connection, behind, limit, when, when + timedelta(minutes=minutes))


@contextmanager
def another_program(file: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else has the file open; what is done there is done at once."""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
        yield other


@contextmanager
def another_program_writes(file: Path) -> Iterator[None]:
    """Somebody else holds the write lock."""
    with another_program(file) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def until(is_so: Callable[[], bool], within: float = 5.0) -> None:
    """For what a server of its own does in its own time."""
    async with asyncio.timeout(within):
        while not is_so():  # noqa: ASYNC110  (it happens in another process)
            await asyncio.sleep(0.01)
