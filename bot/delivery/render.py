"""The messages that the bot sends by itself, as Telegram HTML.

Item (entry, revision first sent) ──head, body──▶ single form, or a bundle whose entries share the room fairly
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.delivery.briefs import lead, parted
from bot.delivery.cutting import FIRST_SENTENCE, cut, first_sentence
from bot.delivery.markup import MAX_LENGTH
from bot.delivery.notes import note, withdrawn_note
from bot.delivery.outside import plain, safe_url
from bot.delivery.pieces import (
    Item,
    body,
    finished,
    head,
    linked_title,
    more,
    rest_of,
    shortened,
)
from bot.delivery.recaps import ended, missed, welcome
from bot.delivery.rendered import Rendered
from bot.delivery.richtext import Rich, folded, join
from storage.models import Entry, Standing, Story

__all__ = ["Item", "ended", "how_many_fit", "missed", "news", "note", "one_entry", "welcome", "withdrawn_note"]

MOST_IN_A_BUNDLE = 12
_FOOTER = 230  # room for the story's title and the number of updates
_BETWEEN = 12  # room an entry takes beside its head and its body: new lines, "… more"
_LEAD_SENTENCES = 2


def news(
    items: Sequence[Item],
    story: Story,
    bot: str,
    lead_speaker: Mapping[int, str] | None = None,
    *,
    quoted: str = "",
) -> Rendered:
    """One entry, or a bundle of several, oldest first.

    `lead_speaker` says by entry whose words it begins with; `quoted` is the speaker for whose sake a chat is told.
    """
    end = linked_title(story) + (f" · quoted: {cut(Rich(plain(quoted)), 80)[0].text}" if quoted else "")
    if len(items) == 1:
        return Rendered(finished(_single(items[0], story, bot, end)))
    return Rendered(finished(_bundle(items, story, bot, lead_speaker, end + f" · {len(items)} updates")))


def how_many_fit(waiting: Sequence[Entry | Item]) -> int:
    """How many entries, from the first, one bundle can hold with at least their first sentences."""
    room = MAX_LENGTH - _FOOTER
    for count, shown in enumerate(waiting[:MOST_IN_A_BUNDLE]):
        item = Item.of(shown)
        room -= len(head(item)) + _BETWEEN + first_sentence(body(item).text)
        if room < 0:
            return max(count, 1)
    return min(len(waiting), MOST_IN_A_BUNDLE)


def one_entry(shown: Entry | Item, story: Story) -> Rendered:
    """The answer to `/start e9`: an entry as it is now, with its day."""
    item = Item.of(shown)
    start, end = head(item, dated=True), linked_title(story)
    url = safe_url(item.entry.url) or safe_url(story.link)
    text = shortened(body(item), MAX_LENGTH - len(start) - len(end) - 2, url)
    return Rendered(finished(start + text + "\n\n" + end))


# --- one entry ------------------------------------------------------------------------------------------------------


def _single(item: Item, story: Story, bot: str, end: Rich) -> Rich:
    start = head(item)
    room = MAX_LENGTH - len(start) - len(end) - 2
    text = shortened(_told(item, story, bot), room, rest_of(item.entry, story, bot))
    return start + text + ("\n" if item.entry.standing is Standing.DELETED else "\n\n") + end


def _told(item: Item, story: Story, bot: str) -> Rich:
    """What a story shows of an entry: all of it, or its first two sentences and the link."""
    whole = body(item)
    if story.show == "full" or item.entry.standing is Standing.DELETED:
        return whole
    at = 0
    for _ in range(_LEAD_SENTENCES):
        at += first_sentence(whole.text[at:])
    if not whole.text[at:].strip():
        return whole
    return whole.part(0, at) + " " + more(rest_of(item.entry, story, bot))


# --- a bundle -------------------------------------------------------------------------------------------------------


def _bundle(items: Sequence[Item], story: Story, bot: str, speakers: Mapping[int, str] | None, end: Rich) -> Rich:
    heads = [head(item) for item in items]
    bodies = [_told(item, story, bot) for item in items]
    names = sum(len(name) + 2 for name in (speakers or {}).values())
    taken = sum(len(start) + _BETWEEN for start in heads) + names + len(end)
    share = fair_share([len(text) for text in bodies], MAX_LENGTH - taken)
    parts: list[Rich | str] = []
    for item, start, text in zip(items, heads, bodies, strict=True):
        shown = shortened(text, share, rest_of(item.entry, story, bot))
        parts += [start, *_folded(item, shown, speakers)]
    return join([*parts, end])


def _folded(item: Item, text: Rich, speakers: Mapping[int, str] | None) -> list[Rich | str]:
    """The first sentence, and the rest to be opened with a touch."""
    start, rest = parted(text, FIRST_SENTENCE)
    if rest.text in ("", "more") or item.entry.standing is Standing.DELETED:
        return [lead(item.entry, text, speakers), text, "\n\n"]
    return [lead(item.entry, start, speakers), start, "\n", folded(rest), "\n"]


def fair_share(sizes: Sequence[int], room: int) -> int:
    """The most that each may take so that all fit: what short ones leave goes to the long ones."""
    left = sorted(sizes)
    while left and left[0] * len(left) <= room:
        room -= left.pop(0)
    return max(room // len(left), 1) if left else max(sizes, default=0)
