"""/latest, and single entries: the archive asked for what happened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.callbacks import Act, pack
from bot.commands.asking import Ask, Desk, Reply, say
from bot.commands.which import at_hand, choose, named
from bot.delivery.answers import latest, one_entry
from bot.delivery.compose import lead_speaker
from storage import entries, quotes
from storage import stories as story_store
from storage.models import Entry, Story

USUAL = 5
MOST = 20
UNITS = {"m": "minute", "h": "hour", "d": "day"}
UNIT_MINUTES = {"m": 1, "h": 60, "d": 1440}
LONGEST = 60 * 24 * 365


async def on_latest(desk: Desk, ask: Ask) -> Reply:
    """`/latest`, `/latest 10`, `/latest 30m`; a story's name may stand beside it."""
    count, minutes, rest = _arguments(ask.words)
    if count == 0 or minutes == 0:
        return say("Ask for a number of updates or a time, such as /latest 10, /latest 30m or /latest 2h.")
    async with desk.database.read() as connection:
        there = await at_hand(connection, ask)
        found = named(rest, there) or named(rest, await story_store.all_of(connection))
        if len(found) == 1:
            if minutes is not None:
                return await _since(connection, desk, ask, found[0], minutes)
            return await _newest(connection, desk, ask, found[0], min(MOST, count or USUAL))
    if not there:
        return say("There is no story yet.")
    if not found:
        return say(
            f"No story is called “{rest[:60]}”. /stories shows what there is; /latest 10 or /latest 2h asks for more."
        )
    return choose(found, lambda story: pack(Act.LATEST, story.id), "Which story?")


def _arguments(words: Sequence[str]) -> tuple[int | None, int | None, str]:
    """How many, how many minutes, and the words that are neither."""
    count, minutes, rest = None, None, []
    for word in words:
        if re.fullmatch(r"-\d+", word):
            count = 0
        elif re.fullmatch(r"\d{1,6}", word):
            count = int(word)
        elif found := re.fullmatch(r"(\d{1,6})([mhd])", word.lower()):
            minutes = min(LONGEST, int(found[1]) * UNIT_MINUTES[found[2]])
        else:
            rest.append(word)
    return count, minutes, " ".join(rest)


async def one(desk: Desk, entry_id: int) -> Reply:
    """One entry whole."""
    async with desk.database.read() as connection:
        entry = await entries.by_id(connection, entry_id)
        story = await story_store.by_id(connection, entry.story_id) if entry else None
    if entry is None or story is None:
        return say("That update is not in the archive.")
    return Reply(one_entry(entry, story))


# --- buttons --------------------------------------------------------------------------------------------------------


async def press_latest(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    async with desk.database.read() as connection:
        story = await story_store.by_id(connection, numbers[0])
        return await _newest(connection, desk, ask, story, USUAL) if story else _gone()


async def press_since(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    async with desk.database.read() as connection:
        story = await story_store.by_id(connection, numbers[0])
        if story is None:
            return _gone()
        return _in_place(await _since(connection, desk, ask, story, min(LONGEST, numbers[1])))


async def press_older(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    return await _turn(desk, ask, numbers, older=True)


async def press_newer(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    return await _turn(desk, ask, numbers, older=False)


async def _turn(desk: Desk, ask: Ask, numbers: tuple[int, ...], *, older: bool) -> Reply:
    """The page next to an entry. Pages hang on entries, not on numbers, so news in between moves nothing."""
    async with desk.database.read() as connection:
        story = await story_store.by_id(connection, numbers[0])
        entry = await entries.by_id(connection, numbers[1])
        if story is None or entry is None:
            return _gone()
        before, after = (entry, None) if older else (None, entry)
        page = await entries.newest(connection, story.id, USUAL, before=before, after=after)
        offset = await entries.count_newer(connection, story.id, than=page[0]) if page else 0
        return _in_place(await _page(connection, desk, story, page, offset=offset))


def _in_place(reply: Reply) -> Reply:
    return Reply(reply.rendered, reply.toast, in_place=True)


def _gone() -> Reply:
    return Reply(toast="That is not in the archive any more.")


# --- pages ----------------------------------------------------------------------------------------------------------


async def _newest(connection: AsyncConnection, desk: Desk, ask: Ask, story: Story, count: int) -> Reply:
    return await _page(connection, desk, story, await entries.newest(connection, story.id, count))


async def _since(connection: AsyncConnection, desk: Desk, ask: Ask, story: Story, minutes: int) -> Reply:
    since = ask.now - timedelta(minutes=minutes)
    page = await entries.newest(connection, story.id, MOST, since=since)
    total = await entries.count_newer(connection, story.id, since=since)
    return await _page(connection, desk, story, page, minutes=minutes, total=total)


async def _page(
    connection: AsyncConnection,
    desk: Desk,
    story: Story,
    page: Sequence[Entry],
    *,
    offset: int = 0,
    minutes: int | None = None,
    total: int | None = None,
) -> Reply:
    """The page, after `offset` newer entries; `minutes` is the time that it is of, with so many entries in `total`."""
    is_more = total is not None and total >= entries.MOST_COUNTED
    if total is None:
        total = await entries.count(connection, story.id)
    newest = [] if page or minutes is None else await entries.newest(connection, story.id, 1)
    said = await quotes.of_entries(connection, [entry.id for entry in page])
    speakers = {entry.id: lead_speaker(entry, said.get(entry.id, ())) for entry in page}
    paged = latest(
        story,
        page,
        total,
        desk.bot_name,
        offset=offset,
        is_more=is_more,
        period=_period(minutes) if minutes is not None else "",
        older=lambda shown: pack(Act.OLDER, story.id, page[shown - 1].id),
        newer=pack(Act.NEWER, story.id, page[0].id) if offset else None,
        last_hour=pack(Act.SINCE, story.id, 60) if minutes is None else None,
        quotes=pack(Act.QUOTES, story.id),
        newest=pack(Act.LATEST, story.id),
        before=newest[0] if newest else None,
        lead_speaker={entry_id: name for entry_id, name in speakers.items() if name},
    )
    return Reply(paged.rendered)


def _period(minutes: int) -> str:
    for unit in ("d", "h", "m"):
        count, rest = divmod(minutes, UNIT_MINUTES[unit])
        if count and not rest:
            return f"the last {UNITS[unit]}" if count == 1 else f"the last {count} {UNITS[unit]}s"
    return f"the last {minutes} minutes"
