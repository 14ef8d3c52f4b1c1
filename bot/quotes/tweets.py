"""Embedded tweets: who wrote one, told by the account's name alone, and where its words end."""

from __future__ import annotations

import re

from bot.quotes.cast import Cast, Entity
from bot.quotes.firstnames import first_name_gender, is_first_name
from bot.quotes.fold import fold
from bot.quotes.words import ORG_NOUNS, listed

PIECES = re.compile(r"[A-Z]{2,}(?![a-z])|[^\W\d_][^\W\d_A-Z]*")
LINKS = re.compile(r"(?:\s*(?:https?://|pic\.(?:twitter|x)\.com/)\S+)+\s*\Z")
SHORTEST = 5  # letters of a surname that tells somebody by itself
OFFICES = ORG_NOUNS | listed(
    "dept mfa mod gov govt pmo pm potus flotus vp whitehouse president premier minister ministry mayor governor senate "
    "spokesperson spokesman spokeswoman spox embassy hq official fire ambulance town parish nato un eu who unicef "
    "unhcr imf ecb fbi cia nhs met weather emergency press secretary"
)
MOST_WORDS = 3  # of a person's name in an account's


def author_of(handle: str, cast: Cast) -> Entity | None:
    """The person or office behind an account: one whom the story knows, or whom the account names."""
    pieces = PIECES.findall(handle.lstrip("@"))
    if not pieces:
        return None
    known = _known(fold("".join(pieces)), cast)
    if known is not None:
        return known
    if 2 <= len(pieces) <= MOST_WORDS and is_first_name(fold(pieces[0])) and all(p[0].isupper() for p in pieces):
        name, gender = tuple(pieces), first_name_gender(fold(pieces[0]))
        return cast.enter(Entity(name, True, gender, is_named=True))
    if any(fold(piece) in OFFICES for piece in pieces):
        return cast.enter(Entity((f"@{handle.lstrip('@')}",), is_person=False, is_named=True))
    return None


def _known(letters: str, cast: Cast) -> Entity | None:
    """The only one of the cast whose name stands in an account's."""
    everybody = cast.everybody()
    whole = [e for e in everybody if letters == _letters(e) or (len(e.name) > 1 and _letters(e) in letters)]
    found = whole or [
        e
        for e in everybody
        if e.is_person and len(e.last) >= SHORTEST and (letters.startswith(e.last) or letters.endswith(e.last))
    ]
    return found[0] if len(found) == 1 else None


def _letters(entity: Entity) -> str:
    return "".join(char for char in fold(entity.printed) if char.isalpha())


def words_end(text: str) -> int:
    """Where a tweet's words end and the links behind them begin."""
    links = LINKS.search(text)
    return len(text[: links.start() if links else len(text)].rstrip())
