"""Rich text to HTML as newsrooms write it: paragraphs, lists, quotations, embedded tweets, figures.

The opposite of `bot.sources.richhtml`. Where its reader makes something else of it, `exact` says what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from bot.exports.nesting import nested, paragraphs
from storage.models import Media, ParsedEntry, Span

_TAGS = {"bold": "b", "italic": "i", "underline": "u", "strike": "s", "code": "code", "pre": "code", "link": "a"}


def to_html(entry: ParsedEntry) -> str:
    """The words and the pictures of an entry."""
    return "\n".join([*_blocks(entry.text, entry.spans), *map(_figure, entry.media)])


def _blocks(text: str, spans: Sequence[Span]) -> Iterator[str]:
    places = list(paragraphs(text))
    starts, ends = {start for start, _ in places}, {end for _, end in places}
    around = [s for s in spans if s.kind in ("blockquote", "tweet") and s.start in starts and s.end in ends]
    headings = {(span.start, span.end) for span in spans if span.kind == "heading"}
    for start, end in places:
        opened = sorted((span for span in around if span.start == start), key=lambda span: -span.end)
        closed = sorted((span for span in around if span.end == end), key=lambda span: -span.start)
        if (start, end) in headings:
            block = f"<h3>{_inline(text, spans, start, end)}</h3>"
        else:
            block = _block(text, spans, start, end)
        yield "".join(map(_opening, opened)) + block + "".join(map(_closing, closed))


def _block(text: str, spans: Sequence[Span], start: int, end: int) -> str:
    lines = text[start:end].split("\n")
    if not all(line.startswith("• ") for line in lines):
        return f"<p>{_inline(text, spans, start, end)}</p>"
    items = []
    for line in lines:
        items.append(f"<li>{_inline(text, spans, start + 2, start + len(line))}</li>")
        start += len(line) + 1
    return f"<ul>{''.join(items)}</ul>"


def _inline(text: str, spans: Sequence[Span], start: int, end: int) -> str:
    return nested(
        text,
        spans,
        (start, end),
        opening=lambda span: f'<a href="{escape(span.url or "")}">' if span.kind == "link" else f"<{_TAGS[span.kind]}>",
        closing=lambda span: f"</{_TAGS[span.kind]}>",
        written=lambda words: escape(words, quote=False).replace("\n", "<br>"),
    )


def _opening(span: Span) -> str:
    return '<blockquote class="twitter-tweet">' if span.kind == "tweet" else "<blockquote>"


def _closing(span: Span) -> str:
    """A tweet is signed in the form in which newsrooms embed it."""
    if span.kind != "tweet" or not span.author:
        return "</blockquote>"
    link = f' <a href="{escape(span.url)}">{escape(span.url)}</a>' if span.url else ""
    return f"— {escape(span.author)} (@{escape(span.author)}){link}</blockquote>"


def _figure(media: Media) -> str:
    caption = f"<figcaption>{escape(media.caption)}</figcaption>" if media.caption else ""
    if media.kind == "video":
        return f'<figure><video src="{escape(media.url)}" controls></video>{caption}</figure>'
    return f'<figure><img src="{escape(media.url)}" alt="{escape(media.caption)}">{caption}</figure>'
