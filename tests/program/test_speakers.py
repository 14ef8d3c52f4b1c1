"""`dateline speakers` and `dateline quotes --rebuild`: what the operator decides lasts."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import archive, registry
from bot.config import Config
from storage import entries, quotes, stories
from storage.database import Database
from storage.models import Page, ParsedEntry

FIRST = '"We have 12 engines on the quay," Mayor Ana Duarte said.'
SECOND = '"The wind is turning west by the hour," Ana Duarte-Lima said.'
THIRD = '"We are not leaving the quay tonight," Duarte-Lima said.'


def entry(minute: int, text: str) -> ParsedEntry:
    when = datetime(2016, 3, 14, 19, minute, tzinfo=UTC)
    return ParsedEntry(key=str(minute), published_at=when, stamp=f"19:{minute}", text=text)


async def take(config: Config, *parsed: ParsedEntry) -> None:
    database = await Database.open(config.storage_url)
    async with database.write() as connection:
        story = await stories.put(connection, "harbour", {"source": "page.txt"})
        known = await entries.known(connection, story.id)
        people = [speaker for _, speaker in await quotes.register(connection, story.id)]
        page = Page(entries=tuple(reversed(parsed)), has_ids=True)
        await archive.keep(connection, story, archive.understand(page, known, people), parsed[0].published_at)
    await database.close()


@pytest.fixture
async def config(tmp_path: Path) -> Config:
    config = Config.model_validate({"folder": tmp_path})
    await take(config, entry(10, FIRST), entry(20, SECOND))
    return config


async def counted(config: Config) -> dict[str, int]:
    return {speaker.name: count for speaker, count in await registry.speakers(config, "harbour")}


async def test_merging_lasts(config: Config) -> None:
    assert await counted(config) == {"Ana Duarte": 1, "Ana Duarte-Lima": 1}
    said = await registry.merge_speakers(config, "harbour", "Ana Duarte-Lima", "Ana Duarte")
    assert said == "Ana Duarte-Lima is Ana Duarte from now on. harbour was read anew: 2 quotes."
    assert await counted(config) == {"Ana Duarte": 2}

    await take(config, entry(30, THIRD))
    assert await counted(config) == {"Ana Duarte": 3}


async def test_splitting_takes_it_back(config: Config) -> None:
    await registry.merge_speakers(config, "harbour", "Ana Duarte-Lima", "Ana Duarte")
    await registry.split_speaker(config, "harbour", "Ana Duarte", "Ana Duarte-Lima")
    assert await counted(config) == {"Ana Duarte": 1, "Ana Duarte-Lima": 1}


async def test_reading_anew_finds_the_same(config: Config) -> None:
    assert await registry.rebuild(config, "harbour") == "harbour was read anew: 2 quotes."
    assert await counted(config) == {"Ana Duarte": 1, "Ana Duarte-Lima": 1}


@pytest.mark.parametrize(
    ("slug", "name", "into", "sentence"),
    [
        ("nothing", "Ana Duarte", "Ana Duarte-Lima", "There is no story called nothing."),
        ("harbour", "Smith", "Ana Duarte", "Nobody called Smith is known in this story."),
        ("harbour", "Ana Duarte", "Ana Duarte", "Ana Duarte is one speaker already."),
    ],
)
async def test_who_is_not_there(config: Config, slug: str, name: str, into: str, sentence: str) -> None:
    with pytest.raises(registry.NotThere, match=sentence):
        await registry.merge_speakers(config, slug, name, into)
