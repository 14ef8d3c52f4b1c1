"""Tokens and sentences: how the text around quotes is seen. A quoted string is one token."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"(?P<url>https?://[^\s)>\]]+)"
    r"|(?P<abbreviation>(?:[^\W\d_]\.){2,})"
    r"|(?P<word>[^\W_]+(?:[.,]\d+|['’‑‐\-][^\W_]+)*)"
    r"|(?P<mark>([^\s])\5*)"  # a run of one mark is one token
)


SHORT_LINE = 40
DASHES = frozenset("—–―-")
ACRONYMS = {"US": "u.s.", "WHO": "w.h.o.", "IT": "i.t."}  # which are no pronouns


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
        return any(token.quote is not None for token in self.tokens) and not any(token.is_word for token in self.tokens)


def words_of(text: str, start: int, end: int) -> list[Token]:
    found = []
    for match in TOKEN.finditer(text, start, end):
        kind, piece = match.lastgroup, match.group()
        if match.group("mark"):
            if piece[0] not in "*_":
                found.append(Token(piece[0], match.start(), match.end(), False, low=piece[0]))
        elif kind == "url":
            found.append(Token(piece, match.start(), match.end(), False, low="url"))
        else:
            found.append(_word(piece, match.start(), match.end(), text[match.end() : match.end() + 1]))
            found[-1].opens_line = _opens_line(text, match.start())
    return found


def _opens_line(text: str, start: int) -> bool:
    if start == 0 or text[start - 1] != "\n":
        return False
    before = text[max(0, start - SHORT_LINE - 1) : start - 1]
    return "\n" in before or start <= SHORT_LINE


def _word(piece: str, start: int, end: int, following: str) -> Token:
    word, possessive = piece, False
    if word.endswith(("'s", "'S", "’s", "’S")):
        word, possessive = word[:-2], True
    elif following in ("'", "’") and word.endswith("s"):
        possessive = True
    low = ACRONYMS.get(word) or word.lower().replace("’", "'")
    return Token(piece, start, end, True, word, low, word[0].isupper(), possessive)
