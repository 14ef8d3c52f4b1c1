"""Pages whose entries are told apart by printed clocks only: their lines go through the text page's own rules.

blocks ─▶ rich text of each ─▶ its lines ─▶ outline: which lines are stamps ─▶ chronology ─▶ the entries' blocks again
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import islice
from urllib.parse import urljoin

from bot.sources.context import Context
from bot.sources.hypertext.blocks import Block, blocks, first_words
from bot.sources.hypertext.datelines import datelines
from bot.sources.hypertext.entries import Said, said
from bot.sources.hypertext.slices import part, starts_with, without_media
from bot.sources.hypertext.timed import printed_moment, says_moment
from bot.sources.hypertext.tree import Element
from bot.sources.markup import Rich, web_address
from bot.sources.moments import read_moment
from bot.sources.outline import Outline, Section, outline
from bot.sources.richhtml import from_html
from bot.sources.text import settled_of
from bot.sources.timestamps import read_stamp

_HEAD_BLOCKS = 60  # above the coverage, where a page prints its dates
_MOST_BLOCKS = 50_000
_LONGEST_LEAD = 600  # letters of HTML before a stamp's link
_LONGEST_TIME = 40  # letters of a time that is no clock


@dataclass(frozen=True)
class Read:
    """A block that has been read. `lines` are where the lines of its text begin, `told` what it says to machines,
    `link` where its first words lead.
    """

    block: Block
    rich: Rich
    lines: tuple[int, ...]
    told: datetime | None = None
    link: str | None = None


@dataclass(frozen=True)
class Place:
    """Where a line of the outline comes from: a block, and the offset in its text."""

    read: Read
    start: int
    end: int


@dataclass
class Lines:
    """The page as the text page's rules want it, and where each line comes from."""

    text: list[str] = field(default_factory=list)
    places: list[Place | None] = field(default_factory=list)
    reads: list[tuple[int, Read]] = field(default_factory=list)  # with the line at which each begins

    @cached_property
    def starts(self) -> list[int]:
        return [at for at, _ in self.reads]

    def add(self, read: Read) -> None:
        self.reads.append((len(self.text), read))
        ends = [*(start - 1 for start in read.lines[1:]), len(read.rich.text)]
        for n, (start, end) in enumerate(zip(read.lines, ends, strict=True)):
            self.text.append(_printed(read, start, end, n == 0))
            self.places.append(Place(read, start, end))
        self.text.append("")
        self.places.append(None)


@dataclass(frozen=True)
class Clocked:
    """One entry: its printed stamp, its moment, what it says."""

    stamp: str
    moment: datetime
    said: Said
    url: str | None


@dataclass(frozen=True)
class Reading:
    entries: tuple[Clocked, ...]
    newest_first: bool = True
    by: str = "headings"  # what the dates hang on
    warnings: tuple[str, ...] = ()


def clocked(top: Element, source: str, base: str, context: Context, dates: Sequence[str] = ()) -> Reading:
    """The entries in the order of the page. `dates` are lines that tell when the page was published and edited."""
    found = list(blocks(top, source))[:_MOST_BLOCKS]
    read = [_read(block, source, base, context.timezone) for block in found]
    every = _lines(read)
    sections = _sections(outline("\n".join(every.text), day_first=context.day_first), every)
    if not sections:
        return Reading(())
    own = _own_stamps([_place(every, section) for section in sections])
    read = [one for one in read if not any(one is other for other in own)]
    starts = sorted(_place(every, section).read.block.start for section in sections[len(own) :])
    main = _main(starts, top)
    dates = [*dates, *datelines(top, source, starts[0], day_first=context.day_first)]
    inside = [one for one in read if main.start <= one.block.start and one.block.end <= main.end]
    above = [one for one in read if one.block.start < main.start][-_HEAD_BLOCKS:]
    lines = _lines(inside, [*dates, *_head(above)])
    page = outline("\n".join(lines.text), day_first=context.day_first)
    page.sections = _sections(page, lines)
    settled = settled_of(page, context)
    tolds = _tolds(page, lines)
    moments = (told or moment for told, moment in zip(tolds, settled.moments, strict=True))
    entries = tuple(_entry(page, lines, n, moment, base) for n, moment in enumerate(moments))
    by = settled.by if None in tolds else "machines"
    return Reading(entries, settled.newest_first, by, tuple(page.warnings))


def _own_stamps(places: Sequence[Place]) -> list[Read]:
    """The page's own stamps: moments said to machines, above entries that print nothing but their clocks."""
    tolds = [place.read for place in places if place.read.told]
    if len(tolds) * 2 > len(places) or [place.read for place in places[: len(tolds)]] != tolds:
        return []
    return tolds


def _read(block: Block, source: str, base: str, zone: str) -> Read:
    rich = from_html(source[block.start : block.end], base)
    starts, at = [0], rich.text.find("\n")
    while at >= 0:
        starts.append(at + 1)
        at = rich.text.find("\n", at + 1)
    return Read(block, rich, tuple(starts), _told(block, zone), _link(block, source))


def _told(block: Block, zone: str) -> datetime | None:
    inside = (one for element in block.elements for one in (element, *element.descendants()))
    return next((read_moment(printed_moment(one), zone) for one in inside if says_moment(one)), None)


def _link(block: Block, source: str) -> str | None:
    inside = (one for element in block.elements[:1] for one in (element, *element.descendants()))
    link = next((one for one in islice(inside, 5) if one.name == "a" and one.get("href")), None)
    if link is None or link.inner_start - block.start > _LONGEST_LEAD:
        return None
    return None if first_words(source[block.start : link.start]) else link.get("href")


