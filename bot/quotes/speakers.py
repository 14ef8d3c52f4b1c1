"""What a story knows of its speakers, and how a text adds to it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.quotes.cast import Cast, Entity
from bot.quotes.roll import Roll, carried_on, roll_of, stands_for
from storage.models import SeenRole, Speaker

MOST_ROLES = 12


class Register:
    """The speakers that a story has shown, immutable.

    A speaker keeps its position for ever (the store knows it by that); names are unique and may become fuller; new
    speakers are appended. One that was merged into another stays where it was, and its name is the other's alias: by
    that it is known that it no longer speaks for itself.
    """

    __slots__ = ("roll", "speakers")

    speakers: tuple[Speaker, ...]
    roll: Roll

    def __init__(self, speakers: Iterable[Speaker] = (), roll: Roll | None = None) -> None:
        """`roll` is the speakers' own, where it is known already."""
        object.__setattr__(self, "speakers", tuple(speakers))
        object.__setattr__(self, "roll", roll or roll_of(self.speakers))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a register does not change; {name} cannot be set")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Register) and self.speakers == other.speakers

    def __hash__(self) -> int:
        return hash(self.speakers)

    def __repr__(self) -> str:
        return f"Register({[speaker.name for speaker in self.speakers]})"


def merge(register: Register, position: int, into: int) -> Register:
    """The speaker at `position` is the one at `into`, now and in every entry to come. Quotes are for the store to move.

    Raises IndexError for a position that is none, ValueError where both are one already.
    """
    speakers = list(register.speakers)
    standing = stands_for(speakers)
    lost, kept = speakers[standing[position]], speakers[standing[into]]
    if lost.name == kept.name:
        raise ValueError(f"{kept.name} is one speaker already")
    known = {role.role for role in kept.roles}
    aliases = dict.fromkeys((*kept.aliases, lost.name, *lost.aliases))
    speakers[standing[into]] = kept.model_copy(
        update={
            "aliases": tuple(alias for alias in aliases if alias != kept.name),
            "roles": (*(role for role in lost.roles if role.role not in known), *kept.roles)[-MOST_ROLES:],
            "gender": kept.gender or lost.gender,
        }
    )
    speakers[standing[position]] = lost.model_copy(update={"aliases": tuple(a for a in lost.aliases if a != kept.name)})
    return Register(speakers)


def split(register: Register, position: int, alias: str) -> Register:
    """The `alias` of the speaker at `position` is somebody else, now and in every entry to come.

    Who was merged speaks for itself again at its old position; any other alias becomes a speaker at the end.
    Raises IndexError for a position that is none, ValueError where the speaker is not called that.
    """
    speakers = list(register.speakers)
    whole = speakers[position]
    if alias not in whole.aliases:
        raise ValueError(f"{whole.name} is not called {alias}")
    merged = next((speaker for speaker in speakers if speaker.name == alias), None)
    gone = {alias, *(merged.aliases if merged else ())}
    speakers[position] = whole.model_copy(update={"aliases": tuple(a for a in whole.aliases if a not in gone)})
    if merged is None:
        speakers.append(Speaker(name=alias, is_person=whole.is_person))
    return Register(speakers)


def updated(register: Register, cast: Cast, at: datetime | None) -> tuple[Register, dict[Entity, str]]:
    """The register after a text, and the name that each of its entities has there."""
    speakers = list(register.speakers)
    names: dict[Entity, str] = {}
    changed: list[int] = []
    fresh: dict[str, int] = {}
    taken = ChainMap(fresh, register.roll.names)  # by whom a name is borne
    for entity in (*cast.known, *cast.new):
        position = entity.position
        if position is None:
            if not (entity.is_quoted or (entity.is_named and entity.is_person)):
                continue
            if entity.printed in taken:
                names[entity] = entity.printed
                continue
            position = len(speakers)
            speakers.append(_new(entity, taken, at))
            changed.append(position)
        elif (fuller := _fuller(speakers[position], entity, taken, at)) is not speakers[position]:
            speakers[position] = fuller
            changed.append(position)
        names[entity] = speakers[position].name
        fresh.setdefault(names[entity], position)
    if not changed:
        return register, names
    return Register(speakers, carried_on(register.roll, tuple(speakers), changed)), names


def _new(entity: Entity, taken: Mapping[str, int], at: datetime | None) -> Speaker:
    return Speaker(
        name=entity.printed,
        aliases=tuple(alias for alias in entity.aliases if alias not in taken),
        roles=tuple(SeenRole(role=role, seen_at=at) for role in entity.roles[-MOST_ROLES:]),
        gender=entity.gender,
        is_person=entity.is_person is not False,
    )


def _fuller(speaker: Speaker, entity: Entity, taken: Mapping[str, int], at: datetime | None) -> Speaker:
    news = entity.printed != speaker.name or len(entity.aliases) > len(speaker.aliases)
    if not news and len(entity.roles) == len(speaker.roles) and (speaker.gender or not entity.gender):
        return speaker
    name = entity.printed if entity.printed not in taken else speaker.name
    known = {role.role for role in speaker.roles}
    roles = [*speaker.roles, *(SeenRole(role=role, seen_at=at) for role in entity.roles if role not in known)]
    own = {speaker.name, *speaker.aliases}
    aliases = [
        alias
        for alias in dict.fromkeys((*speaker.aliases, speaker.name, *entity.aliases))
        if alias != name and (alias in own or alias not in taken)  # another's name for an alias would merge the two
    ]
    return speaker.model_copy(
        update={
            "name": name,
            "aliases": tuple(aliases),
            "roles": tuple(roles[-MOST_ROLES:]),
            "gender": speaker.gender or entity.gender,
        }
    )
