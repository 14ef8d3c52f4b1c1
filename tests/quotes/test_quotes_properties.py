"""Whatever the text: no exception, offsets that hold, the same answer twice, and time that grows with the length."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quotes import Reading, Register, find_quotes, matching
from storage.models import Span

PIECES = st.sampled_from(
    [
        '"', "“", "”", "„", "«", "»", "‘", "’", "'", "''", "*", "**", "_", "\n", "\n\n", "\r\n", " ", ". ", ", ", ": ",
        " — ", "(", ")", "?", "!", "…", "Anna Kovac", "Kovac", "the mayor", "said", " says ", "told reporters", "he",
        "she", "who", "according to", "Foreign Minister", "al-Haddad", "U.S.", "we will go home tomorrow", "Mr.", "A.",
        "https://example.org/a", "@someone", "#tag", "\u200b", "\x0c", "\u2028", "́", "🙂", "1,000", "of", "the", "by",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=40).map(" ".join), st.text())


def holds(text: str, reading: Reading) -> None:
    """What is promised of every reading."""
    names = [speaker.name for speaker in reading.register.speakers]
    assert len(set(names)) == len(names)
    end = 0
    for quote in reading.quotes:
        assert end <= quote.start < quote.end <= len(text)
        assert quote.text == text[quote.start : quote.end]
        assert quote.parts[0][0] == quote.start
        assert quote.parts[-1][1] == quote.end
        assert all(a < b for a, b in quote.parts)
        assert all(first[1] <= second[0] for first, second in zip(quote.parts, quote.parts[1:], strict=False))
        assert (quote.speaker is None) == (quote.confidence == "none")
        assert quote.speaker is None or quote.speaker in names
        end = quote.end


@given(TEXTS, TEXTS)
def test_any_text_is_read_twice_alike(text: str, title: str) -> None:
    reading = find_quotes(text, title=title)
    holds(text, reading)
    assert find_quotes(text, title=title) == reading


@given(st.lists(TEXTS, max_size=5))
def test_a_register_keeps_every_speaker_at_its_position(texts: list[str]) -> None:
    register = Register()
    for text in texts:
        reading = find_quotes(text, register=register)
        holds(text, reading)
        for old, new in zip(register.speakers, reading.register.speakers, strict=False):
            assert old.name in (new.name, *new.aliases)
        assert len(reading.register.speakers) >= len(register.speakers)
        register = reading.register


@given(TEXTS, st.integers(0, 60), st.integers(0, 60), st.none() | st.text(max_size=20))
def test_tweets_anywhere(text: str, start: int, length: int, author: str | None) -> None:
    start = min(start, len(text))
    tweet = Span(start=start, end=min(len(text), start + length), kind="tweet", author=author)
    holds(text, find_quotes(text, tweets=[tweet]))


@given(st.text(max_size=30), TEXTS)
def test_any_query(query: str, text: str) -> None:
    speakers = find_quotes(text).register.speakers
    matches = matching(query, speakers)
    assert set(matches.found) | set(matches.nearest) <= set(range(len(speakers)))
    assert not (matches.found and matches.nearest)


@pytest.mark.parametrize(
    "line",
    [
        '"', "'", "“", "”", '" ', "' ", '"a ', "'a ", "*", '*"', "a.", "A. ", "A B ", "Anna ", "said ", "he said ",
        '"we go home again" ', ", ", "(", "the mayor ", "Anna Kovac, mayor, ", "al-", "Anna's ", '"\n\n', "a\n",
        "Aaa Kovac said. Bbb Kovac said. ", "of the Ministry ", "X of ", "- ", "—", "U.S.", "'s ",
        "« ", "A & ", "Kovac's claim that ", "If Kovac hopes, ", '"we go home again," people were told by ',
    ],
)  # fmt: skip
def test_reading_is_linear_in_the_length(line: str) -> None:
    """Lines that would cost a backtracking reader dear: eight times the text may not cost 64 times the time."""

    def cost(size: int) -> float:
        text = line * (size // len(line))
        began = time.process_time()
        find_quotes(text)
        return time.process_time() - began

    short = min(cost(3_000) for _ in range(3))
    assert min(cost(24_000) for _ in range(2)) < 24 * short + 0.3
