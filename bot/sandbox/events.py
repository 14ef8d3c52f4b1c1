"""What the chat page is told: a log of what happened, with numbers that grow by one."""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

from bot.sandbox.signals import Signal

KEPT = 5000


class Event(NamedTuple):
    """What happened. A value that is a function is asked when someone looks: mostly nobody does."""

    id: int
    kind: str
    values: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        seen = {name: value() if callable(value) else value for name, value in self.values.items()}
        return {"type": self.kind} | seen


class Events:
    """The last few thousand events. Who asks for older ones has to load the state again."""

    def __init__(self) -> None:
        self.last = 0
        self.changed = Signal()
        self._kept: deque[Event] = deque(maxlen=KEPT)

    def add(self, kind: str, **data: Any) -> None:
        self.last += 1
        self._kept.append(Event(self.last, kind, data))
        self.changed.fire()

    def after(self, number: int) -> list[Event] | None:
        """Events later than `number`, oldest first; None if some of them are forgotten, or were never there."""
        count = self.last - number
        if count == 0:
            return []
        if count < 0 or count > len(self._kept):
            return None
        return [self._kept[index] for index in range(len(self._kept) - count, len(self._kept))]
