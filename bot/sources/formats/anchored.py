"""Entries of a page's data, completed from the same page's HTML: `article#block-<key>`.

Some pages tell their data less than their readers: one date for all updates, and texts without markup that are cut off
(the Guardian). Where an element has an entry's key for its id, its address, its own time and its words are taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from bot.sources.formats.building import common
from bot.sources.hypertext.slices import part, starts_with
from bot.sources.hypertext.timed import Timed, timed
from bot.sources.hypertext.tree import tree
from bot.sources.markup import Rich
from bot.sources.richhtml import from_html
from storage.models import ParsedEntry

_ID = re.compile(
    r"""<[a-zA-Z][\w-]{0,30}\s[^<>]{0,300}?\bid\s*=\s*["']?(?P<id>(?:[a-zA-Z]{1,20}-)?(?P<key>[\w.:-]{4,80}))["'\s>]"""
)
_LONGEST = 200_000  # letters of one element
_SENTENCE_ENDS = tuple('.!?:"”’»)')
_ENOUGH = 60  # letters that tell that two texts are one


def completed(entries: Sequence[ParsedEntry], html: str, address: str, zone: str) -> list[ParsedEntry]:
    """The entries with what their elements on the page tell beside."""
    keys = {entry.key for entry in entries if entry.key}
    one_date = common([entry.published_at for entry in entries]) if len(entries) > 2 else None
    is_poor = one_date is not None or _are_bare(entries)
    if not keys or not html or not (is_poor or (address and any(entry.url is None for entry in entries))):
        return list(entries)
    anchors = [match for match in _ID.finditer(html) if match["key"] in keys or match["id"] in keys]
    found = {match["key"] if match["key"] in keys else match["id"]: match for match in anchors}
    entries = [_addressed(entry, found, address) for entry in entries]
    if not is_poor:
        return entries
    ends = {one.start(): other.start() for one, other in pairwise(anchors)}
    pieces = {
        key: html[match.start() : min(ends.get(match.start(), len(html)), match.start() + _LONGEST)]
        for key, match in found.items()
    }
    return [
        _completed(entry, pieces[entry.key], address, zone, is_dated=entry.published_at != one_date)
        if entry.key in pieces
        else entry
        for entry in entries
    ]


def _addressed(entry: ParsedEntry, found: Mapping[str, re.Match[str]], address: str) -> ParsedEntry:
    if entry.url or not address or entry.key not in found:
        return entry
    return entry.model_copy(update={"url": f"{address}#{found[entry.key]['id']}"})


def _are_bare(entries: Sequence[ParsedEntry]) -> bool:
    """Whether the data gives no markup at all."""
    return not any(entry.spans or entry.media for entry in entries)


def _completed(entry: ParsedEntry, piece: str, address: str, zone: str, *, is_dated: bool) -> ParsedEntry:
    top = tree(piece).children[:1]
    if not top:
        return entry
    shown = timed(top[0], piece, zone)
    changes: dict[str, object] = {}
    if shown is not None and not is_dated:
        changes |= {"published_at": shown.moment, "stamp": shown.stamp}
    whole = from_html(_rest(shown, top[0].outer(piece)), address)
    rich = _same(entry.text, whole)
    if rich is not None:
        changes |= {"text": rich.text, "spans": rich.spans, "media": (*rich.media, *entry.media)}
        heading = starts_with(whole, "heading")
        if heading is not None and not entry.title and not rich.text.startswith(whole.text[: heading.end]):
            changes["title"] = " ".join(whole.text[: heading.end].split())
    return entry.model_copy(update=changes) if changes else entry


def _rest(shown: Timed | None, piece: str) -> str:
    return shown.html if shown is not None else piece


def _same(text: str, rich: Rich) -> Rich | None:
    """The stretch of an element's text that is this text, or of which this is the beginning; None if it is another."""
    bare, places = _squeezed(rich.text)
    wanted, _ = _squeezed(text)
    if not wanted:
        return None
    start = bare.find(wanted[:_ENOUGH])
    if start < 0:
        return None
    end = -1 if _is_cut_off(text) else bare.find(wanted[-_ENOUGH:], start)
    last = places[end + len(wanted[-_ENOUGH:]) - 1] + 1 if end >= 0 else None
    if last is not None and any(span.kind in ("tweet", "blockquote") and span.end > last for span in rich.spans):
        last = None  # the data leaves out what is embedded
    first = places[start]
    while first > 0 and not rich.text[first - 1].isalnum() and not rich.text[first - 1].isspace():
        first -= 1  # a quote mark
    return part(rich, first, _past_marks(rich.text, last))


def _past_marks(text: str, at: int | None) -> int | None:
    """Past the full stop and the quote mark that close the last word."""
    while at is not None and at < len(text) and not text[at].isalnum() and not text[at].isspace():
        at += 1
    return at


def _is_cut_off(text: str) -> bool:
    """Whether the data gives only the beginning of a text: 1,000 letters, or no end of a sentence."""
    return len(text) % 100 == 0 or not text.endswith(_SENTENCE_ENDS) or text.endswith(("…", "..."))


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The letters and digits of a text, and where each stands."""
    places = [at for at, letter in enumerate(text) if letter.isalnum()]
    return "".join(text[at] for at in places), places
