"""One look at an address before it becomes a story."""

from __future__ import annotations

from bot import sources
from bot.clock import Clock
from bot.sources import gather
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
            return await gather.read_once(self._fetcher, address, self._clock.now()), ""
        except (SourceAway, SourceRefused, sources.UnreadablePage) as error:
            return None, str(error)
