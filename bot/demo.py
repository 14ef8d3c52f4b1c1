"""`dateline demo`: the whole bot in one process with the sandbox, and a live page replayed into it.

    replay ──▶ the sandbox serves the page ──HTTP──▶ the bot reads it ──Bot API──▶ the sandbox's chats ──▶ the browser

The bot runs as it always does; that its Bot API server and its page are in the same process it does not know.
"""

from __future__ import annotations

import asyncio
import hashlib
import signal
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

from aiohttp import web
from rich.console import Console

from bot.app import App, CannotRun, build, serve
from bot.config import Config
from bot.exports.markdown import to_markdown
from bot.sandbox import Sandbox
from bot.sandbox.replay import Script, Step, read_script, replay
from bot.sources import Context, read
from bot.sources.encoding import decode
from bot.sources.fetch import Fetcher
from storage import stories, subscriptions
from storage.models import Entry, Page, Story

SHIPPED = "demo"
USUAL_PORT = 8086
SECONDS_AN_ENTRY = 3.0
AT_THE_LATEST = 60.0  # seconds without a subscriber, then the replay starts all the same
READER = "You"
BOT_NAME = "DatelineBot"
DONE = {
    "sent": "messages sent",
    "edited": "messages edited",
    "notes": "corrections told",
    "deleted": "messages deleted",
    "refused": "calls refused",
}


@dataclass
class LivePage:
    """The page as it stands now, served to the bot and to the curious."""

    text: str
    path: str

    async def serve(self, request: web.Request) -> web.Response:
        body = self.text.encode()
        etag = hashlib.sha256(body).hexdigest()[:16]
        if request.headers.get("If-None-Match") == f'"{etag}"':
            return web.Response(status=304)
        return web.Response(body=body, content_type="text/plain", charset="utf-8", headers={"ETag": f'"{etag}"'})


async def run_demo(page: str | None, *, port: int | None, speed: float, once: bool) -> None:
    """Replay a page into a chat until interrupted; with `once` until it is delivered."""
    text, script, parsed = await _page(page)
    head, steps = replay(text, _context(page or SHIPPED), script)
    slug = SHIPPED if page is None else "live"
    live = LivePage(head, f"/live/{slug}")
    sandbox = Sandbox(name="Dateline", username=BOT_NAME)
    sandbox.mount([web.get(live.path, live.serve)])
    await _listen(sandbox, port)
    try:
        with tempfile.TemporaryDirectory(prefix="dateline-demo-") as folder:
            config = _config(sandbox, live, slug, parsed.title, Path(folder))
            async with build(config) as app:
                await _play(app, sandbox, live, steps, slug, speed=speed, once=once)
    finally:
        await sandbox.stop()


# --- the play -------------------------------------------------------------------------------------------------------


async def _play(
    app: App, sandbox: Sandbox, live: LivePage, steps: list[Step], slug: str, *, speed: float, once: bool
) -> None:
    console = Console(highlight=False, soft_wrap=True)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    story = await _story(app, slug)
    await app.watcher.read(story.id)
    chat = sandbox.private(READER)
    running = asyncio.create_task(serve(app, stop))
    _invite(console, sandbox, story)
    playing = asyncio.create_task(_replay(app, live, steps, story, speed, console, at_once=once))
    if once:
        await chat.says(f"/subscribe {slug}")
    try:
        await asyncio.wait({running, playing}, return_when=asyncio.FIRST_COMPLETED)
        if playing.done():
            playing.result()
            _summary(console, app, sandbox)
            if once:
                stop.set()
        await running
    finally:
        playing.cancel()
        stop.set()
        await asyncio.gather(running, playing, return_exceptions=True)


async def _replay(
    app: App, live: LivePage, steps: list[Step], story: Story, speed: float, console: Console, *, at_once: bool
) -> None:
    """Show the page step by step; each is delivered before the next, so that each entry is a message of its own."""
    await _until(lambda: _has_reader(app, story), None if at_once else AT_THE_LATEST)
    await _until(lambda: _is_delivered(app, story), None)
    for step in steps:
        live.text = step.page
        await app.watcher.read(story.id)
        await _until(lambda: _is_delivered(app, story), None)
        console.print(f"  {step.says}")
        await asyncio.sleep(SECONDS_AN_ENTRY / speed)


async def _until(is_so: Callable[[], Awaitable[bool]], seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds):
            while not await is_so():
                await asyncio.sleep(0.01)
    except TimeoutError:
        return


