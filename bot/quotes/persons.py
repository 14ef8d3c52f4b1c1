"""Whether two names are one person's: for whom a chat follows from story to story."""

from __future__ import annotations

import re

from bot.quotes.fold import fold

_WORDS = re.compile(r"\w+")


def same_person(one: str, other: str) -> bool:
    """The same last name, and no other name that only one of two full names has: "Lavrov" and "Sergey Lavrov"."""
    first, second = _WORDS.findall(fold(one)), _WORDS.findall(fold(other))
    if not first or not second or first[-1] != second[-1]:
        return False
    shorter, longer = sorted((set(first), set(second)), key=len)
    return shorter <= longer
