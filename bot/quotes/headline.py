"""What an entry's title tells before its text is read: "Minister: talks have failed", "Kovac on the bridge".

Short entries lean on their title: a quote that nobody is named for in the text is the one's whom the title lets speak,
and "he" is the only person it names.
"""

from __future__ import annotations

from bot.quotes.cast import Cast, Entity
from bot.quotes.cues import SPEECH, is_cue
from bot.quotes.fold import fold
from bot.quotes.memory import Memory
from bot.quotes.subjects import Clause
from bot.quotes.tokens import Token

BEFORE = -1  # the sentence and the paragraph of a title, in the count of the text


def announce(memory: Memory, titles: list[Clause]) -> None:
    """Puts the people of a title into mind."""
    memory.titled = frozenset(token.low for clause in titles for token in clause.tokens)
    speaking = next((found for clause in titles if (found := _speaking(memory.cast, clause))), None)
    named = {entity: None for clause in titles for entity in _named(memory.cast, clause)}
    for entity in named:
        memory.remember(entity, BEFORE)
    only = speaking or (next(iter(named)) if len(named) == 1 else None)
    if only is not None:
        memory.remember(only, BEFORE)
        memory.topic = only
    if speaking is not None:
        memory.now = BEFORE
        memory.hear(speaking, BEFORE)


def _speaking(cast: Cast, clause: Clause) -> Entity | None:
    """Whom a title lets speak: the name before its colon or its verb of speech."""
    for token, following in zip(clause.tokens, clause.tokens[1:], strict=False):
        known = _known(cast, token)
        if known is not None and (following.text == ":" or (following.low in SPEECH and not token.is_possessive)):
            return known
    for mention in clause.mentions:
        if mention.kind != "name" or mention.is_person is False or mention.is_possessive:
            continue
        if mention.is_weak and cast.find(mention, now=BEFORE) is None:
            continue  # "Exclusive: ..."
        behind = clause.tokens[mention.end : mention.end + 1]
        if behind and (behind[0].text == ":" or is_cue(behind[0], near=False)):
            return cast.named(mention, now=BEFORE)
    return None


def _named(cast: Cast, clause: Clause) -> list[Entity]:
    """The known people whose surname stands in a title."""
    return [known for token in clause.tokens if (known := _known(cast, token)) is not None]


def _known(cast: Cast, token: Token) -> Entity | None:
    if not token.is_word or not token.is_cap:
        return None
    people = [entity for entity in cast.candidates(token.word) if entity.is_person and entity.last == fold(token.word)]
    return people[0] if len(people) == 1 else None
