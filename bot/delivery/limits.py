"""How fast the bot may speak, decided from numbers alone: the time is an argument, in seconds since 1970.

Telegram allows about 30 messages a second over all chats, one a second in a chat, and 20 a minute in a group or
channel; sends and edits share these. Overall an even pace without bursts stays below the limit whatever second is
looked at. Within a chat the times of what it was sent lately decide; they live with the chat, so that memory and time
do not depend on how many chats there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MINUTE = 60.0
JITTER_ROOM = 0.985  # of the rate: on the way calls come closer together, and a second must not hold more for it
BLOCK_SECONDS = 0.25  # turns are reserved for so long at once
SMALLEST_BLOCK = 4


@dataclass(frozen=True)
class Limits:
    """`rate`: messages a second over all chats; `chat_rate`: in one chat; `group_rate`: a minute in a group."""

    rate: float = 28.0
    chat_rate: float = 1.0
    group_rate: int = 18

    @property
    def spacing(self) -> float:
        """Seconds between two turns."""
        return 1 / (self.rate * JITTER_ROOM)

    @property
    def block(self) -> int:
        """How many turns to reserve at once."""
        return max(SMALLEST_BLOCK, round(self.rate * BLOCK_SECONDS))

    def chat_wait(self, chat_id: int, sent: Sequence[float], now: float) -> float:
        """How many seconds this chat must be left alone yet; groups and channels have negative ids."""
        if not sent:
            return 0.0
        wait = sent[-1] + 1 / self.chat_rate - now
        if chat_id < 0 and len(sent) >= self.group_rate:
            wait = max(wait, sent[-self.group_rate] + MINUTE - now)
        return max(0.0, wait)

    def remembered(self, chat_id: int, sent: Sequence[float], now: float) -> tuple[float, ...]:
        """What still counts of what a chat was sent: the last minute's in a group, elsewhere the last."""
        if chat_id >= 0:
            return tuple(sent[-1:])
        return tuple(at for at in sent[-self.group_rate :] if now - at < MINUTE)
