"""The optional HTTP listener: entries pushed in, and whether all is well. Without `http.listen` no port is opened.

POST /hooks/<story>   one entry or several, in the shape that `dateline export --format jsonl` writes
GET  /health          the newest reading of each story
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import structlog
from aiohttp import web

from bot.clock import Clock
from bot.config import Config
from bot.intake import Intake
from bot.sources import Context, UnreadablePage
from bot.sources.formats import jsonl
from storage import stories
from storage.database import Database
from storage.models import Story

log = structlog.get_logger(__name__)

MOST_BYTES = web.AppKey("MOST_BYTES", int)


class CannotListen(Exception):
    """The address of `http.listen` cannot be used; the message says why."""


class Hooks:
    """Answers the listener's requests."""

    def __init__(self, database: Database, intake: Intake, clock: Clock, config: Config) -> None:
        self._database = database
        self._intake = intake
        self._clock = clock
        self._secret = config.http.secret.get_secret_value()

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/hooks/{slug}", self.push), web.get("/health", self.health)]

    async def push(self, request: web.Request) -> web.Response:
        """Take in entries; the same key again is a correction, or nothing where nothing changed."""
        if not self._is_allowed(request):
            return _refused(401, "The secret is missing or wrong: send it as Authorization: Bearer <http.secret>.")
        slug = request.match_info["slug"]
        async with self._database.read() as connection:
            story = await stories.by_slug(connection, slug)
        if story is None or not story.is_watched:
            return _refused(404, f"There is no story called {slug}.")
        now = self._clock.now()
        try:
            page = jsonl.parse(await request.read(), Context(address=f"POST /hooks/{slug}", now=now))
        except UnreadablePage as error:
            return _refused(400, str(error))
        except web.HTTPRequestEntityTooLarge:
            return _refused(413, f"That is over {request.app[MOST_BYTES]:,} bytes (fetch.max_bytes): send it in parts.")
        except web.RequestPayloadError:
            return _refused(400, "The body broke off, or is not compressed as its Content-Encoding says.")
        understood = await self._intake.push(story, page, now)
        changes = understood.changes
        counts = {"new": len(changes.added), "corrected": len(changes.corrected), "withdrawn": len(changes.retracted)}
        return web.json_response({"ok": True, **counts})

    async def health(self, _request: web.Request) -> web.Response:
        async with self._database.read() as connection:
            there = [story for story in await stories.all_of(connection) if story.is_watched]
        return web.json_response({"ok": True, "stories": [_health(story) for story in there]})

    def _is_allowed(self, request: web.Request) -> bool:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return False
        given = given.strip()
        return bool(self._secret) and hmac.compare_digest(given.encode(), self._secret.encode())


def _health(story: Story) -> dict[str, object]:
    def moment(value: datetime | None) -> str | None:
        return value.isoformat() if value is not None else None

    return {
        "story": story.slug,
        "state": story.state.value,
        "read_at": moment(story.read_at),
        "changed_at": moment(story.changed_at),
        "failures": story.failures,
    }


def _refused(status: int, sentence: str) -> web.Response:
    return web.json_response({"ok": False, "error": sentence}, status=status)


@asynccontextmanager
async def listening(hooks: Hooks, config: Config) -> AsyncIterator[str]:
    """Listen while inside, if the configuration says where; gives the address, empty if none. Raises CannotListen."""
    if not config.http.listen:
        yield ""
        return
    host, _, port = config.http.listen.rpartition(":")
    if not (host and port.isdigit() and int(port) < 65536):
        raise CannotListen('http.listen takes an address and a port, such as "127.0.0.1:8080".')
    if not config.http.secret.get_secret_value():
        log.warning("hooks_closed", reason="http.secret is empty, so nobody can push")
    application = web.Application(client_max_size=config.fetch.max_bytes)
    application[MOST_BYTES] = config.fetch.max_bytes
    application.add_routes(hooks.routes())
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await _listen(runner, host.strip("[]"), int(port), config.http.listen)
        address = f"{host}:{runner.addresses[0][1]}"  # port 0 is whichever was free
        log.info("listening", address=address)
        yield address
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int, written: str) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise CannotListen(f"http.listen: {written} cannot be used: {error.strerror or error}.") from error
