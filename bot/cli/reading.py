"""The commands that read something once and say what they found: `check` and `quotes`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.ending import DEFAULT_CONFIG, ConfigFile, check_zone, complete, fail, load, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator


commands = typer.Typer()


@commands.command()
def check(
    source: Annotated[str, typer.Argument(help="An address or a file.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    format: Annotated[str, typer.Option(help="How to read it; auto finds out.")] = "auto",  # noqa: A002
    timezone: Annotated[str, typer.Option(help="For stamps that name no zone.")] = "GMT",
) -> None:
    """Read a source once and show what was understood."""
    from bot.checking import read_once, report_of

    check_zone(timezone)
    page = complete(read_once(source, load(None), format=format, timezone=timezone))
    report = report_of(page)
    if as_json:
        print_json(report, indent=2)
    else:
        from bot.sources import FORMATS
        from bot.tables import show_page

        show_page(page, report, FORMATS[page.format].SIGN if format == "auto" else "you asked for it")
    if not page.entries:
        fail(f"{source} was read as {page.format}, but no entry was found in it.")


@commands.command()
def quotes(
    files: Annotated[
        list[str] | None, typer.Argument(help="Text files, .jsonl files, or - for standard input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    rebuild: Annotated[str | None, typer.Option(metavar="STORY", help="Read a story's archive anew.")] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """The quotes in plain text files, and who is quoted."""
    if rebuild is not None:
        from bot import registry

        print(complete(registry.rebuild(load(config), rebuild)))
        return
    if not files:
        raise typer.BadParameter("name at least one file, or - for standard input", param_hint="FILES")
    for name in files:
        for report in _quote_reports(name):
            if as_json:
                print_json(report)
            else:
                from bot.tables import show_quotes

                show_quotes(report)


def _quote_reports(name: str) -> Iterator[dict[str, Any]]:
    from bot.quotes import report

    text = _text_of(name)
    if not name.endswith(".jsonl"):
        yield report.of_text(name, text)
        return
    try:
        yield from report.of_jsonl(text.split("\n"))
    except ValueError as error:
        fail(f"{name}: {error}.")


def _text_of(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        fail(f"{name} cannot be read: {error.strerror or error}.")
    except UnicodeDecodeError:
        fail(f"{name} is not text in UTF-8.")
