"""The publishers' samples, read in place: their words are never committed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.sources import Context, read
from storage.models import Page

PAGES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "pages"
NOW = datetime(2025, 11, 22, 12, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not PAGES.is_dir(), reason=f"the samples are not here: {PAGES}")

SAMPLES = [  # file, entries, newest, oldest, letters of the title
    ("rt/seed-2016-03-14-syria-withdrawal.txt", 9, "2016-03-14T19:16Z", "2016-03-14T18:15Z", 37),
    ("rt/ukraine-turmoil-2014-04-18.txt", 2, "2014-04-18T00:12Z", "2014-04-17T23:09Z", 15),
    ("rt/ukraine-turmoil-2014-04-24.txt", 1, "2014-04-24T06:02Z", "2014-04-24T06:02Z", 15),
    ("rt/su24-downed-2015-11-24-1438gmt-reprint.txt", 5, "2015-11-24T14:38Z", "2015-11-24T12:53Z", 49),
    ("sputnik/paris-2015-11-14.txt", 3, "2015-11-14T08:00Z", "2015-11-14T07:39Z", 73),
    ("rferl/ukraine-live-blog-2014-04-23.txt", 10, "2014-04-23T10:30Z", "2014-04-23T08:21Z", 0),
    ("trend/su24-2015-11-24-early.txt", 4, "2015-11-24T09:05Z", "2015-11-24T07:46Z", 0),
    ("aljazeera/israel-hamas-war-live-2023-10-11-reprint.txt", 2, "2023-10-11T08:53Z", "2023-10-11T08:51Z", 71),
]


def reading(name: str) -> Page:
    path = PAGES / name
    return read(path.read_bytes(), Context(address=str(path), now=NOW))


@pytest.mark.parametrize(("name", "count", "newest", "oldest", "letters"), SAMPLES, ids=[row[0] for row in SAMPLES])
def test_sample(name: str, count: int, newest: str, oldest: str, letters: int) -> None:
    page = reading(name)
    assert (len(page.entries), len(page.title), page.format) == (count, letters, "text")
    assert [f"{page.entries[at].published_at:%Y-%m-%dT%H:%MZ}" for at in (0, -1)] == [newest, oldest]
    assert page.covers_from == page.entries[-1].published_at
    assert len({entry.key for entry in page.entries}) == count
    assert reading(name) == page


def test_manifest_counts() -> None:
    rows = [line.split("\t") for line in (PAGES / "MANIFEST.tsv").read_text().splitlines()[1:]]
    counts = {row[0]: int(row[4]) for row in rows if row[0].endswith(".txt")}
    assert counts == {name: count for name, count, *_ in SAMPLES}


def test_example_page() -> None:
    page = reading("rt/seed-2016-03-14-syria-withdrawal.txt")
    by_stamp = {entry.stamp: entry for entry in page.entries}
    assert page.warnings == ()
    assert [entry.stamp[:5] for entry in page.entries] == [
        "19:16", "19:14", "18:51", "18:40", "18:30", "18:21", "18:20", "18:17", "18:15",
    ]  # fmt: skip
    assert all("*" not in e.text and "[" not in e.text.replace("[that", "") for e in page.entries)

    tweet = by_stamp["18:40 GMT"]
    assert tweet.text.startswith("#")
    assert [word[0] for word in tweet.text.split()].count("#") == 6
    whole = next(span for span in tweet.spans if span.kind == "tweet")
    assert (whole.start, whole.end, whole.author) == (0, len(tweet.text), "RT.com")
    assert [(link.text, link.url) for link in tweet.links] == [("on.rt.com/76wy", "http://on.rt.com/76wy")]

    torn = by_stamp["18:51 GMT"]
    [italic] = torn.spans
    assert "\n" not in torn.text
    assert torn.text[italic.start : italic.end].endswith('for the peace process."')


def test_empty_entries_are_kept() -> None:
    page = reading("rferl/ukraine-live-blog-2014-04-23.txt")
    assert sum(entry.is_empty for entry in page.entries) == 4
    assert page.warnings == ("4 of 10 entries have no text (yet).",)
