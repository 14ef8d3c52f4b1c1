"""The REST answers of WordPress's Live Blog plug-in: a page of entries, or what changed since the last poll.

Each entry is a change (new, update, delete) and bears the id of the entry that it is about, so changes are applied in
the order of their time and what stands in the end is read. Repeats are normal.
"""

from __future__ import annotations

import re

from bot.sources.context import Context, UnreadablePage
from bot.sources.formats.building import build
from bot.sources.formats.jsondoc import at, flag_at, has_keys, is_list, list_at, load, number_at, text_at
from bot.sources.markup import web_address
from bot.sources.moments import read_moment
from bot.sources.richhtml import from_html
from storage.models import Page, ParsedEntry

_COMMAND = re.compile(r"""<span class=["'][^"'<>]{0,100}liveblog-command[^<>]{0,200}>[^<>]{0,100}</span>""")
SIGN = "it is JSON with entries as WordPress's Live Blog gives them"


def sniff(data: bytes, context: Context) -> bool:  # noqa: ARG001  (every format is asked with both)
    return has_keys(data, "entries") and any(
        has_keys(data, name) for name in ("entry_time", "refresh_interval", "latest_timestamp")
    )


def parse(data: bytes, context: Context) -> Page:
    document, warnings = load(data, context)
    if not is_list(document, "entries"):
        raise UnreadablePage(f"{context.address} has no list of entries, as WordPress's Live Blog has.")
    changes = list_at(document, "entries")
    standing: dict[str, ParsedEntry] = {}
    deleted: dict[str, None] = {}
    left_out = 0
    for change in _in_order(changes):
        key = text_at(change, "id")
        if key and text_at(change, "type") == "delete":
            standing.pop(key, None)
            deleted[key] = None
        elif entry := _entry(change, standing.get(key), context.address):
            standing[key] = entry
            deleted.pop(key, None)
        else:
            left_out += 1
    if left_out:
        warnings = (*warnings, f"{left_out} of {len(changes)} changes have no id or time.")
    page = build(
        format="wordpress",
        title="",
        entries=list(standing.values()),
        deleted=tuple(deleted),
        covers_whole=number_at(document, "page") == 1,  # else it is a later page, or only what changed
        warnings=warnings,
    )
    asked = number_at(document, "refresh_interval")  # seconds; the plugin's own clients obey it
    return page.model_copy(update={"asks": asked}) if 0 < asked < 86400 else page


def _in_order(changes: list[object]) -> list[object]:
    """Oldest first where every change tells its time (a page of entries runs the other way), else as they stand."""
    if not all(number_at(change, "timestamp") for change in changes):
        return changes
    return sorted(changes, key=lambda change: number_at(change, "timestamp"))


def _entry(change: object, before: ParsedEntry | None, address: str) -> ParsedEntry | None:
    """`entry_time` is the original's; an old version of the plug-in sends only the moment of the change."""
    key, stamp = text_at(change, "id"), text_at(change, "entry_time")
    moment = read_moment(stamp) or (before and before.published_at) or read_moment(text_at(change, "timestamp"))
    if not key or moment is None:
        return None
    html = next((html for name in ("render", "html", "content") if (html := text_at(change, name))), "")
    rich = from_html(_COMMAND.sub("", html), address)
    return ParsedEntry(
        key=key,
        published_at=moment,
        stamp=stamp or text_at(change, "timestamp"),
        text=rich.text,
        spans=rich.spans,
        media=rich.media,
        is_key=flag_at(change, "key_event") or isinstance(at(change, "key_event"), dict),
        url=web_address(text_at(change, "share_link")),
    )
