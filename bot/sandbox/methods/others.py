"""Sending what is neither words nor files: places, people, dice and polls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import cards, polls
from bot.sandbox.access import own_message, writable_chat
from bot.sandbox.errors import bad_request
from bot.sandbox.formatting import Formatted
from bot.sandbox.methods.outgoing import markup_of, send
from bot.sandbox.methods.texts import change, to_edit
from bot.sandbox.model import Json
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.world import World

_NO_WORDS = Formatted("", [])


def send_location(world: World, params: Params) -> Json:
    return send(world, params, _NO_WORDS, cards.location(params), "locations")


def send_venue(world: World, params: Params) -> Json:
    return send(world, params, _NO_WORDS, cards.venue(params), "venues")


def send_contact(world: World, params: Params) -> Json:
    return send(world, params, _NO_WORDS, cards.contact(params), "contacts")


def send_dice(world: World, params: Params) -> Json:
    chat = writable_chat(world, params, "dice")
    return send(world, params, _NO_WORDS, cards.dice(params, chat.next_id), "dice")


def send_poll(world: World, params: Params) -> Json:
    return send(world, params, _NO_WORDS, polls.poll(params, world.new_poll_id()), "polls")


def stop_poll(world: World, params: Params) -> Json:
    markup = markup_of(params)
    chat = writable_chat(world, params, "polls")
    message = own_message(chat, params)
    if "poll" not in message.media:
        raise bad_request("message with poll to stop not found")
    if message.media["poll"]["is_closed"]:
        raise bad_request("poll has already been closed")
    message.markup = markup
    return polls.close(world, message)


def edit_live_location(world: World, params: Params) -> Json | bool:
    markup, place = markup_of(params), cards.location(params)["location"]
    chat, message = to_edit(world, params)
    was = message.media.get("location", {})
    if "live_period" not in was:
        raise bad_request("message can't be edited")
    return change(world, params, chat, message, None, markup, {"location": was | place})


def stop_live_location(world: World, params: Params) -> Json | bool:
    markup = markup_of(params)
    chat, message = to_edit(world, params)
    was = message.media.get("location", {})
    if "live_period" not in was:
        raise bad_request("message can't be edited")
    still = {name: value for name, value in was.items() if name != "live_period"}
    return change(world, params, chat, message, None, markup, {"location": still})
