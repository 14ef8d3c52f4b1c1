"""Sourcefabric's Live Blog."""

from __future__ import annotations

import json
from typing import Any

import pytest
from readings import known, loaded, needs_samples, page_of, sample

from bot.sources import UnreadablePage
from bot.sources.diff import diff


def item(kind: str, text: str = "", **meta: Any) -> dict[str, Any]:
    return {"item_type": kind, "text": text, "meta": meta}


def post(key: str, hour: int = 12, *items: dict[str, Any], **more: Any) -> dict[str, Any]:
    moment = f"2025-03-23T{hour:02}:25:05+00:00"
    refs = [{"item": each} for each in items or [item("text", key)]]
    return {
        "_id": f"urn:{key}",
        "_created": "2025-03-23T10:00:00+00:00",
        "_updated": "2025-03-23T23:00:00+00:00",
        "published_date": moment,
        "post_status": "open",
        "deleted": False,
        "groups": [{"id": "root", "refs": [{"idRef": "main"}]}, {"id": "main", "refs": refs}],
    } | more


def blog(*posts: object, total: int | None = None) -> dict[str, Any]:
    return {"_items": list(posts), "_meta": {"page": 1, "total": len(posts) if total is None else total}}


def keys(*posts: object) -> tuple[list[str], list[str]]:
    found = page_of(blog(*posts))
    return [e.key.removeprefix("urn:") for e in found.entries], [key.removeprefix("urn:") for key in found.deleted]


@needs_samples
def test_posts_of_the_default_theme() -> None:
    found = page_of(sample("sourcefabric-liveblog/theme-default-api_response.json"))
    assert found.format == "sourcefabric"
    assert (len(found.entries), len(found.deleted)) == (11, 13)  # and one reader's comment: 25 in all
    assert sum(entry.is_key for entry in found.entries) == 6
    assert found.covers_from is None  # page 1 of 34 posts, in the order of their changes
    said = " ".join(entry.text for entry in found.entries)
    assert "Geiler Blog!" not in said
    assert "Example of local ad" not in said
    assert "function" not in said
    assert "inline-flex" not in said
    tweets = [span.author for entry in found.entries for span in entry.spans if span.kind == "tweet"]
    assert tweets == ["gidze3000", "sourcefabric", "sourcefabric"]
    assert [len(entry.media) for entry in found.entries if "gallery" in entry.text] == [4]


@needs_samples
def test_deleted_posts_never_speak() -> None:
    document: Any = loaded("sourcefabric-liveblog/theme-default-api_response.json")
    posts = document["posts"]["_items"]
    deleted, others = [post for post in posts if post["deleted"]], [post for post in posts if not post["deleted"]]
    texts = [ref["item"]["text"] for post in deleted for ref in post["groups"][1]["refs"]]
    alone = [text for text in texts if text not in json.dumps(others, ensure_ascii=False)]
    found = page_of(document)
    assert len(texts) > 13
    assert len(alone) > 6  # some were posted again
    assert not [text for text in alone if any(text[:30] in entry.text for entry in found.entries)]
    assert set(found.deleted) == {post["_id"] for post in deleted}


@needs_samples
def test_german_posts() -> None:
    found = page_of(sample("sourcefabric-liveblog/livebridge-posts.json"))
    assert (len(found.entries), found.deleted) == (14, ())  # the fifteenth was only submitted
    assert found.covers_from is not None
    quoted = next(entry for entry in found.entries if entry.text.startswith("Hier steht ein Zitat!"))
    assert any(span.kind == "blockquote" for span in quoted.spans)
    assert any(entry.media for entry in found.entries)
    assert "<div" not in " ".join(entry.text for entry in found.entries)


@needs_samples
def test_a_new_order_changes_nothing() -> None:
    document: Any = loaded("sourcefabric-liveblog/livebridge-posts.json")
    store = known(page_of(document))
    posts = document["_items"]
    posts.reverse()
    for place, each in enumerate(posts):
        each.update(order=place, _updated="2016-04-01T00:00:00+00:00", _etag=str(place))
    assert not diff(store, page_of(document))


def test_what_is_public() -> None:
    shown, deleted = keys(
        post("a"),
        post("draft", post_status="draft"),
        post("submitted", post_status="submitted"),
        post("comment", post_status="comment"),
        post("gone", deleted=True),
        post("unpublished", post_status="draft", unpublished_date="2025-03-23T13:00:00+00:00"),
        post("back", unpublished_date="2025-03-23T11:00:00+00:00"),
        post("scheduled", published_date="2026-12-24T18:00:00+00:00"),
        post("odd", post_status=["open"]),
    )
    assert shown == ["a", "back"]
    assert deleted == ["gone", "unpublished"]


def test_pins_and_highlights() -> None:
    found = page_of(blog(post("a", 11), post("b", 12, sticky=True), post("c", 13, lb_highlight=True)))
    assert [entry.is_key for entry in found.entries] == [True, True, False]
    assert found.covers_from == found.entries[-1].published_at


def test_parts_of_a_post() -> None:
    rendition = {"media": {"renditions": {"viewImage": {"href": "https://example.org/1.jpg"}}}}
    found = page_of(
        blog(
            post(
                "a",
                12,
                item("text", "One</div><div><b>Two</b>"),
                item("quote", "", quote="We won.", credit="The captain"),
                item("image", "", caption="A cup", credit="AP", **rendition),
                item("embed", "<iframe></iframe>", original_url="https://example.org/v", title="A film & more"),
                item("Advertisement Local", "Buy now"),
                item("comment", "Nonsense"),
            )
        )
    )
    [entry] = found.entries
    assert entry.text == "One\n\nTwo\n\nWe won.\n\nThe captain\n\nA film & more"
    assert {"bold", "blockquote", "link"} == {span.kind for span in entry.spans}
    assert [(each.url, each.caption) for each in entry.media] == [("https://example.org/1.jpg", "A cup AP")]


def test_posts_that_are_none() -> None:
    found = page_of(blog(post("a"), post("b", published_date=None, _created=None), 7, {"deleted": True}))
    assert [entry.key for entry in found.entries] == ["urn:a"]
    assert "1 of 2 entries give no time" in found.warnings[0]
    with pytest.raises(UnreadablePage, match="no list of items"):
        page_of({"_items": None}, format="sourcefabric")
