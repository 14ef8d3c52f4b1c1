"""The answers to commands.

Long answers come in pages: a `Paged` says how many of the given things it shows. Where a button leads is the caller's:
it gives the data (at most 64 bytes) of each button, or a function that makes it from the number of things shown; a
button without data is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.delivery import stamps
from bot.delivery.briefs import line
from bot.delivery.cutting import cut
from bot.delivery.outside import plain
from bot.delivery.pieces import Item, finished, fitting, title_of, updates
from bot.delivery.quoting import quotes
from bot.delivery.render import one_entry
from bot.delivery.rendered import Button, Paged, Rendered, row, rows
from bot.delivery.richtext import Rich, bold, italic, join
from storage.models import Entry, Speaker, Story, StoryState

__all__ = [
    "StoryLine",
    "choose_name",
    "choose_speaker",
    "choose_story",
    "help_text",
    "latest",
    "no_speaker",
    "one_entry",
    "quotes",
    "said",
    "speakers",
    "start",
    "stories",
]

MOST_BUTTONS = 30
_LABEL = 40  # code points; longer ones Telegram cuts off


def latest(
    story: Story,
    entries: Sequence[Entry | Item],
    total: int,
    bot: str,
    *,
    offset: int = 0,
    is_more: bool = False,
    period: str = "",
    older: Callable[[int], str] | None = None,
    newer: str | None = None,
    last_hour: str | None = None,
    quotes: str | None = None,
    newest: str | None = None,
    before: Entry | None = None,
    lead_speaker: Mapping[int, str] | None = None,
) -> Paged:
    """`/latest`: entries newest first, after `offset` newer ones, of `total`.

    `period` ("the last 2 hours") is what `total` counts in, if not the whole story; `is_more`: there are even more.
    `before` is the newest entry of all, and `newest` leads there, for a period that has none.
    """
    items = [Item.of(entry) for entry in entries]
    if not items:
        return Paged(
            _nothing(story, period, before, row(("Newest", newest if before else None), ("Quotes", quotes))), 0
        )
    lines = [line(item, bot, lead_speaker) for item in items]
    shown = fitting(lines)
    total = max(total, offset + shown)
    left = total - offset - shown
    above = [bold(title_of(story)), _counted(items[0], total, offset, shown, period, is_more=is_more), Rich()]
    buttons = row(
        ("Newer", newer),
        (f"{left} older", older(shown) if older and left else None),
        ("Last hour", last_hour),
        ("Quotes", quotes),
    )
    return Paged(Rendered(finished(join([*above, *lines[:shown]], "\n")), buttons), shown)


def _counted(first: Item, total: int, offset: int, shown: int, period: str, *, is_more: bool) -> Rich:
    count = Rich(("more than " if is_more else "") + updates(total) + (f" in {plain(period)}" if period else ""))
    if offset:
        return count + f" · {offset + 1} to {offset + shown}"
    return count + " · newest " + stamps.long_time(first.entry)


def _nothing(story: Story, period: str, newest: Entry | None, buttons: tuple[tuple[Button, ...], ...]) -> Rendered:
    if story.first_read_at is None:
        words = Rich("The page has not been read yet.")
    elif period:
        words = Rich(f"No update in {plain(period)}.")
    else:
        words = Rich("There is no update yet.")
    if newest is not None:
        words = words + " The newest is of " + stamps.long_time(newest) + "."
    return said(bold(title_of(story)) + "\n" + words, buttons)


def said(words: Rich | str, buttons: tuple[tuple[Button, ...], ...] = ()) -> Rendered:
    """A sentence; a `str` may hold words from outside."""
    return Rendered(finished(Rich(plain(words)) if isinstance(words, str) else words), buttons)


# --- who is quoted --------------------------------------------------------------------------------------------------


def speakers(
    story: Story,
    counted: Sequence[tuple[Speaker, int]],
    unattributed: int = 0,
    *,
    pick: Callable[[int], str] | None = None,
) -> Rendered:
    """`/speakers`: everyone quoted and how often; `pick(n)` is the data of the button of the n-th."""
    start = bold(Rich("Quoted in: ") + title_of(story))
    lines = [_speaker(speaker, count) for speaker, count in counted]
    shown = fitting(lines) if lines else 0
    if not counted:
        lines = [Rich("Nobody yet.")]
    elif shown < len(lines):
        lines[shown:] = [Rich(f"and {len(lines) - shown} more")]
    tail = [Rich(), italic(_unattributed(unattributed, bool(counted)))] if unattributed else []
    names = [speaker.name for speaker, _ in counted[:shown]]
    return Rendered(finished(join([start, Rich(), *lines, *tail], "\n")), _choices(names, pick))


def _speaker(speaker: Speaker, count: int) -> Rich:
    role = f", {plain(speaker.role)}" if speaker.role else ""
    return _clipped(plain(speaker.name) + role, 200) + f" · {count}"


def _unattributed(count: int, has_others: bool) -> str:
    number = f"{count} {'more ' if has_others else ''}quote{'' if count == 1 else 's'}"
    return f"{number} {'comes' if count == 1 else 'come'} from statements, or from people who are not named."


def choose_speaker(query: str, names: Sequence[str], pick: Callable[[int], str]) -> Rendered:
    """Several speakers match."""
    return Rendered(finished(Rich("Who do you mean by “") + _query(query) + "”?"), _choices(names, pick))


def no_speaker(query: str, nearest: Sequence[str], pick: Callable[[int], str] | None = None) -> Rendered:
    """Nobody matches; the nearest names are offered."""
    words = Rich("Nobody called “") + _query(query) + "” is quoted here."
    return Rendered(finished(words + (" Did you mean:" if nearest else "")), _choices(nearest, pick))


def _query(query: str) -> Rich:
    return _clipped(plain(query), 60)


# --- stories --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story in a list: how many entries it has, the newest of them, and whether this chat follows it."""

    story: Story
    count: int = 0
    newest: Entry | None = None
    followed: bool = False


