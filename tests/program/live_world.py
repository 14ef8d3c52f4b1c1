"""What surrounds the program while it runs: a Telegram, pages that change, and a configuration that names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from program_harness import Running

from bot.sandbox import Chat, Sandbox
from storage import stories
from storage.database import Database
from storage.schema import chats, subscriptions

EVERY = 0.2  # seconds; much faster, and reading is all that the program does
FAST = 1000.0  # messages a second


@dataclass
class ServedPage:
    """A text page under a slug; `asked` counts its readings."""

    slug: str
    title: str
    entries: list[tuple[str, str]] = field(default_factory=list)  # newest first
    asked: int = 0
    on_asked: Callable[[], None] = lambda: None

    def publish(self, stamp: str, text: str) -> None:
        self.entries.insert(0, (stamp, text))

    def correct(self, stamp: str, text: str) -> None:
        place = next(place for place, (at, _) in enumerate(self.entries) if at == stamp)
        self.entries[place] = (stamp, text)

    async def serve(self, _: web.Request) -> web.Response:
        self.asked += 1
        self.on_asked()
        body = "".join(f"- **{stamp}**\n\n{text}\n\n" for stamp, text in self.entries)
        page = f"{self.title} Live updates\n\n14/03/2016\n\n- 14 March 2016\n\n{body}"
        return web.Response(text=page, content_type="text/plain")


class World:
    """A Telegram and its pages, in this process; the program runs in others."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.folder = folder
        self.url = url or f"sqlite:///{folder / 'dateline.db'}"
        self.sandbox = Sandbox(name="Dateline", username="DatelineBot")
        self.harbour = ServedPage("harbour", "Fire in the harbour", [("19:00 GMT", "Smoke rises over the harbour.")])
        self.summit = ServedPage("summit", "The summit", [("18:00 GMT", "The doors have opened.")])
        self.pages = (self.harbour, self.summit)
        for page in self.pages:
            page.on_asked = self.sandbox.world.changed.fire
        self.sandbox.mount([web.get(f"/live/{page.slug}", page.serve) for page in self.pages])
        self.programs: list[Running] = []

    async def __aenter__(self) -> World:
        await self.sandbox.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        for program in self.programs:
            await program.is_killed()
        await self.sandbox.stop()

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    def configure(
        self, *pages: ServedPage, token: str | None = None, base_url: str | None = None, rate: float = FAST
    ) -> None:
        """Write the configuration; every page is read many times a second."""
        named = "".join(
            f'[[stories]]\nslug = "{page.slug}"\nsource = "{self.sandbox.address}live/{page.slug}"\nevery = {EVERY}\n'
            for page in pages or (self.harbour,)
        )
        self.config.write_text(
            f'[telegram]\ntoken = "{token or self.sandbox.token}"\nbase_url = "{base_url or self.sandbox.base_url}"\n'
            f'[storage]\nurl = "{self.url}"\n'
            f"[delivery]\nrate = {rate}\nchat_rate = 1000\ngroup_rate_per_minute = 6000\n"
            f"[fetch]\nallow_private_addresses = true\n{named}"
        )

    async def runs(self, *words: str, ready: bool = True) -> Running:
        """Start the program; when it is `ready` it has said so."""
        program = await Running.start(self.config, *words)
        self.programs.append(program)
        if ready:
            await program.says("running")
        return program

    async def reads(self, page: ServedPage, times: int = 2) -> None:
        """Wait until the page has been asked for again, and so what it gave before was stored."""
        before = page.asked
        await self.sandbox.until(lambda: page.asked >= before + times)

    async def follows(self, people: Iterable[Chat], slug: str = "harbour") -> None:
        """Write subscriptions into the database before the program runs; they have had their welcome."""
        database = await Database.open(self.url)
        async with database.write() as connection:
            story = await stories.put(connection, slug, {"source": f"{self.sandbox.address}live/{slug}"})
            place = {"thread_id": 0, "story_id": story.id, "cursor": 0, "since": 0, "settings": {}}
            ids = [chat.id for chat in people]
            await connection.execute(chats.insert(), [{"id": one, "type": "private"} for one in ids])
            await connection.execute(subscriptions.insert(), [{"chat_id": one, **place} for one in ids])
        await database.close()

    def calls(self, method: str) -> int:
        """How often Telegram has carried it out."""
        return sum(call.method == method and call.is_ok for call in self.sandbox.calls)


def showing(chat: Chat, words: str) -> int:
    """How many messages of the chat say that."""
    return sum(words in message.text for message in chat.shown)
