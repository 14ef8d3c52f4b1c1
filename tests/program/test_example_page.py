"""The page that started the project, as `dateline check` shows it. Its words are a publisher's, so it stays outside."""

from __future__ import annotations

from pathlib import Path

import pytest
from program_harness import process

PAGE = Path(__file__).parents[3] / "shared" / "data" / "pages" / "rt" / "seed-2016-03-14-syria-withdrawal.txt"

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the sample pages are not beside this repository")


def test_nine_entries_from_a_quarter_past_six_on() -> None:
    done = process("check", PAGE, "--json")
    assert (done.status, done.err) == (0, "")
    entries = done.json["entries"]
    assert len(entries) == 9
    assert entries[0]["published_at"] == "2016-03-14T19:16:00+00:00"
    assert entries[-1]["published_at"] == "2016-03-14T18:15:00+00:00"
    assert len({entry["key"] for entry in entries}) == 9


def test_the_demo_replays_it() -> None:
    done = process("demo", PAGE, "--once", "--speed", "1000", "--port", "0")
    assert (done.status, done.err) == (0, "")
    assert done.out.count("published") == 9
    assert "Delivered to 1 chat: " in done.out.splitlines()[-1]
