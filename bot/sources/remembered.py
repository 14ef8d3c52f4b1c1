"""What was made of a text, remembered while it may be asked for again, within a bound of bytes.

A page is read twice a minute, and all of its entries but one or two are the same each time.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import ClassVar, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Remembered(Generic[Key, Value]):
    """Two halves: when the new one is full, it becomes the old one, and what nobody asked for since is forgotten.

    So a hit changes nothing most of the time. Threads may share it: at worst a value is made twice.
    """

    everything: ClassVar[list[Remembered[object, object]]] = []

    def __init__(self, most: int) -> None:
        self._half = most // 2
        self._new: dict[Key, tuple[Value, int]] = {}
        self._old: dict[Key, tuple[Value, int]] = {}
        self._size = 0
        self.everything.append(self)  # type: ignore[arg-type]  # only to be emptied

    def get(self, key: Key) -> Value | None:
        if (found := self._new.get(key)) is not None:
            return found[0]
        if (found := self._old.get(key)) is not None:
            self.put(key, *found)
            return found[0]
        return None

    def put(self, key: Key, value: Value, size: int) -> None:
        """Keep a value of `size` bytes; one that would push out much else is not kept."""
        if size > self._half // 8:
            return
        if self._size + size > self._half:
            self._old, self._new, self._size = self._new, {}, 0
        self._new[key] = value, size
        self._size += size

    def clear(self) -> None:
        self._old, self._new, self._size = {}, {}, 0

    def __len__(self) -> int:
        return len(self._new.keys() | self._old.keys())


def forget() -> None:
    """Begin anew, so that a measurement or a test is one of a first reading."""
    for one in Remembered.everything:
        one.clear()
