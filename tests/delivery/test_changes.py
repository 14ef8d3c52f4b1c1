"""What changed between two texts, and what of it a reader must be told."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.changes import Change, changes, is_rewrite, matters, same_words
from bot.delivery.weight import Words


def apply(old: str, found: tuple[Change, ...]) -> str:
    """The old text with the changes done, word by word."""
    done, at = [], 0
    for change in found:
        done += [old[at : change.old_start], " ", change.new, " "]
        at = change.old_end
    return "".join([*done, old[at:]])


def words(text: str) -> list[str]:
    return Words.of(text).keys


WORDS = [
    "The",
    "the",
    "port",
    "Port",
    "Lavrov",
    "said",
    "not",
    "9,000",
    "ten",
    ".",
    ",",
    '"',
    "is",
    "\n\n",
    "“no”",
    "U.S.",
]
prose = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)


@given(prose | st.text(max_size=30), prose | st.text(max_size=30))
def test_changes_lead_from_the_old_text_to_the_new(old: str, new: str) -> None:
    found = changes(old, new)
    assert all(new[change.start : change.end] == change.new for change in found)
    assert all(old[change.old_start : change.old_end] == change.old for change in found)
    assert words(apply(old, found)) == words(new)
    assert bool(found) == (not same_words(old, new))
    is_rewrite(old, new)


@given(prose)
def test_nothing_changed(text: str) -> None:
    assert changes(text, text) == ()
    assert not matters(text, text)
    assert not is_rewrite(text, text)


def test_neighbours_are_one_change() -> None:
    (change,) = changes("said the old grey port was shut.", "said the new blue harbour was shut.")
    assert (change.old, change.new, change.before, change.after) == (
        "old grey port",
        "new blue harbour",
        "said the ",
        " was shut",
    )
    (change,) = changes("for the Harbour Council of Ayr, said", "for the Port Assembly of Bute, said")
    assert (change.old, change.new) == ("Harbour Council of Ayr", "Port Assembly of Bute")


def test_context_stays_in_its_sentence() -> None:
    (change,) = changes("It is over. Nine came. All left", "It is over. Ten came. All left")
    assert (change.before, change.after) == ("", " came")


def test_drawing_quotes_and_dashes_otherwise_is_no_change() -> None:
    assert changes('"It\'s" so - yes', "“It’s”  so – yes\n") == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The minister Anna Low said so.", "The minister Anna High said so."),
        ("Low said it was over.", "Bell said it was over."),
        ("Anna Low left.", "Hanna Low left."),
        ("about 9,000 left", "about 8,000 left"),
        ("nine ships left", "ten ships left"),
        ("dozens left", "hundreds left"),
        ("he would stay", "he would not stay"),
        ("he did stay there", "he didn't stay there"),
        ("he confirmed it", "he denied it"),
        ('she said: "It is a big day" there', 'she said: "It is a bad day" there'),
        ("the port, sources say, is shut.", "the port, Reuters says, is shut."),
        ("Ships left for the islands.", "Ships left on Monday for the islands."),
        ("It rose by 3 per cent", "It rose by 3.5 per cent"),
        ("They left the iPhone there", "They left the device there"),
    ],
)
def test_what_matters(old: str, new: str) -> None:
    assert matters(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The ships has left.", "The ships have left."),
        ("The ships left.", "The ships left. Anna Low said 9 did not."),
        ("The ships left", "The ships left for Ayr"),
        ("The ships left.\n\nMore soon.", "The ships left.\n\nAnna Low did not.\n\nMore soon."),
        ("the colour is grey", "the color is grey"),
        ("The ships left.", "All ships left."),
        ("Protesters gathered there.", "Demonstrators gathered there."),
        ("It is so, they say", "It is so they say"),
        ("", "Anna Low left 9 ships."),
    ],
)
def test_what_does_not(old: str, new: str) -> None:
    assert not matters(old, new)


def test_a_rewrite_is_told_from_a_correction() -> None:
    old = "The ships left the port in the early morning while the wind was low."
    assert is_rewrite(old, "Nobody knows where anything has gone since midnight, officials said.")
    assert not is_rewrite(old, old.replace("early", "late"))
    assert not is_rewrite(old, old + " And much more was said about that all over the town." * 5)
    assert not is_rewrite("Ten left", "Nine came")


def test_long_texts_are_quick() -> None:
    old = " ".join(f"w{at}" for at in range(20_000))
    new = " ".join(f"w{at}" if at % 1000 else "Other" for at in range(20_000))
    start = time.process_time()
    found = changes(old, new)
    assert words(apply(old, found)) == words(new)
    assert changes(old, " ".join(f"v{at}" for at in range(20_000)))[0].old == old
    assert time.process_time() - start < 5
