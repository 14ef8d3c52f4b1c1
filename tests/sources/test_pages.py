"""Every recorded page reads as its expected result says. `pages/README.md` tells how to add one."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from readings import check

from bot.sources import Context, read
from bot.sources.formats.jsonl import dump
from storage.models import Page

HERE = Path(__file__).parent / "pages"
PAGES = sorted(path for path in HERE.iterdir() if path.suffix != ".md" and "expected" not in path.name)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def told(page: Page) -> dict[str, Any]:
    """All that a page says, as JSON; what it does not say is left out."""
    about = page.model_dump(mode="json", exclude={"entries"}, exclude_defaults=True)
    return about | {"entries": [dump(entry) for entry in page.entries]}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_page(path: Path) -> None:
    page = read(path.read_bytes(), Context(address="https://velm.example/live", now=NOW))
    expected = path.with_name(f"{path.stem}.expected.json")
    if os.environ.get("DATELINE_RECORD"):
        expected.write_text(json.dumps(told(page), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert told(page) == json.loads(expected.read_text(encoding="utf-8"))
    assert path.stem.startswith(page.format)
    check(page)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_a_page_in_other_units_is_the_same_page(encoding: str) -> None:
    for path in PAGES:
        text = path.read_text(encoding="utf-8").replace(
            'encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"'
        )
        there = Context(address="https://velm.example/live", now=NOW)
        assert read(text.encode(encoding), there) == read(path.read_bytes(), there), path.name
