"""The text page: plain text or markdown with clocks, in the form of the example page.

bytes ─▶ decode ─▶ outline: head and entries' lines ─▶ chronology: moments ─▶ body: rich text ─▶ Page
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from bot.sources import exact, zones
from bot.sources.body import read_body
from bot.sources.chronology import Mark, PageDates, Settled, settle
from bot.sources.context import Context
from bot.sources.dates import Day, read_day
from bot.sources.encoding import decode
from bot.sources.heads import page_dates, page_title
from bot.sources.keys import make_keys
from bot.sources.outline import Outline, Section, outline, raw_of
from storage.models import Page, ParsedEntry

_INVISIBLE = dict.fromkeys(map(ord, "\0\u00ad\u200b\u2060\ufeff")) | dict.fromkeys(map(ord, "\u00a0\u202f\t"), " ")
_EXACT = re.compile(r"<!-- dateline (\{.*\}) -->")
_OTHERS = (b"<!doctype", b"<html", b"<?xml", b"<rss", b"<feed", b"{")
# A date at the very top of a page that is this far from the one in its address is the day of the visit.
_MASTHEAD = timedelta(days=31)
SIGN = "it is text in no other form"


def sniff(data: bytes, context: Context) -> bool:  # noqa: ARG001  (every format is asked with both)
    """Everything may be a text page that is not plainly something else; so it is asked last."""
    return not data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_OTHERS)


def parse(data: bytes, context: Context) -> Page:
    """Read a text page. Raises UnreadablePage for what is no text."""
    text, warnings = decode(data, context)
    page = read_text(text, context)
    return page.model_copy(update={"warnings": (*warnings, *page.warnings)})


def read_text(text: str, context: Context) -> Page:
    """Read a text page that is decoded already; other formats may bring their pages into this form."""
    found = outline(text.translate(_INVISIBLE), day_first=context.day_first)
    settled = settled_of(found, context)
    told = [_exact(section) for section in found.sections]
    entries = _entries(found.sections, settled, told, context.address)
    return Page(
        title=page_title(found.head),
        format="text",
        entries=entries,
        covers_from=entries[-1].published_at if entries else None,
        absent=tuple(str(one["key"]) for one in told if one.get("absent") is True and "key" in one),
        has_ids=bool(told) and all("key" in one for one in told),
        warnings=(*found.warnings, *warnings_of(settled, entries, context)),
    )


def blocks(text: str, context: Context | None = None) -> tuple[str, tuple[str, ...]]:
    """The head of a page, and the raw lines of each entry in page order, to replay a page entry by entry.

    The head and any of the blocks, put together as they are, read as those same entries: a block whose date hangs on
    another's heading gets a heading of its own, if the page (or a `context`) tells the date. All of them are the page
    without its footer.
    """
    circumstances = context or Context(address="", now=datetime(2000, 1, 1, tzinfo=UTC))
    found = outline(text, day_first=circumstances.day_first)
    settled = settled_of(found, circumstances)
    is_dated = context is not None or settled.by in ("headings", "edited")
    raw = []
    ends = [*(section.first for section in found.sections[1:]), *(section.last for section in found.sections[-1:])]
    for section, moment, end in zip(found.sections, settled.moments, ends, strict=True):
        if is_dated and not _prints_its_date(found, section):
            local = moment.astimezone(_zone(section, moment, circumstances))
            raw.append(f"- {local.day} {local:%B %Y}\n\n{raw_of(found.lines[section.at : end])}")
        else:
            raw.append(raw_of(found.lines[section.first : end]))
    return raw_of(found.head), tuple(raw)


def _prints_its_date(found: Outline, section: Section) -> bool:
    """Whether the section's own lines give its date in full, so that it can stand alone."""
    days = [
        section.stamp.day,
        *(read_day(line.words, with_place=True) for line in found.lines[section.first : section.last]),
    ]
    return any(day is not None and day.year is not None for day in days)


def _zone(section: Section, moment: datetime, context: Context) -> tzinfo:
    own = zones.named(context.timezone) or UTC
    name = section.stamp.clock.zone
    return (zones.printed(name, own, moment.replace(tzinfo=None)) if name else None) or own


