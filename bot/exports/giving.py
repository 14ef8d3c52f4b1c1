"""`dateline export`: a story of the database in one of the formats."""

from __future__ import annotations

from bot.config import Config
from bot.exports import EXPORTS
from storage import entries, stories
from storage.database import Database
from storage.errors import StorageError
from storage.models import Story


async def export_story(slug: str, config: Config, *, format: str) -> str:  # noqa: A002  (the command's own word)
    """The whole story. Raises StorageError where the database has none of that slug."""
    database = await Database.open(config.storage_url, create=False)
    try:
        async with database.read() as connection:
            story = await stories.by_slug(connection, slug)
            if story is None:
                raise StorageError(f"{database.place} has no story {slug}{_others(await stories.all_of(connection))}.")
            known = await entries.known(connection, story.id)
    finally:
        await database.close()
    return EXPORTS[format](story, known)


def _others(known: list[Story]) -> str:
    return f"; it has {', '.join(story.slug for story in known)}" if known else ""
