"""What all tests may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, one for each process that runs tests; skips where there is none."""
    from postgres import start_or_skip

    server = start_or_skip()
    yield server
    server.remove()
