"""Time for tests of pace: waits that lie side by side, and a world that goes on meanwhile."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from newsroom import ManualClock, Newsroom

from bot.sandbox.calls import Call

PACED = ("sendMessage", "editMessageText")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class PacedClock(ManualClock):
    """Whoever waits for his turn gets it once the turns before are used, so that Telegram counts each at its time."""

    def __init__(self, news: Newsroom) -> None:
        super().__init__()
        self._news = news
        self._turns = 0
        self._seen = 0
        self._answered = 0
        self._waiting: list[tuple[datetime, int]] = []  # the heap of those who wait, the next first
        self._numbers = itertools.count()
        self._next: datetime | None = None
        self._every = SECOND
        self._happens: Callable[[], Awaitable[None]] | None = None

    def meanwhile(self, every: timedelta, happens: Callable[[], Awaitable[None]]) -> None:
        """This happens in the world from now on, while the bot sends."""
        self._every, self._happens, self._next = every, happens, self.now() + every

    def is_due(self) -> bool:
        """What happens meanwhile is due, though nobody waits; the next time is set."""
        if self._next is None or self.now() < self._next:
            return False
        self._next += self._every
        return True

    async def sleep(self, seconds: float) -> None:
        mine = (self.now() + timedelta(seconds=seconds), next(self._numbers))
        heapq.heappush(self._waiting, mine)
        try:
            await self._news.sandbox.until(lambda: self._waiting[0] == mine and self._used() >= self._turns, timeout=60)
        finally:
            self._waiting.remove(mine)
            heapq.heapify(self._waiting)
        self._turns += 1
        self._now = max(self._now, mine[0])
        while self._happens is not None and self.is_due():
            await self._happens()
        self._news.sandbox.world.changed.fire()

    def _used(self) -> int:
        """How many turns were used, as far as Telegram answered or holds the call."""
        calls = self._news.sandbox.calls
        while self._seen < len(calls):
            self._answered += calls[self._seen].method in PACED
            self._seen += 1
        return self._answered + self._news.sandbox.faults.held


def paced(news: Newsroom) -> list[Call]:
    return [call for call in news.sandbox.calls if call.method in PACED]


def busiest(calls: Sequence[Call], span: timedelta) -> int:
    """The most calls in any window of that length."""
    at = sorted(call.at for call in calls)
    counts = [sum(start <= moment < start + span for moment in at[place:]) for place, start in enumerate(at)]
    return max(counts, default=0)


def counted(calls: Sequence[Call]) -> Counter[int]:
    """How many calls were answered how."""
    return Counter(call.status for call in calls)
