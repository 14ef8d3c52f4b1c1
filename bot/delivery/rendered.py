"""What rendering hands over: a text in Telegram's HTML, and the buttons under it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it sends `data` (1 to 64 bytes) back to the bot, or opens `url`."""

    text: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to send: 1 to 4096 visible code points, at most 100 entities."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Paged:
    """One page of a longer answer; `shown` is how many of the given things it holds, so that paging stays exact."""

    rendered: Rendered
    shown: int


def rows(buttons: Iterable[Button], per_row: int) -> tuple[tuple[Button, ...], ...]:
    """Buttons laid out in rows."""
    waiting = list(buttons)
    return tuple(tuple(waiting[at : at + per_row]) for at in range(0, len(waiting), per_row))


def row(*choices: tuple[str, str | None]) -> tuple[tuple[Button, ...], ...]:
    """One row of `(label, data)`; a choice without data is left out, and so is an empty row."""
    buttons = tuple(Button(label, data) for label, data in choices if data is not None)
    return (buttons,) if buttons else ()
