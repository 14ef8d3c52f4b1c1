"""What the bot has sent, and the calls whose outcome is not known yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.models import Message, MessageKind, Shown
from storage.schema import attempts, message_entries, messages


async def record(
    connection: AsyncConnection,
    subscription_id: int,
    chat_id: int,
    message_id: int | None,
    kind: MessageKind,
    shows: Sequence[Shown],
    at: datetime,
    *,
    missed: int = 0,
) -> int:
    """Keep what was sent. `message_id` None: it may have been sent, nobody knows; such a message is never edited."""
    values = {"subscription_id": subscription_id, "chat_id": chat_id, "message_id": message_id, "sent_at": at}
    query = messages.insert().values(**values, kind=kind.value, is_frozen=int(message_id is None), missed=missed)
    row_id: int = (await connection.execute(query.returning(messages.c.id))).scalar_one()
    if shows:
        rows = [
            {"message_id": row_id, "subscription_id": subscription_id, "position": place, **shown.model_dump()}
            for place, shown in enumerate(shows)
        ]
        await connection.execute(message_entries.insert(), rows)
    return row_id


async def now_shows(connection: AsyncConnection, row_id: int, shows: Iterable[Shown]) -> None:
    """The message was edited, or its corrections were told."""
    for shown in shows:
        here = (message_entries.c.message_id == row_id) & (message_entries.c.entry_id == shown.entry_id)
        values = {"revision": shown.revision, "told": shown.told}
        await connection.execute(message_entries.update().where(here).values(**values))


async def freeze(connection: AsyncConnection, row_id: int) -> None:
    """It can no longer be edited."""
    await connection.execute(messages.update().where(messages.c.id == row_id).values(is_frozen=1))


async def forget(connection: AsyncConnection, row_id: int) -> None:
    """It was deleted."""
    await connection.execute(messages.delete().where(messages.c.id == row_id))


async def showing(connection: AsyncConnection, subscription_id: int, entry_ids: Sequence[int]) -> list[Message]:
    """The subscription's messages that show any of these entries, oldest first."""
    here = (message_entries.c.subscription_id == subscription_id) & message_entries.c.entry_id.in_(list(entry_ids))
    ids = sa.select(message_entries.c.message_id).where(here)
    return await _messages(connection, messages.c.id.in_(ids))


async def kept(connection: AsyncConnection, subscription_id: int) -> list[Message]:
    """All the subscription's messages that are still kept, oldest first."""
    return await _messages(connection, messages.c.subscription_id == subscription_id)


async def _messages(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> list[Message]:
    query = (
        sa.select(*messages.c, *(message_entries.c[name] for name in Shown.model_fields))
        .outerjoin(message_entries, message_entries.c.message_id == messages.c.id)
        .where(which)
        .order_by(messages.c.id, message_entries.c.position)
    )
    return _grouped(await connection.execute(query))


def _grouped(rows: Iterable[sa.Row[Any]]) -> list[Message]:
    heads: dict[int, dict[str, Any]] = {}
    for row in rows:
        values = dict(row._mapping)
        shown = {name: values.pop(name) for name in Shown.model_fields}
        message = heads.setdefault(row.id, {**values, "shows": []})
        if shown["entry_id"] is not None:
            message["shows"].append(shown)
    return [Message.model_validate(values) for values in heads.values()]


async def prune(connection: AsyncConnection, before: datetime, limit: int = 1000) -> int:
    """Forget up to `limit` messages sent before then; returns how many."""
    old = sa.select(messages.c.id).where(messages.c.sent_at < before).order_by(messages.c.sent_at).limit(limit)
    return (await connection.execute(messages.delete().where(messages.c.id.in_(old)))).rowcount


# --- calls under way ------------------------------------------------------------------------------------------------


async def mark(
    connection: AsyncConnection, subscription_id: int, kind: MessageKind, shows: Sequence[Shown], at: datetime
) -> int:
    """Note that a message is about to be sent; a mark that outlives its call means that nobody knows the outcome."""
    query = attempts.insert().values(
        subscription_id=subscription_id, at=at, kind=kind.value, shows=[shown.model_dump() for shown in shows]
    )
    attempt_id: int = (await connection.execute(query.returning(attempts.c.id))).scalar_one()
    return attempt_id


async def unmark(connection: AsyncConnection, attempt_id: int) -> None:
    """The outcome is known."""
    await connection.execute(attempts.delete().where(attempts.c.id == attempt_id))


async def unknown(
    connection: AsyncConnection,
) -> list[tuple[int, int, MessageKind, list[Shown]]]:
    """(attempt id, subscription id, kind, what it was to show) of all marks: after a start, what a crash cut short."""
    rows = await connection.execute(sa.select(attempts).order_by(attempts.c.id))
    return [
        (row.id, row.subscription_id, MessageKind(row.kind), [Shown.model_validate(shown) for shown in row.shows])
        for row in rows
    ]
