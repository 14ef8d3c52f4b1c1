"""Telegram's two Markdown modes, read into a text with entities.

Both follow TDLib, with its complaints: MarkdownV2, where styles nest and 18 characters have to be escaped, and the
legacy Markdown, which knows four entities and no nesting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.sandbox.entities import Entity, settle, utf16_length
from bot.sandbox.errors import cannot_parse
from bot.sandbox.markup import date_time, link_entity

_RESERVED = set("_*[]()~`>#+-=|{}.!\n")
_CODE = {"pre", "code"}
_LANGUAGE = re.compile(r"[^\s`]+(?=\s)")
_NEWLINE = re.compile(r"\r\n|\n\r|\r|\n")
# What TDLib calls them when one does not end.
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
}


@dataclass
class _Open:
    kind: str
    begin: int  # in the source
    offset: int  # in UTF-16 code units of the text
    parts: int
    language: str = ""


class _Reader:
    """A position in the source, and what has been read so far."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.pos = 0
        self.parts: list[str] = []
        self.offset = 0
        self.entities: list[Entity] = []

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.offset += utf16_length(text)

    def sees(self, text: str) -> bool:
        return self.source.startswith(text, self.pos)

    def bytes(self, pos: int) -> int:
        return len(self.source[:pos].encode("utf-8", "surrogatepass"))

    def language(self) -> str:
        """The language of a block of code, behind its three ticks; the end of that line is skipped."""
        match = _LANGUAGE.match(self.source, self.pos)
        if match:
            self.pos = match.end()
        if newline := _NEWLINE.match(self.source, self.pos):
            self.pos = newline.end()
        return match[0] if match else ""

    def address(self) -> str:
        """What stands in the round brackets of a link, nothing where there are none."""
        if not self.sees("("):
            return ""
        begin = self.pos
        self.pos += 1
        url = []
        while self.pos < len(self.source) and not self.sees(")"):
            if self.sees("\\") and self.pos + 1 < len(self.source):
                self.pos += 1
            url.append(self.source[self.pos])
            self.pos += 1
        if not self.sees(")"):
            raise cannot_parse(f"Can't find end of a URL at byte offset {self.bytes(begin)}")
        self.pos += 1
        return "".join(url)

    @property
    def result(self) -> tuple[str, list[Entity]]:
        return "".join(self.parts), settle(self.entities)


# --- MarkdownV2 -------------------------------------------------------------------------------------------------------


def parse_markdown_v2(source: str) -> tuple[str, list[Entity]]:
    """Raises the ApiError "can't parse entities: ..." that Telegram would."""
    parser = _Version2(source)
    parser.run()
    return parser.result


