"""/status, from figures to words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from making import seen

from bot.delivery.status import Status, reach, spell, status
from storage.backlogs import Backlog
from storage.models import Story
from storage.workers import Counted, Worker

NOW = datetime(2016, 3, 14, 19, 16, tzinfo=UTC)


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def story(number: int = 1, **values: Any) -> Story:
    usual = {"title": f"Story {number}", "read_at": ago(seconds=12), "next_poll_at": NOW + timedelta(seconds=8)}
    return Story.model_validate(
        {"id": number, "slug": f"story-{number}", "source": "https://example.org"} | usual | values
    )


def worker(role: str = "all", *, silent: float = 2, in_flight: int = 0, rate: float = 0.0) -> Worker:
    return Worker(role, ago(hours=3), ago(seconds=silent), in_flight, rate)


def shown(*backlogs: Backlog, **values: Any) -> list[str]:
    usual: dict[str, Any] = {"rate": 28.0, "chats": 12345, "workers": [worker()], "counted": Counted()}
    return seen(status(Status(NOW, backlogs=backlogs, **{**usual, **values}))).splitlines()


def test_a_broadcast_in_its_middle() -> None:
    lines = shown(
        Backlog(story(1, title="Fire in the harbour"), 12_000, 9_870, ago(minutes=4)),
        Backlog(story(2, title="Summit", next_poll_at=NOW), 345, 0, None),
        workers=[worker(in_flight=8, rate=27.42)],
        counted=Counted(123_456, 2, 1),
    )
    assert lines == [
        "12,345 chats · 9,870 behind · 8 in flight",
        "The slowest chat is 4 min behind.",
        "27.4 messages a second now, at most 28",
        "In the last day: 123,456 calls, 2 answered 429, 1 of unknown outcome",
        "An entry reaches the last of 12,000 chats after 7 min; use a channel: one message there reaches everybody.",
        "",
        "Fire in the harbour · read 12 s ago, next in 8 s · 12,000 chats · 9,870 behind",
        "Summit · read 12 s ago, next now · 345 chats",
    ]


@pytest.mark.parametrize(("chats", "words"), [(28 * 60, "after 1 min."), (28 * 60 + 1, "after 1 min; use a channel")])
def test_a_channel_is_advised_where_the_last_waits_for_over_a_minute(chats: int, words: str) -> None:
    assert words in shown(Backlog(story(), chats, 0, None))[3]
    assert reach(chats, 28.0) >= timedelta(minutes=1)


def test_without_a_story_and_without_chats() -> None:
    assert shown(chats=0, workers=[])[0] == "0 chats · 0 behind · 0 in flight"
    assert len(shown(chats=1)) == 3


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"read_at": None, "next_poll_at": None}, "not read yet"),
        ({"next_poll_at": None, "source": "push"}, "read 12 s ago"),
        ({"failures": 1}, "cannot be read, 1 failure · read 12 s ago, next in 8 s"),
        ({"failures": 1200, "read_at": ago(days=3)}, "cannot be read, 1,200 failures · read 3 days ago, next in 8 s"),
        ({"state": "ended", "next_poll_at": datetime(9000, 1, 1, tzinfo=UTC)}, "ended · read 12 s ago"),
        ({"is_paused": True, "failures": 3}, "held · read 12 s ago"),
        ({"next_poll_at": ago(minutes=5)}, "read 12 s ago, was due 5 min ago"),
        ({"next_poll_at": ago(seconds=30)}, "read 12 s ago, next now"),
    ],
)
def test_how_reading_goes(values: dict[str, Any], words: str) -> None:
    assert shown(Backlog(story(**values), 5, 0, None))[-1] == f"Story 1 · {words} · 5 chats"


def test_what_is_read_no_more_is_told_of_only_while_somebody_waits() -> None:
    gone = story(is_watched=False)
    assert "Story 1" not in "".join(shown(Backlog(gone, 5, 0, None)))
    assert shown(Backlog(gone, 5, 1, NOW))[-1] == "Story 1 · read 12 s ago · 5 chats · 1 behind"


def test_trouble_is_not_what_is_cut_off() -> None:
    many = [Backlog(story(number, title=f"Story {number} of a great many"), 5, 0, None) for number in range(1, 200)]
    many.append(Backlog(story(200, failures=4, title="Summit"), 5, 0, None))
    lines = shown(*many, workers=[worker(f"send {number}") for number in range(50)])
    assert lines[5].startswith("Summit · cannot be read")
    assert any(line.startswith("and 1") for line in lines)
    assert lines[-1] == "and 30 more"


def test_processes_are_named_where_there_are_several() -> None:
    assert "Processes" not in shown(workers=[worker()])
    lines = shown(workers=[worker("send", in_flight=3, rate=10), worker("send", silent=200, in_flight=8, rate=17)])
    assert lines[-3:] == ["Processes", "send · for 3 h · silent for 3 min", "send · for 3 h"]
    assert lines[0].endswith("3 in flight")
    assert lines[1].startswith("10 messages")


@pytest.mark.parametrize(
    ("workers", "is_told"),
    [([], True), ([worker("watch")], True), ([worker("send", silent=200)], True), ([worker("answer, send")], False)],
)
def test_that_nobody_sends_is_told_where_somebody_waits(workers: list[Worker], is_told: bool) -> None:
    waiting, served = Backlog(story(), 5, 2, NOW), Backlog(story(), 5, 0, None)
    assert ("No process sends at the moment." in shown(waiting, workers=workers)) is is_told
    assert "No process sends at the moment." not in shown(served, workers=workers)


def test_words_from_outside_stay_words() -> None:
    answer = status(Status(NOW, 28.0, 1, [Backlog(story(title="<b>A & B"), 1, 0, None)], [], Counted()))
    assert "&lt;b&gt;A &amp; B" in answer.html


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=-3), "0 s"),
        (timedelta(seconds=59.6), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=47), "47 h"),
        (timedelta(days=2), "2 days"),
        (timedelta(days=1200), "1,200 days"),
    ],
)
def test_spans_are_told_in_their_largest_unit(span: timedelta, words: str) -> None:
    assert spell(span) == words
