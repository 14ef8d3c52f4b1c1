"""Bringing a database's schema up to date, with Alembic, inside the caller's transaction."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.errors import StorageError

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(connection: sa.Connection, place: str, *, create: bool = True) -> None:
    """Apply what is missing.

    Raises StorageError where a newer Dateline has written the database, and without `create` where none has.
    """
    found = MigrationContext.configure(connection).get_current_revision()
    newest, known = _revisions()
    if found == newest:
        return
    if found is None and not create:
        raise StorageError(f"{place} holds nothing of Dateline's; `dateline run` and `dateline db upgrade` set it up.")
    if found is not None and found not in known:
        raise StorageError(
            f"{place} was written by a newer Dateline (schema {found}, this one knows up to {newest}): "
            "update Dateline, or name another database."
        )
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


@cache
def _revisions() -> tuple[str | None, frozenset[str]]:
    """The newest, and all that are known: their files are compiled each time they are read."""
    script = ScriptDirectory.from_config(_config())
    return script.get_current_head(), frozenset(revision.revision for revision in script.walk_revisions())
