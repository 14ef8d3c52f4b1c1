"""The loop that pushes: subscriptions that are behind are picked up and served, a few at a time.

    recaps, then story by story the lowest cursors ──▶ at most IN_FLIGHT turns side by side ──▶ rest until woken or due

One task serves a subscription at a time, so a chat's messages keep their order; a chat that has to wait costs
nobody else anything.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import chain, zip_longest

import sqlalchemy.exc
import structlog

from bot.clock import Clock, rest
from bot.delivery import errors
from bot.turn import Policy, Turns
from storage import messages, stories, subscriptions
from storage.database import Database
from storage.models import MessageKind

log = structlog.get_logger(__name__)

IN_FLIGHT = 8
PICKED_UP = 2 * IN_FLIGHT  # few: a chat that has just subscribed waits for no more than these
LONGEST_IDLE = timedelta(seconds=30)
PRUNE_EVERY = timedelta(minutes=10)
AFTER_A_FAULT = timedelta(minutes=1)


class Sender:
    """Serves every subscription that is behind."""

    def __init__(
        self, database: Database, turns: Turns, clock: Clock, policy: Policy, *, correct_for: timedelta
    ) -> None:
        self._database = database
        self._turns = turns
        self._clock = clock
        self._policy = policy
        self._correct_for = correct_for
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()
        self._is_stopping = False
        self._pruned_at = clock.now()

    async def run(self) -> None:
        """Serve until stopped."""
        await self.settle_unknown()
        while not self._is_stopping:
            try:
                self.calm()
                await self.serve_due()
                await self._prune()
                pause = await self._pause()
            except sqlalchemy.exc.OperationalError as error:
                log.warning("database_busy", error=str(error.orig))
                pause = 5.0
            await rest(self._clock, pause, self._woken)

    def wake(self) -> None:
        """Look for work now."""
        self._woken.set()

    async def woken(self) -> None:
        """Returns once there may be work."""
        await self._woken.wait()

    def calm(self) -> None:
        """Forget earlier calls to wake."""
        self._woken.clear()

    async def stop(self, within: float) -> None:
        """Take up nothing more; returns once what is in flight is done and recorded, or after so many seconds."""
        self._is_stopping = True
        self.wake()
        tasks = list(self._tasks.values())
        if not tasks:
            return
        _, left = await asyncio.wait(tasks, timeout=within)
        for task in left:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if left:
            log.warning("stopped_in_flight", chats=len(left), reason=f"not answered within {within:g} s")

    async def settle_unknown(self) -> None:
        """Deal with the calls that a crash cut short: their outcome is unknown."""
        async with self._database.write() as connection:
            for attempt_id, subscription_id, kind, shows in await messages.unknown(connection):
                log.warning("outcome_unknown", subscription=subscription_id, then=self._policy.on_unknown)
                subscription = await subscriptions.by_id(connection, subscription_id)
                if self._policy.on_unknown == "skip" and subscription is not None:
                    place = (subscription_id, subscription.chat_id, None)
                    await messages.record(connection, *place, kind, shows, self._clock.now())
                    if kind is MessageKind.RECAP:
                        await subscriptions.recapped(connection, subscription_id)
                await messages.unmark(connection, attempt_id)

    async def serve_due(self) -> None:
        """Serve until nobody who may be served now is behind."""
        before = self._turns.done.copy()
        queue: deque[int] = deque()
        while not self._is_stopping:
            if not queue:
                queue.extend(await self._pick_up())
            while queue and len(self._tasks) < IN_FLIGHT:
                self._start(queue.popleft())
            if not self._tasks:
                break
            await self._some_done()
        if done := self._turns.done - before:
            log.info("delivered", **done)

    async def _pick_up(self) -> list[int]:
        """The next subscriptions to serve: those who have just subscribed, then the stories in turn."""
        now = self._clock.now()
        async with self._database.read() as connection:
            moment = await subscriptions.next_wake(connection)
        if moment is not None and moment <= now:
            async with self._database.write() as connection:
                await subscriptions.wake(connection, now)
        async with self._database.read() as connection:
            recaps = await subscriptions.recaps_due(connection, self._tasks)
            behind = [
                await subscriptions.behind(connection, story.id, story.head, PICKED_UP, self._tasks)
                for story in await stories.all_of(connection)
                if not story.is_paused
            ]
        return list(dict.fromkeys([*recaps, *_in_turn(behind)]))[:PICKED_UP]

    def _start(self, subscription_id: int) -> None:
        self._tasks[subscription_id] = asyncio.create_task(self._turns.serve(subscription_id))

    async def _some_done(self) -> None:
        """Wait until a turn is over, or there may be more to do."""
        woken = asyncio.ensure_future(self._woken.wait())
        try:
            await asyncio.wait({woken, *self._tasks.values()}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
            self._woken.clear()
        for subscription_id, task in list(self._tasks.items()):
            if task.done():
                del self._tasks[subscription_id]
                await self._conclude(subscription_id, task)

    async def _conclude(self, subscription_id: int, task: asyncio.Task[None]) -> None:
        """One odd turn must not keep the others from theirs."""
        try:
            task.result()
        except (errors.WrongToken, sqlalchemy.exc.OperationalError):
            raise
        except Exception:
            log.exception("turn_failed", subscription=subscription_id)
            until = self._clock.now() + AFTER_A_FAULT
            await self._database.batch(lambda c: subscriptions.wait(c, subscription_id, until))

    async def _prune(self) -> None:
        """Forget messages that are no longer kept true, in small steps."""
        now = self._clock.now()
        if now - self._pruned_at < PRUNE_EVERY:
            return
        self._pruned_at = now
        while await self._database.batch(lambda c: messages.prune(c, now - self._correct_for)):
            await self._clock.sleep(0)

    async def _pause(self) -> float:
        async with self._database.read() as connection:
            moment = await subscriptions.next_wake(connection)
        wait = LONGEST_IDLE if moment is None else min(LONGEST_IDLE, moment - self._clock.now())
        return max(0.0, wait.total_seconds())


def _in_turn(lists: Sequence[Iterable[int]]) -> list[int]:
    """One of each list, then the next of each."""
    return [one for one in chain.from_iterable(zip_longest(*lists)) if one is not None]
