"""Loading what a plan is made from: one read transaction for a subscription, what it shares with others kept.

A broadcast plans the same stretch of a story's log for every chat, so that stretch is read once for each position.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.plan import Revisions, Situation
from bot.quotes.persons import same_person
from storage import entries, messages, quotes, stories, subscriptions
from storage.database import Database
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


class Situations:
    """Loads situations."""

    def __init__(self, database: Database, catch_up_after: timedelta) -> None:
        self._database = database
        self._catch_up_after = catch_up_after
        self._kept: OrderedDict[Place, Stretch] = OrderedDict()

    async def load(self, subscription_id: int, now: datetime) -> tuple[Situation, Story] | None:
        """The subscription's situation and its story; None if it is not served any more."""
        async with self._database.read() as connection:
            subscription = await subscriptions.by_id(connection, subscription_id)
            if subscription is None or not subscription.is_active:
                return None
            story = await stories.by_id(connection, subscription.story_id)
            if story is None:
                return None
            stretch = await self._stretch(connection, story, subscription.cursor)
            shown = await _shown(connection, subscription, stretch)
            return await self._situation(connection, story, subscription, stretch, shown, now), story

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

    async def _situation(
        self,
        connection: AsyncConnection,
        story: Story,
        subscription: Subscription,
        stretch: Stretch,
        shown: Sequence[Message],
        now: datetime,
    ) -> Situation:
        """The stretch, with the entries that only the messages know of added."""
        ids = {one.entry_id for message in shown for one in message.shows}
        found, revisions = dict(stretch.entries), stretch.revisions
        if missing := ids - set(found):
            found |= await entries.by_ids(connection, missing)
        if ids:
            revisions = {**revisions, **await entries.revisions_of(connection, ids)}
        return Situation(
            subscription=subscription,
            events=stretch.events,
            entries=found,
            messages=shown,
            revisions=revisions,
            newest=stretch.newest,
            total=stretch.total,
            quotes=stretch.quotes,
            now=now,
            catch_up_after=self._catch_up_after,
            has_ended=story.state is StoryState.ENDED,
            quoting=await _quoting(connection, subscription, stretch) if subscription.speaker else None,
        )


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


async def _shown(connection: AsyncConnection, subscription: Subscription, stretch: Stretch) -> list[Message]:
    """The messages that the events may touch; all that are kept, where the chat has come back."""
    if subscription.recap is Recap.MISSED:
        return await messages.kept(connection, subscription.id)
    ids = {event.entry_id for event in stretch.events}
    return await messages.showing(connection, subscription.id, sorted(ids)) if ids else []
