"""schema.org's LiveBlogPosting, as JSON-LD in a page's scripts, alone in a file, or as microdata.

bytes ─▶ scripts ─▶ documents ─▶ the posting with most updates ─▶ entries

What publishers write there is loose: one broken script beside a good one, one headline for all entries, bodies that
are HTML, text, escaped twice or missing, a coverage that has "ended" while it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import repeat

from bot.sources import exact
from bot.sources.context import Context, UnreadablePage
from bot.sources.formats import schema
from bot.sources.formats.anchored import completed
from bot.sources.formats.building import build, common
from bot.sources.formats.jsondoc import at, text_at
from bot.sources.formats.microdata import postings
from bot.sources.heads import undecorated
from bot.sources.hypertext.pages import canonical, is_html, page_text, title_of
from bot.sources.hypertext.scripts import Document, linked_data, load
from bot.sources.markup import web_address
from bot.sources.moments import read_moment
from bot.sources.richhtml import from_html, plain
from storage.models import Media, Page, ParsedEntry

# An end this close is often only the moment of the last update.
_SURELY_OVER = timedelta(hours=1)


@dataclass(frozen=True, eq=False)
class _Found:
    """A page's letters, what its scripts hold, and what is to be said about both."""

    html: str
    documents: tuple[Document, ...]
    warnings: tuple[str, ...]


SIGN = "it has a LiveBlogPosting with updates"


def sniff(data: bytes, context: Context) -> bool:
    """Whether there is a posting with updates that can be read."""
    if b"liveBlogUpdate" not in data or not (is_html(data) or _is_json(data)):
        return False
    try:
        found = _found(data, context.content_type, context.address)
    except UnreadablePage:
        return False
    return bool(schema.updates_of(_posting(found)))


def parse(data: bytes, context: Context) -> Page:
    found = _found(data, context.content_type, context.address)
    posting = _posting(found)
    if posting is None:
        trouble = next((document.trouble for document in found.documents if document.trouble), None)
        reason = f"the script that may hold one is broken: {trouble}" if trouble else "nothing calls itself one"
        raise UnreadablePage(f"{context.address} has no LiveBlogPosting that can be read: {reason}.")
    return _page(posting, found, context)


def _is_json(data: bytes) -> bool:
    return data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


@lru_cache(maxsize=2)  # `sniff` and `parse` look at the same bytes
def _found(data: bytes, content_type: str | None, address: str) -> _Found:
    context = Context(address=address, now=datetime.min, content_type=content_type)  # noqa: DTZ901  (only to decode)
    html, warnings = page_text(data, context)
    if _is_json(data):
        return _Found("", (load(html),), warnings)
    documents = tuple(load(source) for source in linked_data(html))
    broken = [document.trouble for document in documents if document.trouble and "liveBlog" in document.source]
    warnings += tuple(f"A JSON-LD script of the page is broken and was left out: {trouble}." for trouble in broken)
    return _Found(html, documents, warnings)


@lru_cache(maxsize=2)
def _posting(found: _Found) -> object:
    """The posting with the most updates; microdata where no script has one."""
    read = [document.value for document in found.documents]
    all_postings = [posting for posting in schema.live_blogs(read) if posting]
    if not any(map(schema.updates_of, all_postings)) and "liveBlogUpdate" in found.html:
        all_postings += schema.live_blogs(postings(found.html))
    return max(all_postings, key=lambda posting: len(schema.updates_of(posting)), default=None)


# --- the page -------------------------------------------------------------------------------------------------------


def _page(posting: object, found: _Found, context: Context) -> Page:
    headline = plain(text_at(posting, "headline") or text_at(posting, "name"))
    address = _address(posting, found.html, context)
    updates = schema.updates_of(posting)
    reader = _Reader(posting, updates, headline, address, context)
    entries = [reader.entry(n, update) for n, update in enumerate(updates)]
    dated = completed([entry for entry in entries if entry], found.html, address, context.timezone)
    page = build(
        format="jsonld",
        title=undecorated(headline) or title_of(found.html),
        entries=dated,
        ended=_ended(posting, dated, updates, context),
        undated=entries.count(None),
        warnings=(*found.warnings, *_nothing(updates, dated, context), *_empty(dated)),
    )
    absent = tuple(exact.key_of(text_at(one, "@id")) for one in updates if at(one, "dateline:exact", "absent") is True)
    return page.model_copy(update={"absent": absent}) if absent else page


