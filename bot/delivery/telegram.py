"""The seam to python-telegram-bot: three calls, and its exceptions told as what they ask for."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from html import unescape
from typing import Any

import structlog
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.delivery import errors
from bot.delivery.rendered import Button, Rendered
from bot.delivery.transport import NoAnswer

log = structlog.get_logger(__name__)

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else each 429 also brings a warning that its wait will be a timedelta

Buttons = Sequence[Sequence[Button]]

# python-telegram-bot warns where a name is one that it has a method for, and writes these in camel case without their
# underscore. Telegram would take any spelling, another server may know its methods by the published one only.
SEND, EDIT, DELETE = "sendMessage_", "editMessageText_", "deleteMessage_"
NO_PREVIEW = {"is_disabled": True}


class Messenger:
    """Sends, edits and deletes; raises DeliveryError.

    It asks for methods by name and takes the bare answers: the objects that `Bot.send_message` makes of them, and of
    what is sent, cost more than the call itself, and of all that only the id is wanted.
    """

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
        replied = {"message_id": reply_to, "allow_sending_without_reply": True} if reply_to else None
        message = await self._write(
            SEND,
            rendered,
            {
                "chat_id": chat_id,
                "message_thread_id": thread_id or None,
                "disable_notification": silent or None,
                "reply_parameters": replied,
                "allow_paid_broadcast": self._paid,
            },
        )
        return int(message["message_id"])

    async def edit(self, chat_id: int, message_id: int, rendered: Rendered) -> None:
        """Make a message read like this; that it does already is no error."""
        try:
            await self._write(EDIT, rendered, {"chat_id": chat_id, "message_id": message_id})
        except errors.NotModified:
            return

    async def delete(self, chat_id: int, message_id: int) -> None:
        await self._call(DELETE, {"chat_id": chat_id, "message_id": message_id})

    async def _write(self, method: str, rendered: Rendered, where: dict[str, Any]) -> Any:
        """What Telegram cannot read goes out as plain text rather than not at all."""
        what = {**where, "link_preview_options": NO_PREVIEW, "reply_markup": _markup(rendered.buttons)}
        try:
            return await self._call(method, {**what, "text": rendered.html, "parse_mode": "HTML"})
        except errors.Malformed as error:
            log.error("message_malformed", answer=str(error), html=rendered.html)
            return await self._call(method, {**what, "text": plain(rendered.html)})

    async def _call(self, method: str, parameters: dict[str, Any]) -> Any:
        try:
            return await self._bot.do_api_request(method, parameters)
        except TelegramError as error:
            raise classify(error) from error


def keyboard(buttons: Buttons) -> InlineKeyboardMarkup | None:
    rows = [
        [InlineKeyboardButton(button.text, callback_data=button.data, url=button.url) for button in row]
        for row in buttons
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _markup(buttons: Buttons) -> dict[str, Any] | None:
    """The same as Telegram gets it."""
    return {"inline_keyboard": [[_button(button) for button in row] for row in buttons]} if buttons else None


def _button(button: Button) -> dict[str, str]:
    does = {"callback_data": button.data, "url": button.url}
    return {"text": button.text, **{name: value for name, value in does.items() if value is not None}}


def plain(html: str) -> str:
    return unescape(re.sub(r"<[^<>]*>", "", html))


def classify(error: TelegramError) -> errors.DeliveryError:
    """The exception of python-telegram-bot as what it asks for."""
    match error:
        case RetryAfter():
            return errors.Wait(_seconds(error.retry_after))
        case ChatMigrated():
            return errors.Migrated(error.new_chat_id)
        case InvalidToken() | EndPointNotFound():  # 401 and 404; what a method by name gets of them is the second
            return errors.WrongToken(errors.WrongToken.__doc__)
        case Forbidden():
            return errors.refused(error.message, forbidden=True)
        case BadRequest():
            return errors.refused(error.message, forbidden=False)
        case NoAnswer():
            return errors.Unknown(error.message)
        case NetworkError():  # NothingSent among them, and refusals that nobody foresaw
            return errors.NotSent(error.message)
    return errors.Unknown(error.message)


def _seconds(retry_after: Any) -> float:
    return float(retry_after.total_seconds() if hasattr(retry_after, "total_seconds") else retry_after)
