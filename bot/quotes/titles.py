"""Where a title ends and a name begins in a chain of capitalised words, and what the chain stands for."""

from __future__ import annotations

from bot.quotes.firstnames import first_name_gender, is_first_name
from bot.quotes.fold import fold
from bot.quotes.tokens import Token
from bot.quotes.words import (
    FEMALE_TITLES,
    MALE_TITLES,
    NAME_TITLES,
    ORG_NOUNS,
    PARTICLES,
    PERSON_NOUNS,
    PLACES,
    PLURAL_PERSONS,
    SUFFIXES,
    Gender,
    noun_gender,
)


def is_office(low: str) -> bool:
    return low in NAME_TITLES or low in PERSON_NOUNS or low.split("-", maxsplit=1)[0] in PERSON_NOUNS


def first_gender(name: tuple[str, ...]) -> Gender:
    return first_name_gender(fold(name[0])) if len(name) > 1 and name[0][0].isupper() else ""


def is_courtesy(title: list[Token]) -> bool:
    return all(token.low in ("mr", "mrs", "ms", "miss", "dr", "sir", "lady", "lord", "dame", "mx") for token in title)


def title_gender(title: list[Token]) -> Gender:
    for token in title:
        if token.low in MALE_TITLES:
            return "m"
        if token.low in FEMALE_TITLES:
            return "f"
    return next((gender for token in title if (gender := noun_gender(token.low))), "")


def name_start_in(words: list[Token]) -> int:
    """Where the name begins behind titles and demonyms."""
    if behind := _behind_office(words):
        return behind
    last = len(words) - 1
    while last > 0 and words[last].low in SUFFIXES:
        last -= 1
    for index in range(last - 1, -1, -1):
        word = words[index]
        if not word.is_word or not is_office(word.low):
            continue
        following = next((w for w in words[index + 1 :] if w.is_word), None)
        if following is None or following.low in ORG_NOUNS or following.low == "of":
            continue
        if index == 0 or not is_first_name(fold(words[0].word)) or is_first_name(fold(following.word)):
            if index == 0 and is_first_name(fold(word.word)) and word.low not in ("major", "dean", "king", "judge"):
                continue
            after = index + 1
            return after + (words[after].text == ".")
    return _behind_prefix(words)


def _behind_office(words: list[Token]) -> int:
    """ "Secretary of State Jon Husted": a first name behind an office with "of"."""
    if not any(word.low == "of" for word in words) or not any(is_office(word.low) for word in words[:3]):
        return 0
    firsts = (at for at in range(3, len(words) - 1) if words[at].is_word and is_first_name(fold(words[at].word)))
    return next(firsts, 0)


def _behind_prefix(words: list[Token]) -> int:
    """ "Canadian Donovan Bailey", "MSNBC's" and the like: a people, party or acronym before a first name."""
    if is_first_name(fold(words[0].word)) and not _is_prefix(words[0]):
        return 0
    for at in range(1, len(words) - 1):
        if words[at].is_word and is_first_name(fold(words[at].word)):
            particles = any(word.low in PARTICLES for word in words[:at])
            return at if _is_prefix(words[at - 1]) or (len(words) > 3 and not particles) else 0
    return 0


def _is_prefix(word: Token) -> bool:
    return word.low in PLACES or word.low in ORG_NOUNS or word.word.isupper() or word.low in PLURAL_PERSONS


def is_person(tokens: list[Token], start: int, name_start: int, end: int) -> bool | None:
    name = [token for token in tokens[name_start:end] if token.is_word]
    if name_start - start >= 3 and any(token.low == "of" for token in tokens[start:name_start]):
        return True
    low = [token.low for token in name]
    first = fold(name[0].word) if name else ""
    known_first = len(name) > 1 and is_first_name(first)
    if any(word in ("of", "for", "and") for word in low):
        return False
    if not known_first and any(word in ORG_NOUNS or word in PLURAL_PERSONS for word in low):
        return (name_start > start and len(name) == 1 and low[0] not in ORG_NOUNS) or False
    if known_first:
        return low[-1] not in ORG_NOUNS or low[-1] in (
            "state",
            "post",
            "house",
            "bank",
            "church",
            "school",
            "court",
            "cook",
        )
    if name_start > start and any(is_office(token.low) for token in tokens[start:name_start]):
        return True
    if any(char.isdigit() for word in low for char in word):
        return False
    if all(word in PLACES for word in low) or (len(name) == 1 and name[0].word.isupper() and len(first) > 1):
        return False
    return None
