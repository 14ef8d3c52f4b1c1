"""Whether the clocks of this machine and of the database agree: claims and turns are moments that processes share."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from storage.database import Database


async def difference(database: Database, now: datetime) -> float:
    """By how many seconds the database's clock is ahead of `now`; 0 where both are on one machine."""
    if database.server is None:
        return 0.0
    async with database.read() as connection:
        theirs: datetime = (await connection.execute(sa.select(sa.func.clock_timestamp()))).scalar_one()
    return (theirs - now).total_seconds()
