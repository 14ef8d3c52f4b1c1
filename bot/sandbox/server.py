"""The Bot API over HTTP.

request → token → parameters → fault? → checked → method → answer (in the log of calls)
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.access import peek_chat
from bot.sandbox.attachments import media_type
from bot.sandbox.botapi import documented
from bot.sandbox.calls import GET_UPDATES, Call
from bot.sandbox.checking import check
from bot.sandbox.errors import (
    ApiError,
    conflict_with_webhook,
    not_carried_out,
    not_found,
    too_many_requests,
    unauthorized,
)
from bot.sandbox.faults import Fault
from bot.sandbox.jsonhttp import dumps
from bot.sandbox.methods import METHODS
from bot.sandbox.methods.hooks import allowed_updates
from bot.sandbox.params import Params, read_params
from bot.sandbox.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

REFUSALS = {
    "400": "Bad Request",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "Not Found",
    "409": "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    "500": "Internal Server Error",
    "502": "Bad Gateway",
    "503": "Service Unavailable",
    "504": "Gateway Timeout",
}
JSON = {"Content-Type": "application/json"}
CUT = 0  # the status in the log of a call whose connection was dropped


class BotApi:
    """Answers `/bot<TOKEN>/<method>` and `/file/bot<TOKEN>/<path>` for one bot."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token

    @property
    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/bot{token:[^/]+}/{method}", self.handle),
            web.get("/file/bot{token:[^/]+}/{path:.+}", self.download),
            web.route("*", "/{kind:(?:file/)?bot}{rest:.*}", self.miss),
        ]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call, whatever comes of it."""
        if request.match_info["token"] != self.token:
            return _answer(unauthorized().body, 401)
        begun = time.perf_counter()
        try:
            params = await read_params(request)
        except ApiError as error:
            return _answer(error.body, error.code)
        method = _proper_name(request.match_info["method"])
        chat = peek_chat(self.world, params)
        fault = self.world.faults.take(method, chat.id if chat else None)
        self.world.changed.fire()
        at = self.world.now()
        warnings: list[str] = []
        status, body = await self._outcome(method, params, fault, warnings)
        was_cut = fault is not None and fault.kind in {"cut-before", "cut-after"}
        if method == GET_UPDATES and _is_gone(request):
            status, body = CUT, {"description": "the client hung up"}  # nobody reads what it was answered
        self._log(
            Call(
                method=method,
                params=params.values | {name: f"<file {upload.name}>" for name, upload in params.uploads.items()},
                chat_id=chat.id if chat else None,
                at=at,
                status=CUT if was_cut else status,
                description=body.get("description", ""),
                result=body.get("result"),
                id=self.world.new_call_id(),
                ms=(time.perf_counter() - begun) * 1000,
                warnings=tuple(warnings),
            )
        )
        if was_cut:
            _cut(request)
        if fault is not None and fault.kind == "late":
            await asyncio.sleep(fault.delay)
        return _answer(body, status)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file, by the path that getFile gave."""
        if request.match_info["token"] != self.token:
            return _answer(unauthorized().body, 401)
        file = self.world.files.at(request.match_info["path"])
        if file is None or file.data is None:
            return _answer(not_found().body, 404)
        return web.Response(body=file.data, content_type=_safe_type(media_type(file)))

    async def miss(self, _: web.Request) -> web.StreamResponse:
        """No call at all: as on Telegram, the same as a method that there is not."""
        return _answer(not_found().body, 404)

    async def reply(self, method: str, params: Params) -> None:
        """Carry out what a webhook's answer asks for; nobody is told what comes of it but the log."""
        name, at, warnings = _proper_name(method), self.world.now(), list[str]()
        status, body = await self._outcome(name, params, None, warnings)
        told = (body.get("description", ""), body.get("result"), self.world.new_call_id())
        chat = peek_chat(self.world, params)
        self._log(Call(name, params.values, chat.id if chat else None, at, status, *told, warnings=tuple(warnings)))

    async def _outcome(
        self, method: str, params: Params, fault: Fault | None, warnings: list[str]
    ) -> tuple[int, dict[str, Any]]:
        try:
            if fault is not None:
                await self._befall(fault)
            return 200, {"ok": True, "result": await self._carry_out(method, params, warnings)}
        except ApiError as error:
            return error.code, error.body

    async def _befall(self, fault: Fault) -> None:
        """What goes wrong before the method is carried out."""
        if fault.kind == "429":
            raise too_many_requests(fault.retry_after)
        if fault.kind in REFUSALS:
            words = REFUSALS[fault.kind]
            raise ApiError(int(fault.kind), f"{words}: {fault.reason}" if fault.reason else words)
        if fault.kind == "cut-before":
            raise ApiError(CUT, "the connection was cut before")
        await self.world.faults.pause(fault)

    async def _carry_out(self, method: str, params: Params, warnings: list[str]) -> Any:
        known = documented(method)
        if known is None:
            raise not_found()
        if method != GET_UPDATES and method not in METHODS:
            raise not_carried_out(method)
        warnings += check(known, params)
        if method == GET_UPDATES:
            return await self._get_updates(params)
        return METHODS[method](self.world, params)

    async def _get_updates(self, params: Params) -> list[dict[str, Any]]:
        allowed = allowed_updates(params)
        if self.world.webhooks.hook is not None:
            raise conflict_with_webhook()
        offset = params.integer("offset", 0) or 0
        limit = params.clamped("limit", 100, 1, 100)
        timeout = params.clamped("timeout", 0, 0, 50)
        return await self.world.updates.get(offset, limit, timeout, allowed)

    def _log(self, call: Call) -> None:
        self.world.calls.append(call)
        self.world.changed.fire()
        if call.method != GET_UPDATES:
            self.world.calls_made += 1
            self.world.called.fire()


def _proper_name(method: str) -> str:
    """As the Bot API writes it: Telegram does not look at the case."""
    known = documented(method)
    return known.name if known else method


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _cut(request: web.Request) -> None:
    """Drop the connection without a word, as a network does."""
    if request.transport is not None:
        request.transport.abort()


def _safe_type(content_type: str) -> str:
    return content_type if content_type.startswith(("image/", "video/", "audio/")) else "application/octet-stream"


def _answer(body: dict[str, Any], status: int) -> web.Response:
    return web.Response(body=dumps(body).encode("utf-8", "replace"), status=status or 500, headers=JSON)
