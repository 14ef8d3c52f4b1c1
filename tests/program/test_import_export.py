"""`dateline import` and `dateline export`, as they are called, on a real database file."""

from __future__ import annotations

import asyncio
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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A story of the page's two entries, a withdrawn and an absent one."""
    folder = tmp_path_factory.mktemp("newsroom")
    (folder / "config.toml").write_text(CONFIG)
    (folder / "page.txt").write_text(PAGE)
    first = dateline(folder, "import", "page.txt", "--story", "harbour")
    assert (first.returncode, first.stdout, first.stderr) == (0, "harbour: 2 new, 0 corrected, 0 known.\n", "")
    asyncio.run(_withdraw_one(folder / "dateline.db"))
    return folder


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


def test_a_page_fills_a_story_without_telling(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    for page, said in (
        (PAGE, "2 new, 0 corrected, 0 known"),
        (PAGE.replace("Smoke", "Fog"), "0 new, 1 corrected, 1 known"),
    ):
        (tmp_path / "page.txt").write_text(page)
        taken = dateline(tmp_path, "import", "page.txt", "--story", "harbour")
        assert (taken.returncode, taken.stdout) == (0, f"harbour: {said}.\n")
    assert "2 entries, 0 events" in dateline(tmp_path, "db", "check").stdout


@pytest.fixture(scope="module")
def whole(folder: Path) -> list[dict[str, object]]:
    """All that the story holds."""
    return _rows(dateline(folder, "export", "harbour", "--format", "jsonl"))


@pytest.mark.parametrize("form", ["markdown", "jsonl", "jsonld", "atom"])
def test_an_export_fills_another_database(folder: Path, whole: list[dict[str, object]], form: str) -> None:
    exported = dateline(folder, "export", "harbour", "--format", form)
    assert (exported.returncode, exported.stderr) == (0, "")
    assert "Secret" not in exported.stdout
    (folder / f"{form}.txt").write_text(exported.stdout)
    (folder / f"{form}.toml").write_text(CONFIG.replace("dateline.db", f"{form}.db"))
    into = ("import", f"{form}.txt", "--story", "harbour", "--config", f"{form}.toml")
    wanted = [row for row in whole if form != "jsonld" or "deleted" not in row]
    assert dateline(folder, *into).stdout == f"harbour: {len(wanted)} new, 0 corrected, 0 known.\n"
    assert dateline(folder, *into).stdout == f"harbour: 0 new, 0 corrected, {len(wanted)} known.\n"
    assert _rows(dateline(folder, "export", "harbour", "--format", "jsonl", "--config", f"{form}.toml")) == wanted


def _rows(exported: subprocess.CompletedProcess[str]) -> list[dict[str, object]]:
    return [json.loads(row) for row in exported.stdout.splitlines()]


async def _withdraw_one(file: Path) -> None:
    """A withdrawn entry and an absent one beside those of the page."""
    database = await Database.open(f"sqlite:///{file}")
    async with database.write() as connection:
        story = await stories.by_slug(connection, "harbour")
        assert story is not None
        known = (await entries.known(connection, story.id))[0]
        for minute, words, standing in ((1, "Secret.", Standing.DELETED), (2, "Gone.", Standing.ABSENT)):
            when = known.published_at - timedelta(minutes=minute)
            content = known.model_copy(update={"published_at": when, "text": words})
            entry_id = await entries.add(connection, story.id, f"odd-{minute}", content, when)
            await entries.revise(connection, entry_id, content, when, standing)
    await database.close()


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
    answer = dateline(folder, *arguments)
    assert (answer.returncode, answer.stdout) == (status, "")
    assert words in answer.stderr
    assert "Traceback" not in answer.stderr
    assert status == 2 or answer.stderr.count("\n") == 1


def test_export_where_there_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    answer = dateline(tmp_path, "export", "harbour", "--format", "atom")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "does not exist" in answer.stderr
