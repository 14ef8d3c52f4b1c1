"""The short way through plain stretches of a fragment: words, paragraphs, line breaks, emphasis, links, headings.

Most of what entries hold is that, and takes a third of the time here: tags are told apart by looking them up as they
stand, and nothing waits for its end but what becomes a span. Whatever else occurs, the stretch goes the long way
(`reader`), which gives the same for these: a test compares them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from bot.sources.hypertext.elements import EMPHASIS, HEADINGS, may_matter
from bot.sources.hypertext.furniture import is_hidden
from bot.sources.hypertext.tokens import STRETCH_NAMES, attributes, unescaped
from bot.sources.hypertext.words import readable
from bot.sources.hypertext.writer import GAPS, LINE, PARAGRAPH, SPACE
from bot.sources.markup import web_address
from storage.models import SpanKind

_NOTHING, _BREAK, _BLOCK, _START, _END = range(5)
_KINDS: dict[str, SpanKind] = {**EMPHASIS, **dict.fromkeys(HEADINGS, "heading"), "a": "link"}
_BLOCKS = frozenset({"p", "div", "section", "article"})
_ATTRIBUTED = re.compile(r"""(/?)([a-z1-6]++)((?: [^\s"'<>/=]++(?:="[^"<>]*+"|='[^'<>]*+')?+)*+) ?/?""")
_LIST_GAPS = ("", " ", "\n", "\n")
_LONGEST_KNOWN = 200  # letters

Tag = tuple[int, str, SpanKind | None]  # what it does, its name, what it makes of its words
Opened = tuple[str, SpanKind | None, str | None]  # an element's name, what it makes of its words, where it leads
Stretched = tuple[int, int, SpanKind, str | None]  # from, to, what it is, where it leads


class Stretch(NamedTuple):
    """Words with their spans, and the gaps before and behind them. Where there are no words, `lead` is all."""

    text: str
    spans: list[Stretched]
    lead: int
    trail: int


def plain_stretch(html: str, base: str, *, in_list: bool = False) -> Stretch | None:  # noqa: PLR0912 (one loop)
    """A stretch, its white space collapsed; None where it is not as plain as that."""
    parts: list[str] = []
    spans: list[Stretched] = []
    opened: list[Opened] = []
    starts: list[int] = []  # where the first words of those stand; none yet in the innermost ones
    gaps = _LIST_GAPS if in_list else GAPS
    length = gap = lead = 0
    for piece in f"span>{html}".split("<"):
        raw, closed, text = piece.partition(">")
        tag = _TAGS.get(raw) or _attributed(raw)
        if tag is None or not closed:
            return None
        does, name, kind = tag
        if does == _BLOCK:
            gap = PARAGRAPH
        elif does == _START:
            element = _opened(name, kind, raw, base, opened) if opened or kind == "link" else (name, kind, None)
            if element is None:
                return None
            opened.append(element)
            gap = PARAGRAPH if kind == "heading" else gap
        elif does == _END:
            if not opened or opened[-1][0] != name:
                return None
            _, made, url = opened.pop()
            if len(starts) > len(opened):
                start = starts.pop()
                if made is not None:
                    spans.append((start, length, made, url))
            gap = PARAGRAPH if kind == "heading" else gap
        elif does == _BREAK:
            gap = PARAGRAPH if gap >= LINE else LINE
        if not text:
            continue
        if "&" in text:
            text = _resolved(text)
        if not gap and text[0] == " ":
            gap = SPACE
        bare = text.strip(" ")
        if not bare:
            continue
        if not length:
            lead = gap
        elif gap:
            parts.append(gaps[gap])
            length += len(gaps[gap])
        while len(starts) < len(opened):
            starts.append(length)
        parts.append(bare)
        length += len(bare)
        gap = SPACE if text[-1] == " " else 0
    if opened:
        return None
    return Stretch("".join(parts), spans, lead, gap) if length else Stretch("", [], gap, 0)


def _tag(end: str, name: str) -> Tag:
    if name in _BLOCKS:
        return _BLOCK, name, None
    if name == "br":
        return _BREAK, name, None
    if name in _KINDS:
        return _END if end else _START, name, _KINDS[name]
    return _NOTHING, name, None


# Tags as they stand, without "<" and ">".
_TAGS: Final[dict[str, Tag]] = {
    **{f"{end}{name}": _tag(end, name) for name in STRETCH_NAMES for end in ("", "/")},
    "br/": (_BREAK, "br", None),
    "br /": (_BREAK, "br", None),
}


def _attributed(raw: str) -> Tag | None:
    """A tag with attributes, if these change nothing. Pages repeat the same few, so that they are remembered."""
    if raw.startswith('a href="') and raw[-1] == '"' and raw.count('"') == 2:
        return _LINK
    return _known(raw) if len(raw) < _LONGEST_KNOWN else _read(raw)


_LINK: Final[Tag] = _tag("", "a")


def _read(raw: str) -> Tag | None:
    found = _ATTRIBUTED.fullmatch(raw)
    if found is None or found[2] not in STRETCH_NAMES:
        return None
    end, name, given = found.groups()
    if end or name == "a":
        return _tag(end, name)
    if given and (name == "b" or may_matter(given)):  # a <b> may be told to be as thin as the rest
        return None
    return _tag(end, name)


_known = lru_cache(maxsize=2048)(_read)


def _opened(name: str, kind: SpanKind | None, raw: str, base: str, around: list[Opened]) -> Opened | None:
    """What a start tag opens; None where only the long way can tell."""
    for outer, other, _ in around:
        if outer == name or other == kind:
            return None
        if kind == "bold" and other == "heading":
            kind = None
    if kind != "link":
        return name, kind, None
    if raw.count('"') == 2 and raw.startswith('a href="') and raw[-1] == '"':
        address = unescaped(raw[8:-1]).strip()
    else:
        found = attributes(raw[1:])
        if is_hidden(found):
            return None
        address = found.get("href", "")
    url = web_address(address.replace(" ", "%20") if " " in address else address, base)
    return name, None if url is None else kind, url


def _resolved(text: str) -> str:
    """Without entities, some of which are spaces."""
    words = readable(text)
    bare = " ".join(words.split())
    return f"{' ' if words[:1].isspace() else ''}{bare}{' ' if words[-1:].isspace() else ''}" or " "
