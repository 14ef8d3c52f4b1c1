"""Who said what: the speakers that each story has shown, and their quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.models import FoundQuote, Speaker, Standing, StoredQuote
from storage.schema import entries, quotes, revisions, speakers


async def register(connection: AsyncConnection, story_id: int) -> list[tuple[int, Speaker]]:
    """The story's speakers with their ids, in the order in which they were first seen."""
    query = sa.select(speakers).where(speakers.c.story_id == story_id).order_by(speakers.c.position)
    return [(row.id, _speaker(row)) for row in await connection.execute(query)]


async def save_register(connection: AsyncConnection, story_id: int, known: Sequence[Speaker]) -> list[int]:
    """Keep the register, position by position; returns the speakers' ids in the same order."""
    stored = await register(connection, story_id)
    ids = [speaker_id for speaker_id, _ in stored]
    for position, speaker in enumerate(known):
        values = speaker.model_dump(mode="json")
        values["is_person"] = int(speaker.is_person)
        if position >= len(stored):
            query = speakers.insert().values(story_id=story_id, position=position, **values).returning(speakers.c.id)
            ids.append((await connection.execute(query)).scalar_one())
        elif stored[position][1] != speaker:
            await connection.execute(speakers.update().where(speakers.c.id == ids[position]).values(**values))
    return ids


async def replace(
    connection: AsyncConnection, story_id: int, entry_id: int, found: Sequence[tuple[FoundQuote, int | None]]
) -> None:
    """Set the entry's quotes, each with its speaker's id."""
    await connection.execute(quotes.delete().where(quotes.c.entry_id == entry_id))
    for quote, speaker_id in found:
        values = quote.model_dump(exclude={"speaker", "parts"})
        parts = [list(part) for part in quote.parts]
        await connection.execute(
            quotes.insert().values(story_id=story_id, entry_id=entry_id, speaker_id=speaker_id, parts=parts, **values)
        )


# Quotes of entries that the publisher took down are not repeated.
_shown = (
    sa.select(quotes, speakers.c.name.label("speaker"), revisions.c.published_at, revisions.c.stamp)
    .join(entries, entries.c.id == quotes.c.entry_id)
    .join(revisions, (revisions.c.entry_id == entries.c.id) & (revisions.c.number == entries.c.revision))
    .outerjoin(speakers, speakers.c.id == quotes.c.speaker_id)
    .where(revisions.c.standing != Standing.DELETED.value)
)


async def of_speaker(connection: AsyncConnection, speaker_id: int, limit: int, offset: int = 0) -> list[StoredQuote]:
    """The speaker's quotes, newest first."""
    query = _shown.where(quotes.c.speaker_id == speaker_id)
    query = query.order_by(revisions.c.published_at.desc(), quotes.c.entry_id.desc(), quotes.c.start)
    rows = await connection.execute(query.limit(limit).offset(offset))
    return [StoredQuote.model_validate(dict(row._mapping)) for row in rows]


async def newest(connection: AsyncConnection, story_id: int, limit: int, offset: int = 0) -> list[StoredQuote]:
    """The story's quotes that have a speaker, newest first."""
    query = _shown.where(quotes.c.story_id == story_id, quotes.c.speaker_id.is_not(None))
    query = query.order_by(revisions.c.published_at.desc(), quotes.c.entry_id.desc(), quotes.c.start)
    rows = await connection.execute(query.limit(limit).offset(offset))
    return [StoredQuote.model_validate(dict(row._mapping)) for row in rows]


async def of_entries(connection: AsyncConnection, ids: Sequence[int]) -> dict[int, list[StoredQuote]]:
    """The quotes of these entries, in the order of the text."""
    found: dict[int, list[StoredQuote]] = {}
    query = _shown.where(quotes.c.entry_id.in_(list(ids))).order_by(quotes.c.entry_id, quotes.c.start)
    for row in await connection.execute(query):
        found.setdefault(row.entry_id, []).append(StoredQuote.model_validate(dict(row._mapping)))
    return found


async def counts(connection: AsyncConnection, story_id: int) -> dict[int | None, int]:
    """How many quotes each speaker has; under None those without one."""
    shown = _shown.where(quotes.c.story_id == story_id).with_only_columns(quotes.c.speaker_id, sa.func.count())
    rows = await connection.execute(shown.group_by(quotes.c.speaker_id))
    return {row[0]: row[1] for row in rows}


async def speaker(connection: AsyncConnection, speaker_id: int) -> tuple[int, Speaker] | None:
    """The story that the speaker belongs to, and the speaker."""
    row = (await connection.execute(sa.select(speakers).where(speakers.c.id == speaker_id))).first()
    return (row.story_id, _speaker(row)) if row else None


def _speaker(row: sa.Row[Any]) -> Speaker:
    values = dict(row._mapping)
    return Speaker.model_validate({name: values[name] for name in Speaker.model_fields})
