"""Being connected to Telegram, and taking its updates while nobody else does.

connect ─▶ (lock "updates" ─▶ polling ─▶ handlers) ─▶ lock lost: polling stops, another process takes over
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application

from bot.clock import Clock
from bot.commands.handlers import UPDATES, fill_menu
from bot.config import Config
from bot.delivery import errors
from bot.delivery.telegram import classify
from bot.delivery.transport import Transport
from storage.locks import Locks

log = structlog.get_logger(__name__)

CONNECTIONS = 100  # to Telegram: enough for answers while as many messages are in flight as the rate asks for
POLLING = "Updater:start_polling:polling_task"  # python-telegram-bot's name for it
RETRY_START = (1.0, 2.0, 5.0, 10.0, 30.0)
LOOK_EVERY = 2.0  # seconds, whether the one who takes the updates is still there
UPDATES_LOCK = ("updates", 0)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class CannotRun(Exception):
    """The bot cannot go on; the message says why, for the operator."""


def application_of(config: Config) -> AnyApplication:
    return (
        Application.builder()
        .token(config.token)
        .base_url(config.telegram.base_url)
        .request(Transport(CONNECTIONS + int(config.delivery.rate / 5)))
        .get_updates_request(Transport(1))
        .concurrent_updates(64)
        .build()
    )


async def connect(application: AnyApplication, clock: Clock) -> None:
    """Ask Telegram who we are, as often as it takes to reach it."""
    waits = iter(RETRY_START)
    wait = RETRY_START[-1]
    while True:
        try:
            await application.initialize()
            return
        except InvalidToken as error:
            raise CannotRun(str(errors.WrongToken.__doc__)) from error
        except TelegramError as error:
            asked = classify(error)
            wait = max(next(waits, wait), asked.seconds if isinstance(asked, errors.Wait) else 0.0)
            log.warning("telegram_not_reached", reason=error.message, retry_in=wait)
            await clock.sleep(wait)


class Receiver:
    """Takes Telegram's updates: of all processes of a database one at a time."""

    def __init__(self, application: AnyApplication, locks: Locks, admins: Sequence[int]) -> None:
        self._application = application
        self._locks = locks
        self._admins = admins
        self._polling: asyncio.Task[Any] | None = None

    async def start(self) -> None:
        """Be ready to answer; the updates are taken at once if nobody else does."""
        try:
            await fill_menu(self._application.bot, self._admins)
        except TelegramError as error:
            log.warning("menu_not_set", reason=error.message)
        await self._application.start()
        await self._take_or_leave()

    async def run(self) -> None:
        """Take the updates whenever nobody else does. Raises WrongToken where Telegram takes the token back: polling
        then ends for good, and tells nobody.
        """
        while True:
            polling = {self._polling} if self._polling is not None else set()
            pause = asyncio.create_task(asyncio.sleep(LOOK_EVERY))
            try:
                done, _ = await asyncio.wait({pause, *polling}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                pause.cancel()
            try:
                for task in done - {pause}:
                    task.result()
            except InvalidToken as error:
                raise errors.WrongToken(errors.WrongToken.__doc__) from error
            await self._take_or_leave()

    async def stop(self) -> None:
        await self._leave()
        if self._application.running:
            await self._application.stop()
        await self._locks.release(*UPDATES_LOCK)

    async def _take_or_leave(self) -> None:
        if not await self._locks.try_acquire(*UPDATES_LOCK):
            await self._leave()
        elif self._application.updater is not None and not self._application.updater.running:
            await self._application.updater.start_polling(
                allowed_updates=list(UPDATES), bootstrap_retries=-1, error_callback=_polling_failed
            )
            # The updater's own task, which it shows to nobody.
            self._polling = next((task for task in asyncio.all_tasks() if task.get_name() == POLLING), None)
            log.info("taking_updates")

    async def _leave(self) -> None:
        self._polling = None
        if self._application.updater is not None and self._application.updater.running:
            with suppress(InvalidToken):  # where that has ended polling it is raised again
                await self._application.updater.stop()


def _polling_failed(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("another_instance_polls", advice="two programs use this token: stop one of them")
    else:
        log.warning("updates_not_received", reason=error.message)
