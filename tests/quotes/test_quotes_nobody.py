"""Where a text does not say whose words are quoted, nobody is named. Every text is made up.

A quoted piece of a sentence often describes its subject, in the words of somebody else: "Kovac is "a danger to us"".
"""

from __future__ import annotations

import pytest

from bot.quotes import find_quotes

NOBODY = {
    "what somebody is called": 'Anna Kovac "had a ringside seat to the growth of the town".',
    "what somebody is": 'Still, if Anna Kovac hopes for office, she is "unlikely to announce it any time soon".',
    "what a body does": 'The Roads Ministry is "eyeing the town for its next big bridge".',
    "what a body has been accused of": 'Norgas has been "accused of using the wrong kind of pipe".',
    "what a thing gives": 'Norgas tools can provide workers with "a crystal-clear view of the pipe".',
    "what a place has": 'The Oldbridge region has Europe\'s "most exciting of all wine scenes".',
    "what somebody wants it for": 'Ben Abara sold the mill for the sake of "his own little bottom line".',
    "what a thing went through": 'Now that Perseverance came through the "seven long minutes of terror", all is well.',
    "a common word and a colon": 'The cooks agree. Remember: "the best of soups will never be a roast".',
    "a common word and a participle": 'Backlash came swiftly after saying "nothing but great things" about it.',
    "a common word and a verb of no speech": 'Stand-out options include "the house by the river and all its boats".',
    "people of no name": 'Users post about the weather, and "upvote the best for social kudos".',
    "two, one of them unnamed": 'While Kovac and his male friends joke, "a light display of wit" is all one hears.',
    "your head is nobody's": 'Ben Abara heads the Roads Party. Is your head full? "With some help it can be easy."',
    "none is no name": 'None of the plans answers what carers keep asking: "How are we to afford this?"',
    "what was heard in court": 'The court heard that Ben Abara was "calm and without any pity that night".',
    "what was heard in the street": 'Anna Kovac heard somebody shout "we will leave at dawn, all of us".',
    "what a banner says": 'Anna Kovac walked by. The march was led by a banner reading "we will not be moved by you".',
    "a list of three": '"We will leave at dawn," said Anna Kovac, Ben Abara and Mary Bell on Monday.',
    "a letter that says": (
        "So said Neil Abara in The Herald. The house is old. There you can see a letter to a knight. "
        '"We are glad of it all," it says.'
    ),
    "a statement by a nameless spokesperson": (
        "Prince Ben said he would leave the house. "
        'A statement by a Sussex spokesperson on the matter read: "We can confirm it all."'
    ),
}


@pytest.mark.parametrize("name", NOBODY)
def test_nobody_is_named(name: str) -> None:
    quotes = find_quotes(NOBODY[name]).quotes
    assert [(quote.speaker, quote.confidence) for quote in quotes] == [(None, "none")]


def test_a_participle_belongs_to_the_one_who_can_speak() -> None:
    (quote,) = find_quotes('Backlash came swiftly for Anna Kovac after saying "nothing but great things".').quotes
    assert quote.speaker == "Anna Kovac"
