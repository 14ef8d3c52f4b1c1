"""Claims: which process serves which chat, for how long, and whether it still may.

pick_up ──▶ Claim(subscription, fence) ──still_held before each call──▶ call ──settle, if still held──▶ released

A chat is claimed as a whole, so that its messages keep their order and its limits whoever sends. A claim ends by
itself at `claimed_until`; each new one raises the chat's `fence`, so that a process that was held up for too long finds
that it no longer holds what it thinks it holds. While a chat is claimed its subscription waits (`next_at`), which keeps
it out of the others' way and brings it back should the process die.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain, zip_longest
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import subscriptions
from storage.models import Subscription
from storage.schema import chats
from storage.schema import subscriptions as table

CHAT_IS_BUSY = timedelta(seconds=1)  # it is being sent something: by its own limit the next is a second away


# Statements that are sent many times a second are made once: to make one takes longer than to run it.
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_UNTIL = sa.bindparam("until", type_=chats.c.claimed_until.type)
_NOW = sa.bindparam("now", type_=chats.c.claimed_until.type)
_IS_FREE = chats.c.claimed_until.is_(None) | (chats.c.claimed_until <= _NOW)
_FREE = sa.select(chats.c.id).where(chats.c.id.in_(_IDS), _IS_FREE).with_for_update(skip_locked=True)
_CLAIM = (
    chats.update()
    .where(chats.c.id.in_(_FREE))
    .values(fence=chats.c.fence + 1, claimed_until=_UNTIL)
    .returning(chats.c.id, chats.c.fence, chats.c.sent)
)
_SET_WAITING = table.update().where(table.c.id.in_(_IDS)).values(next_at=_UNTIL)
# The chats of claims: found by their ids, then held against the fences.
_ARE_HELD = chats.c.id.in_(_IDS) & sa.tuple_(chats.c.id, chats.c.fence).in_(sa.bindparam("held", expanding=True))
_STILL_HELD = sa.select(chats.c.id, chats.c.fence).where(_ARE_HELD).with_for_update()
_RENEW = chats.update().where(_ARE_HELD).values(claimed_until=_UNTIL).returning(chats.c.id, chats.c.fence)


class Held(NamedTuple):
    """A claim, as it is checked: the chat, and the fence at which it was claimed."""

    chat_id: int
    fence: int


class Claim(NamedTuple):
    """A subscription to serve. `sent`: when its chat was sent something lately, in seconds since 1970."""

    subscription: Subscription
    held: Held
    sent: tuple[float, ...]


async def pick_up(
    connection: AsyncConnection, stories: Sequence[tuple[int, int]], limit: int, now: datetime, until: datetime
) -> list[Claim]:
    """Claim up to `limit` subscriptions: those that wait for a recap, then the stories in turn, each by its order.

    `stories` are (id, head) of those that are told of. Run inside a transaction that writes.
    """
    recaps = await subscriptions.recaps_due(connection, limit)
    behind = [await subscriptions.behind(connection, story_id, head, limit) for story_id, head in stories]
    wanted = dict.fromkeys([*recaps, *_in_turn(behind)])
    first_of_chat: dict[int, int] = {}
    for subscription_id, chat_id in list(wanted)[:limit]:
        first_of_chat.setdefault(chat_id, subscription_id)
    picked = [subscription_id for subscription_id, _ in list(wanted)[:limit]]
    if not picked:
        return []
    granted = await _claim_chats(connection, first_of_chat, now, until)
    claimed = [first_of_chat[chat_id] for chat_id in first_of_chat if chat_id in granted]
    await _set_waiting(connection, claimed, until)
    await _set_waiting(connection, set(picked) - set(claimed), now + CHAT_IS_BUSY)
    found = await subscriptions.by_ids(connection, claimed)
    return [
        Claim(found[each], Held(found[each].chat_id, granted[found[each].chat_id][0]), granted[found[each].chat_id][1])
        for each in claimed
    ]


def _in_turn(lists: Sequence[Iterable[tuple[int, int]]]) -> list[tuple[int, int]]:
    """One of each list, then the next of each."""
    return [one for one in chain.from_iterable(zip_longest(*lists)) if one is not None]


async def _claim_chats(
    connection: AsyncConnection, ids: Collection[int], now: datetime, until: datetime
) -> dict[int, tuple[int, tuple[float, ...]]]:
    """Claim those chats that nobody holds; returns their fences, and when they were sent something."""
    rows = await connection.execute(_CLAIM, {"ids": list(ids), "now": now, "until": until})
    return {row.id: (row.fence, tuple(row.sent or ())) for row in rows}


async def _set_waiting(connection: AsyncConnection, ids: Collection[int], until: datetime) -> None:
    if ids:
        await connection.execute(_SET_WAITING, {"ids": list(ids), "until": until})


async def renew(connection: AsyncConnection, held: Sequence[Held], until: datetime) -> set[Held]:
    """Hold these claims until then; returns those that were still ours."""
    rows = await connection.execute(_RENEW, {**_values(held), "until": until})
    return {Held(row.id, row.fence) for row in rows}


async def still_held(connection: AsyncConnection, held: Sequence[Held]) -> set[Held]:
    """Those of the claims that are still ours; nobody can take them over before this transaction ends."""
    return {Held(row.id, row.fence) for row in await connection.execute(_STILL_HELD, _values(held))}


def _values(held: Sequence[Held]) -> dict[str, Any]:
    return {"ids": [each.chat_id for each in held], "held": [tuple(each) for each in held]}


async def release(connection: AsyncConnection, done: Sequence[tuple[Held, Sequence[float] | None]]) -> None:
    """Let go of chats, each with the times that its limits are counted from (None: as they were)."""
    for known in (True, False):
        rows: list[dict[str, Any]] = [
            {"chat": held.chat_id, "at": held.fence} | ({"sent": list(sent)} if sent is not None else {})
            for held, sent in done
            if (sent is not None) is known
        ]
        if rows:
            here = (chats.c.id == sa.bindparam("chat")) & (chats.c.fence == sa.bindparam("at"))
            values: dict[str, Any] = {"claimed_until": None} | ({"sent": sa.bindparam("sent")} if known else {})
            await connection.execute(chats.update().where(here).values(values), rows)


async def drop(connection: AsyncConnection, claims: Sequence[Claim]) -> None:
    """Give back what was picked up and not begun: others may serve it at once."""
    ids = [claim.subscription.id for claim in claims]
    await connection.execute(table.update().where(table.c.id.in_(ids)).values(next_at=None))
    await release(connection, [(claim.held, None) for claim in claims])


async def free_all(connection: AsyncConnection) -> None:
    """End all claims: those of a process that died, where no other can hold any."""
    claimed = chats.c.claimed_until.is_not(None)
    waiting = table.c.next_at.is_not(None) & (table.c.active == subscriptions.ONE)
    theirs = table.c.chat_id.in_(sa.select(chats.c.id).where(claimed)) & (table.c.failures == subscriptions.ZERO)
    await connection.execute(table.update().where(waiting, theirs).values(next_at=None))
    await connection.execute(chats.update().where(claimed).values(claimed_until=None))
