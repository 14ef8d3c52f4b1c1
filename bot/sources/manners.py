"""Politeness towards a host: two requests at a time, a gap between them, and peace while it asks for it.

turn(host) ──is it held?──▶ one of its two places ──▶ the gap since its last request ──▶ one of our places ──▶ go
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_address

from bot.clock import Clock
from bot.sources.trouble import SourceHeld

AT_A_HOST = 2
AT_ONCE = 8  # over all hosts; each may hold a body of the largest size
GAP = timedelta(milliseconds=250)


@dataclass
class _Host:
    places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_A_HOST))
    free_at: datetime | None = None  # when the gap behind the last request ends
    held_until: datetime | None = None


class Manners:
    """Turns with hosts. A host that only waits for others to finish takes none of our own places."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait for a turn with a host, and have it. Raises SourceHeld."""
        host = self._hosts.setdefault(name, _Host())
        self._refuse_if_held(name, host)
        async with host.places:
            await self._gap(name, host)
            self._refuse_if_held(name, host)  # it may have asked for peace meanwhile
            async with self._places:
                yield

    def hold(self, name: str, seconds: float) -> None:
        """The host asks to be left alone for so long."""
        host = self._hosts.setdefault(name, _Host())
        until = self._clock.now() + timedelta(seconds=seconds)
        host.held_until = max(until, host.held_until or until)

    def _refuse_if_held(self, name: str, host: _Host) -> None:
        left = host.held_until - self._clock.now() if host.held_until else timedelta()
        if left > timedelta():
            seconds = left.total_seconds()
            raise SourceHeld(f"{name} asks to be left alone for {seconds:.0f} seconds more.", seconds)

    async def _gap(self, name: str, host: _Host) -> None:
        now = self._clock.now()
        start = max(now, host.free_at or now)
        host.free_at = start + (timedelta() if _is_loopback(name) else GAP)
        if start > now:
            await self._clock.sleep((start - now).total_seconds())


def _is_loopback(name: str) -> bool:
    """This very machine needs no gap."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
