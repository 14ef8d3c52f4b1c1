"""The questions that are asked all the time are answered from an index, as the database says of the SQL it is sent."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from postgres import Postgres
from sqlalchemy.ext.asyncio import AsyncConnection
from storing import NEWS, NOON, at, follow, kept_messages, publish, sent, showing, shown, story

from storage import backlogs, entries, messages, quotes, stories, subscriptions
from storage.database import Database

Ask = Callable[[AsyncConnection], Awaitable[Any]]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test leaves the filled database for the others."""
    return tmp_path_factory.mktemp("plans") / "filled.db"


@pytest.fixture(scope="module")
def filled_on_server() -> list[str]:
    """The address of the filled database on a server, once there is one."""
    return []


@pytest.fixture(params=["sqlite", "postgresql"])
def filled_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"filled_{request.param}"))


@pytest.fixture
async def filled_sqlite(kept: Path, migrated: Path, file: Path) -> str:
    if not kept.exists():
        shutil.copy(migrated, kept)
        await _fill(await Database.open(f"sqlite:///{kept}"))
    shutil.copy(kept, file)
    return f"sqlite:///{file}"


@pytest.fixture
async def filled_postgresql(postgres: Postgres, filled_on_server: list[str]) -> str:
    if not filled_on_server:
        url = await postgres.migrated()
        await _fill_much(await Database.open(url))
        filled_on_server.append(url)
    return filled_on_server[0]


@pytest.fixture
async def filled(filled_url: str) -> AsyncIterator[Database]:
    database = await Database.open(filled_url)
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


# SQLite goes by the shape of a question, PostgreSQL by what its statistics promise: few rows it always reads whole.
MUCH = f"""
INSERT INTO chats (id, type, title) SELECT n, 'private', '' FROM generate_series(1, 10000) n;
INSERT INTO entries (story_id, key, revision, published_at, added_at, published_seq, is_readable)
    SELECT 1 + n % 2, n, 1, timestamptz '{NOON}' + n * interval '1 second', now(), (n + 1) / 2, 1
    FROM generate_series(1, 20000) n;
INSERT INTO revisions (entry_id, number, at, standing, published_at, stamp, title, text, spans, media)
    SELECT id, 1, added_at, 'shown', published_at, '', '', 'News.', '[]', '[]' FROM entries;
INSERT INTO speakers (story_id, position, name, aliases, roles, gender)
    SELECT 1 + n % 2, n, n, '[]', '[]', '' FROM generate_series(0, 99) n;
INSERT INTO quotes (story_id, entry_id, speaker_id, text, start, "end", parts, kind, confidence, published_at)
    SELECT story_id, id, CASE WHEN id % 5 > 0 THEN 1 + id % 100 END, 'So.', 3, 5, '[]', 'direct', 'none', published_at
    FROM entries;
INSERT INTO events (story_id, seq, kind, entry_id, revision, at)
    SELECT story_id, published_seq, 'published', id, 1, added_at FROM entries;
UPDATE stories SET head = 10000;
INSERT INTO subscriptions (chat_id, story_id, cursor, since, settings, next_at, recap)
    SELECT n, s, 10000 - n % 50, 0, '{{}}', CASE WHEN n % 100 = 7 THEN now() + n * interval '1 second' END,
           CASE WHEN n % 1000 = 5 THEN 1 ELSE 0 END
    FROM generate_series(1, 10000) n, generate_series(1, 2) s;
INSERT INTO messages (subscription_id, chat_id, message_id, kind, sent_at)
    SELECT id, chat_id, 1, 'news', timestamptz '{NOON}' + id * interval '1 second' FROM subscriptions;
INSERT INTO message_entries (message_id, entry_id, subscription_id, position, first, revision, told)
    SELECT m.id, m.id, m.subscription_id, 0, 1, 1, 1 FROM messages m;
"""  # noqa: S608


async def _fill_much(database: Database) -> None:
    async with database.write() as connection:
        for slug in ("harbour", "summit"):
            await story(connection, slug, first_read_at=NOON)
        for statement in MUCH.split(";\n"):
            if statement.strip():
                await connection.exec_driver_sql(statement)
    async with database.raw() as connection:
        await connection.exec_driver_sql("VACUUM ANALYZE")
    await database.close()


