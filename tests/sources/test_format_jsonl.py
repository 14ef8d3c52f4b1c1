"""Our own entries as JSON: what is exported can be read again, and what is pushed is read strictly."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import NOW, page_of

from bot.sources import Context, UnreadablePage
from bot.sources.formats import jsonl
from storage.models import Entry, Media, Page, ParsedEntry, Span, SpanKind, Standing

WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
SPAN_KINDS = st.sampled_from(get_args(SpanKind))


@st.composite
def parsed_entries(draw: st.DrawFn) -> ParsedEntry:
    text = draw(WORDS)
    places = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=4))
    optional = st.none() | WORDS
    return ParsedEntry(
        key=draw(WORDS.filter(bool)),
        published_at=draw(st.datetimes(timezones=st.just(UTC))),
        stamp=draw(WORDS),
        title=draw(WORDS),
        text=text,
        spans=tuple(
            Span(start=min(place), end=max(place), kind=draw(SPAN_KINDS), url=draw(optional), author=draw(optional))
            for place in places
        ),
        media=tuple(
            Media(kind=draw(st.sampled_from(["image", "video"])), url=draw(WORDS), caption=draw(WORDS))
            for _ in range(draw(st.integers(0, 2)))
        ),
        is_key=draw(st.booleans()),
        url=draw(optional),
        withdrawn=draw(st.booleans()),
    )


def parsed(data: bytes) -> Page:
    return jsonl.parse(data, Context(address="posts.jsonl", now=NOW))


def line(key: str = "a", **more: Any) -> dict[str, Any]:
    return {"key": key, "published_at": "2016-03-14T19:16:00Z", "text": "Said."} | more


def refused(data: bytes | object) -> str:
    with pytest.raises(UnreadablePage) as error:
        parsed(data if isinstance(data, bytes) else json.dumps(data).encode())
    return str(error.value)


@settings(max_examples=60)
@given(st.lists(parsed_entries(), max_size=4, unique_by=lambda entry: entry.key), st.booleans(), st.booleans())
def test_nothing_is_lost(entries: list[ParsedEntry], as_lines: bool, ascii_only: bool) -> None:
    lines = [jsonl.dump(entry) for entry in entries]
    as_text = "\n".join(json.dumps(each, ensure_ascii=ascii_only) for each in lines) if as_lines else json.dumps(lines)
    if not entries and as_lines:
        return
    found = parsed(as_text.encode())
    assert {entry.key: entry for entry in found.entries} == {entry.key: entry for entry in entries}
    assert found.deleted == ()


def test_shape() -> None:
    entry = ParsedEntry(
        key="a",
        published_at=datetime(2016, 3, 14, 19, 16, tzinfo=UTC),
        stamp="19:16 GMT",
        text="See here",
        spans=(Span(start=4, end=8, kind="link", url="https://example.org/"),),
    )
    assert jsonl.dump(entry) == {
        "key": "a",
        "published_at": "2016-03-14T19:16:00Z",
        "stamp": "19:16 GMT",
        "title": "",
        "text": "See here",
        "spans": [{"start": 4, "end": 8, "kind": "link", "url": "https://example.org/"}],
        "media": [],
        "is_key": False,
        "url": None,
    }
    assert jsonl.dump(entry.model_copy(update={"withdrawn": True}))["deleted"] is True


def test_archived_entries() -> None:
    known = {"entry_id": 1, "number": 1, "at": NOW, "story_id": 1, "key": "a", "added_at": NOW, "published_at": NOW}
    known |= {"stamp": "12:00", "text": "Words"}
    shown, absent, gone = (
        Entry.model_validate(known | {"standing": standing})
        for standing in (Standing.SHOWN, Standing.ABSENT, Standing.DELETED)
    )
    assert jsonl.dump(shown).keys() & {"absent", "deleted"} == set()
    assert parsed(json.dumps(jsonl.dump(absent)).encode()).absent == ("a",)
    told = jsonl.dump(gone)
    assert (told["text"], told["deleted"]) == ("", True)
    assert parsed(json.dumps(told).encode()).entries[0].withdrawn


def test_forms() -> None:
    one, two = line("a"), line("b", published_at="2016-03-14T22:16:00+01:00", stamp="22:16 CET")
    lines = f"\ufeff{json.dumps(one)}\r\n\r\n{json.dumps(two)}\n"
    for document in (lines.encode(), json.dumps([one, two]).encode(), json.dumps([one, two], indent=2).encode()):
        found = page_of(document)
        assert [(entry.key, entry.stamp) for entry in found.entries] == [
            ("b", "22:16 CET"),
            ("a", "2016-03-14T19:16:00+00:00"),
        ]
        assert (found.format, found.has_ids, found.covers_from) == ("jsonl", True, None)
    assert [entry.key for entry in page_of(json.dumps(one, indent=2).encode()).entries] == ["a"]
    assert page_of([], format="jsonl").entries == ()


def test_taken_back() -> None:
    found = page_of([line("a"), {"key": "b", "deleted": True}, line("c", deleted=True)])
    assert found.deleted == ("b",)
    assert [(entry.key, entry.withdrawn) for entry in found.entries] == [("a", False), ("c", True)]


def test_later_line_holds() -> None:
    found = page_of([line("a", text="First"), line("b"), line("a", text="Second"), {"key": "b", "deleted": True}])
    assert ([entry.text for entry in found.entries], found.deleted) == (["Second"], ("b",))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"published_at": "2016-03-14T19:16:00"}, '"published_at": Input should have timezone info'),
        ({"published_at": "yesterday"}, '"published_at": Input should be a valid datetime'),
        ({"published_at": "0001-01-01T00:00:00+10:00"}, '"published_at": the year is out of range'),
        ({"published_at": None}, '"published_at" is missing'),
        ({"key": ""}, '"key": String should have at least 1 character'),
        ({"key": 7}, '"key": Input should be a valid string'),
        ({"text": "a\0"}, '"text": a NUL character is no text'),
        ({"is_key": "yes"}, '"is_key": Input should be a valid boolean'),
        ({"txt": "typo"}, '"txt": there is no such field'),
        ({"spans": [{"start": 0, "end": 99, "kind": "bold"}]}, '"spans", number 1, does not lie within the text'),
        ({"spans": [{"start": 0, "end": 1, "kind": "loud"}]}, '"spans.0.kind": Input should be'),
        ({"media": [{"kind": "image"}]}, '"media.0.url": Field required'),
        ({"media": "none"}, '"media": Input should be a valid array'),
    ],
)
def test_errors_name_the_place(wrong: dict[str, Any], sentence: str) -> None:
    as_lines = f"{json.dumps(line())}\n\n{json.dumps(line('b') | wrong)}".encode()
    assert refused(as_lines).startswith("posts.jsonl, line 3")
    assert sentence in refused(as_lines)
    assert refused([line(), line("b") | wrong]).startswith("posts.jsonl, entry 2")


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"hello", b"[", b"{}", b"[7]", b'{"key": "a"', b"[" * 100_000, b'{"key":"\xff"}']
)
def test_what_is_none(data: bytes) -> None:
    assert refused(data).startswith("posts.jsonl")
    assert refused(data).endswith(".")


def test_sentences_are_short() -> None:
    assert len(refused([line() | {"x" * 5000: 1}])) < 200


def test_long_archives_are_read_whole() -> None:
    many = [line(str(number)) for number in range(12_000)]
    assert len(parsed("\n".join(map(json.dumps, many)).encode()).entries) == 12_000
