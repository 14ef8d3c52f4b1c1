"""What a chat must be sent so that it shows the story as it is.

    events after the cursor ─┐
    entries as they are now ─┼─▶ plan ─▶ [Edit withdrawals, Send news, Edit corrections, Send notes]
    what the chat shows ─────┘

Pure, like a reconciler: desired state against shown state. What a crash left half done is found done or not done in
what the chat shows, so carrying out a plan twice sends nothing twice. The subscription's cursor may move to the head
that the situation was read at once all of the plan is carried out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.delivery.notes import note
from bot.delivery.render import how_many_fit
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
    StoredQuote,
    Subscription,
)

SOUND_PAUSE = timedelta(minutes=10)
DELETABLE = timedelta(hours=47)  # Telegram lets a bot delete its messages for 48 hours
RECAP_SIZE = 5

Revisions = Mapping[tuple[int, int], Revision]


@dataclass(frozen=True)
class Situation:
    """All that a plan is made from, read in one transaction.

    `messages` are those that show any entry of the events (all that are kept, where the subscription has come back).
    `revisions` holds, by (entry id, number), those that the messages and the events refer to, and the ones before.
    """

    subscription: Subscription
    events: Sequence[Event]
    entries: Mapping[int, Entry]
    messages: Sequence[Message]
    revisions: Revisions
    newest: Sequence[Entry]  # of the story, newest first; for recaps
    now: datetime
    total: int = 0  # how many entries the story has
    quotes: Mapping[int, Sequence[StoredQuote]] = field(default_factory=dict)  # by entry id
    catch_up_after: timedelta = timedelta(hours=2)
    has_ended: bool = False  # the coverage
    quoting: frozenset[int] | None = None  # the entries that quote the speaker followed; None: all are wanted
    owes_corrections: bool = False  # the last turn was cut short behind its news
    memo: dict[Any, Any] = field(default_factory=dict)  # what was worked out for other chats at this place in the log


@dataclass(frozen=True)
class Send:
    """Send one message. `missed` is the number of entries a recap stands for; 0 in a welcome."""

    kind: MessageKind
    shows: tuple[Shown, ...]
    silent: bool = True
    reply_to: Message | None = None
    missed: int = 0


@dataclass(frozen=True)
class Edit:
    """Make a message show this."""

    message: Message
    shows: tuple[Shown, ...]


@dataclass(frozen=True)
class Delete:
    message: Message


Action = Send | Edit | Delete


def plan(situation: Situation) -> tuple[Action, ...]:
    """What to do, in this order, until the chat shows the story as it is."""
    subscription = situation.subscription
    if subscription.recap is Recap.WELCOME:
        return (_welcome(situation),)
    withdrawals, corrections = _edits(situation)
    deletions = _deletions(situation)
    fresh = _to_send(situation)
    if subscription.recap is Recap.MISSED or _is_recap(fresh, situation):
        # Recorded together with the cursor's move, so it stands last: what it stands for is not shown piece by piece.
        recap = [_recap(fresh, situation)] if fresh or situation.quoting is None else []
        return (*withdrawals, *deletions, *corrections, *recap)
    corrected: tuple[Action, ...] = (*corrections, *_notes(situation))
    if corrected and situation.owes_corrections:  # its news has come; what is new by now comes in the next round
        return (*withdrawals, *deletions, *corrected)
    return (*withdrawals, *deletions, *_news(fresh, situation), *corrected, *_ending(situation))


def reaches(situation: Situation, head: int) -> int:
    """The cursor once the plan is carried out.

    What came after a welcome was asked for is news to the chat; the end of the coverage follows a recap in a turn of
    its own. A turn that brings owed corrections leaves the news to the next.
    """
    if situation.subscription.recap is Recap.WELCOME:
        return situation.subscription.cursor
    ends = [event.seq for event in situation.events if event.kind is EventKind.ENDED]
    has_recap = situation.subscription.recap is Recap.MISSED or _is_recap(_to_send(situation), situation)
    if not has_recap and (left := _left_for_later(situation)) is not None:
        return left - 1
    return ends[-1] - 1 if ends and has_recap and situation.has_ended else head


def _left_for_later(situation: Situation) -> int | None:
    """Where in the log the news begins that a turn of owed corrections leaves out; None: it leaves nothing."""
    if not (situation.owes_corrections and (_edits(situation)[1] or any(_notes(situation)))):
        return None
    ids = {entry.id for entry in _to_send(situation)}
    later = [event.seq for event in situation.events if event.entry_id in ids or event.kind is EventKind.ENDED]
    return min(later, default=None)


# --- what is new ----------------------------------------------------------------------------------------------------


def _to_send(situation: Situation) -> list[Entry]:
    """Entries that the chat should have been sent and was not, oldest first."""
    shown = {shown.entry_id for message in situation.messages for shown in message.shows}
    wanted = {
        event.entry_id: situation.entries[event.entry_id]
        for event in situation.events
        if event.entry_id not in shown and _is_news(event, situation)
    }
    return sorted(wanted.values(), key=lambda entry: (entry.published_at, entry.id))


def _is_news(event: Event, situation: Situation) -> bool:
    """The event gives this chat something to show that it could not show before."""
    settings = situation.subscription.settings
    if not wants(settings, situation.entries[event.entry_id]) or not _is_about(event.entry_id, situation):
        return False
    if event.kind is EventKind.PUBLISHED:
        return True
    former = situation.revisions.get((event.entry_id, event.revision - 1))
    if event.kind is not EventKind.CORRECTED or former is None:
        return False
    if situation.quoting is not None:  # whom the former revision quoted is not kept: not shown, so it was not he
        return _since_it_follows(event, situation)
    if wants(settings, former):
        return False
    return former.standing is Standing.SHOWN or _since_it_follows(event, situation)


def _since_it_follows(event: Event, situation: Situation) -> bool:
    """An entry that reappears is restored where it was seen, never published to those who came after it."""
    published = situation.entries[event.entry_id].published_seq
    return published is not None and published > situation.subscription.since


def _is_about(entry_id: int, situation: Situation) -> bool:
    return situation.quoting is None or entry_id in situation.quoting


def wants(settings: Settings, revision: Revision) -> bool:
    """There is something to show, and the chat asked for it."""
    return revision.is_sendable and (revision.is_key or not settings.only_key)


def _news(fresh: Sequence[Entry], situation: Situation) -> Iterable[Send]:
    """The entries in as few messages as they fit into; the first that matters rings."""
    rang = False
    while fresh:
        count = _fitting(fresh, situation.memo)
        together, fresh = fresh[:count], fresh[count:]
        rings = not rang and _rings(together, situation)
        rang = rang or rings
        yield Send(MessageKind.NEWS, tuple(_shown(entry) for entry in together), silent=not rings)


def _fitting(fresh: Sequence[Entry], memo: dict[Any, Any]) -> int:
    """How many go into one message; a broadcast asks the same for every chat."""
    key = tuple((entry.id, entry.number) for entry in fresh)
    if key not in memo:
        memo[key] = max(1, how_many_fit(fresh))
    count: int = memo[key]
    return count


def _rings(entries: Iterable[Entry], situation: Situation) -> bool:
    last = situation.subscription.sounded_at
    return any(entry.is_key for entry in entries) or last is None or situation.now - last >= SOUND_PAUSE


def _shown(entry: Entry) -> Shown:
    return Shown(entry_id=entry.id, first=entry.number, revision=entry.number, told=entry.number)


def _ending(situation: Situation) -> Iterable[Send]:
    """The end of the coverage, told once: it stands last, and is recorded together with the cursor's move."""
    if (
        situation.has_ended
        and situation.quoting is None
        and any(event.kind is EventKind.ENDED for event in situation.events)
    ):
        yield Send(MessageKind.ENDED, ())


