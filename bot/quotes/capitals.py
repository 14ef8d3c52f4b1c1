"""Chains of capitalised words, and what they are: a person's name, a body's, a title, a place.

"Russian Foreign Minister Sergey Lavrov" is one chain: its title is "Russian Foreign Minister", its name the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.quotes.cues import NEAR_QUOTES
from bot.quotes.firstnames import is_first_name
from bot.quotes.fold import fold
from bot.quotes.titles import first_gender, is_courtesy, is_office, is_person, name_start_in, title_gender
from bot.quotes.tokens import DASHES, Token
from bot.quotes.words import (
    ADJECTIVAL,
    AUXILIARIES,
    DAYS,
    DETERMINERS,
    FUNCTION,
    MONTHS,
    NAME_TITLES,
    NAMES_TOO,
    ORG_NOUNS,
    PARTICLES,
    PEOPLES,
    PERSON_NOUNS,
    PLACES,
    PLURAL_PERSONS,
    SUFFIXES,
    Gender,
    listed,
)

LONGEST = 12
SURNAMES_TOO = frozenset(("bank", "church", "court", "house", "post", "school", "state"))
OPENING_PARTICLES = listed("van von de der bin ibn di da del della dos du")
COMPASS = listed("north south east west new northern southern eastern western central upper lower")
SAYING = listed("said says told tells added wrote writes tweeted replied asked insisted warned")
MEMBERS = listed("people women men children king queen lloyd veteran farmer worker teacher master")
NAMES_IN_ING = listed(
    "downing boeing beijing fleming manning browning harding golding reading sterling darling keating spalding wyoming "
    "dowling irving kipling pickering"
)
STREETS = listed("street road avenue square hall park lane")
BEFORE_MONTHS = listed("of in since until last this next early late mid during through")
NICKNAME = 14  # characters at most, marks included
FORUMS = listed("forum executive network alliance initiative centre project")
ARABIC = ("al-", "el-", "as-", "ash-", "an-", "ad-", "ar-", "at-", "ul-")


@dataclass(slots=True)
class Chain:
    """`tokens[start:end]`; `name` is without title. `is_person` is None where nothing tells."""

    start: int
    end: int
    name: tuple[str, ...]
    title_role: str = ""
    gender: Gender = ""
    is_person: bool | None = None
    is_possessive: bool = False
    is_weak: bool = False

    @property
    def is_place(self) -> bool:
        low = [word.lower() for word in self.name]
        return low[-1] in PLACES and all(word in PLACES or word in COMPASS for word in low)


def is_capital(token: Token) -> bool:
    """Whether a word is written as a name is: also "al-Muslat", "d'Estaing", "iPhone"."""
    if not token.is_word:
        return False
    if token.is_cap:
        return True
    word = token.word
    return (word.startswith(ARABIC) and word.split("-")[1][:1].isupper()) or (
        token.low[:2] in ("d'", "l'") and word[2:3].isupper()
    )


def chains(tokens: list[Token], *, is_headline: bool) -> list[Chain]:
    found = []
    end = 0
    for at in [at for at, token in enumerate(tokens) if token.is_cap or (token.is_word and _opens_small(token.low))]:
        if at < end:
            continue
        if tokens[at].low == "number" and at + 1 < len(tokens) and tokens[at + 1].text == "10":
            end = at + 2
            found.append(Chain(at, end, ("Number", "10"), is_person=False))  # where a prime minister works
            continue
        if not _may_begin(tokens, at):
            continue
        end = _joined_body(tokens, at, _end(tokens, at))
        if (
            is_compatriot(tokens, end - 1)
            and at
            and tokens[at - 1].low in DETERMINERS
            and not _is_called_the(tokens, at)
        ):
            continue
        found += _headline_names(tokens, at, end) if is_headline else _read(tokens, at, end)
    return found


@lru_cache(maxsize=2048)
def _opens_small(low: str) -> bool:
    """Whether a name can begin with a word in lower case: "al-Muslat", "van der Heyl"."""
    return low in OPENING_PARTICLES or "-" in low or "'" in low


def is_compatriot(tokens: list[Token], at: int) -> bool:
    """ "the Spaniard said": somebody called by country or party."""
    if tokens[at].low not in PEOPLES or not tokens[at].is_cap or tokens[at].is_possessive:
        return False
    if at + 1 == len(tokens):
        return True
    following = tokens[at + 1]
    if not following.is_word:
        return following.quote is None and following.text != "-"
    return following.low in NEAR_QUOTES or following.low in AUXILIARIES or following.low == "who"


def _may_begin(tokens: list[Token], at: int) -> bool:
    token = tokens[at]
    if token.low in OPENING_PARTICLES and not token.is_cap:
        return _opens_surname(tokens, at)
    if (
        not is_capital(token)
        or (token.low in DAYS and not _is_paper(tokens, at))
        or _is_month(token.low)
        or _is_date(tokens, at)
    ):
        return False
    if _is_time(tokens, at):
        return False
    if token.low in FUNCTION or token.low.split("'")[0] in FUNCTION:
        return token.low in NAMES_TOO and _is_named_so(tokens, at)
    if token.low.endswith(ADJECTIVAL):
        return False
    if at == 0 and (token.low.endswith("ly") or _is_dateline(tokens)) and not is_first_name(fold(token.word)):
        return False
    if at == 0 and _opens_participle(tokens):
        return False
    if len(token.word) == 1 and at and tokens[at - 1].text == "." and tokens[at - 1].end == token.start:
        return False  # the end of "D-N.Y."
    if token.low[:2] in ("d-", "r-", "i-") and at and tokens[at - 1].text in "(,":
        return False  # "(D-Mo.)": a party and a state
    return not (at and tokens[at - 1].text in "#@" and tokens[at - 1].end == token.start)


def _is_paper(tokens: list[Token], at: int) -> bool:
    """ "The Sunday Herald": a day in a paper's name."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    return (
        at > 0
        and tokens[at - 1].low == "the"
        and following is not None
        and following.is_cap
        and not (following.low in DAYS or is_office(following.low))
    )


