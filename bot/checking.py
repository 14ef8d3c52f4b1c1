"""`dateline check`: one reading of a source, and what was understood of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.archive import understand
from bot.config import Config
from bot.quotes.report import quote_as_dict
from bot.sources import gather
from bot.sources.fetch import Fetcher
from storage.models import Page, ParsedEntry


async def read_once(source: str, config: Config, *, format: str, timezone: str) -> Page:  # noqa: A002
    """Read `source` once. Raises SourceAway, SourceRefused, UnreadablePage."""
    fetch = config.fetch
    async with Fetcher(
        allow_private_addresses=fetch.allow_private_addresses, max_bytes=fetch.max_bytes, timeout=fetch.timeout
    ) as fetcher:
        return await gather.read_once(fetcher, source, datetime.now(UTC), format=format, timezone=timezone)


def report_of(page: Page) -> dict[str, Any]:
    """A page as other programs are shown it (the shape is DESIGN.md's), entries newest first."""
    understood = understand(page, (), ())
    names = [speaker.name for speaker in understood.speakers]  # the fullest that the page gives, wherever it stands

    def told(key: str) -> list[dict[str, Any]]:
        return [
            quote_as_dict(quote) | {"speaker": None if position is None else names[position]}
            for quote, position in understood.quotes.get(key, ())
        ]

    return {
        "title": page.title,
        "format": page.format,
        "entries": [_entry(entry, told(entry.key)) for entry in page.entries],
        "warnings": list(page.warnings),
    }


def _entry(entry: ParsedEntry, quotes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "key": entry.key,
        "published_at": entry.published_at.astimezone(UTC).isoformat(),
        "title": entry.title,
        "text": entry.text,
        "links": [link.model_dump() for link in entry.links],
        "is_key": entry.is_key,
        "quotes": quotes,
    }