def _lines(read: Sequence[Read], head: Sequence[str] = ()) -> Lines:
    lines = Lines()
    for words in head:
        lines.text += [words, ""]
        lines.places += [None, None]
    for one in read:
        lines.add(one)
    return lines


def _head(read: Sequence[Read]) -> Iterator[str]:
    """The lines above the coverage that are no stamps themselves: dates of the page, headings."""
    for one in read:
        for words in one.rich.text.splitlines()[:3]:
            if len(words) < 200 and not outline(words).sections:
                yield words


def _printed(read: Read, start: int, end: int, is_first: bool) -> str:
    """A line as the text page would have it: with its bullet, and its first words marked as bold where they are."""
    words = read.rich.text[start:end]
    if is_first and read.told and len(words) < _LONGEST_TIME and read_stamp(words) is None:
        words = f"{read.told.day} {read.told:%B %Y, %H:%M} GMT"  # "4m ago"
    elif is_first and (lead := starts_with(read.rich, "bold", "link", "heading", "italic", "underline")):
        stop = min(lead.end, end)
        words = f"**{words[:stop]}**{words[stop:]}"
    indent = "  " * max(0, read.block.depth - 1)
    if read.block.kind == "list" or words.startswith("• "):
        return f"{indent}{words}"
    return f"{indent}- {words}" if is_first and read.block.is_item and words else words


def _main(stamps: Sequence[int], top: Element) -> Element:
    """The smallest element that holds two of three stamps: a clock in a side column must not widen it."""
    main = top
    while True:
        held = [
            bisect_left(stamps, child.inner_end) - bisect_left(stamps, child.inner_start) for child in main.children
        ]
        most = max(held, default=0)
        if most * 3 < len(stamps) * 2 or most == 0:
            return main
        main = main.children[held.index(most)]


def _sections(page: Outline, lines: Lines) -> list[Section]:
    """Without stamps in what was put above the coverage."""
    return [section for section in page.sections if lines.places[section.at] is not None]


def _place(lines: Lines, section: Section) -> Place:
    place = lines.places[section.at]
    if place is None:
        raise LookupError(section.at)  # `_sections` lets none through
    return place


def _tolds(page: Outline, lines: Lines) -> list[datetime | None]:
    """The moments that the page says to machines, which win over printed clocks."""
    places = [_place(lines, section) for section in page.sections]
    return [place.read.told if place.start == 0 else None for place in places]


def _entry(page: Outline, lines: Lines, n: int, moment: datetime, base: str) -> Clocked:
    section = page.sections[n]
    end = page.sections[n + 1].first if n + 1 < len(page.sections) else len(lines.text)
    place = _place(lines, section)
    kept = {id(line) for line in section.body}
    rest = _rest(section, place)
    title = ""
    if rest.text and place.read.block.kind == "heading":
        title, rest = rest.text, Rich()
    parts = [without_media(rest)]
    first = bisect_right(lines.starts, section.at) - 1  # the block of the stamp itself
    for at, read in lines.reads[first : bisect_left(lines.starts, end)]:
        parts += _kept(page, read, at, section, kept)
    return Clocked(section.stamp.clock.printed, moment, said(parts, title), _url(section, place, base))


def _kept(page: Outline, read: Read, at: int, section: Section, kept: set[int]) -> Iterator[Rich]:
    """The stretches of a block that belong to an entry; its media go to the entry in which it begins."""
    media = read.rich.media if at >= section.at else ()
    wanted = [n for n in range(at, at + len(read.lines)) if n > section.at and id(page.lines[n]) in kept]
    if not wanted and media:
        yield Rich("", (), media)
    for first, last in _runs(wanted):
        start, end = read.lines[first - at], _end_of(read, last - at)
        stretch = part(without_media(read.rich), start, end)
        if read.block.is_item and first == at and stretch.text and not stretch.text.startswith("• "):
            stretch = _bulleted(stretch)
        yield replace(stretch, media=media) if media else stretch
        media = ()


def _bulleted(rich: Rich) -> Rich:
    return Rich(f"• {rich.text}", rich.moved(2), rich.media)


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Stretches of neighbours."""
    start = None
    for n, number in enumerate(numbers):
        start = number if start is None else start
        if n + 1 == len(numbers) or numbers[n + 1] > number + 1:
            yield start, number
            start = None


def _end_of(read: Read, line: int) -> int:
    return read.lines[line + 1] - 1 if line + 1 < len(read.lines) else len(read.rich.text)


def _rest(section: Section, place: Place) -> Rich:
    """What stands behind the stamp on its line."""
    words = section.stamp.rest.strip("*_[] ")
    line = place.read.rich.text[place.start : place.end]
    if not words:
        return Rich()
    at = line.find(words.split("**")[0][:60].strip("*_[] "))
    rich = without_media(place.read.rich)
    last = len(line.rstrip("+ ")) if line.endswith("+++") else len(line)
    return part(rich, place.start + max(0, at), place.start + last)


def _url(section: Section, place: Place, base: str) -> str | None:
    """Where the stamp leads, or the anchor of its element."""
    read = place.read
    address = section.stamp.url or (read.link if place.start == 0 else None)
    if address:
        return web_address(urljoin(base, address) if base.startswith("http") else address)
    anchor = read.block.elements[0].get("id") if read.block.elements and place.start == 0 else ""
    return f"{base.partition('#')[0]}#{anchor}" if anchor and base.startswith("http") else None
