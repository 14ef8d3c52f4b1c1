"""What stands behind a name before its sentence goes on: appositions, relative clauses, brackets."""

from __future__ import annotations

from typing import NamedTuple

from bot.quotes.cues import SPEECH
from bot.quotes.firstnames import is_first_name
from bot.quotes.fold import fold
from bot.quotes.roles import FEW, LONGEST, PLAIN_CUES, without_article
from bot.quotes.tokens import DASHES, Token
from bot.quotes.words import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    FUNCTION,
    PLURAL_PERSONS,
    PREPOSITIONS,
    is_person_noun,
    listed,
)

MOST_ASIDES = 4  # behind one name
FURTHEST = 40  # tokens of an apposition or a relative clause
BEING = listed(
    "is was has had been resigned quit appointed named elected re-elected reelected confirmed served serves installed "
    "reappointed sworn"
)
CHOSEN = listed("elected re-elected reelected appointed reappointed named")
TENURES = listed("term terms tenure stint spell time years days reign")
YEARS_OLD = "-year-old"
RELATIVES = listed("who whose which whom where")


class Behind(NamedTuple):
    text: str  # "" for a relative clause
    end: int


def behind(text: str, tokens: list[Token], at: int) -> Behind:
    """What stands behind a name before the sentence goes on: "(D-Md.), chair of the committee, who is 54,"."""
    role, end = "", at
    for _ in range(MOST_ASIDES):
        aside = _aside(text, tokens, end)
        if aside.end == end:
            break
        role, end = role or aside.text, aside.end
    return Behind(role, end)


def predicate(text: str, tokens: list[Token], at: int) -> str | None:
    """What a name is said to be: "has resigned as business secretary", "is the club's captain"."""
    while at < len(tokens) and tokens[at].low in BEING:
        at += 1
    if at < len(tokens) and tokens[at - 1].low in CHOSEN:
        head = _role_noun(tokens, at, min(len(tokens), at + FEW))
        return text[tokens[at].start : tokens[head].end] if head is not None else None
    if at + 1 >= len(tokens) or tokens[at].low not in ("as", "the") or tokens[at - 1].low not in BEING:
        return None
    begin = at + 1 if tokens[at].low == "the" or tokens[at + 1].low == "the" else at
    begin = begin if tokens[begin].low not in ("as", "the") else begin + 1
    head = _role_noun(tokens, begin, min(len(tokens), begin + FEW)) if begin < len(tokens) else None
    return text[tokens[begin].start : tokens[head].end] if head is not None else None


def tenure(text: str, tokens: list[Token], at: int) -> str | None:
    """What its holder's time is told to be: "Kovac's last term as town mayor"."""
    for index in range(at, min(at + FEW, len(tokens) - 2)):
        if tokens[index].low in TENURES and tokens[index + 1].low == "as":
            begin = index + 2 + (tokens[index + 2].low in DETERMINERS)
            head = _role_noun(tokens, begin, min(len(tokens), begin + FEW)) if begin < len(tokens) else None
            return text[tokens[begin].start : tokens[head].end] if head is not None else None
        if not tokens[index].is_word:
            return None
    return None


def age(tokens: list[Token], start: int, end: int) -> str:
    """The age that is given with a name: "Anna Kovac, 34," or "(34)", "34-year-old Anna Kovac"."""
    if start and tokens[start - 1].low.endswith(YEARS_OLD):
        return tokens[start - 1].low.removesuffix(YEARS_OLD)
    if end + 2 < len(tokens) and tokens[end].text in (",", "(") and tokens[end + 2].text in (",", ")", "."):
        return tokens[end + 1].word if tokens[end + 1].word.isdigit() and len(tokens[end + 1].word) < FEW else ""
    return ""


def _aside(text: str, tokens: list[Token], at: int) -> Behind:
    """One apposition, relative clause or bracket; the comma that closed the one before can open it."""
    if at >= len(tokens):
        return Behind("", at)
    if tokens[at].text in (",", "("):
        return _apposition(text, tokens, at) or relative(tokens, at)
    if at and tokens[at - 1].text == "," and tokens[at].low in RELATIVES:
        more = relative(tokens, at - 1)
        return more if more.end > at else Behind("", at)
    if at and tokens[at - 1].text == "," and tokens[at].low in DETERMINERS:
        return _apposition(text, tokens, at - 1) or Behind("", at)
    return relative(tokens, at)


