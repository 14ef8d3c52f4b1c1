"""The program: `dateline run | demo | sandbox | check | quotes | import | export | speakers | db`.

Standard output carries only the answer, everything else goes to standard error. Exit status 0, 1 (could not, with one
sentence), 2 (wrong use). Heavy imports wait until the command that needs them runs. A file for each kind of command:

    running      run, demo, sandbox           reading      check, quotes
    archive      import, export, speakers     databases    db upgrade | check | backup | copy
    ending       what all of them share
"""

from __future__ import annotations

import io
import sys

import typer

from bot.cli import archive, databases, reading, running

program = typer.Typer(
    name="dateline",
    help="A Telegram bot that relays live updates, keeps them true, and answers who said what.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for each in (running, reading, archive):
    program.add_typer(each.commands)
program.add_typer(databases.commands, name="db")


def main() -> None:
    """The entry point."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an escape rather than no answer
    try:
        program()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except BrokenPipeError:
        sys.stderr.close()  # whoever read the answer has gone: say nothing more
        raise SystemExit(1) from None
