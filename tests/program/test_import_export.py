"""`dateline import` and `dateline export`, as they are called, on a real database file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from storage import entries, stories
from storage.database import Database
from storage.models import Standing

PAGE = """# Fire in the harbour

- 14 March 2016

**19:16 GMT**

Two *ships* burn, says [the port](https://example.org/port).

**19:10 GMT**

Smoke over the harbour.
"""
CONFIG = """
[storage]
url = "sqlite:///dateline.db"
[[stories]]
slug = "harbour"
source = "page.txt"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "page.txt").write_text(PAGE)
    return tmp_path


def dateline(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DATELINE_")}
    call = [sys.executable, "-m", "bot", *arguments]
    root = str(Path(__file__).resolve().parents[2])
    return subprocess.run(
        call,
        cwd=folder,
        env=environment | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_page_fills_a_story_without_telling(folder: Path) -> None:
    first = dateline(folder, "import", "page.txt", "--story", "harbour")
    assert (first.returncode, first.stdout, first.stderr) == (0, "harbour: 2 new, 0 corrected, 0 known.\n", "")
    (folder / "page.txt").write_text(PAGE.replace("Smoke", "Black smoke").replace("# Fire", "# The fire"))
    second = dateline(folder, "import", "page.txt", "--story", "harbour")
    assert second.stdout == "harbour: 0 new, 1 corrected, 1 known.\n"
    checked = dateline(folder, "db", "check")
    assert "2 entries, 0 events" in checked.stdout


@pytest.mark.parametrize("form", ["markdown", "jsonl", "jsonld", "atom"])
def test_an_export_fills_another_database(folder: Path, tmp_path: Path, form: str) -> None:
    dateline(folder, "import", "page.txt", "--story", "harbour")
    _withdraw_one(folder / "dateline.db")
    exported = dateline(folder, "export", "harbour", "--format", form)
    assert (exported.returncode, exported.stderr) == (0, "")
    assert "Secret" not in exported.stdout
    (folder / "export.txt").write_text(exported.stdout)
    other = CONFIG.replace("dateline.db", "other.db")
    (folder / "other.toml").write_text(other)
    taken = dateline(folder, "import", "export.txt", "--story", "harbour", "--config", "other.toml")
    count = 3 if form == "jsonld" else 4
    assert taken.stdout == f"harbour: {count} new, 0 corrected, 0 known.\n"
    again = dateline(folder, "export", "harbour", "--format", "jsonl", "--config", "other.toml")
    whole = dateline(folder, "export", "harbour", "--format", "jsonl")
    wanted = [row for row in map(json.loads, whole.stdout.splitlines()) if form != "jsonld" or "deleted" not in row]
    assert [json.loads(row) for row in again.stdout.splitlines()] == wanted
    once_more = dateline(folder, "import", "export.txt", "--story", "harbour", "--config", "other.toml")
    assert once_more.stdout == f"harbour: 0 new, 0 corrected, {count} known.\n"


def _withdraw_one(file: Path) -> None:
    """A withdrawn entry and an absent one beside those of the page."""
    import asyncio

    async def work() -> None:
        database = await Database.open(f"sqlite:///{file}")
        async with database.write() as connection:
            story = await stories.by_slug(connection, "harbour")
            assert story is not None
            known = (await entries.known(connection, story.id))[0]
            for minute, standing in ((1, Standing.DELETED), (2, Standing.ABSENT)):
                when = known.published_at - timedelta(minutes=minute)
                content = known.model_copy(
                    update={"published_at": when, "text": f"Secret {minute}." if minute == 1 else "Gone."}
                )
                entry_id = await entries.add(connection, story.id, f"odd-{minute}", content, when)
                await entries.revise(connection, entry_id, content, when, standing)
        await database.close()

    asyncio.run(work())


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["export", "nothing", "--format", "jsonl"], 1, "has no story nothing; it has harbour"),
        (["export", "harbour", "--format", "pdf"], 2, "markdown, jsonl, jsonld, atom"),
        (["import", "page.txt", "--story", "nothing"], 1, "knows a story nothing"),
        (["import", "missing.txt", "--story", "harbour"], 1, "missing.txt"),
        (["import", "page.txt", "--story", "harbour", "--format", "pdf"], 1, 'no format "pdf"'),
        (["export", "harbour", "--format", "jsonl", "--config", "missing.toml"], 1, "missing.toml does not exist"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(folder: Path, arguments: list[str], status: int, words: str) -> None:
    dateline(folder, "import", "page.txt", "--story", "harbour")
    answer = dateline(folder, *arguments)
    assert (answer.returncode, answer.stdout) == (status, "")
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr
    assert status == 2 or answer.stderr.count("\n") == 1


def test_export_where_there_is_no_database(folder: Path) -> None:
    answer = dateline(folder, "export", "harbour", "--format", "atom")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "does not exist" in answer.stderr
