"""A correction for an entry that has none: a number, a negation, or a sentence more. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# Not within a tag, an address, a clock or a date.
_NUMBER = re.compile(r"(?<![\w./#&;=:@-])(\d{1,3}(?:,\d{3})+|\d{1,6})(?![\w./:,-]*\d|[^<>]*>|[\w:/@-])")
_NOT = re.compile(
    r"(?<=\w)(?P<verb> (?:is|are|was|were|has|have|had|will|would|can|could|did|does))(?P<no> not)?\b(?![^<>]*>)"
)
_ADDED = "An earlier version of this update left something out."
_NEXT_WORD = re.compile(r"\s+[^\W\d_][\w-]*")


def devised(words: str, written: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Other words for an entry, and what is other in them, the most telling first; `written` is how the format writes
    plain words. Whoever takes one makes sure that readers see it: words may stand where the format shows none.
    """
    for found in _NUMBER.finditer(words):
        yield _replaced(words, found.span(), _other(found[1]))
    for found in _NOT.finditer(words):
        yield _replaced(words, found.span(), found["verb"] + ("" if found["no"] else " not"))
    yield words.rstrip() + written(_ADDED), _ADDED


def _replaced(words: str, place: tuple[int, int], other: str) -> tuple[str, str]:
    start, end = place
    following = _NEXT_WORD.match(words, end)
    context = following[0] if following else ""
    change = f"{words[start:end]}{context}".strip(), f"{other}{context}".strip()
    return words[:start] + other + words[end:], " → ".join(change)


def _other(number: str) -> str:
    """A tenth more, written the same way."""
    value = int(number.replace(",", ""))
    more = value + max(1, value // 10)
    return f"{more:,}" if "," in number else str(more)
