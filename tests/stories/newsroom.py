"""The real bot against the sandbox and a page that changes, over HTTP, on a real database file; only time is ours.

async with Newsroom(folder) as news:
    ann = news.reader("Ann")
    await news.opens()                           # the page is read for the first time
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", "Words.")
    await news.comes_round()                     # the page is read, and what is due is sent
    assert "Words." in ann.shown[-1].text
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.app import App, build
from bot.config import Config
from bot.sandbox import Answer, Chat, Message, Sandbox, User
from bot.sandbox.formatting import format_text
from storage import stories, subscriptions
from storage.models import Chat as KnownChat
from storage.models import Story

START = datetime(2016, 3, 14, 19, 0, tzinfo=UTC)
SLUG = "harbour"
TITLE = "Fire in the harbour"


class ManualClock:
    """Waiting takes no time: it only moves the hands on."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, **span: float) -> None:
        self._now += timedelta(**span)

    async def sleep(self, seconds: float) -> None:
        self._now = max(self._now, self._now + timedelta(seconds=seconds))
        await asyncio.sleep(0)


@dataclass
class LivePage:
    """A text page in the form of the example page, served over HTTP with an ETag."""

    title: str = TITLE
    entries: list[tuple[str, str]] = field(default_factory=list)  # newest first
    status: int = 200
    requests: int = 0
    whole: str | None = None  # said instead of the entries

    def publish(self, stamp: str, text: str, at: int = 0) -> None:
        self.entries.insert(at, (stamp, text))

    def correct(self, stamp: str, text: str, new_stamp: str | None = None) -> None:
        place = self._place(stamp)
        self.entries[place] = (new_stamp or stamp, text)

    def withdraw(self, stamp: str) -> None:
        self.correct(stamp, "*This update has been withdrawn.*")

    def remove(self, stamp: str) -> None:
        del self.entries[self._place(stamp)]

    def _place(self, stamp: str) -> int:
        return next(place for place, (at, _) in enumerate(self.entries) if at == stamp)

    def render(self) -> str:
        if self.whole is not None:
            return self.whole
        body = "".join(f"- **{stamp}**\n\n{text}\n\n" for stamp, text in self.entries)
        return f"{self.title} Live updates\n\n14/03/2016\n\n- 14 March 2016\n\n{body}"

    async def serve(self, request: web.Request) -> web.Response:
        self.requests += 1
        if self.status != 200:
            return web.Response(status=self.status)
        body = self.render().encode()
        etag = f'"{hash(body)}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(body=body, content_type="text/plain", charset="utf-8", headers={"ETag": etag})


