"""The queue of updates, as getUpdates hands it out.

An update stays until a call with a higher offset confirms it, or a day has gone by. One poller is served at a time:
when a second one comes, the older gets Telegram's 409.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.sandbox.errors import ApiError, conflict, conflict_of_webhook
from bot.sandbox.signals import Signal

LIFETIME = timedelta(hours=24)
MAX_TIMEOUT = 50  # seconds
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FIRST_ID = 100_000_001


class _Queued(NamedTuple):
    id: int
    at: datetime
    body: dict[str, Any]


class Updates:
    """The updates of one bot."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._queue: deque[_Queued] = deque()
        self._next_id = FIRST_ID
        self._allowed: frozenset[str] | None = None
        self._poller: asyncio.Future[ApiError | None] | None = None
        self._is_closed = False
        self.added = Signal()

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def is_polled(self) -> bool:
        """Whether a long poll waits."""
        return self._poller is not None

    def add(self, kind: str, payload: dict[str, Any]) -> None:
        """Queue an update, unless the bot has said that it does not want its kind."""
        if not self._wants(kind):
            return
        update = {"update_id": self._next_id, kind: payload}
        self._queue.append(_Queued(self._next_id, self._now(), update))
        self._next_id += 1
        self._end_poll()
        self.added.fire()

    def clear(self) -> None:
        self._queue.clear()

    def close(self) -> None:
        """Let waiting pollers go, empty-handed."""
        self._is_closed = True
        self._end_poll()

    def open(self) -> None:
        self._is_closed = False

    async def get(self, offset: int, limit: int, seconds: float, allowed: list[str] | None) -> list[dict[str, Any]]:
        """The oldest `limit` unconfirmed updates, from `offset` on; waits up to `seconds` for one.

        Raises the 409 if another call comes while this one waits.
        """
        self._end_poll(conflict())
        if allowed is not None:
            self.allow(allowed)
        self.confirm(offset)
        if not self._queue and seconds > 0 and not self._is_closed:
            await self._wait(min(seconds, MAX_TIMEOUT))
        return [update.body for _, update in zip(range(limit), self._queue, strict=False)]

    # --- as a webhook takes them ----------------------------------------------------------------------------------

    def allow(self, kinds: list[str]) -> None:
        """Only these kinds from now on; an empty list is the default again."""
        self._allowed = frozenset(kinds) if kinds else None

    @property
    def described(self) -> dict[str, Any]:
        return {"allowed_updates": sorted(self._allowed)} if self._allowed is not None else {}

    def first(self) -> dict[str, Any] | None:
        """The oldest unconfirmed update."""
        self.confirm(0)
        return self._queue[0].body if self._queue else None

    def end_poll(self) -> None:
        """A webhook is being set: whoever polls is told so."""
        self._end_poll(conflict_of_webhook())

    # ---------------------------------------------------------------------------------------------------------------

    def _wants(self, kind: str) -> bool:
        return kind in self._allowed if self._allowed is not None else kind not in NOT_BY_DEFAULT

    def confirm(self, offset: int) -> None:
        """Forget what is older than a day, and what lies before `offset`."""
        oldest = self._now() - LIFETIME
        while self._queue and self._queue[0].at < oldest:
            self._queue.popleft()
        if offset < 0:
            while len(self._queue) > -offset:
                self._queue.popleft()
        while self._queue and self._queue[0].id < offset:
            self._queue.popleft()

    async def _wait(self, seconds: float) -> None:
        poller = self._poller = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                ended = await poller
        except TimeoutError:
            return
        finally:
            if self._poller is poller:
                self._poller = None
        if ended is not None:
            raise ended

    def _end_poll(self, error: ApiError | None = None) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(error)
        self._poller = None
