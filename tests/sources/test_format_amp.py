"""AMP's live lists."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from readings import needs_samples, page_of, sample

from storage.models import Page


def page(items: str, attributes: str = "") -> Page:
    html = f"<!doctype html><html amp><body><amp-live-list id=l {attributes}><div items>{items}</div></amp-live-list>"
    return page_of(html.encode())


@pytest.mark.parametrize("time", ["1457982960", "1457982960000", "20160314191600"])
def test_sort_times(time: str) -> None:
    [entry] = page(f"<div id=a data-sort-time={time}><p>A.</p></div>").entries
    assert (entry.key, entry.stamp, entry.text) == ("a", "19:16 GMT", "A.")
    assert entry.published_at == datetime(2016, 3, 14, 19, 16, tzinfo=UTC)


def test_a_time_of_its_own_counts() -> None:
    item = '<div id=a data-sort-time=77><p><time datetime="2016-03-14T19:16:00Z">7.16pm</time></p><p>A.</p></div>'
    [entry] = page(item).entries
    assert (entry.stamp, entry.text) == ("7.16pm", "A.")
    assert entry.published_at == datetime(2016, 3, 14, 19, 16, tzinfo=UTC)


def test_no_time() -> None:
    found = page("<div id=a data-sort-time=7><p>A.</p></div>")
    assert found.entries == ()
    assert found.warnings == ("1 of 1 entries give no time that can be read and were left out.",)


def test_tombstones_and_the_end() -> None:
    found = page(
        "<div id=a data-sort-time=1457982960>A.</div><div id=b data-sort-time=1457982970 data-tombstone></div>"
    )
    assert ([entry.key for entry in found.entries], found.deleted, found.ended) == (["a"], ("b",), None)
    assert page("", "disabled").ended is True


def test_pace() -> None:
    assert page("", "data-poll-interval=30000").asks == 30
    assert page("", "data-poll-interval=8000").asks == 15


@needs_samples
def test_samples() -> None:
    found = page_of(sample("amp/amphtml-live-list-excerpt.html"))
    assert [(entry.key, entry.text) for entry in found.entries] == [("my-live-list-2", "2"), ("my-live-list-1", "1")]
    template = page_of(sample("amp/amp-by-example-Live_Blog.html"))
    assert (template.format, template.entries) == ("amp", ())
    assert "a template that its server has not filled in" in template.warnings[0]
