"""The Guardian: page JSON of its front end, and the content API."""

from __future__ import annotations

from typing import Any

import pytest
from readings import known, loaded, needs_samples, page_of, sample

from bot.sources import UnreadablePage
from bot.sources.diff import diff
from storage.models import Origin, ParsedEntry, Standing

NOON = 1_700_000_000_000


def text(words: str) -> dict[str, Any]:
    return {"_type": "model.dotcomrendering.pageElements.TextBlockElement", "html": f"<p>{words}</p>"}


def block(key: str, minute: int = 0, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    at = NOON + minute * 60_000
    return {"id": key, "blockCreatedOn": at - 90_000, "blockFirstPublished": at, "blockLastUpdated": at - 1} | {
        "blockFirstPublishedDisplay": "22.13\xa0GMT",
        "elements": list(elements or [text(key)]),
        **more,
    }


def page(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"headline": "Storm – live", "webURL": "https://www.theguardian.com/live", "blocks": list(blocks)} | more


def one(*elements: dict[str, Any]) -> ParsedEntry:
    [entry] = page_of(page(block("a", 0, *elements))).entries
    return entry


def element(kind: str, **values: Any) -> dict[str, Any]:
    return {"_type": f"model.dotcomrendering.pageElements.{kind}BlockElement", **values}


@needs_samples
def test_live_page() -> None:
    found = page_of(sample("guardian/dcr-Live.json"))
    assert (found.format, len(found.entries), found.deleted, found.ended) == ("guardian", 13, (), False)
    assert found.covers_from == found.entries[-1].published_at  # page 1 of 4: nothing is said of what is older
    assert found.has_ids
    assert found.warnings == ()
    assert len(found.title) == 98
    first, second, third = found.entries[:3]
    assert (first.title, first.is_key, first.stamp) == ("Summary", True, "19.30 GMT")
    assert sum(entry.is_key for entry in found.entries) == 1  # three of the four key events are on older pages
    assert [(item.kind, item.url) for item in second.media] == [
        ("video", "https://www.youtube.com/watch?v=XmP56yBy-18")
    ]
    assert [span.author for span in third.spans if span.kind == "tweet"] == ["NASAPersevere", "NASAPersevere"]
    assert not any(entry.is_empty for entry in found.entries)
    assert sum(item.kind == "image" for entry in found.entries for item in entry.media) == 3
    assert first.url is not None
    assert first.url.endswith("?page=with:block-60300f5f8f08ad21ea60071e#block-60300f5f8f08ad21ea60071e")


@needs_samples
def test_blocks_without_a_page() -> None:
    [entry] = page_of(sample("guardian/dcr-liveBlock.json")).entries
    assert f"{entry.published_at:%H:%M}" == "19:30"  # made at 19.19, published at 19.30, changed at 19.38
    lists = loaded("guardian/dcr-key-events.json")
    assert isinstance(lists, dict)
    assert [len(blocks) for blocks in lists.values()] == [1, 4, 8]
    assert [len(page_of(blocks).entries) for blocks in lists.values()] == [1, 4, 4]  # the same four, twice
    found = page_of(lists)
    assert len(found.entries) == 4
    assert found.covers_from is None
    assert [span.kind for span in found.entries[-1].spans if span.kind == "blockquote"] == ["blockquote"]
    assert found.entries[-1].media[0].url == "https://www.youtube.com/watch?v=Ew24GrPKi3Y"


def test_key_events_and_a_pin_that_is_older_than_the_page() -> None:
    pinned = block("old", -500, attributes={"pinned": True})
    event = block("b", 10)
    found = page_of(page(block("c", 20), event, block("a"), keyEvents=[event, block("z", -90)], pinnedPost=pinned))
    assert [(entry.key, entry.is_key) for entry in found.entries] == [
        ("c", False),
        ("b", True),
        ("a", False),
        ("old", True),
    ]
    assert found.covers_from == found.entries[2].published_at


def test_later_pages_promise_nothing() -> None:
    assert page_of(page(block("a"), pagination={"currentPage": 2, "totalPages": 4})).covers_from is None


@pytest.mark.parametrize(
    ("design", "ended"), [("LiveBlogDesign", False), ("DeadBlogDesign", True), ("ArticleDesign", None), (7, None)]
)
def test_end(design: object, ended: bool | None) -> None:
    assert page_of(page(block("a"), format={"design": design})).ended is ended


def test_words_of_typed_elements() -> None:
    entry = one(
        text("Before <b>all</b> <a href='/uk'>else</a>"),
        element("Subheading", html="<h2>What now?</h2>"),
        element("Blockquote", html="<blockquote><p>We are safe.</p></blockquote>"),
        element("RichLink", html="<p>Read more</p>"),
        element("Tweet", html="<p>Rain!</p>", url="https://twitter.com/MetOffice/status/1"),
        element("Unheard", html="<p>After</p>"),
    )
    assert entry.text == "Before all else\n\nWhat now?\n\nWe are safe.\n\nRain!\n\nAfter"
    kinds = {entry.text[span.start : span.end]: (span.kind, span.url or span.author) for span in entry.spans}
    assert kinds["all"] == ("bold", None)
    assert kinds["else"] == ("link", "https://www.theguardian.com/uk")
    assert kinds["What now?"][0] == "heading"
    assert kinds["We are safe."][0] == "blockquote"
    tweet = next(span for span in entry.spans if span.kind == "tweet")
    assert (tweet.author, tweet.url) == ("MetOffice", "https://twitter.com/MetOffice/status/1")


def test_pictures_and_films() -> None:
    images = [
        {"url": f"https://media.guim.co.uk/{name}.jpg", "fields": {"width": width}}
        for name, width in (("x/master/4000", "4000"), ("x/4000", "4000"), ("x/1000", "1000"), ("x/140", 140))
    ]
    entry = one(
        element("Image", media={"allImages": images}, data={"caption": "A <em>flooded</em> road", "alt": "road"}),
        element("Image", media={"allImages": [{"url": "javascript:alert(1)"}]}),
        element("VideoYoutube", originalUrl="https://www.youtube.com/watch?v=1"),
        element("Youtube", assetId="2", mediaTitle="Gone", expired=True),
    )
    assert entry.text == ""
    assert [(item.kind, item.url, item.caption) for item in entry.media] == [
        ("image", "https://media.guim.co.uk/x/1000.jpg", "A flooded road"),
        ("video", "https://www.youtube.com/watch?v=1", ""),
    ]


def test_blocks_that_are_none() -> None:
    found = page_of(page(block("a"), {"id": "b", "elements": []}, {"elements": 7}, mostRecentBlockId="a"))
    assert [entry.key for entry in found.entries] == ["a"]
    assert "2 of 3 entries give no time" in found.warnings[0]
    with pytest.raises(UnreadablePage, match="no list of blocks"):
        page_of({"blockFirstPublished": 1}, format="guardian")


# --- content API ----------------------------------------------------------------------------------------------------


def api(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    item = {"webTitle": "Storm – live", "webUrl": "https://www.theguardian.com/live", "blocks": {"body": list(blocks)}}
    return {"response": {"status": "ok", "content": item | more}}


def api_block(key: str, hour: int = 12, **more: Any) -> dict[str, Any]:
    moment = f"2025-04-09T{hour:02}:30:51.832+01:00"
    return {"id": key, "bodyHtml": f"<p>{key}</p>", "published": True, "firstPublishedDate": moment, **more}


@needs_samples
def test_api_item() -> None:
    found = page_of(sample("guardian/capi-item-content-with-blocks.json"))
    # The manifest says 2, which is the number of lists in `blocks` (main and body); the body holds six blocks.
    assert (found.format, len(found.entries), found.deleted) == ("guardian-api", 6, ())
    assert [entry.is_key for entry in found.entries] == [False, False, False, False, True, True]  # a pin, a summary
    assert [f"{entry.published_at:%H:%M}" for entry in found.entries[:2]] == ["10:21", "09:31"]
    assert found.entries[4].title == "key event title"
    assert found.entries[2].media[0].caption.startswith("Workers stand on scaffolding")


@needs_samples
def test_expired_api_item() -> None:
    found = page_of(sample("guardian/capi-item-content-expired.json"))
    assert (found.entries, found.ended, found.covers_from) == ((), True, None)
    assert "expired" in found.warnings[0]


def test_api_withdrawals() -> None:
    withdrawn = api_block("b", published=False)
    found = page_of(api(api_block("a"), withdrawn, {**api_block("c"), "published": "false"}))
    assert [entry.key for entry in found.entries] == ["a"]
    assert found.deleted == ("b", "c")
    found = page_of(api(api_block("a"), withdrawn, isExpired="true"))
    assert (found.entries, found.deleted, found.ended) == ((), ("a", "b"), True)


def test_expired_api_item_takes_back_what_it_no_longer_names() -> None:
    before = page_of(api(api_block("a"), api_block("b", 13)))
    expired = page_of({"response": {"content": {"webTitle": "Storm live", "isExpired": "true"}}})
    stored = known(before)
    pushed = stored[0].model_copy(update={"entry_id": 9, "key": "desk-1", "origin": Origin.PUSHED})
    changes = diff([*stored, pushed], expired)
    assert [(one.known.key, one.standing) for one in changes.retracted] == [
        ("a", Standing.DELETED),
        ("b", Standing.DELETED),
    ]
    assert not diff([one.model_copy(update={"standing": Standing.DELETED}) for one in stored], expired)


def test_api_block_without_a_time_is_not_withdrawn() -> None:
    found = page_of(api(api_block("a"), {"id": "b", "bodyHtml": "<p>b</p>", "published": True}))
    assert found.deleted == ()
    assert "1 of 2 entries give no time" in found.warnings[0]


def test_api_answers_to_a_part() -> None:
    answer = api(blocks={"requestedBodyBlocks": {"body:latest:2": [api_block("b", 13), api_block("a")]}})
    found = page_of(answer)
    assert [entry.key for entry in found.entries] == ["b", "a"]
    assert found.covers_from is None
    assert "show-blocks" in page_of(api(blocks={})).warnings[0]


@pytest.mark.parametrize(("now", "ended"), [("true", False), ("false", True), (None, None)])
def test_api_end(now: object, ended: bool | None) -> None:
    assert page_of(api(api_block("a"), fields={"liveBloggingNow": now})).ended is ended


def test_api_elements_without_html() -> None:
    elements = [
        {"type": "text", "textTypeData": {"html": "<p>First.</p>"}},
        {"type": "pullquote", "pullquoteTypeData": {"html": "<p>Said.</p>"}},
        {"type": "image", "imageTypeData": {"caption": "no address"}},
    ]
    [entry] = page_of(api({**api_block("a"), "bodyHtml": "", "elements": elements})).entries
    assert entry.text == "First.\n\nSaid."
    assert [span.kind for span in entry.spans] == ["blockquote"]


def test_api_error_is_no_item() -> None:
    with pytest.raises(UnreadablePage, match="no item"):
        page_of({"response": {"status": "error"}}, format="guardian-api")
