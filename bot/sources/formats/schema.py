"""schema.org's words for a live page, read from documents in which anything may stand anywhere."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from bot.sources import exact
from bot.sources.formats.jsondoc import at, list_at, number_at, text_at
from bot.sources.hypertext.media import address_of, framed
from bot.sources.moments import read_moment
from bot.sources.richhtml import plain
from storage.models import Media

Update = dict[str, object]
_DATES = ("datePublished", "dateCreated", "uploadDate", "dateModified")
_BODIES = ("articleBody", "text", "description")
_VOCABULARY = re.compile(r".*[/#:]")
_MOST_NODES = 2_000_000


def live_blogs(documents: Iterable[object]) -> list[dict[str, object]]:
    """All live blog postings, wherever they stand: in a graph, in lists, as a part of an article.

    Their updates are one list, each an object.
    """
    found: list[dict[str, object]] = []
    named: dict[str, dict[str, object]] = {}
    for node in _nodes(documents):
        if "liveBlogUpdate" in node or "LiveBlogPosting" in types_of(node):
            found.append(node)
        if isinstance(key := node.get("@id"), str) and len(node) > 2:
            named.setdefault(key, node)
    return [_resolved(posting, named) for posting in found]


def _nodes(documents: Iterable[object]) -> Iterator[dict[str, object]]:
    waiting = list(documents)
    seen = 0
    while waiting and seen < _MOST_NODES:
        value = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            yield value
            waiting += [
                inner for name, inner in value.items() if isinstance(inner, (dict, list)) and name != "liveBlogUpdate"
            ]
        elif isinstance(value, list):
            waiting += [inner for inner in value if isinstance(inner, (dict, list))]


def _resolved(posting: dict[str, object], named: dict[str, dict[str, object]]) -> dict[str, object]:
    """With the updates themselves, where the graph only points to them."""
    updates = []
    for update in _flattened(posting.get("liveBlogUpdate")):
        if isinstance(update, str):
            updates += [named[update]] if update in named else []
        elif len(update) < 3 and update.keys() <= {"@id", "@type"}:
            updates += [named.get(text_at(update, "@id"), update)]
        else:
            updates.append(update)
    return {**posting, "liveBlogUpdate": updates}


def _flattened(value: object) -> list[dict[str, object] | str]:
    """The updates of a posting; there may be one alone, lists within the list, or schema.org's own lists."""
    waiting = [value]
    found: list[dict[str, object] | str] = []
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            inner = value.get("itemListElement") or (value.get("item") if "ListItem" in types_of(value) else None)
            if isinstance(inner, (dict, list)):
                waiting.append(inner)
            else:
                found.append(value)
        elif isinstance(value, str):
            found.append(value)
    return found


def updates_of(posting: object) -> list[Update]:
    """The updates of a posting that `live_blogs` found."""
    return [update for update in list_at(posting, "liveBlogUpdate") if isinstance(update, dict)]


def types_of(node: dict[str, object]) -> set[str]:
    """The names of its types, without their vocabulary."""
    value = node.get("@type")
    if isinstance(value, str):
        return {_VOCABULARY.sub("", value)}
    return {_VOCABULARY.sub("", name) for name in value if isinstance(name, str)} if isinstance(value, list) else set()


# --- one update -----------------------------------------------------------------------------------------------------


def text_of(update: Update, name: str) -> str:
    """The words under a name; "" where there is something else."""
    value = update.get(name)
    return value.strip() if isinstance(value, str) else text_at(update, name)


def title_of(update: Update) -> str:
    return _words(update.get("headline")) or _words(update.get("name"))


def moment_of(update: Update, zone: str) -> tuple[str, datetime | None]:
    """The first of its dates that can be read, as printed and as a moment."""
    for name in _DATES:
        value = update.get(name)
        value = at(value, "@value") if isinstance(value, dict) else value
        if moment := read_moment(value, zone):
            printed = str(value).strip()
            return (f"{moment:%H:%M} GMT" if printed.isdigit() else printed), moment
    return "", None


