"""One writer for many small writes: what waits at the same moment is committed together."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

Result = TypeVar("Result")
Work = Callable[[AsyncConnection], Awaitable[Any]]
Transaction = Callable[[], AbstractAsyncContextManager[AsyncConnection]]

LARGEST = 64  # the gain is flat from here on, and a reader waits for less


class Batches:
    """Gathers work and runs it in shared transactions, one at a time."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._runner: asyncio.Task[None] | None = None

    async def run(self, work: Callable[[AsyncConnection], Awaitable[Result]]) -> Result:
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((work, future))
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._drain())
        return await future

    async def close(self) -> None:
        """Wait until all that was handed in is committed."""
        while self._runner is not None and not self._runner.done():
            await asyncio.wait([self._runner])

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
            if not await self._commit(batch):
                for one in batch:  # one spoilt the transaction for all: each on its own
                    await self._commit([one])

    async def _commit(self, batch: list[tuple[Work, asyncio.Future[Any]]]) -> bool:
        """Run the batch in one transaction; False, with nobody told, if one of several failed in it."""
        has_begun = False
        try:
            async with self._transaction() as connection:
                has_begun = True
                results = [await work(connection) for work, _ in batch]
        except Exception as error:  # it belongs to whoever handed in the work, and is raised there
            if has_begun and len(batch) > 1:
                return False
            for _, future in batch:  # a database that is locked was waited for long enough, once for all
                _settle(future, error=error)
            return True
        for (_, future), result in zip(batch, results, strict=True):
            _settle(future, result=result)
        return True


def _settle(future: asyncio.Future[Any], *, result: Any = None, error: Exception | None = None) -> None:
    if future.done():  # whoever waited was cancelled
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
