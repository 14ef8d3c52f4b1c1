"""Markdown inside a paragraph to plain text and spans: emphasis, links, addresses, handles.

One pass over the tokens of a paragraph, another to write it out; every repetition in the patterns is bounded, so that
no input makes them slow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from storage.models import Media, Span, SpanKind

_TOKEN = re.compile(
    r"""\\(?P<escaped>[\\`*_\[\]()#>~!-])
      | !\[(?P<alt>[^\[\]]{0,500})\]\(\s?(?P<src>[^()\s]{1,2000})(?:\s"[^"]{0,300}")?\s?\)
      | \[(?P<words>[^\[\]]{0,1000})\]\(\s?(?P<url>(?:[^()\s]|\([^()\s]{0,200}\)){0,2000})(?:\s"[^"]{0,300}")?\s?\)
      | <(?P<auto>(?:https?://|mailto:)[^<>\s]{1,2000})>
      | (?P<bare>(?<![\w@/])https?://[^\s<>"“”«»\[\]`]{1,2000})
      | (?<![\w@/.])@(?P<handle>[A-Za-z0-9_]{1,15})(?![\w@]|\.\w)
      | `(?P<code>[^`\n]{1,300})`
      | (?P<mark>\*{1,3}|_{1,3}|~~)""",
    re.VERBOSE,
)
_KINDS: dict[str, tuple[SpanKind, ...]] = {
    "*": ("italic",),
    "_": ("italic",),
    "**": ("bold",),
    "__": ("bold",),
    "***": ("bold", "italic"),
    "___": ("bold", "italic"),
    "~~": ("strike",),
}
_WHOLE = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]{0,252}(?::\d{1,5})?(?:/[!-~]{0,4000})?")
_QUOTES = frozenset("\"“”„«»'‘’")


@dataclass(frozen=True)
class Rich:
    """Plain text with its spans, and the pictures that stood in it."""

    text: str = ""
    spans: tuple[Span, ...] = ()
    media: tuple[Media, ...] = ()

    def moved(self, by: int) -> tuple[Span, ...]:
        if not by or not self.spans:
            return self.spans
        return tuple(s.model_copy(update={"start": s.start + by, "end": s.end + by}) for s in self.spans)

    def whole(self, kind: SpanKind, url: str | None = None, author: str | None = None) -> Rich:
        """The same with one span over all of it."""
        over = Span(start=0, end=len(self.text), kind=kind, url=url, author=author)
        return Rich(self.text, (over, *self.spans), self.media) if self.text else self


def join(parts: list[Rich], gap: str = "\n\n") -> Rich:
    """Paragraphs to one text; those without words only leave their pictures."""
    if len(parts) == 1 and parts[0].text:
        return parts[0]
    text: list[str] = []
    spans: list[Span] = []
    at = 0
    for part in parts:
        if part.text:
            at += len(gap) if text else 0
            spans += part.moved(at)
            text.append(part.text)
            at += len(part.text)
    return Rich(gap.join(text), tuple(spans), tuple(item for part in parts for item in part.media))


def inline(raw: str, base: str = "", *, links: bool = True) -> Rich:
    """One paragraph. `base` is the page's address, for relative links; `links=False`: only the emphasis."""
    tokens = list(_TOKEN.finditer(raw))
    writer = _Writer(raw, base, links, _pairs(raw, tokens))
    for number, token in enumerate(tokens):
        writer.take(number, token)
    return writer.finish()


def web_address(url: str, base: str = "") -> str | None:
    """An address that a reader can open: http, https or mailto; None for "#" and everything else."""
    if _WHOLE.fullmatch(url):  # nearly all are: taking them apart costs more than all the rest of a feed's item
        return url
    if not url or url.startswith("#"):
        return None
    try:
        whole = urljoin(base, url) if base.startswith(("http://", "https://")) else url
        parts = urlsplit(whole)
    except ValueError:
        return None
    if parts.scheme.lower() in ("http", "https"):
        return whole if parts.netloc else None
    return whole if parts.scheme.lower() == "mailto" and "@" in parts.path else None


def shown_address(url: str) -> str:
    """An address as readers want to see it: on.rt.com/76wy."""
    return re.sub(r"^(?:https?://|mailto:)", "", url, flags=re.IGNORECASE).rstrip("/")


def _pairs(raw: str, tokens: list[re.Match[str]]) -> dict[int, int | None]:
    """Which emphasis mark belongs to which: opener to closer, and closer to None. Marks that stay text are missing."""
    pairs: dict[int, int | None] = {}
    waiting: dict[str, int] = {}
    for number, token in enumerate(tokens):
        mark = token["mark"]
        if mark is None:
            continue
        before, after = raw[token.start() - 1 : token.start()] if token.start() else "", raw[token.end() :][:1]
        opener = waiting.get(mark)
        if opener is not None and before.strip() and not (mark[0] == "_" and after.isalnum()):
            pairs[opener], pairs[number] = number, None
            waiting = {other: at for other, at in waiting.items() if at < opener}
        elif after.strip() and not (before.isalnum() and (mark[0] == "_" or after.isalnum())):
            waiting[mark] = number
    return pairs


class _Writer:
    """The second pass: text goes out, spans are noted at the length written so far."""

    def __init__(self, raw: str, base: str, links: bool, pairs: dict[int, int | None]) -> None:
        self.raw, self.base, self.links, self.pairs = raw, base, links, pairs
        self.parts: list[str] = []
        self.spans: list[Span] = []
        self.media: list[Media] = []
        self.open: dict[int, tuple[int, str]] = {}  # closer: (where its span starts, its mark)
        self.length = 0
        self.at = 0

    def finish(self) -> Rich:
        self.write(self.raw[self.at :])
        text = "".join(self.parts)
        ordered = sorted(self.spans, key=lambda span: (span.start, -span.end))
        return Rich(text, tuple(ordered), tuple(self.media))

    def write(self, words: str) -> None:
        if words:
            self.parts.append(words)
            self.length += len(words)

    def take(self, number: int, token: re.Match[str]) -> None:
        if token.start() < self.at:
            return
        self.write(self.raw[self.at : token.start()])
        self.at = token.end()
        kind = token.lastgroup
        if kind == "mark":
            self.emphasis(number, token)
        elif kind == "escaped":
            self.write(token["escaped"])
        elif kind == "code":
            self.span("code", Rich(token["code"]))
        elif not self.links:
            self.write(token[0])
        elif token["alt"] is not None:
            self.picture(token["alt"], token["src"])
        else:
            self.link(token)

    def link(self, token: re.Match[str]) -> None:
        if token["handle"]:
            self.span("link", Rich(token[0]), f"https://x.com/{token['handle']}")
        elif token["words"] is not None:
            url = web_address(token["url"], self.base)
            self.span("link" if url else None, inline(token["words"], self.base, links=url is None), url)
        else:
            self.address(token)

    def address(self, token: re.Match[str]) -> None:
        address = token["auto"] or _trimmed(token["bare"])
        if token["bare"]:
            self.at = token.start() + len(address)
        url = web_address(address)
        self.span("link" if url else None, Rich(shown_address(address) if url else address), url)

    def picture(self, alt: str, src: str) -> None:
        url = web_address(src, self.base)
        if url and not url.lower().startswith("mailto:"):
            self.media.append(Media(kind="image", url=url, caption=alt))
        else:
            self.write(alt)

    def span(self, kind: SpanKind | None, inner: Rich, url: str | None = None) -> None:
        start = self.length
        self.spans += inner.moved(start)
        self.write(inner.text)
        if kind and inner.text.strip():
            self.spans.append(Span(start=start, end=self.length, kind=kind, url=url))

    def emphasis(self, number: int, token: re.Match[str]) -> None:
        mark = token["mark"]
        if number in self.open:
            start, mark = self.open.pop(number)
            if start < self.length:
                self.spans += [Span(start=start, end=self.length, kind=kind) for kind in _KINDS[mark]]
        elif (closer := self.pairs.get(number)) is not None:
            self.open[closer] = (self.length, mark)
        elif not self._is_junk(token):
            self.write(mark)

    def _is_junk(self, token: re.Match[str]) -> bool:
        """A mark without a partner is left out beside a quote mark, where pages lose them, else it is text."""
        around = self.raw[max(0, token.start() - 1) : token.start()] + self.raw[token.end() : token.end() + 1]
        return token["mark"] == "**" or (token["mark"] == "*" and not _QUOTES.isdisjoint(around))


def _trimmed(address: str) -> str:
    """A bare address without the punctuation of the sentence around it."""
    while address and (
        address[-1] in ".,;:!?'’*_~" or (address[-1] == ")" and address.count("(") < address.count(")"))
    ):
        address = address[:-1]
    return address
