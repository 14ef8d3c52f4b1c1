"""The overall pace, shared by all processes that send: one row, read and moved on in one statement.

Turns are reserved in blocks, evenly spaced, so that together the processes are never faster than one would be.
Times are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import pace

TWO_CHATS_WITHIN = 1.0  # seconds


async def reserve(connection: AsyncConnection, count: int, spacing: float, now: float) -> float:
    """Reserve `count` turns, `spacing` apart; returns the first, which is not before `now`."""
    starts = sa.case((pace.c.next_turn > now, pace.c.next_turn), else_=now)
    query = pace.update().values(next_turn=starts + count * spacing).returning(pace.c.next_turn)
    after: float = (await connection.execute(query)).scalar_one()
    return after - count * spacing


async def give_back(connection: AsyncConnection, turns: Sequence[float], spacing: float) -> None:
    """Return turns that were reserved and not used, if nobody has reserved any since."""
    is_last = (pace.c.next_turn - (turns[-1] + spacing)).between(-spacing / 2, spacing / 2)
    await connection.execute(pace.update().where(is_last).values(next_turn=turns[0]))


async def refused(connection: AsyncConnection, chat_id: int, now: float, until: float) -> bool:
    """Telegram asked this chat to wait. A second chat within a second: all wait, for the longest time given.

    Returns True if all wait.
    """
    row = (await connection.execute(sa.select(pace).with_for_update())).one()
    note = pace.update().values(refused_chat=chat_id, refused_at=now, refused_until=until)
    is_second = row.refused_chat not in (None, chat_id) and now - row.refused_at <= TWO_CHATS_WITHIN
    if is_second:
        longest = max(until, row.refused_until)
        note = note.values(next_turn=max(longest, row.next_turn), refused_until=longest)
    await connection.execute(note)
    return is_second
