"""The rows of the table: name on the command line ──▶ what is done, what is asked of it, how it is measured."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from measuring.figures import Figure

Measure = Callable[["Scale"], Awaitable[list[Figure]]]


@dataclass(frozen=True)
class Scale:
    """`run` counts from 0; `is_quick`: a tenth of everything, to see that it works."""

    run: int = 0
    is_quick: bool = False

    def of(self, number: int) -> int:
        return max(1, number // 10) if self.is_quick else number


@dataclass(frozen=True)
class Row:
    """`what` and `target` as issue 5 puts them. `is_once`: its figures are medians of many by themselves."""

    name: str
    what: str
    target: str
    measure: Measure
    is_once: bool = False
