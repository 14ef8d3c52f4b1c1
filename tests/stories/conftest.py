"""A newsroom that runs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from newsroom import Newsroom


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with Newsroom(tmp_path) as newsroom:
        yield newsroom
