"""Text that is written word by word, with the gaps between, and the spans and media that stand in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from pydantic import TypeAdapter

from bot.sources.markup import Rich
from storage.models import Media, Span, SpanKind

_SPANS = TypeAdapter(list[Span])

# Gaps, each stronger than the one before.
SPACE: Final = 1
LINE: Final = 2
PARAGRAPH: Final = 3
CELL: Final = 4
GAPS = ("", " ", "\n", "\n\n", " · ")


def made_of(spans: Sequence[tuple[int, int, SpanKind, str | None]], moved: int = 0) -> list[Span]:
    """Spans of their start, end, kind and address. Many at once take half the time."""
    return _SPANS.validate_python(
        [{"start": start + moved, "end": end + moved, "kind": kind, "url": url} for start, end, kind, url in spans]
    )


class OpenSpan:
    """A span whose end is not written yet; its start neither, while `start` is None."""

    __slots__ = ("kind", "outside", "start", "url")

    def __init__(self, kind: SpanKind, url: str | None = None, *, outside: bool = False) -> None:
        self.kind, self.url = kind, url
        self.outside = outside  # it begins before a bullet rather than behind it
        self.start: int | None = None


class Mark(NamedTuple):
    """A state of the writer to which it can go back."""

    parts: int
    length: int
    spans: int
    media: int
    gap: int
    prefix: str
    linked: int


NOWHERE: Final = Mark(0, 0, 0, 0, 0, "", 0)


class Writer:
    """`length` is that of the text so far; `linked` how much of it is links."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.linked = 0
        self.spans: list[Span] = []
        self.media: list[Media] = []
        self.open: list[OpenSpan] = []
        self.waiting: list[OpenSpan] = []  # those of `open` that no word has started
        self._gap = 0
        self._prefix = ""

    def gap(self, size: int) -> None:
        """Part what follows from what stands here, at least by this much."""
        if size > self._gap:  # noqa: PLR1730  (called for every tag: twice as fast as max)
            self._gap = size

    def regap(self, size: int) -> None:
        self._gap = size

    @property
    def pending_gap(self) -> int:
        return self._gap

    @property
    def has_prefix(self) -> bool:
        return bool(self._prefix)

    def prefix(self, words: str) -> None:
        """Write this before the next words, if there come any."""
        self._prefix = words

    def write(self, words: str) -> None:
        if self._gap:
            if self.length:
                self._put(GAPS[self._gap])
            self._gap = 0
        if self._prefix:
            bullet = self._prefix.lstrip()
            if self.length:
                self._put(self._prefix[: -len(bullet)])
            self._start_outside()
            self._put(bullet)
            self._prefix = ""
        if self.waiting:
            for span in self.waiting:
                span.start = self.length
            self.waiting = []
        self.parts.append(words)
        self.length += len(words)

    def put(self, words: str, spans: Sequence[tuple[int, int, SpanKind, str | None]]) -> None:
        """Write words that have spans already, each with its start, end, kind and address."""
        self.write(words)
        if not spans:
            return
        self.spans += made_of(spans, self.length - len(words))
        self.linked += sum(end - start for start, end, kind, _ in spans if kind == "link")

    def _put(self, words: str) -> None:
        self.parts.append(words)
        self.length += len(words)

    def _start_outside(self) -> None:
        """The next letter is the first one of the spans that include a bullet."""
        left = []
        for span in self.waiting:
            if span.outside:
                span.start = self.length
            else:
                left.append(span)
        self.waiting = left

    def begin(self, span: OpenSpan) -> None:
        self.open.append(span)
        self.waiting.append(span)

    def end(self, span: OpenSpan, author: str | None = None) -> None:
        """Close a span; one without words leaves nothing."""
        if self.open[-1] is span:
            self.open.pop()
        else:
            self.open.remove(span)
        if span.start is None:
            self.waiting.remove(span)
        elif span.start < self.length:
            self.spans.append(Span(start=span.start, end=self.length, kind=span.kind, url=span.url, author=author))
            if span.kind == "link":
                self.linked += self.length - span.start

    def has(self, kind: SpanKind) -> bool:
        """Whether a span of this kind is open."""
        for span in self.open:  # noqa: SIM110  (called for every tag: a generator would cost more than its work)
            if span.kind == kind:
                return True
        return False

    def mark(self) -> Mark:
        return Mark(
            len(self.parts), self.length, len(self.spans), len(self.media), self._gap, self._prefix, self.linked
        )

    def since(self, mark: Mark) -> str:
        return "".join(self.parts[mark.parts :])

    def back(self, mark: Mark) -> None:
        """Undo what was written since the mark; the gap before it stays as wide as what was undone made it."""
        del self.parts[mark.parts :], self.spans[mark.spans :], self.media[mark.media :]
        self._restart(mark.length)
        self._gap = max(mark.gap, self._gap)
        self._prefix, self.linked = mark.prefix, mark.linked

    def cut(self, mark: Mark, length: int) -> None:
        """Keep only `length` letters of what was written since the mark."""
        kept = self.since(mark)[:length]
        self.parts[mark.parts :] = [kept]
        end = mark.length + len(kept)
        spans = (span.model_copy(update={"end": min(span.end, end)}) for span in self.spans[mark.spans :])
        self.spans[mark.spans :] = [span for span in spans if span.start < span.end]
        self._restart(end)

    def _restart(self, length: int) -> None:
        self.length = length
        for span in self.open:
            if span.start is not None and span.start >= length:
                span.start = None
        self.waiting = [span for span in self.open if span.start is None]

    def finish(self) -> Rich:
        for span in reversed(self.open[:]):
            self.end(span)
        ordered = sorted(self.spans, key=lambda span: (span.start, -span.end))
        return Rich("".join(self.parts), tuple(ordered), tuple({item.url: item for item in self.media}.values()))
