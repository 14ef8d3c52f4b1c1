"""One writer for many small writes: what waits at the same moment is committed together.

Work comes as a function of its own, or as one more item for a function that takes many at once: a statement with a
hundred rows costs little more than a statement with one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

Item = TypeVar("Item")
Result = TypeVar("Result")
Work = Callable[[AsyncConnection], Awaitable[Any]]
Bulk = Callable[[AsyncConnection, Sequence[Any]], Awaitable[Sequence[Any]]]
Transaction = Callable[[], AbstractAsyncContextManager[AsyncConnection]]

LARGEST = 128  # the gain is flat from here on, and a reader waits for less
CROWD = 64  # while so many come at a time, a transaction waits for them...
LINGER = 0.02  # ...for so many seconds: each trip to the disk costs the same for one and for many


class _Waiting(NamedTuple):
    """`item` is for `work` to do with others of its kind; None where the work stands alone."""

    work: Any
    item: Any
    future: asyncio.Future[Any]


class Batches:
    """Gathers work and runs it in shared transactions, one at a time."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._waiting: list[_Waiting] = []
        self._runner: asyncio.Task[None] | None = None
        self._is_crowded = False

    async def run(self, work: Callable[[AsyncConnection], Awaitable[Result]]) -> Result:
        """Run `work(connection)`; returns its result once it is committed."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._hand_in(_Waiting(work, None, future))
        return await future

    async def run_with_others(
        self, work: Callable[[AsyncConnection, Sequence[Item]], Awaitable[Sequence[Result]]], item: Item
    ) -> Result:
        """Run `work(connection, items)` for all items that wait for it; returns this one's result, once committed."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._hand_in(_Waiting(work, item, future))
        return await future

    async def close(self) -> None:
        """Wait until all that was handed in is committed."""
        while self._runner is not None and not self._runner.done():
            await asyncio.wait([self._runner])

    def _hand_in(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        if self._runner is None or self._runner.done():
            self._runner = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        while self._waiting:
            if self._is_crowded and len(self._waiting) < CROWD:
                await asyncio.sleep(LINGER)
            batch, self._waiting = self._waiting[:LARGEST], self._waiting[LARGEST:]
            self._is_crowded = len(batch) >= CROWD // 4
            if not await self._commit(batch):
                for one in batch:  # one spoilt the transaction for all: each on its own
                    await self._commit([one])

    async def _commit(self, batch: list[_Waiting]) -> bool:
        """Run the batch in one transaction; False, with nobody told, if one of several failed in it."""
        has_begun = False
        results: dict[int, Any] = {}
        try:
            async with self._transaction() as connection:
                has_begun = True
                for work, places in _by_work(batch):
                    if batch[places[0]].item is None:
                        results[places[0]] = await work(connection)
                    else:
                        given = await work(connection, [batch[place].item for place in places])
                        results.update(zip(places, given, strict=True))
        except Exception as error:  # it belongs to whoever handed in the work, and is raised there
            if has_begun and len(batch) > 1:
                return False
            for waiting in batch:  # a database that is locked was waited for long enough, once for all
                _settle(waiting.future, error=error)
            return True
        for place, waiting in enumerate(batch):
            _settle(waiting.future, result=results[place])
        return True


def _by_work(batch: Sequence[_Waiting]) -> list[tuple[Any, list[int]]]:
    """What is done together, in the order in which the first of each was handed in."""
    found: dict[Any, tuple[Any, list[int]]] = {}
    for place, waiting in enumerate(batch):
        key = place if waiting.item is None else waiting.work
        found.setdefault(key, (waiting.work, []))[1].append(place)
    return list(found.values())


def _settle(future: asyncio.Future[Any], *, result: Any = None, error: Exception | None = None) -> None:
    if future.done():  # whoever waited was cancelled
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(result)
