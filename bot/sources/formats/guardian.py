"""A Guardian live page as its own front end gets it: the address with `.json?dcr=true` behind it.

blocks[] ─▶ elements of a dozen types ─▶ rich text and media. `keyEvents` are links into all pages of the coverage, not
entries of this one; `pinnedPost` is one more block, which may be older than this page.
"""

from __future__ import annotations

import re
from datetime import datetime

from bot.sources.context import Context, UnreadablePage
from bot.sources.formats.building import build, newest
from bot.sources.formats.jsondoc import at, flag_at, has_keys, is_list, list_at, load, number_at, text_at
from bot.sources.markup import Rich, join, web_address
from bot.sources.moments import read_moment
from bot.sources.richhtml import from_html, plain
from storage.models import Media, Page, ParsedEntry

_BASE = "https://www.theguardian.com/"
_FURNITURE = frozenset({"RichLink", "NewsletterSignup", "Disclaimer", "AdPlaceholder", "Callout", "ContentAtom"})
_WIDE_ENOUGH = 2000  # pixels; masters are too heavy to be sent
SIGN = "it is JSON with blocks as the Guardian's pages have them"


def sniff(data: bytes, context: Context) -> bool:  # noqa: ARG001  (every format is asked with both)
    return has_keys(data, "id", "elements") and (
        has_keys(data, "blockFirstPublished") or has_keys(data, "blockCreatedOn") or has_keys(data, "mostRecentBlockId")
    )


def parse(data: bytes, context: Context) -> Page:
    document, warnings = load(data, context)
    blocks = _blocks(document)
    if blocks is None:
        raise UnreadablePage(f"{context.address} has no list of blocks, as a Guardian page has.")
    pinned = at(document, "pinnedPost")
    page_url = text_at(document, "webURL") or context.address.partition("?")[0].removesuffix(".json")
    keys = {text_at(event, "id") for event in [*list_at(document, "keyEvents"), pinned]}
    shown = newest(blocks, _moment)
    read = [_entry(block, keys, page_url) for block in shown]
    entries = [entry for entry in read if entry]
    oldest = min((entry.published_at for entry in entries), default=None)
    if text_at(pinned, "id") not in {"", *(entry.key for entry in entries)} and (
        extra := _entry(pinned, keys, page_url)
    ):
        entries.append(extra)
    return build(
        format="guardian",
        title=text_at(document, "headline") or text_at(document, "webTitle"),
        entries=entries,
        covers_whole=is_list(document, "blocks") and number_at(document, "pagination", "currentPage") <= 1,
        covers_from=oldest,
        ended=_ended(text_at(document, "format", "design")),
        undated=read.count(None),
        unread=len(blocks) - len(shown),
        warnings=warnings,
    )


def _blocks(document: object) -> list[object] | None:
    """A page's blocks; one block alone, a list of blocks and several lists are read too."""
    if is_list(document, "blocks"):
        return list_at(document, "blocks")
    if _is_block(document):
        return [document]
    if isinstance(document, list):
        return document if any(map(_is_block, document)) else None
    lists = [value for value in document.values() if isinstance(value, list)] if isinstance(document, dict) else []
    found = [block for blocks in lists if any(map(_is_block, blocks)) for block in blocks]
    return found or None


def _is_block(value: object) -> bool:
    return bool(text_at(value, "id")) and is_list(value, "elements")


def _ended(design: str) -> bool | None:
    return design.startswith("Dead") if design in ("LiveBlogDesign", "DeadBlogDesign", "LiveBlog", "DeadBlog") else None


def _dated(block: object) -> str:
    """The name under which it says when it was published."""
    return next((name for name in ("blockFirstPublished", "blockCreatedOn") if at(block, name)), "")


def _moment(block: object) -> datetime | None:
    return read_moment(at(block, _dated(block)))


def _entry(block: object, keys: set[str], page_url: str) -> ParsedEntry | None:
    key = text_at(block, "id")
    name, moment = _dated(block), _moment(block)
    if moment is None:
        return None
    rich = join([_element(element) for element in list_at(block, "elements")])
    is_marked = any(flag_at(block, "attributes", mark) for mark in ("keyEvent", "summary", "pinned"))
    link = f"{page_url.partition('?')[0].partition('#')[0]}?page=with:block-{key}#block-{key}"
    return ParsedEntry(
        key=key,
        published_at=moment,
        stamp=text_at(block, f"{name}Display").replace("\xa0", " ") or text_at(block, name),
        title=plain(text_at(block, "title")),
        text=rich.text,
        spans=rich.spans,
        media=rich.media,
        is_key=is_marked or bool(key and key in keys),
        url=web_address(link) if key else None,
    )


# --- elements -------------------------------------------------------------------------------------------------------


def _element(element: object) -> Rich:
    kind = text_at(element, "_type").rpartition(".")[2].removesuffix("Element").removesuffix("Block")
    if kind in _FURNITURE or flag_at(element, "expired"):
        return Rich()
    if kind == "Image":
        return _picture(element)
    if "youtube" in kind.lower() or "video" in kind.lower() or kind == "MediaAtom":
        return _video(element)
    rich = from_html(text_at(element, "html"), _BASE)
    if kind == "Tweet" and not any(span.kind == "tweet" for span in rich.spans):
        url = text_at(element, "url")
        author = re.search(r"(?:twitter|x)\.com/(\w{1,15})/", url)
        return rich.whole("tweet", web_address(url), author[1] if author else None)
    if kind in ("Blockquote", "Pullquote") and not any(span.kind == "blockquote" for span in rich.spans):
        return join([rich.whole("blockquote"), Rich(text_at(element, "attribution"))])
    return rich.whole("heading") if kind == "Subheading" and not rich.spans else rich


def _picture(element: object) -> Rich:
    images = list_at(element, "media", "allImages")
    widths = {text_at(image, "url"): number_at(image, "fields", "width") for image in images}
    fit = [url for url in widths if web_address(url) and widths[url] <= _WIDE_ENOUGH and "/master/" not in url]
    if not fit:
        return Rich()
    caption = text_at(element, "data", "caption") or text_at(element, "data", "alt")
    return Rich(media=(Media(kind="image", url=max(fit, key=widths.__getitem__), caption=plain(caption)),))


def _video(element: object) -> Rich:
    youtube = text_at(element, "assetId")
    url = f"https://www.youtube.com/watch?v={youtube}" if youtube else text_at(element, "originalUrl")
    url = web_address(url or text_at(element, "url") or text_at(element, "assets", 0, "url")) or ""
    caption = text_at(element, "mediaTitle") or text_at(element, "title") or text_at(element, "caption")
    return Rich(media=(Media(kind="video", url=url, caption=plain(caption)),)) if url else Rich()
