"""Entries whose words stand at addresses of their own: which to ask for, and the page made whole by the answers.

Page with `elsewhere` ──wanted──▶ keys ──gather──▶ an answer each ──completed──▶ Page as any other

Pure. A page that lists its entries and asks for each by itself (Al Jazeera's) says nothing of an edit, so what is known
is asked for again, the older the more rarely.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from storage.models import Entry, Page, ParsedEntry, Standing

MOST = 24  # requests for one reading
AGAIN = 8  # of them for entries that are known, to see whether they were edited
SOONEST = timedelta(minutes=1)  # between two requests for one entry
RARER = 10  # ... and a tenth of its age
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def wanted(
    page: Page, known: Mapping[str, Entry], asked_at: Mapping[str, datetime], now: datetime, most: int = MOST
) -> list[str]:
    """The keys of the entries to ask for in this reading: unknown ones, and known ones whose turn it is.

    What was never asked for comes first, the newest before the others: one that always fails holds nobody up.
    """
    there = [entry for entry in page.entries if page.elsewhere.get(entry.key)]
    there.sort(key=lambda entry: asked_at.get(entry.key, _NEVER))
    again = [entry.key for entry in there if entry.key in known and _is_due(entry, asked_at.get(entry.key), now)]
    again = again[: min(AGAIN, most)]
    unknown = [entry.key for entry in there if entry.key not in known]
    return unknown[: most - len(again)] + again


def _is_due(entry: ParsedEntry, asked_at: datetime | None, now: datetime) -> bool:
    return asked_at is None or now - asked_at >= max(SOONEST, (now - entry.published_at) / RARER)


def completed(page: Page, known: Mapping[str, Entry], answers: Mapping[str, Page]) -> Page:
    """The page with the words of its entries: from the answers by key, or as they are known.

    An unknown entry without an answer waits for a later reading.
    """
    entries = [entry for stub in page.entries if (entry := _complete(stub, page, known.get(stub.key), answers))]
    deleted = [key for answer in answers.values() for key in answer.deleted]
    kept = [entry for entry in entries if entry.key not in deleted]
    return page.model_copy(
        update={
            "entries": tuple(sorted(kept, key=lambda entry: entry.published_at, reverse=True)),
            "deleted": tuple(dict.fromkeys([*page.deleted, *deleted])),
        }
    )


def _complete(stub: ParsedEntry, page: Page, known: Entry | None, answers: Mapping[str, Page]) -> ParsedEntry | None:
    if stub.key not in page.elsewhere:
        return stub
    answer = answers.get(stub.key)
    told = [entry for entry in answer.entries if entry.key == stub.key] if answer else []
    if told:
        return told[0].model_copy(update={"url": told[0].url or stub.url})
    if known is not None and not known.is_empty:
        return None if known.standing is Standing.DELETED else _as_known(known)
    return None if page.elsewhere[stub.key] else stub


def _as_known(entry: Entry) -> ParsedEntry:
    return ParsedEntry.model_validate(entry.model_dump(include=set(ParsedEntry.model_fields)))
