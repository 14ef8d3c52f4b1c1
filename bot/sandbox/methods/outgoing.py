"""How the bot's messages go out, whatever they show: where to, in reply to what, within which limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.sandbox import errors
from bot.sandbox.access import peek_chat, thread_of, writable_chat
from bot.sandbox.entities import slice_utf16, utf16_length
from bot.sandbox.errors import bad_request
from bot.sandbox.formatting import Formatted, format_caption
from bot.sandbox.keyboards import Markup, inline_keyboard
from bot.sandbox.model import Json, Message
from bot.sandbox.origins import origin_of
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.chat import Chat
    from bot.sandbox.world import World


class Way(NamedTuple):
    """Where a message goes."""

    chat: Chat
    thread: int | None
    reply_to: int | None
    markup: Markup | None
    service: Json


def way(world: World, params: Params, what: str) -> Way:
    """The way that these parameters describe; `what` is to be sent."""
    markup = markup_of(params)
    chat = writable_chat(world, params, what)
    replied, more = _replied(world, chat, params)
    thread = thread_of(chat, params)
    if thread is None and replied is not None:
        thread = replied.thread  # a reply goes where the message is
    if params.has("message_effect_id") and chat.kind == "private":
        more["effect_id"] = params.text("message_effect_id")
    return Way(chat, thread, replied.id if replied else None, markup, more)


def send(
    world: World, params: Params, content: Formatted, media: Json | None = None, what: str = "text messages",
    service: Json | None = None,
) -> Json:  # fmt: skip
    """Post one message of the bot, and what the Bot API answers to that."""
    to = way(world, params, what)
    return send_on(world, params, to, content, media, service).raw


def send_on(
    world: World, params: Params, to: Way, content: Formatted, media: Json | None = None, service: Json | None = None
) -> Message:
    """Post one message of the bot on a way that is known."""
    world.limits.take(to.chat.id, world.now(), params.flag("allow_paid_broadcast"))
    return to.chat.post(
        world.bot,
        content,
        from_bot=True,
        markup=to.markup,
        thread=to.thread,
        reply_to=to.reply_to,
        silent=params.flag("disable_notification"),
        link_preview=None if media else preview_of(params),
        protected=params.flag("protect_content"),
        service=to.service | (service or {}),
        media=media,
    )


def caption_of(params: Params) -> Formatted:
    return format_caption(params.text("caption"), params.text("parse_mode"), params.json("caption_entities"))


def markup_of(params: Params) -> Markup | None:
    return inline_keyboard(params.mapping("reply_markup")) if params.has("reply_markup") else None


def preview_of(params: Params) -> Json | None:
    """`link_preview_options`, or what its predecessor says."""
    if params.flag("disable_web_page_preview"):
        return {"is_disabled": True}
    return params.mapping("link_preview_options")


def _replied(world: World, chat: Chat, params: Params) -> tuple[Message | None, Json]:
    """The message to reply to, by `reply_parameters` or by the older `reply_to_message_id`; and what is told of it
    beside: the words that were quoted, and where it stands if that is another chat."""
    if not params.has("reply_parameters") and not params.has("reply_to_message_id"):
        return None, {}
    reply = Params(params.mapping("reply_parameters") or {})
    message_id = reply.integer("message_id") or params.integer("reply_to_message_id")
    if not message_id:
        return None, {}
    place = peek_chat(world, reply) if reply.has("chat_id") else chat
    message = place.find(message_id) if place else None
    if message is None or place is None:
        if reply.flag("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
            return None, {}
        raise bad_request(errors.REPLY_NOT_FOUND)
    quote = _quote(message, reply)
    if place is chat:
        return message, quote
    external = {"origin": origin_of(message), "chat": place.raw, "message_id": message.id, **message.media}
    return None, quote | {"external_reply": external}


def _quote(message: Message, reply: Params) -> Json:
    if not reply.has("quote"):
        return {}
    wanted = format_caption(reply.text("quote"), reply.text("quote_parse_mode"), reply.json("quote_entities"))
    at = _position(message.text, wanted.text, reply.integer("quote_position", 0) or 0)
    if not wanted.text or at is None:
        raise bad_request(errors.QUOTE_INVALID)
    entities = {"entities": wanted.entities} if wanted.entities else {}
    return {"quote": {"text": wanted.text, "position": at, "is_manual": True} | entities}


def _position(text: str, words: str, hint: int) -> int | None:
    """Where the words stand, in UTF-16 code units: where they were said to stand, if that is so."""
    if slice_utf16(text, hint, utf16_length(words)) == words:
        return hint
    at = text.find(words)
    return utf16_length(text[:at]) if at >= 0 else None
