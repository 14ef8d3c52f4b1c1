"""The form of a name that is compared and searched: no case, no accents, no marks."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LETTERS = str.maketrans(
    dict(zip("øłđðþæœßı’‐‑", ["o", "l", "d", "d", "th", "ae", "oe", "ss", "i", "'", "-", "-"], strict=True))
)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`text` in lower case without accents: "Erdoğan" and "ERDOGAN" become one."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    plain = unicodedata.normalize("NFKD", lowered.translate(LETTERS))
    return "".join(char for char in plain if not unicodedata.combining(char))
