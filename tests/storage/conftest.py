"""An open database in a file of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.database import Database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dateline.db"


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite:///{file}")
    yield opened
    await opened.close()
