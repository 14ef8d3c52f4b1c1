"""Files are looked at, and read when they changed and lie still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.lookout import LONGEST_LOOK, SETTLING_LOOK, Lookout
from storage.models import Story

NOW = datetime(2016, 3, 14, 19, 0, tzinfo=UTC)


class Desk:
    """One file, and looks at it a second apart."""

    def __init__(self, folder: Path, every: float = 20.0) -> None:
        self.path = folder / "dam.md"
        self.lookout = Lookout(folder)
        self.now = NOW
        self.story = Story(id=1, slug="dam", title="", source="dam.md", every=every)

    async def looks(self, seconds: float = 1.0) -> bool:
        self.now += timedelta(seconds=seconds)
        return await self.lookout.changed([self.story], self.now) == [self.story]


async def test_at_first_everything_is_new_and_then_only_changes(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.path.write_text("one")
    assert await desk.looks()
    assert not await desk.looks()
    assert desk.lookout.pause == LONGEST_LOOK

    desk.path.write_text("one two")
    assert not await desk.looks()
    assert desk.lookout.pause == SETTLING_LOOK
    assert await desk.looks(SETTLING_LOOK)
    assert not await desk.looks()
    assert desk.lookout.pause == LONGEST_LOOK


async def test_a_file_renamed_over_it_is_whole(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.path.write_text("one")
    assert await desk.looks()
    (tmp_path / "new").write_text("one")
    (tmp_path / "new").replace(desk.path)
    assert await desk.looks()
    assert not await desk.looks()


async def test_while_it_is_written_it_is_left_alone_but_not_for_ever(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.path.write_text("")
    assert await desk.looks()
    seen = []
    for number in range(12):
        with desk.path.open("a") as file:
            file.write(f"line {number}\n")
        seen.append(await desk.looks(0.5))
    assert [number for number, is_read in enumerate(seen) if is_read] == [10]


async def test_missing_for_a_while(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert not await desk.looks()
    desk.path.write_text("one")
    assert await desk.looks()
    desk.path.rename(tmp_path / "away")
    assert not await desk.looks()
    assert not await desk.looks()
    desk.path.mkdir()
    assert not await desk.looks()
    desk.path.rmdir()
    desk.path.write_text("another")
    assert [await desk.looks() for _ in range(3)].count(True) == 1


async def test_a_story_that_leaves_or_moves(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.path.write_text("one")
    (tmp_path / "other.md").write_text("two")
    assert await desk.looks()
    desk.story = desk.story.model_copy(update={"source": "other.md"})
    assert await desk.looks()
    assert await desk.lookout.changed([], desk.now) == []
    assert desk.lookout.pause is None


async def test_a_fast_story_is_looked_at_more_often(tmp_path: Path) -> None:
    desk = Desk(tmp_path, every=2.0)
    await desk.looks()
    assert desk.lookout.pause == 0.2
