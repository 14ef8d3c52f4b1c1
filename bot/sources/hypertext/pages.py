"""Whole pages of HTML: whether bytes are one, its text, its title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin

from bot.sources.context import Context
from bot.sources.encoding import decode
from bot.sources.heads import undecorated
from bot.sources.hypertext.tokens import attributes
from bot.sources.richhtml import plain

_BEGINS = re.compile(
    rb"\s*(?:<!--.{0,3000}?-->\s*)*<(?:!doctype\s+html|html|head|body|script|style|meta|link|title|base|main|article|section"
    rb"|header|nav|div|p|ul|ol|dl|table|h[1-6]|span|time|amp-[a-z-]{1,30})\b",
    re.IGNORECASE | re.DOTALL,
)
_IS_XHTML = re.compile(
    rb"\s*<\?xml[^>]{0,200}>\s*(?:<!--.{0,3000}?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_CHARSET = re.compile(
    rb"<meta\b[^>]{0,200}?charset\s*=\s*[\"']?([\w.:-]{1,40})|<\?xml[^>]{0,100}encoding=[\"']([\w.-]{1,40})", re.I
)
_META = re.compile(r"<meta\b[^>]{1,2000}>", re.IGNORECASE)
_ELEMENT = {
    name: re.compile(rf"<{name}\b[^>]{{0,1000}}>(.{{0,2000}}?)</{name}\s*>", re.IGNORECASE | re.DOTALL)
    for name in ("h1", "title")
}
_WEB = ("http://", "https://")
_FEEDS = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"})
_SITE = re.compile(r"\s+[|–—·»]\s+[^|–—·»]{1,40}\Z|\s+-\s+[^-|]{1,30}\Z")


def is_html(data: bytes) -> bool:
    """Whether these bytes are a page of HTML, or a piece of one."""
    head = data[:8192].removeprefix(b"\xef\xbb\xbf")
    return bool(_BEGINS.match(head) or _IS_XHTML.match(head))


def page_text(data: bytes, context: Context) -> tuple[str, tuple[str, ...]]:
    """The letters of a page, by the server's charset or else the one that the page itself names; and warnings."""
    if "charset" not in (context.content_type or "") and (named := _CHARSET.search(data[:4096])):
        name = (named[1] or named[2]).decode("ascii", "replace")
        context = replace(context, content_type=f"text/html; charset={name}")
    return decode(data, context)


def title_of(html: str) -> str:
    """The page's only heading, else the title that it gives to those who link to it, else its window's title."""
    headings = [words for match in _ELEMENT["h1"].finditer(html) if (words := plain(match[1]))]
    if len(headings) == 1:
        return undecorated(headings[0])
    found: dict[str, str] = {}
    for tag in _META.findall(html[:300_000]):
        given = attributes(tag[5:-1].rstrip("/"))
        found.setdefault((given.get("property") or given.get("name") or "").lower(), given.get("content", ""))
    title = plain(found.get("og:title") or found.get("twitter:title") or "")
    if not title and headings:
        title = headings[0]
    if not title and (window := _ELEMENT["title"].search(html)):
        title = _SITE.sub("", plain(window[1]))
    return undecorated(title)


def canonical(html: str) -> str | None:
    """The address that the page gives itself."""
    return next((given["href"] for given in _links(html, "canonical") if given["href"].startswith(_WEB)), None)


def feed(html: str, base: str) -> str | None:
    """The address of the page's feed, where it names one."""
    found = (given["href"] for given in _links(html, "alternate") if given.get("type", "").lower() in _FEEDS)
    try:
        return next((address for href in found if (address := urljoin(base, href)).startswith(_WEB)), None)
    except ValueError:
        return None


def _links(html: str, relation: str) -> Iterator[dict[str, str]]:
    for tag in re.findall(r"<link\b[^>]{1,2000}>", html[:300_000], re.IGNORECASE):
        given = attributes(tag[5:-1].rstrip("/"))
        if given.get("rel", "").lower() == relation and given.get("href"):
            yield given