class Newsroom:
    """A bot, a page and a Telegram. `folder` holds the database, unless it is at a `url`."""

    def __init__(self, folder: Path, url: str | None = None, **sections: dict[str, Any]) -> None:
        self.clock = ManualClock()
        self.page = LivePage()
        self.sandbox = Sandbox(now=self.clock.now, name="Dateline", username="DatelineBot")
        self.pages: dict[str, LivePage] = {}  # of the stories beside the first, by slug
        self.sandbox.mount([web.get("/live", self.page.serve), web.get("/pages/{slug}", self._serve)])
        self.folder = folder
        self.url = url or f"sqlite:///{folder / 'dateline.db'}"
        self.sections = sections
        self.more_stories: list[dict[str, Any]] = []
        self._stack = AsyncExitStack()
        self._app: App | None = None

    @property
    def app(self) -> App:
        assert self._app is not None, "the bot is not running"
        return self._app

    def config(self) -> Config:
        story = {"slug": SLUG, "source": f"{self.sandbox.address}live", "every": 20.0}
        values: dict[str, Any] = {
            "telegram": {"token": self.sandbox.token, "base_url": self.sandbox.base_url},
            "storage": {"url": self.url},
            "fetch": {"allow_private_addresses": True},
            "delivery": {},
            "stories": [story, *self.more_stories],
            "folder": self.folder,
        }
        for section, keys in self.sections.items():
            values[section] = {**values.get(section, {}), **keys}
        return Config.model_validate(values)

    async def __aenter__(self) -> Newsroom:
        await self.sandbox.start()
        await self.starts()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.dies()
        await self.sandbox.stop()

    async def starts(self) -> None:
        """The bot starts, as after a crash: with what the database holds."""
        self._stack = AsyncExitStack()
        self._app = await self._stack.enter_async_context(build(self.config(), self.clock))
        await self.app.sender.take_over()

    async def dies(self) -> None:
        """The bot ends wherever it is."""
        await self._stack.aclose()
        self._app = None

    async def is_killed(self, serving: asyncio.Task[None]) -> None:
        """The bot ends in the middle of its calls, and writes nothing more down."""
        tasks = [serving, *self.app.sender._workers]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.dies()

    async def restarts(self) -> None:
        await self.dies()
        await self.starts()

    async def _serve(self, request: web.Request) -> web.Response:
        return await self.pages[request.match_info["slug"]].serve(request)

    # --- what happens -----------------------------------------------------------------------------------------------

    def reader(self, name: str) -> Chat:
        return self.sandbox.private(name)

    async def opens(self, *entries: tuple[str, str]) -> None:
        """The page is read for the first time, with these entries, the oldest first."""
        for stamp, text in entries or (("19:00 GMT", "Smoke rises over the harbour, the fire brigade says."),):
            self.page.publish(stamp, text)
        await self.app.watcher.read_due()

    async def also_covers(self, slug: str, title: str, *entries: tuple[str, str], **keys: Any) -> LivePage:
        """One more story is in the configuration, and its page has been read."""
        page = self.pages[slug] = LivePage(title)
        for stamp, text in entries:
            page.publish(stamp, text)
        self.more_stories.append({"slug": slug, "source": f"{self.sandbox.address}pages/{slug}", "every": 20.0, **keys})
        await self.app.read_stories(self.config())
        await self.app.watcher.read_due()
        return page

    async def subscribes(self, *chats: Chat, words: str = f"/subscribe {SLUG}", thread: int | None = None) -> None:
        """Each of these chats subscribes and gets its welcome."""
        for chat in chats:
            self.app.sender.calm()
            await chat.says(words, thread=thread)
            await self.woken()
            await self.delivers()

    async def has_followers(self, *chats: Chat) -> None:
        """These chats follow the story, and were welcomed long ago."""
        story = await self.story()
        async with self.app.database.write() as connection:
            for chat in chats:
                await subscriptions.meet(connection, KnownChat(id=chat.id, type=chat.kind, title=chat.title))
                await subscriptions.subscribe(connection, chat.id, 0, story.id)
                [follower] = await subscriptions.of_chat(connection, chat.id, 0)
                await subscriptions.move(connection, follower.id, story.head)

    async def woken(self) -> None:
        """A command has given the sender something to do."""
        async with asyncio.timeout(10):
            await self.app.sender.woken()

    async def reads(self, **later: float) -> None:
        """Time passes (21 seconds), and the page is read."""
        self.clock.advance(**(later or {"seconds": 61}))
        await self.app.watcher.read_due()

    async def delivers(self) -> None:
        """All that is due is sent; whoever has to wait for seconds gets his turn as well."""
        for _ in range(200):
            await self.app.sender.serve_due()
            async with self.app.database.read() as connection:
                moment = await subscriptions.next_wake(connection)
            if moment is None or moment - self.clock.now() > timedelta(seconds=70):
                return
            wait = (moment - self.clock.now()).total_seconds()
            self.clock.advance(seconds=wait if wait > 0 else 0.25)  # due and not served: all are held for a while
        raise AssertionError("delivering does not come to an end")

    async def comes_round(self, times: int = 1) -> None:
        for _ in range(times):
            await self.reads()
            await self.delivers()

    async def asks(self, chat: Chat, words: str, *, thread: int | None = None, by: Any = None) -> Message:
        """The chat asks, and gets an answer: the next message of the bot there."""
        before = len(chat.shown)
        await chat.says(words, thread=thread, by=by)
        await chat.until(lambda _: len(chat.shown) > before)
        return chat.shown[-1]

    async def says_as_the_group(self, group: Chat, words: str) -> Message:
        """An anonymous administrator writes: Telegram names the group itself as the sender."""
        bot = User(1087968824, "Group", is_bot=True, username="GroupAnonymousBot")
        message = group.post(bot, format_text(words), service={"sender_chat": group.raw})
        self.sandbox.world.tell("message", message.raw)
        return message

    async def presses(self, chat: Chat, label: str, *, by: Any = None) -> str:
        """Somebody presses the newest button of that name; returns the toast that the bot answered with."""
        query = await (chat.press(label, by=by) if by else chat.press(label))
        return (await self._answered(query)).text

    async def forges(self, chat: Chat, data: str, *, by: Any = None) -> str:
        """Somebody's odd client presses a button that was never there; returns the toast."""
        message, person = chat.shown[-1], by or chat.owner
        press = self.sandbox.world.pressed(person, chat, message.id, data)
        update = {"id": press.id, "from": person.raw, "message": message.raw, "data": data, "chat_instance": "1"}
        self.sandbox.world.tell("callback_query", update)
        return (await self._answered(press.id)).text

    async def _answered(self, query: str) -> Answer:
        answers = self.sandbox.answers
        found = await self.sandbox.until(lambda: [answer for answer in answers if answer.id == query])
        return found[0]

    async def story(self) -> Story:
        async with self.app.database.read() as connection:
            found = await stories.by_slug(connection, SLUG)
        assert found is not None
        return found


def texts(chat: Chat) -> list[str]:
    return [message.text for message in chat.shown]


def containing(chat: Chat, words: str) -> list[Message]:
    return [message for message in chat.shown if words in message.text]


Predicate = Callable[[Chat], bool]
