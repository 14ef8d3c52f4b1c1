"""The first page that ships with the demo, and the script of what happened to it."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import UTC, datetime
from importlib import resources

from bot.sources import Context, read
from bot.sources.text import blocks

PAGES = resources.files("bot.sandbox") / "pages"
TEXT = (PAGES / "flood.md").read_text(encoding="utf-8")
SCRIPT = tomllib.loads((PAGES / "flood.toml").read_text(encoding="utf-8"))
PAGE = read(TEXT.encode(), Context(address="flood.md", now=datetime(2026, 1, 1, tzinfo=UTC)))


def test_the_page_has_the_examples_oddities() -> None:
    assert PAGE.title == "Kestrel Dam under strain as the Velm floods"
    assert PAGE.warnings == ()
    assert len(PAGE.entries) == 17
    assert [f"{PAGE.entries[n].published_at:%d %H:%M}" for n in (0, -1)] == ["15 00:41", "14 20:05"]
    assert [entry.stamp for entry in PAGE.entries if entry.withdrawn] == ["22:05 GMT"]
    assert [stamp for stamp, count in Counter(e.stamp for e in PAGE.entries).items() if count > 1] == ["22:31 GMT"]
    assert sum(span.kind == "tweet" for entry in PAGE.entries for span in entry.spans) == 3


def test_the_script_fits_the_page() -> None:
    _, parts = blocks(TEXT)
    stamps = [entry.stamp for entry in PAGE.entries]
    raw = dict(zip(stamps, parts, strict=True))
    for change in (*SCRIPT["correct"], *SCRIPT["withdraw"]):
        assert raw[change["stamp"]].count(change.get("after", "This update has been withdrawn.")) == 1
        assert stamps.count(change["stamp"]) == stamps.count(change["when"]) == 1
        assert stamps.index(change["when"]) < stamps.index(change["stamp"])  # newest first