def _opens_participle(tokens: list[Token]) -> bool:
    """ "Painting Kovac as a threat, ...": a verb's capital at the start of a sentence, not a first name's."""
    low = tokens[0].low
    if not low.endswith("ing") or len(low) < 6 or len(tokens) < 2 or not tokens[1].is_cap or is_office(low):
        return False
    return low not in NAMES_IN_ING and not is_first_name(low) and tokens[1].low not in ORG_NOUNS | STREETS


def _is_named_so(tokens: list[Token], at: int) -> bool:
    """ "May said", "Will Brandt said": a function word that is somebody's name, as the verb behind it shows."""
    end = at + 1
    if at + 2 < len(tokens) and tokens[end].is_cap and is_first_name(tokens[at].low):
        end += 1
    return end < len(tokens) and tokens[end].low in SAYING


def _opens_surname(tokens: list[Token], at: int) -> bool:
    """ "van der Heyl has said": a surname whose particles are written small."""
    if at and (tokens[at - 1].low in DETERMINERS or is_capital(tokens[at - 1])):
        return False
    end = at + 1
    while end < len(tokens) and end - at < 3 and tokens[end].low in PARTICLES and not tokens[end].is_cap:
        end += 1
    return end < len(tokens) and is_capital(tokens[end]) and tokens[end].low not in FUNCTION | PLACES


def _is_date(tokens: list[Token], at: int) -> bool:
    """ "Oct. 1": a month, not a name."""
    following = (token.word for token in tokens[at + 1 : at + 3] if token.is_word)
    return tokens[at].low in MONTHS and next(following, "")[:1].isdigit()


def _is_dateline(tokens: list[Token]) -> bool:
    """ "PHILADELPHIA (AP) — ...": the place that a report comes from."""
    first = tokens[0].word
    return first.isupper() and len(first) > 3 and any(token.text in DASHES for token in tokens[1:12])


def _is_month(low: str) -> bool:
    """Whether a word is a month; short forms and first names are left out."""
    return low in MONTHS and len(low) > 4 and low not in ("april",)


def _is_time(tokens: list[Token], at: int) -> bool:
    """ "the end of June", "last April": a month that is a first name too."""
    return at > 0 and tokens[at].low in MONTHS and tokens[at - 1].low in BEFORE_MONTHS


