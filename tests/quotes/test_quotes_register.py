"""A story's entries in a row: what one has shown serves the next, and nothing is taken from the future."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.quotes import Register, find_quotes
from storage.models import SeenRole, Span, Speaker

NOON = datetime(2016, 3, 14, 12, tzinfo=UTC)


def told(*texts: str) -> Register:
    register = Register()
    for text in texts:
        register = find_quotes(text, register=register, at=NOON).register
    return register


def speakers_of(text: str, register: Register | None = None, title: str = "") -> list[str | None]:
    return [quote.speaker for quote in find_quotes(text, title=title, register=register).quotes]


def test_a_surname_is_known_from_an_earlier_entry() -> None:
    register = told("Foreign Minister Anna Kovac arrived in Oldbridge.")
    assert speakers_of('"We will leave at dawn," Kovac said.', register) == ["Anna Kovac"]


def test_an_office_is_known_from_an_earlier_entry() -> None:
    register = told("Foreign Minister Anna Kovac arrived in Oldbridge.")
    assert speakers_of('"We will leave at dawn," the foreign minister said.', register) == ["Anna Kovac"]


def test_two_ministers_are_told_apart_by_their_ministry() -> None:
    register = told("Foreign Minister Anna Kovac met Defence Minister Ben Abara.")
    assert speakers_of('"We will leave at dawn," the foreign minister said.', register) == ["Anna Kovac"]
    assert speakers_of('"We will leave at dawn," the defence minister said.', register) == ["Ben Abara"]


def test_a_name_becomes_fuller_at_its_position() -> None:
    short = told('"We will leave at dawn," Kovac said.')
    full = find_quotes("Anna Kovac has left Oldbridge, said Ben Abara.", register=short).register
    assert [speaker.name for speaker in short.speakers] == ["Kovac"]
    assert full.speakers[0].name == "Anna Kovac"
    assert "Kovac" in full.speakers[0].aliases


@pytest.mark.parametrize(("one", "other"), [("Sergey Antonov", "Sergei Antonov"), ("Anna Kovač", "Anna Kovac")])
def test_two_spellings_are_one_person(one: str, other: str) -> None:
    assert len(told(f"Minister {one} arrived.", f"Minister {other} left.").speakers) == 1


def test_two_people_with_one_surname_stay_two() -> None:
    assert [s.name for s in told("Anna Kovac arrived.", "Ben Kovac left.").speakers] == ["Anna Kovac", "Ben Kovac"]


def test_roles_are_kept_with_the_time_they_were_seen() -> None:
    (speaker,) = told("Foreign Minister Anna Kovac arrived.").speakers
    assert speaker.roles == (SeenRole(role="Foreign Minister", seen_at=NOON),)
    assert speaker.gender == "f"


def test_a_register_given_is_never_changed() -> None:
    register = Register([Speaker(name="Kovac")])
    find_quotes('"We will leave at dawn," said Mayor Anna Kovac.', register=register, at=NOON)
    assert register == Register([Speaker(name="Kovac")])
    with pytest.raises(AttributeError):
        register.speakers = ()


def test_an_unnamed_body_is_kept_as_no_person() -> None:
    (speaker,) = told('"We will leave at dawn," a spokesman for the Roads Ministry said.').speakers
    assert (speaker.name, speaker.is_person) == ("Roads Ministry", False)


@pytest.mark.parametrize(
    "title", ["Kovac: roads will open", "Kovac says roads will open", "Kovac Says Roads Will Open"]
)
def test_a_title_lets_somebody_speak(title: str) -> None:
    register = told("Foreign Minister Anna Kovac arrived in Oldbridge.")
    assert speakers_of('"We will leave at dawn, as I said."', register, title) == ["Anna Kovac"]


def test_he_is_the_only_man_in_the_title() -> None:
    assert speakers_of('"We will leave at dawn," he said.', title="Ben Abara on the flood") == ["Ben Abara"]


def test_a_tweet_is_not_read_as_prose() -> None:
    tweet = 'Ben Abara says "nothing will ever change here"'
    text = f'Anna Kovac came.\n\n{tweet}\n\n"We will leave at dawn," she said.'
    start = text.index(tweet)
    span = Span(start=start, end=start + len(tweet), kind="tweet", author="abara")
    reading = find_quotes(text, tweets=[span])
    assert [quote.speaker for quote in reading.quotes] == ["Anna Kovac"]


def test_role_cue_kind_and_confidence() -> None:
    text = 'Foreign Minister Anna Kovac has said: "We will leave at dawn." She called it "a matter of plain honesty".'
    direct, partial = find_quotes(text).quotes
    assert (direct.role, direct.cue, direct.kind, direct.confidence) == (
        "Foreign Minister",
        "has said",
        "direct",
        "explicit",
    )
    assert (partial.role, partial.cue, partial.kind, partial.confidence) == (None, "She called", "partial", "resolved")


def test_a_quote_reopened_at_each_paragraph_is_one() -> None:
    text = 'Anna Kovac said: "We will leave at dawn.\n\n"We will not come back.\n\n"That is all I have to say."'
    (quote,) = find_quotes(text).quotes
    assert [text[a:b] for a, b in quote.parts] == [
        '"We will leave at dawn.',
        '"We will not come back.',
        '"That is all I have to say."',
    ]
    assert quote.speaker == "Anna Kovac"


def test_a_quote_broken_by_an_empty_line_is_one_string() -> None:
    text = 'Anna Kovac said. *"We will leave at dawn and watch for*\n\nthe peace of the valley."*'
    (quote,) = find_quotes(text).quotes
    assert quote.text.endswith('the peace of the valley."')
    assert len(quote.parts) == 1
