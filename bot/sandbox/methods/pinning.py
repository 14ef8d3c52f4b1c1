"""Pinning messages, and taking pins away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.access import forum_of, message_id_of, present_chat
from bot.sandbox.errors import bad_request
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.chat import Chat
    from bot.sandbox.world import World


def pin_chat_message(world: World, params: Params) -> bool:
    message_id = message_id_of(params)
    chat = _chat(world, params)
    message = chat.find(message_id)
    if message is None or message.is_service:
        raise bad_request(errors.PIN_NOT_FOUND)
    if message_id in chat.pinned:
        return True
    chat.pinned.append(message_id)
    pinned = {name: value for name, value in message.raw.items() if name != "reply_to_message"}
    chat.notes(world.bot, {"pinned_message": pinned}, message.thread)
    chat.announce()
    return True


def unpin_chat_message(world: World, params: Params) -> bool:
    """That message, or the newest pin."""
    chat = _chat(world, params)
    message_id = params.integer("message_id") or (chat.pinned[-1] if chat.pinned else 0)
    if message_id not in chat.pinned:
        raise bad_request(errors.UNPIN_NOT_FOUND)
    chat.pinned.remove(message_id)
    chat.announce()
    return True


def unpin_all_chat_messages(world: World, params: Params) -> bool:
    chat = _chat(world, params)
    chat.pinned.clear()
    chat.announce()
    return True


def unpin_all_forum_topic_messages(world: World, params: Params) -> bool:
    chat = forum_of(world, params)
    thread = params.integer("message_thread_id") or 0
    if thread not in chat.topics:
        raise bad_request(errors.TOPIC_NOT_FOUND)
    _unpin_topic(chat, thread)
    return True


def unpin_all_general_forum_topic_messages(world: World, params: Params) -> bool:
    _unpin_topic(forum_of(world, params), None)
    return True


def _unpin_topic(chat: Chat, thread: int | None) -> None:
    there = {message.id for message in chat.in_topic(thread)}
    chat.pinned = [message_id for message_id in chat.pinned if message_id not in there]
    chat.announce()


def _chat(world: World, params: Params) -> Chat:
    chat = present_chat(world, params)
    right = "can_edit_messages" if chat.kind == "channel" else "can_pin_messages"
    if chat.kind != "private" and not chat.bot_may(right):
        raise bad_request(errors.NO_RIGHT_TO_PIN)
    return chat
