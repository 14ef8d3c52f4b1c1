"""Asking for the entries whose words stand at addresses of their own.

bytes ──read──▶ Page ──wanted──▶ addresses ──fetch, each in its turn with the host──▶ Pages ──completed──▶ Page
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot import sources
from bot.sources import Context
from bot.sources.elsewhere import MOST, completed, wanted
from bot.sources.fetch import Fetched, Fetcher, SourceAway, SourceRefused
from storage.models import Entry, Page
from storage.stories import TELEGRAM

_TROUBLES = (SourceAway, SourceRefused, sources.UnreadablePage)


@dataclass(frozen=True)
class Asked:
    """What is remembered of an entry's own address: when it was asked, and the validators of its last answer."""

    at: datetime
    last: Fetched | None = None


async def gather(
    fetcher: Fetcher,
    page: Page,
    context: Context,
    *,
    known: Sequence[Entry] = (),
    asked: MutableMapping[str, Asked] | None = None,
    most: int = MOST,
) -> Page:
    """The page with the words that stand elsewhere, as far as they came; its warnings say what did not.

    `asked`, by key, is this page's memory from reading to reading. Raises SourceAway and SourceRefused where nothing
    is known and nothing came.
    """
    if not page.elsewhere:
        return page
    memory = {} if asked is None else asked
    by_key = {entry.key: entry for entry in known}
    keys = wanted(page, by_key, {key: one.at for key, one in memory.items()}, context.now, most)
    found = await asyncio.gather(*(_ask(fetcher, page, key, context, memory, key in by_key) for key in keys))
    answers = {key: answer for key, answer in zip(keys, found, strict=True) if isinstance(answer, Page)}
    troubles = [answer for answer in found if isinstance(answer, _TROUBLES)]
    for key in memory.keys() - page.elsewhere.keys():
        del memory[key]
    whole = completed(page, by_key, answers)
    if troubles and not whole.entries:
        raise troubles[0]
    waiting = len(page.elsewhere.keys() - by_key.keys() - set(keys))
    return whole.model_copy(update={"warnings": (*whole.warnings, *_lacks(len(keys), troubles, waiting))})


async def read_once(
    fetcher: Fetcher,
    source: str,
    now: datetime,
    *,
    format: str = "auto",  # noqa: A002  (the config's own word)
    timezone: str = "GMT",
    most: int = MOST,
) -> Page:
    """One reading of a source of which nothing is known. Raises SourceAway, SourceRefused, UnreadablePage."""
    if source.startswith(TELEGRAM):
        raise SourceRefused(f"{source} is a chat: its posts become updates as they come, there is no page to read.")
    fetched = await fetcher.get(source, base=Path.cwd())
    address = fetched.address if source.startswith(("http://", "https://")) else source
    context = Context(address=address, timezone=timezone, now=now, content_type=fetched.content_type)
    page = await asyncio.to_thread(sources.read, fetched.data or b"", context, format)
    return await gather(fetcher, page, context, most=most)


async def _ask(
    fetcher: Fetcher, page: Page, key: str, context: Context, memory: MutableMapping[str, Asked], is_known: bool
) -> Page | Exception | None:
    """What an entry's own address gives; None: what it gave before. No page can send us anywhere but to the web."""
    address = page.elsewhere[key]
    if not address.startswith(("http://", "https://")):
        return SourceRefused(f"{address[:80]} is no address on the web.")
    last = memory[key].last if key in memory and is_known else None
    memory[key] = Asked(context.now, last)
    try:
        fetched = await _fetched(fetcher, address, last)
        if fetched.data is None:
            return None
        there = replace(context, address=address, content_type=fetched.content_type)
        answer = await asyncio.to_thread(sources.read, fetched.data, there, page.format)
    except _TROUBLES as error:
        return error
    memory[key] = Asked(context.now, replace(fetched, data=None))
    return answer


async def _fetched(fetcher: Fetcher, address: str, last: Fetched | None) -> Fetched:
    if last is None:
        return await fetcher.get(address)
    return await fetcher.get(address, etag=last.etag, last_modified=last.last_modified, body_hash=last.body_hash)


def _lacks(asked: int, troubles: Sequence[Exception], waiting: int) -> list[str]:
    """What a person should know of the entries that did not come."""
    said = [f"{len(troubles)} of {asked} updates could not be read: {troubles[0]}"] if troubles else []
    if waiting:
        said.append(f"{waiting} older updates were not asked for yet: one reading asks for {asked} at most.")
    return said
