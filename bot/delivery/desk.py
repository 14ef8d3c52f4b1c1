"""What the administrators read: the preview of a story, and what they are warned of."""

from __future__ import annotations

from bot.delivery import stamps
from bot.delivery.cutting import cut
from bot.delivery.outside import plain
from bot.delivery.pieces import finished, title_of, updates
from bot.delivery.rendered import Rendered, row
from bot.delivery.richtext import Rich, bold, italic, join
from storage.models import Page, ParsedEntry, Story

_SHOWN = 3
_WARNINGS = 5
_WORDS = 120


def preview(story: Story, page: Page, note: str, *, open_it: str, cancel: str) -> Rendered:
    """What was understood of a page that may become a story."""
    facts = f"{page.format} · {updates(len(page.entries))} · will be called {story.slug}"
    lines = [bold(title_of(story)), Rich(plain(facts)), Rich()]
    lines += [_line(entry) for entry in page.entries[:_SHOWN]] or [Rich("No update was found on it yet.")]
    warnings = [*([note] if note else []), *page.warnings]
    lines += [italic(Rich("Warning: ") + _short(warning)) for warning in warnings[:_WARNINGS]]
    return Rendered(finished(join(lines, "\n")), row(("Open", open_it), ("Cancel", cancel)))


def _line(entry: ParsedEntry) -> Rich:
    words = " ".join(f"{entry.title} {entry.text}".split()) or "(no text yet)"
    return bold(stamps.long_time(entry)) + " " + _short(words)


def _short(words: str) -> Rich:
    return cut(Rich(plain(words)), _WORDS)[0]


def unreadable(sentence: str) -> Rendered:
    return Rendered(finished(Rich("That page cannot be opened: ") + _short(sentence)))


def trouble(story: Story, sentence: str) -> Rendered:
    """A source stays broken."""
    words = bold(title_of(story)) + "\n" + Rich("The source cannot be read: ") + cut(Rich(plain(sentence)), 500)[0]
    return Rendered(finished(words + "\n" + Rich("It is tried again with longer and longer pauses; nothing is lost.")))


def recovered(story: Story) -> Rendered:
    return Rendered(finished(bold(title_of(story)) + "\n" + Rich("The source can be read again.")))


def suspicious(story: Story, count: int, hold: str) -> Rendered:
    """Unusually many unknown entries came in one reading."""
    words = (
        f"One reading brought {count} unknown updates, more than the {story.max_new} that are usual. "
        "They go out as one recap. Was the page redesigned, or is it read wrongly?"
    )
    return Rendered(finished(bold(title_of(story)) + "\n" + Rich(words)), row(("Hold the story", hold)))
