"""HTML as a stream of tags and texts. No input makes it slow, and none makes it fail."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator
from string import ascii_letters


def words(names: str) -> frozenset[str]:
    """Names, told apart by spaces."""
    return frozenset(names.split())


VOID = words("area base br col embed hr img input link meta param source track wbr basefont bgsound frame keygen")
# Elements whose content is no markup; what they hold is one text.
_RAW = words("script style textarea title xmp iframe noembed noframes")

_OPENS = frozenset(ascii_letters + "/!?")
_TAG = re.compile(
    r"""<(?P<end>/)?(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>(?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+|["'])*+)>""",
)
_TAG_WITHOUT_QUOTES = re.compile(r"<(?P<end>/)?(?P<name>[a-zA-Z][^\s/>]*+)(?P<attributes>[^>]*+)>")
_ANY_TAG = r"""<(?:(/)?([a-zA-Z][^\s/>]{0,39}+)((?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+|["'])*+)>)?"""
_PIECE = re.compile(rf"([^<]++)|{_ANY_TAG}")
# The tags that may stand in a stretch which is read as a whole, if they are written as most are.
STRETCH_NAMES = words("p br a b strong i em u s cite code span div section article sup sub small h1 h2 h3 h4 h5 h6")
_STRETCH = re.compile(
    rf"""((?:[^<]++|</?(?:{"|".join(sorted(STRETCH_NAMES))})(?:\s[^\s"'<>/=]++(?:="[^"<>]*+"|='[^'<>]*+')?+)*+\s?/?>)++)|{_ANY_TAG}"""
)
_ODD = re.compile(
    r"<(?:[^a-zA-Z/]|/[^a-zA-Z]|\Z|(?:script|style|textarea|title|xmp|iframe|noembed|noframes)\b)", re.IGNORECASE
)
_SMALL = 50_000  # letters; in more than this, tags that nothing closes would cost time
_RARE_ENTITY = re.compile(r"&(?!(?:lt|gt|quot|amp);)")
_ATTRIBUTE = re.compile(r"""([^\s=>"'/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']*)))?""")
_LONGEST_NAME = 40


# What it is ("text", "start" or "end"); the raw text, or the tag's name in small letters; the tag's attributes as they
# stand; where it starts and ends.
Token = tuple[str, str, str, int, int]


def tokens(html: str) -> Iterator[Token]:
    """The tags and texts of some HTML, in order. Comments and declarations are left out; entities stay as they are."""
    pattern = _TAG
    last = html.rfind(">")
    text_from = 0
    at = html.find("<") if last >= 0 else -1
    while at >= 0:
        match = pattern.match(html, at)
        if match is None:
            if html[at + 1 : at + 2] not in _OPENS:  # "a < b" opens nothing
                at = html.find("<", at + 1)
                continue
            if not _is_void(html, at, last):
                pattern = _TAG_WITHOUT_QUOTES  # a quote that nothing closes: from here on quotes are letters
                continue
        if text_from < at:
            yield "text", html[text_from:at], "", text_from, at
        if match is None:
            text_from = _after_declaration(html, at)
            at = html.find("<", text_from)
            continue
        end, name, raw = match.groups()
        name = name[:_LONGEST_NAME].lower()
        start, text_from = at, match.end()
        yield "end" if end else "start", name, raw, start, text_from
        if name in _RAW and not end:
            begin, text_from = text_from, _after_raw(html, name, text_from)
            if begin < text_from:
                yield "text", html[begin:text_from], "", begin, text_from
        at = html.find("<", text_from)
    if text_from < len(html):
        yield "text", html[text_from:], "", text_from, len(html)


# Text; or "", "/" for an end tag, the tag's name as it stands, its attributes.
Piece = tuple[str, str, str, str]


def pieces(html: str) -> list[Piece]:
    """The same without places, several times as fast for the small fragments that entries are."""
    if len(html) < _SMALL and not _ODD.search(html):
        found: list[Piece] = _PIECE.findall(html)
        if ("", "", "", "") not in found:  # no "<" that is no tag
            return found
    return [
        (value, "", "", "") if kind == "text" else ("", "/" if kind == "end" else "", value, raw)
        for kind, value, raw, _, _ in tokens(html)
    ]


def stretches(html: str) -> list[Piece] | None:
    """The same, where a text may hold tags of STRETCH_NAMES, for `pieces` to take apart. None where `tokens` must."""
    if len(html) >= _SMALL or _ODD.search(html):
        return None
    found: list[Piece] = _STRETCH.findall(html)
    return None if ("", "", "", "") in found else found


def _is_void(html: str, at: int, last: int) -> bool:
    """Whether this is no tag: a comment, a declaration, "</3>", or a tag that the end cuts off."""
    following = html[at + 1]
    return (
        following in "!?" or at > last or (following == "/" and not (html[at + 2].isascii() and html[at + 2].isalpha()))
    )


def attributes(raw: str) -> dict[str, str]:
    """The attributes of a start tag, names in small letters, values without entities; the first of a name counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        value = double or single or bare
        found.setdefault(name.lower(), (unescaped(value) if "&" in value else value).strip())
    return found


def unescaped(text: str) -> str:
    """Without entities."""
    if "&" not in text:
        return text
    if not _RARE_ENTITY.search(text):
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    try:
        return entities.unescape(text)
    except ValueError:  # a number of thousands of digits
        return text


def _after_declaration(html: str, at: int) -> int:
    """The end of a comment, a declaration, an instruction or half a tag. The content of CDATA is text."""
    if html.startswith("<!--", at):
        if html.startswith(("<!-->", "<!--->"), at):
            return html.index(">", at) + 1
        return _past(html, "-->", at + 4)
    if html.startswith("<![CDATA[", at):
        return at + 9
    return _past(html, ">", at)


def _past(html: str, mark: str, at: int) -> int:
    found = html.find(mark, at)
    return found + len(mark) if found >= 0 else len(html)


def _after_raw(html: str, name: str, at: int) -> int:
    end = _end_of(name).search(html, at)
    return end.start() if end else len(html)


def _end_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)  # the module keeps the last patterns compiled
