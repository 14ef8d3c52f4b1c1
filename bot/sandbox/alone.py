"""`dateline sandbox`: the Bot API and the chat page, and no bot: any bot in any language may be pointed at it."""

from __future__ import annotations

import asyncio
import re
import signal
import sys

from bot.sandbox.hosts import is_loopback
from bot.sandbox.sandbox import Sandbox

USUAL_PORT = 8081  # where Telegram's own Bot API server listens, if one runs it oneself
TOKEN_SHAPE = re.compile(r"[1-9]\d{0,15}:[\w-]{1,200}", re.ASCII)


class CannotListen(Exception):
    """The port or the host cannot be had; the message says why."""


async def run(sandbox: Sandbox, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM. Raises CannotListen."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    try:
        await sandbox.start(host, port)
    except (OSError, UnicodeError) as error:
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else "no such host"
        raise CannotListen(f"{host}, port {port}, cannot be used: {reason}. --port 0 takes a free one.") from error
    try:
        if not is_loopback(host):
            _tell(f"warning: whoever reaches {host} may read and write in all chats; they have no password.")
        # What a program may want to read comes first, each on a line of its own.
        print(f"base_url  {sandbox.base_url}\ntoken     {sandbox.token}\npage      {sandbox.address}", flush=True)  # noqa: T201
        await stop.wait()
    finally:
        await sandbox.stop()
    _tell("the sandbox has stopped; nothing of it is kept.")


def _tell(sentence: str) -> None:
    print(f"dateline: {sentence}", file=sys.stderr)  # noqa: T201
