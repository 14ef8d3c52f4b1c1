"""A call's parameters against the published Bot API: what Telegram refuses, and what it passes over in silence.

Telegram ignores a parameter that it does not know, so a misspelt one goes unnoticed: here it becomes a warning in the
log of calls.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from bot.sandbox import errors
from bot.sandbox.botapi import Documented, Parameter
from bot.sandbox.errors import bad_request
from bot.sandbox.params import Params

# Out of the documentation, but still carried out.
OLD_NAMES = {
    "reply_to_message_id": "reply_parameters",
    "allow_sending_without_reply": "reply_parameters",
    "disable_web_page_preview": "link_preview_options",
    "thumb": "thumbnail",
}
# What Telegram says instead of `parameter "..." is required`.
MISSING = {
    "chat_id": errors.CHAT_ID_IS_EMPTY,
    "from_chat_id": "from_chat_id is empty",
    "text": errors.TEXT_IS_EMPTY,
    "message_id": errors.MESSAGE_ID_IS_EMPTY,
    "message_ids": "message identifiers are not specified",
    "user_id": "invalid user_id specified",
    "callback_query_id": errors.QUERY_TOO_OLD,
    "inline_query_id": errors.QUERY_TOO_OLD,
    "action": "wrong parameter action in request",
    "message_thread_id": "invalid message thread identifier specified",
}
# What the sandbox takes and does nothing with.
PASSED_OVER = {"direct_messages_topic_id", "suggested_post_parameters", "thumbnail", "cover", "certificate"}
FILES = {"photo", "audio", "document", "video", "animation", "voice", "video_note", "sticker"}

_INTEGER = re.compile(r"\s*[-+]?\d{1,18}\s*", re.ASCII)
_ATTACHED = re.compile(r"attach://([^\"\\]+)")
_PLAIN = {"String", "InputFile", "Boolean"}


def check(method: Documented, params: Params) -> list[str]:
    """What is worth a warning. Raises the refusal of a call that lacks a parameter or has one of a wrong type."""
    for name in method.required:
        if not params.has(name) and name not in params.uploads:
            raise bad_request(_missing(name))
    warnings = []
    for name, value in params.values.items():
        parameter = method.parameters.get(name)
        if parameter is None:
            warnings.append(_unknown(name, method))
        elif value is not None and value != "":
            _check_type(name, parameter, params)
            if name in PASSED_OVER:
                warnings.append(f"the sandbox passes over {name}")
    if params.has("business_connection_id") and "business_connection_id" in method.parameters:
        raise bad_request("business connection not found")
    if params.uploads:
        warnings += _stray_uploads(method, params)
    return warnings


def _missing(name: str) -> str:
    if name in FILES:
        return f"there is no {name.replace('_', ' ')} in the request"
    return MISSING.get(name, f'parameter "{name}" is required')


def _unknown(name: str, method: Documented) -> str:
    if name in OLD_NAMES:
        return f"{name} is an old name; it is now {OLD_NAMES[name]}"
    return f"{method.name} has no parameter {name[:64]}"


def _stray_uploads(method: Documented, params: Params) -> list[str]:
    passed_over = [f"the sandbox passes over {name}" for name in sorted(params.uploads.keys() & PASSED_OVER)]
    attached = {name for value in params.values.values() for name in _ATTACHED.findall(str(value))}
    strays = params.uploads.keys() - method.parameters.keys() - attached
    return passed_over + [f"nothing refers to the file {name[:64]}" for name in sorted(strays)]


def _check_type(name: str, parameter: Parameter, params: Params) -> None:
    """Raises where the value is of none of the types. A String is whatever was sent, as on Telegram."""
    kinds = parameter.types
    if not _PLAIN.isdisjoint(kinds):
        return
    kind = kinds[0]
    if kind in _CHECKS:
        if not _CHECKS[kind](params.values[name]):
            raise bad_request(f"invalid {name} specified")
    elif kind.startswith("Array of "):
        value = params.json(name)
        if not isinstance(value, list):
            raise bad_request(f"can't parse {name.replace('_', ' ')}: Expected an {kind}")
    else:
        params.mapping(name)


def _is_integer(value: object) -> bool:
    return isinstance(value, int) or (isinstance(value, str) and _INTEGER.fullmatch(value) is not None)


def _is_number(value: object) -> bool:
    if not isinstance(value, int | float | str):
        return False
    try:
        return math.isfinite(float(value))
    except (ValueError, OverflowError):
        return False


_CHECKS: dict[str, Callable[[object], bool]] = {"Integer": _is_integer, "Float": _is_number}