def _end(tokens: list[Token], start: int) -> int:
    """Where the chain that begins at `start` ends."""
    at = start
    while at < len(tokens) and at - start < LONGEST:
        token = tokens[at]
        if at + 1 == len(tokens):
            return at + 1
        if token.is_possessive:
            step = _owned(tokens, at)
            if not step:
                return at + 1
            at += step
            continue
        step = _step(tokens, at) or _links(tokens, start, at)
        if not step:
            return at + 1
        at += step
    return min(at + 1, len(tokens))


def _joined_body(tokens: list[Token], start: int, end: int) -> int:
    """Where "the Hostages and Families Forum" ends: one body, though an "and" stands in its name."""
    if start == 0 or tokens[start - 1].low != "the" or end + 1 >= len(tokens) or tokens[end].low != "and":
        return end
    first = tokens[start:end]
    if len(first) > 2 or any(t.low in ORG_NOUNS or t.low in PLACES or t.is_possessive for t in first):
        return end
    if not is_capital(tokens[end + 1]) or is_first_name(fold(first[0].word)):
        return end
    last = _end(tokens, end + 1)
    return last if last > end + 2 and tokens[last - 1].low in ORG_NOUNS | FORUMS else end


def _step(tokens: list[Token], at: int) -> int:
    """How far the next word of a name is: more than 1 behind a stop, an "&" or particles; 0 if there is none."""
    following = tokens[at + 1]
    if following.opens_line:
        return 0
    if is_capital(following):
        if following.low in FUNCTION:
            is_initial = len(following.word) == 1 and at + 2 < len(tokens) and tokens[at + 2].text == "."
            return int(following.low in NAMES_TOO or is_initial)
        return int(following.low not in DAYS and not _is_month(following.low))
    step = 2
    if _is_nickname(tokens, at + 1):
        return 2
    if following.text == ".":
        if not (len(tokens[at].word) == 1 or tokens[at].low in NAME_TITLES) or following.start != tokens[at].end:
            return 0
        step += at + step < len(tokens) and _is_nickname(tokens, at + step)
    elif following.low in PARTICLES:
        while at + step < len(tokens) and tokens[at + step].low in PARTICLES and step < 4:
            step += 1
    elif following.text != "&":
        return 0
    reached = tokens[at + step] if at + step < len(tokens) else None
    return step if reached is not None and is_capital(reached) and reached.low not in FUNCTION else 0


def _owned(tokens: list[Token], at: int) -> int:
    """How far the noun is in "Workers' Union", "Women's Institute": a body called after its members."""
    step = 1 if tokens[at].word != tokens[at].text else 2
    if step == 1 and tokens[at].low not in MEMBERS:
        return 0
    if at + step >= len(tokens) or (step == 2 and tokens[at].low in PLACES):
        return 0
    reached = tokens[at + step]
    return step if reached.is_cap and reached.low in ORG_NOUNS else 0


def _is_nickname(tokens: list[Token], at: int) -> bool:
    """ "Marcia "Cia" Price"."""
    token = tokens[at]
    if token.quote is None or token.end - token.start > NICKNAME or at + 1 >= len(tokens):
        return False
    return (
        is_capital(tokens[at + 1])
        and tokens[at + 1].low not in FUNCTION
        and (tokens[at - 1].text == "." or is_first_name(fold(tokens[at - 1].word)))
    )


def _links(tokens: list[Token], start: int, at: int) -> int:
    """How many tokens to pass in "Ministry of Defence", "Centre for the National Interest"; 0 if it is not one."""
    if at + 2 >= len(tokens) or tokens[at + 1].low not in ("of", "for"):
        return 0
    if not is_office(tokens[at].low) and not any(token.low in ORG_NOUNS for token in tokens[start : at + 1]):
        return 0
    if is_office(tokens[at].low) and tokens[at].low not in (
        "secretary",
        "minister",
        "chancellor",
        "president",
        "chief",
        "director",
        "head",
        "leader",
    ):
        return 0
    step = 3 if tokens[at + 2].low == "the" else 2
    reached = at + step
    return step if reached < len(tokens) and is_capital(tokens[reached]) else 0


