"""/quotes and /speakers: who said what."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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
MOST_SEARCHED = 1000

Known = list[tuple[int, Speaker, Story]]  # the speaker's id, and where it is quoted


async def on_quotes(desk: Desk, ask: Ask) -> Reply:
    """`/quotes` is everybody's newest, `/quotes lavrov` a speaker's."""
    async with desk.database.read() as connection:
        there = await at_hand(connection, ask)
        if not there:
            return say("There is no story yet.")
        if not ask.words:
            if len(there) > 1:
                return choose(there, lambda story: pack(Act.QUOTES, story.id, 0), "Quotes from which story?")
            return await _everybody(connection, desk, there[0], 0)
        known = await known_speakers(connection, there)
        people = [speaker for _, speaker, _ in known]
        name, words = split_query(ask.text, people)
        found = matching(name, people)
        if len(found.found) == 1:
            speaker_id = known[found.found[0]][0]
            return await (
                _holding(connection, desk, speaker_id, words) if words else _said(connection, desk, speaker_id, 0)
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
    return pack(Act.SAID, speaker_id, 0)


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
    """(story, offset): a page of everybody's quotes; (…, 1) in place of the page before."""
    async with desk.database.read() as connection:
        story = await story_store.by_id(connection, numbers[0])
        if story is None:
            return Reply(toast="That story is gone.")
        return _placed(await _everybody(connection, desk, story, numbers[1]), numbers)


async def press_said(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    """(speaker, offset): a page of a speaker's quotes; (…, 1) in place of the page before."""
    async with desk.database.read() as connection:
        return _placed(await _said(connection, desk, numbers[0], numbers[1]), numbers)


async def press_speakers(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    async with desk.database.read() as connection:
        story = await story_store.by_id(connection, numbers[0])
        return await _speakers(connection, story) if story else Reply(toast="That story is gone.")


def _placed(reply: Reply, numbers: tuple[int, ...]) -> Reply:
    return Reply(reply.rendered, reply.toast, in_place=numbers[2:] == (1,))


# --- pages ----------------------------------------------------------------------------------------------------------


async def _said(connection: AsyncConnection, desk: Desk, speaker_id: int, offset: int) -> Reply:
    found = await quote_store.speaker(connection, speaker_id)
    story = await story_store.by_id(connection, found[0]) if found else None
    if found is None or story is None:
        return Reply(toast="That speaker is not in the archive any more.")
    counted = await quote_store.counts(connection, story.id)
    newer = await quote_store.of_speaker(connection, speaker_id, *_ahead_of(offset))
    before = _page_before(offset, newer, lambda page: quotes(story, found[1], page, desk.bot_name, total=0).shown)
    paged = quotes(
        story,
        found[1],
        await quote_store.of_speaker(connection, speaker_id, PAGE, offset),
        desk.bot_name,
        total=counted.get(speaker_id, 0),
        offset=offset,
        older=lambda shown: pack(Act.SAID, speaker_id, offset + shown, 1),
        newer=pack(Act.SAID, speaker_id, before, 1) if offset else None,
        follow=pack(Act.FOLLOW_SPEAKER, speaker_id),
        everyone=pack(Act.SPEAKERS, story.id),
    )
    return Reply(paged.rendered)


async def _holding(connection: AsyncConnection, desk: Desk, speaker_id: int, words: str) -> Reply:
    """The speaker's quotes that hold these words, the newest that fit into a message."""
    found = await quote_store.speaker(connection, speaker_id)
    story = await story_store.by_id(connection, found[0]) if found else None
    if found is None or story is None:
        return Reply(toast="That speaker is not in the archive any more.")
    said = [
        one for one in await quote_store.of_speaker(connection, speaker_id, MOST_SEARCHED) if holds(one.text, words)
    ]
    if not said:
        return say(f"{found[1].name} is not quoted with “{words[:60]}”. /quotes {found[1].name} shows all there is.")
    everything = pack(Act.SPEAKERS, story.id)
    return Reply(quotes(story, found[1], said, desk.bot_name, total=len(said), everyone=everything).rendered)


async def _everybody(connection: AsyncConnection, desk: Desk, story: Story, offset: int) -> Reply:
    counted = await quote_store.counts(connection, story.id)
    newer = await quote_store.newest(connection, story.id, *_ahead_of(offset))
    before = _page_before(offset, newer, lambda page: quotes(story, None, page, desk.bot_name, total=0).shown)
    paged = quotes(
        story,
        None,
        await quote_store.newest(connection, story.id, PAGE, offset),
        desk.bot_name,
        total=sum(count for speaker_id, count in counted.items() if speaker_id is not None),
        offset=offset,
        older=lambda shown: pack(Act.QUOTES, story.id, offset + shown, 1),
        newer=pack(Act.QUOTES, story.id, before, 1) if offset else None,
        everyone=pack(Act.SPEAKERS, story.id),
    )
    return Reply(paged.rendered)


def _ahead_of(offset: int) -> tuple[int, int]:
    """How many of the newer quotes can stand on the page before, and the place of the first."""
    return min(PAGE, offset), max(0, offset - PAGE)


def _page_before(offset: int, newer: Sequence[StoredQuote], fit: Callable[[Sequence[StoredQuote]], int]) -> int:
    """Where the page before begins: as many of the newer quotes as fit into one message, and none left out."""
    while newer and fit(newer) < len(newer):
        newer = newer[1:]
    return offset - len(newer)


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
