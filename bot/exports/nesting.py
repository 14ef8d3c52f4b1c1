"""Spans over a text as marks that open and close, well nested: what HTML and Markdown both need."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from storage.models import Span, SpanKind

_OUTERMOST_FIRST: tuple[SpanKind, ...] = ("link", "bold", "italic", "underline", "strike", "pre", "code")
_GAP = re.compile(r"\n{2,}")


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where each paragraph of a text begins and ends."""
    at = 0
    for gap in _GAP.finditer(text):
        if at < gap.start():
            yield at, gap.start()
        at = gap.end()
    if at < len(text):
        yield at, len(text)


def nested(
    text: str,
    spans: Sequence[Span],
    place: tuple[int, int],
    *,
    opening: Callable[[Span], str],
    closing: Callable[[Span], str],
    written: Callable[[str], str],
) -> str:
    """The stretch `place` of a text with its emphasis and links. Spans that cross are closed and opened again."""
    start, end = place
    inside = [
        span.model_copy(update={"start": max(span.start, start), "end": min(span.end, end)})
        for span in spans
        if span.kind in _OUTERMOST_FIRST and span.start < end and start < span.end
    ]
    edges = sorted({edge for span in inside for edge in (span.start, span.end)} | {start, end})
    out: list[str] = []
    stack: list[Span] = []
    for at, until in zip(edges, [*edges[1:], end], strict=True):
        depth = next((depth for depth, span in enumerate(stack) if span.end <= at), len(stack))
        out += (closing(span) for span in reversed(stack[depth:]))
        again = [span for span in stack[depth:] if span.end > at]
        opened = sorted([*again, *(span for span in inside if span.start == at)], key=_outer)
        out += (opening(span) for span in opened)
        stack = stack[:depth] + opened
        out.append(written(text[at:until]))
    return "".join(out)


def _outer(span: Span) -> tuple[int, int]:
    return -span.end, _OUTERMOST_FIRST.index(span.kind)
