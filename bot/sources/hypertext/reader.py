"""The walk over the tags of one fragment: what is open, what is skipped, where text goes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from bot.sources.hypertext import elements, furniture, media
from bot.sources.hypertext.tokens import VOID, attributes, tokens
from bot.sources.hypertext.tweets import tweet_address
from bot.sources.hypertext.words import readable
from bot.sources.hypertext.writer import LINE, NOWHERE, PARAGRAPH, SPACE, Mark, OpenSpan, Writer
from bot.sources.markup import Rich
from storage.models import Media

_DEEPEST: Final = 300  # elements with something to do at their end; deeper ones are read as if they were not there
_MAY_MATTER = re.compile(
    r"shar|social|relat|newsletter|promo|adv|ads?\b|addt|sponsor|byline|breadcrumb|subscri|sign-?up|paywall|toolbar"
    r"|recirc|recommend|outbrain|taboola|mpu|dfp|rich-?link|-?read|more-|follow|comment|hidden|sr-only|screen-reader"
    r"|print-only|caption|font-|display|twitter|tweet|//x\.com|navigation|complementary|search",
    re.IGNORECASE,
)
_LINE = re.compile(r"\r\n|\r|\n")


class Frame:
    """An open element that has something to do at its end."""

    __slots__ = ("address", "by_name", "captions", "count", "is_judged", "name", "on_end", "saw_image", "span", "start")

    def __init__(self, name: str, start: Mark, on_end: Callable[[Reader, Frame], None] | None) -> None:
        self.name, self.start, self.on_end = name, start, on_end
        self.span: OpenSpan | None = None
        self.is_judged = self.by_name = False  # it may be furniture; its name says so
        self.address = ""  # of a tweet
        self.count = 0  # of a list's items
        self.captions: list[str] = []  # of a figure
        self.saw_image = False


class Reader:
    """Reads one fragment."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.out = Writer()
        self.stack: list[Frame] = []
        self.open: dict[str, int] = defaultdict(int)
        self.too_deep: dict[str, int] = defaultdict(int)
        self.skipped: str | None = None
        self.skipped_depth = 0
        self.lists = self.cells = self.pre = 0
        self.media_at = -1  # where in the text the last picture stood
        self.missed_image = False  # the last image had no address: a <noscript> may have it
        self.picture_source: str | None = None

    def read(self, html: str) -> Rich:
        for kind, name, raw, _, _ in tokens(html):
            if self.skipped is not None:
                self._skip(kind, name, raw)
            elif kind == "text":
                self._text(name)
            elif kind == "end":
                self.end(name)
            else:
                self._start(name, raw)
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
            self.too_deep[name] += 1
            return None
        frame = Frame(name, self.out.mark() if on_end is not None else NOWHERE, on_end)
        if span is not None:
            frame.span = span
            self.out.begin(span)
        self.stack.append(frame)
        self.open[name] += 1
        return frame

    def pop(self) -> None:
        self._close(self.stack.pop())

    def end(self, name: str) -> None:
        """An end tag closes its element and what was left open in it; emphasis ends alone."""
        if self.too_deep[name]:
            self.too_deep[name] -= 1
        elif self.open[name]:
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
        if frame.span is not None and frame.span in self.out.open:
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

    def _text(self, raw: str) -> None:
        text = readable(raw)
        if self.pre:
            self._preformatted(text)
            return
        words = text.split()
        if not words:
            self.gap(SPACE)
            return
        if text[0].isspace():
            self.gap(SPACE)
        self.out.write(" ".join(words))
        if text[-1].isspace():
            self.gap(SPACE)

    def _preformatted(self, text: str) -> None:
        for n, line in enumerate(_LINE.split(text)):
            if n:
                self.gap(PARAGRAPH if self.out.pending_gap == LINE else LINE)
            if line.strip():
                self.out.write(line.rstrip())

    def _start(self, name: str, raw: str) -> None:
        if name in furniture.SKIPPED:
            self._begin_skipping(name, raw)
            return
        if name in elements.BLOCKS:
            if self.open["p"]:
                self.end("p")
            self.gap(PARAGRAPH)
        found = attributes(raw) if raw and (name in elements.NEEDS or _MAY_MATTER.search(raw)) else {}
        if found and name not in VOID and furniture.is_hidden(found):
            self.skipped, self.skipped_depth = name, 1
            return
        depth, here = len(self.stack), self.out.mark() if found or name in furniture.JUDGED else NOWHERE
        by_name = bool(found) and furniture.is_named_so(name, found) and tweet_address(name, found) is None
        if handler := elements.STARTS.get(name):
            handler(self, name, found)
        elif found:
            elements.start_marked(self, name, found)
        if by_name or name in furniture.JUDGED:
            self._suspect(name, depth, here, by_name)
        elif self.open[name] and len(self.stack) == depth and name not in VOID and name not in ("p", "a"):
            self.push(name)  # so that its end does not end the one around it

    def _suspect(self, name: str, depth: int, here: Mark, by_name: bool) -> None:
        frame = self.stack[-1] if len(self.stack) > depth else self.push(name)
        if frame is not None:
            frame.start, frame.is_judged, frame.by_name = here, True, by_name

    def _begin_skipping(self, name: str, raw: str) -> None:
        if name == "iframe":
            self.add(media.framed(attributes(raw), self.base))
        if not raw.endswith("/") or name not in ("svg", "math", "amp-social-share", "amp-ad"):
            self.skipped, self.skipped_depth = name, 1

    def _skip(self, kind: str, name: str, raw: str) -> None:
        if kind == "text":
            return
        if name == self.skipped:
            self.skipped_depth += 1 if kind == "start" else -1
            if self.skipped_depth == 0:
                self.skipped = None
        elif name == "img" and self.skipped == "noscript" and self.missed_image:
            self.add(media.picture(attributes(raw), self.base))
            self.missed_image = False
