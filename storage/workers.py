"""The processes that share a database: which are alive, and what they counted together.

begin ──▶ beat, every few seconds ──▶ leave
           └──▶ tallies: what was counted in an hour, by whichever process

A process that ends takes its row with it; one that dies leaves it, and is seen no more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.locks import alone
from storage.schema import tallies, workers

FORGOTTEN_AFTER = timedelta(minutes=10)  # without a beat
COUNTED_FOR = timedelta(days=1)


class Worker(NamedTuple):
    """A process. `rate` is in messages a second, `in_flight` counts turns under way, both at its last beat."""

    role: str
    started_at: datetime
    seen_at: datetime
    in_flight: int
    rate: float


class Counted(NamedTuple):
    """Calls to Telegram: how many, how many it refused with 429, of how many nobody knows the outcome."""

    calls: int = 0
    refusals: int = 0
    unknown: int = 0


async def begin(connection: AsyncConnection, role: str, now: datetime) -> int:
    """A process is there; returns its id. Those not seen for long are forgotten."""
    await connection.execute(workers.delete().where(workers.c.seen_at < now - FORGOTTEN_AFTER))
    query = workers.insert().values(role=role, started_at=now, seen_at=now).returning(workers.c.id)
    worker_id: int = (await connection.execute(query)).scalar_one()
    return worker_id


async def beat(connection: AsyncConnection, worker_id: int, now: datetime, in_flight: int, rate: float) -> bool:
    """The process is alive, and how busy. False if it was forgotten meanwhile: it has to begin again."""
    query = workers.update().where(workers.c.id == worker_id).values(seen_at=now, in_flight=in_flight, rate=rate)
    return (await connection.execute(query.returning(workers.c.id))).first() is not None


async def leave(connection: AsyncConnection, worker_id: int) -> None:
    """The process ends; what it counted stays."""
    await connection.execute(workers.delete().where(workers.c.id == worker_id))


async def seen_lately(connection: AsyncConnection, now: datetime) -> list[Worker]:
    """Every process that has not been silent for long, the oldest first."""
    columns = (workers.c[name] for name in Worker._fields)
    query = sa.select(*columns).where(workers.c.seen_at >= now - FORGOTTEN_AFTER).order_by(workers.c.id)
    return [Worker(*row) for row in await connection.execute(query)]


async def count(connection: AsyncConnection, now: datetime, counted: Counted) -> None:
    """Add to what was counted in this hour; what is older than a day is forgotten."""
    hour = _hour(now)
    sums = {name: tallies.c[name] + more for name, more in counted._asdict().items()}
    query = tallies.update().where(tallies.c.hour == hour).values(**sums).returning(tallies.c.hour)
    if (await connection.execute(query)).first() is not None:
        return
    await alone(connection, "tally", hour.isoformat())
    if (await connection.execute(query)).first() is None:
        await connection.execute(tallies.insert().values(hour=hour, **counted._asdict()))
        await connection.execute(tallies.delete().where(tallies.c.hour < _hour(now - COUNTED_FOR)))


async def counted_lately(connection: AsyncConnection, now: datetime) -> Counted:
    """What was counted in the last day, to the hour."""
    sums = (sa.func.coalesce(sa.func.sum(tallies.c[name]), 0) for name in Counted._fields)
    query = sa.select(*sums).where(tallies.c.hour > _hour(now - COUNTED_FOR))
    return Counted(*(int(total) for total in (await connection.execute(query)).one()))


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