# --- recaps ---------------------------------------------------------------------------------------------------------


def _welcome(situation: Situation) -> Send:
    return Send(MessageKind.RECAP, tuple(_shown(entry) for entry in situation.newest[:1]))


def _is_recap(fresh: Sequence[Entry], situation: Situation) -> bool:
    """Too many at once, or too late to read one by one."""
    ids = {entry.id for entry in fresh}
    waiting = [event for event in situation.events if event.entry_id in ids]
    too_late = situation.now - situation.catch_up_after
    return any(event.is_bulk or event.at < too_late for event in waiting)


def _recap(fresh: Sequence[Entry], situation: Situation) -> Send:
    """One message for all that was missed; after coming back with nothing missed, the welcome."""
    if not fresh:
        return _welcome(situation)
    newest = sorted(fresh, key=lambda entry: (entry.published_at, entry.id), reverse=True)[:RECAP_SIZE]
    rings = _rings(fresh, situation)
    shows = tuple(_shown(entry) for entry in newest)
    return Send(MessageKind.RECAP, shows, silent=not rings, missed=len(fresh))


# --- what was shown and is no longer so -----------------------------------------------------------------------------


def _edits(situation: Situation) -> tuple[list[Edit], list[Edit]]:
    """Those that take something back, and those that put something right."""
    withdrawals: list[Edit] = []
    corrections: list[Edit] = []
    for message in situation.messages:
        for edit in _edit(message, situation.entries):
            (withdrawals if _withdraws(edit, situation) else corrections).append(edit)
    return withdrawals, corrections


