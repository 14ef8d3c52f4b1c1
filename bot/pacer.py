"""Turns to speak: the overall pace, as this process gets its part of it.

Turns are reserved in blocks from the database, where all processes that send reserve theirs, and handed out one by one.
A turn that has passed unused is lost: making up for it would be a burst.
"""

from __future__ import annotations

import asyncio
from collections import deque

from bot.clock import Clock
from bot.delivery.limits import Limits
from storage import pace
from storage.database import Database

LONGEST_WAIT = 5.0  # seconds; claims do not hold for longer


class HeldBack(Exception):
    """Nobody may speak for a while: until `moment`, in seconds since 1970."""

    def __init__(self, moment: float) -> None:
        super().__init__(moment)
        self.moment = moment


class Pacer:
    """Hands out turns."""

    def __init__(self, database: Database, limits: Limits, clock: Clock) -> None:
        self._database = database
        self._limits = limits
        self._clock = clock
        self._block: deque[float] = deque()
        self._reserving = asyncio.Lock()

    async def turn(self) -> float:
        """The moment of the next turn, in seconds since 1970. Raises HeldBack where it is far away."""
        async with self._reserving:
            now = self._clock.now().timestamp()
            while self._block and self._block[0] < now:
                self._block.popleft()
            if not self._block:
                await self._reserve(now)
            if self._block[0] - now > LONGEST_WAIT:
                raise HeldBack(self._block[0] - LONGEST_WAIT / 2)
            return self._block.popleft()

    async def refused(self, chat_id: int, seconds: float) -> None:
        """Telegram asked the chat to wait so long. Where that holds all, no turn from before is used any more."""
        now = self._clock.now().timestamp()
        if await self._database.batch(lambda c: pace.refused(c, chat_id, now, now + seconds)):
            self._block.clear()

    async def give_back(self) -> None:
        """The turns in hand are for others."""
        if self._block:
            turns, self._block = list(self._block), deque()
            await self._database.batch(lambda c: pace.give_back(c, turns, self._limits.spacing))

    async def _reserve(self, now: float) -> None:
        count, spacing = self._limits.block, self._limits.spacing
        first = await self._database.batch(lambda c: pace.reserve(c, count, spacing, now))
        self._block.extend(first + place * spacing for place in range(count))
