"""What a story knows of its speakers, and how a text adds to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.quotes.cast import Cast, Entity
from storage.models import SeenRole, Speaker

MOST_ROLES = 12


class Register:
    """The speakers that a story has shown, immutable.

    A speaker keeps its position for ever (the store knows it by that); names are unique and may become fuller; new
    speakers are appended.
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
            speakers.append(_new(entity, at))
        else:
            speakers[entity.position] = _fuller(speakers[entity.position], entity, taken, at)
        names[entity] = (speakers[entity.position] if entity.position is not None else speakers[-1]).name
        taken.add(names[entity])
    return Register(speakers), names


def _new(entity: Entity, at: datetime | None) -> Speaker:
    return Speaker(
        name=entity.printed,
        aliases=tuple(entity.aliases),
        roles=tuple(SeenRole(role=role, seen_at=at) for role in entity.roles[-MOST_ROLES:]),
        gender=entity.gender,
        is_person=entity.is_person is not False,
    )


def _fuller(speaker: Speaker, entity: Entity, taken: set[str], at: datetime | None) -> Speaker:
    name = entity.printed if entity.printed not in taken else speaker.name
    known = {role.role for role in speaker.roles}
    roles = [*speaker.roles, *(SeenRole(role=role, seen_at=at) for role in entity.roles if role not in known)]
    aliases = [alias for alias in dict.fromkeys((*speaker.aliases, speaker.name, *entity.aliases)) if alias != name]
    return speaker.model_copy(
        update={
            "name": name,
            "aliases": tuple(aliases),
            "roles": tuple(roles[-MOST_ROLES:]),
            "gender": speaker.gender or entity.gender,
        }
    )
