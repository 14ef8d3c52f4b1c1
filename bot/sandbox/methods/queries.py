"""Answering what people pressed, and what they asked inline."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.calls import Answer
from bot.sandbox.errors import bad_request
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.world import World

QUERY_LIFETIME = timedelta(seconds=60)
MAX_ANSWER = 200


def answer_callback_query(world: World, params: Params) -> bool:
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or world.now() - press.at > QUERY_LIFETIME:
        raise bad_request(errors.QUERY_TOO_OLD)
    text = params.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    world.answered(Answer(press.id, text, params.flag("show_alert"), press.user.id, press.chat.id))
    return True


def answer_inline_query(world: World, params: Params) -> bool:
    results = params.array("results", 1000)
    if len(params.text("next_offset").encode("utf-8", "replace")) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    answer = {
        "cache_time": params.clamped("cache_time", 300, 0, 2**31 - 1),
        "is_personal": params.flag("is_personal"),
        "next_offset": params.text("next_offset"),
        "button": params.mapping("button"),
    }
    world.inline.answer(params.text("inline_query_id"), results, answer)
    return True
