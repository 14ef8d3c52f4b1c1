"""The bot's command menus, by scope and language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import bad_request

if TYPE_CHECKING:
    from bot.sandbox.room import Room

Command = dict[str, str]

_NAME = re.compile(r"[a-z0-9_]{1,32}")
_PLAIN = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_OF_CHAT = {"chat", "chat_administrators"}
MAX_COMMANDS = 100


class Menus:
    """What setMyCommands stored, by scope: "default", "chat:-100...", "chat_member:-100...:5"; "/de" for a language."""

    def __init__(self) -> None:
        self.by_scope: dict[str, list[Command]] = {}

    def set(self, scope: dict[str, Any] | None, language: str, commands: Any) -> None:
        self.by_scope[_key(scope, language)] = _checked(commands)

    def get(self, scope: dict[str, Any] | None, language: str) -> list[Command]:
        return self.by_scope.get(_key(scope, language), [])

    def delete(self, scope: dict[str, Any] | None, language: str) -> None:
        self.by_scope.pop(_key(scope, language), None)

    def best(self, chat: Room | None = None, language: str = "en") -> list[Command]:
        """What Telegram shows a person in `chat`, or in a private chat: the narrowest scope that has commands."""
        for scope in _scopes(chat):
            for key in (f"{scope}/{language}", scope):
                if self.by_scope.get(key):
                    return self.by_scope[key]
        return []


def _scopes(chat: Room | None) -> list[str]:
    if chat is None:
        return ["all_private_chats", "default"]
    if chat.kind == "private":
        return [f"chat:{chat.id}", "all_private_chats", "default"]
    # The chat page shows one menu a group, that of its owner.
    return [
        f"chat_administrators:{chat.id}",
        f"chat:{chat.id}",
        "all_chat_administrators",
        "all_group_chats",
        "default",
    ]


def _key(scope: dict[str, Any] | None, language: str) -> str:
    kind = str((scope or {}).get("type", "default"))
    suffix = f"/{language}" if language else ""
    if kind in _PLAIN:
        return f"{kind}{suffix}"
    chat_id = (scope or {}).get("chat_id")
    if kind in _OF_CHAT and chat_id is not None:
        return f"{kind}:{chat_id}{suffix}"
    user_id = (scope or {}).get("user_id")
    if kind == "chat_member" and chat_id is not None and user_id is not None:
        return f"{kind}:{chat_id}:{user_id}{suffix}"
    raise bad_request("can't parse BotCommandScope: Unsupported type specified")


def _checked(commands: Any) -> list[Command]:
    if not isinstance(commands, list) or not all(isinstance(command, dict) for command in commands):
        raise bad_request("can't parse commands: Expected an Array of BotCommand")
    if len(commands) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    return [_command(command) for command in commands]


def _command(raw: dict[str, Any]) -> Command:
    name = str(raw.get("command", "")).removeprefix("/")
    description = str(raw.get("description", "")).strip()
    if not _NAME.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}
