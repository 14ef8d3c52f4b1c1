"""From the entries that a format found to its Page: order, unique keys, what the page covers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.sources.body import announces_key
from bot.sources.keys import make_keys
from storage.models import Page, ParsedEntry

Item = TypeVar("Item")

# As text pages, no live page has so much; more is a mistake or an attack.
MOST_ENTRIES = 10_000


@dataclass(frozen=True)
class _Keyed:
    """Entries with unique keys, newest first; whether the keys are the source's own; what was odd."""

    entries: list[ParsedEntry]
    has_ids: bool
    warnings: tuple[str, ...] = ()


def build(
    *,
    format: str,  # noqa: A002  (the config's own word)
    entries: Iterable[ParsedEntry],
    title: str = "",
    deleted: Iterable[str] = (),
    has_ids: bool = True,
    covers_whole: bool = True,
    covers_from: datetime | None = None,
    ended: bool | None = None,
    undated: int = 0,
    unread: int = 0,
    warnings: Iterable[str] = (),
) -> Page:
    """The Page of these entries, which come in any order.

    An entry whose key is empty gets one made from its stamp and words. `covers_whole`: the page shows everything since
    its oldest entry, or since `covers_from` where an older entry is pinned; false: it makes no such promise.
    `undated` counts what was left out because it gave no time that can be read, `unread` what `newest` left out.
    """
    found = list(entries)
    newest_first = sorted(map(_announced, found), key=lambda entry: entry.published_at, reverse=True)[:MOST_ENTRIES]
    keyed = _keyed(newest_first, has_ids)
    oldest = keyed.entries[-1].published_at if keyed.entries else None
    shown = {entry.key for entry in keyed.entries}
    return Page(
        title=title,
        format=format,
        entries=tuple(keyed.entries),
        covers_from=(covers_from or oldest) if covers_whole else None,
        deleted=tuple(key for key in dict.fromkeys(deleted) if key not in shown),
        has_ids=keyed.has_ids,
        ended=ended,
        warnings=(*warnings, *_undated(undated, len(found) + unread), *_too_many(len(found) + unread), *keyed.warnings),
    )


def _announced(entry: ParsedEntry) -> ParsedEntry:
    """BREAKING at its head marks a key event on every page, also where the format has a place of its own for that."""
    if entry.is_key or not announces_key(entry.title or entry.text):
        return entry
    return entry.model_copy(update={"is_key": True})


def _undated(undated: int, dated: int) -> list[str]:
    if not undated:
        return []
    return [f"{undated} of {undated + dated} entries give no time that can be read and were left out."]


def newest(found: Sequence[Item], moment_of: Callable[[Item], datetime | None]) -> list[Item]:
    """What `build` would keep, in its order, so that nobody reads the words of what it would leave out.

    What gives no time is no entry, costs nothing to read, and stays to be counted.
    """
    if len(found) <= MOST_ENTRIES:
        return list(found)
    moments = [moment_of(item) for item in found]
    dated = [(moment, at) for at, moment in enumerate(moments) if moment is not None]
    dated.sort(key=lambda one: one[0], reverse=True)
    left_out = {at for _, at in dated[MOST_ENTRIES:]}
    return [item for at, item in enumerate(found) if at not in left_out]


def _too_many(found: int) -> list[str]:
    if found <= MOST_ENTRIES:
        return []
    return [f"Only the newest {MOST_ENTRIES:,} of {found:,} entries were read."]


def _keyed(entries: list[ParsedEntry], has_ids: bool) -> _Keyed:
    """Unique keys. Where an id comes again with the same content it is one entry, else the newest one keeps it."""
    by_id: dict[str, list[ParsedEntry]] = defaultdict(list)
    for entry in entries:
        if entry.key and has_ids:
            by_id[entry.key].append(entry)
    distinct = sum(len({_face(entry) for entry in same}) for same in by_id.values() if len(same) > 1)
    single = sum(len(same) == 1 for same in by_id.values())
    repeated = len(by_id) - single
    if distinct > 2 * (repeated + single):  # one id for everything is none
        return _Keyed(_made(entries, set()), False, ("The source gives one id to many entries: its ids are not used.",))
    kept = [entry for entry in entries if not entry.key or not has_ids or by_id[entry.key][0] is entry]
    dropped = distinct - repeated
    warnings = (f"{dropped} entries repeat the id of a newer one and were left out.",) if dropped > 0 else ()
    made = _made(kept, set(by_id))
    return _Keyed(made, bool(by_id) or (has_ids and not kept), warnings)


def _made(entries: list[ParsedEntry], ids: set[str]) -> list[ParsedEntry]:
    """Make keys for those whose key is not among `ids`; they are counted from the oldest."""
    keyless = [entry for entry in reversed(entries) if entry.key not in ids]
    keys = make_keys((entry.published_at, f"{entry.title} {entry.text}") for entry in keyless)
    made = {id(entry): key for entry, key in zip(keyless, keys, strict=True)}
    return [entry.model_copy(update={"key": made[id(entry)]}) if id(entry) in made else entry for entry in entries]


def _face(entry: ParsedEntry) -> tuple[object, ...]:
    """What a reader sees of an entry, but for its time."""
    return (entry.title, entry.text, entry.media)


def common(values: Sequence[object]) -> object | None:
    """The value that most of several entries share ("one headline for all ten"), which so tells none of them apart."""
    present = Counter(value for value in values if value)
    if len(values) < 2 or not present:
        return None
    value, times = present.most_common(1)[0]
    return value if times > 1 and times * 2 > len(values) else None
