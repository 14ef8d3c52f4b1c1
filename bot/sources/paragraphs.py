"""An entry's lines to paragraphs: hard wraps undone, lists, block quotes, and what a page tore apart put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.sources.furniture import is_furniture, without_tail
from bot.sources.outline import Line
from bot.sources.tweets import read_tweet

Kind = Literal["text", "list", "quote", "heading"]

# Nobody wraps wider by hand: on a page with longer lines each line is a paragraph of its own.
_WIDEST_WRAP = 120
_SENTENCE_ENDS = tuple('.!?:;…"”’»')
_GOES_ON = "…"  # instead of a bullet: the item above goes on
_LONGEST_LINK = 4  # letters: no headline ends with "from" or "with"
_NUMBERED = re.compile(r"\d{1,2}[.)]\s")
_CLOSING_MARK = re.compile(r"(?<=\S)(\*{1,3}|_{1,3})\Z")
_SINGLE = re.compile(r"(?<!\*)\*(?!\*)")
_OPENS_QUOTE = re.compile(r"\*[\"“]")
_CLOSES_QUOTE = re.compile(r"[\"”.,!?]\*")


@dataclass(frozen=True)
class Paragraph:
    """Raw markdown of one paragraph. A list holds one item a line, a quote parts its paragraphs with empty lines."""

    kind: Kind
    raw: str
    author: str | None = None  # of a tweet
    url: str | None = None


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """Everything that an entry says, in order; furniture and empty bullets are left out."""
    wrap = max((len(line.words) for line in lines), default=0)
    found: list[Paragraph] = []
    for kind, block in _blocks(lines):
        if kind == "text" and not found and _is_headline(block, wrap):
            found += (Paragraph("text", raw) for part in (block[:1], block[1:]) for raw in _unwrap(part, wrap))
        elif kind == "text":
            found += (Paragraph("text", raw) for raw in _unwrap(block, wrap))
        elif kind == "list":
            found.append(Paragraph("list", "\n".join(_items(block))))
        elif kind == "quote":
            raw = "\n\n".join(_unwrap([_unquoted(line) for line in block], wrap))
            found += [Paragraph("quote", raw)] if raw else []
        else:
            found += (Paragraph("heading", line.words) for line in block)
    return list(_tweets(_mended(found)))


def _blocks(lines: Sequence[Line]) -> list[tuple[Kind, list[Line]]]:
    """Lines that belong together. Empty lines part texts and quotes, but not the items of a list."""
    blocks: list[tuple[Kind, list[Line]]] = []
    apart = True
    for line in lines:
        if not line.words:
            apart = True
            continue
        if is_furniture(line.words):
            continue
        kind = _kind(line)
        last_kind, block = blocks[-1] if blocks else (None, [])
        if kind == "text" and last_kind == "list" and not apart and line.indent > block[0].indent:
            block.append(replace(line, bullet=_GOES_ON))
        elif kind == last_kind and (kind == "list" or not apart):
            block.append(line)
        else:
            blocks.append((kind, [line]))
        apart = False
    return blocks


def _kind(line: Line) -> Kind:
    if line.words.startswith(">"):
        return "quote"
    if line.is_heading:
        return "heading"
    return "list" if line.bullet or _NUMBERED.match(line.words) else "text"


def _items(block: Sequence[Line]) -> list[str]:
    items: list[list[str]] = []
    for line in block:
        words = " ".join(without_tail(line.words).split())
        if line.bullet == _GOES_ON:
            items[-1].append(words)
        else:
            items.append([f"• {words}" if line.bullet else words])
    return [" ".join(item) for item in items]


def _unquoted(line: Line) -> Line:
    return replace(line, words=line.words.lstrip("> "))


def _unwrap(lines: Sequence[Line], wrap: int) -> list[str]:
    """Lines of running text to paragraphs.

    A line that ends a sentence although the next word would have fitted, or on a page that does not wrap at all, was
    ended on purpose.
    """
    done: list[list[str]] = []
    last = ""
    for line in lines:
        words = " ".join(without_tail(line.words).split())
        if not words:
            last = ""
            continue
        fits = len(last) + 1 + len(words.split(" ", 1)[0]) <= wrap
        if done and last and not (last.endswith(_SENTENCE_ENDS) and (fits or wrap > _WIDEST_WRAP)):
            done[-1].append(words)
        else:
            done.append([words])
        last = words
    return [" ".join(words) for words in done]


def _is_headline(block: Sequence[Line], wrap: int) -> bool:
    """Whether an entry's first line was ended on purpose although it is no sentence, and a sentence follows."""
    if len(block) < 2:
        return False
    first, second = block[0].words, block[1].words
    word = second.split(" ", 1)[0]
    return (
        len(first) + 1 + len(word) <= wrap
        and first[0].isupper()
        and word.lstrip("\"“‘'")[:1].isupper()
        and second.endswith(_SENTENCE_ENDS)
        and not first.endswith((*_SENTENCE_ENDS, ",", "–", "—", "-", "*", "_", ")"))
        and (len(first.split()[-1]) > _LONGEST_LINK or first.split()[-1][0].isupper())
    )


