"""The people and bodies of a text: which mentions are one and the same.

A cast begins with what the story's register knows, learns every full name of the text before any of it is read for
quotes, and tells "Lavrov" from that. Surnames that two people share go to the one spoken of last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from bot.quotes.firstnames import first_name_gender, is_first_name
from bot.quotes.fold import fold
from bot.quotes.mentions import Mention
from bot.quotes.roll import Files, Roll, initials, keys, role_words
from bot.quotes.words import PLACES, Gender
from storage.models import Speaker

MOST_ALIKE = 64  # people who share a word of their names
MOST_WORDS = 5  # of a person's name
INITIALS = range(3, 6)  # letters of a department's
MOST_SPELT_OUT = 8  # initials of a text
THE = "the"
PARTICLES = frozenset(("De", "Von", "Van", "Der", "Di", "Da", "Du", "Del", "Della", "Le"))  # that open a surname
ALIKE = 75  # how alike two spellings of a first name or a surname are: Sergey, Sergei


@dataclass(slots=True, eq=False)
class Entity:
    """Somebody. `seen`, `subject` and `spoke` are the numbers of the sentences where that happened last."""

    name: tuple[str, ...]
    is_person: bool | None
    gender: Gender = ""
    position: int | None = None  # in the register that the text began with
    aliases: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    age: str = ""
    is_named: bool = False  # certain enough to be kept for later entries
    is_quoted: bool = False
    seen: int = -1000
    subject: int = -1000
    spoke: int = -1000
    count: int = 0

    @property
    def printed(self) -> str:
        return " ".join(self.name)

    @property
    def is_nameless(self) -> bool:
        """Whether it is known only as "the ministry"."""
        return self.name[0] == THE

    @property
    def last(self) -> str:
        return fold(self.name[-1])

    @property
    def is_surname(self) -> bool:
        """Whether no first name is known: "Heyl", "van der Heyl", "De Heyl"."""
        return len(self.name) == 1 or self.name[0][0].islower() or self.name[0] in PARTICLES

    def words(self) -> set[str]:
        """All words of its name and aliases, folded."""
        return {fold(word) for form in (self.printed, *self.aliases) for word in form.split()}

    def has_role(self, role: str) -> bool:
        """Whether that is known, also with the country: "Foreign Minister" of the "Russian Foreign Minister"."""
        ends = (known.removesuffix(f" {role}") for known in self.roles if known.endswith(f" {role}"))
        return role in self.roles or any(fold(rest) in PLACES for rest in ends)

    def role_words(self) -> set[str]:
        return {word for role in self.roles for word in role_words(role)}


class Cast:
    def __init__(self, roll: Roll) -> None:
        self.new: list[Entity] = []  # whom the text is the first to name
        self._roll = roll
        self._known: dict[int, Entity] = {}  # whom the register knows and the text may mean, by position
        self._by_word: dict[str, list[Entity]] = {}
        self._by_role: dict[str, list[Entity]] = {}
        self._bodies: list[Entity] = []  # in the order in which the text names them

    @property
    def known(self) -> list[Entity]:
        """Those of the register who were looked up, in its order."""
        return [self._known[position] for position in sorted(self._known)]

    def everybody(self) -> list[Entity]:
        standing = (at for at in range(len(self._roll.speakers)) if at not in self._roll.merged)
        return [*(self._entity(position) for position in standing), *self.new]

    def _entity(self, position: int) -> Entity:
        entity = self._known.get(position)
        if entity is None:
            entity = self._known[position] = _from_speaker(self._roll.speakers[position], position)
        return entity

    def _filed(self, own: dict[str, list[Entity]], files: Files, key: str) -> list[Entity]:
        """Who is found by that: at first whom the register knows, then with those whom the text adds."""
        found = own.get(key)
        if found is None:
            standing = [at for at in files.get(key, ()) if at not in self._roll.merged]
            found = own[key] = [self._entity(position) for position in standing[:MOST_ALIKE]]
        return found

    def _add(self, entity: Entity) -> Entity:
        self.new.append(entity)
        for form in (entity.printed, *entity.aliases):
            self._index(entity, form)
        for role in entity.roles:
            self._index_role(entity, role)
        return entity

    def enter(self, entity: Entity) -> Entity:
        """Adds somebody, unless there is one of that name."""
        same = (other for other in self.candidates(entity.printed) if fold(other.printed) == fold(entity.printed))
        return next(same, None) or self._add(entity)

    def _index_role(self, entity: Entity, role: str) -> None:
        for word in role_words(role):
            holders = self._filed(self._by_role, self._roll.roles, word)
            if entity not in holders and len(holders) < MOST_ALIKE:
                holders.append(entity)

    def _index(self, entity: Entity, form: str) -> None:
        for key in keys(form):
            known = self._filed(self._by_word, self._roll.words, key)
            if entity not in known and len(known) < MOST_ALIKE:
                known.append(entity)

    def candidates(self, word: str) -> list[Entity]:
        return self._filed(self._by_word, self._roll.words, fold(word))

    def called(self, noun: str) -> list[Entity]:
        """Those whose role has that word."""
        return self._filed(self._by_role, self._roll.roles, noun)

    def introduce(self, mention: Mention) -> Entity | None:
        """Learns a full name (or one with a title), so that short forms anywhere in the text are understood."""
        if mention.kind != "name" or (len(mention.name) < 2 and not mention.is_person):
            return None
        entity = self.find(mention, now=0)
        if entity is None:
            entity = self._add(Entity(mention.name, mention.is_person))
        self._learn(entity, mention)
        if entity.is_person is False:
            self._bodies.append(entity)
        return entity

    def _role(self, mention: Mention) -> str | None:
        """The words of a role, with the body that "the department's" stands for."""
        role, owner = mention.role, mention.owner.lower().split()
        if not role or not owner or owner[0] not in ("the", "its", "their"):
            return role
        rest = role.replace("’", "'").partition("'s " if len(owner) > 1 else " ")[2]
        known = self.candidates(owner[-1]) if len(owner) > 1 else []
        known = [entity for entity in known if entity.position is not None and entity.is_person is False]
        for body in [*reversed(self._bodies), *known]:
            if rest and (len(owner) == 1 or owner[-1] in fold(body.printed).split()):
                return f"{rest}, {body.printed}"
        return role

    def _learn(self, entity: Entity, mention: Mention) -> None:
        if entity.is_person is None:
            entity.is_person = mention.is_person
        if entity.is_person is not False:
            if len(mention.name) == 1 or fold(mention.name[0]) == fold(entity.name[0]):
                entity.gender = entity.gender or mention.gender
            entity.age = mention.age or entity.age
            mention.role = self._role(mention)
            if mention.role and not entity.has_role(mention.role):
                entity.roles.append(mention.role)
                self._index_role(entity, mention.role)
        entity.is_named = entity.is_named or (bool(mention.is_person) and not mention.is_weak)
        self._rename(entity, mention.name)

    def _rename(self, entity: Entity, name: tuple[str, ...]) -> None:
        """A fuller name replaces a shorter one; other forms become aliases."""
        old, new = entity.printed, " ".join(name)
        if new == old or fold(new) == fold(old):
            return
        fuller = entity.is_surname and len(entity.name) < len(name) <= MOST_WORDS and name[0][0].isupper()
        if fuller and not self._is_taken(new, entity):
            entity.name = name
            entity.gender = entity.gender or first_name_gender(fold(name[0]))
            new = old
        if new not in entity.aliases and new != entity.printed:
            entity.aliases.append(new)
        for form in (entity.printed, new):
            self._index(entity, form)

    def _is_taken(self, name: str, entity: Entity) -> bool:
        return any(other is not entity and other.printed == name for other in self.candidates(name))

    def find(self, mention: Mention, *, now: int) -> Entity | None:
        """Whom a name means; None if nobody known."""
        matching = self.matching(mention)
        if not matching:
            return None
        return max(matching, key=lambda entity: (entity.seen if entity.seen <= now else -1, entity.count))

    def matching(self, mention: Mention) -> list[Entity]:
        name = mention.name
        if not name:
            return []
        if len(name) == 1 or mention.is_person is False:
            return self._short(mention)
        whole = fold(" ".join(name))
        called = [
            entity for entity in self.candidates(whole) if entity.is_person is not False and _is_whole(entity, whole)
        ]
        if called:
            return called
        found = [entity for entity in self.candidates(name[-1]) if self._is_same(entity, name)]
        exact = [entity for entity in self.candidates(" ".join(name)) if entity not in found]
        longer = [e for e in self.candidates(name[0]) if e.is_person is False and _begins(e, whole)]
        return found or exact or longer or [e for e in self.candidates(name[0]) if _respelled(e.name, name)]

    def _short(self, mention: Mention) -> list[Entity]:
        form = " ".join(mention.name)
        found = self.candidates(form)
        if mention.is_person is False:
            found = [*found, *(e for e in self.candidates(mention.name[-1]) if e not in found)]
            return [e for e in found if not e.is_person and _is_body(e, fold(form)) and self._is_at_hand(e, form)]
        word = fold(form)
        surnames = [e for e in found if e.last == word or e.last.endswith("-" + word) or _is_whole(e, word)]
        if surnames:
            return surnames
        if mention.is_person and not mention.is_weak and mention.role is None and mention.gender:
            return []  # "Mr. Paul" is nobody's first name
        return [e for e in found if e.is_person or (e.is_person is None and is_first_name(fold(e.name[0])))]

    def _is_at_hand(self, body: Entity, form: str) -> bool:
        """Whether the last word of a body's name can mean it: in its own text; elsewhere "The Times" is another."""
        whole, asked = fold(body.printed), fold(form)
        shorter, longer = sorted((whole, asked), key=len)
        if " " in shorter or not longer.endswith(" " + shorter):
            return True
        return body in self._bodies or body.seen >= 0

    def _is_same(self, entity: Entity, name: tuple[str, ...]) -> bool:
        """Whether a full name is another form of an entity's: a middle name more, an initial, another spelling."""
        if entity.is_person is False:
            return False
        if entity.last != fold(name[-1]):
            return fold(" ".join(name)) in (fold(alias) for alias in entity.aliases)
        if entity.is_surname:
            return len(entity.name) == 1 or fold(" ".join(name)).endswith(fold(entity.printed))
        if fold(entity.printed).endswith(" " + fold(" ".join(name))):
            return True  # "Wolden Bakke"
        return same_first(fold(entity.name[0]), fold(name[0])) or fold(name[0]) in {fold(w) for w in entity.name[1:-1]}

    def named(self, mention: Mention, *, now: int) -> Entity | None:
        """The entity of a name in running text; a new one if it can be somebody."""
        entity = self.find(mention, now=now)
        if entity is None and mention.name:
            entity = self._add(Entity(mention.name, mention.is_person, mention.gender))
        if entity is not None and mention.is_person and not mention.is_weak:
            self._learn(entity, mention)
        return entity

    def nameless(self, noun: str) -> Entity:
        """A body or a document that the text calls by no name."""
        return self.enter(Entity((THE, noun), is_person=False))

    def spell_out(self, text: str, mentions: Iterable[Mention]) -> None:
        """Learns what the initials of a department stand for that is named with commas: no chain of capitals has it."""
        short = (m.name[0] for m in mentions if len(m.name) == 1 and _is_short(m.name[0]))
        for letters in list(dict.fromkeys(short))[:MOST_SPELT_OUT]:
            first, *others = (f"{letter}[a-z]+" for letter in letters)
            whole = re.search(rf"\b{first}, {'(?:, | | and | and the )'.join(others)}\b", text)
            if whole is not None and not self.candidates(letters):
                self._add(Entity(tuple(whole[0].split()), is_person=False, aliases=[letters]))

    def is_ambiguous(self, mention: Mention) -> bool:
        return len(mention.name) == 1 and len(self.matching(mention)) > 1

    def link(self, entity: Entity, alias: str) -> None:
        """Gives a body its acronym: "Assembly of First Nations (AFN)"."""
        if alias not in entity.aliases:
            entity.aliases.append(alias)
        self._index(entity, alias)


