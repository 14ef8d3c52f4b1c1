"""A machine whose clock is wrong is found out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage import clocks
from storage.database import Database


async def test_a_server_on_this_machine_agrees(server_database: Database) -> None:
    assert abs(await clocks.difference(server_database, datetime.now(UTC))) < 5


async def test_a_clock_that_is_slow_is_found_out(server_database: Database) -> None:
    slow = datetime.now(UTC) - timedelta(minutes=2)
    assert await clocks.difference(server_database, slow) == pytest.approx(120, abs=5)


async def test_a_file_has_no_clock(file_database: Database) -> None:
    assert await clocks.difference(file_database, datetime(2016, 3, 14, tzinfo=UTC)) == 0.0
