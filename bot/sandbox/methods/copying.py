"""Forwarding and copying messages, one or many."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.access import message_id_of, present_chat
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.formatting import Formatted
from bot.sandbox.methods.outgoing import Way, caption_of, send_on, way
from bot.sandbox.model import Json, Message
from bot.sandbox.origins import origin_of
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.chat import Chat
    from bot.sandbox.world import World

MAX_MANY = 100
_STAYS_BEHIND = {"forward_origin", "external_reply", "quote", "effect_id", "media_group_id"}


def forward_message(world: World, params: Params) -> Json:
    to, source = way(world, params, "text messages"), present_chat(world, params, "from_chat_id")
    return _forward(world, params, to, source, message_id_of(params)).raw


def copy_message(world: World, params: Params) -> Json:
    to, source = way(world, params, "text messages"), present_chat(world, params, "from_chat_id")
    return {"message_id": _copy(world, params, to, source, message_id_of(params)).id}


def forward_messages(world: World, params: Params) -> list[Json]:
    return _many(world, params, _forward)


def copy_messages(world: World, params: Params) -> list[Json]:
    return _many(world, params, _copy)


def _many(world: World, params: Params, act: Callable[[World, Params, Way, Chat, int], Message]) -> list[Json]:
    """What is not there, or cannot go, is passed over."""
    wanted = [Params({"id": raw}).integer("id") or 0 for raw in params.array("message_ids", MAX_MANY)]
    if not wanted or any(one >= other for one, other in pairwise(wanted)):
        raise bad_request("message identifiers must be in a strictly increasing order")
    to, source = way(world, params, "text messages"), present_chat(world, params, "from_chat_id")
    sent = []
    for message_id in wanted:
        try:
            sent.append({"message_id": act(world, params, to, source, message_id).id})
        except ApiError as error:
            if error.code != 400:
                raise
    if not sent:
        raise bad_request("there are no messages to forward")
    return sent


def _forward(world: World, params: Params, to: Way, source: Chat, message_id: int) -> Message:
    message = source.find(message_id)
    if message is None:
        raise bad_request(errors.FORWARD_NOT_FOUND)
    if message.is_service:
        raise bad_request(errors.FORWARD_REFUSED)
    if message.protected:
        raise bad_request(errors.FORWARD_PROTECTED)
    origin = {"forward_origin": origin_of(message)}
    return send_on(world, params, to, Formatted(message.text, message.entities), message.media, _kept(message) | origin)


def _copy(world: World, params: Params, to: Way, source: Chat, message_id: int) -> Message:
    message = source.find(message_id)
    if message is None:
        raise bad_request(errors.COPY_NOT_FOUND)
    if message.is_service:
        raise bad_request(errors.COPY_REFUSED)
    words = Formatted(message.text, message.entities)
    if message.file is not None and params.has("caption"):
        words = caption_of(params)
    if message.file is not None and params.flag("remove_caption"):
        words = Formatted("", [])
    media = message.media
    if "poll" in media:
        media = {"poll": media["poll"] | {"id": world.new_poll_id(), "total_voter_count": 0}}
    return send_on(world, params, to, words, media, _kept(message))


def _kept(message: Message) -> Json:
    return {name: value for name, value in message.service.items() if name not in _STAYS_BEHIND}