def _headline_names(tokens: list[Token], start: int, end: int) -> list[Chain]:
    """Names in a line where every word is capitalised: a first name and the word behind it."""
    found = []
    at = start
    while at + 1 < end:
        token, following = tokens[at], tokens[at + 1]
        is_name = (
            is_first_name(fold(token.word))
            and following.is_word
            and not _is_common(following.low)
            and not token.is_possessive
        )
        if is_name:
            found.append(_chain(tokens, at, at + 2, at, at + 2))
            found[-1].is_person = True
        at += 2 if is_name else 1
    return found


def _is_common(low: str) -> bool:
    return low in FUNCTION or low in ORG_NOUNS or low in PLACES or low in PERSON_NOUNS


def _read(tokens: list[Token], start: int, end: int) -> list[Chain]:
    """One chain, with its title told from its name."""
    if end == start + 1:
        return _read_word(tokens, start)
    words = tokens[start:end]
    named = len(words) == 2 and is_first_name(fold(words[0].word)) and words[0].low not in PLACES  # "Dean Baker"
    if not named and all(not word.is_word or is_office(word.low) or word.low in PLACES for word in words):
        return []  # "Prime Minister"
    name_start = name_start_in(words) + start
    chain = _chain(tokens, start, end, name_start, end)
    chain.is_person = is_person(tokens, start, name_start, end)
    if chain.is_person is False:
        chain.name = _words(words)
        chain.title_role = chain.gender = ""
    if not named and chain.is_person is not False and all(is_office(word.lower()) for word in chain.name):
        return []
    return [chain]


def _read_word(tokens: list[Token], at: int) -> list[Chain]:
    """ "Russia", "Baker", "Kovac": a place or a surname stands alone; a title is left to the nominals."""
    token = tokens[at]
    chain = Chain(at, at + 1, (token.word,), is_possessive=token.is_possessive)
    if token.low in PLACES or _is_called_the(tokens, at):
        chain.is_person = False
    elif is_office(token.low):
        if at == 0 or token.low in NAME_TITLES:
            return []
        chain.is_weak = True
    elif at == 0 and token.low in PLURAL_PERSONS and token.low not in ORG_NOUNS:
        return []  # "Rescuers"
    else:
        chain.is_person = None if _is_surname(token.word) else False
        chain.is_weak = at == 0 and chain.is_person is None
    return [chain]


def _is_called_the(tokens: list[Token], at: int) -> bool:
    """ "said The Independent": a body whose article is written large in the middle of a sentence."""
    if at < 2 or tokens[at - 1].text != "The" or tokens[at].low in NAME_TITLES:
        return False
    return tokens[at - 2].is_word or tokens[at - 2].text == ","


@lru_cache(maxsize=2048)
def _is_surname(word: str) -> bool:
    """Whether a single capitalised word can be somebody's: no initials, no number, nothing that bodies are called."""
    low = word.lower()
    if low in ORG_NOUNS or low in PLURAL_PERSONS or any(char.isdigit() for char in low):
        return False
    return len(word) == 1 or not word.isupper()


def _words(tokens: list[Token]) -> tuple[str, ...]:
    """The words of a name: no stops, but its "&", as "B&Q" or "Abara & Sons" is printed."""
    words: list[str] = []
    end = -1
    for token in tokens:
        if token.text == "&" or (words and words[-1].endswith("&")):
            if token.start == end:
                words[-1] += token.word or token.text
            else:
                words.append(token.word or token.text)
        elif token.is_word:
            words.append(token.word)
        end = token.end
    return tuple(words)


def _chain(tokens: list[Token], start: int, end: int, name_start: int, name_end: int) -> Chain:
    name = _words(tokens[name_start:name_end])
    while len(name) > 1 and name[-1].lower() in SUFFIXES:
        name = name[:-1]
    title = [token for token in tokens[start:name_start] if token.is_word]
    role = " ".join(token.text for token in title)
    return Chain(
        start,
        end,
        name,
        title_role=role if any(is_office(token.low) for token in title) and not is_courtesy(title) else "",
        gender=title_gender(title) or first_gender(name),
        is_possessive=tokens[end - 1].is_possessive,
    )
