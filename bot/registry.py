"""The operator's hand on who said what: `dateline speakers`, and reading a story's quotes anew.

What is merged or split here lasts: later entries read with the register as it stands.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.archive import read_quotes
from bot.config import Config
from bot.quotes import Register, matching, merge, split, stands_for
from storage import entries, quotes, stories
from storage.database import Database
from storage.models import Speaker, Standing, Story


class NotThere(Exception):
    """The story or the speaker that was named is not known; the message says which."""


Counted = tuple[Speaker, int]


async def speakers(config: Config, slug: str) -> list[Counted]:
    """A story's speakers and how many quotes each has, the most quoted first."""
    database = await Database.open(config.storage_url)
    try:
        async with database.read() as connection:
            story = await _story(connection, slug)
            counted = await quotes.counts(connection, story.id)
            known = await quotes.register(connection, story.id)
    finally:
        await database.close()
    found = [(speaker, counted.get(speaker_id, 0)) for speaker_id, speaker in known]
    return sorted(((speaker, count) for speaker, count in found if count), key=lambda one: (-one[1], one[0].name))


async def merge_speakers(config: Config, slug: str, name: str, into: str) -> str:
    """`name` is `into`, in this story, for good; says what was done. Raises NotThere."""

    def change(register: Register) -> tuple[Register, str]:
        first, second = _position(register, name), _position(register, into)
        said = f"{register.speakers[first].name} is {register.speakers[second].name} from now on."
        try:
            return merge(register, first, second), said
        except ValueError as error:
            raise NotThere(f"{error}.") from error

    return await _change(config, slug, change)


async def split_speaker(config: Config, slug: str, name: str, alias: str) -> str:
    """The `alias` of `name` is somebody else, in this story, for good; says what was done. Raises NotThere."""

    def change(register: Register) -> tuple[Register, str]:
        position = _position(register, name)
        try:
            return split(register, position, alias), f"{alias} is somebody else from now on."
        except ValueError as error:
            raise NotThere(f"{error}.") from error

    return await _change(config, slug, change)


async def rebuild(config: Config, slug: str) -> str:
    """Read all of a story's entries for quotes anew; says how many were found."""
    return await _change(config, slug, lambda register: (register, ""))


async def _change(config: Config, slug: str, change: Callable[[Register], tuple[Register, str]]) -> str:
    database = await Database.open(config.storage_url)
    try:
        async with database.write() as connection:
            story = await _story(connection, slug)
            known = [speaker for _, speaker in await quotes.register(connection, story.id)]
            register, said = change(Register(known))
            count = await _read_anew(connection, story, register)
    finally:
        await database.close()
    return f"{said} {slug} was read anew: {count} quotes.".strip()


async def _read_anew(connection: AsyncConnection, story: Story, register: Register) -> int:
    """Replace every entry's quotes, the oldest entry first; returns how many quotes there are."""
    found = []
    for entry in await entries.known(connection, story.id):
        if entry.standing is not Standing.DELETED:
            said, register = read_quotes(entry, register)
            found.append((entry, said))
    ids = await quotes.save_register(connection, story.id, register.speakers)
    standing = stands_for(register.speakers)
    for entry, said in found:
        given = [(quote, None if place is None else ids[standing[place]]) for quote, place in said]
        await quotes.replace(connection, story.id, entry.id, given)
    return sum(len(said) for _, said in found)


def _position(register: Register, name: str) -> int:
    exact = [place for place, speaker in enumerate(register.speakers) if speaker.name == name]
    found = exact or list(matching(name, register.speakers).found)
    if len(found) == 1:
        return found[0]
    if not found:
        raise NotThere(f"Nobody called {name} is known in this story.")
    several = ", ".join(register.speakers[place].name for place in found[:5])
    raise NotThere(f"{name} may be {several}: name one of them in full.")


async def _story(connection: AsyncConnection, slug: str) -> Story:
    story = await stories.by_slug(connection, slug)
    if story is None:
        raise NotThere(f"There is no story called {slug}.")
    return story
