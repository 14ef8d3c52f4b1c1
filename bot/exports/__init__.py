"""The archive handed out, and filled from a page or an export.

    dateline export:  story + entries ─▶ markdown | jsonl | jsonld | atom ─▶ standard output
    dateline import:  bytes ─▶ sources.read ─▶ Page ─▶ archive.understand ─▶ archive.keep, silently

Each format is one module with one pure function, `write(story, entries) -> str`, named in `EXPORTS`. What it writes,
`bot.sources` reads again: the facts that a format cannot say go beside the entry (`exact.py`, `sources/exact.py`).
`giving.py` and `taking.py` are the two commands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.exports.atom import to_atom
from bot.exports.jsonl import to_jsonl
from bot.exports.jsonld import to_jsonld
from bot.exports.markdown import to_markdown
from storage.models import Entry, Story

__all__ = ["EXPORTS", "to_atom", "to_jsonl", "to_jsonld", "to_markdown"]

EXPORTS: dict[str, Callable[[Story, Sequence[Entry]], str]] = {
    "markdown": to_markdown,
    "jsonl": to_jsonl,
    "jsonld": to_jsonld,
    "atom": to_atom,
}