async def _has_reader(app: App, story: Story) -> bool:
    async with app.database.read() as connection:
        return story.id in await subscriptions.count_active(connection)


async def _is_delivered(app: App, story: Story) -> bool:
    """Everybody who can be served has been."""
    async with app.database.read() as connection:
        now = await stories.by_id(connection, story.id)
        if now is None or app.sender.is_serving or await subscriptions.is_recap_due(connection):
            return False
        return story.id not in {story_id for story_id, _ in await subscriptions.stories_behind(connection)}


# --- what the terminal says -----------------------------------------------------------------------------------------


def _invite(console: Console, sandbox: Sandbox, story: Story) -> None:
    console.print(
        f"[bold]Dateline[/] replays “{story.title}” for you. No token, no account, nothing leaves this machine."
    )
    console.print(f"  1. Open  [bold cyan]{sandbox.address}[/]  in a browser.")
    console.print("  2. Type  [bold]/subscribe[/]  there, and watch updates come in and being corrected.")
    console.print("  3. Ask   [bold]/latest[/]  or  [bold]/quotes[/] and a name. Ctrl+C ends the demo.")


def _summary(console: Console, app: App, sandbox: Sandbox) -> None:
    done = app.calls.done
    chats = sum(1 for chat in sandbox.chats if chat.shown)
    counted = ", ".join(f"{done[name]} {words}" for name, words in DONE.items() if done[name]) or "nothing"
    console.print(f"The replay is over. Delivered to {chats} chat{'' if chats == 1 else 's'}: {counted}.")


# --- what it is made of ---------------------------------------------------------------------------------------------


async def _page(name: str | None) -> tuple[str, Script | None, Page]:
    """The page's text, its script if it is ours, and the page read."""
    if name is None:
        folder = resources.files("bot.sandbox") / "pages"
        context, data = _context(SHIPPED), (folder / f"{SHIPPED}.md").read_bytes()
        script = read_script((folder / f"{SHIPPED}.toml").read_text(encoding="utf-8"))
        return decode(data, context)[0], script, read(data, context)
    async with Fetcher(allow_private_addresses=True) as fetcher:
        fetched = await fetcher.get(name, base=Path.cwd())
    data, context = fetched.data or b"", _context(name, fetched.content_type)
    page = read(data, context)
    if not page.entries:
        raise CannotRun(f"{name} was read as {page.format}, but no entry was found in it.")
    return decode(data, context)[0] if page.format == "text" else _as_text(page, context), None, page


def _as_text(page: Page, context: Context) -> str:
    """Any page as a text page, which is what a replay can show piece by piece; nothing of an entry is lost."""
    story = Story(id=0, slug="live", title=page.title, source=context.address)
    facts = {"number": 1, "story_id": 0, "at": context.now, "added_at": context.now}
    shown = [entry.model_dump(exclude={"withdrawn"}) for entry in page.entries if not entry.withdrawn]
    entries = [Entry.model_validate({**entry, **facts, "entry_id": place}) for place, entry in enumerate(shown)]
    return to_markdown(story, entries)


def _context(name: str, content_type: str | None = None) -> Context:
    return Context(address=name, now=datetime.now(UTC), content_type=content_type)


async def _listen(sandbox: Sandbox, port: int | None) -> None:
    try:
        await sandbox.start(port=USUAL_PORT if port is None else port)
    except OSError as error:
        if port is not None:
            raise CannotRun(
                f"Port {port} cannot be used: {error.strerror or error}. --port 0 takes a free one."
            ) from error
        await sandbox.start(port=0)


def _config(sandbox: Sandbox, live: LivePage, slug: str, title: str, folder: Path) -> Config:
    return Config.model_validate(
        {
            "telegram": {"token": sandbox.token, "base_url": sandbox.base_url},
            "storage": {"url": f"sqlite:///{folder / 'demo.db'}"},
            "delivery": {"rate": 1000, "chat_rate": 1000, "group_rate_per_minute": 6000},
            "fetch": {"allow_private_addresses": True},
            "stories": [
                {
                    "slug": slug,
                    "source": sandbox.address.rstrip("/") + live.path,
                    "title": title or slug,
                    "format": "text",
                    "every": 5.0,
                }
            ],
            "folder": folder,
        }
    )


async def _story(app: App, slug: str) -> Story:
    async with app.database.read() as connection:
        story = await stories.by_slug(connection, slug)
    if story is None:
        raise CannotRun(f"The story {slug} could not be opened.")
    return story
