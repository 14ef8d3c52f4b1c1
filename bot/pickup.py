"""Picking up who is to be served: claimed, with all that their plans are made from.

next waits over? ─▶ stories that somebody is behind in ─▶ claims ─▶ calls that a crash cut short ─▶ situations
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calls import Policy
from bot.clock import Clock
from bot.situation import Situations
from bot.turn import CLAIM_FOR, Due
from storage import claims, outcomes, subscriptions
from storage.claims import Claim
from storage.database import Database

log = structlog.get_logger(__name__)


class PickUp:
    """Claims subscriptions for this process. `unknown` counts the calls whose outcome nobody could tell."""

    def __init__(self, database: Database, clock: Clock, policy: Policy) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy
        self._situations = Situations(policy.catch_up_after)
        self.unknown = 0

    async def take(self, limit: int, wait: timedelta = timedelta(0)) -> list[Due]:
        """Up to `limit` subscriptions that are behind, in the order of serving; they may wait so long in a queue."""
        now = self._clock.now()
        await self._wake(now)
        async with self._database.read() as connection:
            behind = await subscriptions.stories_behind(connection)
            if not behind and not await subscriptions.is_recap_due(connection):
                return []
        async with self._database.write() as connection:
            claimed = await claims.pick_up(connection, behind, limit, now, now + CLAIM_FOR + wait)
            claimed = await self._settle_unknown(connection, claimed)
        if not claimed:
            return []
        async with self._database.read() as connection:
            loaded = await self._situations.load(connection, [claim.subscription for claim in claimed], now)
        return [Due(claim, *loaded[claim.subscription.id]) for claim in claimed]

    async def give_back(self, due: list[Due]) -> None:
        """These are not served after all."""
        if due:
            await self._database.batch(lambda c: claims.drop(c, [each.claim for each in due]))

    async def free_all(self) -> None:
        """At the start: nobody else uses this database, so the claims in it are of a process that died."""
        if self._database.server is None:
            await self._database.batch(claims.free_all)

    async def _wake(self, now: datetime) -> None:
        async with self._database.read() as connection:
            moment = await subscriptions.next_wake(connection)
        if moment is not None and moment <= now:
            await self._database.batch(lambda c: subscriptions.wake(c, now))

    async def _settle_unknown(self, connection: AsyncConnection, claimed: list[Claim]) -> list[Claim]:
        """A mark on what was just claimed is of a process that died in the call: nobody knows whether it arrived."""
        found = await outcomes.unknown(connection, [claim.subscription.id for claim in claimed]) if claimed else {}
        if not found:
            return claimed
        self.unknown += len(found)
        skipped = [claim for claim in claimed if claim.subscription.id in found and self._policy.on_unknown == "skip"]
        for subscription_id, (_, kind, _) in found.items():
            log.warning("outcome_unknown", subscription=subscription_id, kind=kind, then=self._policy.on_unknown)
        for claim in skipped:
            _, kind, shows = found[claim.subscription.id]
            await outcomes.take_as_sent(connection, claim, kind, shows, self._clock.now())
        await outcomes.forget(connection, [mark for mark, _, _ in found.values()])
        fresh = await subscriptions.by_ids(connection, [claim.subscription.id for claim in skipped]) if skipped else {}
        return [claim._replace(subscription=fresh.get(claim.subscription.id, claim.subscription)) for claim in claimed]