def _from_speaker(speaker: Speaker, position: int) -> Entity:
    return Entity(
        name=tuple(speaker.name.split()) or (speaker.name,),
        is_person=speaker.is_person,
        gender=speaker.gender,
        position=position,
        aliases=list(speaker.aliases),
        roles=[role.role for role in speaker.roles],
        is_named=True,
        seen=-900,
    )


def _is_body(entity: Entity, form: str) -> bool:
    """Whether a body's name is that form, or ends in it: "US State Department", "State Department"."""
    if form in initials(entity.printed):
        return True
    names = [fold(name) for name in (entity.printed, *entity.aliases)]
    if form in names or any(name.endswith(" " + form) for name in names):
        return True
    return all(form.endswith(" " + name) for name in names)  # "Financial Times" is no "New York Times", called "Times"


def _begins(entity: Entity, form: str) -> bool:
    """Whether a body's name is a longer one: "Norgas Energy Group" of "Norgas Energy"."""
    return fold(entity.printed).startswith(form + " ")


def _is_short(name: str) -> bool:
    return len(name) in INITIALS and name.isalpha() and name.isupper()


def _is_whole(entity: Entity, word: str) -> bool:
    return any(fold(form) == word for form in (entity.printed, *entity.aliases))


def same_first(one: str, other: str) -> bool:
    """Whether two first names can be one person's: equal, an initial, a short form or another spelling."""
    a, b = one.rstrip("."), other.rstrip(".")
    if a == b or (min(len(a), len(b)) == 1 and a[:1] == b[:1]):
        return True
    shorter, longer = sorted((a, b), key=len)
    if len(shorter) >= 3 and longer.startswith(shorter):
        return True
    if is_first_name(a) and is_first_name(b) and first_name_gender(a) != first_name_gender(b):
        return False
    return a[:1] == b[:1] and len(shorter) > 3 and fuzz.ratio(a, b) >= ALIKE


def _respelled(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a surname is spelt otherwise: "Lavrov", "Lawrow"."""
    if len(one) < 2 or fold(one[0]) != fold(other[0]):
        return False
    a, b = fold(one[-1]), fold(other[-1])
    return a[:1] == b[:1] and len(a) > 4 and fuzz.ratio(a, b) >= 85


def is_place(name: tuple[str, ...]) -> bool:
    return all(word.lower() in PLACES for word in name)
