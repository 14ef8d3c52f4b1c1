"""Which page is replayed: one of those that ship, by its name, or any that can be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.answering import CannotRun
from bot.sandbox.moulds import MOULDS, JsonLines
from bot.sandbox.replay import Replay, read_script
from bot.sources import Context, gather, read
from bot.sources.encoding import decode
from bot.sources.fetch import Fetcher

FIRST = "flood"  # what is replayed where none is named


@dataclass(frozen=True)
class Chosen:
    slug: str
    title: str
    replay: Replay


def shipped() -> dict[str, tuple[Traversable, Traversable]]:
    """The pages that ship by name, each with the script of what happened to it."""
    files = sorted((resources.files("bot.sandbox") / "pages").iterdir(), key=lambda file: file.name)
    by_name = {file.name: file for file in files}
    scripts = {name.removesuffix(".toml"): file for name, file in by_name.items() if name.endswith(".toml")}
    pages = {name.partition(".")[0]: file for name, file in by_name.items() if not name.endswith(".toml")}
    return {name: (pages[name], script) for name, script in scripts.items()}


async def choose(name: str | None) -> Chosen:
    """The page of that name, file or address. Raises CannotRun, and whatever fetching and reading raise."""
    ours = shipped()
    if (known := name or FIRST) in ours:
        return _shipped(known, *ours[known])
    if not _is_there(known):
        names = ", ".join(ours)
        raise CannotRun(f"There is no file {known}, and no page of that name ships with Dateline: those are {names}.")
    return await _anybodys(known)


def _is_there(name: str) -> bool:
    """Whether it may be read; of an address the site decides."""
    return "://" in name or Path(name).exists()


def _shipped(name: str, file: Traversable, script: Traversable) -> Chosen:
    data, context = file.read_bytes(), _context(file.name)
    page = read(data, context)
    mould = MOULDS[page.format]
    cut = mould.cut(decode(data, context)[0], context)
    return Chosen(name, page.title, Replay(mould, cut, context, read_script(script.read_text(encoding="utf-8"))))


async def _anybodys(name: str) -> Chosen:
    async with Fetcher(allow_private_addresses=True) as fetcher:
        fetched = await fetcher.get(name, base=Path.cwd())
        data, context = fetched.data or b"", _context(name, fetched.content_type)
        page = read(data, context)
        if page.elsewhere:
            page = await gather.read_once(fetcher, name, context.now)
    if all(entry.withdrawn for entry in page.entries):
        raise CannotRun(f"{name} was read as {page.format}, but no entry was found in it.")
    if page.format == "text":
        text = MOULDS["text"]
        return Chosen("live", page.title, Replay(text, text.cut(decode(data, context)[0], context), context))
    lines = JsonLines()
    return Chosen("live", page.title, Replay(lines, lines.of(page.entries), context))


def _context(name: str, content_type: str | None = None) -> Context:
    return Context(address=name, now=datetime.now(UTC), content_type=content_type)
