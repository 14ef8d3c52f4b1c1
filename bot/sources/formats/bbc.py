"""A BBC live page's posts, as the live stream's JSON has them (the stream alone, or the whole page around it).

post ─▶ header and content are trees of typed blocks ─▶ HTML ─▶ rich text
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape

from bot.sources.context import Context, UnreadablePage
from bot.sources.formats.building import build
from bot.sources.formats.jsondoc import at, flag_at, has_keys, is_list, list_at, load, number_at, text_at
from bot.sources.hypertext.pages import is_html
from bot.sources.hypertext.scripts import states
from bot.sources.markup import web_address
from bot.sources.moments import read_moment
from bot.sources.richhtml import from_html
from storage.models import Page, ParsedEntry

_BASE = "https://www.bbc.com/"
_PICTURES = "https://ichef.bbci.co.uk/ace/ws/800"
_STREAMS = (
    ("data",),
    ("data", "liveTextStream", "content", "data"),
    ("pageData", "liveTextStream", "content", "data"),
    ("props", "pageProps", "pageData", "liveTextStream", "content", "data"),
    (),
)
_TAGS = {
    "paragraph": "p", "unorderedList": "ul", "orderedList": "ol", "listItem": "li", "subheadline": "h3",
    "headline": "h3", "heading": "h3", "crosshead": "h3", "quote": "blockquote", "blockquote": "blockquote",
    "bold": "b", "italic": "i",
}  # fmt: skip
_DEEPEST = 40
_DEEPEST_STREAM = 8
_PUBLIC = re.compile(r"/live/\w")  # a page that people read, as against the address of the data
SIGN = "it holds the JSON of a BBC live stream"


def sniff(data: bytes, context: Context) -> bool:  # noqa: ARG001  (every format is asked with both)
    return _holds(_stream(data))


def parse(data: bytes, context: Context) -> Page:
    document, warnings = load(_stream(data), context)
    path = next((path for path in _STREAMS if is_list(document, *path, "results")), None) or _found(document)
    if path is None:
        raise UnreadablePage(f"{context.address} has no list of posts, as a BBC live page has.")
    stream = at(document, *path)
    posts = list_at(stream, "results")
    entries = [entry for post in posts if (entry := _entry(post, context.address))]
    page = at(document, *path[: path.index("liveTextStream")]) if "liveTextStream" in path else None
    return build(
        format="bbc",
        title=text_at(page, "title"),
        entries=entries,
        covers_whole=number_at(stream, "page", "total") == 1,  # more pages are in the editor's order
        ended=_ended(page, context),
        undated=len(posts) - len(entries),
        warnings=warnings,
    )


def _holds(data: bytes) -> bool:
    return has_keys(data, "results", "urn", "dates", "firstPublished")


@lru_cache(maxsize=2)  # `sniff` and `parse` look at the same bytes
def _stream(data: bytes) -> bytes:
    """These bytes, or the data that a page of HTML made of them carries for its own scripts."""
    if b"firstPublished" not in data or not is_html(data):
        return data
    found = (state.encode("utf-8", "replace") for state in states(data.decode("utf-8", "replace")))
    return next(filter(_holds, found), data)


def _found(document: object) -> tuple[str, ...] | None:
    """The way to the posts in a document that somebody wrapped; lists are not looked into."""
    waiting: list[tuple[object, tuple[str, ...]]] = [(document, ())]
    for value, path in waiting:
        if text_at(value, "results", 0, "urn"):
            return path
        if isinstance(value, dict) and len(path) < _DEEPEST_STREAM:
            waiting += [(inner, (*path, name)) for name, inner in value.items()]
    return None


def _ended(page: object, context: Context) -> bool | None:
    """A page that is not live has ended, or has not begun."""
    if not isinstance(at(page, "isLive"), bool):
        return None
    start = read_moment(at(page, "startDateTime"))
    return not (flag_at(page, "isLive") or (start is not None and start > context.now))


def _entry(post: object, address: str) -> ParsedEntry | None:
    key = text_at(post, "urn")
    stamp = next(
        (t for name in ("firstPublished", "curated", "lastPublished") if (t := text_at(post, "dates", name))), ""
    )
    moment = read_moment(stamp)
    if moment is None:
        return None
    heads = list_at(post, "header", "model", "blocks")
    title, byline = (
        " ".join(_words(at(block, "model")) for block in heads if text_at(block, "type") == kind)
        for kind in ("headline", "subheadline")
    )
    body = "".join(map(_html, list_at(post, "content", "model", "blocks")))
    rich = from_html((f"<p><i>{escape(byline)}</i></p>" if byline else "") + body, _BASE)
    link = f"{address.partition('?')[0].partition('#')[0]}?post={key}#post" if _PUBLIC.search(address) else ""
    return ParsedEntry(
        key=key,
        published_at=moment,
        stamp=stamp,
        title=title or text_at(post, "titles", 0, "title"),
        text=rich.text,
        spans=rich.spans,
        media=rich.media,
        is_key=flag_at(post, "options", "isBreakingNews"),
        url=web_address(link) if key else None,
    )


# --- blocks ---------------------------------------------------------------------------------------------------------


def _html(block: object, depth: int = 0) -> str:
    kind, model = text_at(block, "type"), at(block, "model")
    if depth > _DEEPEST:
        return ""
    if kind == "fragment":
        words = at(model, "text")
        return _marked(escape(words) if isinstance(words, str) else "", list_at(model, "attributes"))
    if kind in ("image", "video", "audio", "social"):
        return {"image": _picture, "social": _social}.get(kind, _clip)(model)
    inner = "".join(_html(each, depth + 1) for each in list_at(model, "blocks")) or escape(text_at(model, "text"))
    if kind == "urlLink":
        return f'<a href="{escape(text_at(model, "locator"))}">{inner}</a>'
    tag = _TAGS.get(kind)
    return f"<{tag}>{inner}</{tag}>" if tag else inner


def _marked(words: str, marks: list[object]) -> str:
    for mark in ("italic", "bold"):
        if mark in marks:
            words = f"<{_TAGS[mark]}>{words}</{_TAGS[mark]}>"
    return words


def _picture(model: object) -> str:
    parts = {text_at(block, "type"): at(block, "model") for block in list_at(model, "blocks")}
    raw = parts.get("rawImage")
    locator = text_at(raw, "locator").lstrip("/")
    if not locator:
        return ""
    origin = text_at(raw, "originCode").strip("/")
    url = locator if "://" in locator else "/".join(filter(None, (_PICTURES, origin, locator)))
    caption = _words(parts.get("caption")) or _words(parts.get("altText"))
    return f'<figure><img src="{escape(url)}"><figcaption>{escape(caption)}</figcaption></figure>'


def _clip(model: object) -> str:
    """A film or a sound: a link to its own page, where it can be played."""
    parts = {text_at(block, "type"): at(block, "model") for block in list_at(model, "blocks")}
    clip = parts.get("clipMedia") or parts.get("aresMedia")
    path = text_at(clip, "link", "path")
    words = _words(parts.get("caption")) or text_at(clip, "headlines", "primaryHeadline")
    if not words or not path.startswith("/"):
        return f"<p>{escape(words)}</p>"
    return f'<p><a href="https://www.bbc.co.uk{escape(path)}">{escape(words)}</a></p>'


def _social(model: object) -> str:
    """A post of a network: as the network's own HTML, else as a link."""
    for each in (model, *(at(block, "model") for block in list_at(model, "blocks"))):
        if html := text_at(each, "oembed", "html") or text_at(each, "embed", "oembed", "html"):
            return html
    url = text_at(model, "href") or text_at(model, "locator")
    return f'<p><a href="{escape(url)}">{escape(url)}</a></p>' if url else ""


def _words(model: object) -> str:
    """The plain words of a tree: a headline's, a caption's."""
    return " ".join("".join(_fragments(model)).split())


def _fragments(model: object, depth: int = 0) -> Iterator[str]:
    blocks = list_at(model, "blocks")
    words = at(model, "text")
    if not blocks and isinstance(words, str):
        yield words
    for block in blocks if depth < _DEEPEST else ():
        yield from _fragments(at(block, "model"), depth + 1)
        if text_at(block, "type") == "paragraph":
            yield "\n"
