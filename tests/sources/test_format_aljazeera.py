"""Al Jazeera's GraphQL: the shell of a live blog, and its updates."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from readings import loaded, needs_samples, page_of, sample

from bot.sources import UnreadablePage

QUERY = 'https://www.aljazeera.com/graphql?operationName=LiveBlogUpdateQuery&variables={"postID":4514963,"isAmp":false}'


def shell(*children: object, **more: Any) -> dict[str, Any]:
    article = {"title": "War live", "link": "/news/liveblog/x", "isLive": True, "childrenMeta": list(children)}
    return {"data": {"article": article | more}}


def child(key: str, at: object = "1776830400") -> dict[str, Any]:
    return {"id": key, "publishedTime": at, "__typename": "ChildMeta"}


def update(key: str, **more: Any) -> dict[str, Any]:
    post = {"id": key, "postType": "liveblog-update", "content": "<p>Said.</p>", "date": "2026-04-22T23:59:00"}
    return {
        "data": {"posts": post | {"modified_gmt": "2026-04-23T00:00:50", "title": "Talks &#8216;over&#8217;"} | more}
    }


@needs_samples
def test_shell() -> None:
    found = page_of(sample("aljazeera/graphql-SingleLiveBlog-trimmed.json"))
    assert (found.format, len(found.entries), found.ended, found.deleted) == ("aljazeera", 25, False, ())
    assert all(entry.is_empty for entry in found.entries)
    assert f"{found.entries[0].published_at:%Y-%m-%dT%H:%M}" == "2026-04-22T04:00"
    assert found.covers_from == found.entries[-1].published_at
    assert found.title.startswith("Iran war live")


@needs_samples
def test_update() -> None:
    found = page_of(sample("aljazeera/graphql-LiveBlogUpdate-4514963.json"), address=QUERY)
    [entry] = found.entries
    assert (entry.key, entry.title) == ("4514963", "Our coverage continues")
    assert f"{entry.published_at:%Y-%m-%dT%H:%M}" == "2026-04-22T23:59"  # naive and GMT, changed after midnight
    assert entry.text.count("\n\n") == 1
    assert [link.text for link in entry.links] == ["here"]
    assert entry.links[0].url.startswith("https://www.aljazeera.com/news/liveblog/2026/4/23/")
    [picture] = entry.media
    assert picture.url.startswith("https://www.aljazeera.com/wp-content/uploads/2026/04/")
    assert picture.caption.startswith("Lebanese Red Cross volunteers")
    assert found.covers_from is None


@needs_samples
def test_batch_of_answers_is_one_page() -> None:
    answers = [
        loaded(f"aljazeera/graphql-{name}.json") for name in ("SingleLiveBlog-trimmed", "LiveBlogUpdate-4514963")
    ]
    found = page_of([*answers, update("4512099")])
    assert len(found.entries) == 26
    assert {entry.key for entry in found.entries if not entry.is_empty} == {"4514963", "4512099"}


def test_where_the_updates_are_asked_for() -> None:
    query = 'https://www.aljazeera.com/graphql?wp-site=aje&operationName=SingleLiveBlog&variables={"name":"x"}'
    found = page_of([shell(child("401"), child("402")), update("402")], address=query)
    [(key, address)] = found.elsewhere.items()
    asked = parse_qs(urlsplit(address).query)
    assert (key, address.partition("?")[0]) == ("401", "https://www.aljazeera.com/graphql")
    assert (asked["operationName"], asked["wp-site"]) == (["LiveBlogUpdateQuery"], ["aje"])
    assert json.loads(asked["variables"][0])["postID"] == 401
    assert page_of(update("401"), address=address).entries[0].key == "401"
    assert page_of({"data": {"posts": None}}, address=address).deleted == ("401",)
    assert found.warnings == ()


def test_nobody_knows_where_a_saved_shell_is_from() -> None:
    for address in ("shell.json", "https://www.aljazeera.com/news/liveblog/x", "ftp://a/?operationName=x", "http://["):
        found = page_of(shell(child("1")), address=address)
        assert found.elsewhere == {"1": ""}
        assert "1 of 1 entries have no text" in found.warnings[0]


def test_words_and_times() -> None:
    [entry] = page_of(update("1"), address=QUERY).entries
    assert (entry.title, entry.text) == ("Talks ‘over’", "Said.")
    assert entry.stamp == "2026-04-22T23:59:00"


def test_update_that_is_gone() -> None:
    gone = {"data": {"posts": None}}
    found = page_of(gone, address=QUERY)
    assert (found.entries, found.deleted) == ((), ("4514963",))
    with pytest.raises(UnreadablePage, match="neither"):  # nothing tells which
        page_of(gone, format="aljazeera")
    with pytest.raises(UnreadablePage, match="neither"):  # an error is no deletion
        page_of({"errors": [{"message": "down"}], "data": None}, address=QUERY, format="aljazeera")


def test_failed_answer_is_no_deletion() -> None:
    with pytest.raises(UnreadablePage, match="neither"):
        page_of({"errors": [{"message": "timeout"}], "data": {"posts": None}}, address=QUERY, format="aljazeera")


def test_end_and_odd_children() -> None:
    found = page_of(shell(child("1"), child("2", 1776830400), child("3", None), None, {"id": 4}, isLive=False))
    assert ([entry.key for entry in found.entries], found.ended) == (["1", "2"], True)
    assert "3 of 5" in found.warnings[0]
    assert page_of(shell(child("1"), isLive="no")).ended is None
