"""Paragraphs to sentences of tokens, in which a quoted string is one token.

What is said inside a quote does not disturb how the sentence around it is read: `"A?" he said.` is one sentence, and
`"A." The police came.` are two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.quotes.capitals import NICKNAME
from bot.quotes.cues import names_speaker
from bot.quotes.marks import TERMINAL, Paragraph, Quoted
from bot.quotes.tokens import DASHES, Sentence, Token, words_of
from bot.quotes.words import (
    ABBREVIATIONS,
    ADVERBS,
    AUXILIARIES,
    FUNCTION,
    MONTHS,
    NAME_TITLES,
    PRONOUNS,
    listed,
)

TEASER = re.compile(
    r"[*_#\s]*(?:read|see|read also|also read|related|relevant reading|watch|listen|more|photos|video)"
    r"(?: more| also)?\s*[:|]",
    re.IGNORECASE,
)
DATELINE = 16  # tokens of a dateline at most
LONGEST = 150  # tokens of a sentence; what is longer is no prose, and is cut
CLOSERS = frozenset(")]\"”’'»*_")


@dataclass(slots=True)
class _Reader:
    text: str
    strings: list[Quoted]
    next: int = 0  # the first string not yet passed
    sentences: list[Sentence] = field(default_factory=list)


def sentences(text: str, parts: list[Paragraph], strings: list[Quoted], skip: list[tuple[int, int]]) -> list[Sentence]:
    """All sentences in order. Stretches in `skip` (tweets) are left out."""
    reader = _Reader(text, strings)
    at = number = 0
    for part in parts:
        tokens = _tokens(reader, max(part.start, at), part.end, skip)
        at = max((token.end for token in tokens), default=part.start)
        split = _split(text, tokens, strings)
        teaser = TEASER.match(text, part.start, part.end) is not None
        aside = teaser or _is_aside(text, part, split)
        for index, group in enumerate((_without_dateline(split[0]), *split[1:]) if split else ()):
            reader.sentences.append(Sentence(group, number, index == 0, aside, teaser, _is_headline(group)))
        number += not aside
    return reader.sentences


def _without_dateline(group: list[Token]) -> list[Token]:
    """ "GENEVA, July 25 (Reuters) - The talks ...": where a report comes from is no part of its first sentence."""
    for at, token in enumerate(group[:DATELINE]):
        if token.quote is not None:
            break
        if at > 2 and token.text in DASHES and group[at - 1].text == ")" and at + 1 < len(group):
            return group[at + 1 :]
    return group


def _tokens(reader: _Reader, start: int, end: int, skip: list[tuple[int, int]]) -> list[Token]:
    tokens: list[Token] = []
    at = start
    while at < end:
        string = reader.strings[reader.next] if reader.next < len(reader.strings) else None
        stop = min(end, string.start) if string is not None else end
        tokens += words_of(reader.text, at, max(at, stop))
        at = max(at, stop)
        if string is None or string.start >= end:
            break
        tokens.append(Token("", string.start, string.end, False, quote=reader.next))
        reader.next += 1
        at = string.end
    if skip:
        tokens = [token for token in tokens if not any(a <= token.start < b for a, b in skip)]
    return tokens


def _split(text: str, tokens: list[Token], strings: list[Quoted]) -> list[list[Token]]:
    groups: list[list[Token]] = []
    current: list[Token] = []
    for index, token in enumerate(tokens):
        last = current[-1] if current else None
        goes_on = last is None or (last.is_word and last.text[-1] != ".")  # as most words do
        if len(current) >= LONGEST or (not goes_on and _begins(text, tokens, index, current, strings)):
            groups.append(current)
            current = []
        current.append(token)
    if current:
        groups.append(current)
    return groups


def _begins(text: str, tokens: list[Token], index: int, current: list[Token], strings: list[Quoted]) -> bool:
    """Whether the token at `index` begins a new sentence after what was read of the current one."""
    token, last = tokens[index], current[-1]
    if token.text in CLOSERS or not (token.is_word or token.quote is not None or token.text in "[(@#-•—–―"):
        return False
    if last.quote is not None:
        return _begins_after_quote(text, tokens, index, strings[last.quote])
    before = next((t for t in reversed(current) if t.text not in CLOSERS), last)
    if before.is_word and before.text.endswith("."):
        return token.is_cap and token.low in FUNCTION
    if before.text not in TERMINAL:
        return False
    if before.text == "." and (token.start == last.end or (len(current) > 1 and _is_abbreviated(current, token))):
        return False
    return not (token.is_word and token.word[0].islower())


def _is_abbreviated(current: list[Token], following: Token) -> bool:
    """Whether the full stop that ends `current` belongs to its last word."""
    word = current[-2]
    if not word.is_word or word.end != current[-1].start:
        return False
    if len(word.word) == 1 and word.is_cap:
        is_nickname = following.quote is not None and following.end - following.start <= NICKNAME
        return is_nickname or (following.is_cap and following.low not in FUNCTION)
    if word.low in NAME_TITLES:
        return True
    if word.low in MONTHS:
        return following.word[:1].isdigit()
    return word.low in ABBREVIATIONS and word.is_cap and following.low not in FUNCTION


def _begins_after_quote(text: str, tokens: list[Token], index: int, string: Quoted) -> bool:
    """A string that ended a sentence is followed by a new one, unless its speaker is named first."""
    token = tokens[index]
    ending = text[max(string.inner, string.inner_end - 3) : string.inner_end].rstrip(" *_'’)")
    if not ending or ending[-1] not in TERMINAL:
        return token.quote is not None and not ending.endswith((",", ":", "—", "–", "-"))
    if token.quote is not None:
        return True
    if token.is_word and token.word[0].islower():
        return False
    if token.text in DASHES:
        return False
    return not names_speaker(tokens, index, is_loose=ending[-1] in "!?…")


def _is_aside(text: str, part: Paragraph, split: list[list[Token]]) -> bool:
    """A heading (short, no full stop, no quote) or a caption (ends in a credit in brackets)."""
    if not split:
        return True
    if _is_credit(split[0]):
        return True
    last = split[-1][-1]
    if last.text == ")" and "/" in text[max(part.start, part.end - 60) : part.end]:
        return True
    if not last.is_word or len(split) > 1 or len(split[0]) > HEADING:
        return False
    return not any(token.quote is not None or token.low in SPEAKING for token in split[0])


def _is_credit(group: list[Token]) -> bool:
    """ "Ben Abara / The Valley Press Anna Kovac in her mill": who took the picture opens its caption."""
    for at, token in enumerate(group[:5]):
        if token.text == "/":
            return 2 <= at < len(group) - 1 and group[at + 1].is_cap and token.start > group[at - 1].end
        if not token.is_cap:
            return False
    return False


HEADING = 14  # tokens at most
SPEAKING = listed("says say said")


SENTENTIAL = AUXILIARIES | PRONOUNS | ADVERBS  # which a headline leaves out, or writes with a capital


def _is_headline(group: list[Token]) -> bool:
    """Whether nearly all words that matter are capitalised."""
    words = small = 0
    for token in group:
        if token.quote is not None:
            return False
        if token.is_word and token.low not in FUNCTION:
            words += 1
            small += not token.is_cap
            if small > len(group) // 12:
                return False
    if group[-1].text == "." and any(token.low in SENTENTIAL and not token.is_cap for token in group):
        return False
    return words >= 4 and small <= words // 12
