"""The dates that an HTML page prints above its coverage: "Published On 11 Oct 2023", a byline's, a `<time>`'s.

They stand in what is furniture to a reader of the news, so that the blocks do not hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.sources.dates import day_within
from bot.sources.furniture import page_stamp
from bot.sources.hypertext.blocks import is_furniture
from bot.sources.hypertext.tree import Element
from bot.sources.richhtml import plain

_NAMES = re.compile(
    r"(?:^|[\s_-])(?:by-?lines?|date-?lines?|date|time|timestamp|pub-?date|meta|published|posted)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]{0,3000}>")
_LONGEST = 100  # letters of text
_LONGEST_HTML = 2_000
_MOST = 5
_MOST_LOOKS = 5_000  # elements


def datelines(top: Element, source: str, end: int, *, day_first: bool) -> list[str]:
    """When the page says it was published and edited, in the words of a text page's head. `end` is where the
    coverage begins.
    """
    found: list[str] = []
    waiting = [top]
    looks = 0
    while waiting and len(found) < _MOST and looks < _MOST_LOOKS:
        element = waiting.pop()
        looks += 1
        if element.start >= end or (element is not top and is_furniture(element, source)):
            continue
        said = list(_said(element, source, day_first=day_first)) if element.end <= end else []
        found += said
        if not said:
            waiting += element.children[::-1]
    return found


def _said(element: Element, source: str, *, day_first: bool) -> Iterator[str]:
    if not 0 < element.inner_end - element.inner_start < _LONGEST_HTML:
        return
    words = plain(_TAG.sub(" ", source[element.inner_start : element.inner_end]))
    if not words or len(words) > _LONGEST:
        return
    if stamp := page_stamp(words, day_first):
        if stamp[1] is not None:
            yield words
        return
    if element.name != "time" and not _NAMES.search(f"{element.get('class')} {element.get('id')}"[:500]):
        return
    day = day_within(words, day_first)
    if day is not None and day[0].year is not None:
        printed = day[0].nearest(date.min)
        yield f"Published: {printed.day} {printed:%B %Y}"
