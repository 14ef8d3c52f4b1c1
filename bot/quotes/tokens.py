"""Tokens and sentences: how the text around quotes is seen. A quoted string is one token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

TOKEN = re.compile(
    r"https?://[^\s)>\]]+"
    r"|(?:[^\W\d_]\.){2,}"  # an abbreviation
    r"|[^\W_]+(?:[.,]\d+|['’‑‐\-][^\W_]+)*"
    r"|(\S)\1*"  # a run of one mark is one token
)


SHORT_LINE = 40
APOSTROPHES = "'’"
EMPHASIS = "*_"
DASHES = frozenset("—–―-")
ACRONYMS = {"PM": "premier", "US": "u.s.", "WHO": "w.h.o.", "IT": "i.t."}  # no pronouns, no time


@dataclass(slots=True)
class Token:
    """A word, a mark or (where `quote` is set) a whole quoted string.

    `word` is the text without a possessive ending, `low` that in lower case.
    """

    text: str
    start: int
    end: int
    is_word: bool
    word: str = ""
    low: str = ""
    is_cap: bool = False
    is_possessive: bool = False
    quote: int | None = None
    opens_line: bool = False  # behind a short line, such as a heading's


@dataclass(slots=True)
class Sentence:
    tokens: list[Token]
    paragraph: int
    is_first: bool  # of its paragraph
    is_aside: bool = False  # a heading, a caption, a credit: not part of the running text
    is_teaser: bool = False  # a line that leads to another page
    is_headline: bool = False  # most words capitalised, so capitals say nothing

    @property
    def is_bare(self) -> bool:
        """Nothing but quoted strings."""
        return not any(token.is_word for token in self.tokens) and any(token.quote is not None for token in self.tokens)


def words_of(text: str, start: int, end: int) -> list[Token]:
    found = []
    for match in TOKEN.finditer(text, start, end):
        piece = match[0]
        at, stop = match.span()
        is_word, word, low, is_cap, possessive = _facts(piece)
        if is_word:
            if not possessive and low[-1] == "s" and text[stop : stop + 1] in APOSTROPHES:
                possessive = stop < len(text)
            opens = at > 0 and text[at - 1] == "\n" and _is_behind_short_line(text, at)
            found.append(Token(piece, at, stop, True, word, low, is_cap, possessive, None, opens))
        elif low == "url":
            found.append(Token(piece, at, stop, False, "", low))
        elif low not in EMPHASIS:
            found.append(Token(low, at, stop, False, "", low))
    return found


def _is_behind_short_line(text: str, start: int) -> bool:
    return start <= SHORT_LINE or "\n" in text[start - SHORT_LINE - 1 : start - 1]


@lru_cache(maxsize=2048)
def _facts(piece: str) -> tuple[bool, str, str, bool, bool]:
    """Whether it is a word; without a possessive ending; that in lower case; if it has a capital, and the ending."""
    if not piece[0].isalnum():
        return False, "", piece[0], False, False
    if "://" in piece:
        return False, "", "url", False, False
    possessive = piece.endswith(("'s", "'S", "’s", "’S"))
    word = piece[:-2] if possessive else piece
    return True, word, ACRONYMS.get(word) or word.lower().replace("’", "'"), word[0].isupper(), possessive
