"""Faults by request: what a network and a busy Telegram do to a bot."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

Kind = Literal[
    "400",
    "401",
    "403",
    "404",
    "409",
    "429",
    "500",
    "502",
    "503",
    "504",
    "delay",
    "late",
    "hold",
    "cut-before",
    "cut-after",
]
KINDS = get_args(Kind)


class HasId(Protocol):
    @property
    def id(self) -> int: ...


@dataclass
class Fault:
    """Something that happens to the next `times` calls of `method` (any, if None) for chat `chat_id` (any, if None)."""

    kind: Kind
    method: str | None = None
    chat_id: int | None = None
    retry_after: int = 5
    delay: float = 0.05
    times: int = 1
    reason: str = ""

    def concerns(self, method: str, chat_id: int | None) -> bool:
        return (self.method is None or self.method.lower() == method.lower()) and self.chat_id in {None, chat_id}


class Faults:
    """Faults in the order in which they were asked for; each call takes the first that concerns it."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._released = asyncio.Event()
        self.held = 0  # calls that wait for `release()`

    def next(
        self,
        method: str | None = None,
        chat: HasId | int | None = None,
        kind: Kind = "500",
        *,
        retry_after: int = 5,
        delay: float = 0.05,
        times: int = 1,
        reason: str = "",
    ) -> Fault:
        """Let the next calls fail.

        400 to 504: answered so (with this `reason`), and not carried out. delay: carried out `delay` seconds later.
        late: carried out at once, answered `delay` seconds later. hold: carried out when `release()` is called.
        cut-before: the connection drops and nothing was done. cut-after: it was done, and then the connection drops.
        """
        chat_id = chat if chat is None or isinstance(chat, int) else chat.id
        fault = Fault(kind, method, chat_id, retry_after, delay, times, reason)
        self._waiting.append(fault)
        return fault

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The fault that befalls this call, if any."""
        for fault in self._waiting:
            if fault.concerns(method, chat_id):
                fault.times -= 1
                if fault.times <= 0:
                    self._waiting.remove(fault)
                return fault
        return None

    @property
    def waiting(self) -> list[Fault]:
        """Those that have not happened yet."""
        return list(self._waiting)

    def clear(self) -> None:
        """Forget the faults that have not happened yet."""
        self._waiting.clear()

    def release(self) -> None:
        """Let all held calls go on."""
        self._released.set()
        self._released = asyncio.Event()

    async def pause(self, fault: Fault) -> None:
        """What there is to wait for before it is carried out."""
        if fault.kind == "delay":
            await asyncio.sleep(fault.delay)
        elif fault.kind == "hold":
            self.held += 1
            try:
                await self._released.wait()
            finally:
                self.held -= 1
