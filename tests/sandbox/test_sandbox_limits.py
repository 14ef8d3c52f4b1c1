"""Telegram's limits, and faults by request."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from sandbox_client import Api

from bot.sandbox import Chat, Clock, Sandbox


async def send(api: Api, chat: Chat) -> int:
    """0 if it was taken, else how long to wait."""
    answer = await api("sendMessage", chat_id=chat.id, text="hi")
    return 0 if answer["ok"] else int(answer["parameters"]["retry_after"])


async def test_thirty_a_second_over_all_chats(sandbox: Sandbox, api: Api, clock: Clock) -> None:
    sandbox.limits.enabled = True
    chats = [sandbox.private(f"Reader {number}") for number in range(40)]
    waits = [await send(api, chat) for chat in chats]
    assert waits == [0] * 30 + [1] * 10
    clock.advance(seconds=1)
    assert await send(api, chats[-1]) == 0


async def test_one_a_second_in_a_chat_after_a_short_burst(sandbox: Sandbox, api: Api, clock: Clock) -> None:
    sandbox.limits.enabled = True
    chat = sandbox.private("Ann")
    assert [await send(api, chat) for _ in range(5)] == [0, 0, 0, 1, 1]
    clock.advance(seconds=1)
    assert [await send(api, chat) for _ in range(2)] == [0, 1]
    answer = await api("sendMessage", chat_id=chat.id, text="hi")
    assert (answer["error_code"], answer["description"]) == (429, "Too Many Requests: retry after 1")


@pytest.mark.parametrize("kind", ["group", "channel", "forum"])
async def test_twenty_a_minute_in_a_group(sandbox: Sandbox, api: Api, clock: Clock, kind: str) -> None:
    sandbox.limits.enabled = True
    group = sandbox.make(kind, "Desk")
    for _ in range(20):
        assert await send(api, group) == 0
        clock.advance(seconds=1)
    assert await send(api, group) == 40
    clock.advance(seconds=40)
    assert await send(api, group) == 0


async def test_edits_count_and_answers_do_not(sandbox: Sandbox, api: Api) -> None:
    sandbox.limits.enabled = True
    chat = sandbox.private("Ann")
    sent = await api.result("sendMessage", chat_id=chat.id, text="0")
    target = {"chat_id": chat.id, "message_id": sent["message_id"]}
    answers = [await api("editMessageText", **target, text=f"{number}") for number in range(1, 5)]
    assert [answer["ok"] for answer in answers] == [True, True, False, False]
    assert (await api("sendChatAction", chat_id=chat.id, action="typing"))["ok"]


async def test_without_limits_nothing_is_counted(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    assert [await send(api, chat) for _ in range(40)] == [0] * 40


# --- faults -----------------------------------------------------------------------------------------------------------


async def test_a_429_for_one_chat(sandbox: Sandbox, api: Api) -> None:
    ann, bob = sandbox.private("Ann"), sandbox.private("Bob")
    sandbox.faults.next(method="sendMessage", chat=ann, kind="429", retry_after=7, times=2)
    assert [await send(api, chat) for chat in (bob, ann, ann, ann)] == [0, 7, 7, 0]
    assert len(ann.shown) == 1


@pytest.mark.parametrize(("kind", "description"), [("500", "Internal Server Error"), ("502", "Bad Gateway")])
async def test_server_errors(sandbox: Sandbox, api: Api, kind: str, description: str) -> None:
    chat = sandbox.private("Ann")
    sandbox.faults.next(kind=kind)  # type: ignore[arg-type]
    answer = await api("sendMessage", chat_id=chat.id, text="hi")
    assert (answer["error_code"], answer["description"]) == (int(kind), description)
    assert chat.shown == []


@pytest.mark.parametrize(("kind", "shown"), [("cut-before", 0), ("cut-after", 1)])
async def test_a_connection_that_is_cut(sandbox: Sandbox, api: Api, kind: str, shown: int) -> None:
    chat = sandbox.private("Ann")
    sandbox.faults.next(method="sendMessage", kind=kind)  # type: ignore[arg-type]
    with pytest.raises(aiohttp.ClientConnectionError):
        await api("sendMessage", chat_id=chat.id, text="hi")
    assert len(chat.shown) == shown
    assert sandbox.calls[-1].status == 0
    assert await send(api, chat) == 0


async def test_an_answer_that_is_late(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    sandbox.faults.next(kind="late", delay=30)
    call = asyncio.create_task(send(api, chat))
    await sandbox.until(lambda: chat.shown)
    assert not call.done(), "it was done at once, and nobody knows yet"
    call.cancel()


async def test_a_held_call_goes_on_when_released(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    sandbox.faults.next(kind="hold")
    sandbox.faults.next(kind="delay", delay=0.001)
    call = asyncio.create_task(send(api, chat))
    await sandbox.until(lambda: sandbox.faults.held)
    assert await send(api, chat) == 0
    assert len(chat.shown) == 1
    sandbox.faults.release()
    assert await call == 0
    assert len(chat.shown) == 2
