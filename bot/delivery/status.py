"""`/status`: how the bot is doing, for those who run it. Trouble comes first, and is never what is cut off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.cutting import cut
from bot.delivery.outside import plain
from bot.delivery.pieces import finished, fitting
from bot.delivery.rendered import Rendered
from bot.delivery.richtext import Rich, bold, join
from storage.backlogs import Backlog
from storage.models import Story, StoryState
from storage.workers import Counted, Worker

LONG_WAIT = timedelta(minutes=1)  # until the last chat has an entry; from here on a channel is the better way
USE_A_CHANNEL = "use a channel: one message there reaches everybody"

FRESH = timedelta(seconds=15)  # how busy a process is it says every few seconds, as long as it is
SILENT = timedelta(seconds=75)  # that it is there, every half minute
OVERDUE = timedelta(minutes=1)
MOST_WAIT = timedelta(days=365)  # a story that is read no more has its next reading in another age
_TITLE = 40
_PROCESSES = 20


@dataclass(frozen=True)
class Status:
    """What there is to tell at one moment. `rate` is how many messages a second all processes together may send."""

    now: datetime
    rate: float
    chats: int
    backlogs: Sequence[Backlog]
    workers: Sequence[Worker]
    counted: Counted  # in the last day


def reach(chats: int, rate: float) -> timedelta:
    """How long the last of so many chats waits for an entry."""
    return timedelta(seconds=chats / rate)


def status(found: Status) -> Rendered:
    """The whole answer."""
    head = [*_chats(found), *_sending(found), *_reach(found)]
    processes = _processes(found)
    stories = [_story(backlog, found.now) for backlog in _by_trouble(found)]
    room = fitting([*head, *processes, *stories]) - len(head) - len(processes)
    blocks = (head, _first(stories, room), processes)
    return Rendered(finished(join((join(block, "\n") for block in blocks if block), "\n\n")))


def _first(lines: list[Rich], room: int) -> list[Rich]:
    left = len(lines) - max(0, room)
    return [*lines[: max(0, room)], Rich(f"and {left:,} more")] if left > 0 else lines


def _chats(found: Status) -> Iterator[Rich]:
    """Who is there, and who is behind."""
    behind = sum(backlog.behind for backlog in _told(found))
    in_flight = sum(worker.in_flight for worker in _busy(found))
    facts = [bold(_many(found.chats, "chat")), Rich(f"{behind:,} behind"), Rich(f"{in_flight:,} in flight")]
    yield join(facts, " · ")
    since = min((backlog.since for backlog in _told(found) if backlog.since is not None), default=None)
    if since is not None:
        yield Rich("The slowest chat is ") + bold(f"{spell(found.now - since)} behind") + "."
    if behind and not any(_sends(worker) for worker in found.workers if not _is_silent(worker, found.now)):
        yield bold("No process sends at the moment.")


def _sending(found: Status) -> Iterator[Rich]:
    """How fast, and what went wrong."""
    rate = sum(worker.rate for worker in _busy(found))
    counted = found.counted
    yield Rich(f"{_rate(rate)} messages a second now, at most {_rate(found.rate)}")
    calls = _many(counted.calls, "call")
    yield Rich(f"In the last day: {calls}, {counted.refusals:,} answered 429, {counted.unknown:,} of unknown outcome")


def _reach(found: Status) -> Iterator[Rich]:
    """What the operator may expect, of the story that most follow."""
    most = max((backlog.chats for backlog in _told(found)), default=0)
    wait = reach(most, found.rate)
    advice = f"; {USE_A_CHANNEL}" if wait > LONG_WAIT else ""
    if most > 1:
        yield Rich(f"An entry reaches the last of {_many(most, 'chat')} {_after(wait)}{advice}.")


def _after(wait: timedelta) -> str:
    return "within a second" if wait <= timedelta(seconds=1) else f"after {spell(wait)}"


def _told(found: Status) -> list[Backlog]:
    """Of what is held nobody is told: that is no lag."""
    return [backlog for backlog in found.backlogs if not backlog.story.is_paused]


# --- stories --------------------------------------------------------------------------------------------------------


def _by_trouble(found: Status) -> list[Backlog]:
    """What cannot be read, then what is furthest behind."""
    there = [backlog for backlog in found.backlogs if backlog.story.is_watched or backlog.behind]
    return sorted(there, key=lambda each: (not _is_in_trouble(each.story, found.now), each.since or found.now))


def _story(backlog: Backlog, now: datetime) -> Rich:
    """One line: what it is called, how reading it goes, who is behind."""
    story = backlog.story
    name = cut(Rich(plain(story.title or story.slug)), _TITLE)[0]
    behind = [Rich(f"{backlog.behind:,} behind")] if backlog.behind else []
    return join([bold(name), *_reading(story, now), Rich(_many(backlog.chats, "chat")), *behind], " · ")


def _reading(story: Story, now: datetime) -> Iterator[Rich]:
    if story.failures and _is_read(story):
        yield bold(f"cannot be read, {_many(story.failures, 'failure')}")
    if story.state is StoryState.ENDED:
        yield Rich("ended")
    if story.is_paused:
        yield Rich("held")
    read = Rich("not read yet" if story.read_at is None else f"read {spell(now - story.read_at)} ago")
    yield read + _next(story, now)


def _next(story: Story, now: datetime) -> Rich:
    """When it is read again; nothing where it is pushed, or not read any more."""
    if not _is_read(story) or story.next_poll_at is None or story.next_poll_at - now > MOST_WAIT:
        return Rich()
    if _is_overdue(story, now):
        return ", " + bold(f"was due {spell(now - story.next_poll_at)} ago")
    wait = story.next_poll_at - now
    return Rich(f", next in {spell(wait)}" if wait > timedelta(0) else ", next now")


def _is_in_trouble(story: Story, now: datetime) -> bool:
    return _is_read(story) and (story.failures > 0 or _is_overdue(story, now))


def _is_overdue(story: Story, now: datetime) -> bool:
    """Nobody reads it: the process that did may be gone."""
    return story.next_poll_at is not None and now - story.next_poll_at > OVERDUE


def _is_read(story: Story) -> bool:
    return story.is_watched and not story.is_paused


# --- processes ------------------------------------------------------------------------------------------------------


def _processes(found: Status) -> list[Rich]:
    """Where there are several: what each does, since when, and whether it still does; the silent ones first."""
    if len(found.workers) < 2:
        return []
    there = sorted(found.workers, key=lambda worker: not _is_silent(worker, found.now))
    lines = [_process(worker, found.now) for worker in there]
    return [bold("Processes"), *_first(lines, _PROCESSES)]


def _process(worker: Worker, now: datetime) -> Rich:
    words = Rich(f"{worker.role} · for {spell(now - worker.started_at)}")
    return words + " · " + bold(f"silent for {spell(now - worker.seen_at)}") if _is_silent(worker, now) else words


def _sends(worker: Worker) -> bool:
    return worker.role == "all" or "send" in worker.role


def _is_silent(worker: Worker, now: datetime) -> bool:
    return now - worker.seen_at > SILENT


def _busy(found: Status) -> list[Worker]:
    """The processes whose figures are of this moment."""
    return [worker for worker in found.workers if found.now - worker.seen_at <= FRESH]


# --- words ----------------------------------------------------------------------------------------------------------


def spell(span: timedelta) -> str:
    """A span in its largest unit: "12 s", "4 min", "3 h", "5 days"."""
    seconds = max(0, round(span.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 2 * 86400 else f"{seconds // 86400:,} days"


def _many(count: int, noun: str, plural: str = "") -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def _rate(rate: float) -> str:
    return f"{rate:,.1f}".removesuffix(".0")
