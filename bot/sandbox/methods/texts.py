"""Sending, editing and deleting what stands in a chat."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.access import message_id_of, own_message, present_chat, writable_chat
from bot.sandbox.errors import bad_request
from bot.sandbox.formatting import Formatted, format_text
from bot.sandbox.keyboards import Markup
from bot.sandbox.methods.outgoing import caption_of, markup_of, preview_of, send
from bot.sandbox.model import Json, Message
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.room import Room
    from bot.sandbox.world import World

DELETABLE_FOR = timedelta(hours=48)
MAX_DELETED = 100


def send_message(world: World, params: Params) -> Json:
    return send(world, params, _content(params))


# --- editing ----------------------------------------------------------------------------------------------------------


def edit_message_text(world: World, params: Params) -> Json | bool:
    content, markup = _content(params), markup_of(params)
    room, message = to_edit(world, params)
    if message.media:
        raise bad_request(errors.NO_TEXT_TO_EDIT)
    preview = preview_of(params)
    if (content.text, content.entities, markup) == (message.text, message.entities, message.markup):
        raise bad_request(errors.NOT_MODIFIED)
    world.limits.take(room.id, world.now())
    message.link_preview = preview
    room.edit(message, content, markup)
    return edited(message, params)


def edit_message_caption(world: World, params: Params) -> Json | bool:
    content, markup = caption_of(params), markup_of(params)
    room, message = to_edit(world, params)
    if message.file is None:
        raise bad_request(errors.NO_CAPTION_TO_EDIT)
    return change(world, params, room, message, content, markup)


def edit_message_reply_markup(world: World, params: Params) -> Json | bool:
    markup = markup_of(params)
    room, message = to_edit(world, params)
    return change(world, params, room, message, None, markup)


def change(
    world: World, params: Params, room: Room, message: Message, content: Formatted | None, markup: Markup | None,
    media: Json | None = None,
) -> Json | bool:  # fmt: skip
    """Edit a message, unless that would change nothing."""
    is_same = content is None or tuple(content) == (message.text, message.entities)
    if is_same and markup == message.markup and media in (None, message.media):
        raise bad_request(errors.NOT_MODIFIED)
    world.limits.take(room.id, world.now())
    room.edit(message, content, markup, media)
    return edited(message, params)


def to_edit(world: World, params: Params) -> tuple[Room, Message]:
    """The message to edit: the bot's own one in a chat, or one that was sent by way of it."""
    if params.has("inline_message_id"):
        message = world.inline.message(params.text("inline_message_id"))
        return message.chat, message
    message_id_of(params)
    chat = writable_chat(world, params)
    return chat, own_message(chat, params)


def edited(message: Message, params: Params) -> Json | bool:
    """What is answered to an edit; of a message that was sent by way of the bot nothing is told."""
    return True if params.has("inline_message_id") else message.raw


# --- deleting ---------------------------------------------------------------------------------------------------------


def delete_message(world: World, params: Params) -> bool:
    message_id = message_id_of(params)
    chat = present_chat(world, params)
    message = chat.find(message_id)
    if message is None:
        raise bad_request(errors.DELETE_NOT_FOUND)
    if not _may_delete(chat, message):
        raise bad_request(errors.DELETE_REFUSED)
    chat.remove(message)
    return True


def delete_messages(world: World, params: Params) -> bool:
    """What is not there, or cannot be deleted, is passed over."""
    chat = present_chat(world, params)
    for message_id in params.array("message_ids", MAX_DELETED):
        message = chat.find(Params({"id": message_id}).integer("id"))
        if message is not None and _may_delete(chat, message):
            chat.remove(message)
    return True


def _may_delete(room: Room, message: Message) -> bool:
    if room.world.now() - message.sent_at > DELETABLE_FOR:
        return False
    return message.from_bot or room.kind == "private" or room.bot_may("can_delete_messages")


def _content(params: Params) -> Formatted:
    return format_text(params.text("text"), params.text("parse_mode"), params.json("entities"))
