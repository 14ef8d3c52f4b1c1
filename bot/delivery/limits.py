"""How fast the bot may speak: a paced overall rate, and windows for each chat. The time is an argument.

Telegram allows about 30 messages a second over all chats, one a second in a chat, and 20 a minute in a group or
channel; sends and edits share these. An even pace without bursts stays below the first whatever window it is measured
in; the windows of a chat forget what is older than a minute, so memory follows the traffic, not the number of chats.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)
TWO_CHATS_WITHIN = timedelta(seconds=1)
SWEEP_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class _Refusal:
    chat_id: int
    at: datetime
    until: datetime


@dataclass
class Limits:
    """`rate`: messages a second over all chats; `chat_rate`: in one chat; `group_rate`: a minute in a group."""

    rate: float = 28.0
    chat_rate: float = 1.0
    group_rate: int = 18
    _next: datetime | None = None
    _held_until: datetime | None = None
    _refusal: _Refusal | None = None
    _sent: dict[int, deque[datetime]] = field(default_factory=dict)
    _swept: datetime | None = None

    def chat_wait(self, chat_id: int, now: datetime) -> timedelta:
        """How long this chat must be left alone yet."""
        sent = self._sent.get(chat_id)
        if not sent:
            return timedelta(0)
        waits = [sent[-1] + timedelta(seconds=1 / self.chat_rate) - now]
        if chat_id < 0 and len(sent) >= self.group_rate:
            waits.append(sent[-self.group_rate] + MINUTE - now)
        return max(timedelta(0), *waits)

    def take(self, chat_id: int, now: datetime) -> timedelta:
        """Reserve the next turn for a message to this chat; returns how long to wait for it."""
        turn = max(moment for moment in (now, self._next, self._held_until) if moment is not None)
        self._next = turn + timedelta(seconds=1 / self.rate)
        self._sent.setdefault(chat_id, deque(maxlen=max(1, self.group_rate))).append(turn)
        self._sweep(now)
        return turn - now

    def refused(self, chat_id: int, wait: timedelta, now: datetime) -> None:
        """Telegram asked this chat to wait. A second chat within a second: all wait, for the longest time given."""
        last, self._refusal = self._refusal, _Refusal(chat_id, now, now + wait)
        if last is not None and last.chat_id != chat_id and now - last.at <= TWO_CHATS_WITHIN:
            self._held_until = max(now + wait, last.until, self._held_until or now)

    def _sweep(self, now: datetime) -> None:
        """Forget chats that were quiet for a minute."""
        if self._swept is not None and now - self._swept < SWEEP_EVERY:
            return
        self._swept = now
        self._sent = {chat: sent for chat, sent in self._sent.items() if now - sent[-1] < MINUTE}
