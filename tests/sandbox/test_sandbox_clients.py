"""python-telegram-bot, pointed at the sandbox: what it sends, gets and raises."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import MessageEntityType, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes

from bot.sandbox import Sandbox

KEYBOARD = InlineKeyboardMarkup([[InlineKeyboardButton("Older", callback_data="older:2")]])


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with Bot(sandbox.token, base_url=sandbox.base_url) as bot:
        yield bot


async def test_it_sends_edits_and_deletes(sandbox: Sandbox, bot: Bot) -> None:
    chat = sandbox.private("Ann")
    sent = await bot.send_message(
        chat.id, "<b>19:16</b> <i>one</i>", parse_mode=ParseMode.HTML, disable_notification=True, reply_markup=KEYBOARD
    )
    assert [entity.type for entity in sent.entities] == [MessageEntityType.BOLD, MessageEntityType.ITALIC]
    edited = await sent.edit_text("two")
    assert isinstance(edited, type(sent))
    assert edited.edit_date is not None
    (message,) = chat.shown
    assert (message.text, message.history, message.silent, message.buttons) == ("two", ["19:16 one"], True, [])
    assert await sent.delete()
    assert chat.shown == []


async def test_it_receives_a_command_and_a_callback(sandbox: Sandbox, bot: Bot) -> None:
    chat = sandbox.private("Ann")
    await chat.says("/latest 3")
    await bot.send_message(chat.id, "page", reply_markup=KEYBOARD)
    query_id = await chat.press("Older")
    command, pressed = await bot.get_updates(timeout=10)
    assert command.message is not None
    assert list(command.message.parse_entities(["bot_command"]).values()) == ["/latest"]
    assert pressed.callback_query is not None
    assert (pressed.callback_query.id, pressed.callback_query.data) == (query_id, "older:2")
    assert await pressed.callback_query.answer("there")
    assert [answer.text for answer in sandbox.answers] == ["there"]
    assert await bot.get_updates(offset=pressed.update_id + 1) == ()


async def test_it_reads_the_errors(sandbox: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    chat, group = sandbox.private("Ann"), sandbox.group("Desk", owner="Ann")
    sandbox.faults.next(kind="429", retry_after=3)
    with pytest.raises(RetryAfter) as wait:
        await bot.send_message(chat.id, "x")
    assert wait.value.retry_after == timedelta(seconds=3)
    chat.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(chat.id, "x")
    new = group.migrate()
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.new_chat_id == new.id
    with pytest.raises(BadRequest, match="Can't parse entities: unsupported start tag"):
        await bot.send_message(new.id, "<x>", parse_mode=ParseMode.HTML)
    with pytest.raises(InvalidToken):
        await Bot("2:wrong", base_url=sandbox.base_url).initialize()


async def test_it_knows_chats_members_and_menus(sandbox: Sandbox, bot: Bot) -> None:
    bob = sandbox.user("Bob")
    for chat in (sandbox.private("Ann"), sandbox.group("Desk", "Ann"), sandbox.channel("News", "Ann", "news")):
        assert (await bot.get_chat(chat.id)).id == chat.id
    forum = sandbox.forum("Newsroom", owner="Ann", topics=["Syria"])
    forum.promote(bob)
    forum.promote()
    assert len(await bot.get_chat_administrators(forum.id)) == 3
    forum.forbid()
    assert (await bot.get_chat_member(forum.id, bot.id)).status == "restricted"
    assert await bot.set_my_commands([("latest", "The newest")])
    assert [command.command for command in await bot.get_my_commands()] == ["latest"]
    assert await bot.set_my_short_description("Live updates")
    assert (await bot.get_my_short_description()).short_description == "Live updates"
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.delete_webhook(drop_pending_updates=True)


async def test_a_whole_application_runs_against_it(sandbox: Sandbox) -> None:
    async def latest(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message is not None
        await update.effective_message.reply_html("<b>here</b>", reply_markup=KEYBOARD)

    async def older(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer()
        await update.callback_query.edit_message_text("older")

    builder: Any = ApplicationBuilder().token(sandbox.token).base_url(sandbox.base_url)
    app: Application[Any, Any, Any, Any, Any, Any] = builder.build()
    app.add_handler(CommandHandler("latest", latest))
    app.add_handler(CallbackQueryHandler(older))
    async with app:
        await app.start()
        assert app.updater is not None
        await app.updater.start_polling()
        group = sandbox.group("Desk", owner="Ann")
        await group.says("/latest@sandbox_bot")
        await group.until(lambda messages: messages[1].html == "<b>here</b>")
        await group.press("Older")
        await group.until(lambda messages: messages[1].text == "older")
        await app.updater.stop()
        await app.stop()
    assert sandbox.calls[0].method == "getMe"
