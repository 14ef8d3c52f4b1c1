"""From an action of a plan to the message that carries it out. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.callbacks import Act, pack
from bot.delivery.notes import note, withdrawn_note
from bot.delivery.pieces import Item
from bot.delivery.plan import Edit, Send, Situation
from bot.delivery.recaps import ended, missed, welcome
from bot.delivery.render import news
from bot.delivery.rendered import Rendered
from storage.models import Entry, MessageKind, Shown, StoredQuote, Story


def compose(action: Send | Edit, situation: Situation, story: Story, bot: str) -> Rendered:
    """What the message reads once the action is carried out; `bot` is the bot's user name.

    A broadcast composes the same message for every chat: it is kept with what those chats share.
    """
    message = action if isinstance(action, Send) else action.message
    subscription = situation.subscription
    look = (story.title, story.show, story.link, story.slug)
    choice = (subscription.speaker, subscription.settings.only_key)
    key = (type(action), message.kind, message.missed, action.shows, look, choice)
    if key not in situation.memo:
        situation.memo[key] = _compose(action, situation, story, bot)
    composed: Rendered = situation.memo[key]
    return composed


def _compose(action: Send | Edit, situation: Situation, story: Story, bot: str) -> Rendered:
    if isinstance(action, Send):
        kind, count = action.kind, action.missed
    else:
        kind, count = action.message.kind, action.message.missed
    if kind is MessageKind.NOTE:
        return _note(action, situation)
    if kind is MessageKind.ENDED:
        return ended(story, situation.total, next(iter(situation.newest), None))
    items = [_item(shown, situation) for shown in action.shows]
    speakers = _lead_speakers(items, situation)
    if kind is MessageKind.NEWS:
        return news(items, story, bot, speakers, quoted=situation.subscription.speaker)
    if count:
        return missed(story, items, count, bot, read=pack(Act.LATEST, story.id), lead_speaker=speakers)
    only_key = situation.subscription.settings.only_key
    return welcome(
        story,
        items,
        situation.total,
        bot,
        catch_up=pack(Act.LATEST, story.id),
        only_key=None if only_key else pack(Act.ONLY_KEY, story.id),
        everything=pack(Act.EVERYTHING, story.id) if only_key else None,
        stop=pack(Act.STOP, story.id),
        lead_speaker=speakers,
    )


def lead_speaker(entry: Entry, quotes: Sequence[StoredQuote]) -> str | None:
    """Whose words the entry begins with."""
    for quote in quotes[:1]:
        if quote.speaker and not any(letter.isalnum() for letter in entry.text[: quote.start]):
            return quote.speaker
    return None


def _lead_speakers(items: Sequence[Item], situation: Situation) -> dict[int, str]:
    found = {item.entry.id: lead_speaker(item.entry, situation.quotes.get(item.entry.id, ())) for item in items}
    return {entry_id: name for entry_id, name in found.items() if name}


def _item(shown: Shown, situation: Situation) -> Item:
    return Item(situation.entries[shown.entry_id], situation.revisions.get((shown.entry_id, shown.first)))


def _note(action: Send | Edit, situation: Situation) -> Rendered:
    shown = action.shows[0]
    entry = situation.entries[shown.entry_id]
    told = situation.revisions.get((shown.entry_id, shown.first))
    written = note(entry, told) if told is not None and isinstance(action, Send) else None
    return written or withdrawn_note(entry)
