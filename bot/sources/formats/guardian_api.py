"""The Guardian's content API: an item asked for with `show-blocks=all` (or `body:latest:n`).

`published: false` takes a block back; `isExpired` takes back the item with all that it held: it may name no block.
"""

from __future__ import annotations

from bot.sources.context import Context, UnreadablePage
from bot.sources.formats.building import build
from bot.sources.formats.jsondoc import at, flag_at, has_keys, is_list, list_at, load, text_at
from bot.sources.markup import web_address
from bot.sources.moments import read_moment
from bot.sources.richhtml import from_html, plain
from storage.models import Page, ParsedEntry

_BASE = "https://www.theguardian.com/"
_EXPIRED = "The item has expired: the Guardian has withdrawn all of it."
_NO_BLOCKS = "The item holds no blocks: ask the content API with show-blocks=body."
SIGN = "it is JSON with a response and content as the Guardian's API gives them"


def sniff(data: bytes, context: Context) -> bool:  # noqa: ARG001  (every format is asked with both)
    return has_keys(data, "response", "content", "webTitle")


def parse(data: bytes, context: Context) -> Page:
    document, warnings = load(data, context)
    item = at(document, "response", "content")
    if not isinstance(item, dict):
        raise UnreadablePage(f"{context.address} holds no item of the Guardian's content API.")
    blocks = _blocks(item)
    page_url = text_at(item, "webUrl")
    is_expired = flag_at(item, "isExpired")
    withdrawn = [block for block in blocks if is_expired or _is_withdrawn(block)]
    public = [block for block in blocks if not (is_expired or _is_withdrawn(block))]
    entries = [entry for block in public if (entry := _entry(block, page_url))]
    if is_expired:
        warnings = (*warnings, _EXPIRED)
    elif not blocks:
        warnings = (*warnings, _NO_BLOCKS)
    page = build(
        format="guardian-api",
        title=text_at(item, "webTitle"),
        entries=entries,
        deleted=tuple(key for block in withdrawn if (key := text_at(block, "id"))),
        covers_whole=is_list(item, "blocks", "body"),
        ended=_ended(item),
        undated=len(public) - len(entries),
        warnings=warnings,
    )
    return page.model_copy(update={"is_withdrawn": is_expired})


def _blocks(item: object) -> list[object]:
    """The body's blocks. A request such as `body:latest:10` is answered with lists by the name of what was asked."""
    if is_list(item, "blocks", "body"):
        return list_at(item, "blocks", "body")
    named = at(item, "blocks", "requestedBodyBlocks")
    lists = [value for value in named.values() if isinstance(value, list)] if isinstance(named, dict) else []
    return list({text_at(block, "id"): block for blocks in lists for block in blocks}.values())


def _is_withdrawn(block: object) -> bool:
    return at(block, "published") is False or text_at(block, "published").lower() == "false"


def _ended(item: object) -> bool | None:
    if flag_at(item, "isExpired"):
        return True
    live = at(item, "fields", "liveBloggingNow")
    return None if live is None else not flag_at(live)


def _entry(block: object, page_url: str) -> ParsedEntry | None:
    key = text_at(block, "id")
    stamp = next((text for name in _TIMES if (text := text_at(block, name))), "")
    moment = read_moment(stamp)
    if moment is None:
        return None
    body = text_at(block, "bodyHtml") or "".join(_html(element) for element in list_at(block, "elements"))
    rich = from_html(body or text_at(block, "bodyTextSummary"), _BASE)
    title = text_at(block, "title") or text_at(block, "attributes", "title")
    return ParsedEntry(
        key=key,
        published_at=moment,
        stamp=stamp,
        title=plain(title),
        text=rich.text,
        spans=rich.spans,
        media=rich.media,
        is_key=any(flag_at(block, "attributes", mark) for mark in ("keyEvent", "summary", "pinned")),
        url=web_address(f"{page_url}?page=with:block-{key}#block-{key}") if key else None,
    )


_TIMES = ("firstPublishedDate", "publishedDate", "createdDate")


def _html(element: object) -> str:
    """What a typed element says, for the rare answer with elements and no `bodyHtml`."""
    kind = text_at(element, "type")
    html = text_at(element, f"{kind}TypeData", "html")
    return f"<blockquote>{html}</blockquote>" if kind == "pullquote" else html