def body_of(update: Update) -> str:
    """HTML or text. Some give an object, or a list of paragraphs."""
    return next((body for name in _BODIES if (body := _words(update.get(name)).strip())), "")


def _words(value: object) -> str:
    if isinstance(value, str):
        return value
    for _ in range(5):
        if isinstance(value, dict):
            value = next((value[name] for name in ("@value", "text", "articleBody", "name") if value.get(name)), "")
        elif isinstance(value, list):
            if len(value) != 1:
                return "".join(f"<p>{words}</p>" for item in value[:1000] if (words := _flat(item)))
            value = value[0]
    return value if isinstance(value, str) else ""


def _flat(value: object) -> str:
    return value if isinstance(value, str) else text_at(value, "text") or text_at(value, "@value")


# --- ids ------------------------------------------------------------------------------------------------------------


def keys_of(updates: Sequence[Update], address: str) -> list[str]:
    """The updates' own ids: of the properties that may be one, the first that tells most of them apart; else ""."""
    for key_of in (_id_of, lambda update: _fragment(update, address), _identifier):
        found = [key_of(update) for update in updates]
        given = [key for key in found if key]
        if given and len(set(given)) * 10 >= len(given) * 9 and len(given) * 2 >= len(updates):
            return found
    return [""] * len(updates)


def _id_of(update: Update) -> str:
    given = text_of(update, "@id")
    if given.startswith("_:"):  # a name that is good for this document only
        return ""
    key = exact.key_of(given)
    return key if key != given or "#" not in key else key.rpartition("#")[2]


def _fragment(update: Update, address: str) -> str:
    """What stands behind the # of its address, or the address itself where it is not the page's."""
    url = text_of(update, "url") or text_of(update, "mainEntityOfPage") or text_at(update, "mainEntityOfPage", "@id")
    page, _, fragment = url.partition("#")
    if fragment:
        return fragment
    return "" if page.rstrip("/") == address.rstrip("/") else page


def _identifier(update: Update) -> str:
    return text_of(update, "identifier") or text_at(update, "identifier", "value")


# --- pictures and videos --------------------------------------------------------------------------------------------


def media_of(update: Update, base: str) -> list[Media]:
    """One picture, the widest of those given (they are crops of one), and the videos."""
    picture = _widest(_items(update.get("image")))
    url = address_of(_url_of(picture), base) if picture is not None else None
    pictures = [Media(kind="image", url=url, caption=_caption(picture))] if url else []
    videos = (_video(item, base) for item in _items(update.get("video"))[:20])
    return [*pictures, *(video for video in videos if video is not None)]


def picture_url(update: Update) -> str:
    picture = _widest(_items(update.get("image")))
    return _url_of(picture) if picture is not None else ""


def picture_urls(posting: object) -> set[str]:
    return {_url_of(picture) for picture in _items(at(posting, "image"))}


def _items(value: object) -> list[object]:
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, (dict, str)) and item]


def _widest(pictures: Sequence[object]) -> object:
    return max(pictures, key=lambda picture: number_at(picture, "width"), default=None)


def _url_of(item: object) -> str:
    if isinstance(item, str):
        return entities.unescape(item).strip()
    return entities.unescape(next((url for name in ("contentUrl", "url", "@id") if (url := text_at(item, name))), ""))


def _caption(item: object) -> str:
    caption = plain(text_at(item, "caption") or text_at(item, "description") or text_at(item, "name"))
    return "" if caption.startswith(("http://", "https://")) else caption


def _video(item: object, base: str) -> Media | None:
    player = text_at(item, "embedUrl") or text_at(item, "url")
    if player and (watched := framed({"src": player, "title": _caption(item)}, base)) is not None:
        return watched
    url = address_of(text_at(item, "contentUrl") if isinstance(item, dict) else _url_of(item), base)
    if url is None or not urlsplit(url).path:
        return None
    return Media(kind="video", url=url, caption=_caption(item))
