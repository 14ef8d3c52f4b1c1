"""JSON Feed."""

from __future__ import annotations

from typing import Any

import pytest
from readings import needs_samples, page_of, sample

from bot.sources import UnreadablePage


def feed(*items: object, version: str = "1.1", **more: Any) -> dict[str, Any]:
    about = {"version": f"https://jsonfeed.org/version/{version}", "title": "Desk &amp; co"}
    return about | {"home_page_url": "https://example.org/", "items": list(items)} | more


def item(key: object, hour: int = 12, **more: Any) -> dict[str, Any]:
    return {"id": key, "content_text": f"Item {key}", "date_published": f"2025-02-16T{hour:02}:00:00Z"} | more


@needs_samples
def test_sample() -> None:
    found = page_of(sample("feeds/json-feed.json"))
    assert (found.format, len(found.entries), found.ended, found.warnings) == ("jsonfeed", 10, False, ())
    assert found.title == "Human Who Codes"
    assert not [
        entry for entry in found.entries if "<p>" in entry.text or "&lt;" in entry.text
    ]  # escaped once too often
    assert sum(bool(entry.links) for entry in found.entries) == 8
    assert found.entries[0].url == found.entries[0].key


def test_versions_and_ids() -> None:
    found = page_of(feed(item(7, 13), item(None, url="/a", content_html="<p>Hi</p>"), version="1"))
    assert [(entry.key, entry.url) for entry in found.entries] == [("7", None), ("/a", "https://example.org/a")]
    assert found.title == "Desk & co"
    assert found.has_ids


def test_words() -> None:
    html = item("a", 14, content_html="<p>Said <b>so</b></p>", content_text="not this")
    plain = item("b", 13, content_text="First <line>\nof one\n\n\nSecond & last")
    short = item("c", 12, content_text=None, summary="In short")
    found = page_of(feed(html, plain, short))
    assert [entry.text for entry in found.entries] == ["Said so", "First <line> of one\n\nSecond & last", "In short"]
    assert [span.kind for span in found.entries[0].spans] == ["bold"]


def test_pictures_and_attachments() -> None:
    attachments = [
        {"url": "https://example.org/1.mp4", "mime_type": "video/mp4"},
        {"url": "https://example.org/1.mp3", "mime_type": "audio/mpeg"},
        {"url": "ftp://example.org/1.jpg", "mime_type": "image/jpeg"},
        None,
    ]
    [entry] = page_of(feed(item("a", image="/2.jpg", attachments=attachments))).entries
    assert [(each.kind, each.url) for each in entry.media] == [
        ("video", "https://example.org/1.mp4"),
        ("image", "https://example.org/2.jpg"),
    ]


def test_end_and_times() -> None:
    assert page_of(feed(item("a"), expired=True)).ended is True
    assert page_of(feed(item("a"))).ended is None
    edited = item("a", date_published=None, date_modified="2025-02-16T13:00:00+01:00")
    found = page_of(feed(edited, {"id": "b", "content_text": "undated"}, 7))
    assert [f"{entry.published_at:%H:%M}" for entry in found.entries] == ["12:00"]
    assert "2 of 3 entries give no time" in found.warnings[0]


def test_feed_that_is_none() -> None:
    with pytest.raises(UnreadablePage, match="no list of items"):
        page_of({"version": "https://jsonfeed.org/version/1", "items": {}}, format="jsonfeed")
