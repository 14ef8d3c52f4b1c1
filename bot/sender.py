"""The loop that pushes: subscriptions that are behind are picked up and served, some at a time.

    pick up ──▶ queue ──▶ at most `in_flight` turns side by side ──▶ rest until woken or due

A chat is claimed while it is served, so its messages keep their order whoever serves it; a chat that has to wait costs
nobody else anything.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy.exc
import structlog

from bot.calls import Calls
from bot.clock import Clock, rest
from bot.delivery import errors
from bot.pacer import HeldBack, Pacer
from bot.pickup import PickUp
from bot.turn import Due, Turns
from storage import messages, subscriptions
from storage.database import Database

log = structlog.get_logger(__name__)

IN_FLIGHT = 8
LONGEST_IDLE = timedelta(seconds=30)
PRUNE_EVERY = timedelta(minutes=10)
AFTER_A_FAULT = timedelta(minutes=1)


@dataclass(frozen=True)
class Capacity:
    """How much is done at once: calls in flight, and subscriptions picked up at a time.

    Few are picked up, since a chat that has just subscribed waits for all of them.
    """

    in_flight: int = IN_FLIGHT
    picked_up: int = 2 * IN_FLIGHT

    @classmethod
    def at(cls, rate: float) -> Capacity:
        """For so many messages a second: Telegram answers within a fifth of one, and slow paces need no queue."""
        in_flight = max(1, min(IN_FLIGHT, int(2 * rate)), int(rate / 5))
        return cls(in_flight, max(2 * in_flight, int(rate / 4)))


class Sender:
    """Serves every subscription that is behind."""

    def __init__(
        self,
        database: Database,
        pickup: PickUp,
        turns: Turns,
        calls: Calls,
        pacer: Pacer,
        clock: Clock,
        *,
        rate: float,
        correct_for: timedelta,
    ) -> None:
        self._database = database
        self._pickup = pickup
        self._turns = turns
        self._calls = calls
        self._pacer = pacer
        self._clock = clock
        self._rate = rate
        self._capacity = Capacity.at(rate)
        self._correct_for = correct_for
        self._queue: asyncio.Queue[Due] = asyncio.Queue()
        self._busy = 0  # turns under way
        self._moved = asyncio.Event()  # a turn is over, or there is a reason to look for more work
        self._woken = asyncio.Event()
        self._fault: BaseException | None = None
        self._held_until: datetime | None = None
        self._is_stopping = False
        self._is_picking_up = False
        self._pruned_at = clock.now()
        self._workers: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Serve until stopped."""
        await self.take_over()
        while not self._is_stopping:
            try:
                self.calm()
                await self.serve_due()
                await self._prune()
                pause = await self._pause()
            except sqlalchemy.exc.DBAPIError as error:
                log.warning("database_busy", error=str(error.orig))
                pause = 5.0
            await rest(self._clock, pause, self._woken)

    async def take_over(self) -> None:
        """At the start: what a crash left half done is served again."""
        await self._pickup.free_all()

    def wake(self) -> None:
        """Look for work now."""
        self._woken.set()
        self._moved.set()

    async def woken(self) -> None:
        """Returns once there may be work."""
        await self._woken.wait()

    def calm(self) -> None:
        """Forget earlier calls to wake."""
        self._woken.clear()

    @property
    def in_flight(self) -> int:
        """How many turns are under way."""
        return self._busy

    @property
    def found_unknown(self) -> int:
        """How many calls were found that a crash had cut short."""
        return self._pickup.unknown

    @property
    def is_serving(self) -> bool:
        """Somebody is picked up who is not done."""
        return self._is_picking_up or bool(self._busy) or not self._queue.empty()

    async def stop(self, within: float) -> None:
        """Take up nothing more; returns once what is in flight is done and recorded, or after so many seconds."""
        self._is_stopping = True
        self.wake()
        with suppress(sqlalchemy.exc.DBAPIError):
            await self._give_back()
        done = asyncio.create_task(self._until(lambda: not self._busy))
        await asyncio.wait([done], timeout=within)
        done.cancel()
        if self._busy:
            log.warning("stopped_in_flight", chats=self._busy, reason=f"not answered within {within:g} s")
        await self._dismiss()
        with suppress(sqlalchemy.exc.DBAPIError):
            await self._pacer.give_back()

    async def serve_due(self) -> None:
        """Serve until nobody who may be served now is behind."""
        before = self._calls.done.copy()
        self._fault = None
        self._workers = [asyncio.create_task(self._work()) for _ in range(self._capacity.in_flight)]
        try:
            while await self._pick_up():
                await self._until(lambda: self._queue.qsize() <= self._capacity.picked_up // 2)
            await self._finish()
        finally:
            await self._dismiss()
        if done := Counter(self._calls.done) - before:
            log.info("delivered", **done)

    # --- picking up -------------------------------------------------------------------------------------------------

    async def _pick_up(self) -> bool:
        """Fill the queue. False once there is nothing left to do, or no use in going on."""
        while not (self._is_stopping or self._is_held() or self._fault):
            self._woken.clear()
            wait = timedelta(seconds=2 * self._capacity.picked_up / self._rate)
            self._is_picking_up = True
            try:
                for due in await self._pickup.take(self._capacity.picked_up, wait):
                    self._queue.put_nowait(due)
            finally:
                self._is_picking_up = False
            if not self._queue.empty():
                return True
            if not self._busy:
                return False
            # Those under way may be behind again when they are done: ask when half of them are, and not for each.
            half = self._busy // 2
            await self._until(lambda: self._busy <= half or self._woken.is_set())  # noqa: B023 - awaited here
        return False

    def _is_held(self) -> bool:
        return self._held_until is not None and self._clock.now() < self._held_until

    async def _until(self, is_so: Callable[[], bool]) -> None:
        while not (is_so() or self._fault):
            self._moved.clear()
            await self._moved.wait()

    async def _give_back(self) -> None:
        """What was picked up and is not begun is for others."""
        left = [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        await self._pickup.give_back(left)

    # --- serving ----------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        """One of those who serve side by side."""
        while True:
            due = await self._queue.get()
            self._busy += 1
            try:
                await self._serve(due)
            except Exception as error:  # for the loop that picks up to raise
                self._fault = error
            finally:
                self._busy -= 1
                self._moved.set()

    async def _serve(self, due: Due) -> None:
        """One odd turn must not keep the others from theirs."""
        try:
            await self._turns.serve(due)
        except HeldBack as held:
            self._held_until = datetime.fromtimestamp(held.moment, UTC)
            log.warning("all_wait", until=self._held_until.isoformat(timespec="seconds"))
        except (errors.WrongToken, sqlalchemy.exc.DBAPIError):
            raise
        except Exception:
            log.exception("turn_failed", subscription=due.claim.subscription.id)
            await self._turns.abandon(due.claim, self._clock.now() + AFTER_A_FAULT)

    async def _finish(self) -> None:
        """What is under way comes to its end, also where something went wrong; that is raised then."""
        fault, self._fault = self._fault, None
        if fault is not None:
            with suppress(sqlalchemy.exc.DBAPIError):  # then the claims end by themselves
                await self._give_back()
        while self._busy:
            await self._until(lambda: not self._busy)
            fault, self._fault = fault or self._fault, None
        if fault is not None:
            raise fault

    async def _dismiss(self) -> None:
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._workers = []

    # --- between rounds ---------------------------------------------------------------------------------------------

    async def _prune(self) -> None:
        """Forget messages that are no longer kept true, in small steps."""
        now = self._clock.now()
        if now - self._pruned_at < PRUNE_EVERY:
            return
        self._pruned_at = now
        while await self._database.batch(lambda c: messages.prune(c, now - self._correct_for)):
            await self._clock.sleep(0)

    async def _pause(self) -> float:
        """Seconds until somebody's wait ends."""
        async with self._database.read() as connection:
            moment = await subscriptions.next_wake(connection)
        now = self._clock.now()
        wait = LONGEST_IDLE if moment is None else min(LONGEST_IDLE, moment - now)
        if self._is_held() and self._held_until is not None:
            wait = max(wait, min(LONGEST_IDLE, self._held_until - now))
        return max(0.0, wait.total_seconds())
