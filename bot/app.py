"""The only place that builds and joins the parts; the order of start and stop.

start   database ─▶ stories of the configuration ─▶ Telegram ─▶ sender ─▶ watcher ─▶ commands
stop    commands ─▶ watcher ─▶ sender, which finishes what is in flight ─▶ database
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy.exc
import structlog
from telegram import Bot

from bot.answering import CannotRun, Receiver, application_of, connect
from bot.calls import Calls, Policy
from bot.clock import Clock, SystemClock
from bot.commands.asking import Desk
from bot.commands.handlers import Answerer, register
from bot.config import Config, StoryConfig
from bot.delivery import errors
from bot.delivery.limits import Limits
from bot.delivery.telegram import Messenger
from bot.heartbeat import Heartbeat, figures
from bot.hooks import Hooks, listening
from bot.intake import Intake
from bot.notices import Notices
from bot.pacer import Pacer
from bot.pickup import PickUp
from bot.preview import Preview
from bot.roles import ALL, SEND, WATCH, Roles, name_of
from bot.sender import Sender
from bot.sources.fetch import Fetcher
from bot.turn import Turns
from bot.watch import Watcher
from storage import backlogs, clocks, stories, subscriptions
from storage.bells import Bells
from storage.database import Database
from storage.errors import sentence
from storage.locks import Locks, alone

__all__ = ["App", "CannotRun", "build", "run", "serve"]

log = structlog.get_logger(__name__)

FINISH_WITHIN = 10.0  # seconds, for what is in flight at the end
CLOCKS_AGREE = 1.0  # seconds; claims outlast calls by more
LONG_WAIT = 60.0  # seconds until the last chat has an entry; from here on a channel is the better way


@dataclass
class App:
    """A running bot. Tests and the demo drive its parts; `dateline run` only waits for its end."""

    config: Config
    roles: Roles
    database: Database
    calls: Calls
    sender: Sender
    watcher: Watcher
    receiver: Receiver
    heart: Heartbeat
    bot: Bot
    listens_at: str = ""  # where the hooks are, if anywhere

    async def read_stories(self, config: Config) -> None:
        """Watch the configuration's stories, and no others; what is no longer named keeps its archive."""
        async with self.database.write() as connection:
            await alone(connection, "stories", 0)
            for story in config.stories:
                await stories.put(connection, story.slug, _values(story))
            gone = await stories.unwatch_others(connection, [story.slug for story in config.stories])
        for slug in gone:
            log.warning("story_no_longer_watched", story=slug, reason="the configuration does not name it; kept")
        self.watcher.wake()

    async def compare_clocks(self) -> None:
        """Warn where processes on several machines would not mean the same by a moment."""
        seconds = await clocks.difference(self.database, SystemClock().now())
        if abs(seconds) > CLOCKS_AGREE:
            log.warning("clocks_differ", seconds=round(seconds, 1), advice="set this machine's clock by NTP")

    async def tell_left(self) -> None:
        """Log how many chats have not been told everything, if any: the next start, or another process, goes on."""
        try:
            async with self.database.read() as connection:
                told = await backlogs.of_stories(connection, await stories.all_of(connection))
        except sqlalchemy.exc.DBAPIError as error:
            log.warning("left_unknown", reason=sentence(error, self.database.place))
            return
        for backlog in told:
            if backlog.behind:
                log.info("left", story=backlog.story.slug, chats_behind=backlog.behind)

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
async def build(config: Config, clock: Clock | None = None, roles: Roles = ALL) -> AsyncIterator[App]:
    """Join the parts: a bot that is connected and answers commands, and reads and sends when it is told to."""
    clock = clock or SystemClock()
    async with AsyncExitStack() as stack:
        database = await Database.open(config.storage_url)
        stack.push_async_callback(database.close)
        locks = await stack.enter_async_context(Locks(database))
        bells = await stack.enter_async_context(Bells(database))
        fetch = config.fetch
        fetcher = await stack.enter_async_context(
            Fetcher(
                allow_private_addresses=fetch.allow_private_addresses,
                max_bytes=fetch.max_bytes,
                timeout=fetch.timeout,
                clock=clock,
            )
        )
        application = application_of(config)
        stack.push_async_callback(application.bot.shutdown)  # closes the transports, however far it comes
        await connect(application, clock)
        stack.push_async_callback(application.shutdown)
        bot: Bot = application.bot
        messenger = Messenger(bot, paid_broadcast=config.delivery.paid_broadcast)
        calls, sender = _sender(config, database, messenger, clock, bot.username)
        notices = Notices(messenger, config.telegram.admins)
        stack.push_async_callback(notices.close)
        intake = Intake(database, on_events=partial(bells.ring, SEND), on_too_many=notices.too_many)
        watcher = Watcher(
            database,
            fetcher,
            intake,
            clock,
            folder=config.folder,
            correct_for=config.delivery.correct_for,
            on_trouble=notices.source_trouble,
            may_read=partial(locks.try_acquire, "story"),
        )
        bells.listen(SEND, sender.wake)
        bells.listen(WATCH, watcher.wake)
        receiver = Receiver(application, locks, config.telegram.admins)
        heart = Heartbeat(
            database, clock, name_of(roles), lambda: figures(calls.done, sender.in_flight, sender.found_unknown)
        )
        app = App(config, roles, database, calls, sender, watcher, receiver, heart, bot)
        await app.read_stories(config)
        desk = Desk(
            database,
            bot.username,
            partial(bells.ring, SEND),
            partial(bells.ring, WATCH),
            Preview(fetcher, clock).read,
            frozenset(config.telegram.admins),
            rate=config.delivery.rate,
        )
        register(application, Answerer(desk, messenger, intake, clock))
        if "watch" in roles:
            app.listens_at = await stack.enter_async_context(listening(Hooks(database, intake, clock, config), config))
        if "answer" in roles:
            stack.push_async_callback(receiver.stop)
            await receiver.start()
        yield app


