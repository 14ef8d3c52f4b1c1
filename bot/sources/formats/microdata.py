"""Microdata as JSON-LD would write it: `itemprop` becomes a key, `itemtype` an `@type`, `itemid` an `@id`."""

from __future__ import annotations

from bot.sources.hypertext.tree import Element, outermost, tree
from bot.sources.richhtml import plain

_ADDRESSES = {
    "a": "href", "link": "href", "area": "href", "img": "src", "video": "src", "audio": "src", "iframe": "src",
    "embed": "src", "source": "src", "object": "data",
}  # fmt: skip
_RICH = frozenset({"articleBody", "text", "description"})

Item = dict[str, object]


def postings(html: str) -> list[Item]:
    """All items of the type LiveBlogPosting."""
    return [_item(top, html) for top in outermost(tree(html), lambda element: _type(element) == "LiveBlogPosting")]


def _type(element: Element) -> str:
    if "itemtype" not in element.raw.lower():
        return ""
    return (element.get("itemtype").split() or [""])[0].rpartition("/")[2]


def _item(top: Element, html: str) -> Item:
    """An item and those inside it. Written without recursion: pages nest deeper than Python does."""
    whole = _named(top)
    waiting = [(child, whole) for child in reversed(top.children)]
    while waiting:
        element, item = waiting.pop()
        names = element.get("itemprop").split()
        inner = item
        if "itemscope" in element.attributes:
            inner = _named(element)
            for name in names:
                _add(item, name, inner)
        else:
            for name in names:
                _add(item, name, _value(name, element, html))
        waiting += [(child, inner) for child in reversed(element.children)]
    return whole


def _named(element: Element) -> Item:
    key = element.get("itemid") or (f"#{element.get('id')}" if element.get("id") else "")
    item: Item = {"@type": _type(element)}
    return item | {"@id": key} if key else item


def _value(name: str, element: Element, html: str) -> str:
    for key in ("content", "datetime", _ADDRESSES.get(element.name, "content")):
        if element.get(key):
            return element.get(key)
    inner = html[element.inner_start : element.inner_end]
    return inner if name in _RICH else plain(inner)


def _add(item: Item, name: str, value: object) -> None:
    """A name that comes again makes a list."""
    before = item.get(name)
    if before is None:
        item[name] = value
    elif isinstance(before, list):
        before.append(value)
    else:
        item[name] = [before, value]