async def _plans(database: Database, ask: Ask, *, write: bool = False) -> list[str]:
    """What the database does for each statement that `ask` sends, with the values that it is sent with.

    What it writes is taken back.
    """
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "EXPLAIN", "ROLLBACK")):
            sent.append((statement, values))

    engine = database._engine.sync_engine
    how = "EXPLAIN QUERY PLAN" if database.server is None else "EXPLAIN"
    async with database.write() if write else database.read() as connection:
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            await ask(connection)
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        plans = []
        for statement, values in sent:
            rows = await connection.exec_driver_sql(f"{how} {statement}", values)
            plans.append("\n".join(row[-1] for row in rows))
        await connection.rollback()
    return plans


BIG = "subscriptions|messages|message_entries|entries|revisions|events|quotes"


def _is_from_index(plan: str) -> bool:
    """No big table is read whole, and nothing is sorted that an index has in order."""
    return not re.search(rf"(SCAN|Seq Scan on) ({BIG})\b(?! USING)", plan)


def _is_sorted_by_index(plan: str) -> bool:
    return "TEMP B-TREE" not in plan and "Sort" not in plan


PLACE = quotes.Place(at(250), 10, 3)  # with many to either side

# What is asked, and what the plan must say on SQLite and on PostgreSQL.
ASKED: dict[str, tuple[Ask, str, str]] = {
    "who is behind": (
        lambda c: subscriptions.behind(c, 1, 100_000, 16),
        "ix_subscriptions_behind (story_id=? AND cursor<?)",
        "ix_subscriptions_behind",
    ),
    "whose wait ends next": (subscriptions.next_wake, "ix_subscriptions_waiting", "ix_subscriptions_waiting"),
    "who waits for a recap": (subscriptions.is_recap_due, "ix_subscriptions_recap", "ix_subscriptions_recap"),
    "what happened after a cursor": (
        lambda c: entries.log(c, 1, 5, 9),
        "sqlite_autoindex_events_1",
        "pk_events",
    ),
    "which messages show an entry": (
        lambda c: showing(c, 4, [4, 5]),
        "ix_message_entries_shown (subscription_id=? AND entry_id=?)",
        "ix_message_entries_shown",
    ),
    "which messages a chat has": (
        lambda c: kept_messages(c, 4),
        "ix_messages_subscription (subscription_id=?)",
        "ix_messages_subscription",
    ),
    "the newest entries": (
        lambda c: entries.newest(c, 1, 5),
        "ix_entries_readable (story_id=?)",
        "ix_entries_readable",
    ),
    "the newest entries since": (
        lambda c: entries.newest(c, 1, 5, since=at(3)),
        "ix_entries_readable (story_id=? AND published_at>?)",
        "ix_entries_readable",
    ),
    "how many entries are newer": (
        lambda c: entries.count_newer(c, 1, since=at(300)),  # of most rows PostgreSQL may rather read them all
        "ix_entries_readable (story_id=? AND published_at>?)",
        "ix_entries_readable",
    ),
    "what was said last": (
        lambda c: quotes.newest(c, quotes.of_story(1), 10),
        "ix_quotes_newest (story_id=?",
        "ix_quotes_newest",
    ),
    "what was said before": (
        lambda c: quotes.newest(c, quotes.of_story(1), 10, before=PLACE),
        "ix_quotes_newest (story_id=?",
        "ix_quotes_newest",
    ),
    "what was said after": (
        lambda c: quotes.newest(c, quotes.of_story(1), 10, after=PLACE),
        "ix_quotes_newest (story_id=?",
        "ix_quotes_newest",
    ),
    "what somebody said last": (
        lambda c: quotes.newest(c, quotes.by(2), 10),
        "ix_quotes_said (speaker_id=?",
        "ix_quotes_said",
    ),
    "what somebody said before": (
        lambda c: quotes.newest(c, quotes.by(2), 10, before=PLACE),
        "ix_quotes_said (speaker_id=? AND (published_at,entry_id)<(?,?)",
        "ix_quotes_said",
    ),
    "what somebody said after": (
        lambda c: quotes.newest(c, quotes.by(2), 10, after=PLACE),
        "ix_quotes_said (speaker_id=? AND (published_at,entry_id)>(?,?)",
        "ix_quotes_said",
    ),
    "words to search in": (
        lambda c: quotes.texts(c, 2, 10),
        "ix_quotes_said (speaker_id=?",
        "ix_quotes_said",
    ),
    "what stands around them": (
        lambda c: quotes.surroundings(c, 2, 10),
        "ix_quotes_said (speaker_id=?",
        "ix_quotes_said",
    ),
    "the quotes of entries": (
        lambda c: quotes.of_entries(c, [1, 2]),
        "ix_quotes_entry (entry_id=?)",
        "ix_quotes_entry",
    ),
    "what a chat follows": (
        lambda c: subscriptions.of_chat(c, 4, 0),
        "(chat_id=? AND thread_id=?)",
        "uq_subscriptions_chat_id_thread_id_story_id_speaker",
    ),
}


