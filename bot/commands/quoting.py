"""/quotes and /speakers: who said what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.callbacks import Act, pack
from bot.commands.asking import Ask, Desk, Reply, say
from bot.commands.which import at_hand, choose
from bot.delivery.answers import choose_speaker, no_speaker, quotes, speakers
from bot.quotes import holds, matching, split_query
from storage import quotes as quote_store
from storage import stories as story_store
from storage.models import Speaker, StoredQuote, Story

PAGE = 10
NEWER, OLDER = 0, 1  # which side of a quote a button leads to
MOST_SEARCHED = 1000
LONGEST_TEXT = 2**31 - 1  # what the database counts letters with

Known = list[tuple[int, Speaker, Story]]  # the speaker's id, and where it is quoted


async def on_quotes(desk: Desk, ask: Ask) -> Reply:
    """`/quotes` is everybody's newest, `/quotes lavrov` a speaker's."""
    async with desk.database.read() as connection:
        there = await at_hand(connection, ask)
        if not there:
            return say("There is no story yet.")
        if not ask.words:
            if len(there) > 1:
                return choose(there, lambda story: pack(Act.QUOTES, story.id), "Quotes from which story?")
            return await _everybody(connection, desk, there[0], None)
        known = await known_speakers(connection, there)
        people = [speaker for _, speaker, _ in known]
        name, words = split_query(ask.text, people)
        found = matching(name, people)
        if len(found.found) == 1:
            speaker_id = known[found.found[0]][0]
            return await (
                _holding(connection, desk, speaker_id, words) if words else _said(connection, desk, speaker_id, None)
            )
    several = [known[place] for place in found.found]
    if several:
        return Reply(choose_speaker(ask.text, _labels(several, there), lambda place: _button(several[place][0])))
    near = [known[place] for place in found.nearest]
    return Reply(no_speaker(ask.text, _labels(near, there), lambda place: _button(near[place][0])))


async def known_speakers(connection: AsyncConnection, there: Sequence[Story]) -> Known:
    """Everybody whose words these stories hold."""
    known: Known = []
    for story in there:
        counted = await quote_store.counts(connection, story.id)
        register = await quote_store.register(connection, story.id)
        known += [(speaker_id, speaker, story) for speaker_id, speaker in register if counted.get(speaker_id)]
    return known


def _labels(known: Known, there: Sequence[Story]) -> list[str]:
    """Names; where several stories are at hand, with the story."""
    if len(there) == 1:
        return [speaker.name for _, speaker, _ in known]
    return [f"{speaker.name} · {story.title or story.slug}" for _, speaker, story in known]


def _button(speaker_id: int) -> str:
    return pack(Act.SAID, speaker_id)


async def on_speakers(desk: Desk, ask: Ask) -> Reply:
    async with desk.database.read() as connection:
        there = await at_hand(connection, ask)
        if not there:
            return say("There is no story yet.")
        if len(there) > 1:
            return choose(there, lambda story: pack(Act.SPEAKERS, story.id), "Speakers of which story?")
        return await _speakers(connection, there[0])


# --- buttons --------------------------------------------------------------------------------------------------------


async def press_quotes(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    """(story, ...): a page of everybody's quotes, see `_turned`."""
    async with desk.database.read() as connection:
        story = await story_store.by_id(connection, numbers[0])
        turn = await _turned(connection, numbers)
        if story is None:
            return Reply(toast="That story is gone.")
        return _placed(await _everybody(connection, desk, story, turn), turn)


