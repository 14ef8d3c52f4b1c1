"""The pure part of `dateline quotes FILE...`: texts in, the dictionaries that it prints out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.quotes.find import Reading, find_quotes
from bot.quotes.speakers import Register
from storage.models import FoundQuote

TEXT_KEYS = ("id", "title", "text", "story")


def of_text(source: str, text: str) -> dict[str, Any]:
    """The quotes of one plain text."""
    return _report(source, find_quotes(text))


def of_jsonl(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The quotes of entries, one a line: `{"id", "title", "text", "story"}`, title and story may be missing.

    Entries of one story share its register, in the order of the lines. Raises ValueError with the line's number and
    what is wrong with it.
    """
    registers: dict[str, Register] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        entry = _entry(number, line)
        story = entry.get("story")
        known = registers.get(story) if story is not None else None
        reading = find_quotes(entry["text"], title=entry.get("title") or "", register=known)
        if story is not None:
            registers[story] = reading.register
        yield _report(entry["id"], reading)


def _entry(number: int, line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"line {number} is not JSON: {error}") from error
    if not isinstance(entry, dict):
        raise ValueError(f"line {number} is not an object with id and text")
    for key in ("id", "text"):
        if key not in entry:
            raise ValueError(f"line {number} has no {key}")
    for key in TEXT_KEYS:
        value = entry.get(key)
        if value is not None and not isinstance(value, str) and not (key == "id" and isinstance(value, int)):
            raise ValueError(f"line {number}: {key} is not a text")
    if entry["text"] is None or entry["id"] is None:
        raise ValueError(f"line {number}: id and text cannot be null")
    return entry


def _report(source: str | int, reading: Reading) -> dict[str, Any]:
    return {"source": source, "quotes": [quote_as_dict(quote) for quote in reading.quotes]}


def quote_as_dict(quote: FoundQuote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
        "parts": [list(part) for part in quote.parts],
        "speaker": quote.speaker,
        "role": quote.role,
        "cue": quote.cue,
        "kind": quote.kind,
        "confidence": quote.confidence,
    }
