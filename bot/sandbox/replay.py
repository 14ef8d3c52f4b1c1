"""A live page played back: the page as it stood after each entry, each correction, each withdrawal. Pure.

    finished page + script ──▶ head, then a step for everything that happened to it, oldest first

A script is the TOML file beside a page that ships; any other page is replayed as it grew, its longest entry first
without its last paragraph, which follows: what is shown in the end is what the page says, to the letter.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.sources import Context
from bot.sources.text import blocks, read_text


@dataclass(frozen=True)
class Correction:
    """The entry at `stamp` first says `before` where the page says `after`; put right after the entry at `when`."""

    stamp: str
    before: str
    after: str
    when: str


@dataclass(frozen=True)
class Withdrawal:
    """The entry at `stamp` first says `was`; after the entry at `when` the page says `text` in its place."""

    stamp: str
    was: str
    text: str
    when: str


@dataclass(frozen=True)
class Script:
    corrections: tuple[Correction, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()


@dataclass(frozen=True)
class Step:
    """The page from now on, and what has just happened to it, in words."""

    page: str
    says: str


@dataclass(frozen=True)
class _Block:
    stamp: str
    published_at: datetime
    raw: str
    changes: tuple[tuple[str, str, str], ...] = field(default=())  # (when, what the block says then, in words)


def read_script(toml: str) -> Script:
    values = tomllib.loads(toml)
    return Script(
        tuple(Correction(**one) for one in values.get("correct", ())),
        tuple(Withdrawal(**one) for one in values.get("withdraw", ())),
    )


def replay(text: str, context: Context, script: Script | None = None) -> tuple[str, list[Step]]:
    """The page before its first entry, and the steps to the page as it is given."""
    head, raw = blocks(text, context)
    page = [_block(head, one, context) for one in raw]
    scripted = _grown(page) if script is None else [_scripted(block, script) for block in page]
    return head, list(_steps(head, scripted))


def _block(head: str, raw: str, context: Context) -> _Block:
    entry = read_text(head + raw, context).entries[0]
    return _Block(entry.stamp, entry.published_at, raw)


def _steps(head: str, page: Sequence[_Block]) -> Iterator[Step]:
    is_newest_first = page and page[0].published_at >= page[-1].published_at
    order = sorted(reversed(page) if is_newest_first else page, key=lambda block: block.published_at)
    shown: dict[int, str] = {}
    for block in order:
        shown[id(block)] = block.raw
        yield Step(_page(head, page, shown), f"{block.stamp}  published")
        for changed in order:
            for when, raw, words in changed.changes:
                if when == block.stamp and shown.get(id(changed), raw) != raw:  # a clock may strike twice
                    shown[id(changed)] = raw
                    yield Step(_page(head, page, shown), f"{changed.stamp}  {words}")


def _page(head: str, page: Sequence[_Block], shown: dict[int, str]) -> str:
    return head + "".join(shown[id(block)] for block in page if id(block) in shown)


def _scripted(block: _Block, script: Script) -> _Block:
    final = first = block.raw
    changes: list[tuple[str, str, str]] = []
    for one in script.withdrawals:
        if one.stamp == block.stamp:
            first = final.replace(one.text, one.was)
            changes.append((one.when, final, "withdrawn"))
    for correction in reversed(script.corrections):
        if correction.stamp == block.stamp and correction.after in first:
            changes.insert(0, (correction.when, first, f"corrected: {correction.before} → {correction.after}"))
            first = first.replace(correction.after, correction.before)
    return replace(block, raw=first, changes=tuple(changes))


def _grown(page: Sequence[_Block]) -> list[_Block]:
    """The page with its longest entry short of its last paragraph at first."""
    longest = max(page, key=lambda block: len(_paragraphs(block)), default=None)
    if longest is None or len(_paragraphs(longest)) < 3:  # a stamp, and two paragraphs
        return list(page)
    body = longest.raw.rstrip()
    start = body[: body.rindex("\n\n")] + "\n\n"
    grown = replace(longest, raw=start, changes=((longest.stamp, longest.raw, "completed"),))
    return [grown if block is longest else block for block in page]


def _paragraphs(block: _Block) -> list[str]:
    return [words for words in block.raw.split("\n\n") if any(letter.isalnum() for letter in words)]