def _apposition(text: str, tokens: list[Token], at: int) -> Behind | None:
    """ ", spokesman for the committee,", ", 54, a baker,", "(a baker)"."""
    closing = ")" if tokens[at].text == "(" else ","
    begin = at + 1
    if closing == "," and begin + 1 < len(tokens) and tokens[begin].word.isdigit() and tokens[begin + 1].text == ",":
        begin += 2
    end = _closing(tokens, begin, closing)
    head = _role_noun(tokens, begin, end)
    if head is None or _goes_on(tokens, head + 1, end):
        return None
    printed = text[tokens[begin].start : tokens[end - 1].end]
    is_closed = end < len(tokens) and tokens[end].text == closing
    return Behind(without_article(printed), end + 1 if is_closed else end)


def _goes_on(tokens: list[Token], at: int, end: int) -> bool:
    """Whether a verb of its own makes a clause of it: "In Oldbridge, the mayor also said ..."."""
    for index in range(at, end):
        low = tokens[index].low
        if low in RELATIVES or low == "that":
            return False
        if low in PLAIN_CUES or (low in AUXILIARIES and index - at < FEW and low != "'s"):
            return True
    return False


def _closing(tokens: list[Token], begin: int, closing: str) -> int:
    """The token that closes what was opened; else the end of the sentence or of what can be an aside."""
    for at in range(begin, min(begin + FURTHEST, len(tokens))):
        token = tokens[at]
        if token.text == closing or token.quote is not None or _is_stop(tokens, at) or token.text in DASHES - {"-"}:
            return at
    return min(begin + FURTHEST, len(tokens))


def _role_noun(tokens: list[Token], begin: int, end: int) -> int | None:
    """The noun that makes a stretch a role: before any verb or preposition."""
    for at in range(begin, min(end, begin + LONGEST)):
        token = tokens[at]
        if not token.is_word or token.low in PREPOSITIONS or token.low in AUXILIARIES or token.low in RELATIVES:
            return None
        if token.low in SPEECH and not is_person_noun(token.low):
            return None
        if (at > begin and token.low in CONJUNCTIONS) or token.low in ("he", "she", "they", "it", "i", "we"):
            return None
        if (is_person_noun(token.low) or token.low in PLURAL_PERSONS) and not token.is_possessive:
            if at + 1 < end and tokens[at].is_cap and is_first_name(fold(tokens[at + 1].word)):
                return None  # "X, Mayor Y and Z": another person
            return at
    return None


def relative(tokens: list[Token], at: int) -> Behind:
    """Passes over a relative clause or a short aside between commas, brackets or dashes, if one begins at `at`."""
    if at + 1 >= len(tokens) or (tokens[at].text not in (",", "(") and tokens[at].text not in DASHES):
        return Behind("", at)
    opening = tokens[at].text
    closing = {"(": ")"}.get(opening, opening)
    end = _closing_like(tokens, at + 1, closing)
    if end is None or end + 1 >= len(tokens):
        return Behind("", at)
    first = tokens[at + 1].low
    is_aside = opening != "," or first in RELATIVES or first in PREPOSITIONS or first.isdigit() or first.endswith("ing")
    is_aside = is_aside or first in DETERMINERS - {"this", "that", "these", "those"}
    is_aside = is_aside or (end - at <= 5 and first not in ("and", "but", "or"))
    return Behind("", end + 1) if is_aside else Behind("", at)


def _closing_like(tokens: list[Token], begin: int, closing: str) -> int | None:
    for at in range(begin, min(begin + FURTHEST, len(tokens))):
        token = tokens[at]
        if token.text == closing:
            following = tokens[at + 1] if at + 1 < len(tokens) else None
            if closing != "," or following is None or not following.is_cap or following.low in FUNCTION:
                return at
        if token.quote is not None or _is_stop(tokens, at):
            return None
    return None


def _is_stop(tokens: list[Token], at: int) -> bool:
    """A mark that ends a clause; a full stop inside a sentence belongs to an abbreviation."""
    text = tokens[at].text
    return text in ";:!?" if text != "." else at + 1 == len(tokens)
