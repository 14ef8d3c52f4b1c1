"""The BBC's live stream."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from readings import loaded, needs_samples, page_of, sample

from bot.sources import UnreadablePage
from storage.models import ParsedEntry


def node(kind: str, *inner: dict[str, Any], **model: Any) -> dict[str, Any]:
    return {"type": kind, "model": {"blocks": list(inner), **model}}


def words(said: str, *marks: str) -> dict[str, Any]:
    return {"type": "fragment", "model": {"text": said, "attributes": list(marks)}}


def paragraph(*inner: dict[str, Any]) -> dict[str, Any]:
    return node("paragraph", *inner)


def head(kind: str, said: str) -> dict[str, Any]:
    return node(kind, node("text", paragraph(words(said))))


def post(key: str, hour: int, *content: dict[str, Any], **more: Any) -> dict[str, Any]:
    moment = f"2025-05-09T{hour:02}:24:16+00:00"
    return {
        "urn": f"asset:{key}",
        "header": {"model": {"blocks": [head("headline", f"Head {key}")]}},
        "content": {"model": {"blocks": list(content)}},
        "dates": {"firstPublished": moment, "lastPublished": moment},
        "options": {"isBreakingNews": False},
    } | more


def stream(*posts: dict[str, Any], total: int = 1) -> dict[str, Any]:
    return {"data": {"results": list(posts), "page": {"index": 1, "total": total}}}


def one(*content: dict[str, Any], **more: Any) -> ParsedEntry:
    [entry] = page_of(stream(post("a", 12, *content, **more)), address="https://www.bbc.com/news/live/c1?x=1").entries
    return entry


@needs_samples
def test_sample() -> None:
    found = page_of(sample("bbc/simorgh-live-posts-excerpt.json"))
    assert (found.format, len(found.entries), found.ended, found.warnings) == ("bbc", 2, None, ())
    assert [entry.is_key for entry in found.entries] == [True, False]
    assert [entry.title for entry in found.entries] == ["Breaking news", "Published 6.07pm Tues 9th"]
    assert found.entries[0].text.count("\n\n") == 2
    assert found.covers_from == found.entries[-1].published_at


@needs_samples
def test_sample_inside_its_page() -> None:
    posts = loaded("bbc/simorgh-live-posts-excerpt.json")
    assert isinstance(posts, dict)
    around = {"title": "Summit", "isLive": False, "startDateTime": "2025-04-05T10:22:00.000Z"}
    document = {"data": around | {"liveTextStream": {"content": posts}}}
    found = page_of(document)
    assert (found.title, found.ended, len(found.entries)) == ("Summit", True, 2)
    assert page_of(document, now=datetime(2025, 4, 5, tzinfo=UTC)).ended is False  # it has not begun
    found = page_of({"data": around | {"isLive": True, "liveTextStream": {"content": posts}}})
    assert found.ended is False


def test_sample_however_it_is_wrapped() -> None:
    posts = stream(post("b", 13), post("a", 12))
    found = page_of({"props": {"stream": {"more": 1, **posts["data"]}, "other": {"results": []}}})
    assert [entry.key for entry in found.entries] == ["asset:b", "asset:a"]


def test_pages_in_the_editors_order_promise_nothing() -> None:
    assert page_of(stream(post("b", 13), post("a", 12), total=3)).covers_from is None


def test_rich_text() -> None:
    link = node("urlLink", words("the report", "bold"), locator="https://www.bbc.co.uk/news/1", text="the report")
    entry = one(
        words("\n      "),
        paragraph(words("He said "), words("no & never", "bold", "italic"), words(" in "), link, words(".")),
        node("unorderedList", node("listItem", words("One")), node("listItem", paragraph(words("Two")))),
        node("subheadline", words("What next?")),
        node("unheard", paragraph(words("Kept."))),
    )
    assert entry.text == "He said no & never in the report.\n\n• One\n• Two\n\nWhat next?\n\nKept."
    found = {(span.kind, entry.text[span.start : span.end]) for span in entry.spans}
    assert {
        ("bold", "no & never"),
        ("italic", "no & never"),
        ("link", "the report"),
        ("heading", "What next?"),
    } <= found
    assert [link.url for link in entry.links] == ["https://www.bbc.co.uk/news/1"]
    assert entry.url == "https://www.bbc.com/news/live/c1?post=asset:a#post"


def test_byline_stands_before_the_words() -> None:
    header = {"model": {"blocks": [head("headline", "Now"), head("subheadline", "Ann Lee, in Rome")]}}
    entry = one(paragraph(words("Quiet.")), header=header)
    assert (entry.title, entry.text) == ("Now", "Ann Lee, in Rome\n\nQuiet.")
    assert [span.kind for span in entry.spans] == ["italic"]


def test_pictures_films_and_posts() -> None:
    picture = node(
        "image",
        {"type": "rawImage", "model": {"locator": "vivo/1.jpg", "originCode": "cpsprodpb"}},
        node("altText", node("text", paragraph(words("A man")))),
        node("caption", node("text", paragraph(words("Mr <Smith>")))),
    )
    clip = {
        "type": "clipMedia",
        "model": {"link": {"path": "/programmes/p01"}, "headlines": {"primaryHeadline": "Goal"}},
    }
    tweet = '<blockquote class="twitter-tweet"><p>Rain!</p>&mdash; Met (@metoffice) <a href="https://twitter.com/metoffice/status/1">May 9, 2025</a></blockquote>'  # noqa: E501
    social = node("social", {"type": "twitter", "model": {"oembed": {"html": tweet}}})
    entry = one(picture, node("video", clip), social, node("social", href="https://example.org/p"))
    assert [(item.url, item.caption) for item in entry.media] == [
        ("https://ichef.bbci.co.uk/ace/ws/800/cpsprodpb/vivo/1.jpg", "Mr <Smith>")
    ]
    assert entry.text.startswith("Goal\n\nRain!")
    assert [span.author for span in entry.spans if span.kind == "tweet"] == ["metoffice"]
    assert {"https://www.bbc.co.uk/programmes/p01", "https://example.org/p"} <= {link.url for link in entry.links}


def test_trees_without_end() -> None:
    deep = words("core")
    for _ in range(20):
        deep = node("image", node("caption", node("video", node("caption", deep))))
    assert one(deep, paragraph(words("Kept."))).text == "Kept."


def test_posts_that_are_none() -> None:
    found = page_of(stream(post("a", 12), {"urn": "asset:b"}, {"dates": {"curated": "2025-05-09T16:24:18.631Z"}}))
    assert "1 of 3 entries give no time" in found.warnings[0]
    assert len(found.entries) == 2
    with pytest.raises(UnreadablePage, match="no list of posts"):
        page_of({"data": {"results": None}}, format="bbc")


@pytest.mark.parametrize(
    "script",
    [
        "<script>window.__INITIAL_DATA__={};</script>",
        '<script id="__NEXT_DATA__" type="application/json">{}</script>',
        "<script nonce=x> var state = {} ; other()</script>",
    ],
)
@pytest.mark.parametrize("is_text", [False, True])
def test_the_pages_own_html_carries_the_stream(script: str, is_text: bool) -> None:
    data = {"title": "The dam", "isLive": True, "liveTextStream": {"content": stream(post("a", 12))}}
    told = json.dumps({"a": {"live?x": {"data": data}}}).replace("</", "<\\/")
    if is_text and "NEXT" not in script:
        told = json.dumps(told)
    body = f"<script>a={{}}</script><div>12:24 Head a</div>{script.replace('{}', told)}"
    found = page_of(f"<!doctype html><html><body>{body}</body></html>".encode())
    assert (found.format, found.title, found.ended) == ("bbc", "The dam", False)
    assert [entry.key for entry in found.entries] == ["asset:a"]


def test_a_page_without_the_stream_is_none_of_ours() -> None:
    words = '"results" "urn" "dates" "firstPublished"'
    page = f"<html><body><p>12:24 GMT {words}</p><script>window.x={{'a': 1}}; window.y = {{</script></body></html>"
    assert page_of(page.encode()).format == "htmlclocks"
