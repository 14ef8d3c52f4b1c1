"""How the program starts: what a command does not need it does not load. Seconds are `tests/benchmarks/start.py`'s."""

from __future__ import annotations

import subprocess
import sys

import pytest
from program_harness import environment

LIBRARIES = {"aiohttp", "alembic", "lxml", "pydantic", "rapidfuzz", "selectolax", "sqlalchemy", "structlog", "telegram"}
ROOMS = {"bot.app", "bot.commands", "bot.delivery", "bot.exports", "bot.quotes", "bot.sender", "bot.sources", "storage"}


@pytest.mark.parametrize(
    ("loads", "not_needed"),
    [
        pytest.param("bot.cli", LIBRARIES | ROOMS | {"bot.sandbox", "rich.console"}, id="--help"),
        pytest.param("bot.sandbox.alone", (LIBRARIES | ROOMS) - {"aiohttp", "lxml"}, id="sandbox"),
        pytest.param("bot.demo", {"alembic", "asyncpg", "bot.exports", "mako", "selectolax"}, id="demo"),
        pytest.param("bot.app", {"alembic", "asyncpg", "bot.demo", "bot.exports", "bot.sandbox"}, id="run"),
    ],
)
def test_a_command_loads_only_what_it_needs(loads: str, not_needed: set[str]) -> None:
    program = f"import sys, {loads}; print(*sys.modules, sep=chr(10))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, env=environment())
    assert set(found.stdout.decode().split()) & not_needed == set()
