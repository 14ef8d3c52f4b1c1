"""By what the speakers of a register are found: made once, then carried on from entry to entry.

A story knows hundreds of speakers and an entry names a few of them, so what an entry costs must not depend on how many
there are: it looks up whom it names, and whom it changes is filed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.quotes.fold import fold
from storage.models import Speaker

ENOUGH = 3  # words of a name that is cut down to its initials

Files = dict[str, tuple[int, ...]]  # positions by a word, in order


@dataclass(frozen=True, slots=True)
class Roll:
    """`names` and `aliases` as they are printed, `words` of both and `roles` folded; who was merged stands in `merged`
    with the position of whom it stands for."""

    speakers: tuple[Speaker, ...]
    names: dict[str, int]
    aliases: Files
    words: Files
    roles: Files
    merged: dict[int, int]


def roll_of(speakers: tuple[Speaker, ...]) -> Roll:
    return carried_on(Roll((), {}, {}, {}, {}, {}), speakers, range(len(speakers)))


def carried_on(roll: Roll, speakers: tuple[Speaker, ...], changed: Iterable[int]) -> Roll:
    """The roll of `speakers`, which are those of `roll` but for the positions that `changed` or are new."""
    names, aliases, words, roles = dict(roll.names), dict(roll.aliases), dict(roll.words), dict(roll.roles)
    for position in changed:
        if position < len(roll.speakers):
            old = roll.speakers[position]
            names.pop(old.name, None)
            _strike(aliases, old.aliases, position)
            _strike(words, _words(old), position)
            _strike(roles, _roles(old), position)
        new = speakers[position]
        names[new.name] = position
        _file(aliases, new.aliases, position)
        _file(words, _words(new), position)
        _file(roles, _roles(new), position)
    return Roll(speakers, names, aliases, words, roles, _merged(names, aliases))


def stands_for(speakers: Sequence[Speaker]) -> list[int]:
    """For each position the one of the speaker it stands for: its own, unless it was merged into another."""
    aliases: Files = {}
    for position, speaker in enumerate(speakers):
        _file(aliases, speaker.aliases, position)
    merged = _merged({speaker.name: position for position, speaker in enumerate(speakers)}, aliases)
    return [merged.get(position, position) for position in range(len(speakers))]


def _merged(names: dict[str, int], aliases: Files) -> dict[int, int]:
    """Whose name is an alias of another, with the last of those whom it leads to."""
    into = {
        names[name]: max(others)
        for name in names.keys() & aliases.keys()
        if (others := [position for position in aliases[name] if position != names[name]])
    }
    return {position: _followed(into, position) for position in into}


def _followed(into: Mapping[int, int], position: int) -> int:
    passed = {position}
    while position in into and into[position] not in passed:
        position = into[position]
        passed.add(position)
    return position


def _file(files: Files, words: Iterable[str], position: int) -> None:
    for word in words:
        known = files.get(word, ())
        if not known or known[-1] < position:
            files[word] = (*known, position)
        elif position not in known:
            files[word] = tuple(sorted((*known, position)))


def _strike(files: Files, words: Iterable[str], position: int) -> None:
    for word in words:
        if left := tuple(other for other in files.get(word, ()) if other != position):
            files[word] = left
        else:
            files.pop(word, None)


def _words(speaker: Speaker) -> Iterable[str]:
    return dict.fromkeys(key for form in (speaker.name, *speaker.aliases) for key in keys(form))


def _roles(speaker: Speaker) -> Iterable[str]:
    return dict.fromkeys(word for seen in speaker.roles for word in role_words(seen.role))


@lru_cache(maxsize=2048)
def role_words(role: str) -> tuple[str, ...]:
    plain = role.replace("'s ", " ").replace("’s ", " ")
    words = [whole.strip(".,'") for whole in fold(plain).split()]
    return tuple(dict.fromkeys(part for word in words for part in (word, word.rpartition("-")[2])))


@lru_cache(maxsize=2048)
def keys(form: str) -> tuple[str, ...]:
    """Under what a name can be looked up: the whole of it, its words, the longer parts of double ones."""
    words = fold(form).split()
    pieces = [piece for word in words for piece in word.split("-") if len(piece) > 3]
    return tuple(dict.fromkeys((*words, *pieces, " ".join(words), *initials(form))))


@lru_cache(maxsize=2048)
def initials(form: str) -> tuple[str, ...]:
    """What a body can be called for short: "DfT" and "DT" for the Department for Transport."""
    words = [word for word in form.split() if word[0].isalnum()]
    if len(words) < ENOUGH:
        return ()
    return tuple({"".join(word[0] for word in few).lower() for few in (words, [w for w in words if w[0].isupper()])})
