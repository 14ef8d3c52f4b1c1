"""/start, /stories, /subscribe, /unsubscribe, and the buttons that change what a chat follows."""

from __future__ import annotations

import re

from bot.callbacks import Act, pack
from bot.commands import reading
from bot.commands.asking import Ask, Desk, Reply, say
from bot.commands.which import choose, followed, named, open_stories
from bot.delivery.answers import StoryLine, start, stories
from bot.delivery.recaps import welcome
from bot.delivery.rendered import Rendered, row
from storage import entries, subscriptions
from storage import stories as story_store
from storage.models import Settings, Story

BOT = "Dateline"
NOT_ALLOWED = "Only administrators can change what this chat follows."
NO_STORY = "There is no story to follow yet."


async def on_start(desk: Desk, ask: Ask) -> Reply:
    """Greets; `/start e9` opens an entry, `/start <slug>` follows that story."""
    if found := re.fullmatch(r"e(\d{1,18})", ask.text):
        return await reading.one(desk, int(found[1]))
    async with desk.database.read() as connection:
        there = await open_stories(connection)
        mine = {story.id for story in await followed(connection, ask)}
    if slug := [story for story in there if story.slug == ask.text]:
        return await _follow(desk, ask, slug[0])
    new = [story for story in there if story.id not in mine]
    return Reply(start(BOT, new, pick=lambda place: pack(Act.FOLLOW, new[place].id)))


async def on_stories(desk: Desk, ask: Ask) -> Reply:
    """Every story there is, with a button to follow it."""
    async with desk.database.read() as connection:
        mine = {story.id for story in await followed(connection, ask)}
        listed = [
            StoryLine(
                story,
                await entries.count(connection, story.id),
                next(iter(await entries.newest(connection, story.id, 1)), None),
                story.id in mine,
            )
            for story in await story_store.all_of(connection)
            if story.is_watched or story.id in mine
        ]
    return Reply(stories(listed, pick=lambda place: _toggle(listed[place])))


def _toggle(line: StoryLine) -> str:
    return pack(Act.LATEST if line.followed else Act.FOLLOW, line.story.id)


async def on_subscribe(desk: Desk, ask: Ask) -> Reply:
    async with desk.database.read() as connection:
        there = await open_stories(connection)
    if not there:
        return say(NO_STORY)
    found = named(ask.text, there)
    if len(found) == 1:
        return await _follow(desk, ask, found[0])
    if not found:
        return choose(there, _follow_button, f"No story is called “{ask.text[:60]}”. There is:")
    return choose(found, _follow_button, "Which story do you want to follow?")


def _follow_button(story: Story) -> str:
    return pack(Act.FOLLOW, story.id)


async def on_unsubscribe(desk: Desk, ask: Ask) -> Reply:
    async with desk.database.read() as connection:
        mine = await followed(connection, ask)
    if not mine:
        return say("This chat follows no story. /stories shows what there is.")
    found = named(ask.text, mine)
    if len(found) == 1:
        return await _stop(desk, ask, found[0])
    if not found:
        return choose(
            mine, _stop_button, f"This chat follows no story called “{ask.text[:60]}”. Which one should stop?"
        )
    return choose(found, _stop_button, "Which story should stop?")


def _stop_button(story: Story) -> str:
    return pack(Act.STOP, story.id)


# --- buttons --------------------------------------------------------------------------------------------------------


async def follow(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    story = await _story(desk, numbers)
    return await _follow(desk, ask, story) if story is not None else Reply(toast="That story is gone.")


async def stop(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    story = await _story(desk, numbers)
    return await _stop(desk, ask, story) if story is not None else Reply(toast="That story is gone.")


async def only_key(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    return await _choose(desk, ask, numbers, Settings(only_key=True), "From now on only key events, and corrections.")


async def everything(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    return await _choose(desk, ask, numbers, Settings(), "From now on all updates.")


async def _choose(desk: Desk, ask: Ask, numbers: tuple[int, ...], settings: Settings, toast: str) -> Reply:
    story = await _story(desk, numbers)
    if story is None:
        return Reply(toast="That story is gone.")
    if not await ask.may_change():
        return Reply(toast=NOT_ALLOWED)
    async with desk.database.write() as connection:
        if story.id not in {
            one.story_id for one in await subscriptions.of_chat(connection, ask.chat.id, ask.thread_id)
        }:
            return Reply(toast="This chat does not follow that story.")
        await subscriptions.choose(connection, ask.chat.id, ask.thread_id, story.id, settings)
    other = (
        ("All updates", pack(Act.EVERYTHING, story.id))
        if settings.only_key
        else ("Only corrections and key events", pack(Act.ONLY_KEY, story.id))
    )
    choices = (("Catch up", pack(Act.LATEST, story.id)), other, ("Stop", pack(Act.STOP, story.id)))
    buttons = tuple(line for choice in choices for line in row(choice))
    return Reply(Rendered("", buttons), toast=toast, in_place=True, only_buttons=True)


async def _story(desk: Desk, numbers: tuple[int, ...]) -> Story | None:
    async with desk.database.read() as connection:
        return await story_store.by_id(connection, numbers[0]) if numbers else None


async def _follow(desk: Desk, ask: Ask, story: Story) -> Reply:
    """The sender sends the welcome, as a message that is kept true; here only what keeps it waiting is said."""
    if not await ask.may_change():
        return _refused()
    async with desk.database.write() as connection:
        is_new = await subscriptions.subscribe(connection, ask.chat.id, ask.thread_id, story.id)
    if not is_new:
        return say(f"This chat follows {story.title or story.slug} already. /latest catches up.")
    desk.wake()
    if story.first_read_at is None:
        return Reply(welcome(story, (), 0, desk.bot_name, stop=pack(Act.STOP, story.id)))
    return Reply()


async def _stop(desk: Desk, ask: Ask, story: Story) -> Reply:
    if not await ask.may_change():
        return _refused()
    async with desk.database.write() as connection:
        did = await subscriptions.unsubscribe(connection, ask.chat.id, ask.thread_id, story.id)
    if not did:
        return say(f"This chat does not follow {story.title or story.slug}.")
    return say(f"Stopped: {story.title or story.slug}. /subscribe {story.slug} brings it back.")


def _refused() -> Reply:
    return Reply(toast=NOT_ALLOWED)
