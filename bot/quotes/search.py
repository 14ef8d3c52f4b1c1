"""Finding a speaker by what a reader types: any part of a name, without regard to case, accents, small misspellings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.quotes.fold import fold, latin, sound
from bot.quotes.roll import stands_for
from bot.quotes.words import listed
from storage.models import Speaker

GOOD = 82  # of 100: a word with one letter wrong in six
NEAREST = 50
OFFERED = 5
LONGEST_NAME = 6  # words; a longer query is no name, and trying all its beginnings would take for ever
BREAKS = re.compile(r"[^\w]+")
ARTICLES = listed("al el the of for and")


@dataclass(frozen=True)
class Matches:
    """Positions in the speakers asked about, best first; `nearest` is offered where nothing was found."""

    found: tuple[int, ...] = ()
    nearest: tuple[int, ...] = ()


def matching(query: str, speakers: Sequence[Speaker]) -> Matches:
    """The speakers whom a query can mean."""
    words = _words(query)
    if not words:
        return Matches()
    standing = [at for at, into in enumerate(stands_for(speakers)) if at == into]
    scored = [(max((_score(words, form) for form in _forms(speakers[at])), default=0.0), at) for at in standing]
    best = sorted(scored, key=lambda pair: (-pair[0], pair[1]))
    found = [(score, at) for score, at in best if score >= GOOD]
    if found:
        exact = [at for score, at in found if score >= 99]
        return Matches(tuple(exact or [at for _, at in found]))
    return Matches((), tuple(at for score, at in best[:OFFERED] if score >= NEAREST))


def split_query(query: str, speakers: Sequence[Speaker]) -> tuple[str, str]:
    """The part of a query that names a speaker, and the words that the quote must hold: `lavrov geneva`.

    The name is the longest beginning of the query that means somebody, else the longest end; without either it is all.
    """
    words = query.split()
    for count in range(min(len(words), LONGEST_NAME), 0, -1):
        if matching(" ".join(words[:count]), speakers).found:
            return " ".join(words[:count]), " ".join(words[count:])
    for start in range(max(1, len(words) - LONGEST_NAME), len(words)):
        if matching(" ".join(words[start:]), speakers).found:
            return " ".join(words[start:]), " ".join(words[:start])
    return query.strip(), ""


def holds(text: str, words: str) -> bool:
    """Whether every one of `words` begins a word of `text`, without regard to case and accents."""
    found = _words(text)
    return all(any(one.startswith(word) for one in found) for word in _words(words))


def _forms(speaker: Speaker) -> tuple[str, ...]:
    return (speaker.name, *speaker.aliases)


def _words(text: str) -> list[str]:
    return BREAKS.sub(" ", fold(latin(text))).split()


def _score(query: list[str], form: str) -> float:
    """How well every word of a query is found in a name, 0 to 100."""
    words = _words(form)
    if not words:
        return 0.0
    asked = [word for word in query if word not in ARTICLES] or query
    joined = "".join(words)
    scores = [max(_word_score(word, one) for one in words) for word in asked]
    if len("".join(query)) >= 4 and "".join(query) in joined:
        return 99.0
    return sum(scores) / len(scores) if min(scores) >= NEAREST else min(scores)


def _word_score(asked: str, word: str) -> float:
    if asked == word:
        return 100.0
    if len(asked) >= 3 and sound(asked) == sound(word):
        return 99.0
    if word.startswith(asked) and len(asked) >= 2:
        return 99.0
    if len(asked) >= 3 and asked in word:
        return 95.0
    if abs(len(asked) - len(word)) > 3:
        return 0.0
    return fuzz.ratio(asked, word) - (8 if asked[0] != word[0] else 0)
