"""Faults by chance: each send or edit may meet one; and the time that an answer takes to travel.

Whoever dies while it travels never hears of what was done.
"""

from __future__ import annotations

import random

from bot.sandbox import Fault
from bot.sandbox.faults import Faults, Kind

CONCERNED = {"sendmessage", "editmessagetext", "deletemessage"}
NOTHING = "nothing"


class Chances(Faults):
    """Takes the place of the sandbox's faults. `shares`: how likely each kind is, for one call."""

    def __init__(self) -> None:
        super().__init__()
        self._dice = random.Random(20160314)  # noqa: S311  (chance, not secrets)
        self._kinds: list[str] = [NOTHING]
        self._weights: list[float] = [1.0]
        self._retry_after = 1
        self._delay = 0.0

    def set(self, shares: dict[str, float], retry_after: int, delay: float, seed: int) -> None:
        self._dice.seed(seed)
        self._kinds = [*shares, NOTHING]
        self._weights = [*shares.values(), 1.0 - sum(shares.values())]
        self._retry_after, self._delay = retry_after, delay

    def take(self, method: str, chat_id: int | None) -> Fault | None:  # noqa: ARG002  (the name is the base's)
        if method.lower() not in CONCERNED:
            return None
        [kind] = self._dice.choices(self._kinds, self._weights)
        if kind == NOTHING:
            return Fault("late", delay=self._delay) if self._delay else None
        drawn: Kind = kind  # type: ignore[assignment]  # a row names the sandbox's kinds
        return Fault(drawn, retry_after=self._retry_after)
