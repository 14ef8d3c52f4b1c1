"""What `Messenger` says to Telegram, and what of it arrives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lines import HELLO, Line, answering, line, messenger, taken, transport
from telegram.ext import ExtBot

from bot.delivery.rendered import Button, Rendered
from bot.delivery.telegram import Messenger, keyboard
from bot.sandbox import Sandbox

ROWS = ((Button("Quotes", "q:1"), Button("Page", url="https://example.org/live")), (Button("Stop", "s"),))


def said(server: Line) -> list[tuple[str, dict[str, Any]]]:
    """Methods and parameters."""
    found = []
    for request in server.requests:
        head, _, body = request.partition(b"\r\n\r\n")
        found.append((head.split()[1].rpartition(b"/")[2].decode(), json.loads(body)))
    return found


async def test_nothing_is_said_that_telegram_takes_for_granted() -> None:
    async with line(answering(taken(12))) as server, messenger(server.base_url) as sender:
        assert await sender.send(5, 0, HELLO) == 12
        await sender.edit(5, 12, HELLO)
        await sender.delete(5, 12)
    text = {"text": "Hello", "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    assert said(server) == [
        ("sendMessage", {"chat_id": 5} | text),
        ("editMessageText", {"chat_id": 5, "message_id": 12} | text),
        ("deleteMessage", {"chat_id": 5, "message_id": 12}),
    ]


async def test_all_that_can_be_said_of_a_message() -> None:
    async with line(answering(taken())) as server, transport() as made:
        sender = Messenger(ExtBot("1:a", server.base_url, request=made), paid_broadcast=True)
        await sender.send(5, 3, Rendered("Hello", ROWS), silent=True, reply_to=9)
    [(_, parameters)] = said(server)
    assert parameters == {
        "chat_id": 5,
        "message_thread_id": 3,
        "text": "Hello",
        "parse_mode": "HTML",
        "disable_notification": True,
        "link_preview_options": {"is_disabled": True},
        "reply_parameters": {"message_id": 9, "allow_sending_without_reply": True},
        "allow_paid_broadcast": True,
        "reply_markup": {
            "inline_keyboard": [
                [
                    {"text": "Quotes", "callback_data": "q:1"},
                    {"text": "Page", "url": "https://example.org/live"},
                ],
                [{"text": "Stop", "callback_data": "s"}],
            ]
        },
    }


@pytest.mark.parametrize("buttons", [(), ROWS], ids=["none", "some"])
async def test_buttons_are_the_same_by_either_way(buttons: tuple[tuple[Button, ...], ...]) -> None:
    async with line(answering(taken())) as server, messenger(server.base_url) as sender:
        await sender.send(5, 0, Rendered("Hello", buttons))
    made = keyboard(buttons)
    assert said(server)[0][1].get("reply_markup") == (made.to_dict() if made else None)


async def test_a_message_as_the_sandbox_shows_it() -> None:
    async with Sandbox() as sandbox, transport() as made:
        sender = Messenger(ExtBot(sandbox.token, sandbox.base_url, request=made))
        ann = sandbox.private("Ann")
        first = await sender.send(ann.id, 0, HELLO)
        message_id = await sender.send(ann.id, 0, Rendered("<b>News</b>", ROWS), silent=True, reply_to=first)
        await sender.edit(ann.id, message_id, Rendered("<i>Other</i> news", ROWS[:1]))
        await sender.delete(ann.id, first)
        [shown] = ann.shown
        assert (shown.id, shown.text) == (message_id, "Other news")
