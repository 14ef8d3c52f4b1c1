"""What only a server has: refusals by name, restarts, read-only snapshots, a password that is shown nowhere."""

from __future__ import annotations

import builtins
import traceback
from typing import Any

import pytest
import sqlalchemy as sa
from postgres import Postgres, name_of
from storing import story

from storage import postgresql, stories
from storage.database import Database
from storage.errors import StorageError
from storage.schema import metadata

SECRET = "hush-hush"


async def _refusal(url: str, **options: Any) -> str:
    with pytest.raises(StorageError) as refusal:
        await Database.open(url, **options)
    sentence = str(refusal.value)
    assert "\n" not in sentence
    assert SECRET not in "".join(traceback.format_exception(refusal.value))
    return sentence


# --- what cannot be opened ------------------------------------------------------------------------------------------


async def test_a_server_that_is_away() -> None:
    assert (await _refusal(f"postgresql://ann:{SECRET}@127.0.0.1:1/news")).startswith(
        "postgresql://ann@127.0.0.1:1/news cannot be reached: is its server up? ("
    )


async def _vault(postgres: Postgres) -> None:
    """A database whose user needs a password."""
    await postgres.sql("DROP DATABASE IF EXISTS vault", "DROP ROLE IF EXISTS locked")
    await postgres.sql("CREATE ROLE locked LOGIN PASSWORD 'open sesame'", "CREATE DATABASE vault OWNER locked")


async def test_a_wrong_password(postgres: Postgres) -> None:
    await _vault(postgres)
    url = postgres.url("postgres", user=f"locked:{SECRET}")
    place = postgres.url("postgres", user="locked")
    assert await _refusal(url) == (
        f"{place} refuses the password: put the right one into storage.url, PGPASSWORD or ~/.pgpass."
    )


async def test_a_password_in_the_query(postgres: Postgres) -> None:
    await _vault(postgres)
    assert "refuses the password" in await _refusal(f"{postgres.url('postgres', user='locked')}&password={SECRET}")


async def test_the_right_password_opens_and_is_not_shown(postgres: Postgres) -> None:
    await _vault(postgres)
    database = await Database.open(postgres.url("vault", user="locked:open%20sesame"))
    shown = f"{database.place} {database.server!r} {database._engine!r} {database._engine.url!r}"
    await database.close()
    assert database.place == postgres.url("vault", user="locked")
    assert "sesame" not in shown


async def test_a_missing_database(postgres: Postgres) -> None:
    url = postgres.url("nothing")
    assert await _refusal(url) == f"{url} does not exist; `createdb` makes a database on its server."


async def test_a_user_who_may_not_make_tables(postgres: Postgres) -> None:
    await postgres.sql("DROP ROLE IF EXISTS guest", "CREATE ROLE guest LOGIN")
    url = postgres.url("postgres", user="guest")
    assert await _refusal(url) == f"{url} does not let this user make tables; let the user own the database."


async def test_a_server_that_is_too_old(server_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "OLDEST", 99)
    assert (await _refusal(server_url)).endswith("; Dateline needs version 99 or later.")


async def test_a_newer_schema(server_url: str, postgres: Postgres) -> None:
    database = await Database.open(server_url)
    async with database.write() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    await database.close()
    assert "was written by a newer Dateline (schema 9999" in await _refusal(server_url)


async def test_a_database_that_only_may_be_read(server_url: str, postgres: Postgres) -> None:
    await postgres.sql(f"ALTER DATABASE {name_of(server_url)} SET default_transaction_read_only = on")
    assert await _refusal(server_url) == f"{server_url} is read-only; Dateline needs to write to it."


