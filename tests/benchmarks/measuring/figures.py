"""What was measured, and how it is written down: medians of the runs, counts of what must not happen at their worst."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace


class Skipped(Exception):
    """The row cannot be measured here; the message says why."""


@dataclass(frozen=True)
class Figure:
    """One number of a row. `ideal`: it is told, and bounded, as a multiple of this.

    `at_most` is what the row's target asks of it; None: only told. `is_worst`: of several runs the worst counts.
    """

    name: str
    value: float
    unit: str = ""
    ideal: float | None = None
    at_most: float | None = None
    is_worst: bool = False
    digits: int = 2

    @property
    def ratio(self) -> float:
        return self.value / self.ideal if self.ideal else self.value

    @property
    def is_met(self) -> bool:
        return self.at_most is None or self.ratio <= self.at_most

    @property
    def words(self) -> str:
        number = f"{self.value:,.{self.digits}f}{f' {self.unit}' if self.unit else ''}"
        if self.ideal:
            number += f" = {self.ratio:.3f} × {self.ideal:,.1f} {self.unit}".rstrip()
        return f"{self.name} {number}"


def lost(name: str, value: float, at_most: float = 0) -> Figure:
    """A count of what must not happen, or seldom."""
    return Figure(name, value, at_most=at_most, is_worst=True, digits=0)


def count(name: str, value: float, unit: str = "") -> Figure:
    return Figure(name, value, unit, digits=0)


def of_runs(runs: Sequence[Sequence[Figure]]) -> list[Figure]:
    """One list of figures for several of the same."""
    combined = []
    for same in zip(*runs, strict=True):
        values = [figure.value for figure in same]
        value = max(values) if same[0].is_worst else statistics.median(values)
        ideals = [figure.ideal for figure in same if figure.ideal]
        ideal = statistics.median(ideals) if ideals else None
        combined.append(replace(same[0], value=value, ideal=ideal))
    return combined


def verdict(figures: Sequence[Figure]) -> str:
    bounded = [figure for figure in figures if figure.at_most is not None]
    missed = [figure for figure in bounded if not figure.is_met]
    if not bounded:
        return "measured"
    return "met" if not missed else "not met: " + ", ".join(f"{_over(figure)}" for figure in missed)


def _over(figure: Figure) -> str:
    if not figure.at_most:
        return figure.name
    return f"{figure.name} {figure.ratio / figure.at_most:.2f} × what it may be"
