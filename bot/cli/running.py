"""The commands that keep running: `run`, `demo` and `sandbox`."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.ending import DEFAULT_CONFIG, ConfigFile, check_level, complete, fail, load_with_token, log_warning

if TYPE_CHECKING:
    import asyncio

    from bot.config import Config
    from bot.roles import Roles


commands = typer.Typer()


@commands.command()
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

    settings, token = load_with_token(config)
    check_level(log_level)
    try:
        roles = roles_of(role or [])
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    logs.set_up(log_level, secrets=[token, settings.http.secret.get_secret_value()])
    if not settings.stories:
        log_warning("no_stories", advice="the configuration names none: add a [[stories]] table")
    complete(_run(settings, config, roles), runs_long=True)


async def _run(settings: Config, path: Path, roles: Roles) -> None:
    import asyncio

    from bot.app import run as run_app
    from bot.cli.looping import leave_to_stay

    leave_to_stay()
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
        log_warning("configuration_not_read", reason=str(error))


@commands.command()
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
    complete(run_demo(page, port=port, speed=speed, once=once, opens_browser=opens_browser))


@commands.command()
def sandbox(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where it listens; 0 takes a free port.")] = 8081,
    host: Annotated[str, typer.Option(help="Whoever reaches it may read and write in all chats.")] = "127.0.0.1",
    token: Annotated[str, typer.Option(help="The bot's; one is ready.")] = "",
    name: Annotated[str, typer.Option(help="The bot's.")] = "Sandbox bot",
    username: Annotated[str, typer.Option(help="The bot's, without the @.")] = "sandbox_bot",
    limits: Annotated[bool, typer.Option("--limits", help="Keep to Telegram's limits, with its 429.")] = False,
) -> None:
    """Serve only a Telegram: the Bot API for any bot in any language, and a chat page in the browser."""
    from bot.sandbox import Sandbox, alone
    from bot.sandbox.sandbox import TOKEN

    if token and not alone.TOKEN_SHAPE.fullmatch(token):
        raise typer.BadParameter("looks like 123456:letters-and-digits", param_hint="--token")
    made = Sandbox(limits=limits, token=token or TOKEN, name=name, username=username.removeprefix("@"))
    try:
        complete(alone.run(made, host, port))
    except alone.CannotListen as error:
        fail(str(error))
