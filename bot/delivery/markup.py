"""Marks → Telegram's HTML: escaped, well nested, and never more entities than Telegram keeps.

Telegram's rules: bold, italic, underline and strike-through may contain and cross everything but code; links, times and
code cannot contain each other; quotations cannot be nested; of more than 100 entities the rest is dropped silently.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.delivery.outside import page_text
from bot.delivery.richtext import Mark, Rich, Tag
from storage.models import Span

MAX_LENGTH = 4096  # visible code points
MAX_ENTITIES = 100

_STYLES: tuple[Tag, ...] = ("b", "i", "u", "s")
_ATOMS: tuple[Tag, ...] = ("tg-time", "a", "pre", "code")  # the first one wins where two overlap
_OUTERMOST_FIRST: tuple[Tag, ...] = ("blockquote", "b", "i", "u", "s", "a", "tg-time", "pre", "code")
_LEAST_IMPORTANT_FIRST: tuple[Tag, ...] = ("i", "u", "code", "pre", "b", "blockquote", "s", "a", "tg-time")


def to_html(text: str, spans: Sequence[Span] = ()) -> str:
    """A page's own text as HTML."""
    return rich_to_html(page_text(text, spans))


def rich_to_html(rich: Rich, max_entities: int = MAX_ENTITIES) -> str:
    """HTML with at most so many entities: italics go first, then bold, links and times last of all."""
    marks = _well_formed(rich)
    while (excess := entities(marks) - max_entities) > 0:
        # One mark may stand for several entities, so come down in steps.
        marks = _well_formed(Rich(rich.text, tuple(_lightened(marks, 1 + excess // 3))))
    return _written(rich.text, marks)


def entities(marks: Sequence[Mark]) -> int:
    """How many entities Telegram makes of them, at most: it parts bold and its like where another begins or ends."""
    edges = sorted({edge for mark in marks for edge in (mark.start, mark.end)})
    inside = (bisect_left(edges, mark.end) - bisect_right(edges, mark.start) for mark in marks if mark.tag in _STYLES)
    return len(marks) + sum(inside)


def length(written: str) -> int:
    """How long Telegram finds a piece of HTML: its visible code points."""
    return len(html.unescape(re.sub(r"<[^>]*>", "", written)))


def _lightened(marks: Iterable[Mark], excess: int) -> list[Mark]:
    order = sorted(marks, key=lambda mark: (mark.ours, _LEAST_IMPORTANT_FIRST.index(mark.tag), -mark.start))
    return order[excess:]


# --- nesting --------------------------------------------------------------------------------------------------------


def _well_formed(rich: Rich) -> list[Mark]:
    """The marks of a text so that they nest: clipped, merged, and split where they would cross."""
    marks = [mark for mark in rich.part(0).marks if rich.text[mark.start : mark.end].strip()]
    quotations = _apart([mark for mark in marks if mark.tag == "blockquote"])
    edges = {edge for mark in quotations for edge in (mark.start, mark.end)}
    atoms = _apart([piece for mark in marks if mark.tag in _ATOMS for piece in _split(mark, edges)])
    styles = [piece for mark in _merged(marks) for piece in _around(mark, atoms, edges)]
    return [mark for mark in (*quotations, *atoms, *styles) if rich.text[mark.start : mark.end].strip()]


def _apart(marks: list[Mark]) -> list[Mark]:
    """Marks of which no two overlap: ours before the page's, earlier and wider ones first."""
    kept: list[Mark] = []
    precedence = (*_ATOMS, "blockquote")
    for mark in sorted(marks, key=lambda m: (not m.ours, precedence.index(m.tag), m.start, -m.end)):
        kept += _without(mark, kept)
    return kept


def _without(mark: Mark, taken: Iterable[Mark]) -> list[Mark]:
    """What is left of a mark where others have taken their stretches."""
    left = [mark]
    for other in taken:
        if mark.start < other.end and other.start < mark.end:
            pieces = (
                piece
                for whole in left
                for piece in (
                    replace(whole, end=min(whole.end, other.start)),
                    replace(whole, start=max(whole.start, other.end)),
                )
            )
            left = [piece for piece in pieces if piece.start < piece.end]
    return left


def _merged(marks: Iterable[Mark]) -> list[Mark]:
    """Bold, italic and their like, with those of one kind that touch made one."""
    merged: list[Mark] = []
    for tag in _STYLES:
        last: Mark | None = None
        for mark in sorted((mark for mark in marks if mark.tag == tag), key=lambda mark: mark.start):
            if last and mark.start <= last.end and mark.ours == last.ours:
                last = replace(last, end=max(last.end, mark.end))
                merged[-1] = last
            else:
                merged.append(last := mark)
    return merged


def _around(mark: Mark, atoms: Sequence[Mark], edges: set[int]) -> list[Mark]:
    """A style without the code in it, split where it would cross a link or a quotation."""
    codes = [atom for atom in atoms if atom.tag in ("pre", "code")]
    crossed = {
        edge
        for atom in atoms
        for edge in (atom.start, atom.end)
        if mark.start < atom.end
        and atom.start < mark.end  # they overlap,
        and not (mark.start <= atom.start and atom.end <= mark.end)  # and neither holds the other
        and not (atom.start <= mark.start and mark.end <= atom.end)
    }
    return [piece for left in _without(mark, codes) for piece in _split(left, edges | crossed)]


def _split(mark: Mark, edges: Iterable[int]) -> list[Mark]:
    cuts = [mark.start, *sorted(edge for edge in edges if mark.start < edge < mark.end), mark.end]
    return [replace(mark, start=start, end=end) for start, end in pairwise(cuts)]


# --- writing --------------------------------------------------------------------------------------------------------


def _written(text: str, marks: Sequence[Mark]) -> str:
    out: list[str] = []
    stack: list[Mark] = []
    at = 0
    for edge in sorted({edge for mark in marks for edge in (mark.start, mark.end)}):
        out.append(html.escape(text[at:edge], quote=False))
        at = edge
        outermost = next((depth for depth, mark in enumerate(stack) if mark.end <= edge), len(stack))
        out += (f"</{mark.tag}>" for mark in reversed(stack[outermost:]))
        again = [mark for mark in stack[outermost:] if mark.end > edge]
        opening = sorted([*again, *(mark for mark in marks if mark.start == edge)], key=_outer)
        out += (f"<{mark.tag} {mark.attrs}".rstrip() + ">" for mark in opening)
        stack = stack[:outermost] + opening
    out.append(html.escape(text[at:], quote=False))
    return "".join(out)


def _outer(mark: Mark) -> tuple[int, int]:
    return -mark.end, _OUTERMOST_FIRST.index(mark.tag)
