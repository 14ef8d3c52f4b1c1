"""What people see of `dateline check` and `dateline quotes`: tables for a terminal."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from storage.models import Page, ParsedEntry, Speaker

WIDE = 110  # columns, from which on there is room for the keys
UNBOUNDED = 160  # columns, where no terminal says how many


def show_page(page: Page, report: dict[str, Any], why: str) -> None:
    """What was understood of a page: `report` is what other programs are shown of it, `why` why it was read so."""
    console = Console(emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = UNBOUNDED
    title = escape(page.title or "No title")
    console.print(f"[bold]{title}[/]  ({len(page.entries)} entries; read as {page.format}: {escape(why)})")
    if page.entries:
        console.print(_entries(page.entries, [len(entry["quotes"]) for entry in report["entries"]], console.width))
    for warning in page.warnings:
        console.print(f"[yellow]warning:[/] {escape(warning)}")


def _entries(entries: Sequence[ParsedEntry], quotes: Sequence[int], width: int) -> Table:
    table = Table(show_edge=False, pad_edge=False, expand=True)
    table.add_column("time (UTC)", width=16)
    table.add_column("as written", no_wrap=True, overflow="ellipsis", min_width=9, max_width=20)
    table.add_column("title or text", no_wrap=True, overflow="ellipsis", ratio=1)
    for name in ("words", "links", "media", "quotes"):
        table.add_column(name, justify="right", width=max(5, len(name)))
    if width >= WIDE:
        table.add_column("key", no_wrap=True, overflow="ellipsis", min_width=31, max_width=40)
    for entry, quoted in zip(entries, quotes, strict=True):
        counts = (len(entry.text.split()), len(entry.links), len(entry.media), quoted)
        time = f"{entry.published_at.astimezone(UTC):%Y-%m-%d %H:%M}"
        cells = [time, escape(entry.stamp), _beginning(entry), *(str(count or "") for count in counts)]
        table.add_row(*cells, *([escape(entry.key)] if width >= WIDE else []))
    return table


def show_quotes(report: dict[str, Any]) -> None:
    """The quotes of one text."""
    console = Console(emoji=False)
    console.print(f"[bold]{escape(report['source'])}[/]  ({len(report['quotes'])} quotes)")
    for quote in report["quotes"]:
        speaker = quote["speaker"] or "nobody named"
        role = f", {quote['role']}" if quote["role"] else ""
        sure = "" if quote["confidence"] == "explicit" else f" ({quote['confidence']})"
        console.print(Text(f"  {speaker}{role}{sure}: ", style="cyan") + Text(quote["text"]))


def show_speakers(counted: Sequence[tuple[Speaker, int]]) -> None:
    """Who is quoted, how often, and the other names they are known by."""
    console = Console(emoji=False)
    for speaker, count in counted:
        role = f", {speaker.role}" if speaker.role else ""
        others = f"  (also {', '.join(speaker.aliases)})" if speaker.aliases else ""
        console.print(Text(f"{count:4}  {speaker.name}{role}") + Text(others, style="dim"))
    if not counted:
        console.print("Nobody is quoted yet.")


def _beginning(entry: ParsedEntry) -> str:
    if entry.withdrawn:
        return "[red]withdrawn[/]"
    words = escape(" ".join(f"{entry.title} {entry.text}".split()) or "(no text)")
    return f"[bold]key[/] {words}" if entry.is_key else words
