"""RSS 2.0, and RSS 1.0 (RDF) with Dublin Core's dates.

item ─▶ guid, rdf:about or link is the key; content:encoded or description is HTML ─▶ Page
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.sources.context import Context
from bot.sources.formats import feeds
from bot.sources.formats.feeds import Item
from bot.sources.formats.xml import Element, base_of, children, first, markup, named, root_name, root_of
from bot.sources.markup import web_address
from storage.models import Page

_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_COUNTER = re.compile(r"#(\d{1,3})\Z")
_BODIES = ("content:encoded", "description", "summary")
_PUBLISHED = ("pubDate", "dc:date", "published", "dc:created", "updated", "dc:modified")
_UPDATED = ("updated", "dc:modified")
SIGN = "it is XML with the items of RSS"


def sniff(data: bytes, context: Context) -> bool:  # noqa: ARG001  (every format is asked with both)
    return root_name(data) in ("rss", "rdf", "channel")


def parse(data: bytes, context: Context) -> Page:
    root = root_of(data)
    channel = next(named(root, "channel"), None) if root is not None else None
    if root is None or channel is None:
        title, items = feeds.rescued(data, context)
        return feeds.to_page(items, context, format="rss", title=title)
    base = base_of(channel, base_of(root, context.address))
    items = [_item(element, base, context) for element in named(root, "item")]
    title = feeds.plain(first(children(channel), "title"))
    warnings = () if items else (f"{context.address} is a feed without items.",)
    return feeds.to_page(_without_counters(items), context, format="rss", title=title, warnings=warnings)


def _item(element: Element, around: str, context: Context) -> Item:
    parts = children(element)
    base = base_of(element, around)
    guid, link = first(parts, "guid"), first(parts, "link")
    if guid and not link and parts["guid"][0].get("isPermaLink") != "false":
        link = web_address(guid) or ""
    bodies = [
        found for name in _BODIES for body in parts.get(name, ()) if (found := markup(body)) and not found.isspace()
    ]
    stamp, moment = feeds.moment_of(parts, _PUBLISHED, context)
    return Item(
        key=guid or element.get(_ABOUT) or link,
        link=link,
        title=feeds.plain(first(parts, "title")),
        html=bodies[0] if bodies else "",
        teaser=bodies[1] if len(bodies) > 1 else "",
        stamp=stamp,
        moment=moment,
        changed=feeds.moment_of(parts, _UPDATED, context)[1],
        media=feeds.media_of(element, parts, base),
        base=base,
    )


def _without_counters(items: Sequence[Item]) -> list[Item]:
    """BBC's guids end in a counter of revisions, "…/articles/cp81l0e1eg5o#2": the highest stands.

    On a page of updates such an ending is an anchor: then the links have it too, or most items are on one page.
    """
    counted = {item.key: found for item in items if "#" in item.key and (found := _COUNTER.search(item.key))}
    pages = {key[: found.start()] for key, found in counted.items()}
    if not counted or 2 * len(pages) <= len(counted):
        return list(items)
    bare: list[tuple[int, Item]] = []
    for item in items:
        found = counted.get(item.key)
        page = item.key[: found.start()] if found else ""
        is_counter = found is not None and item.link.partition("?")[0] == page
        bare.append((int(found[1]), item._replace(key=page)) if found and is_counter else (0, item))
    highest: dict[str, int] = {}
    for n, item in bare:
        highest[item.key] = max(n, highest.get(item.key, 0))
    return [item for n, item in bare if n == highest[item.key]]
