"""The methods that change what stands in a chat: send, edit, delete."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.access import message_id_of, own_message, present_chat, thread_of, writable_chat
from bot.sandbox.errors import bad_request
from bot.sandbox.formatting import Formatted, format_text
from bot.sandbox.keyboards import Markup, inline_keyboard
from bot.sandbox.model import Json, Message
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.chat import Chat
    from bot.sandbox.world import World

DELETABLE_FOR = timedelta(hours=48)


def send_message(world: World, params: Params) -> Json:
    content, markup = _content(params), _markup(params)
    chat = writable_chat(world, params)
    replied = _replied(chat, params)
    thread = thread_of(chat, params)
    if thread is None and replied is not None:
        thread = replied.thread  # a reply goes where the message is
    world.limits.take(chat.id, world.now(), params.flag("allow_paid_broadcast"))
    message = chat.post(
        world.bot,
        content,
        from_bot=True,
        markup=markup,
        thread=thread,
        reply_to=replied.id if replied else None,
        silent=params.flag("disable_notification"),
        link_preview=params.mapping("link_preview_options"),
        protected=params.flag("protect_content"),
    )
    return message.raw


def edit_message_text(world: World, params: Params) -> Json:
    content, markup = _content(params), _markup(params)
    chat, message = _to_edit(world, params)
    preview = params.mapping("link_preview_options")
    if (content.text, content.entities, markup) == (message.text, message.entities, message.markup):
        raise bad_request(errors.NOT_MODIFIED)
    world.limits.take(chat.id, world.now())
    message.link_preview = preview
    chat.edit(message, content, markup)
    return message.raw


def edit_message_reply_markup(world: World, params: Params) -> Json:
    markup = _markup(params)
    chat, message = _to_edit(world, params)
    if markup == message.markup:
        raise bad_request(errors.NOT_MODIFIED)
    world.limits.take(chat.id, world.now())
    chat.edit(message, None, markup)
    return message.raw


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


def _content(params: Params) -> Formatted:
    return format_text(params.text("text"), params.text("parse_mode"), params.json("entities"))


def _markup(params: Params) -> Markup | None:
    return inline_keyboard(params.mapping("reply_markup"))


def _to_edit(world: World, params: Params) -> tuple[Chat, Message]:
    message_id_of(params)
    chat = writable_chat(world, params)
    return chat, own_message(chat, params)


def _replied(chat: Chat, params: Params) -> Message | None:
    """The message to reply to, by `reply_parameters` or by the older `reply_to_message_id`."""
    reply = params.mapping("reply_parameters") or {}
    message_id = Params(reply).integer("message_id") or params.integer("reply_to_message_id")
    if not message_id:
        return None
    message = chat.find(message_id)
    is_optional = Params(reply).flag("allow_sending_without_reply") or params.flag("allow_sending_without_reply")
    if message is None and not is_optional:
        raise bad_request(errors.REPLY_NOT_FOUND)
    return message


def _may_delete(chat: Chat, message: Message) -> bool:
    if chat.world.now() - message.sent_at > DELETABLE_FOR:
        return False
    return message.from_bot or chat.kind == "private" or chat.bot_status == "administrator"
