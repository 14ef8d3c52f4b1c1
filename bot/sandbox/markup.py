"""Telegram's HTML, read into a text with entities.

Follows the parser of TDLib: which tags there are, what it lets pass (an unknown `&name;` stays as it is, `</>` closes
whatever is open), and the words and byte offsets of its complaints.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.sandbox.entities import Entity, settle, utf16_length
from bot.sandbox.errors import cannot_parse

STYLE_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
}
TAGS = {*STYLE_OF_TAG, "a", "code", "pre", "blockquote", "tg-emoji", "tg-time"}
_PLAIN = TAGS - {"span", "a", "tg-emoji", "tg-time"}  # those that need no attribute
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_SPECIAL = re.compile(r"<(/?)([a-z]+)>|[<&]")  # a plain tag at once, all others letter by letter
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,7})|#([0-9]{1,8})|([a-zA-Z]+));?")
_TAG_NAME = re.compile(r"[^\s>]*")
_SPACE = re.compile(r"\s*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=]*")
_EXPANDABLE = re.compile(r"expandable(?=[\s>])", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_LINK = re.compile(r"(?:https?|ftp|tg|ton|mailto|tel)[:]\S+|[^\s./:]+(?:\.[^\s./:]+)+(?:[/:?#]\S*)?", re.IGNORECASE)
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
_USER_LINK = re.compile(r"tg://user\?id=(\d+)")


def parse_html(html: str) -> tuple[str, list[Entity]]:
    """The text of `html` and its entities. Raises the ApiError "can't parse entities: ..." that Telegram would."""
    parser = _Parser(html)
    parser.run()
    for entity in parser.entities:
        if entity["type"] == "code":
            del entity["language"]  # was kept in case a <pre> closes around it
    return "".join(parser.parts), settle(parser.entities)


def unescape(text: str) -> str:
    """Replace the references that Telegram knows: four names, and numbers."""
    return _REFERENCE.sub(lambda match: _character(match) or match[0], text)


def _character(match: re.Match[str]) -> str:
    if match[3] is not None:
        return NAMED.get(match[3], "")
    code = int(match[1], 16) if match[1] else int(match[2])
    return chr(code) if 0 < code < 0x10FFFF else ""


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int  # in UTF-16 code units of the text
    parts: int  # how many parts the text had


class _Parser:
    def __init__(self, html: str) -> None:
        self.html = html
        self.pos = 0
        self.parts: list[str] = []
        self.offset = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def run(self) -> None:
        while (match := _SPECIAL.search(self.html, self.pos)) is not None:
            self._add(self.html[self.pos : match.start()])
            self.pos = match.start()
            if match[2] in _PLAIN:
                self._plain_tag(match)
            elif match[0] == "&":
                self._reference()
            elif self.html.startswith("</", self.pos):
                self._end_tag()
            else:
                self._start_tag()
        self._add(self.html[self.pos :])
        if self.open:
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')

    def _add(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.offset += utf16_length(text)

    def _plain_tag(self, match: re.Match[str]) -> None:
        """The short way through `_start_tag` and `_end_tag`, for what is nearly all of the markup there is."""
        if not match[1]:
            self.open.append(_Open(match[2], {}, self.offset, len(self.parts)))
        elif self.open and self.open[-1].tag == match[2]:
            opened = self.open.pop()
            if self.offset > opened.offset:
                self._close(opened)
        else:
            self._end_tag()  # raises
        self.pos = match.end()

    def _reference(self) -> None:
        match = _REFERENCE.match(self.html, self.pos)
        character = _character(match) if match else ""
        if "\ud800" <= character <= "\udfff":
            raise cannot_parse(
                "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate "
                "code units"
            )
        self._add(character or "&")
        self.pos = match.end() if match and character else self.pos + 1

    def _start_tag(self) -> None:
        begin = self.pos
        name = self._take(_TAG_NAME, begin + 1)
        if self.pos >= len(self.html):
            raise cannot_parse(f"Unclosed start tag at byte offset {self._bytes(begin)}")
        tag = name.lower()
        if tag not in TAGS:
            raise cannot_parse(f'Unsupported start tag "{tag}" at byte offset {self._bytes(begin)}')
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {self._bytes(begin)}')
        self.open.append(_Open(tag, attributes, self.offset, len(self.parts)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        while True:
            self._take(_SPACE, self.pos)
            if self._next() == ">":
                self.pos += 1
                return attributes
            name, value = self._attribute(tag, begin)
            attributes[name] = value
            if self._next() == "":
                raise cannot_parse(f"Unclosed start tag at byte offset {self._bytes(begin)}")

    def _attribute(self, tag: str, begin: int) -> tuple[str, str]:
        # <blockquote expandable> is the one attribute that stands without a value.
        if tag == "blockquote" and (match := _EXPANDABLE.match(self.html, self.pos)):
            self.pos = match.end()
            return "expandable", ""
        name = self._take(_ATTRIBUTE_NAME, self.pos)
        if not name:
            raise cannot_parse(f'Empty attribute name in the tag "{tag}" at byte offset {self._bytes(begin)}')
        self._take(_SPACE, self.pos)
        if self._next() != "=":
            raise cannot_parse(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset '
                f"{self._bytes(begin)}"
            )
        self._take(_SPACE, self.pos + 1)
        if self._next() == "":
            raise cannot_parse(f'Unclosed start tag "{tag}" at byte offset {self._bytes(begin)}')
        return name.lower(), self._value()

    def _value(self) -> str:
        quote = self._next()
        if quote not in {'"', "'"}:
            begin = self.pos
            value = self._take(_TOKEN, begin)
            if not (self._next() == ">" or self._next().isspace() or self._next() == ""):
                raise cannot_parse(f"Unexpected end of name token at byte offset {self._bytes(begin)}")
            return value.lower()
        end = self.html.find(quote, self.pos + 1)
        end = len(self.html) if end < 0 else end
        value = self.html[self.pos + 1 : end]
        self.pos = min(end + 1, len(self.html))
        return unescape(value)

    def _end_tag(self) -> None:
        begin = self.pos
        if not self.open:
            raise cannot_parse(f"Unexpected end tag at byte offset {self._bytes(begin)}")
        name = self._take(_TAG_NAME, begin + 2).lower()
        self._take(_SPACE, self.pos)
        if self._next() != ">":
            raise cannot_parse(f"Unclosed end tag at byte offset {self._bytes(begin)}")
        self.pos += 1
        opened = self.open.pop()
        if name and name != opened.tag:
            raise cannot_parse(
                f'Unmatched end tag at byte offset {self._bytes(begin)}, expected "</{opened.tag}>", found "</{name}>"'
            )
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        kind = STYLE_OF_TAG.get(opened.tag, "")
        entity: Entity = {"type": kind, "offset": opened.offset, "length": self.offset - opened.offset}
        if kind:
            self.entities.append(entity)
        elif opened.tag == "a":
            self._close_link(opened, entity)
        elif opened.tag in {"pre", "code"}:
            self._close_code(opened, entity)
        elif opened.tag == "blockquote":
            kind = "expandable_blockquote" if "expandable" in opened.attributes else "blockquote"
            self.entities.append(entity | {"type": kind})
        elif opened.tag == "tg-time":
            self.entities.append(entity | date_time(opened.attributes))
        else:
            self.entities.append(entity | _custom_emoji(opened.attributes))

    def _close_link(self, opened: _Open, entity: Entity) -> None:
        found = link_entity(entity, opened.attributes.get("href") or "".join(self.parts[opened.parts :]))
        if found is not None:
            self.entities.append(found)

    def _close_code(self, opened: _Open, entity: Entity) -> None:
        """`<pre><code class="language-x">` is one entity, whichever of the two is outside."""
        inner = self.entities[-1] if self.entities else {}
        same = inner.get("offset") == entity["offset"] and inner.get("length") == entity["length"]
        language = opened.attributes.get("class", "")
        language = language.removeprefix("language-") if language.startswith("language-") else ""
        if opened.tag == "pre":
            if same and inner.get("type") == "code":
                self.entities.pop()
                language = inner.get("language", "")
            self.entities.append(entity | {"type": "pre"} | ({"language": language} if language else {}))
        elif same and inner.get("type") == "pre" and language:
            inner["language"] = language
        else:
            self.entities.append(entity | {"type": "code", "language": language})

    def _take(self, pattern: re.Pattern[str], pos: int) -> str:
        match = pattern.match(self.html, pos)
        taken = match[0] if match else ""
        self.pos = pos + len(taken)
        return taken

    def _next(self) -> str:
        return self.html[self.pos : self.pos + 1]

    def _bytes(self, pos: int) -> int:
        return len(self.html[:pos].encode("utf-8", "surrogatepass"))


def date_time(attributes: dict[str, str]) -> Entity:
    """The fields of a moment that each reader sees in his own zone."""
    try:
        unix = int(attributes.get("unix", ""))
    except ValueError:
        raise cannot_parse("Invalid date-time specified") from None
    form = attributes.get("format", "")
    if not _TIME_FORMAT.fullmatch(form):
        raise cannot_parse("Invalid date-time format specified")
    return {"type": "date_time", "unix_time": unix} | ({"date_time_format": form} if form else {})


def _custom_emoji(attributes: dict[str, str]) -> Entity:
    if not attributes.get("emoji-id", "").isdecimal():
        raise cannot_parse("Invalid custom emoji identifier specified")
    return {"type": "custom_emoji", "custom_emoji_id": attributes["emoji-id"]}


def link_entity(entity: Entity, url: str) -> Entity | None:
    """The stretch as a link or as the mention of a person; None where the address is none."""
    if user := _USER_LINK.fullmatch(url):
        mentioned = {"id": int(user[1]), "is_bot": False, "first_name": f"User {user[1]}"}
        return entity | {"type": "text_mention", "user": mentioned}
    checked = checked_link(url)
    return entity | {"type": "text_link", "url": checked} if checked else None


def checked_link(url: str) -> str:
    """The address as Telegram keeps it, or nothing where it is none: then there is a text and no link."""
    url = url.strip()
    if not _LINK.fullmatch(url):
        return ""
    if "://" not in url and not url.startswith(("mailto:", "tel:")):
        url = f"http://{url}"
    scheme, _, rest = url.partition("://")
    # A host alone gets the slash of its root, as in Telegram's own answers.
    return f"{url}/" if rest and not re.search(r"[/?#]", rest) and scheme.startswith("http") else url
