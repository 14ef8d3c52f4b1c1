"""The words around a name that say who it is: "the department's spokesperson John Kirby", "X, spokesman for Y, ..."."""

from __future__ import annotations

from typing import NamedTuple

from bot.quotes.capitals import Chain, is_capital
from bot.quotes.cues import NEAR_QUOTES
from bot.quotes.firstnames import is_first_name
from bot.quotes.fold import fold
from bot.quotes.tokens import Token
from bot.quotes.words import (
    ADJECTIVAL,
    DETERMINERS,
    FUNCTION,
    INDEFINITE,
    NAME_TITLES,
    NAMES_TOO,
    ORG_NOUNS,
    PLURAL_PERSONS,
    TIMES,
    is_person_noun,
    listed,
)

SOMEBODY = "somebody"  # who wrote a document "by a spokesman"
LONGEST = 9  # words of a role before a name
FEW = 4  # of a role that no list has
PLAIN_CUES = listed("said says added told adds tells wrote writes asked asks warned explained")
POSSESSIVE = listed("his her its their our my your")
MODIFIERS = listed(
    "acting managing founding retired elected appointed leading presiding sitting outgoing incoming red united"
)
READ = listed("reviewed obtained seen read cited quoted shared received viewed examined verified")  # by others
ATTACHING = listed("of for with at from in to on")
PASTS = listed(  # verbs that end in nothing that tells them
    "met saw left won beat lost took held led ran came became got kept sent paid built fought brought bought caught "
    "drew drove fell flew grew let quit rode rose sat sold set sought spent stood struck threw wore"
)


class Before(NamedTuple):
    text: str
    start: int
    owner: str


def before(text: str, tokens: list[Token], chain: Chain) -> Before | None:
    """The role in front of a name: "press secretary" in "Putin's press secretary, Dmitry Peskov"."""
    at = chain.start - 1
    has_comma = at > 0 and tokens[at].text == ","
    if has_comma:
        at -= 1
    if at < 0 or not tokens[at].is_word or tokens[at].is_possessive:
        return None
    noun = _head(tokens, at)
    if noun is None and _is_role_noun(tokens[at]):
        noun = at
    if noun is None:
        return None if has_comma else _unlisted(text, tokens, chain)
    start, owner = phrase_start(text, tokens, noun)
    if has_comma and not (owner or tokens[start].low in DETERMINERS):
        return None
    printed = text[tokens[start].start : tokens[at].end]
    if chain.title_role:
        printed = f"{printed} {chain.title_role}"
    is_unnamed = owner.lower().startswith("the ") and owner[4:].islower()  # "the authority's chief engineer"
    return Before(printed if is_unnamed else without_article(printed), start, owner)


def _head(tokens: list[Token], at: int) -> int | None:
    """The noun of "chief of staff", "head of the drugs squad", whose last word is at `at`."""
    while at > 1 and (_is_plain(tokens[at]) or tokens[at].low == "the"):
        if tokens[at - 1].low == "of":
            return at - 2 if _is_role_noun(tokens[at - 2]) else None
        at -= 1
    return None


def _unlisted(text: str, tokens: list[Token], chain: Chain) -> Before | None:
    """A role of words that no list has: "harbour master" in `"...," harbour master X said`.

    It stands between a place where a phrase begins and a person's name.
    """
    if chain.is_person is False or len(chain.name) < 2 or chain.title_role:
        return None
    speaks = chain.end < len(tokens) and tokens[chain.end].low in PLAIN_CUES
    if chain.is_person is None and not speaks:
        return None
    start = chain.start
    while start > 0 and chain.start - start < FEW and _is_plain(tokens[start - 1]):
        start -= 1
    if start == 1 and tokens[0].is_cap and _is_plain_capital(tokens[0]):
        start = 0
    if start == chain.start or (start == chain.start - 1 and start == 0):
        return None
    first = tokens[start - 1] if start else None
    owner = ""
    if first is not None and first.is_word:
        if first.is_possessive or first.low in DETERMINERS:
            start, owner = phrase_start(text, tokens, start)
        elif first.low not in PLAIN_CUES:
            return None
    elif first is not None and first.quote is None and first.text != ",":
        return None
    return Before(without_article(text[tokens[start].start : tokens[chain.start - 1].end]), start, owner)


def _is_plain(word: Token) -> bool:
    """Whether a word in lower case can be part of what somebody is called."""
    low = word.low
    if not word.is_word or word.is_cap or word.is_possessive or low in FUNCTION or low in TIMES or low in NEAR_QUOTES:
        return False
    return not (low in PASTS or low.endswith(("ed", "ing", "ly")) or any(char.isdigit() for char in low))


def _is_plain_capital(word: Token) -> bool:
    low = word.low
    return not (low in FUNCTION or low in TIMES or low in NEAR_QUOTES or is_first_name(fold(word.word)))


def _is_role_noun(token: Token) -> bool:
    low = token.low
    return (
        not token.is_cap
        and low != "accused"
        and (is_person_noun(low) or is_person_noun(low.split("-")[-1]) or low in PLURAL_PERSONS)
    )


