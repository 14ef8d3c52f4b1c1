"""Words by which a text tells which revision of which entry it shows.

Plain words of small letters: that one gives way to the next is no change that a reader must be told.
"""

from __future__ import annotations

import re

LETTERS = "abcdefghijklmnopqrstuvwxyz"
_MARK = re.compile(r"\bzq([a-z])([a-z])v([a-z])\b")


def mark(entry: int, revision: int) -> str:
    return f"zq{LETTERS[entry // 26]}{LETTERS[entry % 26]}v{LETTERS[revision]}"


def marks(text: str) -> dict[int, int]:
    """By entry the newest revision that the text shows; what a correction struck out stands there too."""
    found: dict[int, int] = {}
    for high, low, revision in _MARK.findall(text):
        entry = 26 * LETTERS.index(high) + LETTERS.index(low)
        found[entry] = max(found.get(entry, 0), LETTERS.index(revision))
    return found
