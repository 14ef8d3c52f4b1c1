"""The seam to python-telegram-bot: three calls, and its exceptions told as what they ask for."""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Sequence
from html import unescape
from typing import Any, TypeVar

import httpx
import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.delivery import errors
from bot.delivery.rendered import Button, Rendered

log = structlog.get_logger(__name__)

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else each 429 also brings a warning that its wait will be a timedelta

Result = TypeVar("Result")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Messenger:
    """Sends, edits and deletes; raises DeliveryError."""

    def __init__(self, bot: Bot, *, paid_broadcast: bool = False) -> None:
        self._bot = bot
        self._paid = paid_broadcast or None

    async def send(
        self,
        chat_id: int,
        thread_id: int,
        rendered: Rendered,
        *,
        silent: bool = False,
        reply_to: int | None = None,
    ) -> int:
        """Send a message; returns its id in the chat. A message to reply to that is gone is left out."""

        async def call(text: str, parse_mode: str | None) -> int:
            message = await self._bot.send_message(
                chat_id,
                text,
                parse_mode=parse_mode,
                message_thread_id=thread_id or None,
                disable_notification=silent,
                link_preview_options=NO_PREVIEW,
                reply_markup=keyboard(rendered.buttons),
                reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
                allow_paid_broadcast=self._paid,
            )
            return message.message_id

        return await _told(_readable(call, rendered.html))

    async def edit(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        """Make a message read like this; that it does already is no error."""

        async def call(text: str, parse_mode: str | None) -> None:
            await self._bot.edit_message_text(
                text,
                chat_id,
                message_id,
                parse_mode=parse_mode,
                link_preview_options=NO_PREVIEW,
                reply_markup=keyboard(rendered.buttons),
            )

        try:
            await _told(_readable(call, rendered.html))
        except errors.NotModified:
            return

    async def delete(self, chat_id: int, message_id: int) -> None:
        await _told(self._bot.delete_message(chat_id, message_id))


def keyboard(buttons: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    rows = [
        [InlineKeyboardButton(button.text, callback_data=button.data, url=button.url) for button in row]
        for row in buttons
    ]
    return InlineKeyboardMarkup(rows) if rows else None


async def _readable(call: Callable[[str, str | None], Awaitable[Result]], html: str) -> Result:
    """Make the call; what Telegram cannot read goes out as plain text rather than not at all."""
    try:
        return await call(html, ParseMode.HTML)
    except BadRequest as error:
        if not isinstance(classify(error), errors.Malformed):
            raise
        log.error("message_malformed", answer=error.message, html=html)
        return await call(plain(html), None)


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^<>]*>", "", html))


async def _told(call: Awaitable[Result]) -> Result:
    try:
        return await call
    except TelegramError as error:
        raise classify(error) from error


def classify(error: TelegramError) -> errors.DeliveryError:
    """The exception of python-telegram-bot as what it asks for."""
    match error:
        case RetryAfter():
            return errors.Wait(_seconds(error.retry_after))
        case ChatMigrated():
            return errors.Migrated(error.new_chat_id)
        case InvalidToken():
            return errors.WrongToken(errors.WrongToken.__doc__)
        case Forbidden():
            return errors.refused(error.message, forbidden=True)
        case BadRequest():
            return errors.refused(error.message, forbidden=False)
        case TimedOut() | NetworkError() if error.__cause__ is not None:
            return _unanswered(error, error.__cause__)
        case NetworkError():
            return errors.failed(error.message)
    return errors.Unknown(error.message)


def _unanswered(error: TelegramError, cause: BaseException) -> errors.DeliveryError:
    """No answer came: did the request leave?"""
    if isinstance(cause, httpx.PoolTimeout | httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol):
        return errors.NotSent(error.message)
    if isinstance(cause, httpx.HTTPError):
        return errors.Unknown(error.message)
    return errors.failed(error.message)


def _seconds(retry_after: Any) -> float:
    return float(retry_after.total_seconds() if hasattr(retry_after, "total_seconds") else retry_after)
