"""From the parameters of a sender to what a chat shows: text and entities, checked and limited.

text + parse_mode | entities → cleaned → parsed → trimmed → what Telegram finds by itself → the first hundred → limits
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from bot.sandbox import errors
from bot.sandbox.detecting import detect
from bot.sandbox.entities import MAX_ENTITIES, PRIORITY, Entity, settle, sort_key, trim, utf16_length
from bot.sandbox.errors import bad_request, cannot_parse
from bot.sandbox.markdown import parse_markdown, parse_markdown_v2
from bot.sandbox.markup import parse_html

MAX_TEXT = 4096  # code points, after parsing
MAX_CAPTION = 1024

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_FIELDS = {
    "text_link": {"url"},
    "text_mention": {"user"},
    "pre": {"language"},
    "custom_emoji": {"custom_emoji_id"},
    "date_time": {"unix_time", "date_time_format"},
}
_REQUIRED = {kind: fields - {"language", "date_time_format"} for kind, fields in _FIELDS.items()}


class Formatted(NamedTuple):
    text: str
    entities: list[Entity]


def format_text(text: str, parse_mode: str = "", entities: Any = None) -> Formatted:
    """What a chat shows of a text sent with these parameters. Raises the ApiError that Telegram answers."""
    if not text:
        raise bad_request(errors.TEXT_IS_EMPTY)
    formatted = _parsed(text, parse_mode, entities)
    if not formatted.text:
        raise bad_request(errors.TEXT_IS_BLANK)
    if len(formatted.text) > MAX_TEXT:
        raise bad_request(errors.TEXT_IS_TOO_LONG)
    return formatted


def format_caption(text: str, parse_mode: str = "", entities: Any = None) -> Formatted:
    """The same for the words under a picture: there may be none, and not as many."""
    formatted = _parsed(text, parse_mode, entities)
    if len(formatted.text) > MAX_CAPTION:
        raise bad_request(errors.CAPTION_IS_TOO_LONG)
    return formatted


def _parsed(text: str, parse_mode: str, entities: Any) -> Formatted:
    if not text.isascii() and _SURROGATE.search(text):
        raise bad_request(errors.NOT_UTF8)
    text = _clean(text)
    given: list[Entity] = []
    mode = parse_mode.lower()
    if mode in _PARSERS:
        text, given = _PARSERS[mode](text)
    elif mode not in {"", "none"}:
        raise bad_request(errors.PARSE_MODE)
    elif entities:
        given = settle(_checked(entities, utf16_length(text)))
    return _completed(*trim(text, given))


_PARSERS = {"html": parse_html, "markdown": parse_markdown, "markdownv2": parse_markdown_v2}


def _clean(text: str) -> str:
    """Without carriage returns; other control characters become spaces."""
    return _CONTROL.sub(" ", text.replace("\r", ""))


def _completed(text: str, given: list[Entity]) -> Formatted:
    """With what Telegram finds by itself."""
    found = detect(text, given)
    entities = sorted(given + found, key=sort_key) if found else given
    return Formatted(text, entities[:MAX_ENTITIES] if len(entities) > MAX_ENTITIES else entities)


def _checked(entities: Any, length: int) -> list[Entity]:
    """The sender's own entities, as far as they may be given and lie in the text."""
    if not isinstance(entities, list) or not all(isinstance(entity, dict) for entity in entities):
        raise cannot_parse("expected an Array of MessageEntity")
    return [entity for raw in entities if (entity := _one(raw, length)) is not None]


def _one(raw: dict[str, Any], length: int) -> Entity | None:
    kind, offset, size = raw.get("type"), raw.get("offset"), raw.get("length")
    if not isinstance(offset, int) or not isinstance(size, int) or not isinstance(kind, str):
        raise cannot_parse('Field "offset" and "length" must be of type Number, "type" of type String')
    if kind not in PRIORITY or offset < 0 or size <= 0 or offset >= length:
        return None
    fields = {name: raw[name] for name in _FIELDS.get(kind, ()) if name in raw}
    if not _REQUIRED.get(kind, fields.keys()) <= fields.keys():
        raise cannot_parse(f"a {kind} needs {', '.join(sorted(_REQUIRED[kind]))}")
    return {"type": kind, "offset": offset, "length": min(size, length - offset)} | fields
