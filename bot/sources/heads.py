"""What stands above the first entry of a text page: its title, and the dates that it gives of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.sources.chronology import PageDates
from bot.sources.context import Context
from bot.sources.dates import date_in_address, read_day
from bot.sources.furniture import is_byline, is_furniture, page_stamp
from bot.sources.markup import inline
from bot.sources.outline import Line

_LIVE = r"(?:live (?:updates?|blog|coverage|report|news)|liveblog|minute by minute|as it happened)"
_DECORATION = re.compile(
    rf"\s*[-–—|:,(\[]*\s*\b{_LIVE}\b[\s.)\]]*\Z"
    r"|\s*[-–—|:(\[]+\s*live\b[\s.)\]]*\Z",
    re.IGNORECASE,
)
_SHOUTED = re.compile(r"\s+LIVE\Z")
_LEADING = re.compile(rf"\A(?:{_LIVE}|live)\s*[-–—|:]+\s*(?=\S)", re.IGNORECASE)
_CALLS_ITSELF_LIVE = re.compile(r"\blive\s?[:|–—-]", re.IGNORECASE)
_EDGES = " -–—|:"
_LONGEST_TITLE = 160


def page_title(head: Sequence[Line]) -> str:
    """The heading, else the line that calls itself live updates, else the first line that looks like a title."""
    lines = [line for line in head if line.words and len(line.words) <= 400 and not _is_aside(line)]
    for line in lines:
        if line.is_heading:
            return undecorated(inline(line.words).text)
    titles = [inline(line.words).text for line in lines]
    titles = [title for title in titles if len(title) <= _LONGEST_TITLE]
    for title in titles:
        if _CALLS_ITSELF_LIVE.search(title) or undecorated(title) != title.strip(_EDGES):
            return undecorated(title)
    looking = [title for title in titles if not title.endswith((".", ";", ",", ":", "…"))]
    return (looking or titles or [""])[0]


def undecorated(title: str) -> str:
    """Without "Live updates" and the like, which every live page says."""
    bare = _LEADING.sub("", _SHOUTED.sub("", _DECORATION.sub("", title.strip())))
    return bare.strip(_EDGES) or title.strip()


def page_dates(head: Sequence[Line], context: Context) -> PageDates:
    """When the page says it was published and edited, and the date in its address."""
    stamps = [found for line in head if (found := page_stamp(line.words, context.day_first)) and found[1]]
    edited = [at for kind, at in stamps if kind == "edited" and at]
    published = [at.date() for kind, at in stamps if kind == "published" and at]
    return PageDates(
        now=context.now,
        edited=max(edited, default=None),
        published=min(published, default=None),
        address=date_in_address(context.address),
    )


def _is_aside(line: Line) -> bool:
    words = line.words
    if line.bullet or words.startswith((">", "(", "![")):
        return True
    return is_furniture(words) or is_byline(words) or read_day(words, with_place=True) is not None
