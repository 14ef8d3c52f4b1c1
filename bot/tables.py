"""What people see of `dateline check` and `dateline quotes`: tables for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

WIDE = 110  # columns, from which on there is room for the keys


def show_page(report: dict[str, Any]) -> None:
    """What was understood of a page."""
    console = Console()
    entries = report["entries"]
    console.print(f"[bold]{escape(report['title'] or 'No title')}[/]  ({report['format']}, {len(entries)} entries)")
    has_room = console.width >= WIDE
    table = Table(show_edge=False, pad_edge=False, expand=True)
    table.add_column("time (UTC)", width=16)
    table.add_column("text", no_wrap=True, overflow="ellipsis", ratio=1)
    for name in ("words", "links", "quotes"):
        table.add_column(name, justify="right", width=6)
    if has_room:
        table.add_column("key", no_wrap=True, min_width=31)
    for entry in entries:
        counts = (len(entry["text"].split()), len(entry["links"]), len(entry["quotes"]))
        time = entry["published_at"][:16].replace("T", " ")
        table.add_row(time, _beginning(entry), *map(str, counts), *([escape(entry["key"])] if has_room else []))
    if entries:
        console.print(table)
    for warning in report["warnings"]:
        console.print(f"[yellow]warning:[/] {escape(warning)}")


def show_quotes(report: dict[str, Any]) -> None:
    """The quotes of one text."""
    console = Console()
    console.print(f"[bold]{escape(report['source'])}[/]  ({len(report['quotes'])} quotes)")
    for quote in report["quotes"]:
        speaker = quote["speaker"] or "nobody named"
        role = f", {quote['role']}" if quote["role"] else ""
        sure = "" if quote["confidence"] == "explicit" else f" ({quote['confidence']})"
        console.print(Text(f"  {speaker}{role}{sure}: ", style="cyan") + Text(quote["text"]))


def _beginning(entry: dict[str, Any]) -> str:
    return escape(" ".join(f"{entry['title']} {entry['text']}".split()) or "(no text)")
