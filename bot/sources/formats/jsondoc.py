"""JSON documents: decoding them, and looking into them without ever raising.

Anything may stand anywhere in a document from outside. So every look is a path of keys and places, and gives a value
of the type asked for, or that type's empty one.
"""

from __future__ import annotations

import json
import re

from bot.sources.context import Context, UnreadablePage
from bot.sources.encoding import decode

_SPACE = b"\xef\xbb\xbf \t\r\n"
# Halves of a surrogate pair and NUL: JSON can write them, Unicode text and databases cannot hold them.
_UNFIT = re.compile(r"[\ud800-\udfff\0]")
_ESCAPED_UNFIT = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")


def has_keys(data: bytes, *keys: str) -> bool:
    """Whether these bytes begin like JSON and name all these keys, at any depth: a look that decodes nothing."""
    return begins(data) and all(f'"{key}"'.encode() in data for key in keys)


def begins(data: bytes) -> bool:
    return data[:512].lstrip(_SPACE)[:1] in (b"{", b"[")


def load(data: bytes, context: Context) -> tuple[object, tuple[str, ...]]:
    """The document, and warnings about its letters; raises UnreadablePage for what is no JSON."""
    text, warnings = decode(data, context)
    return loads(text, context.address), warnings


def loads(text: str, where: str) -> object:
    """One document of which `where` is the name to give in a sentence; raises UnreadablePage."""
    try:
        document: object = json.loads(text)
        return _fit(document) if _ESCAPED_UNFIT.search(text) else document
    except RecursionError:
        raise UnreadablePage(f"{where} is nested too deeply to be read.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise UnreadablePage(f"{where} is no whole JSON document: {error.msg} ({place}).") from None
    except ValueError:
        raise UnreadablePage(f"{where} holds a number too long to be read.") from None


def _fit(value: object) -> object:
    if isinstance(value, str):
        return _UNFIT.sub("\ufffd", value)
    if isinstance(value, list):
        return [_fit(item) for item in value]
    return {_fit(key): _fit(item) for key, item in value.items()} if isinstance(value, dict) else value


def at(value: object, *path: str | int) -> object:
    """What stands there, or None."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def text_at(value: object, *path: str | int) -> str:
    """The words there without the space around them; a number as it is written; else empty."""
    found = at(value, *path)
    if isinstance(found, str):
        return found.strip()
    return str(found) if isinstance(found, int | float) and not isinstance(found, bool) else ""


def list_at(value: object, *path: str | int) -> list[object]:
    found = at(value, *path)
    return found if isinstance(found, list) else []


def is_list(value: object, *path: str | int) -> bool:
    return isinstance(at(value, *path), list)


def number_at(value: object, *path: str | int) -> float:
    """The number there, which may be written as text; 0 for none."""
    try:
        number = float(text_at(value, *path))
    except ValueError:
        return 0.0
    return number if abs(number) < 1e15 else 0.0


def flag_at(value: object, *path: str | int) -> bool:
    """Whether it says yes there: true, 1, "true"."""
    return at(value, *path) is True or text_at(value, *path).lower() in ("true", "1")
