"""One entry a line, as JSON, exact by itself: what `bot.sources.formats.jsonl` reads.

`POST /hooks/<story>` takes the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.exports.exact import newest_first
from bot.sources.formats.jsonl import dump
from storage.models import Entry, Story


def to_jsonl(story: Story, entries: Sequence[Entry]) -> str:  # noqa: ARG001  (every export is given both)
    """The whole story, newest entry first."""
    return "".join(f"{json.dumps(dump(entry), ensure_ascii=False)}\n" for entry in newest_first(entries))
