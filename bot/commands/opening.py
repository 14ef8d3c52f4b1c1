"""/open, /close, /pause, /resume: what the administrators named in the configuration may do with stories."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from bot.callbacks import Act, pack
from bot.commands.asking import NOT_AN_ADMINISTRATOR, Ask, Desk, Reply, say
from bot.commands.which import choose, named
from bot.delivery.desk import preview, unreadable
from storage import entries
from storage import stories as story_store
from storage.models import Entry, EventKind, Page, Story, StoryState

LONGEST_SLUG = 40
SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


async def on_open(desk: Desk, ask: Ask) -> Reply:
    """`/open <address> [slug]`: reads the page once, shows what it understood, and opens the story on a button."""
    if not desk.is_run_by(ask):
        return say(NOT_AN_ADMINISTRATOR)
    address, wanted = (*ask.words, "", "")[:2]
    address = re.sub(
        r"^https?://", lambda scheme: scheme[0].lower(), address, flags=re.IGNORECASE
    )  # phones write "Https"
    if not re.match(r"https?://|telegram:-?\d+$", address):
        return say("Say which page: /open https://example.org/live, and a short name after it if you like.")
    if wanted and not SLUG.fullmatch(wanted):
        return say("The short name may hold small letters, digits and hyphens, such as syria-withdrawal.")
    page, sentence = await desk.preview(address)
    if page is None:
        return Reply(unreadable(sentence))
    story = await _draft(desk, ask, address, wanted, page)
    if story is None:
        return say(f"There is a story called {wanted} already. /stories lists them.")
    opening = pack(Act.OPEN, story.id)
    return Reply(preview(story, page, sentence, open_it=opening, cancel=pack(Act.CANCEL, story.id)))


async def _draft(desk: Desk, ask: Ask, address: str, wanted: str, page: Page) -> Story | None:
    """A story that waits for the button; None if the name is taken."""
    async with desk.database.write() as connection:
        slug = wanted or await _free_slug(connection, page.title or address)
        known = await story_store.by_slug(connection, slug)
        if known is not None and known.state is not StoryState.DRAFT:
            return None
        values = {"source": address, "title": page.title, "state": StoryState.DRAFT.value, "opened_by": ask.user_id}
        return await story_store.put(connection, slug, values)


async def _free_slug(connection: Any, title: str) -> str:
    slug = start = slug_of(title)
    for number in range(2, 1000):
        if await story_store.by_slug(connection, slug) is None:
            break
        slug = f"{start}-{number}"
    return slug


def slug_of(title: str) -> str:
    """A short name made of a title's first words."""
    plain = unicodedata.normalize("NFKD", re.sub(r"^https?://", "", title)).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    slug = ""
    for word in words:
        if slug and len(slug) + len(word) >= LONGEST_SLUG:
            break
        slug = f"{slug}-{word}" if slug else word[:LONGEST_SLUG]
    return slug or "story"


async def on_close(desk: Desk, ask: Ask) -> Reply:
    return await _change(desk, ask, Act.CLOSE, "Which story has ended?")


async def on_pause(desk: Desk, ask: Ask) -> Reply:
    return await _change(desk, ask, Act.PAUSE, "Which story should be held?")


async def on_resume(desk: Desk, ask: Ask) -> Reply:
    return await _change(desk, ask, Act.RESUME, "Which story should go on?")


async def _change(desk: Desk, ask: Ask, act: Act, question: str) -> Reply:
    if not desk.is_run_by(ask):
        return say(NOT_AN_ADMINISTRATOR)
    there = await _eligible(desk, act)
    if not there:
        return say("There is no such story. /stories lists them.")
    found = named(ask.text, there)
    if len(found) == 1:
        return await CHANGES[act](desk, ask, (found[0].id,))
    if not found:
        question = f"No such story is called “{ask.text[:60]}”. {question}"
    return choose(found or there, lambda story: pack(act, story.id), question)


async def _eligible(desk: Desk, act: Act) -> Sequence[Story]:
    async with desk.database.read() as connection:
        there = [story for story in await story_store.all_of(connection) if story.is_watched]
    if act is Act.RESUME:
        return [story for story in there if story.is_paused or story.state is StoryState.ENDED]
    if act is Act.PAUSE:
        return [story for story in there if not story.is_paused]
    return [story for story in there if story.state is StoryState.LIVE]


# --- buttons --------------------------------------------------------------------------------------------------------


async def press_open(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    story = await _set(desk, ask, numbers, state=StoryState.LIVE.value, next_poll_at=None, ended_at=None)
    return _done(story, "Opened: {}. Its page is read now; /subscribe {slug} follows it.", in_place=True)


async def press_cancel(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    if not desk.is_run_by(ask):
        return Reply(toast=NOT_AN_ADMINISTRATOR)
    async with desk.database.write() as connection:
        await story_store.drop_draft(connection, numbers[0])
    return Reply(say("Not opened.").rendered, in_place=True)


async def press_close(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    """The coverage has ended: the chats are told once, and late corrections are still read."""
    if not desk.is_run_by(ask):
        return Reply(toast=NOT_AN_ADMINISTRATOR)
    async with desk.database.write() as connection:
        story = await story_store.by_id(connection, numbers[0])
        if story is None or story.state is not StoryState.LIVE:
            return Reply(toast="That story is not open.")
        await story_store.change(connection, story.id, state=StoryState.ENDED.value, ended_at=ask.now)
        await log_end(connection, story, ask)
    desk.wake()
    return _done(story, "Closed: {}. Its chats are told; corrections still reach them. /resume {slug} opens it again.")


async def log_end(connection: Any, story: Story, ask: Ask) -> None:
    """Write the end into the story's log, where there is anything to end."""
    newest: Sequence[Entry] = await entries.newest(connection, story.id, 1)
    happened = [(EventKind.ENDED, entry.id, entry.number) for entry in newest]
    await entries.append(connection, story.id, happened, ask.now)


async def press_pause(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    story = await _set(desk, ask, numbers, is_paused=1)
    return _done(story, "Held: {}. It is neither read nor told until /resume {slug}.")


async def press_resume(desk: Desk, ask: Ask, numbers: tuple[int, ...]) -> Reply:
    live = {"state": StoryState.LIVE.value, "ended_at": None}
    story = await _set(desk, ask, numbers, is_paused=0, next_poll_at=None, **live)
    return _done(story, "{} goes on.")


async def _set(desk: Desk, ask: Ask, numbers: tuple[int, ...], **values: Any) -> Story | str:
    """Change the story; what is wrong instead, if something is."""
    if not desk.is_run_by(ask):
        return NOT_AN_ADMINISTRATOR
    async with desk.database.write() as connection:
        story = await story_store.by_id(connection, numbers[0])
        if story is None:
            return "That story is gone."
        await story_store.change(connection, story.id, **values)
    desk.read_now()
    desk.wake()
    return story


def _done(story: Story | str, words: str, *, in_place: bool = False) -> Reply:
    if isinstance(story, str):
        return Reply(toast=story)
    told = words.replace("{slug}", story.slug).replace("{}", story.title or story.slug)
    return Reply(say(told).rendered, in_place=in_place)


CHANGES = {Act.CLOSE: press_close, Act.PAUSE: press_pause, Act.RESUME: press_resume}
