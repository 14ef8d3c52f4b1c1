"""The questions that are asked all the time are answered from an index, as SQLite itself says of the SQL it is sent."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from storing import NEWS, NOON, at, follow, kept_messages, publish, sent, showing, shown, story

from storage import entries, messages, stories, subscriptions
from storage.database import Database

Ask = Callable[[AsyncConnection], Awaitable[Any]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test leaves the filled database for the others."""
    return tmp_path_factory.mktemp("plans") / "filled.db"


@pytest.fixture
async def filled(kept: Path, migrated: Path, file: Path) -> AsyncIterator[Database]:
    if not kept.exists():
        shutil.copy(migrated, kept)
        await _fill(await Database.open(f"sqlite:///{kept}"))
    shutil.copy(kept, file)
    database = await Database.open(f"sqlite:///{file}")
    yield database
    await database.close()


async def _fill(database: Database) -> None:
    async with database.write() as connection:
        for slug in ("harbour", "summit"):
            told = await story(connection, slug, first_read_at=NOON)
            for chat_id in range(1, 30):
                place = await follow(connection, chat_id, told.id)
                entry_id = await publish(connection, told.id, f"{slug}{chat_id}", chat_id)
                await sent(connection, place, chat_id, NEWS, [shown(entry_id)], at(chat_id))
        await subscriptions.wait(connection, 3, at(60))
    await database.close()


async def _plans(database: Database, ask: Ask, *, write: bool = False) -> list[str]:
    """What SQLite does for each statement that `ask` sends, with the values that it is sent with."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "EXPLAIN")):
            sent.append((statement, values))

    engine = database._engine.sync_engine
    async with database.write() if write else database.read() as connection:
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            await ask(connection)
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        plans = []
        for statement, values in sent:
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.append("\n".join(row[3] for row in rows))
    return plans


ASKED: dict[str, tuple[Ask, str]] = {
    "who is behind": (
        lambda c: subscriptions.behind(c, 1, 100, 16),
        "ix_subscriptions_behind (story_id=? AND cursor<?)",
    ),
    "whose wait ends next": (subscriptions.next_wake, "ix_subscriptions_waiting"),
    "who waits for a recap": (subscriptions.is_recap_due, "ix_subscriptions_recap"),
    "what happened after a cursor": (lambda c: entries.log(c, 1, 5, 9), "pk_events"),
    "which messages show an entry": (
        lambda c: showing(c, 4, [4, 5]),
        "ix_message_entries_shown (subscription_id=? AND entry_id=?)",
    ),
    "which messages a chat has": (lambda c: kept_messages(c, 4), "ix_messages_subscription (subscription_id=?)"),
    "the newest entries": (lambda c: entries.newest(c, 1, 5), "ix_entries_time (story_id=?)"),
    "the newest entries since": (
        lambda c: entries.newest(c, 1, 5, since=at(3)),
        "ix_entries_time (story_id=? AND published_at>?)",
    ),
    "what a chat follows": (lambda c: subscriptions.of_chat(c, 4, 0), "(chat_id=? AND thread_id=?)"),
}


@pytest.mark.parametrize("what", ASKED)
async def test_is_answered_from_its_index(filled: Database, what: str) -> None:
    ask, index = ASKED[what]
    [plan] = await _plans(filled, ask)
    assert index.replace("pk_events", "sqlite_autoindex_events_1") in plan
    assert "SCAN subscriptions\n" not in f"{plan}\n"
    assert "SCAN messages\n" not in f"{plan}\n"
    assert "SCAN entries\n" not in f"{plan}\n"


async def test_who_is_behind_comes_in_order_from_the_index(filled: Database) -> None:
    """Sorting a million subscriptions for the first sixteen would cost what the index saves."""
    [plan] = await _plans(filled, ASKED["who is behind"][0])
    assert plan.count("\n") == 0
    assert "TEMP B-TREE" not in plan


async def test_the_newest_entries_come_in_order_from_the_index(filled: Database) -> None:
    [plan] = await _plans(filled, ASKED["the newest entries"][0])
    assert "TEMP B-TREE" not in plan


async def test_a_page_of_older_entries_is_found_by_the_index(filled: Database) -> None:
    async with filled.read() as connection:
        entry = await entries.by_id(connection, 9)
    [plan] = await _plans(filled, lambda c: entries.newest(c, 1, 5, before=entry))
    assert "ix_entries_time (story_id=?" in plan
    assert "TEMP B-TREE" not in plan


async def test_freeing_those_whose_wait_is_over_looks_at_nobody_else(filled: Database) -> None:
    [plan] = await _plans(filled, lambda c: subscriptions.wake(c, at(90)), write=True)
    assert "ix_subscriptions_waiting (next_at>? AND next_at<?)" in plan


async def test_moving_a_cursor_and_holding_a_chat_touch_their_rows_only(filled: Database) -> None:
    plans = await _plans(filled, lambda c: subscriptions.move(c, 4, 9), write=True)
    plans += await _plans(filled, lambda c: subscriptions.hold_chat(c, 4, at(1)), write=True)
    assert "USING INTEGER PRIMARY KEY" in plans[0]
    assert "(chat_id=?)" in plans[1]


async def test_forgetting_old_messages_goes_by_their_age(filled: Database) -> None:
    [plan] = await _plans(filled, lambda c: messages.prune(c, at(5), 10), write=True)
    assert "ix_messages_age (sent_at<?)" in plan
    assert "SCAN" not in plan


async def test_publishing_costs_the_same_however_many_follow(filled: Database) -> None:
    """One row in the log, the head moved; nothing is written for a chat."""
    async with filled.write() as connection:
        before = [row async for row in await connection.stream(sa.text("SELECT * FROM subscriptions"))]
        await publish(connection, 1, "more", 90)
        assert [row async for row in await connection.stream(sa.text("SELECT * FROM subscriptions"))] == before
        assert (await stories.by_id(connection, 1)).head == 30  # type: ignore[union-attr]
