"""An entry's HTML to plain text, spans and media.

One pass over the tags: each says what it means to the `Writer`, boxes that turn out to be furniture are taken back.
See `bot.sources.hypertext` for the parts.
"""

from __future__ import annotations

import re
from sys import getsizeof

from bot.sources.hypertext.furniture import without_related
from bot.sources.hypertext.reader import read_fragment
from bot.sources.hypertext.tokens import unescaped
from bot.sources.hypertext.words import readable
from bot.sources.markup import Rich, join
from bot.sources.remembered import Remembered

_NEVER = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_CONTROLS = bytes(letter for letter in range(128) if _NEVER.match(chr(letter)))
_ESCAPED_TAG = re.compile(
    r"&(?:amp;)?lt;/?(?:p|br|b|i|em|strong|a|ul|ol|li|div|span|h[1-6]|blockquote|figure|img)\b", re.IGNORECASE
)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")

_EMPTY = Rich()
_AS_FAST = 500  # letters of plain text, which are read as fast as they are remembered
_KNOWN: Remembered[tuple[str, str], Rich] = Remembered(24_000_000)
_SENTENCE_ENDS = tuple('.!?:…"”’»)')


def from_html(html: str, base: str = "") -> Rich:
    """The meaning of some HTML, or of text without any tags. `base` is the page's address, for relative links.

    Paragraphs are parted by an empty line, white space is one space, list items begin with "• " or "1. ". Takes any
    string, in time that grows with its length.
    """
    if not html:
        return _EMPTY
    if len(html) < _AS_FAST and "<" not in html and "&" not in html:
        return _read(html, base)
    if (rich := _KNOWN.get((html, base))) is None:
        rich = _read(html, base)
        _KNOWN.put((html, base), rich, _size(html, rich))
    return rich


def _size(html: str, rich: Rich) -> int:
    """Bytes, roughly: a span and a picture are a model with its own dictionaries."""
    return getsizeof(html) + getsizeof(rich.text) + 700 * (1 + len(rich.spans) + len(rich.media))


def _read(html: str, base: str) -> Rich:
    if not html.isprintable() and _holds_controls(html):
        html = _NEVER.sub("", html)
    if "&" in html:
        html = _tags_unescaped(html)
    return without_related(read_fragment(html, base)) if "<" in html else _plain(html)


def _holds_controls(html: str) -> bool:
    """Whether _NEVER would find something, in a fifth of its time."""
    try:
        data = html.encode()
    except UnicodeEncodeError:  # halves of letters
        return True
    return len(data.translate(None, _CONTROLS)) < len(data)


def plain(html: str) -> str:
    """One line of text, for titles and names."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    return " ".join(from_html(html).text.split())


def _plain(text: str) -> Rich:
    """Text without tags: its own lines count. Where no empty lines part them, a finished line ends its paragraph."""
    text = readable(text).strip()
    if text.isprintable():  # a single line: every line feed is a letter that cannot be printed
        return without_related(Rich(" ".join(text.split())))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    has_gaps = "" in lines
    found: list[list[str]] = [[]]
    for line in lines:
        if not line or (not has_gaps and found[-1] and found[-1][-1].endswith(_SENTENCE_ENDS)):
            found.append([])
        found[-1] += [line] if line else []
    return without_related(join([Rich("\n".join(one)) for one in found if one]))


def _tags_unescaped(html: str) -> str:
    """HTML whose tags are all escaped, as some feeds have it, with its tags."""
    for _ in range(2):
        if "lt;" not in html or not _ESCAPED_TAG.search(html):
            break
        bare = _TAG.sub("", html).strip() if "<" in html else html.strip()
        is_whole = bare[:8].replace("amp;", "").startswith("&lt;") and bare[-8:].endswith("&gt;")
        if "<" in html and not is_whole:
            break
        html = unescaped(html)
    return html
