"""Whatever is published, corrected, retracted, restored, crashed and resumed: every chat ends up showing each entry
that it should once, in its last revision, and nothing old is sent as new.

The world below is the design in memory: a log, entries with revisions, and one subscription whose plan is carried out
action by action, with a crash wherever hypothesis wants one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from hypothesis.strategies import booleans, data, integers, sampled_from

from bot.delivery.plan import Action, Delete, Edit, Send, Situation, plan, reaches
from storage.models import (
    Entry,
    Event,
    EventKind,
    Message,
    MessageKind,
    Recap,
    Revision,
    Settings,
    Shown,
    Standing,
    Subscription,
)

START = datetime(2016, 3, 14, 19, 0, tzinfo=UTC)
TEXTS = ("", "The fire is out.", "The fire is not out.", "Some 12 engines came.", "Some 21 engines came.")


@dataclass
class World:
    """A story's log, one subscription, and what its chat has been sent."""

    now: datetime = START
    head: int = 0
    events: list[Event] = field(default_factory=list)
    revisions: dict[tuple[int, int], Revision] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    sends: list[int] = field(default_factory=list)  # entry ids, as often as they were sent as news
    sent: int = 0
    has_ended: bool = False
    owes: bool = False  # the last turn was cut short
    subscription: Subscription = field(default_factory=lambda: Subscription(id=1, chat_id=1, story_id=1))

    def add(self, entry_id: int, number: int, text: str, standing: Standing, *, is_key: bool = False) -> None:
        revision = Revision(
            entry_id=entry_id,
            number=number,
            at=self.now,
            standing=standing,
            published_at=START + timedelta(minutes=entry_id),
            stamp="19:00 GMT",
            text=text,
            is_key=is_key,
        )
        self.revisions[entry_id, number] = revision
        known = self.entries.get(entry_id)
        published_seq = known.published_seq if known else None
        identity = {"story_id": 1, "key": str(entry_id), "added_at": self.now, "published_seq": published_seq}
        self.entries[entry_id] = Entry(**revision.model_dump(), **identity)

    def log(self, kind: EventKind, entry_id: int, *, is_bulk: bool = False) -> None:
        self.head += 1
        number = self.entries[entry_id].number
        event = Event(
            story_id=1, seq=self.head, kind=kind, entry_id=entry_id, revision=number, at=self.now, is_bulk=is_bulk
        )
        self.events.append(event)
        if kind is EventKind.PUBLISHED:
            self.entries[entry_id] = self.entries[entry_id].model_copy(update={"published_seq": self.head})

    def situation(self) -> Situation:
        events = [event for event in self.events if event.seq > self.subscription.cursor]
        touched = {event.entry_id for event in events}
        missed = self.subscription.recap is Recap.MISSED
        shown = [
            message
            for message in self.messages.values()
            if missed or touched & {shown.entry_id for shown in message.shows}
        ]
        newest = sorted((e for e in self.entries.values() if e.is_sendable), key=lambda e: e.published_at, reverse=True)
        return Situation(
            subscription=self.subscription,
            events=events,
            entries=self.entries,
            messages=shown,
            revisions=self.revisions,
            newest=newest[:5],
            now=self.now,
            has_ended=self.has_ended,
            owes_corrections=self.owes,
        )

    def serve(self, steps: int | None = None) -> None:
        """Carry the plan out; `steps` cuts it short, as a limit or a crash does. The last step moves the cursor."""
        situation = self.situation()
        actions = plan(situation)
        for action in actions[:steps]:
            self.do(action)
        if steps is None or steps >= len(actions):
            cursor = reaches(situation, self.head)
            assert cursor >= self.subscription.cursor
            self.subscription = self.subscription.model_copy(update={"cursor": cursor, "recap": Recap.NONE})
            self.owes = False
        else:
            self.owes = self.owes or steps > 0

    def do(self, action: Action) -> None:
        match action:
            case Send():
                if action.kind is MessageKind.NEWS:
                    assert not any(self.shows(shown.entry_id) for shown in action.shows), "shown already, sent again"
                row = self.sent = self.sent + 1
                self.messages[row] = Message(
                    id=row,
                    subscription_id=1,
                    chat_id=1,
                    message_id=row,
                    kind=action.kind,
                    sent_at=self.now,
                    missed=action.missed,
                    shows=action.shows,
                )
                self.sends += [shown.entry_id for shown in action.shows if action.kind is MessageKind.NEWS]
                if action.reply_to is not None:
                    self.show(self.messages[action.reply_to.id], action.shows)
            case Edit():
                self.show(action.message, action.shows)
            case Delete():
                del self.messages[action.message.id]

    def show(self, message: Message, shows: tuple[Shown, ...]) -> None:
        by_id = {shown.entry_id: shown for shown in shows}
        merged = tuple(by_id.get(shown.entry_id, shown) for shown in self.messages[message.id].shows)
        self.messages[message.id] = self.messages[message.id].model_copy(update={"shows": merged})

    def settle(self) -> None:
        for _ in range(10):
            if self.subscription.cursor == self.head and self.subscription.recap is Recap.NONE:
                return
            self.serve()
        raise AssertionError("serving does not come to an end")

    def shows(self, entry_id: int) -> list[Shown]:
        return [
            shown
            for message in self.messages.values()
            if message.kind in (MessageKind.NEWS, MessageKind.RECAP)
            for shown in message.shows
            if shown.entry_id == entry_id
        ]


