"""AMP's `amp-live-list`: each child of its `items` is an entry.

Sort times are opaque numbers (seconds, milliseconds, YYYYMMDDHHMMSS) that newsrooms fill with moments; where an entry
has a time of its own, that one counts. A tombstone says that an entry is gone.
"""

from __future__ import annotations

import re
from datetime import datetime

from bot.sources.context import Context, UnreadablePage
from bot.sources.formats.building import build
from bot.sources.hypertext.pages import canonical, page_text, title_of
from bot.sources.hypertext.slices import is_whole, part, starts_with
from bot.sources.hypertext.timed import timed
from bot.sources.hypertext.tree import Element, outermost, tree
from bot.sources.markup import web_address
from bot.sources.moments import read_moment
from bot.sources.richhtml import from_html
from storage.models import Page, ParsedEntry

_LIST = re.compile(rb"<amp-live-list\b", re.IGNORECASE)
_TEMPLATE = re.compile(r"\[\[|\{\{|<%")
_KEY = re.compile(
    r"(?:^|[\s_-])(?:key-?(?:event|moment)?|pinned|breaking|important|highlight)(?:[\s_-]|$)", re.IGNORECASE
)
SIGN = "it has an amp-live-list"


def sniff(data: bytes, context: Context) -> bool:  # noqa: ARG001  (every format is asked with both)
    return bool(_LIST.search(data))


def parse(data: bytes, context: Context) -> Page:
    html, warnings = page_text(data, context)
    lists = outermost(tree(html), lambda element: element.name == "amp-live-list")
    if not lists:
        raise UnreadablePage(f"{context.address} has no amp-live-list.")
    address = canonical(html) or context.address
    items = [child for one in lists for child in _items(one)]
    templates = [item for item in items if _TEMPLATE.search(item.get("id") + item.get("data-sort-time"))]
    alive = [item for item in items if item not in templates and not _is_buried(item)]
    read = [_entry(item, html, address, context) for item in alive]
    page = build(
        format="amp",
        title=title_of(html),
        entries=[entry for entry in read if entry],
        deleted=[item.get("id") for item in items if _is_buried(item) and item.get("id")],
        ended=True if any("disabled" in one.attributes for one in lists) else None,
        undated=read.count(None),
        warnings=(*warnings, *_troubles(len(items), bool(templates), context)),
    )
    return page.model_copy(update={"asks": max(map(_interval, lists))})


def _interval(live_list: Element) -> float:
    """Seconds between two readings, as the page asks; AMP itself never asks for fewer than fifteen."""
    asked = live_list.get("data-poll-interval")
    return max(15.0, int(asked) / 1000) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 15.0


def _items(live_list: Element) -> list[Element]:
    box = next((child for child in live_list.descendants() if "items" in child.attributes), None)
    return [child for child in box.children if child.get("id") or child.get("data-sort-time")] if box else []


def _is_buried(item: Element) -> bool:
    return "data-tombstone" in item.attributes and item.get("data-tombstone").lower() not in ("false", "0")


def _troubles(items: int, is_template: bool, context: Context) -> list[str]:
    if is_template:
        return [f"{context.address} is a template that its server has not filled in: it has placeholders for entries."]
    return [] if items else [f"{context.address} has an amp-live-list without entries."]


def _entry(item: Element, source: str, address: str, context: Context) -> ParsedEntry | None:
    shown = timed(item, source, context.timezone)
    moment, stamp = (shown.moment, shown.stamp) if shown else _sorted_at(item, context)
    if moment is None:
        return None
    rich = from_html(shown.html if shown else source[item.inner_start : item.inner_end], address)
    title = ""
    if (heading := starts_with(rich, "heading")) and not is_whole(rich, "heading"):
        title, rich = rich.text[: heading.end], part(rich, heading.end)
    key = item.get("id")
    link = web_address(shown.url, address) if shown and shown.url else None
    return ParsedEntry(
        key=key,
        published_at=moment,
        stamp=stamp,
        title=" ".join(title.split()),
        text=rich.text,
        spans=rich.spans,
        media=rich.media,
        is_key=bool(_KEY.search(item.get("class"))),
        url=link or (web_address(f"{address.partition('#')[0]}#{key}") if key else None),
    )


def _sorted_at(item: Element, context: Context) -> tuple[datetime | None, str]:
    """When an entry without a time of its own was first shown; only the update's time if that tells nothing."""
    for name in ("data-sort-time", "data-update-time"):
        if moment := read_moment(item.get(name), context.timezone):
            return moment, f"{moment:%H:%M} GMT"
    return None, ""
