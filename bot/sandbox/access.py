"""Which chat, message or person a call speaks of, and whether the bot may act there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.errors import bad_request, forbidden, is_not_a_member, migrated, was_kicked
from bot.sandbox.model import Message, User
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.chat import Chat
    from bot.sandbox.world import World

_CHAT_ID = re.compile(r"-?\d{1,18}", re.ASCII)


def chat_of(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat that `chat_id` names, by number or by @username."""
    if not params.has(name):
        raise bad_request(f"{name} is empty")
    chat = peek_chat(world, params, name)
    if chat is None or (chat.is_deleted and chat.kind == "channel"):
        raise bad_request(errors.CHAT_NOT_FOUND)
    return chat


def peek_chat(world: World, params: Params, name: str = "chat_id") -> Chat | None:
    value = params.values.get(name)
    if type(value) is int:
        return world.chats.get(value)
    value = params.text(name).strip()
    if value.startswith("@"):
        return world.by_username(value)
    return world.chats.get(int(value)) if _CHAT_ID.fullmatch(value) else None


def present_chat(world: World, params: Params, name: str = "chat_id") -> Chat:
    """A chat that the bot is in."""
    chat = chat_of(world, params, name)
    if chat.migrated_to is not None:
        raise migrated(chat.migrated_to)
    if chat.is_deleted:
        raise forbidden(errors.DEACTIVATED if chat.kind == "private" else errors.GROUP_DELETED)
    if chat.kind != "private" and chat.bot_status == "kicked":
        raise was_kicked(chat.kind)
    if chat.bot_status == "left":
        raise is_not_a_member(chat.kind)
    return chat


def writable_chat(world: World, params: Params, what: str = "text messages") -> Chat:
    """A chat that the bot may write to; `what` it wants to send there is for the refusal."""
    chat = present_chat(world, params)
    if chat.kind == "private":
        if chat.bot_status == "kicked":
            raise forbidden(errors.BLOCKED)
        if not chat.is_started:
            raise forbidden(errors.NOT_STARTED)
    elif chat.kind == "channel":
        if chat.bot_status != "administrator":
            raise bad_request(errors.NEED_ADMIN)
    elif chat.bot_status == "restricted":
        raise bad_request(errors.NO_RIGHT_TO_SEND.format(what))
    return chat


def governed_chat(world: World, params: Params, right: str, refusal: str) -> Chat:
    """A group or channel where the bot is an administrator with that right."""
    chat = present_chat(world, params)
    if chat.kind == "private":
        raise bad_request(errors.NOT_IN_PRIVATE)
    if not chat.bot_may(right):
        raise bad_request(refusal)
    return chat


def forum_of(world: World, params: Params) -> Chat:
    """A forum whose topics the bot may manage."""
    chat = present_chat(world, params)
    if not chat.is_forum:
        raise bad_request(errors.NOT_A_FORUM)
    if not chat.bot_may("can_manage_topics"):
        raise bad_request(errors.NO_RIGHT_TO_TOPICS)
    return chat


def thread_of(chat: Chat, params: Params) -> int | None:
    """The topic to write to; None is no topic, or General."""
    thread = params.integer("message_thread_id") or None
    if thread is None:
        if chat.is_forum and chat.is_general_closed:
            raise bad_request(errors.TOPIC_CLOSED)
        return None
    topic = chat.topics.get(thread)
    if topic is None:
        raise bad_request(errors.THREAD_NOT_FOUND)
    if topic.closed and chat.bot_status != "administrator":
        raise bad_request(errors.TOPIC_CLOSED)
    return thread


def message_id_of(params: Params) -> int:
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request(errors.MESSAGE_ID_IS_EMPTY)
    return message_id


def own_message(chat: Chat, params: Params) -> Message:
    """The bot's message to edit."""
    message = chat.find(message_id_of(params))
    if message is None:
        raise bad_request(errors.EDIT_NOT_FOUND)
    if not message.from_bot:
        raise bad_request(errors.EDIT_REFUSED)
    return message


def user_of(world: World, params: Params) -> User:
    user_id = params.integer("user_id")
    if not user_id:
        raise bad_request("invalid user_id specified")
    if user_id not in world.users:
        raise bad_request(errors.USER_NOT_FOUND)
    return world.users[user_id]
