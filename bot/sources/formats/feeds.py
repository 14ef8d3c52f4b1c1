"""What RSS and Atom have in common: their items to entries, one for each key.

items in the feed's order ─▶ one of those that share a key ─▶ HTML to rich text, pictures ─▶ Page

Both are read with lxml: fastfeedparser takes ET for GMT, the month for the day, a zone that is not named for UTC, and
tells neither the types of titles nor anything of deletions. Where libxml2 makes nothing of the bytes, its repairs are
tried. It is given bytes only: handed text, it would open an address.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

import fastfeedparser  # type: ignore[import-untyped]  # it ships no types

from bot.sources import exact, zones
from bot.sources.context import Context, UnreadablePage
from bot.sources.dates import date_in_address
from bot.sources.formats.building import build, newest
from bot.sources.formats.xml import Element, children, named, words
from bot.sources.markup import web_address
from bot.sources.moments import read_moment
from bot.sources.richhtml import from_html
from storage.models import Media, Page, ParsedEntry

_TAG = re.compile(r"</?(?:a|b|i|u|em|strong|span|cite|sub|sup|small|q|p|br)(?:\s[^<>]{0,500})?/?>", re.IGNORECASE)

_SHOWN = frozenset({"media:content", "media:group", "media:thumbnail"})

Parts = Mapping[str, list[Element]]

_NEVER = datetime.min.replace(tzinfo=UTC)


class Item(NamedTuple):
    """One item of a feed. `stamp` is the printed date that `moment` was read from, `changed` that of the last edit."""

    key: str
    link: str = ""
    title: str = ""
    html: str = ""
    teaser: str = ""
    stamp: str = ""
    moment: datetime | None = None
    changed: datetime | None = None
    media: tuple[Media, ...] = ()
    base: str = ""
    is_key: bool = False
    exact: exact.Exact | None = None


def to_page(
    items: Sequence[Item],
    context: Context,
    *,
    format: str,  # noqa: A002  (the config's own word)
    title: str,
    deleted: Iterable[str] = (),
    warnings: Sequence[str] = (),
) -> Page:
    """The page of a feed. An item without a date is given that of its address, or left out."""
    dated = [found for item in items if (found := item if item.moment else _by_address(item, context)).moment]
    borrowed = len(dated) - sum(item.moment is not None for item in items)
    if borrowed:
        warnings = (*warnings, f"{borrowed} items have no date that can be read: that in their address was taken.")
    shown = newest(sorted(dated, key=_edited, reverse=True), lambda item: item.moment)
    page = build(
        format=format,
        title=title,
        entries=[_entry(item) for item in shown],
        covers_whole=_runs_in_time(dated),
        deleted=deleted,
        undated=len(items) - len(dated),
        unread=len(dated) - len(shown),
        warnings=warnings,
    )
    absent = tuple(item.key for item in dated if item.exact and item.exact.get("absent") is True)
    return page.model_copy(update={"absent": absent}) if absent else page


def _by_address(item: Item, context: Context) -> Item:
    day = date_in_address(item.link)
    zone = zones.named(context.timezone) or UTC
    return item._replace(moment=datetime.combine(day, time(), zone).astimezone(UTC)) if day else item


def _edited(item: Item) -> datetime:
    """Where guids repeat inside one feed, the one edited last stands."""
    return item.changed or item.moment or _NEVER


def _runs_in_time(items: Sequence[Item]) -> bool:
    """What an editor put in an order of his own is a selection: nothing follows from what it leaves out."""
    moments = [item.moment or _NEVER for item in items]
    return moments in (sorted(moments), sorted(moments, reverse=True))


def _entry(item: Item) -> ParsedEntry:
    rich = from_html(item.html, item.base)
    if not rich.text and item.teaser:  # pictures only
        rich = replace(from_html(item.teaser, item.base), media=rich.media)
    media = rich.media
    if item.media:
        inside = {media.url for media in rich.media}
        media = (*rich.media, *(media for media in item.media if media.url not in inside))
    entry = ParsedEntry.model_validate(
        {
            "key": item.key,
            "published_at": item.moment,
            "stamp": item.stamp,
            "title": item.title,
            "text": rich.text,
            "spans": rich.spans,
            "media": media,
            "is_key": item.is_key,
            "url": web_address(item.link, item.base),
        }
    )
    return exact.honoured(entry, item.exact) if item.exact else entry


# --- parts of an item -----------------------------------------------------------------------------------------------


def moment_of(parts: Parts, names: Sequence[str], context: Context) -> tuple[str, datetime | None]:
    """The first of these dates that can be read, as printed and as a moment."""
    for name in names:
        for element in parts.get(name, ()):
            stamp = words(element)
            if moment := read_moment(stamp, context.timezone):
                return stamp, moment
    return "", None


def plain(title: str) -> str:
    """A title in which a feed may have hidden HTML."""
    if "<" in title or "&" in title:
        title = unescape(_TAG.sub("", title))
    return " ".join(title.split())


def media_of(item: Element, parts: Parts, base: str) -> tuple[Media, ...]:
    """Enclosures and media elements; a thumbnail only where there is nothing else."""
    shown = [*parts.get("enclosure", ()), *[link for link in parts.get("link", ()) if link.get("rel") == "enclosure"]]
    if not shown and parts.keys().isdisjoint(_SHOWN):
        return ()
    if "media:content" in parts or "media:group" in parts:
        shown += named(item, "media:content")
    found = [media for element in shown if (media := _media(element, parts, base))]
    if not found and "media:thumbnail" in parts:
        found = [media for element in parts["media:thumbnail"][:1] if (media := _media(element, parts, base, "image/"))]
    told: dict[str, Media] = {}
    for media in found:
        if media.url not in told or (media.caption and not told[media.url].caption):
            told[media.url] = media
    return tuple(told.values())


def _media(element: Element, parts: Parts, base: str, kind: str = "") -> Media | None:
    url = web_address(element.get("url") or element.get("href") or "", base)
    if url is None:
        return None
    kind = kind or element.get("type") or element.get("medium") or mimetypes.guess_type(urlsplit(url).path)[0] or ""
    if not kind.startswith(("image", "video")):
        return None
    inner = children(element)
    captions = (
        words(e) for own in (inner, parts) for name in ("media:description", "media:title") for e in own.get(name, ())
    )
    return Media(kind="video" if kind.startswith("video") else "image", url=url, caption=plain(next(captions, "")))


def exact_of(parts: Parts) -> exact.Exact:
    return exact.load(words(parts["dateline:exact"][0])) if "dateline:exact" in parts else {}


# --- feeds that are no XML --------------------------------------------------------------------------------------------


def rescued(data: bytes, context: Context) -> tuple[str, list[Item]]:
    """The title and items that fastfeedparser's repairs find; raises UnreadablePage where it finds none either."""
    try:
        feed = fastfeedparser.parse(bytes(data))
    except Exception as error:
        raise UnreadablePage(f"{context.address} calls itself a feed, but its XML cannot be read.") from error
    items = []
    for entry in feed.entries:
        content = entry.get("content") or [{}]
        stamp = entry.get("published") or entry.get("updated") or ""
        items.append(
            Item(
                key=entry.get("id") or entry.get("link") or "",
                link=entry.get("link") or "",
                title=plain(entry.get("title") or ""),
                html=content[0].get("value") or entry.get("description") or "",
                stamp=stamp,
                moment=read_moment(stamp),
                base=context.address,
            )
        )
    if not items:
        raise UnreadablePage(f"{context.address} calls itself a feed, but no item can be read in it.")
    return plain(feed.feed.get("title") or ""), items
