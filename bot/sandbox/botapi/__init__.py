"""The published Bot API as a table: which methods there are, and which parameters each takes.

`methods.json` is derived from a machine-readable copy of Telegram's pages (see renew.py); it is read when it is first
needed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `types` are the documentation's words: "Integer", "Array of MessageEntity", "InputFile"."""

    types: tuple[str, ...]
    is_required: bool


@dataclass(frozen=True, slots=True)
class Documented:
    """One method, with its parameters by name."""

    name: str
    parameters: dict[str, Parameter]
    required: tuple[str, ...]


def documented(method: str) -> Documented | None:
    """The method of that name, whatever its case; None where the Bot API has no such method."""
    return _table().get(method.lower())


def all_methods() -> list[str]:
    return [method.name for method in _table().values()]


@cache
def _table() -> dict[str, Documented]:
    text = resources.files(__package__).joinpath("methods.json").read_text(encoding="utf-8")
    return {name.lower(): _method(name, fields) for name, fields in json.loads(text)["methods"].items()}


def _method(name: str, fields: dict[str, str]) -> Documented:
    parameters = {field: _parameter(types) for field, types in fields.items()}
    required = tuple(field for field, parameter in parameters.items() if parameter.is_required)
    return Documented(name, parameters, required)


def _parameter(types: str) -> Parameter:
    return Parameter(tuple(types.rstrip("!").split("|")), types.endswith("!"))
