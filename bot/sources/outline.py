"""The lines of a text page sorted into its head and its entries, before anything is made of their words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.sources.dates import Day, read_day
from bot.sources.timestamps import Stamp, broken_stamp, read_stamp

# No live page has so much; more is a mistake or an attack, and would take minutes and gigabytes.
MOST_ENTRIES = 10_000
MOST_LINES = 200_000
MOST_LETTERS = 200_000  # of one entry

_BULLET = re.compile(r"([-*•·‣◦▪●])(?:\s+|\Z)|([•‣◦▪●])|([–—])\s+(?=[*_\[(]{0,4}\d)")
_HEADING = re.compile(r"#{1,6}\s+")
_TICKER = re.compile(r"([*_]{0,4})\+{2,5}\s*")  # "+++ 19:45 The dam holds +++"
_ENDS_SENTENCE = tuple(".!?:;…\"”’'»)]*_|")
_RULE = frozenset("-*_=–—")


@dataclass(frozen=True)
class Line:
    """A line of the page. `words` come without indent, bullet and heading marks."""

    raw: str
    words: str
    indent: int = 0
    bullet: str = ""
    is_heading: bool = False
    is_rule: bool = False


@dataclass
class Section:
    """An entry's part of the page: its stamp and the lines below it.

    `first` to `last` are its lines, with the date headings just above it; its stamp is line `at`. `heading` is the
    date printed since the entry before.
    """

    first: int
    at: int
    last: int
    stamp: Stamp
    line: Line
    heading: Day | None = None
    body: list[Line] = field(default_factory=list)

    @property
    def has_text(self) -> bool:
        return bool(self.stamp.rest) or any(line.words for line in self.body)


@dataclass
class Outline:
    """A page taken apart. `head` are the lines above the first entry; `warnings` are for the operator."""

    lines: list[Line]
    head: list[Line] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_line(raw: str) -> Line:
    words = raw.strip()
    if not words:
        return Line(raw, "")
    indent = len(raw) - len(raw.lstrip())
    marks = "".join(words.split()) if words[:1] in _RULE and len(words) < 200 else ""
    if len(marks) >= 3 and len(set(marks)) == 1:
        return Line(raw, "", indent, is_rule=True)
    bullet = _BULLET.match(words)
    if bullet:
        words = words[bullet.end() :]
    heading = _HEADING.match(words)
    if heading:
        words = words[heading.end() :].rstrip("# ")
    ticker = _TICKER.match(words)
    if ticker:
        words = (ticker[1] + words[ticker.end() :]).replace("+++", " ").strip()
    return Line(raw, words, indent, bullet[0].strip() if bullet else "", bool(heading or ticker))


def outline(text: str, *, day_first: bool = True) -> Outline:
    """Sort the lines of a page. One pass, and never more than a window's worth of work on a long line."""
    lines = text.splitlines()
    scan = _Scan([read_line(raw) for raw in lines[:MOST_LINES]], day_first)
    if len(lines) > MOST_LINES:
        scan.page.warnings.append(f"Only the first {MOST_LINES:,} of {len(lines):,} lines were read.")
    return scan.run()


