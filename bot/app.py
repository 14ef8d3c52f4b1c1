"""The only place that builds and joins the parts; the order of start and stop.

start   database ─▶ stories of the configuration ─▶ Telegram ─▶ sender ─▶ watcher ─▶ commands
stop    commands ─▶ watcher ─▶ sender, which finishes what is in flight ─▶ database
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy.exc
import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application

from bot.calls import Calls, Policy
from bot.clock import Clock, SystemClock
from bot.commands.asking import Desk
from bot.commands.handlers import UPDATES, Answerer, fill_menu, register
from bot.config import Config, StoryConfig
from bot.delivery import errors
from bot.delivery.limits import Limits
from bot.delivery.telegram import Messenger, classify
from bot.delivery.transport import Transport
from bot.hooks import Hooks, listening
from bot.intake import Intake
from bot.notices import Notices
from bot.pacer import Pacer
from bot.pickup import PickUp
from bot.preview import Preview
from bot.sender import Sender
from bot.sources.fetch import Fetcher
from bot.turn import Turns
from bot.watch import Watcher
from storage import stories, subscriptions
from storage.database import Database
from storage.errors import sentence

log = structlog.get_logger(__name__)

FINISH_WITHIN = 10.0  # seconds, for what is in flight at the end
LONG_WAIT = 60.0  # seconds until the last chat has an entry; from here on a channel is the better way
CONNECTIONS = 100  # to Telegram: enough for answers while as many messages are in flight as the rate asks for
POLLING = "Updater:start_polling:polling_task"  # python-telegram-bot's name for it
RETRY_START = (1.0, 2.0, 5.0, 10.0, 30.0)

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class CannotRun(Exception):
    """The bot cannot go on; the message says why, for the operator."""


@dataclass
class App:
    """A running bot. Tests and the demo drive its parts; `dateline run` only waits for its end."""

    config: Config
    database: Database
    calls: Calls
    sender: Sender
    watcher: Watcher
    bot: Bot
    polling: asyncio.Task[Any] | None = None

    async def read_stories(self, config: Config) -> None:
        """Watch the configuration's stories, and no others; what is no longer named keeps its archive."""
        async with self.database.write() as connection:
            for story in config.stories:
                await stories.put(connection, story.slug, _values(story))
            gone = await stories.unwatch_others(connection, [story.slug for story in config.stories])
        for slug in gone:
            log.warning("story_no_longer_watched", story=slug, reason="the configuration does not name it; kept")
        self.watcher.wake()

    async def tell_reach(self) -> None:
        """Log how long the last chat waits for an entry."""
        rate = self.config.delivery.rate
        async with self.database.read() as connection:
            counts = await subscriptions.count_active(connection)
            for story in await stories.all_of(connection):
                seconds = counts.get(story.id, 0) / rate
                log.info(
                    "reach",
                    story=story.slug,
                    chats=counts.get(story.id, 0),
                    last_chat_after_seconds=round(seconds, 1),
                    **({"advice": "use a channel: one message there reaches everybody"} if seconds > LONG_WAIT else {}),
                )


@asynccontextmanager
async def build(config: Config, clock: Clock | None = None) -> AsyncIterator[App]:
    """Join the parts: a bot that is connected and answers commands, and reads and sends when it is told to."""
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        database = await Database.open(config.storage_url)
        stack.push_async_callback(database.close)
        fetcher = await stack.enter_async_context(
            Fetcher(
                allow_private_addresses=config.fetch.allow_private_addresses,
                max_bytes=config.fetch.max_bytes,
                timeout=config.fetch.timeout,
                clock=clock,
            )
        )
        application = _application(config)
        stack.push_async_callback(application.bot.shutdown)  # closes the transports, however far it comes
        await _connect(application, clock)
        stack.push_async_callback(application.shutdown)
        bot: Bot = application.bot
        messenger = Messenger(bot, paid_broadcast=config.delivery.paid_broadcast)
        policy = Policy(config.delivery.on_unknown, config.delivery.catch_up_after)
        calls = Calls(messenger, policy, bot.username)
        limits = _limits(config)
        pacer = Pacer(database, limits, clock)
        turns = Turns(database, calls, limits, pacer, clock)
        pickup = PickUp(database, clock, policy)
        sender = Sender(
            database,
            pickup,
            turns,
            calls,
            pacer,
            clock,
            rate=config.delivery.rate,
            correct_for=config.delivery.correct_for,
        )
        notices = Notices(messenger, config.telegram.admins)
        stack.push_async_callback(notices.close)
        intake = Intake(database, on_events=sender.wake, on_too_many=notices.too_many)
        watcher = Watcher(
            database,
            fetcher,
            intake,
            clock,
            folder=config.folder,
            correct_for=config.delivery.correct_for,
            on_trouble=notices.source_trouble,
        )
        app = App(config, database, calls, sender, watcher, bot)
        await app.read_stories(config)
        desk = Desk(
            database,
            bot.username,
            sender.wake,
            watcher.wake,
            Preview(fetcher, clock).read,
            frozenset(config.telegram.admins),
        )
        register(application, Answerer(desk, messenger, intake, clock))
        await stack.enter_async_context(listening(Hooks(database, intake, clock, config), config))
        stack.push_async_callback(_stop_answering, application)
        await _start_answering(application, config.telegram.admins)
        app.polling = _polling()
        yield app