class _Version2(_Reader):
    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.open: list[_Open] = []
        self.quote: _Open | None = None

    def run(self) -> None:
        while self.pos < len(self.source):
            self._step()
        if self.open:
            last = self.open[-1]
            name, begin = _NAMES[last.kind], self.bytes(last.begin)
            raise cannot_parse(f"Can't find end of {name} entity at byte offset {begin}")
        self._end_quote()

    def _step(self) -> None:
        character = self.source[self.pos]
        is_code = bool(self.open) and self.open[-1].kind in _CODE
        if character == "\\" and self.source[self.pos + 1 : self.pos + 2].isascii() and self.pos + 1 < len(self.source):
            self.add(self.source[self.pos + 1])
            self.pos += 2
        elif character not in _RESERVED or (is_code and character != "`"):
            self.add(character)
            self.pos += 1
        elif not self._ends():
            self._begins(character)

    def _ends(self) -> bool:
        """Whether the innermost entity ends here; then it has been noted."""
        if not self.open or not (mark := self._mark_of(self.open[-1].kind)):
            return False
        opened = self.open.pop()
        self.pos += len(mark)
        self._close(opened)
        return True

    def _mark_of(self, kind: str) -> str:
        """The end of an entity of that kind, if it stands here."""
        mark = {"bold": "*", "italic": "_", "underline": "__", "strikethrough": "~", "spoiler": "||", "code": "`",
                "pre": "```", "text_link": "]", "custom_emoji": "]"}[kind]  # fmt: skip
        return "" if not self.sees(mark) or (kind == "italic" and self.sees("__")) else mark

    def _begins(self, character: str) -> None:
        begin = self.pos
        if character == "\n":
            self._new_line()
        elif character == ">" and self._is_line_start():
            self.pos += 1
            self.quote = self.quote or _Open("blockquote", begin, self.offset, len(self.parts))
        elif self.sees("||") and self.quote and self.source[self.pos + 2 : self.pos + 3] in {"", "\n"}:
            self.pos += 2
            self._end_quote("expandable_blockquote")
        else:
            mark, kind = self._opening(character)
            self.pos += len(mark)
            language = self.language() if kind == "pre" else ""
            self.open.append(_Open(kind, begin, self.offset, len(self.parts), language))

    def _opening(self, character: str) -> tuple[str, str]:
        for mark, kind in (("__", "underline"), ("_", "italic"), ("*", "bold"), ("~", "strikethrough"),
                           ("||", "spoiler"), ("```", "pre"), ("`", "code"), ("![", "custom_emoji"),
                           ("[", "text_link")):  # fmt: skip
            if self.sees(mark):
                return mark, kind
        raise cannot_parse(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")

    def _is_line_start(self) -> bool:
        """Of the text, that is: `**>` begins a quotation right behind another one."""
        return not self.parts or self.parts[-1] == "\n"

    def _new_line(self) -> None:
        self.pos += 1
        if self.quote and not self.sees(">"):
            self._end_quote()
        self.add("\n")

    def _end_quote(self, kind: str = "blockquote") -> None:
        if self.quote and self.offset > self.quote.offset:
            self.entities.append({"type": kind, "offset": self.quote.offset, "length": self.offset - self.quote.offset})
        self.quote = None

    def _close(self, opened: _Open) -> None:
        entity: Entity = {"type": opened.kind, "offset": opened.offset, "length": self.offset - opened.offset}
        if opened.kind == "text_link":
            url = self.address() or "".join(self.parts[opened.parts :])
            self._note(link_entity(entity, url))
        elif opened.kind == "custom_emoji":
            self._note(_emoji_or_time(entity, self.address()))
        else:
            self._note(entity | ({"language": opened.language} if opened.language else {}))

    def _note(self, entity: Entity | None) -> None:
        if entity is not None and entity["length"] > 0:
            self.entities.append(entity)


def _emoji_or_time(entity: Entity, url: str) -> Entity:
    """`![👍](tg://emoji?id=5368324170671202286)` and `![22:45](tg://time?unix=1647531900&format=wDT)`."""
    scheme, _, query = url.partition("?")
    values = dict(part.partition("=")[::2] for part in query.split("&"))
    if scheme == "tg://emoji" and values.get("id", "").isdecimal():
        return entity | {"type": "custom_emoji", "custom_emoji_id": values["id"]}
    if scheme == "tg://time":
        return entity | date_time(values)
    if not url:
        raise cannot_parse("Custom emoji entity must contain a tg://emoji URL")
    raise cannot_parse("Invalid custom emoji identifier specified")


# --- the legacy Markdown ----------------------------------------------------------------------------------------------

_LEGACY = {"_": "italic", "*": "bold", "`": "code", "[": "text_link"}


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """Raises the ApiError "can't parse entities: ..." that Telegram would."""
    reader = _Reader(source)
    while reader.pos < len(source):
        character = source[reader.pos]
        if character == "\\" and source[reader.pos + 1 : reader.pos + 2] in {*_LEGACY}:
            reader.add(source[reader.pos + 1])
            reader.pos += 2
        elif character not in _LEGACY:
            reader.add(character)
            reader.pos += 1
        else:
            _legacy_entity(reader, _LEGACY[character])
    return reader.result


def _legacy_entity(reader: _Reader, kind: str) -> None:
    begin, offset, language = reader.pos, reader.offset, ""
    closing = "]" if kind == "text_link" else reader.source[begin]
    if reader.sees("```"):
        kind, closing = "pre", "```"
    reader.pos += len(closing)
    if kind == "pre":
        language = reader.language()
    end = reader.source.find(closing, reader.pos)
    if end < 0:
        raise cannot_parse(f"Can't find end of the entity starting at byte offset {reader.bytes(begin)}")
    words = reader.source[reader.pos : end]
    reader.add(words)
    reader.pos = end + len(closing)
    entity: Entity | None = {"type": kind, "offset": offset, "length": reader.offset - offset}
    if kind == "text_link" and entity:
        entity = link_entity(entity, _legacy_address(reader) or words)
    elif language and entity:
        entity["language"] = language
    if entity and entity["length"] > 0:
        reader.entities.append(entity)


def _legacy_address(reader: _Reader) -> str:
    """As in TDLib nothing can be escaped in it, and the end of the text ends it too."""
    if not reader.sees("("):
        return ""
    end = reader.source.find(")", reader.pos)
    end = len(reader.source) if end < 0 else end
    url = reader.source[reader.pos + 1 : end]
    reader.pos = end + 1
    return url