@pytest.mark.parametrize("what", ASKED)
async def test_is_answered_from_its_index(filled: Database, what: str) -> None:
    ask, on_sqlite, on_postgresql = ASKED[what]
    [plan] = await _plans(filled, ask, write=True)
    assert (on_sqlite if filled.server is None else on_postgresql) in plan
    assert _is_from_index(plan), plan


@pytest.mark.parametrize(
    "what",
    [
        "who is behind",
        "the newest entries",
        "the newest entries since",
        "what was said last",
        "what was said before",
        "what was said after",
        "what somebody said last",
        "what somebody said before",
        "what somebody said after",
        "words to search in",
    ],
)
async def test_comes_in_order_from_the_index(filled: Database, what: str) -> None:
    """Sorting a million subscriptions for the first sixteen would cost what the index saves."""
    [plan] = await _plans(filled, ASKED[what][0], write=True)
    assert _is_sorted_by_index(plan), plan


async def test_who_is_behind_asks_one_index_only(filled: Database) -> None:
    [plan] = await _plans(filled, ASKED["who is behind"][0], write=True)
    assert len(re.findall("(?i)index", plan)) == 1 + plan.count("Index Cond"), plan


async def test_a_page_of_older_entries_is_found_by_the_index(filled: Database) -> None:
    async with filled.read() as connection:
        entry = await entries.by_id(connection, 9)
    [plan] = await _plans(filled, lambda c: entries.newest(c, 1, 5, before=entry))
    assert "ix_entries_readable" in plan
    assert _is_from_index(plan), plan
    assert _is_sorted_by_index(plan), plan


async def test_freeing_those_whose_wait_is_over_looks_at_nobody_else(filled: Database) -> None:
    [plan] = await _plans(filled, lambda c: subscriptions.wake(c, at(90)), write=True)
    assert "ix_subscriptions_waiting" in plan
    assert _is_from_index(plan), plan


async def test_moving_a_cursor_and_holding_a_chat_touch_their_rows_only(filled: Database) -> None:
    plans = await _plans(filled, lambda c: subscriptions.move(c, 4, 9), write=True)
    plans += await _plans(filled, lambda c: subscriptions.hold_chat(c, 4, at(1)), write=True)
    assert "USING INTEGER PRIMARY KEY" in plans[0] or "pk_subscriptions" in plans[0]
    assert re.search(r"\(chat_id=\?\)|chat_id = '?4", plans[1]), plans[1]
    assert all(_is_from_index(plan) for plan in plans)


async def test_forgetting_old_messages_goes_by_their_age(filled: Database) -> None:
    [plan] = await _plans(filled, lambda c: messages.prune(c, at(5), 10), write=True)
    assert "ix_messages_age" in plan
    assert _is_from_index(plan), plan


async def test_how_far_behind_all_are_is_counted_in_the_indexes(filled: Database) -> None:
    async with filled.read() as connection:
        told = await stories.all_of(connection)
    plans = await _plans(filled, lambda c: backlogs.of_stories(c, told))
    free, behind, waiting, about, *events = plans
    assert "ix_subscriptions_behind" in free or filled.server is not None, "to count nearly all it reads the table"
    assert behind.count("ix_subscriptions_behind") == 2, behind
    assert "ix_subscriptions_waiting" in waiting, waiting
    assert "ix_subscriptions_about" in about, about
    assert events
    assert all(_is_from_index(plan) for plan in plans[1:]), plans


async def test_publishing_costs_the_same_however_many_follow(filled: Database) -> None:
    """One row in the log, the head moved; nothing is written for a chat."""
    everybody = sa.text("SELECT id, cursor, next_at, recap FROM subscriptions ORDER BY id")
    async with filled.write() as connection:
        before = (await connection.execute(everybody)).all()
        head = (await stories.by_id(connection, 1)).head  # type: ignore[union-attr]
        await publish(connection, 1, "more", 90)
        assert (await connection.execute(everybody)).all() == before
        assert (await stories.by_id(connection, 1)).head == head + 1  # type: ignore[union-attr]
        await connection.rollback()
