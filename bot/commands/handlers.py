"""The seam to python-telegram-bot: updates become asks, replies become messages. Nothing that a chat sends raises."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    CallbackQuery,
    ChatMemberUpdated,
    Message,
    Update,
)
from telegram.error import TelegramError
from telegram.ext import (
    Application,
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.callbacks import unpack
from bot.clock import Clock
from bot.commands.asking import Ask, Desk, Handler, Reply, say
from bot.commands.posts import page_of
from bot.commands.table import BUTTONS, COMMANDS
from bot.delivery import errors
from bot.delivery.telegram import Messenger, keyboard
from bot.intake import Intake
from storage import stories, subscriptions
from storage.models import Chat

log = structlog.get_logger(__name__)

Context = ContextTypes.DEFAULT_TYPE
UPDATES = (
    "message",
    "channel_post",
    "edited_message",
    "edited_channel_post",
    "callback_query",
    "my_chat_member",
)
NEW_POSTS = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST  # an edited command does not run again
PRESENT = {"creator", "administrator", "member", "restricted"}
TRIES = 3
NOT_IN_CHANNELS = "Only administrators can use these buttons in a channel."


class Answerer:
    """Answers what chats ask."""

    def __init__(self, desk: Desk, messenger: Messenger, intake: Intake, clock: Clock) -> None:
        self._desk = desk
        self._messenger = messenger
        self._intake = intake
        self._clock = clock

    def handlers(self) -> list[BaseHandler[Any, Any, Any]]:
        """One for each command, and those for buttons and for what happens to the bot."""
        commands: list[BaseHandler[Any, Any, Any]] = [
            CommandHandler(command.name, self._command(command.handler), filters=NEW_POSTS) for command in COMMANDS
        ]
        return [
            *commands,
            CallbackQueryHandler(self._pressed),
            ChatMemberHandler(self._membership, ChatMemberHandler.MY_CHAT_MEMBER),
            MessageHandler(filters.StatusUpdate.MIGRATE, self._migrated),
            MessageHandler(NEW_POSTS & filters.COMMAND & filters.ChatType.PRIVATE, self._unknown),
            MessageHandler(NEW_POSTS & filters.TEXT & filters.ChatType.PRIVATE, self._small_talk),
            MessageHandler((filters.TEXT | filters.CAPTION) & ~filters.COMMAND, self._posted),
        ]

    # --- commands ---------------------------------------------------------------------------------------------------

    def _command(self, handler: Handler) -> Callable[[Update, Context], Coroutine[Any, Any, None]]:
        async def answer(update: Update, context: Context) -> None:
            message = update.effective_message
            if message is None:
                return
            user_id = message.from_user.id if message.from_user else None
            ask = self._ask(message, tuple(context.args or ()), _asker(message, context.bot), user_id)
            await self._meet(ask.chat)
            reply = await handler(self._desk, ask)
            await self._say(message, reply if reply.rendered or not reply.toast else say(reply.toast))

        return answer

    async def _small_talk(self, update: Update, _context: Context) -> None:
        if update.effective_message is not None:
            await self._say(update.effective_message, say("I only understand commands. /help lists them."))

    async def _unknown(self, update: Update, _context: Context) -> None:
        if update.effective_message is not None:
            await self._say(update.effective_message, say("That command is not known here. /help lists what is."))

    def _ask(
        self, message: Message, words: Sequence[str], may_change: Callable[[], Awaitable[bool]], user_id: int | None
    ) -> Ask:
        return Ask(_chat(message), _thread(message), tuple(words), self._clock.now(), may_change, user_id)

    async def _say(self, message: Message, reply: Reply) -> None:
        if reply.rendered is None:
            return
        rendered, chat_id, thread_id = reply.rendered, message.chat.id, _thread(message)
        to = message.message_id if message.chat.type in ("group", "supergroup") else None
        await self._persist(lambda: self._messenger.send(chat_id, thread_id, rendered, reply_to=to))

    async def _persist(self, call: Callable[[], Awaitable[object]]) -> None:
        """Make a call, again where Telegram asks to wait or was not reached."""
        for left in reversed(range(TRIES)):
            try:
                await call()
                return
            except (errors.Wait, errors.NotSent) as error:
                if not left:
                    raise
                await self._clock.sleep(getattr(error, "seconds", 1.0))

    # --- buttons ----------------------------------------------------------------------------------------------------

    async def _pressed(self, update: Update, context: Context) -> None:
        query = update.callback_query
        if query is None:
            return
        reply = await self._press(query, context.bot)
        try:
            await query.answer(reply.toast)
        except TelegramError as error:
            log.info("button_expired", reason=error.message)
        message = query.message
        if reply.rendered is None or not isinstance(message, Message):
            return
        if reply.only_buttons:
            await message.edit_reply_markup(keyboard(reply.rendered.buttons))
        elif reply.in_place:
            await self._messenger.edit(message.chat.id, message.message_id, reply.rendered)
        else:
            await self._say(message, reply)

    async def _press(self, query: CallbackQuery, bot: Bot) -> Reply:
        message, pressed = query.message, unpack(query.data or "")
        if not isinstance(message, Message) or pressed is None:
            return Reply(toast="That button is too old. /help lists what you can ask.")
        act, numbers = pressed
        needed, handler = BUTTONS[act]
        if len(numbers) < needed:
            return Reply(toast="That button is too old. /help lists what you can ask.")
        ask = self._ask(message, (), _presser(query, message, bot), query.from_user.id)
        if ask.chat.type == "channel" and not await ask.may_change():
            return Reply(toast=NOT_IN_CHANNELS)  # the answer would be a post, for all its readers
        await self._meet(ask.chat)
        return await handler(self._desk, ask, numbers)

    # --- what happens to the bot ------------------------------------------------------------------------------------

    async def _meet(self, chat: Chat) -> None:
        async with self._desk.database.write() as connection:
            came_back = await subscriptions.meet(connection, chat)
        if came_back:
            self._desk.wake()

    async def _membership(self, update: Update, _context: Context) -> None:
        """Blocked, unblocked, added, removed."""
        change = update.my_chat_member
        if change is None:
            return
        if _is_present(change):
            await self._meet(Chat(id=change.chat.id, type=_type(change.chat.type), title=_name(change.chat)))
            return
        async with self._desk.database.write() as connection:
            await subscriptions.give_up(connection, change.chat.id)
        log.info("chat_gone", chat=change.chat.id, status=change.new_chat_member.status)

    async def _posted(self, update: Update, _context: Context) -> None:
        """A post, or its correction, in a chat that is a story's source."""
        message = update.effective_message
        if message is None:
            return
        async with self._desk.database.read() as connection:
            found = await stories.by_source(connection, f"{stories.TELEGRAM}{message.chat.id}")
        for story in found:
            await self._intake.push(story, page_of(message), self._clock.now())

    async def _migrated(self, update: Update, _context: Context) -> None:
        message = update.effective_message
        if message is not None and message.migrate_to_chat_id is not None:
            async with self._desk.database.write() as connection:
                await subscriptions.migrate(connection, message.chat.id, message.migrate_to_chat_id)
            self._desk.wake()


