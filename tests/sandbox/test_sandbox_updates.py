"""getUpdates: what confirms, what waits, who gets the 409; and what the bot is told of."""

from __future__ import annotations

import asyncio

import pytest
from sandbox_client import Api

from bot.sandbox import Clock, Sandbox


async def ids(api: Api, **params: object) -> list[int]:
    return [update["update_id"] for update in await api.result("getUpdates", **params)]


async def polling(sandbox: Sandbox) -> None:
    """Until a long poll waits at the server."""
    await sandbox.until(lambda: sandbox.world.updates.is_polled)


async def test_updates_stay_until_a_higher_offset_confirms_them(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    for text in ("one", "two", "three"):
        await chat.says(text)
    first, second, third = await ids(api)
    assert await ids(api) == [first, second, third]
    assert await ids(api, limit=2) == [first, second]
    assert await ids(api, offset=second) == [second, third]
    assert await ids(api, offset=-1) == [third]
    assert await ids(api) == [third]
    assert await ids(api, offset=third + 1) == []
    assert (await api.result("getWebhookInfo"))["pending_update_count"] == 0


@pytest.mark.parametrize(("limit", "most"), [(0, 1), (101, 100), (100, 100)])
async def test_limit_is_kept_between_one_and_a_hundred(sandbox: Sandbox, api: Api, limit: int, most: int) -> None:
    chat = sandbox.private("Ann")
    for number in range(120):
        await chat.says(f"{number}")
    assert len(await ids(api, limit=limit)) == most


async def test_a_long_poll_ends_when_something_happens(sandbox: Sandbox, api: Api) -> None:
    poll = asyncio.create_task(api.updates(timeout=50))
    await polling(sandbox)
    await sandbox.private("Ann").says("hello")
    (update,) = await poll
    assert update["message"]["text"] == "hello"


async def test_the_older_of_two_pollers_is_told_of_the_conflict(sandbox: Sandbox, api: Api) -> None:
    older = asyncio.create_task(api("getUpdates", timeout=50))
    await polling(sandbox)
    newer = asyncio.create_task(api("getUpdates", timeout=50))
    refused = await older
    assert refused["error_code"] == 409
    assert refused["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await polling(sandbox)
    await sandbox.private("Ann").says("hello")
    assert (await newer)["ok"]


async def test_stopping_lets_a_poller_go(sandbox: Sandbox, api: Api) -> None:
    poll = asyncio.create_task(api.result("getUpdates", timeout=50))
    await polling(sandbox)
    await sandbox.stop()
    assert await poll == []


async def test_updates_live_for_a_day(sandbox: Sandbox, api: Api, clock: Clock) -> None:
    chat = sandbox.private("Ann")
    await chat.says("old")
    clock.advance(hours=23)
    await chat.says("young")
    clock.advance(hours=2)
    assert [update["message"]["text"] for update in await api.updates()] == ["young"]


async def test_allowed_updates_are_remembered_and_reset(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    await api.updates(allowed_updates=["callback_query"])
    await chat.says("unheard")
    assert await api.updates() == []
    await api.updates(allowed_updates=[])
    await chat.says("heard")
    assert [update["message"]["text"] for update in await api.updates()] == ["heard"]


async def test_a_command_has_its_entity(sandbox: Sandbox, api: Api, clock: Clock) -> None:
    message = await sandbox.private("Ann").says("/latest 30m")
    (update,) = await api.updates()
    assert update == {"message": message.raw}
    ann = {"id": message.chat.id, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    assert message.raw == {
        "message_id": 1,
        "from": ann,
        "chat": {"id": message.chat.id, "type": "private", "first_name": "Ann"},
        "date": int(clock().timestamp()),
        "text": "/latest 30m",
        "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
    }


@pytest.mark.parametrize(
    ("text", "is_seen"),
    [("hello", False), ("/latest", True), ("/latest@sandbox_bot", True), ("/latest@other_bot", False), ("a /b", False)],
)
async def test_in_groups_the_bot_sees_commands_only(sandbox: Sandbox, api: Api, text: str, is_seen: bool) -> None:
    group = sandbox.group("Desk", owner="Ann")
    await api.result("getUpdates", offset=-1)
    before = len(sandbox.world.updates)
    await group.says(text)
    assert len(sandbox.world.updates) == before + is_seen


async def test_in_groups_the_bot_sees_replies_to_it_and_all_as_administrator(sandbox: Sandbox, api: Api) -> None:
    group = sandbox.group("Desk", owner="Ann")
    sent = await api.result("sendMessage", chat_id=group.id, text="hi")
    await group.says("thanks", reply_to=sent["message_id"])
    group.promote()
    await group.says("anything", by=sandbox.user("Bob"))
    heard = [update["message"]["text"] for update in await api.updates() if "message" in update]
    assert heard == ["thanks", "anything"]


async def test_posts_of_a_channel(sandbox: Sandbox, api: Api) -> None:
    channel = sandbox.channel("News", owner="Ann", username="news")
    await channel.says("/latest")
    await channel.rewrites(channel.messages[0], "/latest 3")
    added, post, edited = await api.updates()
    assert added["my_chat_member"]["new_chat_member"]["status"] == "administrator"
    assert post["channel_post"]["sender_chat"]["username"] == "news"
    assert "from" not in post["channel_post"]
    assert edited["edited_channel_post"]["text"] == "/latest 3"
    assert "edit_date" in edited["edited_channel_post"]


async def test_blocking_and_coming_back(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    chat.block()
    await chat.says("/start")
    updates = await api.updates()
    statuses = [update["my_chat_member"]["new_chat_member"]["status"] for update in updates if "message" not in update]
    assert statuses == ["kicked", "member"]
    assert updates[-1]["message"]["text"] == "/start"


async def test_a_group_becomes_a_supergroup(sandbox: Sandbox, api: Api) -> None:
    group = sandbox.group("Desk", owner="Ann")
    supergroup = group.migrate()
    _, left, arrived = await api.updates()
    assert left["message"]["chat"]["id"] == group.id
    assert left["message"]["migrate_to_chat_id"] == supergroup.id
    assert arrived["message"]["chat"]["id"] == supergroup.id
    assert arrived["message"]["migrate_from_chat_id"] == group.id
    refused = await api("sendMessage", chat_id=group.id, text="hi")
    assert refused["parameters"] == {"migrate_to_chat_id": supergroup.id}
    await api.result("sendMessage", chat_id=supergroup.id, text="hi")


async def test_a_pressed_button_is_a_callback_query(sandbox: Sandbox, api: Api) -> None:
    chat = sandbox.private("Ann")
    keyboard = {
        "inline_keyboard": [[{"text": "Older", "callback_data": "o:2"}, {"text": "Site", "url": "https://e.org"}]]
    }
    await api.result("sendMessage", chat_id=chat.id, text="page", reply_markup=keyboard)
    query_id = await chat.press("Older")
    assert await chat.press(chat.shown[0], "o:2") != query_id
    query = (await api.updates())[0]["callback_query"]
    assert (query["id"], query["data"], query["from"]["first_name"]) == (query_id, "o:2", "Ann")
    assert query["message"]["reply_markup"] == keyboard
    await api.result("answerCallbackQuery", callback_query_id=query_id, text="here", show_alert=True)
    (answer,) = sandbox.answers
    assert (answer.id, answer.text, answer.alert) == (query_id, "here", True)
    with pytest.raises(AssertionError, match="no button 'Site'"):
        await chat.press("Site")
