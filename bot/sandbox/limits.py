"""Telegram's limits on sending, switchable: 30 a second in all, one a second in a chat, 20 a minute in a group."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.errors import too_many_requests

PAID_PER_SECOND = 1000


@dataclass
class Limits:
    """Counts sends and edits while `enabled`. All numbers may be changed at any time.

    A chat takes `chat_burst` messages at once and then `chat_per_second`. A refused call counts for nothing.
    """

    enabled: bool = False
    per_second: int = 30
    chat_per_second: float = 1.0
    chat_burst: int = 3
    group_per_minute: int = 20
    _all: deque[float] = field(default_factory=deque, repr=False)
    _chats: dict[int, float] = field(default_factory=dict, repr=False)
    _groups: dict[int, deque[float]] = field(default_factory=dict, repr=False)

    @property
    def settings(self) -> dict[str, float]:
        """What may be changed, and how it is."""
        names = ("enabled", "per_second", "chat_per_second", "chat_burst", "group_per_minute")
        return {name: getattr(self, name) for name in names}

    def take(self, chat_id: int, at: datetime, is_paid: bool = False) -> None:
        """Count one message, or raise the 429 that Telegram answers."""
        if not self.enabled:
            return
        now = at.timestamp()
        overall = PAID_PER_SECOND if is_paid else self.per_second
        minute = self._groups.setdefault(chat_id, deque()) if chat_id < 0 else deque()
        wait = max(
            _window(self._all, overall, 1.0, now),
            _window(minute, self.group_per_minute, 60.0, now),
            self._chat_wait(chat_id, now),
        )
        if wait > 0:
            raise too_many_requests(max(1, math.ceil(wait)))
        self._all.append(now)
        minute.append(now)
        self._chats[chat_id] = max(self._chats.get(chat_id, now), now) + 1 / self.chat_per_second

    def _chat_wait(self, chat_id: int, now: float) -> float:
        """A bucket that leaks: `_chats` holds when it would be empty again."""
        backlog = max(0.0, self._chats.get(chat_id, now) - now)
        return backlog - (self.chat_burst - 1) / self.chat_per_second


def _window(sent: deque[float], most: int, seconds: float, now: float) -> float:
    """How long until one more fits into the window; zero or less if it fits now."""
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    return sent[len(sent) - most] + seconds - now if len(sent) >= most else 0.0
