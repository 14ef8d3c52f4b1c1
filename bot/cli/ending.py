"""What the commands share: the configuration read, the work done, and how a command ends.

Whatever a user can cause ends in one sentence and exit status 1; Typer's own BadParameter is wrong use, exit status 2.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.config import Config

ConfigFile = Annotated[Path, typer.Option("--config", help="The configuration file.")]
DEFAULT_CONFIG = Path("config.toml")


def print_json(answer: Any, indent: int | None = None) -> None:
    """JSON is UTF-8, whatever the terminal; half a letter is escaped as JSON does it."""
    line = json.dumps(answer, ensure_ascii=False, indent=indent) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def complete(work: Coroutine[Any, Any, Any], *, runs_long: bool = False) -> Any:
    """Run it; what a user can cause ends in one sentence."""
    import asyncio

    from bot.cli.looping import run_long

    try:
        return run_long(work) if runs_long else asyncio.run(work)
    except Exception as error:
        if (sentence := _sentence(error)) is None:
            raise
        fail(sentence)


def _sentence(error: Exception) -> str | None:
    """What a user is told of an error that a user can cause. What is heavy is imported only once it went wrong."""
    import sqlalchemy.exc

    from bot.app import CannotRun
    from bot.config import ConfigError
    from bot.hooks import CannotListen
    from bot.registry import NotThere
    from bot.sources import UnreadablePage
    from bot.sources.fetch import SourceAway, SourceRefused
    from storage.errors import StorageError, sentence

    if isinstance(error, sqlalchemy.exc.OperationalError):
        return sentence(error, "The database")
    told = (CannotRun, CannotListen, ConfigError, NotThere, StorageError, SourceAway, SourceRefused, UnreadablePage)
    return str(error) if isinstance(error, told) else None


def load(path: Path | None) -> Config:
    from bot import config

    try:
        return config.load(path)
    except config.ConfigError as error:
        fail(str(error))


def load_with_token(path: Path) -> tuple[Config, str]:
    from bot.config import ConfigError

    settings = load(path)
    try:
        return settings, settings.token
    except ConfigError as error:
        fail(str(error))


def check_level(level: str) -> None:
    if level.lower() not in ("debug", "info", "warning", "error"):
        raise typer.BadParameter("takes debug, info, warning or error", param_hint="--log-level")


def check_zone(name: str) -> None:
    from bot.config import zone

    try:
        zone(name)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--timezone") from error


def log_warning(event: str, **facts: object) -> None:
    import structlog

    structlog.get_logger(__name__).warning(event, **facts)


def fail(sentence: str) -> NoReturn:
    print(f"dateline: {sentence}", file=sys.stderr)
    raise SystemExit(1)
