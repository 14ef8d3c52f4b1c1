"""Telling the administrators: messages to them wait for nothing and stop nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog

from bot.callbacks import Act, pack
from bot.delivery import errors
from bot.delivery.desk import recovered, suspicious, trouble
from bot.delivery.rendered import Rendered
from bot.delivery.telegram import Messenger
from storage.models import Story

log = structlog.get_logger(__name__)


class Notices:
    """Sends what administrators should know to each of them."""

    def __init__(self, messenger: Messenger, admins: Sequence[int]) -> None:
        self._messenger = messenger
        self._admins = admins
        self._under_way: set[asyncio.Task[None]] = set()

    def source_trouble(self, story: Story, sentence: str | None) -> None:
        """A source stays broken (why), or it has recovered (None)."""
        self._tell(recovered(story) if sentence is None else trouble(story, sentence))

    def too_many(self, story: Story, count: int) -> None:
        """Suspiciously many unknown entries in one reading."""
        self._tell(suspicious(story, count, pack(Act.PAUSE, story.id)))

    async def close(self) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    def _tell(self, rendered: Rendered) -> None:
        for admin in self._admins:
            task = asyncio.create_task(self._send(admin, rendered))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def _send(self, admin: int, rendered: Rendered) -> None:
        try:
            await self._messenger.send(admin, 0, rendered)
        except errors.DeliveryError as error:
            log.warning("administrator_not_told", admin=admin, reason=str(error))
