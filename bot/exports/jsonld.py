"""A story as schema.org's LiveBlogPosting, as search engines and other readers of live pages take it.

Withdrawn entries are left out: the vocabulary has no word for them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.exports.exact import Beside, address_of, checked, newest_first, parsed
from bot.exports.html import to_html
from bot.sources import exact
from storage.models import Entry, Media, Standing, Story, StoryState


def to_jsonld(story: Story, entries: Sequence[Entry]) -> str:
    """The whole story, newest entry first."""
    whole = [entry for entry in newest_first(entries) if entry.standing is not Standing.DELETED]
    return checked(lambda beside: _document(story, whole, beside), "jsonld", story, whole)


def _document(story: Story, entries: Sequence[Entry], beside: Beside) -> str:
    title = story.title or story.slug
    moments = [entry.published_at for entry in entries]
    posting = {
        "@context": ["https://schema.org", {"dateline": f"{exact.NAMESPACE}:"}],
        "@type": "LiveBlogPosting",
        "@id": f"urn:dateline:{story.slug}",
        "url": address_of(story),
        "headline": title,
        "coverageStartTime": min(moments).isoformat() if moments else None,
        "coverageEndTime": story.ended_at.isoformat() if story.ended_at and story.state is StoryState.ENDED else None,
        "dateModified": max(entry.at for entry in entries).isoformat() if entries else None,
        "liveBlogUpdate": [_update(story, entry, beside.get(entry.key, {})) for entry in entries],
    }
    return json.dumps(_without_none(posting), ensure_ascii=False, indent=1) + "\n"


def _update(story: Story, entry: Entry, told: exact.Exact) -> dict[str, Any]:
    update = {
        "@type": "BlogPosting",
        "@id": exact.urn(story.slug, entry.key),
        "url": entry.url,
        "headline": entry.title or None,
        "datePublished": entry.published_at.isoformat(),
        "dateModified": entry.at.isoformat() if entry.number > 1 else None,
        "articleBody": to_html(parsed(entry).model_copy(update={"media": ()})),
        "image": [_media(media) for media in entry.media if media.kind == "image"] or None,
        "video": [_media(media) for media in entry.media if media.kind == "video"] or None,
        "dateline:exact": dict(told) or None,
    }
    return _without_none(update)


def _media(media: Media) -> dict[str, str]:
    kind = "ImageObject" if media.kind == "image" else "VideoObject"
    return {"@type": kind, "contentUrl": media.url} | ({"caption": media.caption} if media.caption else {})


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
