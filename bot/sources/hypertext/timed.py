"""Elements that carry a `<time datetime>`: their moment, what is printed of it, and the rest of their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bot.sources.hypertext.tree import Element
from bot.sources.moments import read_moment
from bot.sources.richhtml import plain
from bot.sources.timestamps import read_stamp

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TEXTS = _HEADINGS | frozenset({"p", "blockquote", "figure", "ul", "ol", "table", "pre"})
_HAS_TIME = re.compile(r"\d[T ]\d\d?:?\d\d|^\d{10,14}$")
_PIECES = re.compile(r"<[^<>]{0,3000}>|[\n|·•]")
_LONGEST_BOX = 120  # letters beside a stamp: a name, "Updated", "Share"


@dataclass(frozen=True)
class Timed:
    """`html` is the element's HTML without its time and what stands with it (the author's name, a button)."""

    moment: datetime
    stamp: str
    html: str
    url: str | None = None  # where the time itself leads


def times(element: Element) -> Iterator[Element]:
    """The elements within that say a moment in a machine's words."""
    return (inner for inner in (element, *element.descendants()) if says_moment(inner))


def says_moment(element: Element) -> bool:
    if element.name not in ("time", "abbr", "span", "amp-timeago", "relative-time", "time-ago"):
        return False
    return bool(_HAS_TIME.search(printed_moment(element)))


def printed_moment(element: Element) -> str:
    """`<time datetime>`; also what other elements put into attributes of their own."""
    if element.name in ("abbr", "span"):
        if "data-" not in element.raw:
            return ""
        return element.get("data-datetime") or element.get("data-timestamp") or element.get("data-utime")
    return element.get("datetime")


def timed(element: Element, source: str, zone: str) -> Timed | None:
    """What an element says of its time, and its other words; None where it has no time that can be read."""
    for time in times(element):
        if (moment := read_moment(printed_moment(time), zone)) is not None:
            break
    else:
        return None
    box = _box(time, element, source)
    inner = source[element.inner_start : box.start] + source[box.end : element.inner_end] if box is not element else ""
    return Timed(moment, _stamp(time, box, source) or f"{moment:%H:%M} GMT", inner, _link(time, box))


def _box(time: Element, element: Element, source: str) -> Element:
    """The time with what stands beside it, as long as that is no text of its own."""
    box = time
    for above in time.ancestors():
        if above is element or above.name in _TEXTS or any(inner.name in _TEXTS for inner in above.descendants()):
            break
        if len(plain(source[above.inner_start : above.inner_end])) > _LONGEST_BOX:
            break
        box = above
    return box


def _stamp(time: Element, box: Element, source: str) -> str:
    """The clock that readers see, if there is one."""
    for words in (plain(source[time.inner_start : time.inner_end]), *_PIECES.split(source[box.start : box.end])):
        if words and (found := read_stamp(plain(words))) is not None:
            return found.clock.printed
    return ""


def _link(time: Element, box: Element) -> str | None:
    for around in (time, *time.ancestors()):
        if around.name == "a" and around.get("href"):
            return around.get("href")
        if around is box:
            break
    return next((inner.get("href") for inner in time.children if inner.name == "a" and inner.get("href")), None)
