"""Loading what plans are made from: one read transaction for many subscriptions, what they share read once.

A broadcast plans the same stretch of a story's log for every chat, so that stretch is read once for each position.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.plan import Revisions, Situation
from bot.quotes.persons import same_person
from storage import entries, messages, quotes, stories, subscriptions
from storage.models import Entry, Event, Message, Recap, StoredQuote, Story, StoryState, Subscription

Place = tuple[int, int, int, datetime | None]
KEPT_STRETCHES = 64
NEWEST = 5


@dataclass(frozen=True)
class Stretch:
    """A piece of a story's log, and the entries that it speaks of."""

    events: Sequence[Event]
    entries: Mapping[int, Entry]
    revisions: Revisions
    newest: Sequence[Entry]
    total: int
    quotes: Mapping[int, Sequence[StoredQuote]]
    memo: dict[Any, Any] = field(default_factory=dict)  # what was worked out for chats at this place


class Situations:
    """Loads situations."""

    def __init__(self, catch_up_after: timedelta) -> None:
        self._catch_up_after = catch_up_after
        self._kept: OrderedDict[Place, Stretch] = OrderedDict()

    async def load(
        self, connection: AsyncConnection, served: Sequence[Subscription], now: datetime
    ) -> dict[int, tuple[Situation, Story]]:
        """By id of the subscriptions: their situations and stories."""
        told = {story.id: story for story in await stories.by_ids(connection, {each.story_id for each in served})}
        places = {(each.story_id, each.cursor) for each in served}
        stretches = {place: await self._stretch(connection, told[place[0]], place[1]) for place in places}
        shown = await _shown(connection, [(each, stretches[each.story_id, each.cursor]) for each in served])
        others = await _others(connection, shown, stretches.values())
        found = {}
        for each in served:
            stretch, story = stretches[each.story_id, each.cursor], told[each.story_id]
            quoting = await _quoting(connection, each, stretch) if each.speaker else None
            found[each.id] = self._situation(story, each, stretch, shown.get(each.id, ()), others, quoting, now), story
        return found

    async def _stretch(self, connection: AsyncConnection, story: Story, cursor: int) -> Stretch:
        # Entries that come without an event (a first reading, an older part of the page) change only `changed_at`.
        place = (story.id, cursor, story.head, story.changed_at)
        if place in self._kept:
            self._kept.move_to_end(place)
            return self._kept[place]
        stretch = await _read_stretch(connection, story, cursor)
        self._kept[place] = stretch
        if len(self._kept) > KEPT_STRETCHES:
            self._kept.popitem(last=False)
        return stretch

    def _situation(
        self,
        story: Story,
        subscription: Subscription,
        stretch: Stretch,
        shown: Sequence[Message],
        others: Others,
        quoting: frozenset[int] | None,
        now: datetime,
    ) -> Situation:
        """The stretch, with the entries that only the messages know of added."""
        found, revisions = stretch.entries, stretch.revisions
        if ids := {one.entry_id for message in shown for one in message.shows}:
            found = {**{each: others.entries[each] for each in ids if each in others.entries}, **found}
            revisions = {**others.revisions, **revisions}
        return Situation(
            subscription=subscription,
            events=stretch.events,
            entries=found,
            messages=shown,
            revisions=revisions,
            newest=stretch.newest,
            now=now,
            total=stretch.total,
            quotes=stretch.quotes,
            catch_up_after=self._catch_up_after,
            has_ended=story.state is StoryState.ENDED,
            quoting=quoting,
            owes_corrections=subscription.owes_corrections,
            memo=stretch.memo,
        )


@dataclass(frozen=True)
class Others:
    """Entries that messages show though the stretches do not speak of them."""

    entries: Mapping[int, Entry]
    revisions: Revisions


async def _others(
    connection: AsyncConnection, shown: Mapping[int, Sequence[Message]], stretches: Iterable[Stretch]
) -> Others:
    ids = {one.entry_id for messages_of in shown.values() for message in messages_of for one in message.shows}
    known = [{event.entry_id for event in stretch.events} for stretch in stretches]
    ids -= known[0].intersection(*known[1:])
    return Others(await entries.by_ids(connection, ids), await entries.revisions_of(connection, ids))


async def _read_stretch(connection: AsyncConnection, story: Story, cursor: int) -> Stretch:
    happened = await entries.log(connection, story.id, cursor, story.head)
    ids = {event.entry_id for event in happened}
    newest = await entries.newest(connection, story.id, NEWEST)
    return Stretch(
        events=happened,
        entries={entry.id: entry for entry in newest} | await entries.by_ids(connection, ids),
        revisions=await entries.revisions_of(connection, ids),
        newest=newest,
        total=await entries.count(connection, story.id),
        quotes=await quotes.of_entries(connection, [*ids, *(entry.id for entry in newest)]),
    )


async def _quoting(connection: AsyncConnection, subscription: Subscription, stretch: Stretch) -> frozenset[int]:
    """The entries that quote the speaker followed; none for a chat that gets all of the story anyway."""
    if await subscriptions.follows_story(connection, subscription):
        return frozenset()
    return frozenset(
        entry_id
        for entry_id, said in stretch.quotes.items()
        if any(quote.speaker and same_person(quote.speaker, subscription.speaker) for quote in said)
    )


async def _shown(
    connection: AsyncConnection, served: Sequence[tuple[Subscription, Stretch]]
) -> dict[int, list[Message]]:
    """By subscription, the messages that the events may touch; all that are kept, where the chat has come back."""
    back = [each.id for each, _ in served if each.recap is Recap.MISSED]
    kept = await messages.kept_of(connection, back) if back else {}
    touched: dict[frozenset[int], list[int]] = {}
    for each, stretch in served:
        if each.recap is not Recap.MISSED and stretch.events:
            touched.setdefault(frozenset(event.entry_id for event in stretch.events), []).append(each.id)
    for ids, subscription_ids in touched.items():
        kept |= await messages.showing(connection, subscription_ids, sorted(ids))
    return kept
