"""The chat page and its API: JSON over HTTP, and what happens as server-sent events.

Only pages that this server itself served may use it: see `guard`.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from aiohttp import web

from bot.sandbox.errors import ApiError
from bot.sandbox.events import Events
from bot.sandbox.hosts import LISTENING, is_own
from bot.sandbox.jsonhttp import HEADERS, answer, body_of, dumps, error, integer_in, refusal, text_in
from bot.sandbox.model import ImpossibleError, User

if TYPE_CHECKING:
    from bot.sandbox.chat import Chat
    from bot.sandbox.sandbox import Sandbox
    from bot.sandbox.server import Handler
    from bot.sandbox.world import World

PAGE = Path(__file__).parent / "page"
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
KEEP_ALIVE = 15.0  # seconds
CALLS_EVERY = 0.3  # seconds
PATIENCE = 30.0  # seconds for a client to take what it was sent

_NUMBER = re.compile(r"\d{1,18}", re.ASCII)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keep other sites out: foreign Host headers (DNS rebinding), cross-site POSTs. The Bot API is for any client."""
    if request.path.startswith(("/bot", "/file/bot")):
        return await handler(request)
    host = request.headers.get("Host", "")
    if not is_own(host, request.app[LISTENING]):
        return error(403, "This server answers only to localhost.")
    origin = request.headers.get("Origin")
    if request.method not in {"GET", "HEAD"} and origin is not None and origin.lower() != f"http://{host}".lower():
        return error(403, "This server takes requests only from its own page.")
    try:
        return await handler(request)
    except ImpossibleError as impossible:
        return error(409, str(impossible))
    except ApiError as refused:
        return error(400, refused.description.removeprefix("Bad Request: "))
    except web.HTTPException as raised:
        if raised.content_type == "application/json" or not request.path.startswith("/api"):
            raise
        return error(raised.status, f"There is no {request.method} {request.path}.")


