"""The walk over the tags of one fragment: what is open, what is skipped, where text goes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from bot.sources.hypertext import elements, furniture, media
from bot.sources.hypertext.stretches import Stretched, plain_stretch
from bot.sources.hypertext.tokens import STRETCH_NAMES, VOID, Piece, attributes, pieces, stretches
from bot.sources.hypertext.tweets import tweet_address
from bot.sources.hypertext.words import collapsed, readable
from bot.sources.hypertext.writer import LINE, NOWHERE, PARAGRAPH, SPACE, Mark, OpenSpan, Writer, made_of
from bot.sources.markup import Rich
from storage.models import Media

_DEEPEST: Final = 300  # elements with something to do at their end; deeper ones are read as if they were not there
_INVISIBLE = re.compile("[\u00ad\u200b\u2028\u2029\u2060\ufeff]")
_LINE = re.compile(r"\r\n|\r|\n")


class Frame:
    """An open element that has something to do at its end."""

    address = ""  # of a tweet
    count = 0  # of a list's items
    captions: tuple[str, ...] = ()  # of a figure
    saw_image = False
    is_judged = by_name = False  # it may be furniture; its name says so

    def __init__(
        self, name: str, start: Mark, on_end: Callable[[Reader, Frame], None] | None, span: OpenSpan | None
    ) -> None:
        self.name, self.start, self.on_end, self.span = name, start, on_end, span


Handler = Callable[["Reader", str, Mapping[str, str]], None]
NOTHING: Mapping[str, str] = {}


def read_fragment(html: str, base: str) -> Rich:
    """The short way where all of it is plain, else the long one."""
    if not _has_invisible(html) and (stretch := plain_stretch(collapsed(html), base)) is not None:
        return Rich(stretch.text, tuple(made_of(sorted(stretch.spans, key=_by_place))))
    if "<![CDATA[" in html:
        html = html.replace("<![CDATA[", "").replace("]]>", "")
    return Reader(base).read(html)


def _by_place(span: Stretched) -> tuple[int, int]:
    return span[0], -span[1]


def _has_invisible(html: str) -> bool:
    return not html.isascii() and _INVISIBLE.search(html) is not None


class Reader:
    """Reads one fragment."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.out = Writer()
        self.stack: list[Frame] = []
        self.open: dict[str, int] = {}
        self.too_deep: dict[str, int] = {}
        self.skipped: str | None = None
        self.skipped_depth = 0
        self.lists = self.cells = self.pre = 0
        self.media_at = -1  # where in the text the last picture stood
        self.missed_image = False  # the last image had no address: a <noscript> may have it
        self.picture_source: str | None = None

    def read(self, html: str) -> Rich:
        """White space is collapsed beforehand, where none counts: most texts then need no look at their letters."""
        is_plain = "<pre" not in html and "<PRE" not in html and not _has_invisible(html)
        if is_plain:
            html = collapsed(html)
        found = stretches(html) if is_plain else None
        if found is None:
            self._take(pieces(html), is_plain=is_plain)
        else:
            for piece in found:
                if "<" not in piece[0]:
                    self._take((piece,), is_plain=is_plain)
                elif not self._stretch(piece[0]):
                    self._take(pieces(piece[0]), is_plain=is_plain)
        while self.stack:
            self.pop()
        return self.out.finish()

    def gap(self, size: int) -> None:
        """Part what follows: in a cell by a space, in a list by a line at most."""
        if self.cells:
            size = SPACE
        elif self.lists and size == PARAGRAPH:
            size = LINE
        self.out.gap(size)

    def add(self, item: Media | None) -> None:
        if item is not None:
            self.out.media.append(item)
            self.media_at = self.out.length

    # --- open elements ----------------------------------------------------------------------------------------------

    def push(
        self,
        name: str,
        on_end: Callable[[Reader, Frame], None] | None = None,
        span: OpenSpan | None = None,
    ) -> Frame | None:
        if len(self.stack) >= _DEEPEST:
            self.too_deep[name] = self.too_deep.get(name, 0) + 1
            return None
        frame = Frame(name, self.out.mark() if on_end is not None else NOWHERE, on_end, span)
        if span is not None:
            self.out.begin(span)
        self.stack.append(frame)
        self.open[name] = self.open.get(name, 0) + 1
        return frame

    def pop(self) -> None:
        self._close(self.stack.pop())

    def end(self, name: str) -> None:
        """An end tag closes its element and what was left open in it; emphasis ends alone."""
        if self.too_deep and self.too_deep.get(name):
            self.too_deep[name] -= 1
        elif self.stack and self.open.get(name):
            if self.stack[-1].name == name:
                self.pop()
            elif name in elements.INLINE:
                self._end_inline(name)
            else:
                while self.stack[-1].name != name:
                    self.pop()
                self.pop()
        if name in elements.BLOCKS:
            self.gap(PARAGRAPH)
        elif name == "br":
            elements.break_line(self, name, {})

    def nearest(self, *names: str, within: tuple[str, ...] = ()) -> Frame | None:
        """The innermost open element of these names, unless one of `within` is further in."""
        for frame in reversed(self.stack):
            if frame.name in names:
                return frame
            if frame.name in within:
                break
        return None

    def pop_to(self, frame: Frame | None) -> None:
        """Close this element and everything in it."""
        while frame is not None and self.stack:
            last = self.stack[-1]
            self.pop()
            if last is frame:
                break

    def _end_inline(self, name: str) -> None:
        at = next(n for n in range(len(self.stack) - 1, -1, -1) if self.stack[n].name == name)
        if all(frame.name in elements.INLINE for frame in self.stack[at:]):
            while len(self.stack) > at:
                self.pop()
        else:
            self._close(self.stack.pop(at))

    def _close(self, frame: Frame) -> None:
        self.open[frame.name] -= 1
        if frame.on_end is not None:
            frame.on_end(self, frame)
        if frame.span is not None:
            self.out.end(frame.span)
        if frame.is_judged:
            self._judge(frame)

    def _judge(self, frame: Frame) -> None:
        start = frame.start
        letters, linked = self.out.length - start.length, self.out.linked - start.linked
        if any(span.kind == "tweet" for span in self.out.spans[start.spans :]):
            return
        if furniture.is_condemned(frame.name, letters, linked, by_name=frame.by_name):
            media_kept = [] if letters or frame.by_name else self.out.media[start.media :]
            self.out.back(start)
            self.out.media += media_kept

    # --- text and tags ----------------------------------------------------------------------------------------------

    def _take(self, found: Iterable[Piece], *, is_plain: bool) -> None:
        for text, is_end, name, raw in found:
            if self.skipped is not None:
                self._skip(is_end, name.lower(), raw)
            elif text:
                if is_plain and "&" not in text:
                    self._collapsed(text)
                else:
                    self._text(text)
            elif is_end:
                self.end(name.lower())
            else:
                self._start(name.lower(), raw)

    def _stretch(self, html: str) -> bool:
        """Try the short way, which is open where nothing around it changes what its tags mean."""
        if self.skipped is not None or self.cells or self.pre or self.too_deep or len(self.stack) > _DEEPEST // 2:
            return False
        if self.stack and any(frame.name in STRETCH_NAMES for frame in self.stack):
            return False
        if self.out.has_prefix and "<h" in html:  # a heading begins before its bullet
            return False
        found = plain_stretch(html, self.base, in_list=self.lists > 0)
        if found is None:
            return False
        self._part(found.lead)
        if found.text:
            self.out.put(found.text, found.spans)
            self._part(found.trail)
        return True

    def _part(self, gap: int) -> None:
        if gap == LINE:
            elements.break_line(self, "br", NOTHING)
        elif gap == SPACE:
            self.out.gap(SPACE)
        elif gap:
            self.gap(gap)

    def _collapsed(self, text: str) -> None:
        """Text whose only white space is single spaces."""
        out = self.out
        if text[0] == " ":
            out.gap(SPACE)
            text = text[1:]
        if text[-1:] == " ":
            out.write(text[:-1])
            out.gap(SPACE)
        elif text:
            out.write(text)

    def _text(self, raw: str) -> None:
        text = readable(raw)
        if self.pre:
            self._preformatted(text)
            return
        out = self.out
        words = text.split()
        if not words or text[0].isspace():
            out.gap(SPACE)
        if words:
            out.write(" ".join(words))
            if text[-1].isspace():
                out.gap(SPACE)

    def _preformatted(self, text: str) -> None:
        for n, line in enumerate(_LINE.split(text)):
            if n:
                self.gap(PARAGRAPH if self.out.pending_gap == LINE else LINE)
            if line.strip():
                self.out.write(line.rstrip())

    def _start(self, name: str, raw: str) -> None:
        if name in elements.BLOCKS:
            if self.stack and self.open.get("p"):
                self.end("p")
            self.gap(PARAGRAPH)
        elif name in furniture.SKIPPED:
            self._begin_skipping(name, raw)
            return
        handler = elements.STARTS.get(name)
        if raw and (name in elements.NEEDS or elements.may_matter(raw)):
            self._start_named(name, attributes(raw), handler)
        elif name in furniture.JUDGED:
            self._suspect(name, len(self.stack), self.out.mark(), by_name=False)
        elif handler is not None:
            handler(self, name, NOTHING)
        elif self.stack:
            self._nest(name)

    def _start_named(self, name: str, found: dict[str, str], handler: Handler | None) -> None:
        """An element whose attributes may say what it is."""
        if name not in VOID and furniture.is_hidden(found):
            self.skipped, self.skipped_depth = name, 1
            return
        depth = len(self.stack)
        by_name = furniture.is_named_so(name, found) and tweet_address(name, found) is None
        here = self.out.mark() if by_name or name in furniture.JUDGED else NOWHERE
        if handler is not None:
            handler(self, name, found)
        else:
            elements.start_marked(self, name, found)
        if by_name or name in furniture.JUDGED:
            self._suspect(name, depth, here, by_name=by_name)
        elif len(self.stack) == depth:
            self._nest(name)

    def _nest(self, name: str) -> None:
        """An element without effect in an open one of its name: its end must not end the one around it."""
        if self.open.get(name) and name not in VOID and name not in ("p", "a"):
            self.push(name)

    def _suspect(self, name: str, depth: int, here: Mark, *, by_name: bool) -> None:
        frame = self.stack[-1] if len(self.stack) > depth else self.push(name)
        if frame is not None:
            frame.start, frame.is_judged, frame.by_name = here, True, by_name

    def _begin_skipping(self, name: str, raw: str) -> None:
        if name == "iframe":
            self.add(media.framed(attributes(raw), self.base))
        if not raw.endswith("/") or name not in ("svg", "math", "amp-social-share", "amp-ad"):
            self.skipped, self.skipped_depth = name, 1

    def _skip(self, is_end: str, name: str, raw: str) -> None:
        if name == self.skipped:
            self.skipped_depth += -1 if is_end else 1
            if self.skipped_depth == 0:
                self.skipped = None
        elif name == "img" and self.skipped == "noscript" and self.missed_image:
            self.add(media.picture(attributes(raw), self.base))
            self.missed_image = False
