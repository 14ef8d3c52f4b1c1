"""Which story a command is about: the one it names, else what the chat follows, else the only one there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.commands.asking import Ask, Reply
from bot.delivery.answers import choose_story
from bot.quotes import fold
from storage import stories, subscriptions
from storage.models import Story


async def open_stories(connection: AsyncConnection) -> list[Story]:
    """What can be followed: the stories that are watched."""
    return [story for story in await stories.all_of(connection) if story.is_watched]


async def followed(connection: AsyncConnection, ask: Ask) -> list[Story]:
    """What this chat or topic follows."""
    ids = await _followed_ids(connection, ask)
    return [story for story in await stories.all_of(connection) if story.id in ids] if ids else []


async def _followed_ids(connection: AsyncConnection, ask: Ask) -> set[int]:
    return {one.story_id for one in await subscriptions.of_chat(connection, ask.chat.id, ask.thread_id)}


async def at_hand(connection: AsyncConnection, ask: Ask) -> list[Story]:
    """What an answer may come from: the stories that the chat follows, else all there are."""
    ids = await _followed_ids(connection, ask)
    there = await stories.all_of(connection)
    return [story for story in there if story.id in ids] or there


def named(words: str, among: Sequence[Story]) -> list[Story]:
    """The stories that the words name: by slug, by number in the list, or by a part of the title."""
    wanted = fold(words.strip())
    if not wanted:
        return list(among)
    exact = [story for story in among if story.slug == wanted]
    return exact or [story for story in among if wanted in fold(f"{story.title} {story.slug}")]


def choose(among: Sequence[Story], pick: Callable[[Story], str], question: str) -> Reply:
    """Ask which of several, by buttons."""
    return Reply(choose_story(among, lambda place: pick(among[place]), question))