async def press_said(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    """(speaker, ...): a page of a speaker's quotes, see `_turned`."""
    async with desk.database.read() as connection:
        turn = await _turned(connection, numbers)
        return _placed(await _said(connection, desk, numbers[0], turn), turn)


@dataclass(frozen=True)
class Turn:
    """To the page next to a quote. Pages hang on quotes, not on numbers, so news in between moves nothing."""

    place: quote_store.Place
    is_older: bool


async def _turned(connection: AsyncConnection, numbers: tuple[int, ...]) -> Turn | None:
    """Behind a story or a speaker may stand the entry and place of a quote, and OLDER or NEWER; without, or where the
    entry is gone, it is the first page.
    """
    if len(numbers) != 4:
        return None
    place = await quote_store.place_in(connection, numbers[1], min(numbers[2], LONGEST_TEXT))
    return Turn(place, numbers[3] == OLDER) if place else None


async def press_speakers(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    async with desk.database.read() as connection:
        story = await story_store.by_id(connection, numbers[0])
        return await _speakers(connection, story) if story else Reply(toast="That story is gone.")


def _placed(reply: Reply, turn: Turn | None) -> Reply:
    return Reply(reply.rendered, reply.toast, in_place=turn is not None)


# --- pages ----------------------------------------------------------------------------------------------------------


async def _said(connection: AsyncConnection, desk: Desk, speaker_id: int, turn: Turn | None) -> Reply:
    found = await quote_store.speaker(connection, speaker_id)
    story = await story_store.by_id(connection, found[0]) if found else None
    if found is None or story is None:
        return Reply(toast="That speaker is not in the archive any more.")
    page, offset = await _page(connection, quote_store.by(speaker_id), turn, story, found[1])
    paged = quotes(
        story,
        found[1],
        page,
        desk.bot_name,
        total=await quote_store.count_by(connection, speaker_id),
        offset=offset,
        older=lambda shown: _beside(Act.SAID, speaker_id, page[shown - 1], OLDER),
        newer=_beside(Act.SAID, speaker_id, page[0], NEWER) if offset else None,
        follow=pack(Act.FOLLOW_SPEAKER, speaker_id),
        everyone=pack(Act.SPEAKERS, story.id),
    )
    return Reply(paged.rendered)


async def _holding(connection: AsyncConnection, desk: Desk, speaker_id: int, words: str) -> Reply:
    """The speaker's quotes that hold these words, else those of entries that do; the newest that fit into a message."""
    found = await quote_store.speaker(connection, speaker_id)
    story = await story_store.by_id(connection, found[0]) if found else None
    if found is None or story is None:
        return Reply(toast="That speaker is not in the archive any more.")
    texts = await quote_store.texts(connection, speaker_id, MOST_SEARCHED)
    ids = [quote_id for quote_id, text in texts if holds(text, words)]
    if not ids:  # "geneva" of the entry "talks had resumed in Geneva, adding that "the work is not easy""
        near = await quote_store.surroundings(connection, speaker_id, MOST_SEARCHED)
        ids = [quote_id for quote_id, text in near if holds(text, words)]
    if not ids:
        return say(f"{found[1].name} is not quoted with “{words[:60]}”. /quotes {found[1].name} shows all there is.")
    said = await quote_store.by_ids(connection, ids[:PAGE])
    everything = pack(Act.SPEAKERS, story.id)
    return Reply(quotes(story, found[1], said, desk.bot_name, total=len(ids), everyone=everything).rendered)


async def _everybody(connection: AsyncConnection, desk: Desk, story: Story, turn: Turn | None) -> Reply:
    page, offset = await _page(connection, quote_store.of_story(story.id), turn, story, None)
    paged = quotes(
        story,
        None,
        page,
        desk.bot_name,
        total=await quote_store.count_of_story(connection, story.id),
        offset=offset,
        older=lambda shown: _beside(Act.QUOTES, story.id, page[shown - 1], OLDER),
        newer=_beside(Act.QUOTES, story.id, page[0], NEWER) if offset else None,
        everyone=pack(Act.SPEAKERS, story.id),
        people=await _people(connection, page),
    )
    return Reply(paged.rendered)


async def _page(
    connection: AsyncConnection, which: ColumnElement[bool], turn: Turn | None, story: Story, speaker: Speaker | None
) -> tuple[list[StoredQuote], int]:
    """The quotes of a page, and how many newer ones there are."""
    if turn is None:
        return await quote_store.newest(connection, which, PAGE), 0
    if turn.is_older:
        page = await quote_store.newest(connection, which, PAGE, before=turn.place)
    else:
        page = await quote_store.newest(connection, which, PAGE, after=turn.place)
        people = await _people(connection, page)
        while quotes(story, speaker, page, "", total=0, people=people).shown < len(page):
            page = page[1:]  # so that none is left out between the pages
    first = quote_store.place_of(page[0]) if page else turn.place
    return page, await quote_store.count_newer(connection, which, first)


async def _people(connection: AsyncConnection, page: Sequence[StoredQuote]) -> dict[int, Speaker]:
    return await quote_store.people(connection, {quote.speaker_id for quote in page if quote.speaker_id})


def _beside(act: Act, number: int, quote: StoredQuote, side: int) -> str:
    return pack(act, number, quote.entry_id, quote.start, side)


async def _speakers(connection: AsyncConnection, story: Story) -> Reply:
    counted = await quote_store.counts(connection, story.id)
    register = await quote_store.register(connection, story.id)
    known = [(speaker_id, speaker) for speaker_id, speaker in register if counted.get(speaker_id)]
    known.sort(key=lambda one: -counted[one[0]])
    return Reply(
        speakers(
            story,
            [(speaker, counted[speaker_id]) for speaker_id, speaker in known],
            counted.get(None, 0),
            pick=lambda place: _button(known[place][0]),
        )
    )
