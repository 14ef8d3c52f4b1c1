"""What a page changed, where the source gives no ids."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.diff import ABSENT_AFTER, Changes, diff, still_absent
from storage.models import Entry, Page, ParsedEntry, Standing

NOON = datetime(2016, 3, 14, 12, 0, tzinfo=UTC)
LONG = "The fire has spread to a second warehouse on the northern quay, and two streets are closed to all traffic."


def parsed(minute: int, text: str, ordinal: int = 1, **more: object) -> ParsedEntry:
    when = NOON + timedelta(minutes=minute)
    key = f"{when:%H%M}-{ordinal}-{hash(text) & 0xFFFF:x}"
    return ParsedEntry.model_validate({"key": key, "published_at": when, "stamp": f"{when:%H:%M}", "text": text} | more)


def page(*entries: ParsedEntry) -> Page:
    newest_first = sorted(entries, key=lambda entry: entry.published_at, reverse=True)
    oldest = newest_first[-1].published_at if newest_first else None
    return Page(entries=tuple(newest_first), covers_from=oldest)


def known(*entries: ParsedEntry) -> list[Entry]:
    return [as_known(place, entry) for place, entry in enumerate(entries, start=1)]


def as_known(entry_id: int, entry: ParsedEntry, **more: object) -> Entry:
    values = entry.model_dump(exclude={"withdrawn"})
    identity = {"entry_id": entry_id, "number": 1, "at": NOON, "story_id": 1, "added_at": NOON}
    return Entry.model_validate(values | identity | more)


def apply(store: Sequence[Entry], changes: Changes) -> list[Entry]:
    """What the store knows afterwards."""
    by_id = {entry.id: entry for entry in store}
    for corrected in changes.corrected:
        old = by_id[corrected.known.id]
        by_id[old.id] = as_known(old.id, corrected.entry, key=old.key, number=old.number + 1)
    for retracted in changes.retracted:
        old = by_id[retracted.known.id]
        by_id[old.id] = old.model_copy(update={"standing": retracted.standing, "number": old.number + 1})
    for entry_id, count in changes.absences.items():
        by_id[entry_id] = by_id[entry_id].model_copy(update={"absences": count})
    for added in changes.added:
        by_id[len(by_id) + 1] = as_known(len(by_id) + 1, added.entry)
    return list(by_id.values())


def test_a_new_entry_is_added_and_the_others_are_left_alone() -> None:
    changes = diff(known(parsed(0, "First.")), page(parsed(0, "First."), parsed(5, "Second.")))
    assert [added.entry.text for added in changes.added] == ["Second."]
    assert not changes.corrected
    assert not changes.retracted


def test_an_edited_text_is_a_correction() -> None:
    [corrected] = diff(known(parsed(0, LONG)), page(parsed(0, LONG.replace("two", "four")))).corrected
    assert corrected.known.id == 1
    assert "four streets" in corrected.entry.text


def test_a_text_rewritten_under_its_stamp_is_the_same_entry() -> None:
    changes = diff(known(parsed(0, "More soon.")), page(parsed(0, LONG)))
    assert len(changes.corrected) == 1
    assert not changes.added


def test_an_edited_stamp_is_a_correction() -> None:
    changes = diff(known(parsed(-9, "Before."), parsed(5, LONG)), page(parsed(-9, "Before."), parsed(3, LONG)))
    assert [corrected.known.id for corrected in changes.corrected] == [2]
    assert not changes.added


def test_an_empty_entry_that_is_filled_is_a_correction() -> None:
    changes = diff(known(parsed(0, "")), page(parsed(0, LONG)))
    assert len(changes.corrected) == 1


def test_twins_are_told_apart_by_their_words() -> None:
    store = known(parsed(0, LONG), parsed(0, "The railway line is closed."))
    changes = diff(store, page(parsed(0, "The railway line is closed again."), parsed(0, LONG)))
    assert [corrected.known.id for corrected in changes.corrected] == [2]


def test_five_equal_twins_stay_five() -> None:
    twins = [parsed(0, "Goal!", ordinal) for ordinal in range(1, 6)]
    assert not diff(known(*twins), page(*twins))


def test_the_same_words_much_later_are_a_new_entry() -> None:
    changes = diff(known(parsed(0, "Goal!")), page(parsed(50, "Goal!")))
    assert len(changes.added) == 1


def test_an_entry_between_known_ones_is_late_and_one_before_all_is_old() -> None:
    store = known(parsed(0, "First."), parsed(10, "Third."))
    changes = diff(
        store,
        page(
            *(parsed(minute, text) for minute, text in [(-9, "Zero."), (0, "First."), (5, "Second."), (10, "Third.")])
        ),
    )
    assert [(added.entry.text, added.is_old, added.is_late) for added in changes.added] == [
        ("Zero.", True, False),
        ("Second.", False, True),
    ]


def test_what_rolled_off_the_page_is_not_gone() -> None:
    store = known(parsed(0, "First."), parsed(5, "Second."), parsed(9, "Third."))
    changes = diff(store, page(parsed(5, "Second."), parsed(9, "Third.")))
    assert not changes
    assert not changes.absences


def test_what_is_missing_in_between_is_given_up_after_some_readings() -> None:
    store = known(*(parsed(minute, f"Number {minute}.") for minute in range(6)))
    without = page(*(parsed(minute, f"Number {minute}.") for minute in range(6) if minute != 3))
    for _ in range(ABSENT_AFTER - 1):
        changes = diff(store, without)
        assert not changes.retracted
        store = apply(store, changes)
    [retracted] = diff(store, without).retracted
    assert (retracted.known.text, retracted.standing) == ("Number 3.", Standing.ABSENT)
    assert [one.known.text for one in still_absent(store).retracted] == ["Number 3."]


def test_a_page_that_shrank_suspiciously_retracts_nothing() -> None:
    store = known(*(parsed(minute, f"Number {minute}.") for minute in range(9)))
    shell = page(parsed(0, "Number 0."), parsed(8, "Number 8."))
    for _ in range(ABSENT_AFTER + 1):
        changes = diff(store, shell)
        assert changes.warnings
        store = apply(store, changes)
    assert all(entry.standing is Standing.SHOWN for entry in store)


def test_a_page_without_entries_retracts_nothing() -> None:
    assert not diff(known(parsed(0, "First.")), Page())


def test_a_notice_of_withdrawal_deletes_and_a_return_restores() -> None:
    store = known(parsed(0, "First."), parsed(5, LONG))
    changes = diff(store, page(parsed(0, "First."), parsed(5, "", withdrawn=True)))
    [retracted] = changes.retracted
    assert (retracted.known.id, retracted.standing) == (2, Standing.DELETED)

    store = apply(store, changes)
    assert not diff(store, page(parsed(0, "First."), parsed(5, "", withdrawn=True)))
    [restored] = diff(store, page(parsed(0, "First."), parsed(5, LONG))).corrected
    assert restored.known.id == 2


def test_with_ids_the_id_alone_decides() -> None:
    store = [as_known(1, parsed(0, LONG, key="a")), as_known(2, parsed(1, "Second.", key="b"))]
    shown = page(parsed(30, "Rewritten and moved.", key="a"), parsed(1, "Second.", key="b"), parsed(2, LONG, key="c"))
    changes = diff(store, shown.model_copy(update={"has_ids": True, "deleted": ("b",)}))
    assert [corrected.known.key for corrected in changes.corrected] == ["a"]
    assert [added.entry.key for added in changes.added] == ["c"]
    assert [retracted.known.key for retracted in changes.retracted] == ["b"]


@st.composite
def histories(draw: st.DrawFn) -> list[list[ParsedEntry]]:
    """Readings of a page on which entries come, are edited, moved a little, emptied and taken down."""
    texts = st.text(alphabet="abcd efgh", max_size=60)
    shown: list[ParsedEntry] = [parsed(0, draw(texts))]
    readings = [list(shown)]
    for minute in range(1, draw(st.integers(1, 8))):
        match draw(st.sampled_from(["publish", "edit", "move", "remove", "nothing"])):
            case "publish":
                shown.append(parsed(minute * 10, draw(texts)))
            case "edit":
                place = draw(st.integers(0, len(shown) - 1))
                shown[place] = shown[place].model_copy(update={"text": draw(texts)})
            case "move":
                place = draw(st.integers(0, len(shown) - 1))
                moved = shown[place].published_at + timedelta(minutes=draw(st.integers(-3, 3)))
                shown[place] = shown[place].model_copy(update={"published_at": moved})
            case "remove" if len(shown) > 1:
                del shown[draw(st.integers(0, len(shown) - 1))]
        shown = [one.model_copy(update={"key": f"{one.published_at:%H%M}-{place}"}) for place, one in enumerate(shown)]
        readings.append(list(shown))
    return readings


@settings(max_examples=200, deadline=None)
@given(histories())
def test_what_stands_in_the_store_is_what_the_page_shows(readings: list[list[ParsedEntry]]) -> None:
    store: list[Entry] = []
    for reading in readings:
        changes = diff(store, page(*reading))
        store = apply(store, changes)
        again = diff(store, page(*reading))
        assert not again.added, "a page that did not change brings nothing"
        assert not again.corrected, "nor does it correct anything"
        faces = sorted((entry.published_at, entry.text) for entry in reading)
        standing = sorted((entry.published_at, entry.text) for entry in store if entry.standing is Standing.SHOWN)
        assert all(face in standing for face in faces), "what the page shows is known as it is shown"
        assert len({entry.id for entry in store}) == len(store)
