"""The parameters of a call: from the query, a form, a multipart form or a JSON body, read as what they must be."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.errors import ApiError, bad_request

_INTEGER = re.compile(r"\s*[-+]?\d{1,18}\s*", re.ASCII)
_UNREADABLE = (ValueError, LookupError, AssertionError, RecursionError, TypeError)


@dataclass(frozen=True, slots=True, eq=False)
class Upload:
    """A file in a multipart form."""

    name: str
    content_type: str
    data: bytes


class Params:
    """Values by name. In a form all are strings and objects are written as JSON; in a JSON body they are themselves."""

    __slots__ = ("uploads", "values")

    def __init__(self, values: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None) -> None:
        self.values = dict(values)
        self.uploads = dict(uploads or {})

    def has(self, name: str) -> bool:
        value = self.values.get(name)
        return value is not None and value != ""

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, str):
            return value
        return str(value) if type(value) is int else json.dumps(value, ensure_ascii=False)

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

    def number(self, name: str, low: float, high: float) -> float:
        """A finite number between the two; a refusal where there is none."""
        value = self.values.get(name)
        try:
            number = float(value) if isinstance(value, int | float | str) else math.nan
        except (ValueError, OverflowError):
            number = math.nan
        if not low <= number <= high:
            raise bad_request(f"invalid {name} specified")
        return number

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
        except (ValueError, RecursionError):
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def mapping(self, name: str) -> dict[str, Any] | None:
        value = self.json(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return value

    def array(self, name: str, most: int = 100) -> list[Any]:
        """The list of that name; a refusal where it is none, or too long."""
        value = self.json(name)
        if not isinstance(value, list):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: Expected an Array")
        if len(value) > most:
            raise bad_request(f"too many {name.replace('_', ' ')} specified")
        return value


async def read_params(request: web.Request) -> Params:
    """All parameters of a request; the body goes over the query."""
    values: dict[str, Any] = dict(request.query) if request.query_string else {}
    if not request.can_read_body:
        return Params(values)
    try:
        if request.content_type == "application/json":
            return Params(values | _object(await request.read()))
        posted = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise ApiError(413, "Request Entity Too Large") from None
    except _UNREADABLE:
        raise bad_request("can't parse the body of the request") from None
    uploads = {}
    for name, value in posted.items():
        if isinstance(value, web.FileField):
            uploads[name] = Upload(value.filename, value.content_type, value.file.read())
        else:
            values[name] = value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")
    return Params(values, uploads)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise bad_request("can't parse JSON object") from None
    if not isinstance(found, dict):
        raise bad_request("object expected as the body")
    return found
