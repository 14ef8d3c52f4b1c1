"""An open database for each test, once on SQLite in a file of its own and once on a PostgreSQL server."""

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
def file_url(file: Path, migrated: Path) -> str:
    """The address of an empty SQLite database."""
    shutil.copy(migrated, file)
    return f"sqlite:///{file}"


@pytest.fixture
async def server_url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The address of an empty PostgreSQL database."""
    server = request.getfixturevalue("postgres")
    url = await server.migrated()
    yield url
    await server.drop(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database with its schema, of the one kind and of the other."""
    return str(request.getfixturevalue("file_url" if request.param == "sqlite" else "server_url"))


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = await Database.open(url)
    yield opened
    await opened.close()


@pytest.fixture
async def file_database(file_url: str) -> AsyncIterator[Database]:
    """For what only a file has."""
    opened = await Database.open(file_url)
    yield opened
    await opened.close()


@pytest.fixture
async def server_database(server_url: str) -> AsyncIterator[Database]:
    """For what only a server has."""
    opened = await Database.open(server_url)
    yield opened
    await opened.close()
