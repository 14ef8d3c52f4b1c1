"""Messages about a story as a whole: the welcome, what was missed, the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.delivery import stamps
from bot.delivery.briefs import brief, line
from bot.delivery.outside import safe_url
from bot.delivery.pieces import Item, finished, linked_title, remarks, title_of, updates
from bot.delivery.rendered import Rendered, row
from bot.delivery.richtext import Rich, bold, join, link
from storage.models import Entry, Standing, Story, StoryState

RECAP_LINES = 5
_COMMANDS = "/latest catch up · /quotes who said what · /unsubscribe stop"


def welcome(
    story: Story,
    newest: Sequence[Entry | Item],
    total: int,
    bot: str,
    *,
    catch_up: str | None = None,
    only_key: str | None = None,
    everything: str | None = None,
    stop: str | None = None,
    lead_speaker: Mapping[int, str] | None = None,
) -> Rendered:
    """The answer to /subscribe; `newest` is newest first, `total` counts the story's entries.

    The buttons' data are given; a button without is left out.
    """
    lines = [
        bold(Rich("You now follow: ") + title_of(story)),
        Rich(_promise(story, only_key=everything is not None)),
        Rich(),
    ]
    lines.append(_newest(story, [Item.of(shown) for shown in newest], bot, lead_speaker))
    lines += [Rich(), Rich(_COMMANDS)]
    buttons = row(
        ("Catch up", catch_up if total else None),
        ("Only corrections and key events", only_key),
        ("All updates", everything),
        ("Stop", stop),
    )
    return Rendered(finished(join(lines, "\n")), tuple((button,) for line in buttons for button in line))


def _promise(story: Story, *, only_key: bool) -> str:
    if story.state is StoryState.ENDED:
        return "This coverage has ended; corrections will still come here."
    if only_key:
        return "Only key events come here, and corrections of what you have. Sound at most once in 10 minutes."
    return "New updates come here; corrections change the message you have. Sound at most once in 10 minutes."


def _newest(story: Story, newest: Sequence[Item], bot: str, speakers: Mapping[int, str] | None) -> Rich:
    if not newest:
        if story.first_read_at is None:
            return Rich("The page has not been read yet. What it says will come here as soon as it has.")
        return Rich("There is no update yet. The first one will come here.")
    item = newest[0]
    when = join([stamps.long_time(item.entry), *remarks(item)], " · ")
    if item.entry.standing is Standing.DELETED:
        return Rich("Newest so far, ") + when
    return Rich("Newest so far, ") + when + ": " + brief(item, bot, speakers)


def missed(
    story: Story,
    entries: Sequence[Entry | Item],
    count: int,
    bot: str,
    *,
    read: str | None = None,
    lead_speaker: Mapping[int, str] | None = None,
) -> Rendered:
    """A recap in place of many messages: how many updates there were, and the newest of them, newest first."""
    shown = [Item.of(entry) for entry in entries[:RECAP_LINES]]
    count = max(count, len(shown))
    lines = [line(item, bot, lead_speaker) for item in shown]
    above = "" if count > len(shown) else ":"
    start = bold(f"{updates(count)} since your last message{above}")
    if count > len(shown) > 0:
        start = start + "; the newest:"
    rich = join([start, Rich(), *lines, Rich(), linked_title(story)], "\n")
    return Rendered(finished(rich), row(("Read them" if count > 1 else "Read it", read)))


def ended(story: Story, total: int, last: Entry | None) -> Rendered:
    """The coverage is over."""
    told = Rich(f"{updates(total)}; the last at ") + stamps.long_time(last) if last else Rich(updates(total))
    told = told + ". Corrections will still reach you. /latest and /quotes keep working."
    lines = [bold(Rich("This coverage has ended: ") + title_of(story)), told]
    if url := safe_url(story.link):
        lines.append(link("Read the whole page", url))
    return Rendered(finished(join(lines, "\n")))
