"""What Telegram finds in a text by itself: addresses, bot commands, names and hashtags."""

from __future__ import annotations

import re

from bot.sandbox.entities import Entity, end_of, utf16_length

_DOMAINS = "com|org|net|info|io|me|dev|app|gov|edu|eu|de|uk|fr|ru|ua|us|tv|news|int"
_FOUND = re.compile(
    r"(?P<url>(?<![\w@.])(?:https?://[^\s<>\"]+|(?:www\.)?[\w-]+(?:\.[\w-]+)*\.(?:"
    + _DOMAINS
    + r")\b(?:/[^\s<>\"]*)?))"
    r"|(?P<email>(?<![\w.])[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z0-9_]{3,32}(?!\w))"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d]\w*)"
    r"|(?P<cashtag>(?<![\w$])\$[A-Z]{1,8}(?!\w))"
)
_HINT = re.compile(r"[/@#$]|\.\w")
# These keep their text to themselves; a style may lie over an address.
_CLOSED = {"pre", "code", "text_link", "text_mention", "date_time", "custom_emoji"}


def detect(text: str, entities: list[Entity]) -> list[Entity]:
    """The entities to add to those that the sender gave."""
    if _HINT.search(text) is None:
        return []
    closed = [entity for entity in entities if entity["type"] in _CLOSED]
    found = []
    for match in _FOUND.finditer(text):
        entity = _entity(text, match)
        if not any(entity["offset"] < end_of(other) and other["offset"] < end_of(entity) for other in closed):
            found.append(entity)
    return found


def _entity(text: str, match: re.Match[str]) -> Entity:
    kind = str(match.lastgroup)
    words = match[0]
    if kind == "url":
        words = words.rstrip(".,:;!?'»”’)") or words
    return {"type": kind, "offset": utf16_length(text[: match.start()]), "length": utf16_length(words)}
