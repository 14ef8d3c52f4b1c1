"""A Page is newest first, its keys are unique, and it says what was left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.sources.formats.building import build, common, newest
from storage.models import ParsedEntry

NOON = datetime(2016, 3, 14, 12, tzinfo=UTC)


def entry(minute: int, key: str = "", text: str = "") -> ParsedEntry:
    moment = NOON + timedelta(minutes=minute)
    return ParsedEntry(key=key, published_at=moment, stamp="", text=text or f"Text of {minute}.")


def test_order_and_window() -> None:
    page = build(format="x", entries=[entry(1, "a"), entry(3, "c"), entry(2, "b")])
    assert [one.key for one in page.entries] == ["c", "b", "a"]
    assert page.covers_from == page.entries[-1].published_at
    assert page.has_ids
    assert build(format="x", entries=[entry(1, "a")], covers_whole=False).covers_from is None
    assert build(format="x", entries=[entry(1, "a"), entry(9, "b")], covers_from=NOON).covers_from == NOON


def test_keys_are_made_where_there_are_none() -> None:
    page = build(format="x", entries=[entry(1), entry(1), entry(2, "own")])
    assert page.entries[0].key == "own"
    assert len({one.key for one in page.entries}) == 3
    assert all(one.key for one in page.entries)
    assert not build(format="x", entries=[entry(1)]).has_ids


def test_repeated_ids() -> None:
    page = build(
        format="x", entries=[entry(1, "a", "Old."), entry(2, "a", "New."), entry(3, "b", "B."), entry(3, "b", "B.")]
    )
    assert [(one.key, one.text) for one in page.entries] == [("b", "B."), ("a", "New.")]
    assert page.warnings == ("1 entries repeat the id of a newer one and were left out.",)


def test_one_id_for_all_is_none() -> None:
    page = build(format="x", entries=[entry(n, "same") for n in range(5)])
    assert len({one.key for one in page.entries}) == 5
    assert not page.has_ids
    assert "one id" in page.warnings[0]


def test_what_was_left_out() -> None:
    page = build(format="x", entries=[entry(1, "a")], undated=2, deleted=["a", "z", "z"])
    assert page.warnings == ("2 of 3 entries give no time that can be read and were left out.",)
    assert page.deleted == ("z",)  # what is shown is not gone


def test_common() -> None:
    assert common(["a", "a", "b"]) == "a"
    assert common(["a", "b", "c"]) is None
    assert common(["a"]) is None


def test_what_would_be_left_out_is_known_before_it_is_read() -> None:
    entries = [entry(-(n * 7919 % 12_345), str(n)) for n in range(13_000)]
    shown = newest(entries, lambda one: None if one.key.endswith("7") else one.published_at)
    assert [one for one in shown if one.key.endswith("7")] == [one for one in entries if one.key.endswith("7")]
    shown = newest(entries, lambda one: one.published_at)
    assert len(shown) == 10_000
    assert build(format="x", entries=shown, unread=3_000) == build(format="x", entries=entries)


def test_breaking_news_is_a_key_event() -> None:
    page = build(format="x", entries=[entry(1, "a", "BREAKING: The dam holds."), entry(2, "b", "Breaking bread.")])
    assert [one.is_key for one in page.entries] == [False, True]
