"""Calls to Telegram on the record: noted before they are made, settled once their outcome is known.

depart ──▶ mark, claim renewed ──▶ (call) ──▶ settle ──▶ message, mark gone, cursor, claim released

Both take many at once, since many chats are served at the same time: a transaction for each would be too slow by far.
A mark that outlives its call means that nobody knows the outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import claims
from storage.claims import Claim, Held
from storage.models import Message, MessageKind, Recap, Shown, Subscription
from storage.schema import attempts, message_entries, messages, subscriptions

# Made once: to make a statement takes longer than to run it.
_UNMARK = attempts.delete().where(attempts.c.subscription_id.in_(sa.bindparam("ids", expanding=True)))
_RECORD = messages.insert().returning(messages.c.id, sort_by_parameter_order=True)
_NOW_SHOWS = (
    message_entries.update()
    .where(message_entries.c.message_id == sa.bindparam("row"), message_entries.c.entry_id == sa.bindparam("entry"))
    .values(revision=sa.bindparam("now"), told=sa.bindparam("heard"))
)
_TOLD = (
    message_entries.update()
    .where(
        message_entries.c.subscription_id == sa.bindparam("place"), message_entries.c.entry_id == sa.bindparam("entry")
    )
    .values(told=sa.bindparam("heard"))
)
# What the chat chose during the call stands: a recap, another place in the log.
_KEEP = (
    subscriptions.update()
    .where(subscriptions.c.id == sa.bindparam("row"))
    .values(
        cursor=sa.case(
            (subscriptions.c.cursor == sa.bindparam("was"), sa.bindparam("reached", type_=sa.BigInteger)),
            else_=subscriptions.c.cursor,
        ),
        next_at=sa.bindparam("waits"),
        failures=sa.bindparam("failed"),
        owes_corrections=sa.bindparam("owes"),
        sounded_at=sa.bindparam("rang"),
        recap=sa.case((subscriptions.c.recap == sa.bindparam("brought"), 0), else_=subscriptions.c.recap),
    )
)


@dataclass(frozen=True)
class Departure:
    """A call about to be made. `kind` and `shows` tell of the message that it sends; None: it changes one."""

    held: Held
    until: datetime  # how long the claim is to hold
    subscription_id: int
    at: datetime
    kind: MessageKind | None = None
    shows: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class Sent:
    """A new message. `message_id` None: it may have been sent, nobody knows; such a message is never edited."""

    message_id: int | None
    kind: MessageKind
    shows: tuple[Shown, ...]
    at: datetime
    missed: int = 0


@dataclass(frozen=True)
class Outcome:
    """What came of a call, and where the subscription stands now.

    `subscription` is as it shall be kept: its cursor (which was `moves_from`), its wait, its debts. `ends` releases the
    claim; `chat_sent` then holds when the chat was sent something lately. `recapped`: which recap the call has brought.
    """

    held: Held
    subscription: Subscription
    moves_from: int
    sent: Sent | None = None
    edited: tuple[int, tuple[Shown, ...]] | None = None  # row id of the message, what it shows now
    frozen: int | None = None  # row id of a message that cannot be edited any more
    deleted: Message | None = None
    recapped: Recap = Recap.NONE
    ends: bool = False
    chat_sent: tuple[float, ...] | None = None


async def depart(connection: AsyncConnection, departures: Sequence[Departure]) -> list[bool]:
    """Renew the claims and note what is about to be sent. False for each whose claim is lost: it must not be made."""
    until = max(departure.until for departure in departures)
    held = await claims.renew(connection, [departure.held for departure in departures], until)
    marks = [
        {
            "subscription_id": departure.subscription_id,
            "at": departure.at,
            "kind": departure.kind.value,
            "shows": [shown.model_dump() for shown in departure.shows],
        }
        for departure in departures
        if departure.kind is not None and departure.held in held
    ]
    if marks:
        await connection.execute(attempts.insert(), marks)
    return [departure.held in held for departure in departures]


async def settle(connection: AsyncConnection, outcomes: Sequence[Outcome]) -> list[bool]:
    """Write down what came of the calls. False for each whose claim was lost meanwhile.

    What was sent is on record even then, so that it will be corrected; the rest is for the new holder to say.
    """
    held = await claims.still_held(connection, [outcome.held for outcome in outcomes])
    ours = [outcome for outcome in outcomes if outcome.held in held]
    await _record(connection, [outcome for outcome in outcomes if outcome.sent])
    await _note_changes(connection, outcomes)
    await _unmark(connection, [outcome.subscription.id for outcome in ours])
    await _keep(connection, ours)
    await claims.release(connection, [(outcome.held, outcome.chat_sent) for outcome in ours if outcome.ends])
    return [outcome.held in held for outcome in outcomes]


async def _record(connection: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
    rows = [_message_row(outcome.subscription, outcome.sent) for outcome in outcomes if outcome.sent]
    if not rows:
        return
    ids = (await connection.execute(_RECORD, rows)).scalars().all()
    shown = [
        {"message_id": row_id, "subscription_id": outcome.subscription.id, "position": place, **shown.model_dump()}
        for row_id, outcome in zip(ids, outcomes, strict=True)
        if outcome.sent
        for place, shown in enumerate(outcome.sent.shows)
    ]
    if shown:
        await connection.execute(message_entries.insert(), shown)


def _message_row(subscription: Subscription, sent: Sent) -> dict[str, Any]:
    return {
        "subscription_id": subscription.id,
        "chat_id": subscription.chat_id,
        "message_id": sent.message_id,
        "sent_at": sent.at,
        "kind": sent.kind.value,
        "is_frozen": int(sent.message_id is None),
        "missed": sent.missed,
    }


async def _note_changes(connection: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
    shows = [
        {"row": row, "entry": shown.entry_id, "now": shown.revision, "heard": shown.told}
        for outcome in outcomes
        if outcome.edited
        for row, each in [outcome.edited]
        for shown in each
    ]
    if shows:
        await connection.execute(_NOW_SHOWS, shows)
    if frozen := [outcome.frozen for outcome in outcomes if outcome.frozen is not None]:
        await connection.execute(messages.update().where(messages.c.id.in_(frozen)).values(is_frozen=1))
    if deleted := [outcome.deleted.id for outcome in outcomes if outcome.deleted is not None]:
        await connection.execute(messages.delete().where(messages.c.id.in_(deleted)))


async def _unmark(connection: AsyncConnection, subscription_ids: Iterable[int]) -> None:
    """One process serves a subscription at a time, one call after the other: it has one mark at most."""
    if ids := list(subscription_ids):
        await connection.execute(_UNMARK, {"ids": ids})


async def _keep(connection: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
    """Where each subscription stands."""
    if not outcomes:
        return
    rows = [
        {
            "row": outcome.subscription.id,
            "was": outcome.moves_from,
            "reached": outcome.subscription.cursor,
            "waits": outcome.subscription.next_at,
            "failed": outcome.subscription.failures,
            "owes": int(outcome.subscription.owes_corrections),
            "rang": outcome.subscription.sounded_at,
            "brought": int(outcome.recapped),
        }
        for outcome in outcomes
    ]
    await connection.execute(_KEEP, rows)


async def unknown(
    connection: AsyncConnection, subscription_ids: Sequence[int] | None = None
) -> dict[int, tuple[int, MessageKind, tuple[Shown, ...]]]:
    """By subscription: mark id, kind, what it was to show, of calls whose outcome nobody knows."""
    query = sa.select(attempts).order_by(attempts.c.id)
    if subscription_ids is not None:
        query = query.where(attempts.c.subscription_id.in_(subscription_ids))
    rows = await connection.execute(query)
    return {
        row.subscription_id: (row.id, MessageKind(row.kind), tuple(Shown.model_validate(shown) for shown in row.shows))
        for row in rows
    }


async def forget(connection: AsyncConnection, marks: Sequence[int]) -> None:
    """These calls are taken as never made."""
    await connection.execute(attempts.delete().where(attempts.c.id.in_(marks)))


async def take_as_sent(
    connection: AsyncConnection, claim: Claim, kind: MessageKind, shows: tuple[Shown, ...], at: datetime
) -> None:
    """It is taken as arrived, though nobody knows; so is the recap that it was."""
    kept = claim.subscription
    if kind is MessageKind.NOTE:  # what it told of needs no other note
        told = [{"place": kept.id, "entry": shown.entry_id, "heard": shown.told} for shown in shows]
        await connection.execute(_TOLD, told)
    recapped = kept.recap if kind is MessageKind.RECAP else Recap.NONE
    await settle(connection, [Outcome(claim.held, kept, kept.cursor, Sent(None, kind, shows, at), recapped=recapped)])
