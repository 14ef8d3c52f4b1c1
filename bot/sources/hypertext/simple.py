"""The short way through plain fragments: paragraphs, line breaks, emphasis and links, properly nested.

Most entries are no more than that, and take a third of the time here. Whatever else occurs, the whole fragment goes
the long way (`reader`), which gives the same for these: a test compares them.
"""

from __future__ import annotations

import re

from bot.sources.hypertext.tokens import Piece, attributes
from bot.sources.hypertext.words import readable
from bot.sources.hypertext.writer import GAPS, LINE, PARAGRAPH, SPACE
from bot.sources.markup import Rich, web_address
from storage.models import Span, SpanKind

_KINDS: dict[str, SpanKind] = {"strong": "bold", "b": "bold", "em": "italic", "i": "italic"}
_TELLING = re.compile(r"\b(?:class|style|hidden|id|role|data-[\w-]+|aria-[\w-]+)\b", re.IGNORECASE)

Open = tuple[str, SpanKind | None, list[int], str | None]  # name, kind, where it starts once that is known, address


def simple(pieces: list[Piece], base: str) -> Rich | None:  # noqa: PLR0912  (one loop over six tags)
    """The fragment, whose white space is collapsed, or None where it is not as plain as that."""
    parts: list[str] = []
    spans: list[Span] = []
    opened: list[Open] = []
    length = gap = 0
    for text, is_end, name, raw in pieces:
        if text:
            words = text if "&" not in text else _resolved(text)
            if words[0] == " ":
                gap = gap or SPACE
            bare = words.strip(" ")
            if not bare:
                continue
            if gap and length:
                parts.append(GAPS[gap])
                length += len(GAPS[gap])
            for _, _, start, _ in opened:
                if not start:
                    start.append(length)
            parts.append(bare)
            length += len(bare)
            gap = SPACE if words[-1] == " " else 0
        elif raw and _TELLING.search(raw):
            return None
        elif name == "p":
            gap = PARAGRAPH
        elif name == "br":
            gap = PARAGRAPH if gap >= LINE else LINE
        elif is_end:
            if not opened or opened[-1][0] != name:
                return None
            _, kind, start, url = opened.pop()
            if kind is not None and start:
                spans.append(Span(start=start[0], end=length, kind=kind, url=url))
        elif name == "a" or name in _KINDS:
            kind = _KINDS.get(name, "link")
            if any(kind == other or name == outer for outer, other, _, _ in opened):
                return None
            url = web_address(attributes(raw).get("href", "").replace(" ", "%20"), base) if kind == "link" else None
            opened.append((name, None if kind == "link" and url is None else kind, [], url))
        else:
            return None
    if opened:
        return None
    spans.sort(key=lambda span: (span.start, -span.end))
    return Rich("".join(parts), tuple(spans))


def _resolved(text: str) -> str:
    """Without entities, some of which are spaces."""
    words = readable(text)
    bare = " ".join(words.split())
    return f"{' ' if words[:1].isspace() else ''}{bare}{' ' if words[-1:].isspace() else ''}" or " "
