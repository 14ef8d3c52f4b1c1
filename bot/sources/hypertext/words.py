"""The words of a text: entities resolved, also those escaped twice; invisible letters left out."""

from __future__ import annotations

import re

from bot.sources.hypertext.tokens import unescaped

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\u2028\u2029"))
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|(?!lt;|gt;)[a-zA-Z]{2,8});")


def readable(text: str) -> str:
    """Without entities. "&amp;nbsp;" was escaped once too often: nobody writes entities to be read."""
    if "&" in text:
        text = unescaped(text)
        for _ in range(2):
            if not is_escaped_again(text):
                break
            text = unescaped(text)
    return visible(text)


def visible(text: str) -> str:
    """Without invisible letters. None is printable, as most texts are: `translate` takes long over each letter."""
    return text if text.isascii() or text.isprintable() else text.translate(_INVISIBLE)


def is_escaped_again(text: str) -> bool:
    return "&" in text and _ENTITY.search(text) is not None


def collapsed(text: str) -> str:
    """All white space as single spaces. Where there is little to do, this takes a third of the time of `split`."""
    if text.isascii():
        for space in "\n\t\r\f\v\x1c\x1d\x1e\x1f":
            if space in text:
                text = text.replace(space, " ")
        if "  " not in text:
            return text.strip(" ")
    return " ".join(text.split())
