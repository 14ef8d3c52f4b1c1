"""Atom 1.0 (and 0.3), with the tombstones of RFC 6721: `at:deleted-entry ref when`.

entry ─▶ id is the key; content or summary by its type ─▶ Page; a tombstone buries what is not newer
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from html import escape

from bot.sources import exact
from bot.sources.context import Context
from bot.sources.formats import feeds
from bot.sources.formats.feeds import Item, Parts
from bot.sources.formats.xml import Element, base_of, children, first, markup, named, root_name, root_of, words
from bot.sources.markup import web_address
from bot.sources.moments import read_moment
from bot.sources.richhtml import from_html
from storage.models import Page, ParsedEntry

_PUBLISHED = ("published", "issued", "created", "updated", "modified")
_UPDATED = ("updated", "modified")
_LOOKS_LIKE_HTML = re.compile(r"</(?:p|a|b|i|em|strong|div|span|li|blockquote)>|<(?:br|p)\b", re.IGNORECASE)
SIGN = "it is XML with a feed as Atom has it"


def sniff(data: bytes, context: Context) -> bool:  # noqa: ARG001  (every format is asked with both)
    return root_name(data) == "feed"


def parse(data: bytes, context: Context) -> Page:
    root = root_of(data)
    if root is None or root_name(data) != "feed":
        title, items = feeds.rescued(data, context)
        return feeds.to_page(items, context, format="atom", title=title)
    feed = children(root)
    items = [_item(element, base_of(root, context.address), context) for element in named(root, "entry")]
    buried, foreign = _buried(feed, context)
    standing = [item for item in items if not _lies_in(buried, item)]
    gone = {key for key in buried if key not in {item.key for item in standing}}
    warnings = [f"Deletions of other feeds' entries do not count: {foreign}."] if foreign else []
    if not items and not buried:
        warnings.append(f"{context.address} is a feed without entries.")
    page = feeds.to_page(
        standing, context, format="atom", title=_title(feed.get("title", [])), deleted=gone, warnings=warnings
    )
    return _with_own_tombstones(page, feed, gone)


def _item(element: Element, around: str, context: Context) -> Item:
    parts = children(element)
    base = base_of(element, around)
    links = {link.get("rel") or "alternate": link.get("href") or "" for link in reversed(parts.get("link", []))}
    link = web_address(links.get("alternate", ""), base) or ""
    stamp, moment = feeds.moment_of(parts, _PUBLISHED, context)
    bodies = [e for name in ("content", "summary") for e in parts.get(name, ()) if len(e) or (e.text or "").strip()]
    title = _title(parts.get("title", []))
    return Item(
        key=exact.key_of(first(parts, "id")) or link,
        link=link,
        title=title,
        html=_html(bodies[0]) if bodies else "",
        teaser=_html(bodies[1]) if len(bodies) > 1 else "",
        stamp=stamp,
        moment=moment,
        changed=feeds.moment_of(parts, _UPDATED, context)[1],
        media=feeds.media_of(element, parts, base),
        base=base_of(bodies[0], base) if bodies else base,
        is_key=any(category.get("scheme") == exact.NAMESPACE for category in parts.get("category", ())),
        exact=feeds.exact_of(parts),
    )


def _html(element: Element) -> str:
    """A text construct as HTML. Who gives no type often means HTML all the same."""
    kind = element.get("type") or ("html" if _LOOKS_LIKE_HTML.search(element.text or "") else "text")
    if kind in ("text", "text/plain") and not len(element):
        return "".join(f"<p>{escape(part)}</p>" for part in words(element).split("\n\n"))
    return markup(element)


def _title(titles: list[Element]) -> str:
    if not titles:
        return ""
    is_text = titles[0].get("type", "text") in ("text", "text/plain")
    return " ".join((words(titles[0]) if is_text else from_html(markup(titles[0])).text).split())


# --- tombstones -----------------------------------------------------------------------------------------------------


def _buried(feed: Parts, context: Context) -> tuple[dict[str, datetime | None], int]:
    """When each key was deleted, and how many deletions another feed's entries are meant by.

    Only the feed itself may bury its entries: an entry cannot carry a tombstone, and one that names another feed as its
    source is only passed on.
    """
    own = first(feed, "id")
    buried: dict[str, datetime | None] = {}
    foreign = 0
    for stone in feed.get("at:deleted-entry", ()):
        source = next((words(name) for name in named(stone, "id")), own)
        key = exact.key_of((stone.get("ref") or "").strip())
        if source != own:
            foreign += 1
        elif key:
            when = read_moment(stone.get("when") or "", context.timezone)
            buried[key] = max(filter(None, (when, buried.get(key))), default=None)
    return buried, foreign


def _lies_in(buried: Mapping[str, datetime | None], item: Item) -> bool:
    """Whether a tombstone is newer than the entry; one that does not say when buries nothing that is there."""
    when, edited = buried.get(item.key), item.changed or item.moment
    return when is not None and (edited is None or edited <= when)


def _with_own_tombstones(page: Page, feed: Parts, gone: set[str]) -> Page:
    """Our own exports say beside a tombstone when the entry stood: it keeps its place in an archive."""
    told = {exact.key_of(stone.get("ref") or ""): children(stone) for stone in feed.get("at:deleted-entry", ())}
    kept = []
    for key in sorted(gone & told.keys()):
        known = feeds.exact_of(told[key])
        moment = read_moment(known.get("published_at"))
        if moment and known.get("withdrawn") is True:
            kept.append(ParsedEntry(key=key, published_at=moment, stamp=str(known.get("stamp") or ""), withdrawn=True))
    if not kept:
        return page
    entries = sorted((*page.entries, *kept), key=lambda entry: entry.published_at, reverse=True)
    deleted = tuple(key for key in page.deleted if key not in {entry.key for entry in kept})
    return page.model_copy(update={"entries": tuple(entries), "deleted": deleted})