def _mended(found: list[Paragraph]) -> Iterator[Paragraph]:
    """Join what a page broke in the middle of a sentence; emphasis over two paragraphs is closed and opened again."""
    held: list[str] = []
    for paragraph in found:
        if paragraph.kind != "text" or read_tweet(paragraph.raw):
            yield from _released(held)
            held = []
            yield paragraph
        elif held and _breaks_off(held[-1], paragraph.raw):
            held[-1:] = _mend(held[-1], paragraph.raw)
        else:
            raw = paragraph.raw
            if held and _leaves_open(held[-1], raw):
                held[-1], raw = held[-1] + "*", "*" + raw
            yield from _released(held)
            held = [raw]
    yield from _released(held)


def _released(held: list[str]) -> Iterator[Paragraph]:
    if held:
        yield Paragraph("text", " ".join(held))


def _breaks_off(first: str, second: str) -> bool:
    return not first.rstrip("*_ ").endswith(_SENTENCE_ENDS) and second.lstrip("*_")[:1].islower()


def _mend(first: str, second: str) -> list[str]:
    """The two halves of a sentence, with emphasis that was closed inside a quotation carried to the quotation's end."""
    closing = _CLOSING_MARK.search(first[-4:])
    if closing is None:
        return [first, second]
    mark = closing[1]
    bare = first[: -len(mark)]
    if second.startswith(mark):
        return [bare, second[len(mark) :]]
    opened = bare.rfind(mark)
    inside = bare[opened:] if opened >= 0 else ""
    end = re.search(r"[\"”]", second)
    if end is None or not (inside.count('"') % 2 or inside.count("“") > inside.count("”")):
        return [first, second]
    return [bare, second[: end.end()] + mark + second[end.end() :]]


def _leaves_open(first: str, second: str) -> bool:
    """An emphasised quotation that ends only in the next paragraph."""
    ahead, behind = list(_SINGLE.finditer(first)), list(_SINGLE.finditer(second))
    if not (len(ahead) % 2 and len(behind) % 2):
        return False
    opener, closer = ahead[-1].start(), behind[0].start()
    return bool(_OPENS_QUOTE.match(first, opener) and closer and _CLOSES_QUOTE.match(second, closer - 1))


def _tweets(found: Iterator[Paragraph]) -> Iterator[Paragraph]:
    """Mark tweets; a signature in a paragraph of its own signs the one before it."""
    last: Paragraph | None = None
    for paragraph in found:
        tweet = read_tweet(paragraph.raw) if paragraph.kind in ("text", "quote") else None
        if tweet and not tweet.words and last and last.author is None and last.kind in ("text", "quote"):
            yield replace(last, author=tweet.author, url=tweet.url)
            last = None
            continue
        if last:
            yield last
        is_whole = tweet is not None and bool(tweet.words)
        last = (
            replace(paragraph, raw=tweet.words, author=tweet.author, url=tweet.url) if tweet and is_whole else paragraph
        )
    if last:
        yield last