class _Scan:
    """The pass over the lines. `dated` and `dated_from` are the heading that waits for its entry, and its line."""

    def __init__(self, lines: list[Line], day_first: bool) -> None:
        self.page = Outline(lines)
        self.day_first = day_first
        self.dated: Day | None = None
        self.dated_from: int | None = None
        self.dates_follow = False  # this page prints the date below each clock

    def run(self) -> Outline:
        for n, line in enumerate(self.page.lines):
            if len(self.page.sections) > MOST_ENTRIES:
                self.page.sections.pop()
                self.page.warnings.append(f"Only the first {MOST_ENTRIES:,} entries of the page were read.")
                break
            self._take(n, line)
        self._cut_footer()
        self.page.warnings += [warning for section in self.page.sections if (warning := _shorten(section))]
        return self.page

    def _take(self, n: int, line: Line) -> None:
        if not line.words:
            self._keep(n, line)
        elif (stamp := self._stamp(n, line)) is not None:
            self._open(n, line, stamp)
        elif (day := self._day(line)) is not None:
            self._date(n, line, day)
        else:
            self.dated_from = None  # words part the heading from the next entry: it still counts
            if broken := broken_stamp(line.words):
                self.page.warnings.append(f'The stamp "{broken}" could not be read; its text went to the entry above.')
            self._keep(n, line)

    def _day(self, line: Line) -> Day | None:
        return read_day(line.words, self.day_first, with_place=not self.page.sections)

    def _stamp(self, n: int, line: Line) -> Stamp | None:
        stamp = read_stamp(line.words, day_first=self.day_first)
        if stamp is None or not stamp.rest:
            return stamp
        if line.bullet or stamp.is_set_apart:
            return None if line.bullet and self._is_nested(n, line) else stamp
        before = self.page.lines[n - 1] if n else None
        carries_on = before is not None and before.words and not self._closes(before)
        return None if carries_on else stamp

    def _is_nested(self, n: int, line: Line) -> bool:
        """A list inside an entry may begin its items with clocks ("Timeline: - 08:00 Shots are heard")."""
        if not self.page.sections:
            return False
        entry = self.page.sections[-1]
        if entry.line.bullet:
            return line.indent > entry.line.indent
        above = next((other for other in reversed(self.page.lines[max(0, n - 3) : n]) if other.words), None)
        if above is None or entry.stamp.rest or above is entry.line:
            return False
        return above.words.endswith(":") or bool(above.bullet and entry.body and entry.body[-1] is above)

    def _closes(self, line: Line) -> bool:
        """Whether this line is complete, so that the next one may open an entry."""
        if line.words.endswith(_ENDS_SENTENCE) or line.is_heading or self.dated_from is not None:
            return True
        return read_stamp(line.words, day_first=self.day_first) is not None

    def _open(self, n: int, line: Line, stamp: Stamp) -> None:
        first = n if self.dated_from is None else self.dated_from
        del self.page.head[first if not self.page.sections else len(self.page.head) :]
        heading = stamp.day or self.dated
        self.page.sections.append(Section(first, n, n + 1, stamp, line, heading))
        self.dated = self.dated_from = None
        if stamp.trouble:
            self.page.warnings.append(f"At {stamp.clock.printed}: {stamp.trouble}; the story's own zone was taken.")

    def _date(self, n: int, line: Line, day: Day) -> None:
        entry = self.page.sections[-1] if self.page.sections else None
        if entry and not entry.has_text and self._is_own(n, entry):
            self.dates_follow = True
            entry.heading, entry.last = day, n + 1
        else:
            self.dated = day
            self.dated_from = n if self.dated_from is None else self.dated_from
            self._keep(n, line, is_heading=True)

    def _is_own(self, n: int, entry: Section) -> bool:
        """Whether a date below a clock belongs to it, rather than being the heading of the entries below."""
        if n == entry.last:
            return True
        return entry.heading is None and (self.dates_follow or len(self.page.sections) == 1)

    def _keep(self, n: int, line: Line, *, is_heading: bool = False) -> None:
        if not self.page.sections:
            self.page.head.append(line)
        elif not is_heading:
            entry = self.page.sections[-1]
            entry.body.append(line)
            if self.dated_from is None and line.words:
                entry.last = n + 1

    def _cut_footer(self) -> None:
        """What follows a rule below the last entry is the page's, not the entry's."""
        if not self.page.sections:
            return
        entry = self.page.sections[-1]
        rule = next((n for n, line in enumerate(entry.body) if line.is_rule), None)
        if rule is not None:
            below = sum(bool(line.words) for line in entry.body[rule:])
            del entry.body[rule:]
            while below:  # `last` goes back over the footer's lines
                entry.last -= 1
                below -= bool(self.page.lines[entry.last].words)


def _shorten(section: Section) -> str | None:
    """Cut a monstrous entry; the warning to go with it."""
    room = MOST_LETTERS - len(section.stamp.rest)
    if room < 0:
        section.stamp = replace(section.stamp, rest=section.stamp.rest[:MOST_LETTERS])
    for n, line in enumerate(section.body):
        if len(line.words) > room:
            section.body[n:] = [replace(line, words=line.words[: max(0, room)])]
            room = -1
            break
        room -= len(line.words)
    if room >= 0:
        return None
    return f"The entry at {section.stamp.clock.printed} is longer than {MOST_LETTERS:,} letters and was cut."


def raw_of(lines: Sequence[Line]) -> str:
    """Lines as they stood, closed by an empty one."""
    raw = "".join(f"{line.raw}\n" for line in lines)
    return raw if not raw or raw.endswith("\n\n") else f"{raw}\n"
