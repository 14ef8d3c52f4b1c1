"""`/quotes <speaker>`: whom a few letters mean."""

from __future__ import annotations

import pytest

from bot.quotes import Matches, fold, holds, matching, split_query
from storage.models import Speaker

SPEAKERS = [
    Speaker(name="Salim al-Haddad"),
    Speaker(name="Dmitri Peshkov", aliases=("Peshkov",)),
    Speaker(name="Anna Kovač"),
    Speaker(name="Ben Kovač"),
    Speaker(name="US Roads Department", aliases=("Roads Department",), is_person=False),
    Speaker(name="Ursula von der Heide"),
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("peshkov", [1]),
        ("PESHKOV", [1]),
        ("Peschkov", [1]),
        ("peshkow", [1]),
        ("dmitri", [1]),
        ("al haddad", [0]),
        ("alhaddad", [0]),
        ("al-Haddad", [0]),
        ("hadad", [0]),
        ("kovac", [2, 3]),
        ("anna kovac", [2]),
        ("roads", [4]),
        ("us roads department", [4]),
        ("heide", [5]),
        ("von der heide", [5]),
        ("Пешков", [1]),
        ("Пешковым", [1]),
        ("Peschkow", [1]),
        ("Pechkov", [1]),
        ("Dmitrij Peshkov", [1]),
        ("Ковач", [2, 3]),
    ],
)
def test_found(query: str, found: list[int]) -> None:
    assert sorted(matching(query, SPEAKERS).found) == found


def test_the_nearest_are_offered_where_nothing_is_found() -> None:
    matches = matching("Pechkin", SPEAKERS)
    assert matches.found == ()
    assert matches.nearest[0] == 1


@pytest.mark.parametrize("query", ["", "   ", "?!", "zzzzzz", "🙂"])
def test_nothing_to_find(query: str) -> None:
    assert matching(query, SPEAKERS).found == ()


def test_nobody_to_find() -> None:
    assert matching("kovac", []) == Matches()


@pytest.mark.parametrize(("text", "folded"), [("Erdoğan", "erdogan"), ("Łukasz", "lukasz"), ("ØRSTED", "orsted")])
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("peshkov geneva", ("peshkov", "geneva")),
        ("dmitri peshkov geneva talks", ("dmitri peshkov", "geneva talks")),
        ("geneva peshkov", ("peshkov", "geneva")),
        ("von der heide", ("von der heide", "")),
        ("  peshkov   geneva ", ("peshkov", "geneva")),
        ("nobody known", ("nobody known", "")),
        ("", ("", "")),
    ],
)
def test_a_query_is_a_speaker_and_words(query: str, parts: tuple[str, str]) -> None:
    assert split_query(query, SPEAKERS) == parts


@pytest.mark.parametrize(
    ("words", "is_held"),
    [("geneva", True), ("GENÈVA talk", True), ("gen", True), ("neva", False), ("geneva moscow", False), ("", True)],
)
def test_words_of_a_quote(words: str, is_held: bool) -> None:
    assert holds("The talks in Geneva will go on.", words) is is_held


def test_a_long_query_is_tried_for_no_more_words_than_a_name_has() -> None:
    name, words = split_query("ana duarte " + "words " * 2000, [Speaker(name="Ana Duarte")])
    assert name == "ana duarte"
    assert len(words.split()) == 2000
