"""Al Jazeera's GraphQL: the shell of a live blog lists the ids of its updates, and each update is asked for by its id.

The shell's entries have their moment and no words: `Page.elsewhere` says where each is asked for, which is the shell's
own address with another query. An update that is gone is answered with null, so only the address tells which one it
was. A list of answers, as a batch of requests brings it, is read as one page.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from bot.sources.context import Context, UnreadablePage
from bot.sources.formats.building import build
from bot.sources.formats.jsondoc import at, flag_at, has_keys, is_list, list_at, load, text_at
from bot.sources.markup import web_address
from bot.sources.moments import read_moment
from bot.sources.richhtml import from_html, plain
from storage.models import Page, ParsedEntry

_SITE = "https://www.aljazeera.com/"
_UPDATE = {"operationName": "LiveBlogUpdateQuery", "extensions": "{}"}
_ADVICE = "Where the source is the site's own query (/graphql?operationName=...), each is asked for by itself."
_ID_IN_ADDRESS = re.compile(r"(?:\bpost_?id\b|\bid\b|Query--)[\"']?\s?[:=]?\s?[\"']?(\d{3,})", re.IGNORECASE)
SIGN = "it is JSON with updates as Al Jazeera's GraphQL gives them"


def sniff(data: bytes, context: Context) -> bool:
    if not has_keys(data, "data"):
        return False
    return (
        has_keys(data, "childrenMeta")
        or has_keys(data, "liveblog-update", "content")
        or (len(data) < 200 and _gone_id(context.address) is not None and has_keys(data, "posts"))
    )


def parse(data: bytes, context: Context) -> Page:
    document, warnings = load(data, context)
    answers = [at(answer, "data") for answer in (document if isinstance(document, list) else [document])]
    shells = [shell for answer in answers if is_list(shell := at(answer, "article"), "childrenMeta")]
    updates = [update for answer in answers if isinstance(update := at(answer, "posts"), dict)]
    gone = _gone_id(context.address) if _is_null(document) else None
    if not (shells or updates or gone):
        raise UnreadablePage(f"{context.address} holds neither a live blog of Al Jazeera nor an update of one.")
    site = context.address if context.address.startswith(("http://", "https://")) else _SITE
    found = [_child(child, shell, site) for shell in shells for child in list_at(shell, "childrenMeta")]
    found += [_update(update, site) for update in updates]
    entries = {entry.key: entry for entry in found if entry}
    if None in found:
        warnings = (*warnings, f"{found.count(None)} of {len(found)} updates have no id or time.")
    told = {str(key) for update in updates if (key := text_at(update, "id"))}
    elsewhere = {key: _query_of(key, context.address) for key in entries if key not in told}
    if lost := sum(not address for address in elsewhere.values()):
        warnings = (*warnings, f"{lost} of {len(entries)} entries have no text. {_ADVICE}")
    page = build(
        format="aljazeera",
        title=text_at(shells, 0, "title"),
        entries=list(entries.values()),
        deleted=(gone,) if gone else (),
        covers_whole=bool(shells),
        ended=not flag_at(shells[0], "isLive") if isinstance(at(shells, 0, "isLive"), bool) else None,
        warnings=warnings,
    )
    return page.model_copy(update={"elsewhere": elsewhere})


def _is_null(document: object) -> bool:
    """Whether this is the one answer that there is no such update; a request that failed is none."""
    answer = at(document, "data")
    return isinstance(answer, dict) and "posts" in answer and not answer["posts"] and not list_at(document, "errors")


def _gone_id(address: str) -> str | None:
    """The id that a request asked for: `variables={"postID":4514963,...}`."""
    found = _ID_IN_ADDRESS.search(unquote(address))
    return found[1] if found else None


def _query_of(key: str, address: str) -> str:
    """Where the site's own reader asks for an update: at the same place, with the same words about the edition."""
    try:
        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query))
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or "operationName" not in asked or not key.isdecimal():
        return ""
    variables = f'{{"postID":{key},"postType":"liveblog-update","preview":"","isAmp":false}}'
    return parts._replace(query=urlencode(asked | _UPDATE | {"variables": variables}, quote_via=quote)).geturl()


def _child(child: object, shell: object, site: str) -> ParsedEntry | None:
    key, stamp = text_at(child, "id"), text_at(child, "publishedTime")
    moment = read_moment(stamp)
    if not key or moment is None:
        return None
    return ParsedEntry(key=key, published_at=moment, stamp=stamp, url=_address(shell, key, site))


def _update(update: object, site: str) -> ParsedEntry | None:
    key = text_at(update, "id")
    stamp = text_at(update, "date_gmt") or text_at(update, "date")  # naive, and GMT on every edition's clock
    moment = read_moment(stamp) or read_moment(text_at(update, "modified_gmt"))
    if not key or moment is None:
        return None
    rich = from_html(text_at(update, "content"), site)
    return ParsedEntry(
        key=key,
        published_at=moment,
        stamp=stamp,
        title=plain(text_at(update, "title")),
        text=rich.text,
        spans=rich.spans,
        media=rich.media,
        is_key=flag_at(update, "isBreaking"),
        url=_address(update, key, site),
    )


def _address(post: object, key: str, site: str) -> str | None:
    link = text_at(post, "link")
    try:
        return web_address(urljoin(site, f"{link}?update={key}")) if link else None
    except ValueError:
        return None
