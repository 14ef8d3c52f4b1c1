"""What a story knows of its speakers, and how a text adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.quotes.cast import Cast, Entity
from storage.models import SeenRole, Speaker

MOST_ROLES = 12


class Register:
    """The speakers that a story has shown, immutable.

    A speaker keeps its position for ever (the store knows it by that); names are unique and may become fuller; new
    speakers are appended. One that was merged into another stays where it was, and its name is the other's alias: by
    that it is known that it no longer speaks for itself.
    """

    __slots__ = ("speakers",)

    speakers: tuple[Speaker, ...]

    def __init__(self, speakers: Iterable[Speaker] = ()) -> None:
        object.__setattr__(self, "speakers", tuple(speakers))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a register does not change; {name} cannot be set")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Register) and self.speakers == other.speakers

    def __hash__(self) -> int:
        return hash(self.speakers)

    def __repr__(self) -> str:
        return f"Register({[speaker.name for speaker in self.speakers]})"


def stands_for(speakers: Sequence[Speaker]) -> list[int]:
    """For each position the one of the speaker it stands for: its own, unless it was merged into another."""
    at = {speaker.name: position for position, speaker in enumerate(speakers)}
    into = list(range(len(speakers)))
    for position, speaker in enumerate(speakers):
        for alias in speaker.aliases:
            other = at.get(alias)
            if other is not None and other != position:
                into[other] = position
    return [_followed(into, position) for position in range(len(into))]


def _followed(into: list[int], position: int) -> int:
    passed = {position}
    while into[position] != position and into[position] not in passed:
        position = into[position]
        passed.add(position)
    return position


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
    taken = {speaker.name for speaker in speakers}
    for entity in cast.entities:
        if entity.position is None and not (entity.is_quoted or (entity.is_named and entity.is_person)):
            continue
        if entity.position is None:
            if entity.printed in taken:
                names[entity] = entity.printed
                continue
            speakers.append(_new(entity, taken, at))
        else:
            speakers[entity.position] = _fuller(speakers[entity.position], entity, taken, at)
        names[entity] = (speakers[entity.position] if entity.position is not None else speakers[-1]).name
        taken.add(names[entity])
    return Register(speakers), names


def _new(entity: Entity, taken: set[str], at: datetime | None) -> Speaker:
    return Speaker(
        name=entity.printed,
        aliases=tuple(alias for alias in entity.aliases if alias not in taken),
        roles=tuple(SeenRole(role=role, seen_at=at) for role in entity.roles[-MOST_ROLES:]),
        gender=entity.gender,
        is_person=entity.is_person is not False,
    )


def _fuller(speaker: Speaker, entity: Entity, taken: set[str], at: datetime | None) -> Speaker:
    news = entity.printed != speaker.name or len(entity.aliases) > len(speaker.aliases)
    if not news and len(entity.roles) == len(speaker.roles) and (speaker.gender or not entity.gender):
        return speaker
    name = entity.printed if entity.printed not in taken else speaker.name
    known = {role.role for role in speaker.roles}
    roles = [*speaker.roles, *(SeenRole(role=role, seen_at=at) for role in entity.roles if role not in known)]
    others = taken - {speaker.name} - set(speaker.aliases)  # an alias that is another's name would merge the two
    aliases = [
        alias
        for alias in dict.fromkeys((*speaker.aliases, speaker.name, *entity.aliases))
        if alias != name and alias not in others
    ]
    return speaker.model_copy(
        update={
            "name": name,
            "aliases": tuple(aliases),
            "roles": tuple(roles[-MOST_ROLES:]),
            "gender": speaker.gender or entity.gender,
        }
    )
