"""From a story's source to a `Page`.

    fetch ─▶ bytes ─▶ read: the format's own file ─▶ Page ─▶ gather: what it says stands elsewhere ─▶ diff

`FORMATS` is the map: a format is one module with `sniff(data, context)` and `parse(data, context)`, both pure, and its
`SIGN`. To add one, write the module and name it here, before the text page, which takes whatever nobody else knows.
"""

from __future__ import annotations

from typing import Protocol

from bot.sources import text
from bot.sources.context import Context, UnreadablePage
from bot.sources.encoding import in_utf8, refuse_binary
from bot.sources.formats import (
    aljazeera,
    amp,
    atom,
    bbc,
    guardian,
    guardian_api,
    htmlclocks,
    jsonfeed,
    jsonl,
    jsonld,
    rss,
    sourcefabric,
    wordpress,
)
from storage.models import Page

__all__ = ["FORMATS", "Context", "Format", "UnreadablePage", "read"]


class Format(Protocol):
    """What a module must have to be a format. `SIGN` is what `sniff` knows it by, to be told."""

    SIGN: str

    def sniff(self, data: bytes, context: Context, /) -> bool:
        """Whether these bytes look like this format."""
        ...

    def parse(self, data: bytes, context: Context, /) -> Page:
        """Read them; raises UnreadablePage."""
        ...


FORMATS: dict[str, Format] = {
    "guardian": guardian,
    "guardian-api": guardian_api,
    "bbc": bbc,
    "aljazeera": aljazeera,
    "wordpress": wordpress,
    "sourcefabric": sourcefabric,
    "jsonfeed": jsonfeed,
    "jsonld": jsonld,
    "jsonl": jsonl,
    "rss": rss,
    "atom": atom,
    "amp": amp,
    "htmlclocks": htmlclocks,
    "text": text,
}


def read(data: bytes, context: Context, format: str = "auto") -> Page:  # noqa: A002  (the config's own word)
    """The page that these bytes are; raises UnreadablePage with a sentence for the operator."""
    data = in_utf8(data)
    if format != "auto":
        if format not in FORMATS:
            raise UnreadablePage(f'There is no format "{format}"; known are auto, {", ".join(FORMATS)}.')
        return FORMATS[format].parse(data, context)
    for known in FORMATS.values():
        if known.sniff(data, context):
            return known.parse(data, context)
    refuse_binary(data, context)
    raise UnreadablePage(f"{context.address} is in none of the formats that can be read: {', '.join(FORMATS)}.")
