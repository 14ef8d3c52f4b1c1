"""Keyboards under a message: checked as Telegram checks them."""

from __future__ import annotations

from typing import Any

from bot.sandbox import errors
from bot.sandbox.errors import bad_request

Markup = dict[str, Any]

_ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}
_OTHER_MARKUP = ("keyboard", "remove_keyboard", "force_reply")
MAX_BUTTONS = 100


def inline_keyboard(markup: Markup | None) -> Markup | None:
    """The keyboard that a message keeps; None for no buttons, and for markup that changes what a person types on."""
    if not markup or any(name in markup for name in _OTHER_MARKUP):
        return None
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("object expected as reply markup")
    kept = [[_button(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad_request("BUTTON_TEXT_EMPTY")
    if not _ACTIONS & button.keys():
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button:
        _check_data(button["callback_data"])
    if "url" in button:
        _check_url(button["url"])
    return button


def _check_data(data: Any) -> None:
    if not isinstance(data, str) or not 1 <= len(data.encode()) <= 64:
        raise bad_request(errors.BUTTON_DATA_INVALID)


def _check_url(url: Any) -> None:
    if not isinstance(url, str) or not url.startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def buttons(markup: Markup | None) -> list[dict[str, Any]]:
    """All buttons of a keyboard, row after row."""
    return [button for row in (markup or {}).get("inline_keyboard", []) for button in row]
