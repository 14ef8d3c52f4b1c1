"""JSON Feed, versions 1 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import re
from html import escape, unescape

from bot.sources.context import Context, UnreadablePage
from bot.sources.formats import feeds
from bot.sources.formats.feeds import Item
from bot.sources.formats.jsondoc import at, has_keys, is_list, list_at, load, text_at
from bot.sources.markup import web_address
from bot.sources.moments import read_moment
from storage.models import Media, Page

_BREAK = re.compile(r"\n\s*\n")
_VERSION = re.compile(rb"jsonfeed\.org\\?/version\\?/1")
SIGN = "it is JSON that calls itself a JSON Feed"


def sniff(data: bytes, context: Context) -> bool:  # noqa: ARG001  (every format is asked with both)
    return has_keys(data, "version", "items") and _VERSION.search(data) is not None


def parse(data: bytes, context: Context) -> Page:
    document, warnings = load(data, context)
    if not is_list(document, "items"):
        raise UnreadablePage(f"{context.address} has no list of items, as a JSON Feed has.")
    base = text_at(document, "home_page_url") or context.address
    items = [_item(item, base, context) for item in list_at(document, "items")]
    title = feeds.plain(text_at(document, "title"))
    page = feeds.to_page(items, context, format="jsonfeed", title=title, warnings=warnings)
    expired = at(document, "expired")
    return page.model_copy(update={"ended": expired if isinstance(expired, bool) else None})


def _item(item: object, base: str, context: Context) -> Item:
    link = text_at(item, "url") or text_at(item, "external_url")
    stamp = next((t for name in ("date_published", "date_modified", "date_updated") if (t := text_at(item, name))), "")
    changed = text_at(item, "date_modified") or text_at(item, "date_updated")
    return Item(
        key=text_at(item, "id") or link,
        link=link,
        title=feeds.plain(text_at(item, "title")),
        html=_html(item),
        stamp=stamp,
        moment=read_moment(stamp, context.timezone),
        changed=read_moment(changed, context.timezone),
        media=_media(item, base),
        base=web_address(link, base) or base,
    )


def _html(item: object) -> str:
    """The item's words as HTML: some feeds escape theirs once too often; plain text has paragraphs only."""
    if html := text_at(item, "content_html"):
        return unescape(html) if "<" not in html and "&lt;" in html else html
    plain = text_at(item, "content_text") or text_at(item, "summary")
    return "".join(f"<p>{escape(paragraph)}</p>" for paragraph in _BREAK.split(plain))


def _media(item: object, base: str) -> tuple[Media, ...]:
    """What the item names beside its words."""
    named = [(text_at(each, "mime_type"), text_at(each, "url")) for each in list_at(item, "attachments")]
    found: dict[str, Media] = {}
    for kind, address in [*named, ("image/", text_at(item, "image"))]:
        if kind.startswith(("image/", "video/")) and (url := web_address(address, base)):
            found.setdefault(url, Media(kind="video" if kind.startswith("video") else "image", url=url))
    return tuple(found.values())
