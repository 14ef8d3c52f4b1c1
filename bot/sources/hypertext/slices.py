"""Parts of rich text."""

from __future__ import annotations

from collections.abc import Iterator

from bot.sources.markup import Rich
from storage.models import Span, SpanKind


def part(rich: Rich, start: int, end: int | None = None) -> Rich:
    """A stretch of the text with what is left of its spans, without space around it. It keeps all media."""
    end = len(rich.text) if end is None else min(end, len(rich.text))
    start = max(0, start)
    while start < end and rich.text[start].isspace():
        start += 1
    while start < end and rich.text[end - 1].isspace():
        end -= 1
    if start == 0 and end == len(rich.text):
        return rich
    spans = [
        _placed(span, max(span.start, start) - start, min(span.end, end) - start)
        for span in rich.spans
        if max(span.start, start) < min(span.end, end)
    ]
    return Rich(rich.text[start:end], tuple(_without_space(spans, rich.text[start:end])), rich.media)


def _without_space(spans: list[Span], text: str) -> Iterator[Span]:
    """Spans that a cut made to begin or end with space give it up."""
    for span in spans:
        start, end = span.start, span.end
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start < end:
            yield _placed(span, start, end)


def _placed(span: Span, start: int, end: int) -> Span:
    return span if (start, end) == (span.start, span.end) else span.model_copy(update={"start": start, "end": end})


def without_media(rich: Rich) -> Rich:
    return Rich(rich.text, rich.spans) if rich.media else rich


def starts_with(rich: Rich, *kinds: SpanKind) -> Span | None:
    """The span of one of these kinds that the text begins with."""
    return next((span for span in rich.spans if span.start == 0 and span.kind in kinds), None)


def is_whole(rich: Rich, *kinds: SpanKind) -> bool:
    """Whether one span of these kinds is over all of the text."""
    return any(span.start == 0 and span.end == len(rich.text) and span.kind in kinds for span in rich.spans)
