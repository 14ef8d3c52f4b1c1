"""The Bot API over HTTP.

request → token → parameters → fault? → method → answer (in the log of calls)
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.access import peek_chat
from bot.sandbox.calls import Call
from bot.sandbox.errors import ApiError, bad_request, not_found, too_many_requests, unauthorized
from bot.sandbox.faults import Fault
from bot.sandbox.methods import BY_LOWER_NAME
from bot.sandbox.params import Params, read_params
from bot.sandbox.world import World

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

GET_UPDATES = "getUpdates"
REFUSALS = {
    "400": "Bad Request",
    "401": "Unauthorized",
    "403": "Forbidden",
    "500": "Internal Server Error",
    "502": "Bad Gateway",
}
CUT = 0  # the status in the log of a call whose connection was dropped


class BotApi:
    """Answers `/bot<TOKEN>/<method>` for one bot."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token

    @property
    def routes(self) -> list[web.RouteDef]:
        return [web.route("*", "/bot{token:[^/]+}/{method}", self.handle)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call, whatever comes of it."""
        if request.match_info["token"] != self.token:
            return _answer(unauthorized().body, 401)
        try:
            params = await read_params(request)
        except ApiError as error:
            return _answer(error.body, error.code)
        method = _proper_name(request.match_info["method"])
        chat = peek_chat(self.world, params)
        chat_id = chat.id if chat else None
        fault = self.world.faults.take(method, chat_id)
        self.world.changed.fire()
        at = self.world.now()
        status, body = await self._outcome(method, params, fault)
        was_cut = fault is not None and fault.kind in {"cut-before", "cut-after"}
        if method == GET_UPDATES and _is_gone(request):
            status, body = CUT, {"description": "the client hung up"}  # nobody reads what it was answered
        self._log(Call(method, params.values, chat_id, at, CUT if was_cut else status, **_told(body)))
        if was_cut:
            _cut(request)
        if fault is not None and fault.kind == "late":
            await asyncio.sleep(fault.delay)
        return _answer(body, status)

    async def _outcome(self, method: str, params: Params, fault: Fault | None) -> tuple[int, dict[str, Any]]:
        try:
            if fault is not None:
                await self._befall(fault)
            return 200, {"ok": True, "result": await self._carry_out(method, params)}
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

    async def _carry_out(self, method: str, params: Params) -> Any:
        if method == GET_UPDATES:
            return await self._get_updates(params)
        _, function = BY_LOWER_NAME.get(method.lower(), (method, None))
        if function is None:
            raise not_found()
        return function(self.world, params)

    async def _get_updates(self, params: Params) -> list[dict[str, Any]]:
        allowed = params.json("allowed_updates")
        if allowed is not None and not (isinstance(allowed, list) and all(isinstance(kind, str) for kind in allowed)):
            raise bad_request("can't parse allowed updates JSON object")
        offset = params.integer("offset", 0) or 0
        limit = params.clamped("limit", 100, 1, 100)
        timeout = params.clamped("timeout", 0, 0, 50)
        return await self.world.updates.get(offset, limit, timeout, allowed)

    def _log(self, call: Call) -> None:
        self.world.calls.append(call)
        self.world.changed.fire()


def _proper_name(method: str) -> str:
    if method.lower() == GET_UPDATES.lower():
        return GET_UPDATES
    name, _ = BY_LOWER_NAME.get(method.lower(), (method, None))
    return name


def _told(body: dict[str, Any]) -> dict[str, Any]:
    return {"description": body.get("description", ""), "result": body.get("result")}


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


def _cut(request: web.Request) -> None:
    """Drop the connection without a word, as a network does."""
    if request.transport is not None:
        request.transport.abort()


def _answer(body: dict[str, Any], status: int) -> web.Response:
    data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return web.Response(body=data, status=status or 500, content_type="application/json")
