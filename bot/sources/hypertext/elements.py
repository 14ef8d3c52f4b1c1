"""What each element means to the text: emphasis, links, headings, quotes, lists, tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.sources.hypertext import embeds
from bot.sources.hypertext.tokens import words
from bot.sources.hypertext.tweets import tweet_address
from bot.sources.hypertext.writer import CELL, LINE, PARAGRAPH, SPACE, OpenSpan
from bot.sources.markup import web_address
from storage.models import SpanKind

if TYPE_CHECKING:
    from bot.sources.hypertext.reader import Frame, Reader

Found = Mapping[str, str]

EMPHASIS: dict[str, SpanKind] = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "cite": "italic", "dfn": "italic", "u": "underline",
    "ins": "underline", "s": "strike", "del": "strike", "strike": "strike", "code": "code", "kbd": "code",
    "samp": "code", "tt": "code",
}  # fmt: skip
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
INLINE = frozenset({*EMPHASIS, "a", "span", "font", "q"})
BLOCKS = words(
    "address article aside blockquote center details div dl dt fieldset figure figcaption footer form header hgroup hr "
    "main menu ol p pre section summary table caption ul amp-img amp-video body html h1 h2 h3 h4 h5 h6"
)
# Their attributes are always looked at.
NEEDS = words("a b img iframe video source ol blockquote table figure amp-img amp-video amp-youtube amp-twitter")

_MAY_MATTER = re.compile(
    r"shar|social|relat|author|newsletter|promo|adv|ads?\b|addt|sponsor|byline|breadcrumb|subscri|sign-?up|paywall|toolbar"
    r"|recirc|recommend|outbrain|taboola|mpu|dfp|rich-?link|-?read|more-|follow|comment|hidden|sr-only|screen-reader"
    r"|print-only|caption|font-|display|twitter|tweet|//x\.com|navigation|complementary|search",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"(?:^|[\s_-])(?:caption|figcaption)(?:-text)?(?:[\s_]|$)", re.IGNORECASE)
_SHORT = 200  # letters
_WEIGHT = re.compile(r"font-weight\s*:\s*(?:(bold|[6-9]00)|normal|[1-5]00)", re.IGNORECASE)
_SLANTED = re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.IGNORECASE)


def may_matter(raw: str) -> bool:
    """Whether attributes may change what an element means. Pages repeat the same few, so that these are remembered."""
    return _may_matter(raw) if len(raw) < _SHORT else _MAY_MATTER.search(raw) is not None


@lru_cache(maxsize=2048)
def _may_matter(raw: str) -> bool:
    return _MAY_MATTER.search(raw) is not None


def start_marked(reader: Reader, name: str, found: Found) -> None:
    """An element without a meaning of its own, whose attributes may give it one."""
    if (address := tweet_address(name, found)) is not None:
        embeds.tweet(reader, name, address)
    elif _CAPTION.search(found.get("class", "")) and reader.media_at == reader.out.length:
        reader.push(name, embeds.end_caption)
    elif name in ("span", "font") and (kind := _styled(found.get("style", ""))):
        _emphasis(reader, name, kind)


# --- words ----------------------------------------------------------------------------------------------------------


def _styled(style: str) -> SpanKind | None:
    weight = _WEIGHT.search(style)
    if weight and weight[1]:
        return "bold"
    return "italic" if _SLANTED.search(style) else None


def _emphasized(reader: Reader, name: str, found: Found) -> None:
    weight = _WEIGHT.search(found["style"]) if name == "b" and "style" in found else None
    is_wrapper = weight is not None and not weight[1]  # as Google Docs wraps what is copied from it
    _emphasis(reader, name, None if is_wrapper else EMPHASIS[name])


def _emphasis(reader: Reader, name: str, kind: SpanKind | None) -> None:
    has = reader.out.has
    is_idle = kind is None or (
        bool(reader.out.open) and (has(kind) or (kind == "bold" and has("heading")) or has("pre"))
    )
    reader.push(name, None, None if is_idle or kind is None else OpenSpan(kind))


def _link(reader: Reader, name: str, found: Found) -> None:
    if reader.open.get("a"):
        reader.end("a")
    url = web_address(found.get("href", "").replace(" ", "%20"), reader.base)
    if url:
        reader.push(name, span=OpenSpan("link", url))


def _quoted(reader: Reader, name: str, _: Found) -> None:
    reader.out.write("“")
    reader.push(name, _end_quoted)


def _end_quoted(reader: Reader, _: Frame) -> None:
    gap = reader.out.pending_gap
    reader.out.regap(0)
    reader.out.write("”")
    reader.out.regap(gap)


def break_line(reader: Reader, _: str, __: Found) -> None:
    reader.gap(PARAGRAPH if reader.out.pending_gap >= LINE else LINE)


# --- blocks ---------------------------------------------------------------------------------------------------------


def _heading(reader: Reader, name: str, _: Found) -> None:
    if (last := reader.nearest(*HEADINGS)) is not None:
        reader.pop_to(last)
        reader.gap(PARAGRAPH)
    reader.push(name, span=OpenSpan("heading", outside=True))


def _preformatted(reader: Reader, name: str, _: Found) -> None:
    reader.pre += 1
    if reader.push(name, _end_preformatted, None if reader.out.has("pre") else OpenSpan("pre", outside=True)) is None:
        reader.pre -= 1


def _end_preformatted(reader: Reader, _: Frame) -> None:
    reader.pre -= 1


def _blockquote(reader: Reader, name: str, found: Found) -> None:
    if (address := tweet_address(name, found)) is not None:
        embeds.tweet(reader, name, address)
    else:
        is_inside = reader.out.has("blockquote") or reader.out.has("tweet")
        reader.push(name, span=None if is_inside else OpenSpan("blockquote", outside=True))


def _list(reader: Reader, name: str, found: Found) -> None:
    frame = reader.push(name, _end_list)
    if frame is not None:
        reader.lists += 1
        first = found.get("start", "")
        frame.count = int(first) - 1 if first.isascii() and first.isdigit() and len(first) < 6 else 0


def _end_list(reader: Reader, _: Frame) -> None:
    reader.lists -= 1
    reader.out.prefix("")


def _item(reader: Reader, name: str, _: Found) -> None:
    reader.pop_to(reader.nearest("li", within=("ul", "ol", "menu")))
    reader.gap(LINE)
    listed = reader.nearest("ul", "ol", "menu")
    bullet = "•"
    if listed is not None and listed.name == "ol":
        listed.count += 1
        bullet = f"{listed.count}."
    reader.out.prefix(f"{'  ' * min(8, reader.lists - 1)}{bullet} ")
    reader.push(name, _end_item)


def _end_item(reader: Reader, _: Frame) -> None:
    reader.out.prefix("")
    reader.gap(LINE)


def _definition(reader: Reader, _: str, __: Found) -> None:
    reader.gap(LINE)


# --- tables ---------------------------------------------------------------------------------------------------------


def _table(reader: Reader, name: str, found: Found) -> None:
    frame = reader.push(name, lambda reader, _: reader.out.regap(SPACE if reader.cells else PARAGRAPH))
    if frame is not None:
        frame.count = found.get("role") == "presentation"  # its cells are boxes of the layout


def _row(reader: Reader, name: str, _: Found) -> None:
    reader.pop_to(reader.nearest("tr", within=("table",)))
    _part_rows(reader)
    reader.push(name, lambda reader, _: _part_rows(reader))


def _part_rows(reader: Reader) -> None:
    if not reader.cells:
        reader.out.regap(PARAGRAPH if reader.out.pending_gap == PARAGRAPH else LINE)


def _cell(reader: Reader, name: str, _: Found) -> None:
    reader.pop_to(reader.nearest("td", "th", within=("tr", "table")))
    table, row = reader.nearest("table"), reader.nearest("tr", within=("table",))
    if table is None or table.count:
        reader.gap(PARAGRAPH)
        return
    if row is not None and reader.out.length > row.start.length and not reader.cells:
        reader.out.regap(CELL)
    if reader.push(name, _end_cell) is not None:
        reader.cells += 1


def _end_cell(reader: Reader, _: Frame) -> None:
    reader.cells -= 1


STARTS: dict[str, Callable[[Reader, str, Found], None]] = {
    **dict.fromkeys(EMPHASIS, _emphasized),
    **dict.fromkeys(HEADINGS, _heading),
    **dict.fromkeys(("ul", "ol", "menu"), _list),
    **dict.fromkeys(("td", "th"), _cell),
    **dict.fromkeys(("img", "amp-img"), embeds.image),
    **dict.fromkeys(("video", "amp-video"), embeds.video),
    "a": _link, "q": _quoted, "br": break_line, "pre": _preformatted, "blockquote": _blockquote, "li": _item,
    "dd": _definition, "table": _table, "tr": _row, "source": embeds.source, "figure": embeds.figure,
    "figcaption": embeds.figcaption, "amp-youtube": embeds.framed, "amp-twitter": embeds.amp_tweet,
}  # fmt: skip
