"""What a reader has in mind while reading: who was spoken of, who is being heard. Resolves pronouns and nominals.

Every sentence is noted after it was read. A pronoun goes to the likeliest of those who agree in gender: who is being
heard, who was the subject, who was seen last. Nobody is better than a guess between two.
"""

from __future__ import annotations

from bot.quotes.cast import Cast, Entity, is_place
from bot.quotes.fold import fold
from bot.quotes.mentions import FIRST_AND_SECOND, Mention
from bot.quotes.words import ORG_NOUNS, PEOPLES, Gender, listed, noun_gender

FAR = 12  # sentences after which a pronoun no longer reaches back
SPOKESMEN = listed("spokesman spokeswoman spokesperson")
ALIKE = (  # what one and the same person is called
    SPOKESMEN,
    listed("chairman chairwoman chair chairperson chief"),
    listed("judge justice magistrate recorder"),
    listed("minister premier pm"),
    listed("manager coach boss"),
    listed("captain skipper"),
    listed("goalkeeper keeper goalie goaltender"),
    listed("striker forward attacker"),
    listed("senator sen lawmaker legislator"),
    listed("representative rep congressman congresswoman lawmaker legislator"),
    listed("governor gov"),
    listed("lawyer attorney solicitor barrister counsel qc kc"),
    listed("prosecutor attorney"),
    listed("mp lawmaker legislator politician"),
    listed("officer inspector constable detective sergeant superintendent policeman policewoman"),
    listed("leader head"),
    listed("doctor dr physician"),
    listed("professor prof"),
    listed("general gen commander"),
)
SOVEREIGNS = listed("president premier chancellor king queen pope minister spokesman spokeswoman spokesperson")
OFFICES = listed(
    "president minister premier chancellor governor mayor king queen pope senator judge secretary chief leader "
    "ambassador commissioner spokesman spokeswoman spokesperson chairman chairwoman"
)
DEPARTED = listed("minister secretary director commissioner")  # there is one for each department
FLEETING = listed("former new then acting current late outgoing incoming veteran longtime embattled")
FIRMS = listed("company firm corporation startup manufacturer retailer giant carrier operator publisher developer")
AGENCIES = listed("agency department ministry bureau office service watchdog regulator authority administration")
KINDS = (FIRMS, AGENCIES)
STATE = AGENCIES | listed(
    "government police council court commission committee parliament senate university union state"
)
RANKS = listed("shadow deputy vice assistant junior")  # a minister's shadow is no minister
STATEMENTS = listed("statement release report document declaration communique")
OWNERS: dict[str, Gender] = {"his": "m", "her": "f"}
MOST_RECENT = 48  # people and bodies that a reader keeps in mind


