"""How long an answer takes in a short archive and in a long one: `python tests/benchmarks/answers.py [10000 1000000]`.

Makes an invented archive of each size (SQLite files in --folder, kept for the next time; --postgresql ADDRESS copies
them onto a server's empty databases `answers_<size>`), asks each command and each button many times, the way the bot
does, and prints the median and the 95th percentile in milliseconds, with the ratio of the long archive to the short.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.callbacks import unpack  # noqa: E402 - the path comes first: the script runs from anywhere
from bot.commands.asking import Ask, ButtonHandler, Desk, Handler, Reply  # noqa: E402
from bot.commands.quoting import on_quotes, on_speakers, press_quotes, press_said  # noqa: E402
from bot.commands.reading import on_latest, press_older  # noqa: E402
from storage import copying  # noqa: E402
from storage.database import Database  # noqa: E402
from storage.models import Chat, Page  # noqa: E402

START = datetime(2016, 3, 14, tzinfo=UTC)
APART = timedelta(seconds=20)
SPEAKERS = 200
QUOTED = 4  # every fourth entry quotes somebody
WORDS = [
    "harbour",
    "smoke",
    "talks",
    "ceasefire",
    "minister",
    "council",
    "border",
    "train",
    "storm",
    "river",
    "market",
    "vote",
    "court",
]
FIRST = [
    "Ana",
    "Boris",
    "Clara",
    "Dmitri",
    "Elena",
    "Farid",
    "Greta",
    "Hugo",
    "Irina",
    "Jonas",
]
LAST = [
    "Duarte",
    "Belling",
    "Kovac",
    "Marsh",
    "Novak",
    "Ortega",
    "Petrov",
    "Quist",
    "Rask",
]

Question = Callable[[Desk, datetime], Awaitable[Reply]]


def main() -> None:
    options = _options()
    rows: dict[str, list[tuple[float, float]]] = {}
    for size in options.sizes:
        for name, figures in asyncio.run(_measured(size, options)).items():
            rows.setdefault(name, []).append(figures)
    print(f"{'ms: median / 95 %':28}" + "".join(f"{size:>20,}" for size in options.sizes) + "   ratio of the 95 %")  # noqa: T201
    for name, figures in rows.items():
        cells = "".join(f"{f'{median:.2f} / {late:.2f}':>20}" for median, late in figures)
        print(f"{name:28}{cells}   {figures[-1][1] / figures[0][1]:.2f}")  # noqa: T201


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 1_000_000], help="entries")
    parser.add_argument("--times", type=int, default=200, help="how often each is asked")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--postgresql", help="an address without a database: postgresql://user@host")
    return parser.parse_args()


async def _measured(size: int, options: argparse.Namespace) -> dict[str, tuple[float, float]]:
    database = await Database.open(await _archive(size, options))
    now = START + size * APART
    desk = Desk(database, "DatelineBot", _nothing, _nothing, _no_preview)
    figures = {}
    for name, question in QUESTIONS.items():
        await question(desk, now)
        took = []
        for _ in range(options.times):
            begun = time.perf_counter()
            reply = await question(desk, now)
            took.append((time.perf_counter() - begun) * 1000)
            assert reply.rendered is not None, name
        figures[name] = (statistics.median(took), statistics.quantiles(took, n=20)[-1])
    await database.close()
    return figures


def _nothing() -> None:
    """Nobody is woken."""


async def _no_preview(_address: str) -> tuple[Page | None, str]:
    return None, ""


# --- what is asked --------------------------------------------------------------------------------------------------


def _command(handler: Handler, words: str = "") -> Question:
    return lambda desk, now: handler(desk, _ask(words, now))


def _ask(words: str, now: datetime) -> Ask:
    return Ask(Chat(id=1, type="private"), 0, tuple(words.split()), now, _always)


async def _always() -> bool:
    return True


def _pages_on(first: Question, press: ButtonHandler, pages: int) -> Question:
    """The answer, and then so many pages older."""

    async def ask(desk: Desk, now: datetime) -> Reply:
        reply = await first(desk, now)
        for _ in range(pages):
            [data] = [
                button.data
                for row in (reply.rendered.buttons if reply.rendered else ())
                for button in row
                if "older" in button.label and button.data
            ]
            parted = unpack(data)
            assert parted is not None
            reply = await press(desk, _ask("", now), parted[1])
        return reply

    return ask


def _in_the_middle(press: ButtonHandler, *before: int, after: tuple[int, ...] = ()) -> Question:
    """A page half way down the archive: an entry of the middle, as a button would name it."""

    async def ask(desk: Desk, now: datetime) -> Reply:
        middle = int((now - START) / APART) // 2 // QUOTED * QUOTED + QUOTED
        return await press(desk, _ask("", now), (*before, middle, *after))

    return ask


QUESTIONS: dict[str, Question] = {
    "/latest": _command(on_latest),
    "/latest 20": _command(on_latest, "20"),
    "/latest 2h": _command(on_latest, "2h"),
    "/latest 365d": _command(on_latest, "365d"),
    "/latest, a page half way": _in_the_middle(press_older, 1),
    "/quotes": _command(on_quotes),
    "/quotes duarte": _command(on_quotes, "ana duarte"),
    "/quotes duarte ceasefire": _command(on_quotes, "ana duarte ceasefire"),
    "/quotes, a page half way": _in_the_middle(press_quotes, 1, after=(0, 1)),
    "/quotes duarte, half way": _in_the_middle(press_said, 1, after=(0, 1)),
    "/speakers": _command(on_speakers),
}


# --- what is asked of -----------------------------------------------------------------------------------------------


async def _archive(size: int, options: argparse.Namespace) -> str:
    file = options.folder / f"answers-{size}.db"
    if not file.exists():
        Path(f"{file}.part").unlink(missing_ok=True)
        made = await Database.open(f"sqlite:///{file}.part")
        await made.close()
        _fill(Path(f"{file}.part"), size)
        Path(f"{file}.part").rename(file)
    if not options.postgresql:
        return f"sqlite:///{file}"
    address, mark, query = options.postgresql.partition("?")
    there = f"{address.rstrip('/')}/answers_{size}{mark}{query}"
    database = await Database.open(there)
    async with database.read() as connection:
        is_empty = not (await connection.exec_driver_sql("SELECT 1 FROM stories LIMIT 1")).first()
    if is_empty:
        print(await copying.copy(f"sqlite:///{file}", there), file=sys.stderr)  # noqa: T201
        async with database.raw() as connection:
            await connection.exec_driver_sql("VACUUM ANALYZE")
    await database.close()
    return there


def _fill(file: Path, size: int) -> None:
    """As the bot would have written it, but in one go."""
    chance = random.Random(1)  # noqa: S311
    texts = [" ".join(chance.choices(WORDS, k=50)).capitalize() + "." for _ in range(1000)]
    words = [f"“{' '.join(chance.choices(WORDS, k=15))}”" for _ in range(1000)]
    moments = (f"{START + number * APART:%Y-%m-%d %H:%M:%S}.000000" for number in range(1, size + 1))
    quoted = range(QUOTED, size + 1, QUOTED)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "INSERT INTO stories (id, slug, title, state, source, format, found_format, every, timezone, show, max_new,"
            " head, readable, first_read_at) VALUES (1, 'harbour', 'Fire in the harbour', 'live', 'push', 'auto', '',"
            " 20, 'GMT', 'full', 10, 0, ?, '2016-03-14 00:00:00.000000')",
            (size,),
        )
        connection.executemany(
            "INSERT INTO entries (id, story_id, key, revision, published_at, added_at, is_readable)"
            " VALUES (?, 1, ?, 1, ?3, ?3, 1)",
            ((number, f"k{number}", moment) for number, moment in enumerate(moments, 1)),
        )
        connection.create_function("text_of", 1, lambda number: texts[number % 1000])
        connection.execute(
            "INSERT INTO revisions (entry_id, number, at, standing, published_at, stamp, title, text, spans, media)"
            " SELECT id, 1, added_at, 'shown', published_at, '', 'Update ' || id, text_of(id), '[]', '[]' FROM entries"
        )
        names = [f"{FIRST[n % 10]} {LAST[n % 9]}{'' if n < 90 else f' {n}'}" for n in range(SPEAKERS)]
        connection.executemany(
            "INSERT INTO speakers (id, story_id, position, name, aliases, roles, gender)"
            " VALUES (?1 + 1, 1, ?1, ?, '[]', '[]', '')",
            enumerate(names),
        )
        connection.executemany(
            "INSERT INTO quotes"
            " (story_id, entry_id, speaker_id, text, start, end, parts, kind, confidence, published_at)"
            " SELECT 1, id, ?, ?, 0, 9, '[[0, 9]]', 'direct', 'explicit', published_at FROM entries WHERE id = ?",
            ((1 + number // QUOTED % SPEAKERS, words[number % 1000], number) for number in quoted),
        )
        connection.execute("UPDATE speakers SET said = (SELECT count(*) FROM quotes WHERE speaker_id = speakers.id)")


if __name__ == "__main__":
    main()
