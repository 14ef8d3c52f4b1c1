"""Tweets that a page embeds: which elements they are, who wrote them, and the words without the signature."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.models import Span

_STATUS = re.compile(
    r"(https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(?:#!/)?(?P<author>\w{1,15})/status(?:es)?/\d{1,25})",
    re.IGNORECASE,
)
_CLASS = re.compile(r"(?:^|\s)(?:twitter-(?:tweet|video)|nojs-tweet|tweet)(?:-\w+)*(?:\s|$)")
_NAMED_IN = ("data-canonical-url", "data-tweet-url", "data-url", "data-embed-url", "data-original-url", "cite")
_SIGNATURE = re.compile(
    r"(?:\s*(?:—|–|--|-)\s*)(?P<name>[^()\n]{0,80}?)\s*\((?:@|＠)(?P<handle>\w{1,15})\)(?P<date>[^\n]{0,60})\Z"
)


@dataclass(frozen=True)
class Signature:
    """Whom a tweet is from. Its own words end at `length`."""

    author: str | None
    url: str | None
    length: int


def tweet_address(name: str, found: Mapping[str, str]) -> str | None:
    """The address of the tweet that an element embeds; "" where only its content tells; None where it is no tweet."""
    for key in _NAMED_IN:
        if (value := found.get(key)) and (status := _STATUS.match(value)):
            return status[1]
    return "" if name == "blockquote" and _CLASS.search(found.get("class", "")) else None


def signature(text: str, spans: Sequence[Span], start: int, address: str) -> Signature:
    """Who wrote a tweet whose words are `text`, which begins at `start` of the offsets of `spans`."""
    links = [status for span in spans if span.url and span.start >= start and (status := _STATUS.match(span.url))]
    status = _STATUS.match(address) or (links[-1] if links else None)
    signed = _SIGNATURE.search(text, max(0, len(text) - 250))
    author = signed["handle"] if signed else (status["author"] if status else None)
    said = text[: signed.start()].rstrip(" •\n") if signed else text
    return Signature(author, status[1] if status else None, len(said))
