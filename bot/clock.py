"""Time as an argument: whoever waits or looks at the clock is handed one of these."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """The present, and waiting."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; zero or less only lets others run."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds))


async def rest(clock: Clock, seconds: float, woken: asyncio.Event) -> None:
    """Wait so long, or until woken."""
    waits = {asyncio.ensure_future(clock.sleep(seconds)), asyncio.ensure_future(woken.wait())}
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
