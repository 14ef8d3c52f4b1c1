"""A page played back: each step is a page that reads as it should, and the last is the page that was given."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest

from bot.sandbox.replay import Script, Step, read_script, replay
from bot.sources import Context, read
from storage.models import Page

PAGES = Path(__file__).parents[3] / "shared" / "data" / "pages"
CONTEXT = Context(address="page.md", now=datetime(2016, 3, 15, 12, tzinfo=UTC))

NEWEST_FIRST = """\
The summit Live updates

15/03/2016

- 15 March 2016

- **00:20 GMT**

The talks go on after midnight.

- **00:05 GMT**

Coffee is served.

- 14 March 2016

- **23:40 GMT**

The first paragraph of the longest entry, Ana Duarte said.

The second one follows.

"The third one is a quote," she added.

- **23:10 GMT**

The doors have opened.
"""

OLDEST_FIRST = """\
The match Live updates

14 March 2016

18:00 GMT Kick-off.

18:20 GMT The first goal.

It was a header.

18:45 GMT Half-time.
"""

SAME_STAMP_TWICE = """\
The summit Live updates

15/03/2016

- 15 March 2016

- **09:00 GMT**

The second day begins, with a long account of it.

It has several paragraphs.

And this is the last.

- 14 March 2016

- **09:30 GMT**

The first talks.

- **09:00 GMT**

The first day begins.
"""


def _read(text: str) -> Page:
    return read(text.encode(), CONTEXT)


def _texts(step: Step | str) -> list[str]:
    """The entries of a page, oldest first, each by its last words."""
    page = _read(step if isinstance(step, str) else step.page)
    return [entry.text.split("\n")[-1] for entry in reversed(page.entries)]


def test_a_page_grows_entry_by_entry_from_its_oldest() -> None:
    head, steps = replay(NEWEST_FIRST, CONTEXT)
    assert _read(head).entries == ()
    assert _read(head).title == _read(NEWEST_FIRST).title
    assert [step.says for step in steps] == [
        "23:10 GMT  published",
        "23:40 GMT  published",
        "23:40 GMT  completed",
        "00:05 GMT  published",
        "00:20 GMT  published",
    ]
    assert _texts(steps[0]) == ["The doors have opened."]
    assert _texts(steps[1]) == ["The doors have opened.", "The second one follows."]
    assert _texts(steps[2]) == ["The doors have opened.", '"The third one is a quote," she added.']
    assert [len(_read(step.page).entries) for step in steps] == [1, 2, 2, 3, 4]


def test_a_page_that_prints_the_oldest_first_grows_at_its_end() -> None:
    _, steps = replay(OLDEST_FIRST, CONTEXT)
    assert [step.says for step in steps if step.says.endswith("published")] == [
        "18:00 GMT  published",
        "18:20 GMT  published",
        "18:45 GMT  published",
    ]
    assert _texts(steps[0]) == ["Kick-off."]


def test_a_clock_that_comes_twice_is_two_entries() -> None:
    """The growing entry of the second day must not appear when the first day's clock strikes."""
    _, steps = replay(SAME_STAMP_TWICE, CONTEXT)
    assert [step.says for step in steps] == [
        "09:00 GMT  published",
        "09:30 GMT  published",
        "09:00 GMT  published",
        "09:00 GMT  completed",
    ]
    assert [len(_read(step.page).entries) for step in steps] == [1, 2, 3, 3]
    assert _texts(steps[-1])[-1] == "And this is the last."


SCRIPT = """
[[correct]]
stamp = "23:10 GMT"
before = "The windows have"
after = "The doors have"
when = "23:40 GMT"
[[withdraw]]
stamp = "00:05 GMT"
was = "Tea is served."
text = "Coffee is served."
when = "00:20 GMT"
"""


def test_a_script_says_what_stood_there_before() -> None:
    _, steps = replay(NEWEST_FIRST, CONTEXT, read_script(SCRIPT))
    assert [step.says for step in steps] == [
        "23:10 GMT  published",
        "23:40 GMT  published",
        "23:10 GMT  corrected: The windows have → The doors have",
        "00:05 GMT  published",
        "00:20 GMT  published",
        "00:05 GMT  withdrawn",
    ]
    assert _texts(steps[0]) == ["The windows have opened."]
    assert _texts(steps[2])[0] == "The doors have opened."
    assert _texts(steps[3])[2] == "Tea is served."
    assert _texts(steps[-1])[2] == "Coffee is served."


def test_an_empty_script_only_publishes() -> None:
    _, steps = replay(NEWEST_FIRST, CONTEXT, Script())
    assert {step.says.split("  ")[1] for step in steps} == {"published"}


def test_a_page_without_entries_has_no_steps() -> None:
    assert replay("Hello.\n", CONTEXT)[1] == []


@pytest.mark.parametrize("text", [NEWEST_FIRST, OLDEST_FIRST, SAME_STAMP_TWICE])
def test_the_last_step_is_the_page_itself(text: str) -> None:
    _, steps = replay(text, CONTEXT)
    assert _read(steps[-1].page).entries == _read(text).entries


def test_the_shipped_page_comes_true_by_its_script() -> None:
    folder = resources.files("bot.sandbox") / "pages"
    if not (folder / "demo.md").is_file():
        pytest.skip("the page that ships is not there yet")
    text = (folder / "demo.md").read_text(encoding="utf-8")
    script = read_script((folder / "demo.toml").read_text(encoding="utf-8"))
    context = Context(address="demo", now=datetime(2026, 1, 1, tzinfo=UTC))
    _, steps = replay(text, context, script)
    final = read(text.encode(), context)
    assert read(steps[-1].page.encode(), context).entries == final.entries
    assert len(final.entries) >= 12
    happened = [step.says.split("  ")[1].partition(":")[0] for step in steps]
    assert happened.count("corrected") == len(script.corrections) >= 1
    assert happened.count("withdrawn") == len(script.withdrawals) >= 1
    assert sum(entry.withdrawn for entry in final.entries) >= 1
    for one, next_one in pairwise(steps):
        assert one.page != next_one.page, f"nothing happens at {next_one.says}"


@pytest.mark.skipif(not PAGES.exists(), reason="the sample pages are not beside this repository")
@pytest.mark.parametrize("name", ["rt/seed-2016-03-14-syria-withdrawal.txt", "sputnik/paris-2015-11-14.txt"])
def test_a_publishers_page_comes_out_as_it_went_in(name: str) -> None:
    data = (PAGES / name).read_bytes()
    context = Context(address=name, now=datetime(2026, 1, 1, tzinfo=UTC))
    _, steps = replay(data.decode(), context)
    final = read(data, context)
    published = [step for step in steps if step.says.endswith("published")]
    assert len(published) == len(final.entries)
    assert read(steps[-1].page.encode(), context).entries == final.entries
