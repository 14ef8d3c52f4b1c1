"""What the tests of the formats share: where the samples are, a reading, and what holds of every page."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.sources import Context, read
from bot.sources.diff import diff
from storage.models import Entry, Page

PAGES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "pages"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ADDRESS = "https://example.org/live"

needs_samples = pytest.mark.skipif(not PAGES.is_dir(), reason=f"the samples are not here: {PAGES}")


def sample(name: str) -> bytes:
    return (PAGES / name).read_bytes()


def loaded(name: str) -> object:
    """A sample's JSON, to be changed."""
    return json.loads(sample(name))


def page_of(document: object, address: str = ADDRESS, format: str = "auto", now: datetime = NOW) -> Page:  # noqa: A002
    """The page that a document is, given as bytes or as what JSON makes of them. What holds of all pages is checked."""
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    page = read(data, Context(address=address, now=now), format)
    assert read(data, Context(address=address, now=now), format) == page
    check(page)
    return page


def check(page: Page) -> None:
    keys = [entry.key for entry in page.entries]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set(page.deleted)
    times = [entry.published_at for entry in page.entries]
    assert times == sorted(times, reverse=True)
    assert all(time.utcoffset() == timedelta(0) for time in times)
    for entry in page.entries:
        assert all(0 <= span.start < span.end <= len(entry.text) for span in entry.spans)
        assert all(item.url.startswith(("http://", "https://")) for item in entry.media)
    again = diff(known(page), page)
    assert not again
    assert not again.absences


def known(page: Page) -> list[Entry]:
    """What the store knows after this page was read."""
    return [
        Entry.model_validate(
            entry.model_dump(exclude={"withdrawn"})
            | {"entry_id": place, "number": 1, "at": NOW, "story_id": 1, "added_at": NOW}
        )
        for place, entry in enumerate(reversed(page.entries), start=1)
        if not entry.withdrawn
    ]
