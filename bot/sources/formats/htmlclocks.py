"""Any page of HTML that shows clocks, or moments in `<time datetime>`.

    html ─▶ tree ─▶ elements of one kind with a moment each   ─▶ entries
                 └▶ blocks ─▶ lines ─▶ the text page's rules  ─▶ entries
               the first, unless it finds less than half of the second's text

Nothing is lost on the way: links, emphasis, quotes, pictures and embedded tweets stay with their entry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, timedelta

from bot.sources import zones
from bot.sources.context import Context, UnreadablePage
from bot.sources.formats.building import build
from bot.sources.hypertext.clocked import Reading, clocked
from bot.sources.hypertext.pages import canonical, feed, is_html, page_text, title_of
from bot.sources.hypertext.structured import Structured, structured
from bot.sources.hypertext.tokens import attributes
from bot.sources.hypertext.tree import tree
from bot.sources.keys import make_keys
from bot.sources.moments import read_moment
from storage.models import Page, ParsedEntry

_META = re.compile(r"<meta\b[^>]{0,300}?(?:published|modified)_time[^>]{0,300}>", re.IGNORECASE)
# A page that moved on this recently may have moved on again: its own date then says less than ours.
_FRESH = timedelta(hours=20)
SIGN = "it is HTML with no data of a live blog in it that is known"


def sniff(data: bytes, context: Context) -> bool:  # noqa: ARG001  (every format is asked with both)
    return is_html(data)


def parse(data: bytes, context: Context) -> Page:
    if not data.strip():
        raise UnreadablePage(f"{context.address} is empty.")
    html, warnings = page_text(data, context)
    top = tree(html)
    body = next((element for element in top.descendants() if element.name == "body"), top)
    address = context.address if context.address.startswith("http") else canonical(html) or context.address
    marked = structured(body, html, address, context.timezone)
    printed = clocked(body, html, address, context, _dates(html, context))
    pages = _of_elements(marked), _of_clocks(printed)
    page = pages[0] if marked and _letters(pages[0]) * 2 >= _letters(pages[1]) else pages[1]
    warnings = (*warnings, *page.warnings, *_troubles(page, context, feed(html, address)))
    return page.model_copy(update={"title": title_of(html), "format": "htmlclocks", "warnings": warnings})


def _letters(page: Page) -> int:
    return sum(len(entry.title) + len(entry.text) for entry in page.entries)


def _of_elements(found: Sequence[Structured]) -> Page:
    entries = [
        ParsedEntry(
            key=one.key,
            published_at=one.moment,
            stamp=one.stamp,
            title=one.said.title,
            text=one.said.rich.text,
            spans=one.said.rich.spans,
            media=one.said.rich.media,
            is_key=one.is_key or one.said.is_key,
            withdrawn=one.said.withdrawn,
            url=one.url,
        )
        for one in found
    ]
    return build(format="htmlclocks", entries=entries)


def _of_clocks(reading: Reading) -> Page:
    """Their keys are made as the text page makes them: from the stamp, an ordinal and the words."""
    found = list(reading.entries)
    if reading.newest_first:
        found.reverse()
    found.sort(key=lambda one: one.moment)
    keys = make_keys((one.moment, f"{one.said.title} {one.said.rich.text}") for one in found)
    entries = [
        ParsedEntry(
            key=key,
            published_at=one.moment,
            stamp=one.stamp,
            title=one.said.title,
            text=one.said.rich.text,
            spans=one.said.rich.spans,
            media=one.said.rich.media,
            is_key=one.said.is_key,
            withdrawn=one.said.withdrawn,
            url=one.url,
        )
        for key, one in zip(keys, found, strict=True)
    ][::-1]
    return Page(
        entries=tuple(entries),
        covers_from=entries[-1].published_at if entries else None,
        warnings=(*reading.warnings, *_of_dates(reading, entries)),
    )


def _of_dates(reading: Reading, entries: Sequence[ParsedEntry]) -> list[str]:
    if not entries or reading.by not in ("now", "started"):
        return []
    if reading.by == "started":
        return ["The page prints no date above its entries: the date of its publication was taken."]
    day = f"{entries[0].published_at.day} {entries[0].published_at:%B %Y}"
    return [f"The page prints no date: its clocks were read as those of today, the newest on {day}."]


def _troubles(page: Page, context: Context, its_feed: str | None) -> list[str]:
    found = []
    if zones.named(context.timezone) is None:
        found.append(f'The time zone "{context.timezone}" is not known: clocks without a zone were read as GMT.')
    if not page.entries:
        advice = (
            f"It names a feed: {its_feed}." if its_feed else "If scripts fill it in, give the address that they read."
        )
        nothing = f"{context.address} shows no entries: nothing on it begins with a clock such as 19:16 GMT."
        return [*found, f"{nothing} {advice}"]
    empty = sum(entry.is_empty and not entry.withdrawn for entry in page.entries)
    return [*found, f"{empty} of {len(page.entries)} entries have no text (yet)."] if empty else found


def _dates(html: str, context: Context) -> list[str]:
    """When the page says it was published and edited, as it would print it."""
    zone = zones.named(context.timezone) or UTC
    lines = []
    for tag in _META.findall(html[:300_000]):
        found = attributes(tag[5:-1].rstrip("/"))
        moment = read_moment(found.get("content"), context.timezone)
        name = found.get("property") or found.get("name") or ""
        if moment is not None and moment < context.now - _FRESH:
            local = moment.astimezone(zone)
            kind = "Published" if "published" in name else "Edited"
            lines.append(f"{kind} time: {local.day} {local:%B %Y %H:%M}")
    return lines
