"""Sourcefabric's Live Blog: the posts of a blog as its API lists them, `_items` in the order of their last change.

A deleted post still carries its text, and drafts, contributions and readers' comments stand between the posts.
"""

from __future__ import annotations

from html import escape

from bot.sources.context import Context, UnreadablePage
from bot.sources.formats.building import build
from bot.sources.formats.jsondoc import at, flag_at, has_keys, is_list, list_at, load, number_at, text_at
from bot.sources.markup import Rich, join, shown_address
from bot.sources.moments import read_moment
from bot.sources.richhtml import from_html, plain
from storage.models import Page, ParsedEntry

_PICTURES = ("viewImage", "baseImage", "original")
SIGN = "it is JSON with items that have a post_status, as Sourcefabric's Live Blog gives them"


def sniff(data: bytes, context: Context) -> bool:  # noqa: ARG001  (every format is asked with both)
    return has_keys(data, "_items", "post_status")


def parse(data: bytes, context: Context) -> Page:
    document, warnings = load(data, context)
    found = next((value for value in (document, at(document, "posts")) if is_list(value, "_items")), None)
    if found is None:
        raise UnreadablePage(f"{context.address} has no list of items, as Sourcefabric's Live Blog has.")
    posts = list_at(found, "_items")
    public = [post for post in posts if _is_public(post, context)]
    entries = [entry for post in public if (entry := _entry(post))]
    return build(
        format="sourcefabric",
        title="",
        entries=entries,
        deleted=tuple(key for post in posts if _is_deleted(post) and (key := text_at(post, "_id"))),
        covers_whole=0 < number_at(found, "_meta", "total") <= len(posts),
        undated=len(public) - len(entries),
        warnings=warnings,
    )


def _is_deleted(post: object) -> bool:
    unpublished, published = (read_moment(text_at(post, f"{name}_date")) for name in ("unpublished", "published"))
    is_taken_back = unpublished is not None and (published is None or unpublished > published)
    return flag_at(post, "deleted") or is_taken_back


def _is_public(post: object, context: Context) -> bool:
    """Published, still standing, and due: a post may be scheduled."""
    due = read_moment(text_at(post, "published_date"))
    return text_at(post, "post_status") == "open" and not _is_deleted(post) and (due is None or due <= context.now)


def _entry(post: object) -> ParsedEntry | None:
    key = text_at(post, "_id")
    stamp = text_at(post, "published_date") or text_at(post, "_created")
    moment = read_moment(stamp)
    if moment is None:
        return None
    refs = [ref for group in list_at(post, "groups") for ref in list_at(group, "refs")]
    rich = join([_item(at(ref, "item")) for ref in refs])
    return ParsedEntry(
        key=key,
        published_at=moment,
        stamp=stamp,
        title=plain(text_at(post, "headline")),
        text=rich.text,
        spans=rich.spans,
        media=rich.media,
        is_key=flag_at(post, "sticky") or flag_at(post, "lb_highlight"),
    )


# --- the parts of a post --------------------------------------------------------------------------------------------


def _item(item: object) -> Rich:
    kind = text_at(item, "item_type").lower()
    if kind == "comment" or kind.startswith("advert"):
        return Rich()
    html, meta = text_at(item, "text"), at(item, "meta")
    if kind == "quote" and text_at(meta, "quote"):
        html = f"<blockquote>{text_at(meta, 'quote')}</blockquote><p>{text_at(meta, 'credit')}</p>"
    elif kind == "image" and "<img" not in html:
        html = _picture(meta)
    rich = from_html(html)
    return rich if rich.text or rich.media else from_html(_embed(meta))


def _picture(meta: object) -> str:
    hrefs = (text_at(meta, "media", "renditions", name, "href") for name in _PICTURES)
    caption = " ".join(filter(None, (text_at(meta, "caption"), text_at(meta, "credit"))))
    source = next(filter(None, hrefs), "")
    return f'<figure><img src="{escape(source)}"><figcaption>{caption}</figcaption></figure>' if source else ""


def _embed(meta: object) -> str:
    """What an embed tells of itself, where its HTML is a bare frame."""
    url = text_at(meta, "original_url") or text_at(meta, "url")
    title = text_at(meta, "title") or shown_address(url)
    linked = f'<p><a href="{escape(url)}">{escape(title)}</a></p>' if url else f"<p>{escape(title)}</p>"
    return linked + f"<p>{escape(text_at(meta, 'description'))}</p>"