class Browser:
    """The routes of the chat page."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.world = sandbox.world
        self.id = secrets.token_hex(4)  # another after a restart: what the page knew of messages is then void
        self.streams: set[asyncio.Task[Any]] = set()

    @property
    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.page),
            web.get("/static/{file}", self.static),
            web.get("/api/state", self.state),
            web.get("/api/events", self.events),
            web.post("/api/chats", self.make_chat),
            web.get("/api/chats/{id}/messages", self.older),
            web.post("/api/chats/{id}/messages", self.say),
            web.post("/api/chats/{id}/press", self.press),
            web.post("/api/chats/{id}/block", self.block),
        ]

    def close(self) -> None:
        """End all event streams."""
        for task in self.streams:
            task.cancel()

    # --- the page -------------------------------------------------------------------------------------------------

    async def page(self, request: web.Request) -> web.Response:
        return _file(request, "chat.html")

    async def static(self, request: web.Request) -> web.Response:
        return _file(request, request.match_info["file"])

    # --- reading --------------------------------------------------------------------------------------------------

    async def state(self, _: web.Request) -> web.Response:
        bot = self.world.bot
        return answer(
            {
                "world": self.id,
                "event": self.world.events.last,
                "bot": {"id": bot.id, "first_name": bot.first_name, "username": bot.username},
                "users": [{"id": user.id, "first_name": user.first_name} for user in self.world.people],
                "commands": self.world.menus.best(),
                "replay": self.sandbox.is_mounted("/api/replay"),
                "chats": [chat.view for chat in self.world.chats.values()],
            }
        )

    async def older(self, request: web.Request) -> web.Response:
        before = request.query.get("before", "")
        return answer(self._chat(request).page_before(int(before) if _NUMBER.fullmatch(before) else None))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """What happens, from the event after `Last-Event-ID` (or `?after=`) on; without either, from now on.

        With `?calls=1` also that the bot has called, a few times a second at most: such events have no number.
        """
        after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        start = int(after) if _NUMBER.fullmatch(after) else self.world.events.last
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **HEADERS})
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        self.streams.add(task)
        try:
            await response.prepare(request)
            async with _telling_calls(response, self.world if request.query.get("calls") else None):
                await _stream(response, self.world.events, start)
        except (ConnectionError, TimeoutError):
            pass  # the page went away, or does not take what it is sent: it will come back and resume
        finally:
            self.streams.discard(task)
        return response

    # --- acting ---------------------------------------------------------------------------------------------------

    async def make_chat(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        title = text_in(body, "title", 128)
        return answer(self.sandbox.make(text_in(body, "type", 20), title).view)

    async def say(self, request: web.Request) -> web.Response:
        chat, body = self._chat(request), await body_of(request)
        thread, reply = integer_in(body, "thread_id"), integer_in(body, "reply_to")
        message = await chat.says(text_in(body, "text"), by=self._user(chat, body), thread=thread, reply_to=reply)
        return answer(message.view)

    async def press(self, request: web.Request) -> web.Response:
        chat, body = self._chat(request), await body_of(request)
        message = chat.find(integer_in(body, "message_id"))
        if message is None:
            raise ImpossibleError("The message is gone.")
        press_id = chat.press_data(message, text_in(body, "data"), self._user(chat, body) or chat.owner)
        return answer({"callback_query_id": press_id})

    async def block(self, request: web.Request) -> web.Response:
        chat, body = self._chat(request), await body_of(request)
        if not body.get("blocked"):
            chat.invite()
        elif chat.kind == "private":
            chat.block()
        else:
            chat.kick()
        return answer(chat.about)

    def _chat(self, request: web.Request) -> Chat:
        wanted = request.match_info["id"]
        chat = next((chat for chat_id, chat in self.world.chats.items() if str(chat_id) == wanted), None)
        if chat is None:
            raise refusal(404, "There is no such chat.")
        return chat

    def _user(self, chat: Chat, body: dict[str, Any]) -> User | None:
        user_id = integer_in(body, "user_id")
        if user_id is None:
            return None
        user = self.world.users.get(user_id)
        if user is None or user.is_bot:
            raise refusal(404, "There is no such person.")
        if chat.kind == "private" and user is not chat.owner:
            raise ImpossibleError("Nobody else can write in a private chat.")
        return user


async def _stream(response: web.StreamResponse, events: Events, sent: int) -> None:
    """Write events for as long as the client takes them."""
    while True:
        news = events.after(sent)
        if news is None:
            sent = events.last
            await _write(response, f'id: {sent}\ndata: {{"type":"reset"}}\n\n')
        elif news:
            sent = news[-1].id
            await _write(response, "".join(f"id: {event.id}\ndata: {dumps(event.data)}\n\n" for event in news))
        else:
            try:
                async with asyncio.timeout(KEEP_ALIVE):
                    await events.changed.wait()
            except TimeoutError:
                await _write(response, ": still here\n\n")


@asynccontextmanager
async def _telling_calls(response: web.StreamResponse, world: World | None) -> AsyncIterator[None]:
    """Beside the events, tell that the log of calls has grown."""
    if world is None:
        yield
        return
    teller = asyncio.create_task(_tell_calls(response, world))
    try:
        yield
    finally:
        teller.cancel()
        await asyncio.gather(teller, return_exceptions=True)


async def _tell_calls(response: web.StreamResponse, world: World) -> None:
    told = world.calls_made
    while True:
        if world.calls_made == told:
            await world.called.wait()
        told = world.calls_made
        await _write(response, 'data: {"type":"calls"}\n\n')
        await asyncio.sleep(CALLS_EVERY)


async def _write(response: web.StreamResponse, text: str) -> None:
    async with asyncio.timeout(PATIENCE):
        await response.write(text.encode("utf-8", "replace"))


def _file(request: web.Request, name: str) -> web.Response:
    path = PAGE / name
    if path.name != name or path.suffix not in TYPES or not path.is_file():
        raise refusal(404, "There is no such file.")
    body = path.read_bytes()
    tag = hashlib.sha256(body).hexdigest()[:20]
    if request.headers.get("If-None-Match", "").strip('"') == tag:
        return web.Response(status=304, headers={**HEADERS, "ETag": f'"{tag}"'})
    headers = {**HEADERS, "ETag": f'"{tag}"'}
    return web.Response(body=body, content_type=TYPES[path.suffix], charset="utf-8", headers=headers)
