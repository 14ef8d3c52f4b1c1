"""What a reader has in mind while reading: who was spoken of, who is being heard. Resolves pronouns and nominals.

Every sentence is noted after it was read. A pronoun goes to the likeliest of those who agree in gender: who is being
heard, who was the subject, who was seen last. Nobody is better than a guess between two.
"""

from __future__ import annotations

from bot.quotes.cast import Cast, Entity
from bot.quotes.fold import fold
from bot.quotes.mentions import FIRST_AND_SECOND, Mention
from bot.quotes.words import Gender, listed, noun_gender

FAR = 12  # sentences after which a pronoun no longer reaches back
SPOKESMEN = listed("spokesman spokeswoman spokesperson")
CHAIRS = listed("chairman chairwoman chair chairperson")
OFFICES = listed(
    "president minister premier chancellor governor mayor king queen pope senator judge secretary chief leader "
    "ambassador commissioner spokesman spokeswoman spokesperson chairman chairwoman"
)
FIRMS = listed("company firm corporation startup manufacturer retailer giant carrier operator publisher")


class Memory:
    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.now = 0  # the number of the sentence being read
        self.speaker: Entity | None = None  # who is being heard
        self.heard_at = -1000  # sentence
        self.heard_in = -1000  # paragraph
        self.topic: Entity | None = None  # the subject of the sentence before
        self.topic_in = -1000

    # --- noting -----------------------------------------------------------------------------------------------------

    def hear(self, entity: Entity | None, paragraph: int) -> None:
        self.speaker, self.heard_at, self.heard_in = entity, self.now, paragraph
        if entity is not None:
            entity.spoke = self.now

    def see(self, mention: Mention, paragraph: int) -> None:
        entity = mention.entity
        if entity is None:
            return
        entity.seen = self.now
        entity.count += 1
        if mention.is_subject:
            entity.subject = self.now
            if entity.is_person is not False:
                self.topic, self.topic_in = entity, paragraph

    # --- resolving --------------------------------------------------------------------------------------------------

    def resolve(self, mention: Mention) -> Entity | None:
        if mention.kind == "name":
            return self.cast.named(mention, now=self.now)
        if mention.kind == "pronoun":
            if mention.noun in FIRST_AND_SECOND or mention.is_plural:
                return None
            return self.pronoun(mention.gender)
        return self.nominal(mention)

    def pronoun(self, gender: Gender) -> Entity | None:
        best, score = None, -float(FAR)
        for entity in self.cast.entities:
            if entity.is_person is False or (entity.gender and entity.gender != gender):
                continue
            value = self._salience(entity) + (1.5 if entity.gender else -0.5)
            if value > score:
                best, score = entity, value
        if best is not None and not best.gender:
            best.gender = gender
        return best

    def _salience(self, entity: Entity) -> float:
        value = float(entity.seen - self.now)
        if entity.subject == entity.seen:
            value += 2.0
        if entity is self.speaker:
            value += 2.5
        if entity.is_person is None:
            value -= 1.0 if entity.spoke > -1000 else 4.0
        return value

    def nominal(self, mention: Mention) -> Entity | None:
        if mention.is_document:
            return None
        if mention.is_person:
            return self._office(mention)
        return self._body(mention)

    def _office(self, mention: Mention) -> Entity | None:
        if mention.noun in SPOKESMEN and mention.of and not mention.is_definite:
            return self._named_body(mention.of)
        if not mention.is_definite or mention.is_plural:
            return None
        nouns = _synonyms(mention.noun)
        gender = noun_gender(mention.noun)
        holders = [
            entity
            for entity in self.cast.entities
            if entity.is_person is not False
            and entity.seen <= self.now
            and nouns & entity.role_words()
            and not (gender and entity.gender and entity.gender != gender)
        ]
        if holders:
            return max(holders, key=lambda entity: (_overlap(entity, mention), entity.seen))
        if mention.noun in OFFICES or mention.owner or mention.of:
            return None
        return self._described(gender)

    def _described(self, gender: str) -> Entity | None:
        """ "the rookie defenceman": who was the subject just before."""
        topic = self.topic
        if topic is None or self.now - topic.seen > 2 or (gender and topic.gender and topic.gender != gender):
            return None
        return topic

    def _body(self, mention: Mention) -> Entity | None:
        if not mention.is_definite:
            return None
        near = self.now - 3 * FAR
        bodies = [e for e in self.cast.entities if e.is_person is False and near < e.seen <= self.now]
        named = [entity for entity in bodies if mention.noun in entity.words()]
        if not named and mention.noun in FIRMS:
            named = [e for e in bodies if self.now - e.seen <= 2]
        return max(named, key=lambda entity: entity.seen) if named else None

    def _named_body(self, printed: str) -> Entity | None:
        """The body in "a spokesman for the foreign ministry", known or new."""
        words = [word for word in printed.split() if word.lower() not in ("the", "a", "an")]
        if not words or not words[0][0].isupper():
            return None
        mention = Mention("name", 0, 1, 1, tuple(words), is_person=False)
        return self.cast.named(mention, now=self.now)

    def continued(self, paragraph: int, *, is_first: bool) -> Entity | None:
        """Who goes on speaking in a sentence that is nothing but a quote."""
        if self.heard_in == paragraph and not is_first:
            return self.speaker
        if self.heard_in == paragraph - 1 and self.now - self.heard_at <= 2:
            return self.speaker
        if self.topic_in == paragraph - 1 and self.topic is not None:
            return self.topic if self.topic is self.speaker or self.topic.spoke < -900 else self.speaker
        return self.speaker if paragraph - self.heard_in <= 2 else None


def _synonyms(noun: str) -> set[str]:
    for group in (SPOKESMEN, CHAIRS):
        if noun in group:
            return set(group)
    return {noun}


def _overlap(entity: Entity, mention: Mention) -> int:
    said = {fold(word) for word in f"{mention.owner} {mention.of}".replace("'s", "").split()}
    return len(said & entity.role_words())
