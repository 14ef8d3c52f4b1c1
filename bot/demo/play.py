"""The play: the sandbox and the bot started, then whatever happens to the page read and delivered, one by one."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
import webbrowser
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from bot.app import App, CannotRun, build, serve
from bot.config import Config
from bot.demo.pages import Chosen, choose
from bot.demo.telling import Teller
from bot.sandbox import Sandbox
from bot.sandbox.live import Live
from bot.sandbox.replay import Happening
from bot.sources.diff import ABSENT_AFTER
from storage import stories, subscriptions
from storage.models import Story

USUAL_PORT = 8086
AT_THE_LATEST = 60.0  # seconds without a subscriber, then the replay starts all the same
READER = "You"
BOT_NAME = "DatelineBot"


async def run_demo(
    page: str | None, *, port: int | None, speed: float, once: bool, opens_browser: bool = False
) -> None:
    """Replay a page into a chat until interrupted; with `once` until it is delivered."""
    chosen = await choose(page)
    chosen.replay.set_speed(speed)
    sandbox = Sandbox(name="Dateline", username=BOT_NAME)
    live = Live(chosen.replay, sandbox, chosen.slug, chosen.title or chosen.slug)
    await _listen(sandbox, port)
    teller = Teller(sandbox)
    try:
        with tempfile.TemporaryDirectory(prefix="dateline-demo-") as folder:
            async with build(_config(sandbox, live, chosen, Path(folder))) as app:
                play = _Play(app, sandbox, live, teller, await _story(app, chosen.slug))
                is_interrupted = await play.run(once=once, opens_browser=opens_browser)
    finally:
        await sandbox.stop()
    if is_interrupted:
        teller.goodbye()


class _Play:
    """The bot at work on a replay."""

    def __init__(self, app: App, sandbox: Sandbox, live: Live, teller: Teller, story: Story) -> None:
        self._app = app
        self._sandbox = sandbox
        self._live = live
        self._teller = teller
        self._story = story
        self._stop = asyncio.Event()
        self._is_interrupted = False

    async def run(self, *, once: bool, opens_browser: bool) -> bool:
        """Until it is interrupted, or with `once` delivered; returns whether it was interrupted."""
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, self._interrupt)
        await self._app.watcher.read(self._story.id)
        chat = self._sandbox.private(READER)
        running = asyncio.create_task(serve(self._app, self._stop))
        self._teller.invite(self._live.title, self._live.replay.format)
        if opens_browser:
            await asyncio.to_thread(webbrowser.open, self._sandbox.address)
        following = asyncio.create_task(self._teller.follow_people())
        playing = asyncio.create_task(self._replay(once=once))
        if once:
            await chat.says(f"/subscribe {self._story.slug}")
        try:
            await asyncio.wait({running, playing}, return_when=asyncio.FIRST_COMPLETED)
            if playing.done():
                playing.result()
                self._stop.set()
            await running
        finally:
            self._stop.set()
            for task in (playing, following):
                task.cancel()
            await asyncio.gather(running, playing, following, return_exceptions=True)
        return self._is_interrupted

    def _interrupt(self) -> None:
        self._is_interrupted = True
        self._stop.set()

    async def _replay(self, *, once: bool) -> None:
        """Let the page live. What happens is delivered before the next, so that each entry is a message of its own."""
        await self._until(self._is_wanted, None if once else AT_THE_LATEST, every=0.05)
        await self._until(self._is_delivered, None)
        replay, is_told = self._live.replay, False
        pause: float | None = 0.0  # the first entry comes at once
        while not (once and is_told):
            happened = await self._live.next(pause)
            with self._teller.about(happened, self._app.calls.done):
                await self._read(happened)
                await self._until(self._is_delivered, None)
            pause = None
            if replay.is_over and not is_told:
                self._teller.summary(self._app.calls.done)
                is_told = True

    async def _read(self, happened: list[Happening]) -> None:
        """Have the page read. That an entry is only missing from it the bot believes after several readings."""
        is_withdrawn = any(happening.kind == "withdrawn" for happening in happened)
        is_missing = is_withdrawn and not self._live.replay.says_withdrawn
        for _ in range(ABSENT_AFTER if is_missing else 1):
            await self._app.watcher.read(self._story.id)

    async def _until(self, is_so: Callable[[], Awaitable[bool]], seconds: float | None, every: float = 0.01) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not await is_so():
                    await asyncio.sleep(every)

    async def _is_wanted(self) -> bool:
        """Somebody follows the story, or has laid hands on the replay."""
        async with self._app.database.read() as connection:
            return self._live.is_touched or self._story.id in await subscriptions.count_active(connection)

    async def _is_delivered(self) -> bool:
        """Everybody who can be served has been."""
        async with self._app.database.read() as connection:
            now = await stories.by_id(connection, self._story.id)
            if now is None or self._app.sender.is_serving or await subscriptions.is_recap_due(connection):
                return False
            return self._story.id not in {story_id for story_id, _ in await subscriptions.stories_behind(connection)}


# --- what it is made of ---------------------------------------------------------------------------------------------


async def _listen(sandbox: Sandbox, port: int | None) -> None:
    try:
        await sandbox.start(port=USUAL_PORT if port is None else port)
    except OSError as error:
        if port is not None:
            reason = os.strerror(error.errno or 0).lower()  # asyncio's own words name the address once more
            raise CannotRun(f"Port {port} cannot be used: {reason}. --port 0 takes a free one.") from error
        await sandbox.start(port=0)


def _config(sandbox: Sandbox, live: Live, chosen: Chosen, folder: Path) -> Config:
    return Config.model_validate(
        {
            "telegram": {"token": sandbox.token, "base_url": sandbox.base_url},
            "storage": {"url": f"sqlite:///{folder / 'demo.db'}"},
            "delivery": {"rate": 1000, "chat_rate": 1000, "group_rate_per_minute": 6000},
            "fetch": {"allow_private_addresses": True},
            "stories": [
                {
                    "slug": chosen.slug,
                    "source": live.address,
                    "title": chosen.title or chosen.slug,
                    "format": chosen.replay.format,
                    "every": 5.0,
                }
            ],
            "folder": folder,
        }
    )


async def _story(app: App, slug: str) -> Story:
    async with app.database.read() as connection:
        story = await stories.by_slug(connection, slug)
    if story is None:
        raise CannotRun(f"The story {slug} could not be opened.")
    return story
