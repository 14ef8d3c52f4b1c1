"""Noticing that a file changed, without reading it.

look ──▶ its mark is the one of the last reading? nothing
     ──▶ another file stands there (renamed over it: complete)? read
     ──▶ the same file, written to? read once it lies still, or after a while all the same
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.sources.files import Mark, mark
from storage.models import Story

LONGEST_LOOK = 1.0  # seconds between two looks at a file
SHORTEST_LOOK = 0.1
SETTLING_LOOK = 0.25  # while it is being written
MOST_UNSETTLED = timedelta(seconds=5)


@dataclass
class _Post:
    """One file. `read` is the mark that the last reading was for, `seen` one that has not settled yet."""

    path: Path
    every: float
    read: Mark | None = None
    seen: Mark | None = None
    seen_first: datetime | None = None

    def look(self, found: Mark | None, now: datetime) -> bool:
        """Whether it has to be read. A file that is missing is left to the next reading that is due."""
        if found is None or found == self.read:
            self.seen = self.seen_first = None
            return False
        if not self._is_settled(found, now):
            self.seen, self.seen_first = found, self.seen_first or now
            return False
        self.read, self.seen, self.seen_first = found, None, None
        return True

    def _is_settled(self, found: Mark, now: datetime) -> bool:
        if self.read is None or not found.is_same_file(self.read) or found == self.seen:
            return True
        return self.seen_first is not None and now - self.seen_first >= MOST_UNSETTLED


class Lookout:
    """Looks at the files of stories; `folder` is what their paths are relative to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._posts: dict[int, _Post] = {}

    async def changed(self, stories: Iterable[Story], now: datetime) -> list[Story]:
        """Those of the stories whose file has changed since it was last found so here; all of them at first."""
        watched = {story.id: story for story in stories}
        self._posts = {story.id: self._post(story) for story in watched.values()}
        paths = [post.path for post in self._posts.values()]
        marks = await asyncio.to_thread(lambda: [mark(path) for path in paths]) if paths else []
        looks = zip(self._posts.items(), marks, strict=True)
        return [watched[story_id] for (story_id, post), found in looks if post.look(found, now)]

    @property
    def pause(self) -> float | None:
        """Seconds until the next look; None where there is nothing to look at."""
        return min((_pause(post) for post in self._posts.values()), default=None)

    def _post(self, story: Story) -> _Post:
        path = self._folder / story.source
        known = self._posts.get(story.id)
        return known if known is not None and known.path == path else _Post(path, story.every)


def _pause(post: _Post) -> float:
    usual = min(LONGEST_LOOK, max(SHORTEST_LOOK, post.every / 10))
    return usual if post.seen is None else min(usual, SETTLING_LOOK)
