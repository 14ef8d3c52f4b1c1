"""What every message is put together from: an entry's head, its body, the way to the rest, the story's title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.delivery import stamps
from bot.delivery.changes import changes, is_rewrite, same_words
from bot.delivery.cutting import cut
from bot.delivery.markup import MAX_LENGTH, rich_to_html
from bot.delivery.outside import page_text, plain, safe_url
from bot.delivery.richtext import Edit, Rich, bold, italic, join, link, struck
from storage.models import Content, Entry, Media, Revision, Standing, Story

WITHDRAWN = "The publisher took this update down. Please do not rely on it."

_LONGEST_STRUCK = 300
_LONGEST_TITLE = 200
_MOST_MEDIA = 3


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as it is now, and the revision that its message was first sent with (None: the same)."""

    entry: Entry
    first: Revision | None = None

    @classmethod
    def of(cls, shown: Entry | Item) -> Item:
        return shown if isinstance(shown, Item) else cls(shown)

    @property
    def is_corrected(self) -> bool:
        """The reader was first shown other words, or another time. Formatting is nobody's mistake."""
        before, now = self.first, self.entry
        if before is None or before.number == now.number or before.is_empty:
            return False
        return was_moved(before, now) or not same_words(_words_of(before), _words_of(now))


def was_moved(before: Content, now: Content) -> bool:
    return before.published_at != now.published_at or plain(before.stamp) != plain(now.stamp)


def _words_of(content: Content) -> str:
    return "\n".join([content.title, content.text, *(media.caption for media in content.media)])


def finished(rich: Rich) -> str:
    """The HTML of a whole message. What renders keeps to the limit; this makes sure."""
    return rich_to_html(cut(rich.stripped(), MAX_LENGTH)[0])


# --- head -----------------------------------------------------------------------------------------------------------


def head(item: Item, *, dated: bool = False) -> Rich:
    """The time, what there is to know about the entry, and a blank, or a new line where there is something."""
    when = bold(stamps.long_time(item.entry) if dated else stamps.short_time(item.entry))
    notes = list(remarks(item))
    return join([when, *notes], " · ") + ("\n" if notes else " ")


def remarks(item: Item) -> Iterator[Rich]:
    """Whether it is key, late, corrected, gone."""
    entry = item.entry
    if entry.standing is Standing.DELETED:
        yield bold("Withdrawn") + " " + stamps.other_time(entry, entry.at)
        return
    if entry.is_key:
        yield bold("Key event")
    if entry.is_late:
        yield italic(Rich("added ") + stamps.other_time(entry, entry.added_at))
    if item.is_corrected:
        yield italic(_corrected(item))
    if entry.standing is Standing.ABSENT:
        yield italic("no longer on the page")


def _corrected(item: Item) -> Rich:
    entry, words = item.entry, Rich("corrected")
    if entry.standing is Standing.SHOWN:  # else `at` is when it left the page
        words = words + " " + stamps.other_time(entry, entry.at)
    if item.first is not None and was_moved(item.first, entry):
        words = words + ", was " + stamps.short_time(item.first)
    return words


# --- body -----------------------------------------------------------------------------------------------------------


def body(item: Item) -> Rich:
    """Title, text and media, with the words that a correction took out struck before those that it put in."""
    entry = item.entry
    if entry.standing is Standing.DELETED:
        return italic(WITHDRAWN)
    title, text = _title(item), _text(item)
    words = join([part for part in (title, text) if part.text], "\n")
    whole = join([part for part in (words, _media(entry.media)) if part.text], "\n\n")
    return whole if whole.text else italic("This update is empty now.")


def _title(item: Item) -> Rich:
    """The entry's own title in bold, unless its text begins with the same words."""
    title = plain(item.entry.title)
    if not title or plain(item.entry.text[: 2 * len(item.entry.title) + 8]).startswith(title):
        return Rich()
    edits = _struck(plain(item.first.title), title) if item.first else []
    return Rich(title).wrapped("b").edited(edits)


def _text(item: Item) -> Rich:
    edits = _struck(item.first.text, item.entry.text) if item.first else []
    return page_text(item.entry.text, item.entry.spans, edits)


def _struck(old: str, new: str) -> list[Edit]:
    """The old words, struck, where they stood."""
    if old == new or is_rewrite(old, new):
        return []
    edits = []
    for change in changes(old, new):
        if not re.search(r"\w", change.old + change.new) or not change.old:
            continue
        words = struck(_clipped(plain(change.old), _LONGEST_STRUCK))
        gap = re.search(r"\s*$", old[: change.old_start])
        if change.new or change.start == 0:
            words = words + " "
        elif gap:
            words = Rich(gap[0]) + words
        edits.append(Edit(change.start, change.start, words))
    return edits


def _clipped(words: str, limit: int) -> Rich:
    return cut(Rich(words), limit)[0]


def _media(media: Sequence[Media]) -> Rich:
    """A line for each picture or video that can be opened."""
    lines = []
    for one in media:
        if url := safe_url(one.url):
            name = link("Picture" if one.kind == "image" else "Video", url)
            caption = plain(one.caption)
            lines.append(name + ": " + _clipped(caption, _LONGEST_STRUCK) if caption else name)
    if len(lines) > _MOST_MEDIA:
        lines[_MOST_MEDIA:] = [Rich(f"and {len(lines) - _MOST_MEDIA} more")]
    return join(lines, "\n")


# --- the way to the rest --------------------------------------------------------------------------------------------


def deep_link(bot: str, payload: str) -> str:
    """Opens the bot with `/start payload`."""
    return f"https://t.me/{bot.lstrip('@')}?start={payload}"


def more(url: str) -> Rich:
    return link("more", url)


def rest_of(entry: Entry, story: Story, bot: str) -> str:
    """Where the whole entry can be read: on its page, else in a chat with the bot."""
    own = story.linked(entry.url) if entry.url else None
    return safe_url(own) or safe_url(story.link) or deep_link(bot, f"e{entry.id}")


def shortened(rich: Rich, limit: int, url: str | None) -> Rich:
    """A body within the limit; where it is cut, with a link to the rest."""
    if len(rich) <= limit:
        return rich
    tail = " " + more(url) if url else Rich()
    return cut(rich, limit - len(tail))[0].stripped() + tail


def updates(count: int) -> str:
    """`1 update`, `9 updates`."""
    return f"{count} update{'' if count == 1 else 's'}"


def fitting(blocks: Sequence[Rich], room: int = MAX_LENGTH - 500) -> int:
    """How many of the blocks, from the first, stay within the room; at least one."""
    for count, block in enumerate(blocks):
        room -= len(block) + 2
        if room < 0:
            return max(count, 1)
    return len(blocks)


def title_of(story: Story) -> Rich:
    return _clipped(plain(story.title) or plain(story.slug), _LONGEST_TITLE)


def linked_title(story: Story) -> Rich:
    """The story's title as a link to its page, bold where it has none."""
    url = safe_url(story.link)
    return link(title_of(story), url) if url else bold(title_of(story))
