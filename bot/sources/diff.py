"""What a page changed, compared with what is known of its story.

    known entries + Page ──match──▶ pairs ──compare──▶ Changes(added, corrected, retracted, absences)

Pure. A page shows a window, so absent is not deleted: an entry is given up when the source says that it is gone, or
when it is missing from several readings in a row that should have shown it, and only if the page did not shrink
suspiciously. Where the source gives no ids, `match` recognises an entry whose words or stamp were edited.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from rapidfuzz import fuzz

from storage.models import Entry, Origin, Page, ParsedEntry, Standing

ABSENT_AFTER = 3  # readings in a row
SAME_WORDS = 50  # percent: twins under one stamp whose words are this alike are one entry
EDITED_BOTH = 60  # stamp and words edited, half an hour apart at most
MOVED = 90  # only the stamp edited, by hours
NEAR, FAR = timedelta(minutes=30), timedelta(hours=6)
FEW_WORDS = 4  # "Goal!" comes again and is not the former one moved


@dataclass(frozen=True)
class Added:
    """An entry not known before. Late: stamped before entries that were known already. Old: before all of them."""

    entry: ParsedEntry
    is_late: bool = False
    is_old: bool = False


@dataclass(frozen=True)
class Corrected:
    """A known entry that reads differently now, or that stands again."""

    known: Entry
    entry: ParsedEntry


@dataclass(frozen=True)
class Retracted:
    known: Entry
    standing: Standing


Change = TypeVar("Change", Corrected, Retracted)


@dataclass(frozen=True)
class Changes:
    """What to do, each list oldest first. `absences` are the counts to keep, by entry id."""

    added: tuple[Added, ...] = ()
    corrected: tuple[Corrected, ...] = ()
    retracted: tuple[Retracted, ...] = ()
    absences: dict[int, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.corrected or self.retracted)


def diff(known: Sequence[Entry], page: Page) -> Changes:
    """Compare all known entries of a story with a new reading of its page."""
    pairs = match(known, page)
    matched = {old.id for old, _ in pairs}
    missing = [entry for entry in known if entry.id not in matched]
    gone, absences, warnings = _missing(missing, known, page)
    keys = _deleted_keys(missing, page)
    deleted = [old for old, new in pairs if new.withdrawn] + [old for old in known if old.key in keys]
    standing = [(old, new) for old, new in pairs if not new.withdrawn and old.key not in keys]
    return Changes(
        added=tuple(_added(known, page, {new.key for _, new in pairs})),
        corrected=_by_time(Corrected(old, new) for old, new in standing if _differs(old, new)),
        retracted=_by_time(
            [Retracted(old, Standing.DELETED) for old in deleted if old.standing is not Standing.DELETED]
            + [Retracted(old, Standing.ABSENT) for old in gone if old.key not in keys]
        ),
        absences=absences | {old.id: 0 for old, _ in pairs if old.absences},
        warnings=warnings,
    )


def _deleted_keys(missing: Sequence[Entry], page: Page) -> set[str]:
    """What the source says is gone. A page that is withdrawn takes all of its entries with it, not what was pushed."""
    own = [entry.key for entry in missing if entry.origin is Origin.PAGE] if page.is_withdrawn else []
    return {*page.deleted, *own}


def still_absent(known: Sequence[Entry]) -> Changes:
    """What an unchanged page means: what it lacked it lacks still."""
    missing = [entry for entry in known if entry.absences and entry.standing is Standing.SHOWN]
    gone, absences = _count(missing)
    return Changes(retracted=_by_time(Retracted(old, Standing.ABSENT) for old in gone), absences=absences)


def without_absences(changes: Changes) -> Changes:
    """The changes of a reading that must not count what it lacks, as it may have been of a half-written page."""
    return replace(
        changes,
        retracted=tuple(one for one in changes.retracted if one.standing is not Standing.ABSENT),
        absences={entry_id: count for entry_id, count in changes.absences.items() if count == 0},
    )


# --- matching -------------------------------------------------------------------------------------------------------


def match(known: Sequence[Entry], page: Page) -> list[tuple[Entry, ParsedEntry]]:
    """Pairs of a known entry and what the page shows of it now; each stands in one pair at most."""
    pool = _Pool(known, page.entries)
    if page.has_ids:
        pool.pair_by(lambda old: old.key, lambda new: new.key)
    else:
        pool.pair_by(lambda old: (old.published_at, _words(old)), lambda new: (new.published_at, _words(new)))
        pool.pair_by(lambda old: old.key, lambda new: new.key)
        pool.pair_under_one_stamp()
        pool.pair_moved(page)
    return pool.pairs


class _Pool:
    """What is left to match on both sides."""

    def __init__(self, known: Iterable[Entry], new: Iterable[ParsedEntry]) -> None:
        self.known = {entry.id: entry for entry in known}
        self.new = {entry.key: entry for entry in new}
        self.pairs: list[tuple[Entry, ParsedEntry]] = []

    def pair(self, old: Entry, new: ParsedEntry) -> None:
        self.pairs.append((self.known.pop(old.id), self.new.pop(new.key)))

    def pair_by(self, of_old: Callable[[Entry], object], of_new: Callable[[ParsedEntry], object]) -> None:
        """Pair what has the same feature, in order where several have it."""
        waiting: dict[object, list[Entry]] = defaultdict(list)
        for old in self.known.values():
            waiting[of_old(old)].append(old)
        for new in list(self.new.values()):
            if same := waiting.get(of_new(new)):
                self.pair(same.pop(0), new)

    def pair_under_one_stamp(self) -> None:
        """Edited words: the most alike first; one left over on each side is one entry, however it was rewritten."""
        for stamp in {new.published_at for new in self.new.values()}:
            old = [entry for entry in self.known.values() if entry.published_at == stamp]
            new = [entry for entry in self.new.values() if entry.published_at == stamp]
            self._pair_alike(((o, n) for o in old for n in new if not n.withdrawn), lambda _o, _n: SAME_WORDS)
            old = [entry for entry in old if entry.id in self.known]
            new = [entry for entry in new if entry.key in self.new]
            if len(old) == len(new) == 1:
                self.pair(old[0], new[0])

    def pair_moved(self, page: Page) -> None:
        """Edited stamps: an entry that should be on the page and is not, and an unknown one with its words."""
        since = page.covers_from
        if since is None:
            return
        earliest = since - NEAR  # the moved entry may be the oldest of the page
        old = [entry for entry in self.known.values() if entry.published_at >= earliest and not entry.is_empty]
        new = [entry for entry in self.new.values() if not entry.is_empty]
        close = ((o, n) for o in old for n in new if abs(o.published_at - n.published_at) <= FAR)
        self._pair_alike(close, _needed_when_moved)

    def _pair_alike(
        self, candidates: Iterable[tuple[Entry, ParsedEntry]], needed: Callable[[Entry, ParsedEntry], float]
    ) -> None:
        scored = [(fuzz.ratio(_words(old), _words(new)), old, new) for old, new in candidates]
        enough = [(score, old, new) for score, old, new in scored if score >= needed(old, new)]
        for _, old, new in sorted(enough, key=lambda one: (-one[0], one[1].id, one[2].key)):
            if old.id in self.known and new.key in self.new:
                self.pair(old, new)


def _needed_when_moved(old: Entry, new: ParsedEntry) -> float:
    near = abs(old.published_at - new.published_at) <= NEAR
    few = min(len(_words(old).split()), len(_words(new).split())) < FEW_WORDS
    if few:
        return 100 if near else 101
    return EDITED_BOTH if near else MOVED


def _words(entry: Entry | ParsedEntry) -> str:
    return " ".join(f"{entry.title} {entry.text}".casefold().split())


# --- comparing ------------------------------------------------------------------------------------------------------


def _differs(old: Entry, new: ParsedEntry) -> bool:
    """A reader would see another entry. The printed stamp does not count: "2m ago" changes with every reading."""
    return old.standing is not Standing.SHOWN or _face(old) != _face(new)


def _face(entry: Entry | ParsedEntry) -> tuple[object, ...]:
    return (entry.published_at, entry.title, entry.text, entry.spans, entry.media, entry.is_key)


def _added(known: Sequence[Entry], page: Page, matched: set[str]) -> list[Added]:
    times = [entry.published_at for entry in known]
    unknown = [new for new in page.entries if new.key not in matched and not new.withdrawn]
    return [
        Added(
            new,
            is_late=bool(times) and min(times) <= new.published_at < max(times),
            is_old=bool(times) and new.published_at < min(times),
        )
        for new in reversed(unknown)  # oldest first, twins in the order of the page
    ]


def _missing(
    missing: Sequence[Entry], known: Sequence[Entry], page: Page
) -> tuple[list[Entry], dict[int, int], tuple[str, ...]]:
    """Of what the page does not show: what is gone, the counts to keep, and what is odd about it."""
    since = page.covers_from
    if since is None or not page.entries:
        return [], {}, ()
    expected = [entry for entry in known if entry.published_at > since and _is_of_page(entry)]
    lost_ids = {entry.id for entry in missing}
    lost = [entry for entry in expected if entry.id in lost_ids]
    if len(lost) > max(1, len(expected) // 3):
        return [], {}, (f"the page lacks {len(lost)} of {len(expected)} entries it should show; they are kept",)
    return *_count(lost), ()


def _is_of_page(entry: Entry) -> bool:
    return entry.standing is Standing.SHOWN and entry.origin is Origin.PAGE


def _count(missing: Iterable[Entry]) -> tuple[list[Entry], dict[int, int]]:
    """Count one more absence for each; those that have been absent long enough are gone."""
    entries = list(missing)
    gone = [entry for entry in entries if entry.absences + 1 >= ABSENT_AFTER]
    return gone, {entry.id: entry.absences + 1 for entry in entries}


def _by_time(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda change: (change.known.published_at, change.known.id)))
