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
            if "&" not in text or not _ENTITY.search(text):
                break
            text = unescaped(text)
    return text if text.isascii() else text.translate(_INVISIBLE)
