"""Updates carried to the bot's own web server: one after the other, again with growing pauses until it says 2xx.

Nothing leaves this machine: an address elsewhere is refused.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from bot.sandbox.errors import bad_request
from bot.sandbox.params import Params, Upload
from bot.sandbox.signals import Signal
from bot.sandbox.updates import Updates

CarryOut = Callable[[str, Params], Awaitable[Any]]

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # its name, not itself
MAX_ANSWER = 1024 * 1024  # bytes

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}", re.ASCII)
_LOCAL = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates go."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""


class Webhooks:
    """The webhook of one bot, and how delivering goes. The pauses are in seconds."""

    def __init__(self, updates: Updates, now: Callable[[], datetime], happened: Signal) -> None:
        self.hook: Webhook | None = None
        self.first_pause = 0.5
        self.longest_pause = 60.0
        self.patience = 30.0  # for one answer
        self.last_error = ""
        self._failed_at: datetime | None = None
        self._updates = updates
        self._now = now
        self._happened = happened
        self._changed = Signal()

    def set(self, hook: Webhook | None) -> None:
        """Carry updates there from now on; None ends it."""
        self.hook = hook
        self.last_error, self._failed_at = "", None
        if hook is not None:
            self._updates.end_poll()
        self._changed.fire()
        self._updates.added.fire()

    @property
    def described(self) -> dict[str, Any]:
        """What getWebhookInfo tells of it."""
        if self.hook is None:
            return {}
        info = {"url": self.hook.url, "max_connections": self.hook.max_connections}
        if self.hook.ip_address:
            info["ip_address"] = self.hook.ip_address
        if self._failed_at is not None:
            info |= {"last_error_date": int(self._failed_at.timestamp()), "last_error_message": self.last_error}
        return info

    async def run(self, carry_out: CarryOut) -> None:
        """Deliver for ever. An answer may name a method: it is carried out."""
        while True:
            if self.hook is None:
                await self._changed.wait()
            else:
                await self._serve(self.hook, carry_out)

    async def _serve(self, hook: Webhook, carry_out: CarryOut) -> None:
        pause = self.first_pause
        timeout = aiohttp.ClientTimeout(total=self.patience)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while self.hook is hook:
                update = self._updates.first()
                if update is None:
                    await self._updates.added.wait()
                elif await self._deliver(session, hook, update, carry_out):
                    pause = self.first_pause
                else:
                    await self._pause(pause)
                    pause = min(2 * pause, self.longest_pause)

    async def _deliver(
        self, session: aiohttp.ClientSession, hook: Webhook, update: dict[str, Any], carry_out: CarryOut
    ) -> bool:
        headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
        try:
            # A certificate for this machine is nobody's but the developer's own: it is not looked at.
            posting = session.post(hook.url, json=update, headers=headers, allow_redirects=False, ssl=False)
            async with posting as response:
                asked = await _asked(response)
        except aiohttp.ClientConnectorError:
            return self._fail("Connection refused")
        except TimeoutError:
            return self._fail("Read timeout expired")
        except (aiohttp.ClientError, ValueError):
            return self._fail("Connection closed by the server")
        if not 200 <= response.status < 300:
            return self._fail(f"Wrong response from the webhook: {response.status} {response.reason}")
        if self.hook is hook:
            self._updates.confirm(update["update_id"] + 1)
            self._happened.fire()
        if asked is not None:
            await carry_out(*asked)
        return True

    def _fail(self, why: str) -> bool:
        self.last_error, self._failed_at = why, self._now()
        self._happened.fire()
        return False

    async def _pause(self, seconds: float) -> None:
        """Until it is over, or the webhook has changed."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            pass


async def _asked(response: aiohttp.ClientResponse) -> tuple[str, Params] | None:
    """The method that a web server's answer names, with its parameters: in JSON or in a form."""
    values: dict[str, Any] = {}
    uploads: dict[str, Upload] = {}
    try:
        if response.content_type.startswith("multipart/"):
            await _read_parts(aiohttp.MultipartReader.from_response(response), values, uploads)
        else:
            body = (await response.content.read(MAX_ANSWER)).decode("utf-8", "replace")
            is_json = response.content_type == "application/json"
            found = json.loads(body) if is_json else dict(parse_qsl(body))
            values = found if isinstance(found, dict) else {}
    except (ValueError, RecursionError, LookupError):
        return None
    method = values.pop("method", None)
    return (method, Params(values, uploads)) if isinstance(method, str) else None


async def _read_parts(
    reader: aiohttp.MultipartReader | aiohttp.multipart.MultipartResponseWrapper,
    values: dict[str, Any],
    uploads: dict[str, Upload],
) -> None:
    while (part := await reader.next()) is not None:
        if not isinstance(part, aiohttp.BodyPartReader) or not part.name:
            continue
        data = bytes(await part.read(decode=True))
        if part.filename:
            uploads[part.name] = Upload(part.filename, part.headers.get("Content-Type", ""), data)
        else:
            values[part.name] = data.decode("utf-8", "replace")


def checked_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise bad_request("bad webhook: an HTTPS URL must be provided for webhook")
    if host not in _LOCAL:
        raise bad_request("bad webhook: the sandbox delivers to this machine only (http://127.0.0.1:...)")
    return url


def checked_secret(secret: str) -> str:
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    return secret
