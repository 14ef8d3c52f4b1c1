"""A story's entries in a row: what one has shown serves the next, and nothing is taken from the future."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.quotes import Register, find_quotes, merge, split, stands_for
from bot.quotes.cast import Cast
from bot.quotes.roll import roll_of
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


@pytest.mark.parametrize(
    ("texts", "role"),
    [
        (
            ("Russian Foreign Minister Anna Kovac arrived.", "Foreign Minister Anna Kovac left."),
            "Russian Foreign Minister",
        ),
        (
            ("Foreign Minister Anna Kovac arrived.", "Russian Foreign Minister Anna Kovac left."),
            "Russian Foreign Minister",
        ),
        (("Deputy Foreign Minister Anna Kovac arrived.", "Foreign Minister Anna Kovac left."), "Foreign Minister"),
    ],
)
def test_a_role_is_not_shortened_by_leaving_out_whose_it_is(texts: tuple[str, str], role: str) -> None:
    (speaker,) = told(*texts).speakers
    assert speaker.role == role


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


def tweeting(tweet: str, author: str | None, before: str = "Anna Kovac came.") -> list[tuple[str, str | None]]:
    """The quotes of an entry with a tweet between two paragraphs: their words and speakers."""
    text = f'{before}\n\n{tweet}\n\n"We will leave at dawn," she said.'
    start = text.index(tweet)
    span = Span(start=start, end=start + len(tweet), kind="tweet", author=author)
    return [(quote.text, quote.speaker) for quote in find_quotes(text, tweets=[span]).quotes]


SHE = ('"We will leave at dawn,"', "Anna Kovac")


def test_a_quote_in_a_tweet_is_the_ones_it_names() -> None:
    tweet = 'Ben Abara says "nothing will ever change here"'
    assert tweeting(tweet, "velm_town") == [('"nothing will ever change here"', "Ben Abara"), SHE]


@pytest.mark.parametrize(
    ("author", "speaker"),
    [
        ("BenAbara", "Ben Abara"),
        ("KovacAnna", "Anna Kovac"),
        ("annakovac", "Anna Kovac"),
        ("RealAnnaKovac", "Anna Kovac"),
        ("VelmCouncil", "@VelmCouncil"),
        ("velm_fire_dept", "@velm_fire_dept"),
        ("xx_velm_77", None),
        (None, None),
        ("", None),
    ],
)
def test_a_tweet_is_its_authors(author: str | None, speaker: str | None) -> None:
    tweet = "The bridge is closed until further notice. https://t.co/abc pic.twitter.com/xyz"
    said = [("The bridge is closed until further notice.", speaker)] if speaker else []
    assert tweeting(tweet, author) == [*said, SHE]


def test_a_tweet_says_nothing_of_who_is_being_heard() -> None:
    assert tweeting("Mary Abara says the road is open to all.", "BenAbara")[-1] == SHE


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


def test_the_cue_of_a_pronoun_is_its_own() -> None:
    text = 'Minister Anna Kovac came. She noted that all was well, adding that "the work is not easy at all".'
    (quote,) = find_quotes(text).quotes
    assert (quote.speaker, quote.cue, quote.confidence) == ("Anna Kovac", "She noted", "resolved")


def test_a_role_tells_whose_it_is() -> None:
    said = "The gates are open, the authority's chief engineer, Tomas van der Heyl, said."
    (known,) = find_quotes(f"The Velm Dams Authority met at noon. {said}").register.speakers
    (unknown,) = find_quotes(said).register.speakers
    body = told('"All is well," the Velm Dams Authority said. "Really all of it."')
    later = find_quotes(said, register=body).register.speakers[-1]
    assert later.role == "chief engineer, Velm Dams Authority"
    assert (known.role, unknown.role) == ("chief engineer, Velm Dams Authority", "the authority's chief engineer")


def test_a_small_surname_is_the_one_of_the_story() -> None:
    register = told("Engineer Tomas van der Heyl arrived.")
    (quote,) = find_quotes('"All is well for now," van der Heyl has said.', register=register).quotes
    assert (quote.speaker, quote.confidence) == ("Tomas van der Heyl", "explicit")


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


# --- what the operator decides ---

TWO = ('"We will leave at dawn," said Bill Kovac.', '"We will leave at dawn," said William Kovac.')


def names(register: Register) -> list[str]:
    return [speaker.name for speaker in register.speakers]


def test_a_merged_speaker_stays_merged() -> None:
    register = merge(told(*TWO), 0, 1)
    assert stands_for(register.speakers) == [1, 1]
    for text in (*TWO, *TWO):
        reading = find_quotes(text, register=register)
        register = reading.register
        assert [quote.speaker for quote in reading.quotes] == ["William Kovac"]
        assert names(register) == ["Bill Kovac", "William Kovac"]
        assert stands_for(register.speakers) == [1, 1]


def test_who_was_merged_twice_stands_for_the_last() -> None:
    register = told(*TWO, '"We will leave at dawn," said Guillermo Kovac.')
    assert stands_for(merge(merge(register, 0, 1), 1, 2).speakers) == [2, 2, 2]
    assert stands_for(merge(merge(register, 1, 2), 0, 1).speakers) == [2, 2, 2]


def test_nobody_is_merged_with_himself() -> None:
    register = told(*TWO)
    with pytest.raises(ValueError, match="William Kovac is one speaker already"):
        merge(register, 1, 1)
    with pytest.raises(ValueError, match="one speaker already"):
        merge(merge(register, 0, 1), 1, 0)


def test_what_was_merged_can_be_split() -> None:
    register = told(*TWO)
    assert split(merge(register, 0, 1), 1, "Bill Kovac") == register
    with pytest.raises(ValueError, match="Bill Kovac is not called Anna"):
        split(register, 0, "Anna")


def test_a_split_speaker_stays_split() -> None:
    texts = ('"We will leave at dawn," said Sergey Antonov.', '"We will leave at dawn," said Sergei Antonov.')
    register = split(told(*texts), 0, "Sergei Antonov")
    assert names(register) == ["Sergey Antonov", "Sergei Antonov"]
    for text, name in zip(texts * 2, names(register) * 2, strict=True):
        reading = find_quotes(text, register=register)
        register = reading.register
        assert [quote.speaker for quote in reading.quotes] == [name]
    assert stands_for(register.speakers) == [0, 1]


def test_a_merged_speaker_is_found_once() -> None:
    from bot.quotes import matching

    register = merge(told(*TWO), 0, 1)
    assert matching("bill", register.speakers).found == (1,)
    assert matching("kovac", register.speakers).found == (1,)


def test_papers_whose_names_end_alike_stay_apart() -> None:
    register = None
    for text, speaker in (
        ('"We will leave at dawn," said The Oldbridge Times. "It is so," the Times said.', "Oldbridge Times"),
        ('"We will leave at dawn," said The Times.', "Times"),
        ('"We will leave at dawn," said the Harbour Times.', "Harbour Times"),
    ):
        reading = find_quotes(text, register=register)
        register = reading.register
        assert {quote.speaker for quote in reading.quotes} == {speaker}


def test_an_office_in_the_first_sentence_is_whom_the_title_lets_speak() -> None:
    text = 'The alliance\'s secretary general has said there was "no meaning in talking about a date".'
    assert speakers_of(text, title="Exclusive: no date before the war is over") == [None]
    title = "Jens Stolberg: no date before the war is over"
    assert speakers_of(text, title=title) == ["Jens Stolberg"]
    assert speakers_of("The town is quiet. " + text, title=title) == [None]


def test_a_former_secretary_is_whom_the_title_lets_speak() -> None:
    text = '"Get the files out, all of them," the former US secretary of state says.'
    assert speakers_of(text, title="Hillary Kovac accuses the council of a cover-up in interview") == ["Hillary Kovac"]


def test_an_entry_looks_up_whom_it_names_and_nobody_else() -> None:
    register = Register(Speaker(name=f"Anna Kovac{number}", is_person=True) for number in range(300))
    cast = Cast(register.roll)
    cast.candidates("Kovac7")
    assert [entity.printed for entity in cast.known] == ["Anna Kovac7"]


def test_a_roll_that_was_carried_on_is_that_of_its_speakers() -> None:
    register = told(
        '"We will leave at dawn," Kovac said.',
        'Foreign Minister Anna Kovac met Ben Abara, head of the Norgas Energy Union. "We are here," Abara said.',
        '"It is a fine day for it," said Anna Maria Kovac, mayor of Oldbridge.',
    )
    for known in (register, merge(register, 0, 1), split(merge(register, 0, 1), 1, register.speakers[0].name)):
        after = find_quotes('"We will be glad to see it," said Carl Mbeki.', register=known, at=NOON).register
        assert len(after.speakers) > len(known.speakers)
        assert after.roll == roll_of(after.speakers)
