"""Pictures and videos as pages embed them: lazy, in several sizes, in frames of other sites."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from bot.sources.markup import web_address
from storage.models import Media

_CANDIDATE = re.compile(r"([^\s,]\S*[^\s,]|[^\s,])(?:\s+([\d.]{1,12})([wx]))?\s*(?:,|\Z)")
_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-srcfull",
    "data-full-src",
    "data-orig-file",
    "data-hi-res-src",
)
_PLACEHOLDER = re.compile(
    r"(?:^|[/_-])(?:blank|spacer|placeholder|pixel|transparent|loading|1x1)[\w-]*\.(?:gif|png|svg)"
)
_SMALL = re.compile(
    r"(?:^|[\s_-])(?:emoji|smiley|avatar|icons?|logo|gravatar|tracking|pixel)(?:[\s_-]|$)", re.IGNORECASE
)
_GENERIC = re.compile(r"(?:image|photo|picture|img|video)?[\s\d_-]*|\S+\.(?:jpe?g|png|gif|webp|avif)", re.IGNORECASE)
_YOUTUBE = re.compile(r"/(?:embed|v|shorts|live)/([\w-]{6,20})")


def picture(found: Mapping[str, str], base: str) -> Media | None:
    """The largest form of an <img>, captioned with the words that stand for it; None for icons and pixels."""
    if _SMALL.search(f"{found.get('class', '')} {found.get('id', '')}") or _is_tiny(found):
        return None
    address = largest(found, base)
    if address is None:
        return None
    words = " ".join((found.get("data-caption") or found.get("alt") or "").split())
    return Media(kind="image", url=address, caption="" if _GENERIC.fullmatch(words) or "<" in words else words)


def largest(found: Mapping[str, str], base: str) -> str | None:
    """The address of the largest picture that an <img> or a <source> offers."""
    sets = [found[name] for name in ("srcset", "data-srcset", "data-lazy-srcset") if found.get(name)]
    sizes = [
        (float(size or 0), url) for one in sets for url, size, _ in _CANDIDATE.findall(one[:20_000]) if _is_number(size)
    ]
    by_size = [url for _, url in sorted(sizes, key=lambda pair: -pair[0])]
    for url in (*by_size, *(found.get(name, "") for name in _LAZY), found.get("src", "")):
        address = address_of(url, base)
        if address and not _PLACEHOLDER.search(address.lower()[-120:]):
            return address
    return None


def film(found: Mapping[str, str], base: str) -> Media | None:
    """A <video> or one of its sources, if it is a file that can be fetched."""
    address = address_of(found.get("src") or found.get("data-src") or "", base)
    return Media(kind="video", url=address, caption=found.get("title", "")) if address else None


def framed(found: Mapping[str, str], base: str) -> Media | None:
    """The video that an <iframe> or an AMP element shows, by the address at which people watch it."""
    if video := found.get("data-videoid"):
        return (
            _watched(f"https://www.youtube.com/embed/{video}", found) if re.fullmatch(r"[\w-]{6,20}", video) else None
        )
    address = address_of(found.get("src") or found.get("data-src") or found.get("data-lazy-src") or "", base)
    return _watched(address, found) if address else None


def address_of(url: str, base: str) -> str | None:
    """A web address; spaces in it are escaped, one without scheme gets https."""
    url = url.strip()
    if not url or url[:5].lower() == "data:":
        return None
    if url.startswith("//") and not base.startswith(("http://", "https://")):
        url = f"https:{url}"
    address = web_address(url.replace(" ", "%20"), base)
    return None if address is None or address[:7].lower() == "mailto:" else address


def _watched(address: str, found: Mapping[str, str]) -> Media | None:
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    title = found.get("title", "")
    if host in ("youtube.com", "youtube-nocookie.com", "m.youtube.com") and (video := _YOUTUBE.search(parts.path)):
        return Media(kind="video", url=f"https://www.youtube.com/watch?v={video[1]}", caption=_named(title))
    if host == "youtube.com" and (listed := parse_qs(parts.query[:500]).get("v")):
        return Media(kind="video", url=f"https://www.youtube.com/watch?v={listed[0]}", caption=_named(title))
    if host == "player.vimeo.com" and (number := re.search(r"/video/(\d{4,12})", parts.path)):
        return Media(kind="video", url=f"https://vimeo.com/{number[1]}", caption=_named(title))
    if host == "dailymotion.com" and (video := re.search(r"/video/(\w{4,12})", parts.path)):
        return Media(kind="video", url=f"https://www.dailymotion.com/video/{video[1]}", caption=_named(title))
    return None


def _named(title: str) -> str:
    """A frame's title, where it is the video's and not the player's."""
    return "" if re.search(r"player|^(?:youtube|vimeo|embedded) ?(?:video|content)?$", title, re.IGNORECASE) else title


def _is_tiny(found: Mapping[str, str]) -> bool:
    return any(re.fullmatch(r"[0-3](?:px)?", found.get(side, "")) for side in ("width", "height"))


def _is_number(size: str) -> bool:
    return size.count(".") < 2 and size != "."
