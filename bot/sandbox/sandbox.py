"""The sandbox as a program uses it: start it, make people and chats, let things go wrong, look at what was said."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TypeVar

from aiohttp import web

from bot.sandbox.browser import Browser, guard
from bot.sandbox.calls import Answer, Call
from bot.sandbox.chat import Chat
from bot.sandbox.control import Control
from bot.sandbox.faults import Faults
from bot.sandbox.hosts import LISTENING
from bot.sandbox.limits import Limits
from bot.sandbox.menus import Command
from bot.sandbox.model import ImpossibleError, User
from bot.sandbox.room import Kind
from bot.sandbox.server import BotApi
from bot.sandbox.world import World

T = TypeVar("T")

TOKEN = "1000000001:SANDBOX-token-opens-no-real-Telegram"  # noqa: S105  # of the right shape, good for nothing else
MAX_BODY = 52 * 1024 * 1024  # a file of 50 MB, and what is around it


def _system_time() -> datetime:
    return datetime.now(UTC)


class Sandbox:
    """A Telegram of your own: a Bot API server and a chat page in this process and event loop.

    `now` is its clock: dates, limits and lifetimes follow it (long polls and delays take real time). `limits` switches
    on Telegram's rate limits. With `privacy` the bot sees in groups only what is meant for it.
    """

    def __init__(
        self,
        now: Callable[[], datetime] = _system_time,
        limits: bool = False,
        token: str = TOKEN,
        *,
        name: str = "Sandbox bot",
        username: str = "sandbox_bot",
        privacy: bool = True,
    ) -> None:
        bot = User(int(token.partition(":")[0]), name, is_bot=True, username=username)
        self.token = token
        self.world = World(now, bot, has_limits=limits, has_privacy=privacy)
        self._browser = Browser(self)
        self._mounted: list[web.AbstractRouteDef] = []
        self._runner: web.AppRunner | None = None
        self._carrier: asyncio.Task[None] | None = None
        self._origin = ""

    # --- running --------------------------------------------------------------------------------------------------

    def mount(self, routes: Iterable[web.AbstractRouteDef]) -> None:
        """Serve further routes beside the sandbox's own; before `start`. They are as guarded as the chat page's."""
        self._mounted.extend(routes)

    def is_mounted(self, path: str) -> bool:
        """Whether a mounted route serves `path`: so the chat page learns that there is a replay to steer."""
        return any(isinstance(route, web.RouteDef) and route.path == path for route in self._mounted)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises OSError if the port is taken."""
        app = web.Application(middlewares=[guard], client_max_size=MAX_BODY)
        app[LISTENING] = host
        api = BotApi(self.world, self.token)
        app.add_routes([*api.routes, *Control(self.world).routes, *self._browser.routes, *self._mounted])
        # No access log: the token is in every address.
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            site = web.TCPSite(runner, host, port)
            await site.start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        self._carrier = asyncio.create_task(self.world.webhooks.run(api.reply))
        self.world.updates.open()
        bound = runner.addresses[0]
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (as it is reached from this machine)
        name = everywhere.get(bound[0], bound[0])
        shown = f"[{name}]" if ":" in name else name
        self._origin = f"http://{shown}:{bound[1]}"

    async def stop(self) -> None:
        """Stop listening and end what is still waiting. The chats stay; `start` may follow."""
        runner, self._runner = self._runner, None
        if runner is None:
            return
        self.world.updates.close()
        self.world.faults.release()
        self._browser.close()
        if self._carrier is not None:
            self._carrier.cancel()
            await asyncio.gather(self._carrier, return_exceptions=True)
        await runner.cleanup()

    async def __aenter__(self) -> Sandbox:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def base_url(self) -> str:
        """What a client takes for "https://api.telegram.org/bot"."""
        return f"{self._origin}/bot"

    @property
    def address(self) -> str:
        """The chat page."""
        return f"{self._origin}/"

    # --- people and chats -----------------------------------------------------------------------------------------

    def user(self, name: str) -> User:
        """The person of that name; new if there is none yet."""
        return self.world.person(name)

    def private(self, user: User | str, started: bool = True) -> Chat:
        """The chat between a person and the bot. Until it is `started` (by the person's first words) the bot may not
        write there."""
        person = self._person(user)
        if person.id in self.world.chats:
            return self.world.chats[person.id]
        chat = Chat(self.world, person.id, "private", person.first_name, person)
        chat.is_started = started
        chat.announce()
        return chat

    def group(self, title: str, owner: User | str, members: Iterable[User] = ()) -> Chat:
        """A small group with the bot in it."""
        return self._found("group", title, owner, members)

    def supergroup(
        self, title: str, owner: User | str, members: Iterable[User] = (), username: str | None = None
    ) -> Chat:
        return self._found("supergroup", title, owner, members, username)

    def channel(self, title: str, owner: User | str, username: str | None = None) -> Chat:
        """A channel with the bot as an administrator; `username` without the @."""
        return self._found("channel", title, owner, (), username)

    def forum(self, title: str, owner: User | str, topics: Iterable[str] = ()) -> Chat:
        """A supergroup with topics; `chat.topic(name)` gives the id of one."""
        chat = self._found("supergroup", title, owner, (), is_forum=True)
        chat.take_id()  # 1 is the General topic
        for topic in topics:
            chat.topic(topic)
        return chat

    def make(self, kind: str, title: str) -> Chat:
        """A chat of that kind for the chat page; its owner is the first person there is."""
        owner = next(iter(self.world.people), None) or self.world.new_user("You")
        if kind == "private":
            return self.private(title, started=False)
        if kind == "forum":
            return self.forum(title, owner, ["First topic"])
        if kind in {"group", "supergroup", "channel"}:
            return self._found(kind, title, owner, ())  # type: ignore[arg-type]  # one of the three
        raise ImpossibleError(f"There is no kind of chat called {kind!r}.")

    def _found(
        self,
        kind: Kind,
        title: str,
        owner: User | str,
        members: Iterable[User],
        username: str | None = None,
        is_forum: bool = False,
    ) -> Chat:
        chat_id = self.world.new_chat_id(kind)
        founder = self._person(owner)
        chat = Chat(self.world, chat_id, kind, title, founder, username=username, is_forum=is_forum, bot_status="left")
        chat.members |= {user.id: user for user in members}
        chat.invite()
        return chat

    def _person(self, user: User | str) -> User:
        return self.user(user) if isinstance(user, str) else user

    # --- looking and meddling -------------------------------------------------------------------------------------

    @property
    def chats(self) -> list[Chat]:
        return list(self.world.chats.values())

    @property
    def calls(self) -> deque[Call]:
        """The last 20,000 calls of the Bot API, oldest first; a call is logged when it is answered."""
        return self.world.calls

    @property
    def answers(self) -> list[Answer]:
        """The bot's answers to pressed buttons."""
        return self.world.answers

    @property
    def faults(self) -> Faults:
        return self.world.faults

    @property
    def limits(self) -> Limits:
        return self.world.limits

    @property
    def commands(self) -> dict[str, list[Command]]:
        """The menus that the bot has set, by scope: "default", "all_private_chats", "chat:-100...", "default/de"."""
        return self.world.menus.by_scope

    async def until(self, predicate: Callable[[], T], timeout: float = 10) -> T:  # noqa: ASYNC109  # reads better
        """Wait until `predicate()` is true and return what it returned; asked again whenever something happened."""
        try:
            async with asyncio.timeout(timeout):
                while not (result := predicate()):
                    await self.world.changed.wait()
                return result
        except TimeoutError:
            last = "\n".join(f"  {call.method} {call.status} {call.description}" for call in list(self.calls)[-10:])
            raise AssertionError(f"not within {timeout} s; the last calls:\n{last or '  none'}") from None
