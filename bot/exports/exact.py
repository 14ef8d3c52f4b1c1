"""An export that is read back before it is handed out.

    write(nothing beside) ─▶ read again ─▶ what differs ─▶ write(that beside each entry)

So nothing is lost, whatever a format or its reader does with the words, and what needs nothing beside it stays plain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bot import sources
from bot.sources.context import Context
from bot.sources.exact import Exact
from storage.models import Entry, ParsedEntry, Standing, Story

NOW = datetime(2000, 1, 1, tzinfo=UTC)  # nothing that we write needs to be told the time to be read

Beside = Mapping[str, Exact]  # by key


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.published_at, entry.id), reverse=True)


def parsed(entry: Entry) -> ParsedEntry:
    """An entry as a page would show it. A withdrawn one keeps its place, and none of its words."""
    if entry.standing is Standing.DELETED:
        return ParsedEntry(key=entry.key, published_at=entry.published_at, stamp=entry.stamp, withdrawn=True)
    return ParsedEntry.model_validate(
        {name: getattr(entry, name) for name in ParsedEntry.model_fields if name != "withdrawn"}
    )


def address_of(story: Story) -> str | None:
    """The page's own address, without what the newsroom adds for its statistics; a file has none."""
    return story.source if story.source.startswith(("http://", "https://")) else None


def context_of(story: Story) -> Context:
    return Context(address=story.source, now=NOW, timezone=story.timezone)


def checked(write: Callable[[Beside], str], form: str, story: Story, entries: Sequence[Entry]) -> str:
    """What `write` gives, with the exact facts beside each entry that `form` reads back as another."""
    page = sources.read(write({}).encode(), context_of(story), form)
    found = {entry.key: entry for entry in page.entries}
    return write({entry.key: lost for entry in entries if (lost := differences(entry, found.get(entry.key)))})


def differences(entry: Entry, found: ParsedEntry | None) -> dict[str, Any]:
    """What has to be told of an entry beside what was read back of it."""
    wanted = parsed(entry).model_dump(mode="json", exclude_none=True)
    got = found.model_dump(mode="json", exclude_none=True) if found else {}
    lost = {name: value for name, value in wanted.items() if name not in got or got[name] != value}
    lost |= {name: None for name in got if name not in wanted}
    return lost | ({"absent": True} if entry.standing is Standing.ABSENT else {})
