"""What surrounds the program in one run: a page, a Telegram, a folder with its configuration and its database."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests/program")]

from program_harness import Running  # noqa: E402 - the path comes first: the benchmark runs as a script

from measuring.page import Page  # noqa: E402
from measuring.programs import processor_seconds  # noqa: E402
from measuring.wire import Telegram  # noqa: E402
from storage import stories  # noqa: E402
from storage.database import Database  # noqa: E402
from storage.schema import chats, subscriptions  # noqa: E402

SLUG = "harbour"
EVERY = 0.5  # seconds between two readings of the page
AT_A_TIME = 10_000  # rows


class World:
    """One run's surroundings. `rate`: what the bot is configured for, and Telegram's limits with it."""

    def __init__(self, rate: float, url: str | None = None) -> None:
        self.rate = rate
        self.folder = Path(tempfile.mkdtemp(prefix="dateline-benchmark-"))
        self.url = url or f"sqlite:///{self.folder / 'dateline.db'}"
        self.page = Page()
        self.telegram = Telegram()
        self.programs: list[Running] = []
        self._address = ""

    async def __aenter__(self) -> World:
        await self.telegram.start()
        self._address = await self.page.start()
        await self.telegram.ask("limits", rate=self.rate)
        self._configure()
        return self

    async def __aexit__(self, *_: object) -> None:
        for program in self.programs:
            await program.is_killed()
        await self.telegram.stop()
        await self.page.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _configure(self) -> None:
        (self.folder / "config.toml").write_text(
            f'[telegram]\ntoken = "{self.telegram.token}"\nbase_url = "{self.telegram.base_url}"\n'
            f'[storage]\nurl = "{self.url}"\n[delivery]\nrate = {float(self.rate)}\n'
            f'[fetch]\nallow_private_addresses = true\n[[stories]]\nslug = "{SLUG}"\nsource = "{self._address}"\n'
            f'format = "atom"\nevery = {EVERY}\n',
            encoding="utf-8",
        )

    # --- before -----------------------------------------------------------------------------------------------------

    async def follow(self, people: int, groups: int = 0) -> None:
        """So many chats follow the story from the beginning, as if they had subscribed long ago."""
        ids = (await self.telegram.ask("followers", people=people, groups=groups))["ids"]
        database = await Database.open(self.url)
        async with database.write() as connection:
            story = await stories.put(connection, SLUG, {"source": self._address})
            place = {"thread_id": 0, "story_id": story.id, "cursor": 0, "since": 0, "settings": {}}
            for start in range(0, len(ids), AT_A_TIME):
                some = ids[start : start + AT_A_TIME]
                rows = [{"id": one, "type": "private" if one > 0 else "group"} for one in some]
                await connection.execute(chats.insert(), rows)
                await connection.execute(subscriptions.insert(), [{"chat_id": one, **place} for one in some])
        await database.close()

    async def runs(self, *words: str, has_read: bool = True) -> Running:
        """Start the program; `has_read`: once it knows its page. What runs here may be killed at any time."""
        program = await Running.start(self.folder / "config.toml", *words)
        self.programs.append(program)
        await program.says("running")
        if has_read:
            await program.says("story_read")
        return program

    # --- after ------------------------------------------------------------------------------------------------------

    def published_at(self) -> float:
        """When the newest event was in the log."""
        with closing(sqlite3.connect(self.folder / "dateline.db")) as connection:
            [at] = connection.execute("SELECT max(at) FROM events").fetchone()
        return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()

    async def calls(self) -> dict[str, Any]:
        return await self.telegram.ask("calls")


def processor_milliseconds(programs: list[Running], before: list[float], messages: float) -> float:
    """Of these processes for each message."""
    after = [processor_seconds(program.process.pid) for program in programs]
    return (sum(after) - sum(before)) * 1000 / max(1.0, messages)