async def on_error(update: object, context: Context) -> None:
    """The last resort: what a handler raised is noted, and the person is told that it was us."""
    log.error("command_failed", exc_info=context.error)
    message = update.effective_message if isinstance(update, Update) else None
    if message is None or isinstance(context.error, errors.DeliveryError | TelegramError):
        return
    try:
        await message.reply_text("Sorry, that went wrong on our side. It has been noted.")
    except TelegramError as error:
        log.info("apology_not_sent", reason=error.message)


async def fill_menu(bot: Bot, admins: Sequence[int]) -> None:
    """Tell Telegram the commands: all to private chats and administrators, in groups those that change nothing."""
    public = [command for command in COMMANDS if not command.desk]
    everything = [BotCommand(command.name, command.summary) for command in public]
    asking = [BotCommand(command.name, command.summary) for command in public if not command.changes]
    await bot.set_my_commands(everything, BotCommandScopeDefault())
    await bot.set_my_commands(everything, BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(asking, BotCommandScopeAllGroupChats())
    await bot.set_my_commands(everything, BotCommandScopeAllChatAdministrators())
    for admin in admins:
        try:
            await bot.set_my_commands(
                [BotCommand(command.name, command.summary) for command in COMMANDS], BotCommandScopeChat(admin)
            )
        except TelegramError as error:  # he has not spoken to the bot yet
            log.info("menu_not_set", admin=admin, reason=error.message)


def register(application: Application[Any, Any, Any, Any, Any, Any], answerer: Answerer) -> None:
    application.add_handlers(answerer.handlers())
    application.add_error_handler(on_error)


# --- from Telegram's words to ours ----------------------------------------------------------------------------------


def _asker(message: Message, bot: Bot) -> Callable[[], Awaitable[bool]]:
    """Whether the writer may change what the chat follows."""
    writes_as_chat = message.sender_chat is not None and message.sender_chat.id == message.chat.id
    if message.chat.type in ("private", "channel") or writes_as_chat:
        return _yes
    return _checked(bot, message.chat.id, message.from_user.id if message.from_user else None)


def _presser(query: CallbackQuery, message: Message, bot: Bot) -> Callable[[], Awaitable[bool]]:
    """Whether whoever pressed may: every reader of a channel can press its buttons."""
    return _yes if message.chat.type == "private" else _checked(bot, message.chat.id, query.from_user.id)


async def _yes() -> bool:
    return True


def _checked(bot: Bot, chat_id: int, user_id: int | None) -> Callable[[], Awaitable[bool]]:
    async def check() -> bool:
        if user_id is None:
            return False
        try:
            member = await bot.get_chat_member(chat_id, user_id)
        except TelegramError as error:
            log.info("member_unknown", chat=chat_id, reason=error.message)
            return False
        return member.status in ("creator", "administrator")

    return check


def _is_present(change: ChatMemberUpdated) -> bool:
    return change.new_chat_member.status in PRESENT


def _thread(message: Message) -> int:
    """The topic's id; 0 outside topics and in General, which Telegram refuses when it is named."""
    return (message.message_thread_id or 0) if message.is_topic_message else 0


def _chat(message: Message) -> Chat:
    return Chat(id=message.chat.id, type=_type(message.chat.type), title=_name(message.chat))


def _type(name: str) -> Any:
    return str(name)


def _name(chat: Any) -> str:
    return chat.effective_name or ""
