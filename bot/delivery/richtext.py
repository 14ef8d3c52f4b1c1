"""Text with marks, the way Telegram itself thinks of it: a plain text, and tags over stretches of it.

Rendering joins, cuts and edits such texts freely; only `markup.to_html` turns one into HTML, at the very end. So no
tag can be cut in two, the visible length of a message is `len`, and everything is escaped in one place.

    page's text + spans ──outside──▶ Rich ──join, edit, cut──▶ Rich ──markup──▶ HTML
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import accumulate
from typing import Literal

Tag = Literal["b", "i", "u", "s", "code", "pre", "a", "tg-time", "blockquote"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A tag over `text[start:end]`; `attrs` is escaped already.

    `ours` marks are the bot's own, and the last to go when there are too many.
    """

    start: int
    end: int
    tag: Tag
    attrs: str = ""
    ours: bool = False

    def moved(self, by: int) -> Mark:
        return replace(self, start=self.start + by, end=self.end + by)


@dataclass(frozen=True, slots=True)
class Rich:
    """A text and its marks, in any order, overlapping as they like."""

    text: str = ""
    marks: tuple[Mark, ...] = ()

    def __len__(self) -> int:
        return len(self.text)

    def __add__(self, other: Rich | str) -> Rich:
        return join((self, other))

    def __radd__(self, other: str) -> Rich:
        return join((other, self))

    def wrapped(self, tag: Tag, attrs: str = "", *, ours: bool = False) -> Rich:
        """The same with one more mark over all of it."""
        return Rich(self.text, (*self.marks, Mark(0, len(self.text), tag, attrs, ours)))

    def part(self, start: int, end: int | None = None) -> Rich:
        """`text[start:end]` with the marks clipped to it."""
        end = len(self.text) if end is None else end
        clipped = (
            replace(mark, start=max(mark.start, start) - start, end=min(mark.end, end) - start) for mark in self.marks
        )
        return Rich(self.text[start:end], tuple(mark for mark in clipped if mark.start < mark.end))

    def stripped(self) -> Rich:
        """Without white space at either end."""
        start = len(self.text) - len(self.text.lstrip())
        return self.part(start, max(start, len(self.text.rstrip())))

    def edited(self, edits: Sequence[Edit]) -> Rich:
        """With the edits done. Marks move along: a mark never grows over what is put in at its edge."""
        if not edits:
            return self
        edits = sorted(edits, key=lambda edit: (edit.start, edit.end))
        pieces: list[Rich] = []
        at = 0
        for edit in edits:
            pieces += [Rich(self.text[at : edit.start]), edit.put]
            at = edit.end
        base = join([*pieces, Rich(self.text[at:])])
        return Rich(base.text, (*_moved(self.marks, edits), *base.marks))


@dataclass(frozen=True, slots=True)
class Edit:
    """Put something in the place of `text[start:end]`. The edits of one text do not overlap."""

    start: int
    end: int
    put: Rich = Rich()


def _moved(marks: Iterable[Mark], edits: Sequence[Edit]) -> Iterable[Mark]:
    """Each mark where the edits leave it; one whose text is gone goes too."""
    shifts = [0, *accumulate(len(edit.put) - (edit.end - edit.start) for edit in edits)]
    ends = [edit.end for edit in edits]

    def start_of(at: int) -> int:
        done = bisect_right(ends, at)
        inside = done < len(edits) and edits[done].start < at
        return (edits[done].start + len(edits[done].put) if inside else at) + shifts[done]

    def end_of(at: int) -> int:
        done = bisect_left(ends, at)
        done += done < len(edits) and edits[done].start < edits[done].end == at
        inside = done < len(edits) and edits[done].start < at
        return (edits[done].start if inside else at) + shifts[done]

    for mark in marks:
        start, end = start_of(mark.start), end_of(mark.end)
        if start < end:
            yield replace(mark, start=start, end=end)


def join(parts: Iterable[Rich | str], between: str = "") -> Rich:
    """The parts one after another. A `str` must be our own words; what comes from outside goes through `outside`."""
    texts: list[str] = []
    marks: list[Mark] = []
    at = 0
    for number, part in enumerate(parts):
        if number and between:
            texts.append(between)
            at += len(between)
        rich = Rich(part) if isinstance(part, str) else part
        texts.append(rich.text)
        marks += (mark.moved(at) for mark in rich.marks)
        at += len(rich.text)
    return Rich("".join(texts), tuple(marks))


def _rich(words: Rich | str) -> Rich:
    return Rich(words) if isinstance(words, str) else words


def bold(words: Rich | str) -> Rich:
    return _rich(words).wrapped("b", ours=True)


def italic(words: Rich | str) -> Rich:
    return _rich(words).wrapped("i", ours=True)


def struck(words: Rich | str) -> Rich:
    return _rich(words).wrapped("s", ours=True)


def link(words: Rich | str, url: str) -> Rich:
    """A link of the bot's own; `url` must have passed `outside.safe_url`."""
    return _rich(words).wrapped("a", f'href="{escape(url)}"', ours=True)


def moment(words: Rich | str, unix: int, *, form: Literal["t", "Dt"] = "t") -> Rich:
    """A time, which Telegram shows in the reader's own zone; `words` are what other clients show."""
    return _rich(words).wrapped("tg-time", f'unix="{unix}" format="{form}"', ours=True)


def quoted(words: Rich | str) -> Rich:
    return _rich(words).wrapped("blockquote", ours=True)


def folded(words: Rich | str) -> Rich:
    """A quotation that a reader opens with a touch."""
    return _rich(words).wrapped("blockquote", "expandable", ours=True)
