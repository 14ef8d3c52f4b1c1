"""The topics of a forum, as a bot manages them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.access import forum_of
from bot.sandbox.errors import bad_request
from bot.sandbox.model import Json, Topic
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.chat import Chat
    from bot.sandbox.world import World

MAX_NAME = 128
COLOURS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def create_forum_topic(world: World, params: Params) -> Json:
    name = _name(params)
    colour = params.integer("icon_color") or COLOURS[0]
    if colour not in COLOURS:
        raise bad_request("TOPIC_ICON_COLOR_INVALID")
    chat = forum_of(world, params)
    topic = chat.found_topic(world.bot, name, colour, params.text("icon_custom_emoji_id"))
    return {"message_thread_id": topic.id, **topic.described}


def edit_forum_topic(world: World, params: Params) -> bool:
    name = _name(params) if params.has("name") else None
    icon = params.text("icon_custom_emoji_id") if "icon_custom_emoji_id" in params.values else None
    chat, topic = _topic(world, params)
    if name in {None, topic.name} and icon in {None, topic.icon_custom_emoji_id}:
        raise bad_request(errors.TOPIC_NOT_MODIFIED)
    chat.change_topic(world.bot, topic, name, icon)
    return True


def delete_forum_topic(world: World, params: Params) -> bool:
    chat, topic = _topic(world, params)
    chat.delete_topic(topic.id)
    return True


def edit_general_forum_topic(world: World, params: Params) -> bool:
    name, chat = _name(params), forum_of(world, params)
    if name == chat.general.name:
        raise bad_request(errors.TOPIC_NOT_MODIFIED)
    chat.change_topic(world.bot, chat.general, name, None)
    return True


def shutter(closed: bool, general: bool) -> Callable[[World, Params], bool]:
    """The method that closes or reopens a topic."""

    def shut(world: World, params: Params) -> bool:
        chat, topic = (forum_of(world, params), None) if general else _topic(world, params)
        found = topic or chat.general
        if found.closed == closed:
            raise bad_request(errors.TOPIC_NOT_MODIFIED)
        chat.shut_topic(world.bot, found, closed)
        return True

    return shut


def hider(hidden: bool) -> Callable[[World, Params], bool]:
    """The method that hides or shows the General topic."""

    def hide(world: World, params: Params) -> bool:
        chat = forum_of(world, params)
        if chat.is_general_hidden == hidden:
            raise bad_request(errors.TOPIC_NOT_MODIFIED)
        chat.hide_general(world.bot, hidden)
        return True

    return hide


def get_forum_topic_icon_stickers(_: World, __: Params) -> list[Json]:
    """There are no custom emoji here."""
    return []


def _topic(world: World, params: Params) -> tuple[Chat, Topic]:
    chat = forum_of(world, params)
    topic = chat.topics.get(params.integer("message_thread_id") or 0)
    if topic is None:
        raise bad_request(errors.TOPIC_NOT_FOUND)
    return chat, topic


def _name(params: Params) -> str:
    name = params.text("name").strip()
    if not name:
        raise bad_request("TOPIC_TITLE_EMPTY")
    return name[:MAX_NAME]