async def test_no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **options: Any) -> Any:
        if name == "asyncpg":
            raise ImportError(name)
        return real(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    assert await _refusal("postgresql://ann@host/news") == (
        "postgresql://ann@host/news needs the driver asyncpg, which is not installed: "
        "pip install 'dateline-bot[postgres]'."
    )


@pytest.mark.parametrize("create", [True, False])
async def test_an_empty_database_is_set_up_only_by_what_may_make_it(postgres: Postgres, create: bool) -> None:
    url = await postgres.fresh()
    if create:
        await (await Database.open(url)).close()
    else:
        assert "holds nothing of Dateline's" in await _refusal(url, create=False)
    await postgres.drop(url)


# --- the schema -----------------------------------------------------------------------------------------------------

INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename != 'alembic_version'"
CONSTRAINTS = """SELECT conname, conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text != 'alembic_version'"""
COLUMNS = """SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name != 'alembic_version'"""


async def test_the_migrations_make_the_same_as_the_schema(server_database: Database, postgres: Postgres) -> None:
    other = await postgres.fresh()
    made = await Database.open(other)
    async with made.write() as connection:
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
    for question in (INDEXES, CONSTRAINTS, COLUMNS):
        found = []
        for database in (server_database, made):
            async with database.read() as connection:
                rows = await connection.exec_driver_sql(question)
                found.append({tuple("".join(str(value).split("::")[0:1]) for value in row) for row in rows})
        assert found[0] == found[1]
    await made.close()
    await postgres.drop(other)


# --- using it -------------------------------------------------------------------------------------------------------


async def test_reading_is_a_snapshot_that_writes_nothing(server_database: Database) -> None:
    async with server_database.read() as connection:
        with pytest.raises(sa.exc.DBAPIError, match="read-only transaction"):
            await story(connection)
    async with server_database.write() as connection:
        assert (await connection.exec_driver_sql("SHOW transaction_isolation")).scalar() == "read committed"
        assert (await connection.exec_driver_sql("SHOW transaction_read_only")).scalar() == "off"


async def test_two_write_at_the_same_time(server_database: Database) -> None:
    async with server_database.write() as one, server_database.write() as two:
        await story(one, "harbour")
        await story(two, "summit")
    async with server_database.read() as connection:
        assert len(await stories.all_of(connection)) == 2


async def _count(database: Database) -> int:
    async with database.read() as connection:
        return len(await stories.all_of(connection))


async def test_a_connection_that_broke_while_idle_is_not_noticed(server_database: Database, postgres: Postgres) -> None:
    url = server_database.place
    assert await _count(server_database) == 0
    await postgres.cut(url)
    async with server_database.write() as connection:
        await story(connection)
    await postgres.cut(url)
    assert await _count(server_database) == 1


async def test_one_that_breaks_in_use_is_the_error_that_passes(server_database: Database, postgres: Postgres) -> None:
    async def write(*, asks_again: bool) -> None:
        async with server_database.write() as connection:
            await story(connection)
            await postgres.cut(server_database.place)
            if asks_again:
                await stories.all_of(connection)

    with pytest.raises(sa.exc.OperationalError):
        await write(asks_again=True)
    assert await _count(server_database) == 0
    with pytest.raises(sa.exc.OperationalError):
        await write(asks_again=False)
    assert await _count(server_database) == 0


async def test_a_server_that_is_restarted(server_database: Database, postgres: Postgres) -> None:
    assert await _count(server_database) == 0
    postgres.stop()
    try:
        with pytest.raises(sa.exc.OperationalError):
            await _count(server_database)
        with pytest.raises(sa.exc.OperationalError):
            await server_database.batch(stories.all_of)
    finally:
        postgres.start()
    assert await _count(server_database) == 0
    assert await server_database.batch(stories.all_of) == []


async def test_a_lock_that_is_waited_for_too_long_passes(server_database: Database) -> None:
    async with server_database.write() as one:
        told = await story(one)
    async with server_database.write() as one, server_database.write() as two:
        await stories.change(one, told.id, title="One")
        await two.exec_driver_sql("SET LOCAL lock_timeout = '50ms'")
        with pytest.raises(sa.exc.OperationalError):
            await stories.change(two, told.id, title="Two")
        await two.rollback()


async def test_a_deadlock_passes(server_database: Database) -> None:
    import asyncio

    async with server_database.write() as connection:
        first, second = [(await story(connection, slug)).id for slug in ("harbour", "summit")]

    async def both(one: int, other: int) -> None:
        async with server_database.write() as connection:
            await connection.exec_driver_sql("SET LOCAL deadlock_timeout = '50ms'")
            await stories.change(connection, one, title="x")
            await asyncio.sleep(0.1)
            await stories.change(connection, other, title="x")

    outcomes = await asyncio.gather(both(first, second), both(second, first), return_exceptions=True)
    [failure] = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(failure, sa.exc.OperationalError)


async def test_what_is_a_fault_of_ours_does_not_pass(server_database: Database) -> None:
    with pytest.raises(sa.exc.ProgrammingError):
        async with server_database.read() as connection:
            await connection.exec_driver_sql("SELECT nonsense")
