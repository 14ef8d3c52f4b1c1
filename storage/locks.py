"""Locks with names, shared by all processes of a database: one polls a story, one takes Telegram's updates.

    locks = Locks(database)
    if await locks.try_acquire("story", 7): ...        ours until released, closed, or lost with the connection
    locks.holds("story", 7)                            asked before each thing that only the holder may do

PostgreSQL keeps them as advisory locks of one connection that does nothing else. It is heard from every BEAT seconds;
the server ends it after SILENCE seconds without a word, so that the locks of a process that hangs, or whose line is
dead, go to another. We count from before the last word, so we know that they are lost before anybody else has them.
Where the server itself cuts the line or restarts, we know as soon as the loop runs, or a beat later: what must not even
then be done twice needs a fence as well.

On SQLite one process has the file to itself: every lock is granted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b
from types import TracebackType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.postgresql import Server, passes

if TYPE_CHECKING:
    import asyncpg

log = structlog.get_logger(__name__)

BEAT = 1.5  # seconds
SILENCE = 6.0
SETTINGS = {
    "application_name": "dateline-locks",
    "idle_session_timeout": f"{SILENCE:g}s",
    "tcp_keepalives_idle": "3",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "3",
}

Name = tuple[str, int]


def _nobody() -> None:
    """Nobody is told."""


class Locks:
    """The locks of this process. `on_lost` is called when all that was held is lost."""

    def __init__(
        self, database: Database, on_lost: Callable[[], None] = _nobody, *, beat: float = BEAT, silence: float = SILENCE
    ) -> None:
        self._server = database.server
        self._on_lost = on_lost
        self._beat = beat
        self._silence = silence
        self._held: set[Name] = set()
        self._connection: asyncpg.Connection | None = None
        self._heard_at = 0.0
        self._beating: asyncio.Task[None] | None = None
        self._asking = asyncio.Lock()  # the connection takes one question at a time

    async def try_acquire(self, kind: str, number: int) -> bool:
        """Take the lock if nobody else has it; True where it is ours already. False also while the server is away."""
        name = (kind, number)
        if self._server is None:
            self._held.add(name)
            return True
        if self.holds(*name):
            return True
        try:
            granted = await self._ask(self._server, "SELECT pg_try_advisory_lock($1)", key(kind, number))
        except sa.exc.OperationalError as error:
            log.warning("locks_not_reached", reason=str(error.orig))
            return False
        if granted:
            self._held.add(name)
        return bool(granted)

    async def release(self, kind: str, number: int) -> None:
        """Let others have it. A lock that is not ours is left alone."""
        name = (kind, number)
        if name not in self._held:
            return
        self._held.discard(name)
        if self._server is not None and self._connection is not None:
            with suppress(sa.exc.OperationalError):  # lost with the connection: released all the same
                await self._ask(self._server, "SELECT pg_advisory_unlock($1)", key(kind, number))

    def holds(self, kind: str, number: int) -> bool:
        """Whether the lock is certainly ours at this moment."""
        return (kind, number) in self._held and self.still_held()

    def still_held(self) -> bool:
        """Whether what was acquired is certainly ours still: the server has heard from us lately."""
        if self._server is None:
            return True
        is_open = self._connection is not None and not self._connection.is_closed()
        return is_open and time.monotonic() - self._heard_at < self._silence

    async def close(self) -> None:
        """Let go of all."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
        self._held.clear()
        connection, self._connection = self._connection, None
        if connection is not None:
            await _close(connection)

    async def __aenter__(self) -> Locks:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    # --- the connection ---------------------------------------------------------------------------------------------

    async def _ask(self, server: Server, question: str, *values: Any) -> Any:
        """Ask the connection that holds the locks, a new one where there is none. Raises OperationalError."""
        async with self._asking:
            if not self.still_held():
                await self._connect_anew(server)
            return await self._answer(question, *values)

    async def _answer(self, question: str, *values: Any) -> Any:
        assert self._connection is not None  # noqa: S101  (mypy)
        asked_at = time.monotonic()
        try:
            answer = await self._connection.fetchval(question, *values, timeout=self._silence / 2)
        except Exception as error:
            self._lose()
            if passes(error):
                raise sa.exc.OperationalError(question, None, error) from error
            raise
        except BaseException:  # cancelled in the middle: who knows what the server has granted
            self._lose()
            raise
        self._heard_at = asked_at
        return answer

    async def _connect_anew(self, server: Server) -> None:
        self._lose()
        asked_at = time.monotonic()
        settings = {**SETTINGS, "idle_session_timeout": f"{int(self._silence * 1000)}ms"}
        self._connection = await server.connect(**settings)
        self._connection.add_termination_listener(self._on_end)
        self._heard_at = asked_at
        if self._beating is None or self._beating.done():
            self._beating = asyncio.create_task(self._keep_beating(server))

    async def _keep_beating(self, server: Server) -> None:
        while True:
            await asyncio.sleep(self._beat)
            if self._connection is None:
                continue
            try:
                async with self._asking:
                    if self._connection is not None:
                        await self._answer("SELECT 1")
            except sa.exc.OperationalError as error:
                log.warning("locks_lost", reason=str(error.orig), server=server.place)

    def _on_end(self, connection: Any) -> None:
        if connection is self._connection:
            self._lose()

    def _lose(self) -> None:
        """All is lost; whoever acts on it must stop."""
        connection, self._connection = self._connection, None
        had, self._held = self._held, set()
        if connection is not None:
            connection.terminate()
        if had:
            self._on_lost()


async def _close(connection: asyncpg.Connection) -> None:
    try:
        await connection.close(timeout=1)
    except Exception:  # it was broken: then there is nothing to say goodbye to
        connection.terminate()


def key(kind: str, number: int | str) -> int:
    """The lock's number, in PostgreSQL's 64 bits."""
    return int.from_bytes(blake2b(f"{kind}:{number}".encode(), digest_size=8).digest(), "big", signed=True)


async def alone(connection: AsyncConnection, kind: str, number: int | str) -> None:
    """Be the only one to write about this until the transaction ends.

    For what reads first and writes by what it found; on SQLite whoever writes is alone anyway.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key(kind, number))))
