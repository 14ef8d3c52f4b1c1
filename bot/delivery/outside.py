"""Words from outside, made fit for a chat.

A page's words must not do things in Telegram that the page never meant: mention a stranger who happens to have the
same name there, turn the reading direction around, open a link to nowhere, or fill the screen with empty lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlsplit

from bot.delivery.richtext import Edit, Mark, Rich, Tag
from storage.models import Span

WORD_JOINER = "\u2060"  # shows nothing; "@" followed by it is no mention

_HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
_MENTION = re.compile(r"(?<!\w)@(?P<name>\w+)(?P<more>[.\-]\w)?")
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u2028-\u202e\u2066-\u2069]")
_LINES = re.compile(r"[^\S\n]*\n(?:[^\S\n]*\n)*[^\S\n]*")
_SCHEMES = ("http", "https", "mailto", "tg")
_TAGS: dict[str, Tag] = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strike": "s",
    "code": "code",
    "pre": "pre",
    "link": "a",
    "blockquote": "blockquote",
    "heading": "b",
}


def plain(words: str) -> str:
    """A name or a title from outside as one line that mentions nobody."""
    line = " ".join(clean(words).split())
    return _MENTION.sub(lambda found: found[0].replace("@", "@" + WORD_JOINER), line)


def clean(words: str) -> str:
    """The same number of characters, without any that Telegram would strip, refuse or obey."""
    return _UNSHOWABLE.sub(lambda found: "\ufffd" if "\ud800" <= found[0] <= "\udfff" else " ", words)


def safe_url(url: str | None) -> str | None:
    """The address if a reader may be sent there. `tg://user` would mention somebody, `#` leads nowhere."""
    if not url or len(url) > 2000 or re.search(r"[\s\x00-\x1f\x7f\ud800-\udfff]", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES or not (parts.netloc or parts.scheme == "mailto"):
        return None
    return None if parts.scheme == "tg" and parts.netloc == "user" else url


def page_text(text: str, spans: Sequence[Span] = (), edits: Iterable[Edit] = ()) -> Rich:
    """A page's text with its spans as marks, tweets announced, nobody mentioned, at most one empty line in a row.

    `edits` (offsets of `text`) put something in before all that, such as words that a correction struck.
    """
    marks = (mark for span in spans for mark in _marks(span, len(text)))
    rich = Rich(clean(text), tuple(marks))
    tweets = [Edit(at, at, _announced(span)) for span in spans if (at := _tweet_at(span, text)) is not None]
    rich = rich.edited([*tweets, *edits])
    return _without_mentions(_without_gaps(rich)).stripped()


def _marks(span: Span, size: int) -> Iterable[Mark]:
    start, end = max(span.start, 0), min(span.end, size)
    tag = _TAGS.get(span.kind)
    if tag is None or start >= end:
        return
    if tag == "a":
        if url := safe_url(span.url):
            yield Mark(start, end, tag, f'href="{escape(url)}"')
    else:
        yield Mark(start, end, tag)


def _tweet_at(span: Span, text: str) -> int | None:
    """Where a tweet starts: at its first word, so that the announcement stands on its line."""
    if span.kind != "tweet" or not 0 <= span.start < len(text):
        return None
    words = text[span.start : span.end]
    return span.start + len(words) - len(words.lstrip()) if words.strip() else None


def _announced(span: Span) -> Rich:
    """`Tweet · Author `, in italics, the author a link where it is an account's name."""
    address = safe_url(span.url)
    words = Rich("Tweet").wrapped("a", f'href="{escape(address)}"') if address else Rich("Tweet")
    author = (span.author or "").strip().lstrip("@")
    if author:
        name = Rich(plain(author))
        words = words + " · " + (_to_account(name, author) if _HANDLE.fullmatch(author) else name)
    return words.wrapped("i") + " "


def _to_account(name: Rich, handle: str) -> Rich:
    return name.wrapped("a", f'href="https://x.com/{handle}"')


def _without_mentions(rich: Rich) -> Rich:
    """Each "@name" a link to the account that the page means, or broken invisibly; inside links it is harmless."""
    harmless = [mark for mark in rich.marks if mark.tag in ("a", "code", "pre")]
    accounts: list[Mark] = []
    joiners: list[Edit] = []
    for found in _MENTION.finditer(rich.text):
        start, end, name = found.start(), found.end("name"), found["name"]
        if any(mark.start <= start and end <= mark.end for mark in harmless):
            continue
        if _HANDLE.fullmatch(name) and not found["more"]:
            accounts.append(Mark(start, end, "a", f'href="https://x.com/{name}"'))
        else:
            joiners.append(Edit(start + 1, start + 1, Rich(WORD_JOINER)))
    return Rich(rich.text, (*rich.marks, *accounts)).edited(joiners)


def _without_gaps(rich: Rich) -> Rich:
    """At most one empty line in a row, and no blanks at the ends of lines."""
    edits = [
        Edit(found.start(), found.end(), Rich(tidy))
        for found in _LINES.finditer(rich.text)
        if (tidy := "\n" * min(found[0].count("\n"), 2)) != found[0]
    ]
    return rich.edited(edits)