class Relay(RuleBasedStateMachine):
    """Anything may happen in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.first_reading: set[int] = set()
        self.is_active = True
        self.was_away = False
        self.has_filtered = False

    def new_id(self) -> int:
        return len(self.world.entries) + 1

    @rule(text=sampled_from(TEXTS))
    def an_entry_of_the_first_reading(self, text: str) -> None:
        if not self.world.events:
            self.first_reading.add(self.new_id())
            self.world.add(self.new_id(), 1, text, Standing.SHOWN)

    @rule(text=sampled_from(TEXTS), is_key=booleans())
    def publish(self, text: str, is_key: bool) -> None:
        entry_id = self.new_id()
        self.world.add(entry_id, 1, text, Standing.SHOWN, is_key=is_key)
        self.world.log(EventKind.PUBLISHED, entry_id)

    @precondition(lambda self: self.world.entries)
    @rule(data=data(), text=sampled_from(TEXTS))
    def correct(self, data: object, text: str) -> None:
        entry = self.pick(data)
        self.world.add(entry.id, entry.number + 1, text, Standing.SHOWN, is_key=entry.is_key)
        self.world.log(EventKind.CORRECTED, entry.id)

    @precondition(lambda self: self.world.entries)
    @rule(data=data(), standing=sampled_from([Standing.DELETED, Standing.ABSENT]))
    def retract(self, data: object, standing: Standing) -> None:
        entry = self.pick(data)
        self.world.add(entry.id, entry.number + 1, entry.text, standing, is_key=entry.is_key)
        self.world.log(EventKind.RETRACTED, entry.id)

    def pick(self, data: object) -> Entry:
        ids = sorted(self.world.entries)
        return self.world.entries[data.draw(sampled_from(ids))]  # type: ignore[attr-defined]

    @rule(only_key=booleans())
    def change_the_filter(self, only_key: bool) -> None:
        self.has_filtered = self.has_filtered or only_key
        chosen = {"settings": Settings(only_key=only_key)}
        self.world.subscription = self.world.subscription.model_copy(update=chosen)

    @rule(minutes=integers(1, 30))
    def time_passes(self, minutes: int) -> None:
        self.world.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.is_active)
    @rule()
    def serve(self) -> None:
        self.world.settle()

    @precondition(lambda self: self.is_active)
    @rule(steps=integers(0, 3))
    def crash_while_serving(self, steps: int) -> None:
        self.world.serve(steps)

    @rule()
    def go_away_and_come_back(self) -> None:
        if self.is_active:
            self.is_active = False
            self.was_away = True
        else:
            self.is_active = True
            self.world.subscription = self.world.subscription.model_copy(update={"recap": Recap.MISSED})

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        assert len(self.world.sends) == len(set(self.world.sends))

    @invariant()
    def nothing_old_is_sent_as_new(self) -> None:
        for entry_id in set(self.world.sends) & self.first_reading:
            # Only what said nothing at first may be news later.
            history = [revision for (one, _), revision in self.world.revisions.items() if one == entry_id]
            assert any(revision.is_empty for revision in history) or self.has_filtered

    def teardown(self) -> None:
        """In the end every chat shows the truth."""
        world = self.world
        world.settle()
        for entry in world.entries.values():
            for shown in world.shows(entry.id):
                assert shown.revision == entry.number, "what is shown is the last revision"
            # A recap of many stands for those that it has no room for.
            stands_for_more = any(message.missed > len(message.shows) for message in world.messages.values())
            entitled = entry.published_seq is not None and entry.is_sendable
            entitled = entitled and not (self.was_away or stands_for_more)
            if entitled and not self.has_filtered:
                assert world.shows(entry.id), "what stands is shown"


Relay.TestCase.settings = settings(max_examples=200, stateful_step_count=25, deadline=None)
TestRelay = Relay.TestCase


# --- by name --------------------------------------------------------------------------------------------------------


def served(world: World) -> tuple[Action, ...]:
    actions = plan(world.situation())
    world.settle()
    return actions


def test_an_entry_that_reappears_is_not_published_to_those_who_came_later() -> None:
    world = World()
    world.add(1, 1, "Said before the chat came.", Standing.SHOWN)
    world.add(1, 2, "Said before the chat came.", Standing.ABSENT)
    world.log(EventKind.RETRACTED, 1)
    served(world)
    world.add(1, 3, "Said before the chat came.", Standing.SHOWN)
    world.log(EventKind.CORRECTED, 1)
    assert served(world) == ()


def test_an_entry_withdrawn_before_the_chat_got_it_is_sent_when_it_stands_again() -> None:
    world = World()
    world.add(1, 1, "News.", Standing.SHOWN)
    world.log(EventKind.PUBLISHED, 1)
    world.add(1, 2, "News.", Standing.ABSENT)
    world.log(EventKind.RETRACTED, 1)
    assert served(world) == ()
    world.add(1, 3, "News.", Standing.SHOWN)
    world.log(EventKind.CORRECTED, 1)
    assert [type(action) for action in served(world)] == [Send]


def test_an_entry_corrected_before_the_chat_got_it_goes_out_corrected() -> None:
    world = World()
    world.add(1, 1, "Some 12 engines came.", Standing.SHOWN)
    world.log(EventKind.PUBLISHED, 1)
    world.add(1, 2, "Some 21 engines came.", Standing.SHOWN)
    world.log(EventKind.CORRECTED, 1)
    [send] = served(world)
    assert isinstance(send, Send)
    assert send.shows == (Shown(entry_id=1, first=2, revision=2, told=2),)


def test_several_corrections_are_one_edit_and_one_note() -> None:
    world = World()
    world.add(1, 1, "Some 12 engines came.", Standing.SHOWN)
    world.log(EventKind.PUBLISHED, 1)
    served(world)
    for number, count in ((2, 13), (3, 14), (4, 21)):
        world.add(1, number, f"Some {count} engines came.", Standing.SHOWN)
        world.log(EventKind.CORRECTED, 1)
    edit, note = served(world)
    assert isinstance(edit, Edit)
    assert isinstance(note, Send)
    assert (note.kind, note.silent) == (MessageKind.NOTE, True)
    assert note.reply_to is not None


def test_who_read_it_in_a_recap_is_told_too_and_once() -> None:
    world = World()
    for entry_id in range(1, 13):
        world.add(entry_id, 1, f"Some {entry_id}2 engines came.", Standing.SHOWN)
        world.log(EventKind.PUBLISHED, entry_id, is_bulk=True)
    served(world)
    world.subscription = world.subscription.model_copy(update={"recap": Recap.WELCOME})
    served(world)  # and again in the welcome to who came back
    world.add(12, 2, "Some 212 engines came.", Standing.SHOWN)
    world.log(EventKind.CORRECTED, 12)
    notes = [action for action in served(world) if isinstance(action, Send)]
    assert [note.kind for note in notes] == [MessageKind.NOTE]


def test_a_crash_between_edit_and_note_does_not_lose_the_note() -> None:
    world = World()
    world.add(1, 1, "Some 12 engines came.", Standing.SHOWN)
    world.log(EventKind.PUBLISHED, 1)
    served(world)
    world.add(1, 2, "Some 21 engines came.", Standing.SHOWN)
    world.log(EventKind.CORRECTED, 1)
    world.serve(steps=1)
    [note] = served(world)
    assert isinstance(note, Send)
    assert note.kind is MessageKind.NOTE


def test_withdrawals_come_first_and_corrections_last() -> None:
    world = World()
    for entry_id in (1, 2):
        world.add(entry_id, 1, f"Some {entry_id}0 engines came.", Standing.SHOWN)
        world.log(EventKind.PUBLISHED, entry_id)
        served(world)
    world.add(2, 2, "Some 25 engines came.", Standing.SHOWN)
    world.log(EventKind.CORRECTED, 2)
    world.add(3, 1, "The fire is out.", Standing.SHOWN)
    world.log(EventKind.PUBLISHED, 3)
    world.add(1, 2, "", Standing.DELETED)
    world.log(EventKind.RETRACTED, 1)
    actions = served(world)
    assert [type(action) for action in actions] == [Edit, Send, Edit, Send]
    assert isinstance(actions[0], Edit)
    assert actions[0].shows[0].entry_id == 1


def test_owed_corrections_leave_the_news_to_the_next_turn() -> None:
    world = World()
    world.add(1, 1, "Some 12 engines came.", Standing.SHOWN)
    world.log(EventKind.PUBLISHED, 1)
    served(world)
    world.add(1, 2, "Some 21 engines came.", Standing.SHOWN)
    world.log(EventKind.CORRECTED, 1)
    world.add(2, 1, "The fire is out.", Standing.SHOWN)
    world.log(EventKind.PUBLISHED, 2)
    world.serve(steps=1)  # the news, and then the chat has had enough for a second
    world.add(3, 1, "All go home.", Standing.SHOWN)
    world.log(EventKind.PUBLISHED, 3)

    assert [type(action) for action in plan(world.situation())] == [Edit, Send], "the correction and its note"
    world.serve()
    assert world.subscription.cursor == world.head - 1
    [news] = served(world)
    assert isinstance(news, Send)
    assert news.shows[0].entry_id == 3
    assert world.subscription.cursor == world.head


def test_the_note_of_an_entry_taken_down_goes_with_it() -> None:
    world = World()
    world.add(1, 1, "Some 12 engines came.", Standing.SHOWN)
    world.log(EventKind.PUBLISHED, 1)
    served(world)
    world.add(1, 2, "Some 21 engines came.", Standing.SHOWN)
    world.log(EventKind.CORRECTED, 1)
    served(world)
    world.add(1, 3, "", Standing.DELETED)
    world.log(EventKind.RETRACTED, 1)
    assert [type(action) for action in served(world)] == [Edit, Delete]


def test_suspiciously_many_entries_are_one_recap() -> None:
    world = World()
    for entry_id in range(1, 13):
        world.add(entry_id, 1, f"Number {entry_id}.", Standing.SHOWN)
        world.log(EventKind.PUBLISHED, entry_id, is_bulk=True)
    [recap] = served(world)
    assert isinstance(recap, Send)
    assert (recap.kind, recap.missed) == (MessageKind.RECAP, 12)
    assert [shown.entry_id for shown in recap.shows] == [12, 11, 10, 9, 8]


def test_who_was_behind_for_hours_gets_one_recap() -> None:
    world = World()
    for entry_id in (1, 2, 3):
        world.add(entry_id, 1, f"Number {entry_id}.", Standing.SHOWN)
        world.log(EventKind.PUBLISHED, entry_id)
    world.now += timedelta(hours=3)
    [recap] = served(world)
    assert isinstance(recap, Send)
    assert recap.missed == 3


def test_a_key_event_rings_within_the_ten_minutes() -> None:
    world = World()
    world.subscription = world.subscription.model_copy(update={"sounded_at": world.now})
    world.add(1, 1, "Number 1.", Standing.SHOWN)
    world.log(EventKind.PUBLISHED, 1)
    [send] = served(world)
    assert isinstance(send, Send)
    assert send.silent
    world.add(2, 1, "Number 2.", Standing.SHOWN, is_key=True)
    world.log(EventKind.PUBLISHED, 2)
    [send] = served(world)
    assert isinstance(send, Send)
    assert not send.silent


def test_the_end_of_the_coverage_is_told_once_and_last() -> None:
    world = World()
    world.add(1, 1, "The last word.", Standing.SHOWN)
    world.log(EventKind.PUBLISHED, 1)
    world.log(EventKind.ENDED, 1)
    world.has_ended = True
    news, end = served(world)
    assert isinstance(news, Send)
    assert isinstance(end, Send)
    assert (news.kind, end.kind) == (MessageKind.NEWS, MessageKind.ENDED)
    assert served(world) == ()


def test_an_end_that_was_taken_back_is_not_told() -> None:
    world = World()
    world.add(1, 1, "Not the last word.", Standing.SHOWN)
    world.log(EventKind.PUBLISHED, 1)
    world.log(EventKind.ENDED, 1)
    assert len(served(world)) == 1


def test_after_a_recap_the_end_is_told_in_a_turn_of_its_own() -> None:
    world = World()
    for entry_id in range(1, 13):
        world.add(entry_id, 1, f"Number {entry_id}.", Standing.SHOWN)
        world.log(EventKind.PUBLISHED, entry_id, is_bulk=True)
    world.log(EventKind.ENDED, 12)
    world.has_ended = True
    world.serve()
    [end] = plan(world.situation())
    assert isinstance(end, Send)
    assert end.kind is MessageKind.ENDED
