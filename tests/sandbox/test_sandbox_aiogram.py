"""aiogram, a second client library, pointed at the sandbox: so that it is not only consistent with itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.filters import Command
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    ChatPermissions,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResultArticle,
    InputMediaPhoto,
    InputTextMessageContent,
    LinkPreviewOptions,
    ReactionTypeEmoji,
    ReplyParameters,
)
from aiogram.types import Message as Incoming
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web
from sandbox_client import PNG

from bot.sandbox import Sandbox

KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Older", callback_data="older:2")]])
PICTURE = BufferedInputFile(PNG, "grey.png")


@asynccontextmanager
async def connected(sandbox: Sandbox, token: str = "") -> AsyncIterator[Bot]:
    server = TelegramAPIServer.from_base(sandbox.address.rstrip("/"))
    async with Bot(token or sandbox.token, AiohttpSession(api=server)) as bot:
        yield bot


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with connected(sandbox) as bot:
        yield bot


@asynccontextmanager
async def polling(dispatcher: Dispatcher, bot: Bot) -> AsyncIterator[None]:
    running = asyncio.create_task(
        dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False, polling_timeout=20)
    )
    try:
        yield
    finally:
        await dispatcher.stop_polling()
        await running


async def test_handlers_answer_what_is_polled(sandbox: Sandbox, bot: Bot) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message(Command("latest"))
    async def latest(message: Incoming) -> None:
        await message.answer("*here*", parse_mode="MarkdownV2", reply_markup=KEYBOARD)

    @dispatcher.callback_query(F.data.startswith("older"))
    async def older(query: CallbackQuery) -> None:
        await query.answer("there")
        assert isinstance(query.message, Incoming)
        await query.message.edit_text("<i>older</i>", parse_mode="HTML")

    chat = sandbox.private("Ann")
    async with polling(dispatcher, bot):
        await chat.says("/latest")
        await chat.until(lambda messages: messages[1].html == "<b>here</b>")
        await chat.press("Older")
        await chat.until(lambda messages: messages[1].html == "<i>older</i>")
    assert [answer.text for answer in sandbox.answers] == ["there"]
    assert not [call for call in sandbox.calls if call.warnings]


async def test_formatting_quotes_and_previews(sandbox: Sandbox, bot: Bot) -> None:
    chat = sandbox.private("Ann")
    question = await chat.says("Where is 😀 now?")
    sent = await bot.send_message(
        chat.id,
        '<b>𝒜b</b> <a href="https://e.org/x">x</a>',
        parse_mode="HTML",
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        reply_parameters=ReplyParameters(message_id=question.id, quote="😀 now"),
    )
    assert sent.html_text == '<b>𝒜b</b> <a href="https://e.org/x">x</a>'
    assert sent.quote is not None
    assert (sent.quote.text, sent.quote.position, sent.quote.is_manual) == ("😀 now", 9, True)
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "Where is 😀 now?"
    assert sent.link_preview_options is not None
    assert sent.link_preview_options.is_disabled
    with pytest.raises(TelegramBadRequest, match="QUOTE_TEXT_INVALID"):
        await bot.send_message(chat.id, "x", reply_parameters=ReplyParameters(message_id=question.id, quote="then"))


async def test_media_are_sent_edited_and_downloaded(sandbox: Sandbox, bot: Bot) -> None:
    chat = sandbox.private("Ann")
    sent = await bot.send_photo(chat.id, PICTURE, caption="<b>grey</b>", parse_mode="HTML", has_spoiler=True)
    assert sent.photo is not None
    assert (sent.photo[-1].width, sent.photo[-1].height, sent.photo[-1].file_size) == (3, 2, len(PNG))
    assert (sent.caption, sent.has_media_spoiler) == ("grey", True)
    found = await bot.download(sent.photo[-1])
    assert found is not None
    assert found.read() == PNG
    await sent.edit_caption(caption="greyer")
    again = await bot.send_photo(chat.id, sent.photo[-1].file_id)
    assert again.photo is not None
    assert again.photo[-1].file_unique_id == sent.photo[-1].file_unique_id
    elsewhere = InputMediaPhoto(media="https://e.org/other.jpg", caption="other")
    await bot.edit_message_media(elsewhere, chat_id=chat.id, message_id=sent.message_id)
    assert chat.shown[0].view["media_url"] == "https://e.org/other.jpg"
    assert chat.shown[0].text == "other"
    album = await bot.send_media_group(chat.id, [InputMediaPhoto(media=PICTURE, caption="one"), elsewhere])
    assert album[0].media_group_id == album[1].media_group_id is not None
    for send, name in (
        (bot.send_document, "document"),
        (bot.send_video, "video"),
        (bot.send_audio, "audio"),
        (bot.send_animation, "animation"),
        (bot.send_voice, "voice"),
        (bot.send_video_note, "video_note"),
        (bot.send_sticker, "sticker"),
    ):
        message = await send(chat.id, PICTURE)  # type: ignore[operator]
        assert getattr(message, name).file_id
    assert not [call for call in sandbox.calls if call.warnings]


async def test_places_people_dice_and_polls(sandbox: Sandbox, bot: Bot) -> None:
    chat = sandbox.private("Ann")
    place = await bot.send_location(chat.id, 53.5, 9.9)
    assert place.location is not None
    venue = await bot.send_venue(chat.id, 53.5, 9.9, "Harbour", "Quay 1")
    assert venue.venue is not None
    assert (await bot.send_contact(chat.id, "+49", "Ann")).contact is not None
    dice = await bot.send_dice(chat.id, emoji="🎯")
    assert dice.dice is not None
    assert 1 <= dice.dice.value <= 6
    poll = await bot.send_poll(chat.id, "Who?", ["Ann", "Bob"], is_anonymous=False)
    chat.votes(chat.shown[-1], 1)
    state, answer = await bot.get_updates()
    assert state.poll is not None
    assert [option.voter_count for option in state.poll.options] == [0, 1]
    assert answer.poll_answer is not None
    assert answer.poll_answer.option_ids == [1]
    assert (await bot.stop_poll(chat.id, poll.message_id)).is_closed
    assert [one.message_id for one in await bot.copy_messages(chat.id, chat.id, [1, 3])] == [6, 7]
    forwarded = await bot.forward_message(chat.id, chat.id, 1)
    assert forwarded.forward_origin is not None
    assert forwarded.forward_origin.type == "user"


async def test_inline_queries(sandbox: Sandbox, bot: Bot) -> None:
    dispatcher = Dispatcher()
    chosen = asyncio.Event()

    @dispatcher.inline_query()
    async def offer(query: InlineQuery) -> None:
        said = InputTextMessageContent(message_text=f"<b>{query.query}</b>", parse_mode="HTML")
        article = InlineQueryResultArticle(id="1", title="Say it", input_message_content=said, reply_markup=KEYBOARD)
        await query.answer([article], cache_time=5, is_personal=True)

    @dispatcher.chosen_inline_result()
    async def choose(result: Any) -> None:
        await bot.edit_message_text("changed", inline_message_id=result.inline_message_id)
        chosen.set()

    group = sandbox.group("Desk", owner="Ann")
    async with polling(dispatcher, bot):
        query_id = group.asks_inline("hello")
        asked = sandbox.world.inline.asked(query_id)
        await sandbox.until(lambda: asked.results)
        message = await group.chooses(query_id, "1")
        assert (message.html, message.raw["via_bot"]["username"]) == ("<b>hello</b>", "sandbox_bot")
        async with asyncio.timeout(10):
            await chosen.wait()
    assert message.text == "changed"


async def test_a_webhook(sandbox: Sandbox, bot: Bot) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message(Command("latest"))
    async def latest(message: Incoming) -> Any:
        return message.answer("here")  # as the answer to the webhook itself

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token="s3cret", handle_in_background=False).register(app, path="/hook")
    setup_application(app, dispatcher, bot=bot)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        assert await bot.set_webhook(url, secret_token="s3cret", allowed_updates=["message"])
        info = await bot.get_webhook_info()
        assert (info.url, info.allowed_updates, info.pending_update_count) == (url, ["message"], 0)
        chat = sandbox.private("Ann")
        await chat.says("/latest")
        await chat.until(lambda messages: messages[1].text == "here")
        assert await bot.delete_webhook()
    finally:
        await runner.cleanup()


async def test_errors(sandbox: Sandbox, bot: Bot) -> None:
    chat, group = sandbox.private("Ann"), sandbox.group("Desk", owner="Ann")
    sandbox.faults.next(kind="429", retry_after=3)
    with pytest.raises(TelegramRetryAfter) as wait:
        await bot.send_message(chat.id, "x")
    assert wait.value.retry_after == 3
    new = group.migrate()
    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(group.id, "x")
    assert moved.value.migrate_to_chat_id == new.id
    chat.block()
    with pytest.raises(TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.send_message(chat.id, "x")
    sent = await bot.send_message(new.id, "x")
    with pytest.raises(TelegramBadRequest, match="REACTION_INVALID"):
        await sent.react([ReactionTypeEmoji(emoji="👍")])
    with pytest.raises(TelegramBadRequest, match="the sandbox does not carry out getMyStarBalance"):
        await bot.get_my_star_balance()
    async with connected(sandbox, "2:wrong") as stranger:
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()


async def test_topics(sandbox: Sandbox, bot: Bot) -> None:
    forum = sandbox.forum("Newsroom", owner="Ann")
    with pytest.raises(TelegramBadRequest, match="not enough rights to create a topic"):
        await bot.create_forum_topic(forum.id, "Syria")
    forum.promote()
    topic = await bot.create_forum_topic(forum.id, "Syria", icon_color=0xFFD67E)
    thread = topic.message_thread_id
    sent = await bot.send_message(forum.id, "hi", message_thread_id=thread)
    assert (sent.message_thread_id, sent.is_topic_message) == (thread, True)
    assert await bot.edit_forum_topic(forum.id, thread, name="Damascus")
    assert await bot.close_forum_topic(forum.id, thread)
    with pytest.raises(TelegramBadRequest, match="TOPIC_NOT_MODIFIED"):
        await bot.close_forum_topic(forum.id, thread)
    assert await bot.reopen_forum_topic(forum.id, thread)
    assert await bot.pin_chat_message(forum.id, sent.message_id)
    assert await bot.unpin_all_forum_topic_messages(forum.id, thread)
    assert await bot.close_general_forum_topic(forum.id)
    assert await bot.hide_general_forum_topic(forum.id)
    assert await bot.delete_forum_topic(forum.id, thread)
    kinds = [update.message.content_type for update in await bot.get_updates() if update.message]
    assert kinds == [
        "forum_topic_created",
        "forum_topic_edited",
        "forum_topic_closed",
        "forum_topic_reopened",
        "pinned_message",
        "forum_topic_closed",
        "general_forum_topic_hidden",
    ]


async def test_members_and_invitations(sandbox: Sandbox, bot: Bot) -> None:
    bob, eve = sandbox.user("Bob"), sandbox.user("Eve")
    group = sandbox.supergroup("Desk", owner="Ann", members=[bob])
    group.promote()
    await bot.get_updates(offset=-1, allowed_updates=["chat_member", "chat_join_request", "message"])
    await bot.get_updates(offset=2**31 - 1)
    assert await bot.restrict_chat_member(group.id, bob.id, ChatPermissions(can_send_messages=False))
    assert (await bot.get_chat_member(group.id, bob.id)).status == "restricted"
    link = await bot.create_chat_invite_link(group.id, name="press", creates_join_request=True)
    group.follows(eve, link.invite_link)
    restricted, asked = await bot.get_updates()
    assert restricted.chat_member is not None
    assert restricted.chat_member.new_chat_member.status == "restricted"
    assert asked.chat_join_request is not None
    assert asked.chat_join_request.invite_link == link
    assert await asked.chat_join_request.approve()
    with pytest.raises(TelegramBadRequest, match="USER_ALREADY_PARTICIPANT"):
        await asked.chat_join_request.approve()
    assert await bot.promote_chat_member(group.id, eve.id, can_pin_messages=True)
    assert await bot.set_chat_administrator_custom_title(group.id, eve.id, "Chief")
    assert [admin.custom_title for admin in await bot.get_chat_administrators(group.id)][1] == "Chief"
    assert await bot.ban_chat_member(group.id, bob.id)
    assert await bot.set_chat_title(group.id, "News desk")
    news = await bot.get_updates(offset=asked.update_id + 1)
    assert [update.message.content_type for update in news if update.message] == [
        "new_chat_members",
        "left_chat_member",
        "new_chat_title",
    ]
    assert [update.chat_member.new_chat_member.status for update in news if update.chat_member] == [
        "member",
        "administrator",
        "kicked",
    ]
