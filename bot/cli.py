"""The program: `dateline run | demo | check | quotes | import | export | db`.

Standard output carries only the answer, everything else goes to standard error. Exit status 0, 1 (could not, with one
sentence), 2 (wrong use). Heavy imports wait until the command that needs them runs.
"""

from __future__ import annotations

import asyncio
import io
import json
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from bot.config import Config
    from bot.roles import Roles

program = typer.Typer(
    name="dateline",
    help="A Telegram bot that relays live updates, keeps them true, and answers who said what.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="The database.", no_args_is_help=True)
program.add_typer(database, name="db")

ConfigFile = Annotated[Path, typer.Option("--config", help="The configuration file.")]
DEFAULT_CONFIG = Path("config.toml")


@program.command()
def run(
    config: ConfigFile = DEFAULT_CONFIG,
    log_level: Annotated[str, typer.Option(help="debug, info, warning or error.")] = "info",
    role: Annotated[
        list[str] | None,
        typer.Option(help="send, watch or answer: a part, where several processes share PostgreSQL."),
    ] = None,
) -> None:
    """Run the bot until SIGINT or SIGTERM, then finish what is in flight. SIGHUP reads the stories again."""
    from bot import logs
    from bot.roles import roles_of

    settings, token = _load_with_token(config)
    _check_level(log_level)
    try:
        roles = roles_of(role or [])
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    logs.set_up(log_level, secrets=[token, settings.http.secret.get_secret_value()])
    if not settings.stories:
        _log_warning("no_stories", advice="the configuration names none: add a [[stories]] table")
    _complete(_run(settings, config, roles))


async def _run(settings: Config, path: Path, roles: Roles) -> None:
    from bot.app import run as run_app

    stop: asyncio.Event = asyncio.Event()
    reload: asyncio.Queue[Config] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    loop.add_signal_handler(signal.SIGHUP, _read_again, path, reload)
    await run_app(settings, stop, reload, roles)


def _read_again(path: Path, reload: asyncio.Queue[Config]) -> None:
    from bot.config import ConfigError, load

    try:
        reload.put_nowait(load(path))
    except ConfigError as error:
        _log_warning("configuration_not_read", reason=str(error))


@program.command()
def demo(
    page: Annotated[
        str | None, typer.Argument(help="flood, election, football, or any page that `check` can read.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Where the chat page listens; 0 takes a free port.")
    ] = None,
    speed: Annotated[float, typer.Option(min=0.01, help="1 is an entry every three seconds.")] = 1.0,
    once: Annotated[bool, typer.Option(help="Subscribe a chat, replay, say what was delivered, and end.")] = False,
    opens_browser: Annotated[bool, typer.Option("--open", help="Open the chat page in the browser.")] = False,
) -> None:
    """Run the whole bot with no token: a chat page in the browser, and a live page replayed into it."""
    from bot import logs
    from bot.demo import run_demo

    logs.set_up("error")  # what happens is told in the terminal's own words
    _complete(run_demo(page, port=port, speed=speed, once=once, opens_browser=opens_browser))


@program.command()
def check(
    source: Annotated[str, typer.Argument(help="An address or a file.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
    format: Annotated[str, typer.Option(help="How to read it; auto finds out.")] = "auto",  # noqa: A002
    timezone: Annotated[str, typer.Option(help="For stamps that name no zone.")] = "GMT",
) -> None:
    """Read a source once and show what was understood."""
    from bot.checking import read_once, report_of

    _check_zone(timezone)
    page = _complete(read_once(source, _load(None), format=format, timezone=timezone))
    report = report_of(page)
    if as_json:
        _print_json(report, indent=2)
    else:
        from bot.sources import FORMATS
        from bot.tables import show_page

        show_page(page, report, FORMATS[page.format].SIGN if format == "auto" else "you asked for it")
    if not page.entries:
        _fail(f"{source} was read as {page.format}, but no entry was found in it.")


@program.command()
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

        print(_complete(registry.rebuild(_load(config), rebuild)))
        return
    if not files:
        raise typer.BadParameter("name at least one file, or - for standard input", param_hint="FILES")
    from bot.tables import show_quotes

    for name in files:
        for report in _quote_reports(name):
            if as_json:
                _print_json(report)
            else:
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
        _fail(f"{name}: {error}.")


def _text_of(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        _fail(f"{name} cannot be read: {error.strerror or error}.")
    except UnicodeDecodeError:
        _fail(f"{name} is not text in UTF-8.")


@program.command(name="import")
def import_(
    source: Annotated[str, typer.Argument(help="An address or a file: a page, or what `dateline export` wrote.")],
    story: Annotated[str, typer.Option(help="The slug of the story to fill.")],
    config: ConfigFile = DEFAULT_CONFIG,
    format: Annotated[str, typer.Option(help="How to read it; auto finds out.")] = "auto",  # noqa: A002
) -> None:
    """Fill a story's archive from a page or an export; nobody is told."""
    from bot.exports.taking import import_story

    taken = _complete(import_story(source, story, _load(config), format=format))
    for warning in taken.warnings:
        print(f"dateline: {warning}", file=sys.stderr)
    print(taken.sentence(story))


@program.command()
def export(
    slug: Annotated[str, typer.Argument(help="The story's slug.")],
    format: Annotated[str, typer.Option(help="markdown, jsonl, jsonld or atom.")],  # noqa: A002
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Write a story's archive to standard output; `dateline import` reads it again."""
    from bot.exports import EXPORTS
    from bot.exports.giving import export_story

    if format not in EXPORTS:
        raise typer.BadParameter(f"takes {', '.join(EXPORTS)}", param_hint="--format")
    sys.stdout.buffer.write(_complete(export_story(slug, _load(config), format=format)).encode())


@program.command()
def speakers(
    story: Annotated[str, typer.Argument(help="The story's slug.")],
    merge: Annotated[tuple[str, str] | None, typer.Option(help="The first is the second.")] = None,
    split: Annotated[tuple[str, str] | None, typer.Option(help="The first is not called the second.")] = None,
    config: ConfigFile = DEFAULT_CONFIG,
) -> None:
    """Who is quoted in a story; merges and splits speakers for good."""
    from bot import registry
    from bot.tables import show_speakers

    settings = _load(config)
    if merge is not None:
        print(_complete(registry.merge_speakers(settings, story, *merge)))
    elif split is not None:
        print(_complete(registry.split_speaker(settings, story, *split)))
    else:
        show_speakers(_complete(registry.speakers(settings, story)))


@database.command()
def upgrade(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Bring the schema up to date."""
    from storage import care

    print(_complete(care.upgrade(_load(config).storage_url)))


@database.command(name="check")
def check_database(config: ConfigFile = DEFAULT_CONFIG) -> None:
    """Look for damage, and count what there is."""
    from storage import care

    print(_complete(care.check(_load(config).storage_url)))


@database.command()
def backup(
    file: Annotated[Path, typer.Argument(help="A file that does not exist yet.")], config: ConfigFile = DEFAULT_CONFIG
) -> None:
    """Copy the database while the bot runs."""
    from storage import care

    print(_complete(care.backup(_load(config).storage_url, file)))


@database.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="An address, as storage.url is one.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The address of an empty database.")],
) -> None:
    """Copy one database into another, from SQLite to PostgreSQL or the other way, and compare every row."""
    from storage import copying

    print(_complete(copying.copy(source, target)))


# --- how the program ends -------------------------------------------------------------------------------------------


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


def _print_json(answer: Any, indent: int | None = None) -> None:
    """JSON is UTF-8, whatever the terminal; half a letter is escaped as JSON does it."""
    line = json.dumps(answer, ensure_ascii=False, indent=indent) + "\n"
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _complete(work: Coroutine[Any, Any, Any]) -> Any:
    """Run it; what a user can cause ends in one sentence."""
    try:
        return asyncio.run(work)
    except Exception as error:
        if (sentence := _sentence(error)) is None:
            raise
        _fail(sentence)


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


def _load(path: Path | None) -> Config:
    from bot.config import ConfigError, load

    try:
        return load(path)
    except ConfigError as error:
        _fail(str(error))


def _load_with_token(path: Path) -> tuple[Config, str]:
    from bot.config import ConfigError

    settings = _load(path)
    try:
        return settings, settings.token
    except ConfigError as error:
        _fail(str(error))


def _check_level(level: str) -> None:
    if level.lower() not in ("debug", "info", "warning", "error"):
        raise typer.BadParameter("takes debug, info, warning or error", param_hint="--log-level")


def _check_zone(name: str) -> None:
    from bot.config import zone

    try:
        zone(name)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--timezone") from error


def _log_warning(event: str, **facts: object) -> None:
    import structlog

    structlog.get_logger(__name__).warning(event, **facts)


def _fail(sentence: str) -> NoReturn:
    print(f"dateline: {sentence}", file=sys.stderr)
    raise SystemExit(1)