def _sender(
    config: Config, database: Database, messenger: Messenger, clock: Clock, bot_name: str
) -> tuple[Calls, Sender]:
    delivery = config.delivery
    policy = Policy(delivery.on_unknown, delivery.catch_up_after)
    limits = Limits(delivery.rate, delivery.chat_rate, delivery.group_rate_per_minute)
    calls = Calls(messenger, policy, bot_name)
    pacer = Pacer(database, limits, clock)
    turns = Turns(database, calls, limits, pacer, clock)
    pickup = PickUp(database, clock, policy)
    sender = Sender(database, pickup, turns, calls, pacer, clock, rate=delivery.rate, correct_for=delivery.correct_for)
    return calls, sender


async def run(
    config: Config, stop: asyncio.Event, reload: asyncio.Queue[Config] | None = None, roles: Roles = ALL
) -> None:
    """Run the bot until `stop` is set, then finish what is in flight. Raises CannotRun."""
    async with AsyncExitStack() as stack:
        if app := await _unless_stopped(stack.enter_async_context(build(config, roles=roles)), stop):
            if roles != ALL and app.database.server is None:
                log.warning("one_process_only", reason="a SQLite database is for one process: run all roles in it")
            await app.compare_clocks()
            await app.tell_reach()
            log.info("running", bot=app.bot.username, stories=len(config.stories), roles=sorted(roles))
            await serve(app, stop, reload)
            await app.tell_left()
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
    work = {"watch": app.watcher.run, "send": app.sender.run, "answer": app.receiver.run}
    loops = [asyncio.create_task(work[role]()) for role in sorted(app.roles)]
    loops.append(asyncio.create_task(app.heart.run()))
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


async def _finish(app: App, tasks: list[asyncio.Task[Any]]) -> None:
    await app.sender.stop(FINISH_WITHIN)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await app.heart.close()


async def _reload(app: App, reload: asyncio.Queue[Config]) -> None:
    while True:
        config = await reload.get()
        try:
            await app.read_stories(config)
        except sqlalchemy.exc.OperationalError as error:
            log.warning("stories_not_read", reason=sentence(error, app.database.place))
        else:
            log.info("stories_read_again", stories=len(config.stories))


# --- from the configuration -----------------------------------------------------------------------------------------


def _values(story: StoryConfig) -> dict[str, Any]:
    """What the configuration says of a story; a title only where it gives one, else the page's stays."""
    values = story.model_dump(exclude={"slug"})
    return values if story.title else {name: value for name, value in values.items() if name != "title"}
