"""JSON over HTTP, as the chat page and the programs that steer the sandbox speak it: bodies read, answers written."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


async def body_of(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise refusal(400, "A JSON object is expected.")
    return body


def text_in(body: dict[str, Any], name: str, most: int = 4096) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise refusal(400, f"{name!r} is missing.")
    if len(value) > most:
        raise refusal(400, f"{name!r} is longer than {most} characters.")
    return value


def integer_in(body: dict[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise refusal(400, f"{name!r} is not a number.")
    return value


def dumps(data: Any) -> str:
    return _ENCODER.encode(data)


def answer(data: Any, status: int = 200) -> web.Response:
    body = dumps(data).encode("utf-8", "replace")
    return web.Response(body=body, status=status, content_type="application/json", headers=HEADERS)


def error(status: int, sentence: str) -> web.Response:
    return answer({"error": sentence}, status)


def refusal(status: int, sentence: str) -> Exception:
    raised = {400: web.HTTPBadRequest, 404: web.HTTPNotFound, 409: web.HTTPConflict}[status]
    return raised(text=dumps({"error": sentence}), content_type="application/json", headers=HEADERS)
