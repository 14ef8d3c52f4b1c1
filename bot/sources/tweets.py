"""Tweets as text pages paste them: "[@mfa_russia](…) words", "words — Name (@handle) March 14, 2016"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.sources.dates import read_day

_LED = re.compile(r"[\"“]?\[@(?P<author>[\w.]{1,40})\]\((?P<url>[^()\s]{0,500})\)[ ]?[:–—-]?\s*")
_BARE = re.compile(r"@(?P<author>[A-Za-z0-9_]{1,15})(?P<colon>:)?\s+")
_SIGNED = re.compile(
    r"(?:^|\s)(?:—|–|--|-|&mdash;)[ ]?(?P<name>[^()@]{1,60}?)[ ]?"
    r"\((?:\[@(?P<linked>\w{1,15})\]\([^()\s]{0,300}\)|@(?P<handle>\w{1,15}))\)[ ,:]{0,2}(?P<date>[^@]{0,300})\Z"
)
_DATED_LINK = re.compile(r"\[(?P<date>[^\[\]]{1,40})\]\((?P<url>[^()\s]{1,500})\)")


@dataclass(frozen=True)
class Tweet:
    """`words` is the tweet without its author's handle or signature; empty where only a signature stands."""

    author: str
    words: str
    url: str | None = None


def read_tweet(raw: str) -> Tweet | None:
    """The tweet that a paragraph is, if it is one."""
    led = _LED.match(raw)
    if led and led.end() < len(raw):
        return Tweet(led["author"], raw[led.end() :], _status(led["url"]))
    bare = _BARE.match(raw)
    # "@handle says ..." may be the newsroom's own sentence: a colon, a hashtag or a link shows that it is not.
    if bare and (bare["colon"] or re.search(r"(?:^|\s|\[)#\w|https?://", raw[:2000])):
        return Tweet(bare["author"], raw[bare.end() :])
    return _signed(raw)


def _signed(raw: str) -> Tweet | None:
    start = max(0, len(raw) - 700)
    match = _SIGNED.search(raw, start)
    if match is None:
        return None
    printed, url = match["date"].strip(), None
    if link := _DATED_LINK.fullmatch(printed):
        printed, url = link["date"], _status(link["url"])
    if printed and read_day(printed) is None:
        return None
    return Tweet(match["linked"] or match["handle"], raw[: match.start()].rstrip(), url)


def _status(url: str) -> str | None:
    """A tweet's own address; the author's profile is none."""
    return url if url.startswith(("http://", "https://")) and "/status" in url else None
