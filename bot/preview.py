"""One look at an address before it becomes a story."""

from __future__ import annotations

import asyncio

from bot import sources
from bot.clock import Clock
from bot.sources.fetch import Fetcher, SourceAway, SourceRefused
from storage.models import Page
from storage.stories import TELEGRAM


class Preview:
    """Reads an address once."""

    def __init__(self, fetcher: Fetcher, clock: Clock) -> None:
        self._fetcher = fetcher
        self._clock = clock

    async def read(self, address: str) -> tuple[Page | None, str]:
        """The page and a remark about it, or None and why it cannot be read."""
        if address.startswith(TELEGRAM):
            return Page(format="telegram"), "its posts become updates once the bot can read them there"
        try:
            fetched = await self._fetcher.get(address)
            context = sources.Context(address=address, now=self._clock.now(), content_type=fetched.content_type)
            return await asyncio.to_thread(sources.read, fetched.data or b"", context), ""
        except (SourceAway, SourceRefused, sources.UnreadablePage) as error:
            return None, str(error)
