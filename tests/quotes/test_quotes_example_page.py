"""The example page that started the project, read in place: its words are a publisher's and are not copied here."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.quotes import Reading, Register, find_quotes
from storage.models import FoundQuote

SHARED = Path(os.environ.get("DATELINE_SHARED", Path(__file__).parents[3] / "shared"))
PAGE = SHARED / "data/pages/rt/seed-2016-03-14-syria-withdrawal.txt"
STAMP = re.compile(r"(?m)^-? ?\**\d\d:\d\d GMT\**\s*$")

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason=f"the example page is not at {PAGE}")


def entries() -> list[str]:
    """The texts of the page's entries, oldest first."""
    return [part.strip().removesuffix("-").strip() for part in STAMP.split(PAGE.read_text(encoding="utf-8"))[:0:-1]]


def plain(text: str) -> str:
    return re.sub(r"[ \t]*\n\n\s*", "\n\n", re.sub(r"\*|\[(.*?)\]\(.*?\)", r"\1", text))


def joined(text: str) -> str:
    return text.replace("\n\n", "\n")


def read(form: Callable[[str], str]) -> list[tuple[str, Reading]]:
    register, readings = Register(), []
    for entry in map(form, entries()):
        reading = find_quotes(entry, title="", register=register)
        assert_kept(register, reading.register)
        register = reading.register
        readings.append((entry, reading))
    return readings


def assert_kept(before: Register, after: Register) -> None:
    """Every speaker is still there at its position, under a name that was known or is fuller."""
    for old, new in zip(before.speakers, after.speakers, strict=False):
        assert old.name in (new.name, *new.aliases)
    names = [speaker.name for speaker in after.speakers]
    assert len(set(names)) == len(names)


@pytest.fixture(params=[str, plain, joined], ids=["raw", "plain", "single newlines"])
def story(request: pytest.FixtureRequest) -> list[tuple[str, Reading]]:
    return read(request.param)


def final_names(story: list[tuple[str, Reading]]) -> list[tuple[FoundQuote, str | None]]:
    """Each quote with the name that its speaker has when the story is over."""
    last = story[-1][1].register.speakers
    named = []
    for _, reading in story:
        names = [speaker.name for speaker in reading.register.speakers]
        named += [(q, last[names.index(q.speaker)].name if q.speaker else None) for q in reading.quotes]
    return named


def test_everybody_gets_what_the_page_says(story: list[tuple[str, Reading]]) -> None:
    counts = Counter(name for _, name in final_names(story) if name)
    assert counts == {
        "Vladimir Putin": 5,
        "Dmitry Peskov": 2,
        "Salim al-Muslat": 1,
        "John Kirby": 1,
        "Sergey Lavrov": 1,
    }


def test_the_joint_statement_is_nobodys(story: list[tuple[str, Reading]]) -> None:
    nobody = [quote.text for quote, name in final_names(story) if name is None]
    assert len(nobody) == 3
    assert any("profoundly reverse" in text for text in nobody)


def test_offsets_are_exact(story: list[tuple[str, Reading]]) -> None:
    for text, reading in story:
        for quote in reading.quotes:
            assert quote.text == text[quote.start : quote.end]
            assert quote.text[0] + quote.text[-1] in ('""', "“”")


def test_lavrov_said_what_he_noted(story: list[tuple[str, Reading]]) -> None:
    (quote,) = [quote for quote, name in final_names(story) if name == "Sergey Lavrov"]
    assert quote.text.startswith('"the work is not easy')
    assert quote.confidence == "resolved"


def test_roles_are_the_pages_words(story: list[tuple[str, Reading]]) -> None:
    roles = {speaker.name: speaker.role for speaker in story[-1][1].register.speakers}
    assert roles["Dmitry Peskov"] == "Vladimir Putin's press secretary"
    assert roles["Salim al-Muslat"] == "spokesman for the rebel High Negotiations Committee"
    assert roles["John Kirby"] == "spokesperson, US State Department"
    assert roles["Sergey Lavrov"] == "Russian Foreign Minister"


def test_what_a_reader_asks_for_is_found(story: list[tuple[str, Reading]]) -> None:
    from bot.quotes import matching

    speakers = story[-1][1].register.speakers
    for asked, name in {"lavrov": "Sergey Lavrov", "al muslat": "Salim al-Muslat", "Peskow": "Dmitry Peskov"}.items():
        assert [speakers[at].name for at in matching(asked, speakers).found] == [name]