def _edit(message: Message, entries: Mapping[int, Entry]) -> Iterable[Edit]:
    if message.is_frozen or message.kind not in (MessageKind.NEWS, MessageKind.RECAP):
        return
    shows = tuple(_brought_up(shown, entries) for shown in message.shows)
    if shows != message.shows:
        yield Edit(message, shows)


def _brought_up(shown: Shown, entries: Mapping[int, Entry]) -> Shown:
    entry = entries.get(shown.entry_id)
    return shown if entry is None else shown.model_copy(update={"revision": entry.number})


def _withdraws(edit: Edit, situation: Situation) -> bool:
    """The edit takes back something that stood in the message."""
    for before, after in zip(edit.message.shows, edit.shows, strict=True):
        if before.revision != after.revision and situation.entries[after.entry_id].standing is not Standing.SHOWN:
            return True
    return False


def _deletions(situation: Situation) -> list[Delete | Edit]:
    """Notes repeat words of their entry; when the publisher takes it down they go too, by an edit where too old."""
    gone: list[Delete | Edit] = []
    for message in situation.messages:
        if message.kind is not MessageKind.NOTE or message.is_frozen:
            continue
        if any(_was_deleted(shown, situation) for shown in message.shows):
            young = situation.now - message.sent_at < DELETABLE
            shows = tuple(_brought_up(shown, situation.entries) for shown in message.shows)
            gone.append(Delete(message) if young else Edit(message, shows))
    return [action for action in gone if isinstance(action, Delete) or action.shows != action.message.shows]


def _was_deleted(shown: Shown, situation: Situation) -> bool:
    entry = situation.entries.get(shown.entry_id)
    return entry is not None and entry.standing is Standing.DELETED


def _notes(situation: Situation) -> Iterable[Send]:
    """A silent reply for each correction that matters and has not been told."""
    corrected = {event.entry_id for event in situation.events if event.kind is EventKind.CORRECTED}
    for message in situation.messages:
        for shown in _told_by(message, situation):
            entry = situation.entries.get(shown.entry_id)
            if entry is None or entry.id not in corrected or entry.standing is not Standing.SHOWN:
                continue
            told = situation.revisions.get((entry.id, shown.told))
            if told is not None and told.number < entry.number and note(entry, told) is not None:
                now = shown.model_copy(update={"first": shown.told, "revision": entry.number, "told": entry.number})
                yield Send(MessageKind.NOTE, (now,), reply_to=message)


def _told_by(message: Message, situation: Situation) -> Iterable[Shown]:
    """What the chat reads in this message first of all: of a recap what no news shows, nor a later recap."""
    if message.kind is MessageKind.NEWS:
        yield from message.shows
    elif message.kind is MessageKind.RECAP and not message.is_frozen:
        others = [one for one in situation.messages if one.kind is MessageKind.NEWS or _is_later_recap(one, message)]
        elsewhere = {shown.entry_id for one in others for shown in one.shows}
        yield from (shown for shown in message.shows if shown.entry_id not in elsewhere)


def _is_later_recap(one: Message, message: Message) -> bool:
    return one.kind is MessageKind.RECAP and not one.is_frozen and one.id > message.id