def settled_of(found: Outline, context: Context) -> Settled:
    """The moments of a page's sections, by its headings, the dates it gives of itself, and the order of its clocks."""
    dates = page_dates(found.head, context)
    reference = _reference(found.sections, dates)
    masthead = _masthead(found, dates, context)
    marks = []
    for section in found.sections:
        day = section.heading if section.heading != masthead else None
        marks.append(Mark(section.stamp.clock, day.nearest(reference) if day else None))
    return settle(marks, dates, zones.named(context.timezone) or UTC)


def _reference(sections: Sequence[Section], dates: PageDates) -> date:
    """The date to which dates without a year are near: the newest one that the page prints in full, else now."""
    printed = [section.heading.nearest(date.min) for section in sections if section.heading and section.heading.year]
    edited = [dates.edited.date()] if dates.edited else []
    known = [day for day in (*printed, *edited, dates.published, dates.address) if day]
    return max(known, default=dates.now.date())


def _masthead(found: Outline, dates: PageDates, context: Context) -> Day | None:
    """The date at the top of a page, where it is the site's and not the coverage's."""
    top = next((line for line in found.head if line.words), None)
    day = read_day(top.words, context.day_first) if top else None
    if day is None or day.year is None or dates.address is None:
        return None
    return day if abs(day.nearest(dates.address) - dates.address) > _MASTHEAD else None


def _exact(section: Section) -> exact.Exact:
    """What our own export says in a comment below the clock, which is then no text of the entry."""
    place = next((n for n, line in enumerate(section.body) if line.words), None)
    comment = _EXACT.fullmatch(section.body[place].words) if place is not None else None
    if place is None or comment is None:
        return {}
    del section.body[place]
    return exact.load(comment[1])


def _entries(
    sections: Sequence[Section], settled: Settled, told: Sequence[exact.Exact], address: str
) -> tuple[ParsedEntry, ...]:
    """The entries, newest first. Twins keep the page's order."""
    found = list(zip(sections, settled.moments, told, strict=True))
    if settled.newest_first:
        found.reverse()
    found.sort(key=lambda one: one[1])
    bodies = [read_body(section, address) for section, _, _ in found]
    words = [f"{body.title} {body.rich.text}" for body in bodies]
    keys = make_keys((moment, said) for (_, moment, _), said in zip(found, words, strict=True))
    entries: dict[str, ParsedEntry] = {}
    for key, body, (section, moment, known) in zip(keys, bodies, found, strict=True):
        read = ParsedEntry(
            key=key,
            published_at=moment,
            stamp=section.stamp.clock.printed,
            title=body.title,
            text=body.rich.text,
            spans=body.rich.spans,
            media=body.rich.media,
            is_key=body.is_key,
            url=section.stamp.url,
            withdrawn=body.withdrawn,
        )
        entry = exact.honoured(read, known)
        entry = read if entry.key in entries else entry
        entries[entry.key] = entry
    oldest_first = sorted(entries.values(), key=lambda entry: entry.published_at)
    return tuple(reversed(oldest_first))


def warnings_of(settled: Settled, entries: Sequence[ParsedEntry], context: Context) -> list[str]:
    """What a person should know about this reading, and can do something about."""
    found = []
    if zones.named(context.timezone) is None:
        found.append(f'The time zone "{context.timezone}" is not known: clocks without a zone were read as GMT.')
    if not entries:
        return [*found, f"{context.address} shows no entries: no line begins with a clock such as 19:16 GMT."]
    if settled.by == "now":
        day = f"{entries[0].published_at.day} {entries[0].published_at:%B %Y}"
        found.append(f"The page prints no date: its clocks were read as those of today, the newest on {day}.")
    if settled.by == "started":
        found.append("The page prints no date above its entries: the date of its publication was taken.")
    empty = sum(entry.is_empty and not entry.withdrawn for entry in entries)
    if empty:
        found.append(f"{empty} of {len(entries)} entries have no text (yet).")
    return found