def stories(listed: Sequence[StoryLine], *, pick: Callable[[int], str] | None = None) -> Rendered:
    """`/stories`: every story; `pick(n)` is the data of the button of the n-th."""
    if not listed:
        return said("No story is being followed by this bot yet.")
    blocks = [_story(one) for one in listed]
    shown = fitting(blocks)
    if shown < len(blocks):
        blocks[shown:] = [Rich(f"and {len(blocks) - shown} more")]
    names = [one.story.title or one.story.slug for one in listed[:shown]]
    return Rendered(finished(join(blocks, "\n\n")), _choices(names, pick, per_row=1))


def _story(one: StoryLine) -> Rich:
    facts = [Rich(updates(one.count))]
    if one.newest is not None:
        facts.append(Rich("newest ") + stamps.long_time(one.newest))
    if one.story.state is StoryState.ENDED:
        facts.append(Rich("ended"))
    if one.followed:
        facts.append(italic("you follow it"))
    return bold(title_of(one.story)) + "\n" + join(facts, " · ")


def choose_story(listed: Sequence[Story], pick: Callable[[int], str], question: str = "Which story?") -> Rendered:
    """The command needs a story, and there are several."""
    return choose_name([story.title or story.slug for story in listed], pick, question)


def choose_name(names: Sequence[str], pick: Callable[[int], str], question: str) -> Rendered:
    """A question with a button for each answer."""
    return Rendered(finished(Rich(plain(question))), _choices(names, pick, per_row=1))


# --- the bot itself -------------------------------------------------------------------------------------------------


def help_text(commands: Sequence[tuple[str, str, str]]) -> Rendered:
    """`/help`: each command's name, arguments and summary."""
    lines = [Rich(" ".join(f"/{name} {arguments}".split())) + f" – {summary}" for name, arguments, summary in commands]
    return Rendered(finished(join([bold("What you can ask"), Rich(), *lines], "\n")))


def start(bot_name: str, listed: Sequence[Story] = (), *, pick: Callable[[int], str] | None = None) -> Rendered:
    """`/start`: what this is, and a button to follow each story."""
    words = (
        "I send you live updates as they are published, correct them when they are corrected, and tell you who said"
        " what."
    )
    lines = [bold(plain(bot_name)), Rich(words), Rich(), Rich("/help lists what you can ask.")]
    lines.append(Rich("Follow a story:" if listed and pick else "/stories shows what there is to follow."))
    names = [story.title or story.slug for story in listed]
    return Rendered(finished(join(lines, "\n")), _choices(names, pick, per_row=1))


# --- buttons --------------------------------------------------------------------------------------------------------


def _choices(
    names: Sequence[str], pick: Callable[[int], str] | None, per_row: int = 2
) -> tuple[tuple[Button, ...], ...]:
    """A button for each name."""
    if pick is None:
        return ()
    return rows((Button(_label(name), pick(at)) for at, name in enumerate(names[:MOST_BUTTONS])), per_row)


def _label(name: str) -> str:
    return _clipped(" ".join(name.split()), _LABEL).text or "?"


def _clipped(words: str, limit: int) -> Rich:
    return cut(Rich(words), limit)[0]
