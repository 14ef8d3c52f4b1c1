"""What a reader has in mind while reading: who was spoken of, who is being heard. Resolves pronouns and nominals.

Every sentence is noted after it was read. A pronoun goes to the likeliest of those who agree in gender: who is being
heard, who was the subject, who was seen last. Nobody is better than a guess between two.
"""

from __future__ import annotations

from bot.quotes import bodies
from bot.quotes.cast import Cast, Entity, is_place
from bot.quotes.fold import fold
from bot.quotes.mentions import FIRST_AND_SECOND, Mention
from bot.quotes.words import ORG_NOUNS, PEOPLES, Gender, listed, noun_gender

NEAR = 3  # sentences within which "the father" is one who was called that
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
SOVEREIGNS = listed(
    "president premier chancellor king queen pope pontiff monarch emperor emir sultan minister spokesman spokeswoman "
    "spokesperson"
)
OFFICES = listed(
    "president minister premier chancellor governor mayor king queen pope senator judge secretary chief leader "
    "ambassador commissioner spokesman spokeswoman spokesperson chairman chairwoman"
)
SPORTING = listed(
    "boss manager coach captain skipper striker forward midfielder defender winger goalkeeper keeper player rider "
    "driver pitcher quarterback batsman bowler businessman businesswoman billionaire tycoon mogul"
)
PREMIERS = listed("premier pm prime")
ENCOUNTERED = listed(  # whom people meet: where nobody was called that, it is nobody who was spoken of
    "officer constable policeman policewoman detective inspector sergeant trooper guard marshal doctor physician medic "
    "nurse paramedic surgeon therapist psychiatrist psychologist source person insider reporter journalist interviewer "
    "host presenter anchor narrator announcer moderator questioner caller interpreter translator voice clerk waiter "
    "waitress receptionist dispatcher neighbour neighbor bystander onlooker passer-by eyewitness witness stranger "
    "lawyer attorney solicitor barrister prosecutor customer user commenter official agent aide colleague friend"
)
KIN = listed(
    "father mother son daughter brother sister husband wife uncle aunt grandfather grandmother parent dad mum mom "
    "widow widower boyfriend girlfriend fiance fiancée cousin nephew niece"
)
TEENS = listed("teenager teen youngster schoolboy schoolgirl")
TEEN_AGES = listed("13 14 15 16 17 18 19")
DEPARTED = listed("minister secretary director commissioner")  # there is one for each department
FLEETING = listed("former new then acting current late outgoing incoming veteran longtime embattled")
PERSONAL = listed("his her their its")
OURS = listed("my our your")  # what belongs to a reader or a writer is nobody in the news
RANKS = listed("shadow deputy vice assistant junior")  # a minister's shadow is no minister
MUCH_SPOKEN_OF = 3  # times that a bare surname is named before it is taken for a person's
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
        self.unnamed: dict[str, int] = {}  # by what somebody unnamed was called, and in which sentence: "a man"
        self.papers: dict[str, Entity] = {}  # whose a statement, a letter or a post is
        self.recent: dict[Entity, None] = {}  # seen last comes last

    # --- noting -----------------------------------------------------------------------------------------------------

    def hear(self, entity: Entity | None, paragraph: int) -> None:
        self.speaker, self.heard_at, self.heard_in = entity, self.now, paragraph
        if entity is not None:
            entity.spoke = self.now

    def remember(self, entity: Entity, sentence: int) -> None:
        """Notes that somebody was named there."""
        entity.seen = sentence
        self.recent.pop(entity, None)
        self.recent[entity] = None
        if len(self.recent) > MOST_RECENT:
            del self.recent[next(iter(self.recent))]

    def see(self, mention: Mention, paragraph: int) -> None:
        entity = mention.entity
        if entity is None:
            if mention.kind == "nominal" and mention.is_person and mention.is_subject and not mention.is_definite:
                self.unnamed[mention.noun] = self.now
            return
        self.remember(entity, self.now)
        entity.count += 1
        if mention.is_subject:
            entity.subject = self.now
            can = entity.is_person or (entity.is_person is None and entity.count > 1 and not is_place(entity.name))
            if can and self.topic_at != self.now:  # the first subject of a sentence is what it is about
                self.topic, self.topic_at, self.topic_in = entity, self.now, paragraph

    # --- resolving --------------------------------------------------------------------------------------------------

    def resolve(self, mention: Mention) -> Entity | None:
        if mention.kind == "name":
            return self.cast.named(mention, now=self.now)
        if mention.kind == "pronoun":
            if mention.noun == "it":
                return self._subject_of_it(mention) or bodies.it(self)
            if mention.noun in FIRST_AND_SECOND or mention.is_plural:
                return None
            return self._in_sentence(mention) or self.pronoun(mention.gender, but=self._parted_from(mention))
        return self.nominal(mention)

    def _in_sentence(self, pronoun: Mention) -> Entity | None:
        """Whom a pronoun means if a person was the subject of its sentence: "X fired back: ..., he wrote"."""
        subject = next((m.entity for m in self.before if m.is_subject and m.end <= pronoun.start and m.entity), None)
        if (
            subject is None
            or subject is self._parted_from(pronoun)
            or subject.is_person is False
            or (subject.is_person is None and not subject.gender and subject.count < MUCH_SPOKEN_OF)
            or subject.gender not in ("", pronoun.gender)
        ):
            return None
        return subject

    def _subject_of_it(self, pronoun: Mention) -> Entity | None:
        """The body that is the subject of the sentence in which "it" stands: "the army said it had hit ..."."""
        subjects = (
            m
            for m in self.before
            if m.is_subject and m.end <= pronoun.start and (m.is_person is False or _is_unsaid(m))
        )
        subject = next(subjects, None)
        if subject is not None and subject.entity is None:
            subject.entity = self.resolve(subject)
        return subject.entity if subject is not None else None

    def _parted_from(self, pronoun: Mention) -> Entity | None:
        """Whom "he" cannot mean in "Kovac, he said, knows the way"."""
        if not pronoun.is_parenthetical:
            return None
        return next((m.entity for m in self.before if m.end + 1 == pronoun.start and m.kind == "name"), None)

    def pronoun(self, gender: Gender, but: Entity | None = None) -> Entity | None:
        """Whom "he" or "she" means: the likeliest of those who agree."""
        best, score = None, -float(FAR)
        for entity in self.recent:
            if entity is but or entity.is_person is False or (entity.gender and entity.gender != gender):
                continue
            if entity.is_person is None and max(entity.subject, entity.spoke) < -FAR:
                continue  # "the Mass in Valdoro"
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
            is_likely = (
                entity.spoke > -1000 or bool(entity.gender) or (entity.subject == entity.seen and len(entity.name) > 1)
            )
            value -= 1.0 if is_likely else 4.0
        return value

    # --- nominals ---------------------------------------------------------------------------------------------------

    def nominal(self, mention: Mention) -> Entity | None:
        if mention.is_document:
            return bodies.author(self, mention)
        if mention.is_person:
            is_body = mention.noun in ORG_NOUNS  # "the center": of a team, or for hurricanes
            return (bodies.called(self, mention.noun) if is_body else None) or self._office(mention)
        return bodies.body(self, mention)

    def _office(self, mention: Mention) -> Entity | None:
        if mention.is_plural or mention.owner.lower() in OURS:
            return None
        if (
            mention.is_definite
            and mention.noun in PEOPLES
            and (topic := self.topic or self._only_subject()) is not None
            and self.now - topic.seen <= 1
        ):
            return topic  # "the Kentucky Republican": a mere description
        if mention.is_definite and (known := self._aged(mention) or self._holders(mention)):
            return max(known, key=lambda entity: (_overlap(entity, mention), entity.seen))
        if mention.noun in SPOKESMEN:
            return bodies.represented(self, mention)
        if mention.is_definite and (titled := self._titled(mention.noun)) is not None:
            return titled
        if (entitled := self._entitled(mention)) is not None:
            return entitled
        if mention.owner or mention.noun in SOVEREIGNS or not mention.is_definite:
            return None
        if mention.of and not (mention.noun in SPORTING and mention.of.lower().split()[0] in mention.modifiers):
            return None  # "the Norgas adviser" can be anybody, "the Rovers boss" is a description
        if self.now - self.unnamed.get(mention.noun, -FAR) < FAR // 2 or mention.noun in ENCOUNTERED:
            return None
        return self._fitting(mention)

    def _fitting(self, mention: Mention) -> Entity | None:
        """Whom a mere description means, where nothing that is known of them speaks against it."""
        described = self._described(noun_gender(mention.noun))
        if described is not None and mention.age and described.age not in ("", mention.age):
            return None
        if mention.noun in KIN and described is not None and self.now - described.seen > 1:
            return None
        if mention.noun in OFFICES and described is not None and not self._is_at_hand(described):
            return None
        return described

    def _aged(self, mention: Mention) -> list[Entity]:
        """Those whose age "the 34-year-old" or "the teenager" gives."""
        if mention.noun in TEENS:
            return [entity for entity in self.recent if entity.age in TEEN_AGES]
        return [entity for entity in self.recent if mention.age and entity.age == mention.age]

    def _is_at_hand(self, entity: Entity) -> bool:
        """Whether an office without a name can be somebody's who has none: much spoken of, or being heard."""
        if entity.roles:
            return False
        return entity.count >= 3 or (entity is self.speaker and self.now - self.heard_at <= 1)

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
            and (mention.noun not in KIN or bool(mention.owner) or self.now - entity.seen <= NEAR)
        ]

    def _called(self, noun: str) -> list[Entity]:
        """Those whose role has that very noun, else one that means the same."""
        if found := self.cast.called(noun):
            return found
        alike = [entity for other in sorted(_synonyms(noun)) for entity in self.cast.called(other)]
        if noun in PREMIERS:  # not every minister is the prime one
            return [entity for entity in alike if entity.role_words() & PREMIERS]
        return alike

    def _titled(self, noun: str) -> Entity | None:
        """Who is "the prime minister" under a title that begins "PM:": the only person spoken of, if without office."""
        if noun not in OFFICES or not self.titled & _synonyms(noun):
            return None
        person = self._only_person()
        return person if person is not None and not person.roles else None

    def _entitled(self, mention: Mention) -> Entity | None:
        """Whom the title lets speak, where the text begins with an office: "Nato's secretary general has said"."""
        speaker = self.speaker
        if speaker is None or self.now > 0 or self.heard_at >= 0 or speaker.is_person is False:
            return None
        is_office = mention.noun in OFFICES | {"general"} and mention.noun not in SPOKESMEN and not speaker.roles
        is_own = mention.owner and fold(mention.owner).split()[-1] in speaker.words() | PERSONAL
        return speaker if is_office and not is_own else None

    def _only_subject(self) -> Entity | None:
        """The only one who can be a person among the subjects of the sentence before: "Kovac was speechless."."""
        near = [
            e for e in self.recent if e.is_person is not False and self.now - 1 == e.subject and not is_place(e.name)
        ]
        return near[0] if len(near) == 1 else None

    def _only_person(self) -> Entity | None:
        people = [e for e in self.recent if e.is_person and self.now - e.seen <= 2]
        return people[0] if len(people) == 1 else None

    def _described(self, gender: str) -> Entity | None:
        """ "the rookie defenceman": who was the subject just before, or the only person spoken of."""
        is_heard = self.speaker is not None and self.speaker.is_person and self.now - self.heard_at == 1
        topic = self.speaker if is_heard else self.topic or self._only_person()
        if topic is None or self.now - topic.seen > 2 or (gender and topic.gender and topic.gender != gender):
            return None
        return topic

    # --- going on ---------------------------------------------------------------------------------------------------

    def continued(self, paragraph: int, *, is_first: bool) -> Entity | None:
        """Who goes on speaking in a sentence that is nothing but a quote."""
        if self.led_up_at == self.now - 1:
            return self.speaker
        if self.heard_in == paragraph and not is_first:
            return self.speaker
        if self.topic_in == paragraph and self.topic_at == self.now - 1 and self.topic is not None and not is_first:
            return self.topic
        if self.heard_in == paragraph - 1 and self.now - self.heard_at <= 2:
            return self.speaker
        if self.topic_in == paragraph - 1 and self.topic is not None:
            return self.topic
        return self.speaker if paragraph - self.heard_in <= 2 else None


def _is_unsaid(mention: Mention) -> bool:
    """Whether nothing tells if a name of several words is a person's."""
    known = mention.entity.is_person if mention.entity is not None else None
    return mention.kind == "name" and mention.is_person is None and known is None and len(mention.name) > 1


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
