"""The engine for PostgreSQL: many processes, each with a pool of its own.

What passes by itself (a server that restarts, a lock that was waited for too long, a deadlock) is raised as
OperationalError, whichever of a dozen errors the driver makes of it: the same that SQLite's "locked" is, so a loop
catches one error and goes on.

    read     REPEATABLE READ READ ONLY: whoever reads several tables sees them at one moment, as on SQLite
    write    READ COMMITTED: rows are locked as they are touched; see storage.locks for what needs more
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.errors import StorageError

if TYPE_CHECKING:
    import asyncpg

DRIVER = "postgresql+asyncpg"
OLDEST = 14  # the oldest version that its makers still mend
UPGRADE_LOCK = 0x646C_7570  # any number, the same in every process
READING: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 45.0  # longer than the server's own limit: what takes this long comes from a line that is dead
SETTINGS = {
    "application_name": "dateline",
    "statement_timeout": "30s",
    "lock_timeout": "5s",  # as long as a write waits on SQLite
    "idle_in_transaction_session_timeout": "60s",
    "jit": "off",  # compiling takes longer than our small questions
}
POOL = 10

# Of the classes of SQLSTATE those that pass: connections, resources, a shutdown, trouble of the machine; and single
# states: cancelled by a timeout, a lock not had, a deadlock, a serialization failure, a transaction left open too long.
PASSING = re.compile(r"08...|53...|57P0.|58...|57014|55P03|40P01|40001|25P03")


@dataclass(frozen=True)
class Server:
    """Where the database is. `address` may hold a password, and is never shown; `place` names it for people."""

    address: str = field(repr=False)
    place: str

    async def connect(self, **settings: str) -> asyncpg.Connection:
        """A connection outside the pool. Raises OperationalError."""
        import asyncpg  # noqa: PLC0415  (an extra: not everybody has it)

        try:
            return await asyncpg.connect(
                self.address,
                timeout=CONNECT_SECONDS,
                command_timeout=ANSWER_SECONDS,
                server_settings={**SETTINGS, **settings},
            )
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
            raise sa.exc.OperationalError(None, None, error) from error


def engine(url: sa.URL) -> tuple[AsyncEngine, Server]:
    """The engine, and where it connects to. Raises StorageError where the driver is missing or refuses the address."""
    server = Server(_address(url), place_of(url))
    try:
        # The driver reads the address by itself: it knows sslmode, service files and ~/.pgpass as psql does.
        made = create_async_engine(
            f"{DRIVER}://", async_creator=server.connect, pool_size=POOL, max_overflow=0, pool_timeout=60
        )
    except ImportError as error:
        raise StorageError(
            f"{server.place} needs the driver asyncpg, which is not installed: pip install 'dateline-bot[postgres]'."
        ) from error
    sa.event.listen(made.sync_engine, "checkout", _on_checkout)
    sa.event.listen(made.sync_engine, "handle_error", _on_error)
    return made, server


def _address(url: sa.URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def place_of(url: sa.URL) -> str:
    """The address without what is secret: neither the password nor what the query may hold of it."""
    query = {name: value for name, value in url.query.items() if name in ("host", "port")}
    plain = sa.URL.create("postgresql", url.username, None, url.host, url.port, url.database, query)
    return plain.render_as_string().replace("%2F", "/")


async def prepare(connection: Any, place: str) -> None:
    """Before the schema is looked at: is the server new enough; and one process at a time. Lasts for the transaction.

    An upgrade may take as long as it takes, and so may waiting for another's.
    """
    version = connection.dialect.server_version_info
    if version and version[0] < OLDEST:
        raise StorageError(f"{place} is PostgreSQL {version[0]}; Dateline needs version {OLDEST} or later.")
    await connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
    await connection.exec_driver_sql("SET LOCAL lock_timeout = '10min'")
    await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")


def _on_checkout(connection: Any, _record: Any, _proxy: Any) -> None:
    """The server may have restarted since: the driver has noticed, so asking the server is not needed."""
    if connection.driver_connection.is_closed():
        raise sa.exc.DisconnectionError("closed by the server")


def _on_error(context: sa.engine.ExceptionContext) -> BaseException | None:
    error = context.original_exception
    if not passes(error):
        return None
    if _is_broken(error):
        context.is_disconnect = True
    return sa.exc.OperationalError(
        context.statement, None, error, hide_parameters=True, connection_invalidated=context.is_disconnect
    )


def passes(error: BaseException) -> bool:
    """Whether trying again later may help."""
    if _is_broken(error):
        return True
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return PASSING.fullmatch(state) is not None
    return "connection is closed" in str(error) or "connection was closed" in str(error)


def _is_broken(error: BaseException) -> bool:
    """The line is dead, whatever the driver thinks: no answer in time (an OSError), or the server's last word crossed
    with our question and has confused it.
    """
    cause = getattr(error, "driver_exception", None) or error.__cause__
    return isinstance(error, OSError) or any(type(one).__name__ == "InternalClientError" for one in (error, cause))
