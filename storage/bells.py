"""Bells between processes: who has committed something rings, who waits for it is called.

    bells = Bells(database)
    bells.listen("events", sender.wake)       called soon after anybody rings "events", in this process or another
    bells.ring("events")                      after a commit; returns at once

PostgreSQL carries them by NOTIFY, over one connection that also listens. While it is broken nobody hears of others;
once it is back every listener is called, since one may have been missed, and what was rung meanwhile is sent.
A bell says that there may be something to do, never what: callbacks look for themselves. On SQLite there is one
process.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog

from storage.database import Database
from storage.postgresql import Server, passes

if TYPE_CHECKING:
    import asyncpg

log = structlog.get_logger(__name__)

CHANNEL = "dateline"
CHECK = 3.0  # seconds between two looks whether the line is alive
AWAY = (0.1, 0.5, 1.0, 2.0)  # seconds until the next try to connect; the last one again and again
SETTINGS = {"application_name": "dateline-bells"}

Callback = Callable[[], None]


class Bells:
    """The bells of this process. Callbacks must be quick, and are called from the loop."""

    def __init__(self, database: Database, *, check: float = CHECK) -> None:
        self._server = database.server
        self._check = check
        self._listeners: defaultdict[str, list[Callback]] = defaultdict(list)
        self._unsent: set[str] = set()
        self._rung = asyncio.Event()
        self._all_sent = asyncio.Event()
        self._all_sent.set()
        self._connected = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def listen(self, topic: str, callback: Callback) -> None:
        """Call back whenever the topic is rung."""
        self._listeners[topic].append(callback)
        self._start()

    def ring(self, topic: str) -> None:
        """Tell all who listen, here and in other processes. Many rings in a moment may be heard as one."""
        self._call(topic)
        if self._server is not None:
            self._unsent.add(topic)
            self._all_sent.clear()
            self._rung.set()
            self._start()

    async def connected(self) -> None:
        """Returns once other processes are heard."""
        if self._server is not None:
            self._start()
            await self._connected.wait()

    async def close(self) -> None:
        """Send what was rung, if the line is up, and stop listening."""
        if self._task is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self._all_sent.wait()
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def __aenter__(self) -> Bells:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _call(self, topic: str) -> None:
        for callback in self._listeners.get(topic, ()):
            callback()

    # --- between processes ------------------------------------------------------------------------------------------

    def _start(self) -> None:
        if self._server is not None and self._task is None:
            self._task = asyncio.create_task(self._run(self._server))

    async def _run(self, server: Server) -> None:
        """Be connected, for ever."""
        failures, is_again = 0, False
        while True:
            try:
                connection = await server.connect(**SETTINGS)
            except sa.exc.OperationalError as error:
                log.warning("bells_not_reached", reason=str(error.orig))
                await asyncio.sleep(AWAY[min(failures, len(AWAY) - 1)])
                failures, is_again = failures + 1, True
                continue
            failures = 0
            try:
                await self._serve(connection, is_again=is_again)
            except Exception as error:
                if not passes(error):
                    raise
                log.warning("bells_lost", reason=str(error) or type(error).__name__)
            finally:
                self._connected.clear()
                connection.terminate()
            is_again = True

    async def _serve(self, connection: asyncpg.Connection, *, is_again: bool) -> None:
        """Listen, and send what is rung, until the line breaks; raises the driver's error."""
        connection.add_termination_listener(lambda *_: self._rung.set())
        await connection.add_listener(CHANNEL, self._on_notified)
        self._connected.set()
        if is_again:
            for topic in list(self._listeners):
                self._call(topic)
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._check):
                    await self._rung.wait()
            self._rung.clear()
            if connection.is_closed():
                raise ConnectionResetError("closed by the server")
            await self._send(connection)

    async def _send(self, connection: asyncpg.Connection) -> None:
        """Send what was rung; where nothing was, ask whether the line is alive."""
        sending, self._unsent = self._unsent, set()
        try:
            for topic in sending:
                await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, topic, timeout=self._check)
            if not sending:
                await connection.execute("SELECT 1", timeout=self._check)
        except BaseException:
            self._unsent |= sending
            raise
        if not self._unsent:
            self._all_sent.set()

    def _on_notified(self, connection: Any, sender: int, _channel: str, topic: object) -> None:
        if sender != connection.get_server_pid():  # what we rang ourselves was heard at once
            self._call(str(topic))
