"""An open database in a file of its own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.database import Database
from storage.upgrade import upgrade


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dateline.db"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its schema and nothing in it: made once, copied for each test."""
    file = tmp_path_factory.mktemp("storage") / "migrated.db"
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        upgrade(connection, str(file))
    engine.dispose()
    return file


@pytest.fixture
async def database(file: Path, migrated: Path) -> AsyncIterator[Database]:
    shutil.copy(migrated, file)
    opened = await Database.open(f"sqlite:///{file}")
    yield opened
    await opened.close()
