"""`dateline db`: the database brought up to date, checked, backed up and moved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.ending import DEFAULT_CONFIG, ConfigFile, complete, load

commands = typer.Typer(help="The database.", no_args_is_help=True)


@commands.command()
def upgrade(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Bring the schema up to date."""
    from storage import care

    print(complete(care.upgrade(load(config).storage_url)))


@commands.command(name="check")
def check_database(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Look for damage, and count what there is."""
    from storage import care

    print(complete(care.check(load(config).storage_url)))


@commands.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A file that does not exist yet.")], config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Copy the database while the bot runs."""
    from storage import care

    print(complete(care.backup(load(config).storage_url, file)))


@commands.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="An address, as storage.url is one.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The address of an empty database.")],
) -> None:
    """Copy one database into another, from SQLite to PostgreSQL or the other way, and compare every row."""
    from storage import copying

    print(complete(copying.copy(source, target)))
