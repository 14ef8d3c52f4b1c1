"""Bells between processes: heard by all who listen, once more after a line that broke."""

from __future__ import annotations

import asyncio

from postgres import Postgres
from storing import until

from storage.bells import Bells
from storage.database import Database


class Heard:
    """Counts how often it was called."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


async def test_one_process_hears_itself_at_once_and_once(database: Database) -> None:
    heard, other = Heard(), Heard()
    async with Bells(database) as bells:
        bells.listen("events", heard)
        bells.listen("stories", other)
        await bells.connected()
        bells.ring("events")
        assert heard.times == 1
        await asyncio.sleep(0.1)
        assert (heard.times, other.times) == (1, 0)


async def test_other_processes_hear_it(server_database: Database) -> None:
    heard, other = Heard(), Heard()
    async with Bells(server_database) as ours, Bells(server_database) as theirs:
        theirs.listen("events", heard)
        theirs.listen("stories", other)
        await theirs.connected()
        ours.ring("events")
        await until(lambda: heard.times == 1)
        ours.ring("events")
        await until(lambda: heard.times == 2)
        assert other.times == 0


async def test_what_is_rung_last_is_sent(server_database: Database) -> None:
    heard = Heard()
    async with Bells(server_database) as theirs:
        theirs.listen("events", heard)
        await theirs.connected()
        async with Bells(server_database) as ours:
            ours.ring("events")
        await until(lambda: heard.times == 1)


async def test_after_a_broken_line_it_listens_again_and_calls_once(
    server_database: Database, postgres: Postgres
) -> None:
    heard = Heard()
    async with Bells(server_database) as ours, Bells(server_database) as theirs:
        theirs.listen("events", heard)
        await theirs.connected()
        await ours.connected()
        await postgres.cut(server_database.place, "dateline-bells")
        await until(lambda: heard.times == 1)
        await theirs.connected()
        await ours.connected()
        ours.ring("events")
        await until(lambda: heard.times == 2)


async def test_what_is_rung_while_the_server_is_away_is_heard(server_database: Database, postgres: Postgres) -> None:
    heard = Heard()
    async with Bells(server_database) as ours, Bells(server_database) as theirs:
        theirs.listen("events", heard)
        await theirs.connected()
        await ours.connected()
        postgres.stop()
        try:
            ours.ring("events")
            await asyncio.sleep(0.05)
        finally:
            postgres.start()
        await until(lambda: heard.times >= 1, within=10)