def without_article(role: str) -> str:
    for article in ("the ", "a ", "an "):
        if role.lower().startswith(article):
            return role[len(article) :]
    return role


def phrase_start(text: str, tokens: list[Token], at: int) -> tuple[int, str]:
    """Where the noun phrase that ends with `tokens[at]` begins, and whose it is."""
    start, owner = at, ""
    while start > 0 and at - start < LONGEST:
        word = tokens[start - 1]
        if tokens[start].opens_line:
            break
        if not word.is_word:
            if word.text == "&":
                start -= 1
                continue
            if word.text != "." or start < 2 or not tokens[start - 2].is_cap or tokens[start - 2].end != word.start:
                break
        elif word.low in POSSESSIVE:
            return start - 1, word.low
        elif word.low == "the" and start >= 3 and tokens[start - 2].low == "of" and tokens[start - 3].low in ORG_NOUNS:
            start -= 2  # "University of the Fraser Valley scientist"
        elif word.low in DETERMINERS:
            return start - 1, owner
        elif word.is_possessive:
            begin = _owner_start(tokens, start - 1)
            return begin, text[tokens[begin].start : word.start + len(word.word)]
        elif not _modifies(word) and not _is_participle(tokens, start - 1):
            break
        start -= 1
    return start, owner


def _is_participle(tokens: list[Token], at: int) -> bool:
    """ "an emailed statement", "his sporting director": a participle behind an article or a possessive."""
    if at == 0 or not tokens[at].low.endswith(("ed", "ing")):
        return False
    before = tokens[at - 1]
    return before.low in ("a", "an", "the") or before.low in POSSESSIVE or before.is_possessive


def article_start(text: str, tokens: list[Token], start: int) -> tuple[int, str]:
    """Where a name begins with the words that belong to it: "the RCMP", "Vancouver's Bo Horvat"."""
    if start == 0:
        return start, ""
    before = tokens[start - 1]
    if before.low.endswith(ADJECTIVAL):
        return article_start(text, tokens, start - 1)
    if before.low == "the":
        return start - 1, ""
    if before.is_possessive and before.is_cap:
        begin = _owner_start(tokens, start - 1)
        return begin, text[tokens[begin].start : before.start + len(before.word)]
    return start, ""


def _owner_start(tokens: list[Token], at: int) -> int:
    start = at
    while start > 0 and at - start < LONGEST:
        word = tokens[start - 1]
        if word.text == "." and start > 1 and tokens[start - 2].low in NAME_TITLES:
            start -= 2
            continue
        if not word.is_word or (word.low in FUNCTION and word.low not in DETERMINERS):
            break
        if word.low in DETERMINERS:
            return start - 1
        if not is_capital(word) and not _modifies(word):
            break
        start -= 1
    return start


def _modifies(word: Token) -> bool:
    """Whether a word can stand between an article and a noun."""
    if word.is_cap:
        return (word.low not in FUNCTION or word.low in NAMES_TOO) and word.low not in TIMES
    low = word.low
    if low in FUNCTION or low in TIMES or _is_verb(low):
        return False
    return low in MODIFIERS or not low.endswith(("ed", "ing", "ly"))


def _is_verb(low: str) -> bool:
    """Whether a word is a cue in a form that is no noun: "said", not "press"."""
    if low in PASTS:
        return True
    base = NEAR_QUOTES.get(low)
    return base is not None and (low != base or base in ("say", "tell", "think", "believe"))


def attached(text: str, tokens: list[Token], at: int, covered: set[int]) -> tuple[int, str]:
    """The body behind a noun ("for the ministry", "of Ukraine"), and where it ends."""
    if at >= len(tokens) or tokens[at].low not in ATTACHING:
        return at, ""
    begin = end = at + 1
    while end < len(tokens) and end - at < LONGEST:
        token = tokens[end]
        if end not in covered and (
            not token.is_word or (token.low in FUNCTION and token.low not in ("the", "a", "an", "of", "for"))
        ):
            break
        if not token.is_cap and (_is_verb(token.low) or token.low.endswith("ed")):
            break
        end += 1
    if end == begin:
        return at, ""
    return end, text[tokens[begin].start : tokens[end - 1].end]


def written(text: str, tokens: list[Token], at: int) -> tuple[int, str]:
    """Who wrote a document ("issued by the ministry", "sent out by Kovac"; `SOMEBODY`), and where that ends."""
    for by in range(at, min(at + FEW, len(tokens) - 1)):
        if tokens[by].low == "by":
            if tokens[by + 1].low in INDEFINITE:
                return at, SOMEBODY
            begin = by + 1 + (tokens[by + 1].low == "the")
            end = begin
            while end < len(tokens) and end - begin < LONGEST and tokens[end].is_cap:
                end += 1
            return (end, text[tokens[begin].start : tokens[end - 1].end]) if end > begin else (at, "")
        if not tokens[by].is_word or tokens[by].is_cap or tokens[by].low in READ:
            break
    return at, ""
