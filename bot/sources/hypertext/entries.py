"""What an entry of an HTML page says: its blocks' rich text put together, its title, whether it was withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.sources.body import begins_key, marks_key, says_withdrawn
from bot.sources.furniture import is_furniture
from bot.sources.hypertext.furniture import without_related
from bot.sources.hypertext.slices import is_whole, part, starts_with
from bot.sources.markup import Rich, join
from bot.sources.tweets import read_tweet

_LONGEST_TITLE = 200
_NO_TITLE_ENDS = (".", ":", ";", ",", "”", '"')


@dataclass(frozen=True)
class Said:
    """What an entry says."""

    title: str = ""
    rich: Rich = field(default_factory=Rich)
    is_key: bool = False
    withdrawn: bool = False


def said(parts: Sequence[Rich], title: str = "") -> Said:
    """The paragraphs of an entry, without its stamp, in order."""
    kept = [_tweet(one) for one in parts if (one.text and not is_furniture(one.text)) or one.media]
    is_marked = bool(kept) and marks_key(kept[0].text)
    if is_marked:
        kept = [replace(kept[0], text="", spans=()), *kept[1:]]
    spoken = [one for one in kept if one.text]
    if len(spoken) == 1 and not title and says_withdrawn(spoken[0].text):
        return Said(withdrawn=True)
    if not title and spoken:
        title, kept = _titled(kept, spoken)
    rich = without_related(_joined(kept))
    return Said(" ".join(title.split()), rich, is_marked or begins_key(title or rich.text))


def _titled(kept: list[Rich], spoken: Sequence[Rich]) -> tuple[str, list[Rich]]:
    """A heading, or a short line all in bold, before other words."""
    first = spoken[0]
    others = [one for one in kept if one is not first]
    heading = starts_with(first, "heading")
    if heading is not None and len(first.text[: heading.end]) <= _LONGEST_TITLE:
        rest = part(first, heading.end)
        if rest.text or len(spoken) > 1:
            return first.text[: heading.end], [rest if one is first else one for one in kept]
    is_line = len(first.text) <= _LONGEST_TITLE and "\n" not in first.text
    if is_line and len(spoken) > 1 and is_whole(first, "bold") and not first.text.endswith(_NO_TITLE_ENDS):
        return first.text, [replace(first, text="", spans=()), *others] if first.media else others
    return "", kept


def _joined(parts: Sequence[Rich]) -> Rich:
    """One text. The items of a list that the page split stay lines of one paragraph."""
    groups: list[list[Rich]] = []
    for one in parts:
        if groups and one.text.lstrip().startswith("• ") and groups[-1][-1].text.lstrip().startswith("• "):
            groups[-1].append(one)
        else:
            groups.append([one])
    rich = join([join(group, "\n") for group in groups])
    return part(rich, 0)


def _tweet(rich: Rich) -> Rich:
    """A paragraph that is a tweet by its signature only."""
    if "@" not in rich.text or any(span.kind == "tweet" for span in rich.spans):
        return rich
    tweet = read_tweet(rich.text)
    if tweet is None or not tweet.words or not rich.text.startswith(tweet.words):
        return rich
    url = next((s.url for s in rich.spans if s.url and "/status" in s.url and s.start >= len(tweet.words)), tweet.url)
    words = part(rich, 0, len(tweet.words))
    kept = tuple(span for span in words.spans if span.kind != "blockquote")
    return replace(words, spans=kept).whole("tweet", url, tweet.author)
