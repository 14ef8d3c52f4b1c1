"""The parameters of a call: from the query, a form, a multipart form or a JSON body, read as what they must be."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.sandbox.errors import bad_request

_INTEGER = re.compile(r"\s*[-+]?\d{1,18}\s*", re.ASCII)


class Params:
    """Values by name. In a form all are strings and objects are written as JSON; in a JSON body they are themselves."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)

    def has(self, name: str) -> bool:
        return self.values.get(name) not in {None, ""} if self._is_plain(name) else True

    def _is_plain(self, name: str) -> bool:
        return not isinstance(self.values.get(name), dict | list)

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def integer(self, name: str, default: int | None = None) -> int | None:
        """None (or the default) where it is missing; a refusal where it is no integer."""
        if not self.has(name):
            return default
        value = self.values[name]
        if isinstance(value, int):
            return int(value)
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            return int(value)
        raise bad_request(f"invalid {name} specified")

    def clamped(self, name: str, default: int, low: int, high: int) -> int:
        value = self.integer(name, default)
        return max(low, min(high, default if value is None else value))

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        if isinstance(value, str):
            return value.strip().lower() in {"true", "yes", "1", "on"}
        return bool(value)

    def json(self, name: str) -> Any:
        """The object or list of that name, None where it is missing."""
        if not self.has(name):
            return None
        value = self.values[name]
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def mapping(self, name: str) -> dict[str, Any] | None:
        value = self.json(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return value


async def read_params(request: web.Request) -> Params:
    """All parameters of a request; the body goes over the query."""
    values: dict[str, Any] = dict(request.query)
    if request.can_read_body:
        if request.content_type == "application/json":
            values |= await _json_body(request)
        else:
            values |= dict(await request.post())
    return Params(values)


async def _json_body(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise bad_request("object expected as the body")
    return body
