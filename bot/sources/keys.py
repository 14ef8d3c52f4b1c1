"""Keys for entries of sources that give none: the stamp, an ordinal among its twins, and the words."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

_WORD = re.compile(r"\w+")


def make_keys(entries: Iterable[tuple[datetime, str]]) -> list[str]:
    """Keys for (moment, words), which come oldest first: "20160314T1916Z-1-0a1b2c3d". Unique among them."""
    seen: Counter[str] = Counter()
    keys = []
    for moment, words in entries:
        stamp = moment.astimezone(UTC).strftime("%Y%m%dT%H%MZ")
        seen[stamp] += 1
        keys.append(f"{stamp}-{seen[stamp]}-{_fingerprint(words)}")
    return keys


def _fingerprint(words: str) -> str:
    """Eight hexadecimal digits that do not change with case, accents, punctuation or spaces."""
    bare = words
    if not words.isascii():
        split = unicodedata.normalize("NFKD", words)
        bare = "".join(letter for letter in split if not unicodedata.combining(letter))
    folded = " ".join(_WORD.findall(bare.casefold()))
    return hashlib.sha256(folded.encode()).hexdigest()[:8]
