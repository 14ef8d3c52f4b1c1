"""What people see of `dateline check` and `dateline quotes`: tables for a terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text


def show_page(report: dict[str, Any]) -> None:
    """What was understood of a page."""
    console = Console()
    entries = report["entries"]
    console.print(f"[bold]{escape(report['title'] or 'No title')}[/]  ({report['format']}, {len(entries)} entries)")
    table = Table(show_edge=False, pad_edge=False)
    for name in ("time (UTC)", "key", "text", "words", "links", "quotes"):
        table.add_column(name, justify="right" if name in ("words", "links", "quotes") else "left", overflow="ellipsis")
    for entry in entries:
        table.add_row(
            entry["published_at"][:16].replace("T", " "),
            entry["key"],
            _beginning(entry),
            str(len(entry["text"].split())),
            str(len(entry["links"])),
            str(len(entry["quotes"])),
        )
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


def _beginning(entry: dict[str, Any], length: int = 60) -> str:
    words = " ".join(f"{entry['title']} {entry['text']}".split())
    return escape(words if len(words) <= length else words[: length - 1] + "…")