async def run(config: Config, stop: asyncio.Event, reload: asyncio.Queue[Config] | None = None) -> None:
    """Run the bot until `stop` is set, then finish what is in flight. Raises CannotRun."""
    async with AsyncExitStack() as stack:
        if app := await _unless_stopped(stack.enter_async_context(build(config)), stop):
            await app.tell_reach()
            log.info("running", bot=app.bot.username, stories=len(config.stories))
            await serve(app, stop, reload)
    log.info("stopped")


async def _unless_stopped(starting: Coroutine[Any, Any, App], stop: asyncio.Event) -> App | None:
    """The app once it has started: with Telegram away that takes for ever, and nobody wants to wait for it."""
    tasks = (asyncio.create_task(starting), asyncio.create_task(stop.wait()))
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return tasks[0].result() if tasks[0].done() else None
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def serve(app: App, stop: asyncio.Event, reload: asyncio.Queue[Config] | None = None) -> None:
    """Read and send until `stop` is set or one of the loops ends with an error."""
    loops = [asyncio.create_task(each) for each in (app.watcher.run(), app.sender.run(), _listen(app))]
    if reload is not None:
        loops.append(asyncio.create_task(_reload(app, reload)))
    stopped = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait({*loops, stopped}, return_when=asyncio.FIRST_COMPLETED)
        for task in done - {stopped}:
            task.result()
    except errors.WrongToken as error:
        raise CannotRun(str(error)) from error
    finally:
        await _finish(app, [*loops, stopped])


async def _listen(app: App) -> None:
    """Raises WrongToken where Telegram takes the token back: polling then ends for good, and tells nobody."""
    if app.polling is None:
        await asyncio.Event().wait()
        return
    try:
        await asyncio.shield(app.polling)
    except InvalidToken as error:
        raise errors.WrongToken(errors.WrongToken.__doc__) from error


async def _finish(app: App, tasks: list[asyncio.Task[Any]]) -> None:
    await app.sender.stop(FINISH_WITHIN)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _reload(app: App, reload: asyncio.Queue[Config]) -> None:
    while True:
        config = await reload.get()
        try:
            await app.read_stories(config)
        except sqlalchemy.exc.OperationalError as error:
            log.warning("stories_not_read", reason=sentence(error, app.database.place))
        else:
            log.info("stories_read_again", stories=len(config.stories))


# --- Telegram -------------------------------------------------------------------------------------------------------


def _application(config: Config) -> AnyApplication:
    return (
        Application.builder()
        .token(config.token)
        .base_url(config.telegram.base_url)
        .request(Transport(CONNECTIONS))
        .get_updates_request(Transport(1))  # its own: a poll that is stuck holds up no message, nor they the poll
        .concurrent_updates(64)
        .build()
    )


async def _connect(application: AnyApplication, clock: Clock) -> None:
    """Ask Telegram who we are, as often as it takes to reach it."""
    waits = iter(RETRY_START)
    wait = RETRY_START[-1]
    while True:
        try:
            await application.initialize()
            return
        except InvalidToken as error:
            raise CannotRun(f"Telegram does not accept the token: {errors.WrongToken.__doc__}") from error
        except TelegramError as error:
            asked = classify(error)
            wait = max(next(waits, wait), asked.seconds if isinstance(asked, errors.Wait) else 0.0)
            log.warning("telegram_not_reached", reason=error.message, retry_in=wait)
            await clock.sleep(wait)


async def _start_answering(application: AnyApplication, admins: Sequence[int]) -> None:
    try:
        await fill_menu(application.bot, admins)
    except TelegramError as error:
        log.warning("menu_not_set", reason=error.message)
    await application.start()
    if application.updater is not None:
        await application.updater.start_polling(
            allowed_updates=list(UPDATES), bootstrap_retries=-1, error_callback=_polling_failed
        )


async def _stop_answering(application: AnyApplication) -> None:
    if application.updater is not None and application.updater.running:
        with suppress(InvalidToken):  # where that has ended polling it is raised again
            await application.updater.stop()
    if application.running:
        await application.stop()


def _polling() -> asyncio.Task[Any] | None:
    """The updater's own task, which it shows to nobody."""
    return next((task for task in asyncio.all_tasks() if task.get_name() == POLLING), None)


def _polling_failed(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("another_instance_polls", advice="two programs use this token: stop one of them")
    else:
        log.warning("updates_not_received", reason=error.message)


# --- from the configuration -----------------------------------------------------------------------------------------


def _limits(config: Config) -> Limits:
    delivery = config.delivery
    return Limits(delivery.rate, delivery.chat_rate, delivery.group_rate_per_minute)


def _values(story: StoryConfig) -> dict[str, Any]:
    """What the configuration says of a story; a title only where it gives one, else the page's stays."""
    values = story.model_dump(exclude={"slug"})
    return values if story.title else {name: value for name, value in values.items() if name != "title"}
