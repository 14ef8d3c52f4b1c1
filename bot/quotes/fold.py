"""The form of a name that is compared and searched: no case, no accents, no marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LETTERS = str.maketrans(
    dict(zip("øłđðþæœßı’‐‑", ["o", "l", "d", "d", "th", "ae", "oe", "ss", "i", "'", "-", "-"], strict=True))
)


LATIN = (
    str.maketrans(
        "абвгдеёзийклмнопрстуфыэєіґјћўαβγδεζηικλμνξοπρσςτυφω",
        "abvgdeeziiklmnoprstufyeeigjcuavgdeziiklmnxoprsstyfo",
        "ьъ",
    )
    | {
        ord(letter): latin
        for pair in "жzh хkh цts чch шsh щshch юyu яya їi љlj њnj ђdj џdz θth χch ψps".split(" ")  # noqa: SIM905 - a table
        for letter, latin in [(pair[0], pair[1:])]
    }
)
# Spellings of one sound in different languages, the longest first: "Peskow", "Peschkov", "Medvedjev", "Chruschtschow".
SOUNDS = (
    *(("schtsch", "shch"), ("chtch", "shch"), ("tsch", "ch"), ("tch", "ch"), ("sch", "sh"), ("kh", "h"), ("ch", "h")),
    *(("sh", "s"), ("zh", "z"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("ks", "x"), ("ts", "z"), ("tz", "z")),
    *(("ou", "u"), ("oo", "u"), ("ee", "i"), ("ie", "i"), ("yo", "o"), ("jo", "o"), ("ye", "e"), ("je", "e")),
    *(("ya", "a"), ("ja", "a"), ("yu", "u"), ("ju", "u"), ("w", "v"), ("j", "i"), ("y", "i"), ("c", "k"), ("q", "k")),
)
RUNS = re.compile(r"(.)\1+")


def latin(text: str) -> str:
    """Cyrillic and Greek letters as English writes them: "Песков" becomes "peskov"."""
    return text if text.isascii() else unicodedata.normalize("NFC", text.casefold()).translate(LATIN)


@lru_cache(maxsize=2048)
def sound(word: str) -> str:
    """What is left of a folded word when the ways to write one sound are made one: "peskow", "peskov"."""
    for spelling, one in SOUNDS:
        word = word.replace(spelling, one)
    word = RUNS.sub(r"\1", word)
    return word[:-1] + "v" if word.endswith("f") else word  # "Medvedeff"


@lru_cache(maxsize=2048)
def fold(text: str) -> str:
    """`text` in lower case without accents: "Erdoğan" and "ERDOGAN" become one."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    plain = unicodedata.normalize("NFKD", lowered.translate(LETTERS))
    return "".join(char for char in plain if not unicodedata.combining(char))
