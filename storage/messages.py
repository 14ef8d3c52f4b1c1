"""What the bot has sent, and what it shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.models import Message, Shown
from storage.schema import message_entries, messages


async def showing(
    connection: AsyncConnection, subscription_ids: Sequence[int], entry_ids: Sequence[int]
) -> dict[int, list[Message]]:
    """By subscription: the messages that show any of these entries, oldest first."""
    here = message_entries.c.subscription_id.in_(subscription_ids) & message_entries.c.entry_id.in_(entry_ids)
    ids = sa.select(message_entries.c.message_id).where(here)
    return await _messages(connection, messages.c.id.in_(ids))


async def kept_of(connection: AsyncConnection, subscription_ids: Sequence[int]) -> dict[int, list[Message]]:
    """By subscription: all its messages that are still kept, oldest first."""
    return await _messages(connection, messages.c.subscription_id.in_(subscription_ids))


async def _messages(connection: AsyncConnection, which: sa.ColumnElement[bool]) -> dict[int, list[Message]]:
    query = (
        sa.select(*messages.c, *(message_entries.c[name] for name in Shown.model_fields))
        .outerjoin(message_entries, message_entries.c.message_id == messages.c.id)
        .where(which)
        .order_by(messages.c.id, message_entries.c.position)
    )
    found: dict[int, list[Message]] = {}
    for message in _grouped(await connection.execute(query)):
        found.setdefault(message.subscription_id, []).append(message)
    return found


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
