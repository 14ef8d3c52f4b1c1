"""What a program in any language steers the sandbox with, over HTTP: faults, limits, time, people, the log of calls.

JSON in, JSON out; guarded as the chat page's API is. A mistake is answered by `{"error": sentence}`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import dataclasses
from collections.abc import Callable
from itertools import takewhile
from typing import Any

from aiohttp import web

from bot.sandbox.attachments import media_type
from bot.sandbox.calls import GET_UPDATES
from bot.sandbox.chat import Chat
from bot.sandbox.clock import Clock
from bot.sandbox.faults import KINDS
from bot.sandbox.jsonhttp import HEADERS, answer, body_of, integer_in, refusal, text_in
from bot.sandbox.model import ImpossibleError, User
from bot.sandbox.world import World

MAX_CALLS = 1000
# What a browser may show in place; all else it keeps as a file.
SHOWN = {
    "image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4", "video/webm", "audio/mpeg", "audio/ogg",
    "audio/mp4", "audio/wav",
}  # fmt: skip


class Control:
    """The routes for programs."""

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/calls", self.calls),
            web.get("/api/files/{id}", self.file),
            web.get("/api/faults", self.faults),
            web.post("/api/faults", self.add_fault),
            web.delete("/api/faults", self.clear_faults),
            web.post("/api/faults/release", self.release),
            web.post("/api/limits", self.limits),
            web.post("/api/clock", self.clock),
            web.post("/api/chats/{id}/members", self.members),
            web.post("/api/chats/{id}/bot", self.bot),
            web.post("/api/chats/{id}/migrate", self.migrate),
            web.post("/api/chats/{id}/topics", self.topics),
            web.post("/api/chats/{id}/media", self.media),
            web.post("/api/chats/{id}/votes", self.votes),
            web.post("/api/chats/{id}/inline", self.inline),
            web.get("/api/inline/{query}", self.offered),
            web.post("/api/inline/{query}", self.choose),
        ]

    # --- what was called ------------------------------------------------------------------------------------------

    async def calls(self, request: web.Request) -> web.Response:
        """The calls after that one, or the newest of all."""
        after, limit = _query(request, "after", 0), min(_query(request, "limit", 200), MAX_CALLS)
        polls = bool(_query(request, "polls", 0))
        newer = takewhile(lambda call: call.id > after, reversed(self.world.calls))
        wanted = [call for call in newer if polls or call.method != GET_UPDATES]
        shown = wanted[-limit:] if after else wanted[:limit]
        return answer({"calls": [call.view for call in reversed(shown)]})

    async def file(self, request: web.Request) -> web.Response:
        file = self.world.files.find(request.match_info["id"])
        if file is None or file.data is None:
            raise refusal(404, "There are no bytes of such a file.")
        kind = media_type(file)
        headers = dict(HEADERS)
        if kind not in SHOWN:
            kind, headers["Content-Disposition"] = "application/octet-stream", "attachment"
        return web.Response(body=file.data, content_type=kind, headers=headers)

    # --- what goes wrong ------------------------------------------------------------------------------------------

    async def faults(self, _: web.Request) -> web.Response:
        waiting = [dataclasses.asdict(fault) for fault in self.world.faults.waiting]
        return answer({"faults": waiting, "held": self.world.faults.held})

    async def add_fault(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        if body.get("kind") not in KINDS:
            raise refusal(400, f"'kind' must be one of {', '.join(KINDS)}.")
        method, chat_id, reason = body.get("method"), integer_in(body, "chat_id"), body.get("reason", "")
        if not isinstance(method, str | None) or not isinstance(reason, str):
            raise refusal(400, "'method' and 'reason' must be texts.")
        fault = self.world.faults.next(
            method,
            chat_id,
            body["kind"],
            retry_after=_at_least(body, "retry_after", 5, 1),
            delay=_seconds(body, "delay", 0.05),
            times=_at_least(body, "times", 1, 1),
            reason=reason,
        )
        return answer(dataclasses.asdict(fault))

    async def clear_faults(self, _: web.Request) -> web.Response:
        self.world.faults.clear()
        return answer({"faults": [], "held": self.world.faults.held})

    async def release(self, _: web.Request) -> web.Response:
        """Let held calls go on."""
        self.world.faults.release()
        return answer({"held": 0})

    async def limits(self, request: web.Request) -> web.Response:
        body, limits = await body_of(request), self.world.limits
        names = list(limits.settings)
        for name, value in body.items():
            if name not in names or not isinstance(value, int | float) or (name != "enabled" and value <= 0):
                raise refusal(400, f"{name!r} is not one of {', '.join(names)}, or its value is not.")
        for name, value in body.items():
            setattr(limits, name, bool(value) if name == "enabled" else value)
        return answer(limits.settings)

    async def clock(self, request: web.Request) -> web.Response:
        body = await body_of(request)
        if not isinstance(self.world.now, Clock):
            raise ImpossibleError("The sandbox follows the real time.")
        try:
            now = self.world.now.advance(_seconds(body, "advance", 0.0))
        except OverflowError:
            raise ImpossibleError("The calendar ends before that.") from None
        self.world.changed.fire()
        return answer({"now": now.timestamp()})

    # --- people ---------------------------------------------------------------------------------------------------

    async def members(self, request: web.Request) -> web.Response:
        chat, body = shared_chat_of(self.world, request), await body_of(request)
        actions: dict[str, Callable[[User], object]] = {
            "join": chat.joins,
            "leave": chat.leaves,
            "promote": chat.promote,
            "demote": chat.demote,
            "ban": chat.ban,
            "unban": chat.unban,
            "ask": chat.asks_to_join,
        }
        action = _one_of(body, "action", actions)
        person = self._person(body.get("user"))
        if action in {"leave", "demote", "ban"} and person.id == chat.owner.id:
            raise ImpossibleError(f"{person.first_name} owns {chat.title!r}.")
        actions[action](person)
        return answer(chat.about)

    async def bot(self, request: web.Request) -> web.Response:
        """What the bot is in the chat; with "without", an administrator who lacks those rights."""
        chat, body = chat_of(self.world, request), await body_of(request)
        statuses: dict[str, Callable[[], object]] = {"member": chat.joined, "kicked": chat.kick}
        if chat.kind != "private":
            statuses |= {"administrator": chat.promote, "restricted": chat.forbid, "left": chat.dismiss}
        without = body.get("without", [])
        if not isinstance(without, list) or not all(isinstance(name, str) for name in without):
            raise refusal(400, "'without' must be a list of rights.")
        statuses[_one_of(body, "status", statuses)]()
        if without:
            chat.take_rights(*without)
        return answer(chat.about)

    async def migrate(self, request: web.Request) -> web.Response:
        return answer(chat_of(self.world, request).migrate().view)

    async def topics(self, request: web.Request) -> web.Response:
        """Make a topic by its name; or close, open or delete the one of that name."""
        chat, body = chat_of(self.world, request), await body_of(request)
        if chat.kind != "supergroup":
            raise ImpossibleError("Only a supergroup can have topics.")
        topic_id = chat.topic(text_in(body, "name", 128))
        actions = {"make": None, "close": chat.close_topic, "open": chat.open_topic, "delete": chat.delete_topic}
        action = actions[_one_of({"action": "make"} | body, "action", actions)]
        if action is not None:
            action(topic_id)
        return answer({"id": topic_id, "chat": chat.about})

    async def media(self, request: web.Request) -> web.Response:
        """Someone sends a file: "data" is its bytes in base64."""
        chat, body = chat_of(self.world, request), await body_of(request)
        try:
            data = base64.b64decode(text_in(body, "data", 30_000_000), validate=True)
        except (binascii.Error, ValueError):
            raise refusal(400, "'data' is not base64.") from None
        message = await chat.shows(
            text_in(body, "kind", 20), data, str(body.get("name", ""))[:255], str(body.get("caption", "")),
            self._author(chat, body), integer_in(body, "thread_id"), str(body.get("content_type", ""))[:100],
        )  # fmt: skip
        return answer(message.view)

    async def votes(self, request: web.Request) -> web.Response:
        chat, body = chat_of(self.world, request), await body_of(request)
        message, options = chat.find(integer_in(body, "message_id")), body.get("options")
        if message is None:
            raise ImpossibleError("The message is gone.")
        if not isinstance(options, list) or not all(isinstance(number, int) for number in options):
            raise refusal(400, "'options' must be a list of numbers.")
        chat.votes(message, *options, by=self._author(chat, body))
        return answer(message.view)

    # --- asking inline --------------------------------------------------------------------------------------------

    async def inline(self, request: web.Request) -> web.Response:
        chat, body = chat_of(self.world, request), await body_of(request)
        query, offset = body.get("query", ""), body.get("offset", "")
        if not isinstance(query, str) or not isinstance(offset, str) or len(query) > 256:
            raise refusal(400, "'query' must be a text of at most 256 characters.")
        return answer({"inline_query_id": chat.asks_inline(query, self._author(chat, body), offset)})

    async def offered(self, request: web.Request) -> web.Response:
        """What the bot has answered to an inline query; with ?wait=seconds, when it has."""
        asked = self.world.inline.asked(request.match_info["query"])
        try:
            async with asyncio.timeout(min(_query(request, "wait", 0), 50)):
                while asked.results is None:
                    await self.world.changed.wait()
        except TimeoutError:
            pass
        return answer({"results": asked.results, **(asked.answer or {})})

    async def choose(self, request: web.Request) -> web.Response:
        body, query = await body_of(request), request.match_info["query"]
        message = await self.world.inline.asked(query).chat.chooses(query, text_in(body, "result", 64))
        return answer(message.view)

    # --------------------------------------------------------------------------------------------------------------

    def _author(self, chat: Chat, body: dict[str, Any]) -> User:
        return self._person(body["user"]) if body.get("user") is not None else chat.owner

    def _person(self, wanted: Any) -> User:
        """By id, or by name: then made if there is none."""
        if isinstance(wanted, int) and not isinstance(wanted, bool):
            user = self.world.users.get(wanted)
            if user is None or user.is_bot:
                raise refusal(404, "There is no such person.")
            return user
        return self.world.person(text_in({"user": wanted}, "user", 64))


def chat_of(world: World, request: web.Request) -> Chat:
    """The chat in the path."""
    wanted = request.match_info["id"]
    chat = next((chat for chat_id, chat in world.chats.items() if str(chat_id) == wanted), None)
    if chat is None:
        raise refusal(404, "There is no such chat.")
    return chat


def shared_chat_of(world: World, request: web.Request) -> Chat:
    """The same, of a chat that people may join."""
    chat = chat_of(world, request)
    if chat.kind == "private":
        raise ImpossibleError("Nobody can join a private chat.")
    return chat


def _query(request: web.Request, name: str, default: int) -> int:
    value = request.query.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 18 else default


def _one_of(body: dict[str, Any], name: str, among: dict[str, Any]) -> str:
    value = body.get(name)
    if not isinstance(value, str) or value not in among:
        raise refusal(400, f"{name!r} must be one of {', '.join(among)}.")
    return value


def _at_least(body: dict[str, Any], name: str, default: int, least: int) -> int:
    value = integer_in(body, name)
    return default if value is None else max(least, value)


def _seconds(body: dict[str, Any], name: str, default: float) -> float:
    value = body.get(name, default)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 10**9:
        raise refusal(400, f"{name!r} is not a number of seconds.")
    return float(value)