class Memory:
    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.now = 0  # the number of the sentence being read
        self.speaker: Entity | None = None  # who is being heard
        self.heard_at = -1000  # sentence
        self.heard_in = -1000  # paragraph
        self.before: list[Mention] = []  # the mentions of the sentence being read
        self.led_up_at = -1000  # the last sentence that ended with a colon
        self.topic: Entity | None = None  # the subject of the sentence before
        self.topic_at = -1000
        self.topic_in = -1000
        self.titled: frozenset[str] = frozenset()  # the words of the entry's title
        self._recent: dict[Entity, None] = {}  # seen last comes last

    # --- noting -----------------------------------------------------------------------------------------------------

    def hear(self, entity: Entity | None, paragraph: int) -> None:
        self.speaker, self.heard_at, self.heard_in = entity, self.now, paragraph
        if entity is not None:
            entity.spoke = self.now

    def remember(self, entity: Entity, sentence: int) -> None:
        """Notes that somebody was named there."""
        entity.seen = sentence
        self._recent.pop(entity, None)
        self._recent[entity] = None
        if len(self._recent) > MOST_RECENT:
            del self._recent[next(iter(self._recent))]

    def see(self, mention: Mention, paragraph: int) -> None:
        entity = mention.entity
        if entity is None:
            return
        self.remember(entity, self.now)
        entity.count += 1
        if mention.is_subject:
            entity.subject = self.now
            if entity.is_person or (entity.is_person is None and entity.count > 1 and not is_place(entity.name)):
                self.topic, self.topic_at, self.topic_in = entity, self.now, paragraph

    # --- resolving --------------------------------------------------------------------------------------------------

    def resolve(self, mention: Mention) -> Entity | None:
        if mention.kind == "name":
            return self.cast.named(mention, now=self.now)
        if mention.kind == "pronoun":
            if mention.noun == "it":
                return self._it()
            if mention.noun in FIRST_AND_SECOND or mention.is_plural:
                return None
            return self._in_sentence(mention) or self.pronoun(mention.gender)
        return self.nominal(mention)

    def _in_sentence(self, pronoun: Mention) -> Entity | None:
        """Whom a pronoun means if a person was the subject of its sentence: "X fired back: ..., he wrote"."""
        subject = next((m.entity for m in self.before if m.is_subject and m.end <= pronoun.start and m.entity), None)
        if subject is None or not subject.is_person or subject.gender not in ("", pronoun.gender):
            return None
        return subject

    def pronoun(self, gender: Gender) -> Entity | None:
        """Whom "he" or "she" means: the likeliest of those who agree."""
        best, score = None, -float(FAR)
        for entity in self._recent:
            if entity.is_person is False or (entity.gender and entity.gender != gender):
                continue
            value = self._salience(entity) + (1.5 if entity.gender else -0.5)
            if value >= score:
                best, score = entity, value
        if best is not None and not best.gender:
            best.gender = gender
        return best

    def _salience(self, entity: Entity) -> float:
        value = float(entity.seen - self.now)
        if entity.subject == entity.seen:
            value += 2.0
        if entity is self.speaker:
            value += 0.5 if self.topic is not entity and self.topic_at > self.heard_at else 2.5
        if entity.is_person is None:
            value -= 1.0 if entity.spoke > -1000 else 4.0
        return value

    def _it(self) -> Entity | None:
        """Whom "it said" means: the body that is being heard, or was the subject last."""
        if self.speaker is not None and self.speaker.is_person is not True:
            return self.speaker
        bodies = [e for e in self._recent if e.is_person is not True and e.subject == e.seen and self.now - e.seen <= 2]
        return max(bodies, key=lambda entity: entity.seen) if bodies else None

    # --- nominals ---------------------------------------------------------------------------------------------------

    def nominal(self, mention: Mention) -> Entity | None:
        if mention.is_document:
            return self._author(mention)
        if mention.is_person:
            return self._office(mention)
        return self._body(mention)

    def _author(self, mention: Mention) -> Entity | None:
        """Whose a document is: a body's; a person's only where that person is being heard."""
        if mention.owner in OWNERS:
            author = self.pronoun(OWNERS[mention.owner])
            return author if author is self.speaker or mention.noun not in STATEMENTS else None
        body = self._named_body(mention.of or mention.owner)
        return body if body is not None and body.is_person is False else None

    def _office(self, mention: Mention) -> Entity | None:
        if mention.is_plural:
            return None
        if (
            mention.is_definite
            and mention.noun in PEOPLES
            and self.topic is not None
            and self.now - self.topic.seen <= 1
        ):
            return self.topic  # "the Kentucky Republican": a mere description
        if mention.is_definite:
            holders = self._holders(mention)
            if holders:
                return max(holders, key=lambda entity: (_overlap(entity, mention), entity.seen))
        if mention.noun in SPOKESMEN:
            return self._represented(mention)
        if mention.is_definite and (titled := self._titled(mention.noun)) is not None:
            return titled
        if mention.owner or mention.of or mention.noun in SOVEREIGNS or not mention.is_definite:
            return None
        described = self._described(noun_gender(mention.noun))
        if mention.noun in OFFICES and described is not None and (described.count < 3 or described.roles):
            return None
        return described

    def _holders(self, mention: Mention) -> list[Entity]:
        """Those who were called by that noun."""
        gender = mention.gender
        return [
            entity
            for entity in self._called(mention.noun)
            if entity.is_person is not False
            and entity.seen <= self.now
            and not (gender and entity.gender and entity.gender != gender)
            and (mention.noun not in DEPARTED or not _contradicts(entity, mention))
        ]

    def _called(self, noun: str) -> list[Entity]:
        """Those whose role has that very noun, else one that means the same."""
        found = self.cast.called(noun)
        return found or [entity for other in sorted(_synonyms(noun)) for entity in self.cast.called(other)]

    def _titled(self, noun: str) -> Entity | None:
        """Who is "the prime minister" under a title that begins "PM:": the only person spoken of, if without office."""
        if noun not in OFFICES or not self.titled & _synonyms(noun):
            return None
        person = self._only_person()
        return person if person is not None and not person.roles else None

    def _represented(self, mention: Mention) -> Entity | None:
        """The body whose unnamed spokesman speaks: named with him, or the only one that was just spoken of."""
        printed = mention.of or mention.owner
        words = printed.lower().split()
        if printed.islower():
            noun = words[-1] if words[-1] in ORG_NOUNS else ""
            body = Mention("nominal", mention.start, mention.end, mention.end, noun=noun, is_person=False)
            return self._body(body) if noun else self._only_body() if words[0] in ("its", "their") else None
        return self._named_body(printed) if words else self._only_body()

    def _only_body(self) -> Entity | None:
        bodies = [e for e in self._recent if e.is_person is False and self.now - e.seen <= 3 and not is_place(e.name)]
        return bodies[0] if len(bodies) == 1 else None

    def _only_person(self) -> Entity | None:
        people = [e for e in self._recent if e.is_person and self.now - e.seen <= 2]
        return people[0] if len(people) == 1 else None

    def _described(self, gender: str) -> Entity | None:
        """ "the rookie defenceman": who was the subject just before, or the only person spoken of."""
        topic = self.topic or self._only_person()
        if topic is None or self.now - topic.seen > 2 or (gender and topic.gender and topic.gender != gender):
            return None
        return topic

    def _body(self, mention: Mention) -> Entity | None:
        """ "the department", "the company": a body named by that word, or the one spoken of last that can be one."""
        if not mention.is_definite:
            return None
        if mention.noun in ORG_NOUNS and (mention.of or mention.owner)[:1].isupper():
            return self._headed_body(mention)
        bodies = [e for e in self._recent if e.is_person is not True and not is_place(e.name)]
        named = [entity for entity in bodies if mention.noun in entity.words()]
        kinds = next((kinds for kinds in KINDS if mention.noun in kinds), None)
        if not named and kinds is not None:
            named = [e for e in bodies if self.now - e.seen <= 6 and _can_be(e, kinds)]
        return max(named, key=lambda e: (e is self.speaker, e.seen, e.subject)) if named else None

    def _headed_body(self, mention: Mention) -> Entity | None:
        """ "the Sanders campaign", "Putin's government": a body called after somebody."""
        head = f"{mention.owner}'s" if mention.owner else mention.of
        return self._named_body(f"{head} {mention.noun}")

    def _named_body(self, printed: str) -> Entity | None:
        """The body in "a spokesman for the Foreign Ministry", known or new."""
        words = [word for word in printed.split() if word.lower() not in ("the", "a", "an")]
        if not words or not words[0][0].isupper():
            return None
        mention = Mention("name", 0, 1, 1, tuple(words), is_person=False)
        return self.cast.named(mention, now=self.now)

    # --- going on ---------------------------------------------------------------------------------------------------

    def continued(self, paragraph: int, *, is_first: bool) -> Entity | None:
        """Who goes on speaking in a sentence that is nothing but a quote."""
        if self.led_up_at == self.now - 1:
            return self.speaker
        if self.heard_in == paragraph and not is_first:
            return self.speaker
        if self.heard_in == paragraph - 1 and self.now - self.heard_at <= 2:
            return self.speaker
        if self.topic_in == paragraph - 1 and self.topic is not None:
            return self.topic
        return self.speaker if paragraph - self.heard_in <= 2 else None


def _can_be(entity: Entity, kinds: frozenset[str]) -> bool:
    """Whether a body can be called by a word of that kind: a firm bears no word of state in its name."""
    words = entity.words()
    return not words & STATE if kinds is FIRMS else bool(words & STATE)


def _synonyms(noun: str) -> frozenset[str]:
    """The noun, and what else the one is called whom it means."""
    return frozenset((noun,)).union(*(group for group in ALIKE if noun in group))


def _overlap(entity: Entity, mention: Mention) -> int:
    said = {fold(word) for word in f"{mention.owner} {mention.of}".replace("'s", "").split()}
    return len((said | set(mention.modifiers)) & entity.role_words())


def _contradicts(entity: Entity, mention: Mention) -> bool:
    """Whether "the foreign minister" cannot be somebody: every role with that noun is of another department or rank."""
    if entity.role_words() & RANKS - set(mention.modifiers) and mention.modifiers:
        return True
    asked = set(mention.modifiers) - FLEETING
    return bool(asked) and not asked & entity.role_words()
