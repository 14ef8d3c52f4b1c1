"""The storage alone: what one entry costs, whoever follows the story."""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot import archive
from bot.calls import Policy
from bot.clock import SystemClock
from bot.pickup import PickUp
from bot.sources.diff import Added, Changes
from bot.turn import CLAIM_FOR
from measuring.figures import Figure
from measuring.page import TEXT
from measuring.rows import Row, Scale
from storage import claims, stories, subscriptions
from storage.database import Database
from storage.models import Origin, Page, ParsedEntry, Story

PICKED_UP = 100
SIZES = (10, 1_000, 100_000, 1_000_000)
QUICK_SIZES = (10, 10_000)
TIMES = 40

_CHATS = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO chats (id, type, title, is_active) SELECT i, 'private', '', 1 FROM n
"""
_SUBSCRIPTIONS = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO subscriptions (chat_id, story_id, wanted, active, cursor, since, settings)
    SELECT i, ?, 1, 1, 0, 0, '{}' FROM n
"""


async def _measured(scale: Scale) -> list[Figure]:
    sizes = QUICK_SIZES if scale.is_quick else SIZES
    found = {size: await _of(size) for size in sizes}
    least, most = found[sizes[0]], found[sizes[-1]]
    steps = ", ".join(f"{size:,}" for size in sizes)
    return [
        Figure(
            f"publishing, of {steps} subscriptions the slowest",
            max(each[0] for each in found.values()),
            "ms",
            at_most=20,
        ),
        Figure("publishing at the last against the first", most[0], "ms", ideal=least[0], at_most=1.5),
        Figure("picking up 100", max(each[1] for each in found.values()), "ms", at_most=5),
        Figure("an idle tick", max(each[2] for each in found.values()), "ms", at_most=1),
    ]


async def _of(size: int) -> tuple[float, float, float]:
    """Medians, in milliseconds: to publish, to pick up, to look and find nothing."""
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as folder:
        file = Path(folder) / "dateline.db"
        database = await Database.open(f"sqlite:///{file}")
        async with database.write() as connection:
            story = await stories.put(connection, "harbour", {"source": "push"})
            await stories.change(connection, story.id, first_read_at=datetime.now(UTC))
        _fill(file, story.id, size)
        idle = await _idle(database)
        publishing, picking = [], []
        for number in range(TIMES):
            publishing.append(await _publish(database, story, number))
            picking.append(await _pick_up(database))
        await database.close()
        return statistics.median(publishing), statistics.median(picking), idle


def _fill(file: Path, story_id: int, size: int) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(_CHATS, (size,))
        connection.execute(_SUBSCRIPTIONS, (size, story_id))


async def _idle(database: Database) -> float:
    """What the sender does when it looks for work and there is none."""
    pickup = PickUp(database, SystemClock(), Policy())
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        assert await pickup.take(PICKED_UP) == []
        took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


async def _publish(database: Database, story: Story, number: int) -> float:
    now = datetime.now(UTC)
    entry = ParsedEntry(key=f"k{number}", published_at=now, stamp="19:16 GMT", text=TEXT.format(mark=number, people=12))
    page = Page(title="Harbour", format="push", entries=(entry,))
    understood = archive.Understood(Changes(added=(Added(entry),)), page)
    began = time.perf_counter()
    async with database.write() as connection:
        await archive.keep(connection, story, understood, now, origin=Origin.PUSHED)
    return (time.perf_counter() - began) * 1000


async def _pick_up(database: Database) -> float:
    """The first hundred of those that are behind are claimed; what it costs to let them go is not counted."""
    now = datetime.now(UTC)
    began = time.perf_counter()
    async with database.read() as connection:
        behind = await subscriptions.stories_behind(connection)
    async with database.write() as connection:
        claimed = await claims.pick_up(connection, behind, PICKED_UP, now, now + CLAIM_FOR)
    took = time.perf_counter() - began
    async with database.write() as connection:
        await claims.drop(connection, claimed)
    assert claimed
    return took * 1000


ROWS = [
    Row(
        "storage",
        "one entry published, 10 to 1,000,000 subscriptions (storage alone)",
        "constant, < 20 ms; picking up the first 100 < 5 ms; an idle tick < 1 ms",
        _measured,
    )
]
