"""A page server, and a fetcher that may ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from serving import Site

from bot.sources.fetch import Fetcher


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    found = Site()
    await found.server.start_server()
    yield found
    await found.server.close()


@pytest.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(allow_private_addresses=True, max_bytes=100_000, timeout=5) as found:
        yield found
