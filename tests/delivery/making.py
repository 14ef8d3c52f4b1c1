"""Entries to render, and what a reader would see of the result. Words are invented for these tests."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.delivery.rendered import Rendered
from bot.sandbox.markup import parse_html
from storage.models import Entry, Story

BOT = "DatelineBot"
PAGE = "https://example.org/live"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2016, 3, 14, hour, minute, tzinfo=UTC)


def make_entry(number: int, hour: int, minute: int, text: str, **more: Any) -> Entry:
    when = at(hour, minute)
    given = {
        "entry_id": number,
        "number": 1,
        "at": when,
        "published_at": when,
        "stamp": f"{hour}:{minute:02d} GMT",
        "text": text,
        "story_id": 1,
        "key": str(number),
        "added_at": when + timedelta(minutes=1),
    }
    return Entry(**(given | more))


def make_story(**more: Any) -> Story:
    given = {"id": 1, "slug": "harbour", "title": "Harbour strike", "source": PAGE, "first_read_at": at(9)}
    return Story(**(given | more))


def corrected(entry: Entry, **more: Any) -> Entry:
    return entry.model_copy(update={"number": entry.number + 1, "at": at(19, 31)} | more)


def seen(rendered: Rendered) -> str:
    """The text that a chat shows; fails where Telegram would refuse or quietly drop something."""
    text, entities = parse_html(rendered.html)
    assert text.strip() == text, "Telegram would trim it"
    assert 1 <= len(text) <= 4096
    assert len(entities) <= 100
    assert len(re.findall(r"<[a-z]", rendered.html)) <= 100
    assert "\n\n\n" not in text
    return text