def _nothing(updates: Sequence[schema.Update], entries: Sequence[ParsedEntry], context: Context) -> list[str]:
    return [] if updates or entries else [f"{context.address} has a LiveBlogPosting without updates."]


def _empty(entries: Sequence[ParsedEntry]) -> list[str]:
    empty = sum(entry.is_empty and not entry.withdrawn for entry in entries)
    return [f"{empty} of {len(entries)} entries have no text (yet)."] if empty else []


def _address(posting: object, html: str, context: Context) -> str:
    """The page's own address, without its fragment, for relative links and entries' anchors."""
    named = (text_at(posting, name) for name in ("url", "mainEntityOfPage", "@id"))
    urls = [context.address, *named, text_at(posting, "mainEntityOfPage", "@id"), canonical(html) or ""]
    found = next((url for url in urls if url.startswith(("http://", "https://"))), "")
    return found.partition("#")[0]


def _ended(
    posting: object, entries: Sequence[ParsedEntry], updates: Sequence[schema.Update], context: Context
) -> bool | None:
    """Over only if the end that the page names is past and nothing came after it.

    Some name the moment of the last update there, with every update: that tells nothing.
    """
    end = read_moment(at(posting, "coverageEndTime"), context.timezone)
    if end is None:
        return None
    changed = [moment for update in updates if (moment := read_moment(at(update, "dateModified"), context.timezone))]
    newest = max([*changed, *(entry.published_at for entry in entries)], default=None)
    if end > context.now or (newest is not None and newest > end):
        return False
    named = {read_moment(at(posting, name), context.timezone) for name in ("dateModified", "datePublished")}
    is_copy = end in named or end == newest
    return None if is_copy or end > context.now - _SURELY_OVER else True


# --- the entries ----------------------------------------------------------------------------------------------------


class _Reader:
    """Reads updates, knowing what all of them share: that tells none of them apart."""

    def __init__(
        self, posting: object, updates: Sequence[schema.Update], headline: str, address: str, context: Context
    ) -> None:
        self.address, self.context = address, context
        titles = [schema.title_of(update) for update in updates]
        self.titles = [plain(title) for title in titles]
        self.no_titles = {headline, common(self.titles)}
        self.keys = schema.keys_of(updates, address)
        pictures = [schema.picture_url(update) for update in updates]
        shared = common(pictures)
        self.no_pictures = {*schema.picture_urls(posting), *([shared] if shared else [])}

    def entry(self, place: int, update: schema.Update) -> ParsedEntry | None:
        stamp, moment = schema.moment_of(update, self.context.timezone)
        if moment is None:
            return None
        rich = from_html(schema.body_of(update), self.address)
        title = self.titles[place]
        if title in self.no_titles or _repeats(title, rich.text):
            title = ""
        known = {media.url.partition("?")[0] for media in rich.media} | self.no_pictures
        added = (media for media in schema.media_of(update, self.address) if known.isdisjoint(_names(media)))
        entry = ParsedEntry(
            key=self.keys[place],
            published_at=moment,
            stamp=stamp,
            title=title,
            text=rich.text,
            spans=rich.spans,
            media=(*rich.media, *added),
            url=self._url(update),
        )
        told = update.get("dateline:exact")
        return exact.honoured(entry, told) if isinstance(told, dict) else entry

    def _url(self, update: schema.Update) -> str | None:
        """The update's own address, if it has one that is not the page's."""
        for url in map(schema.text_of, repeat(update), ("url", "@id", "mainEntityOfPage")):
            whole = web_address(url, self.address) if url.startswith(("http://", "https://", "/", "?")) else None
            if whole and whole != self.address:
                return whole
            if url.startswith("#") and len(url) > 1 and self.address:
                return f"{self.address}{url}"
        return None


def _names(media: Media) -> tuple[str, str]:
    """A picture's address, with and without its size."""
    return media.url, media.url.partition("?")[0]


def _repeats(title: str, text: str) -> bool:
    """A headline that is only the beginning of the text."""
    bare = title.rstrip(" .…")
    return len(bare) > 20 and " ".join(text[: len(title) + 20].split()).startswith(bare)
