"""One entry of a text page: its lines to title, rich text, pictures, and whether it was withdrawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.sources.markup import Rich, inline, join
from bot.sources.outline import Line, Section
from bot.sources.paragraphs import Paragraph, paragraphs

_WITHDRAWN = re.compile(
    r"[\[(]?(?:(?:this|the) (?:update|post|entry|item) (?:has been|was) )?"
    r"(?:withdrawn|removed|deleted|retracted|taken down)(?: by [\w ]{1,40})?[.\])]*"
    r"|this (?:update|post|entry|item) (?:has been|was) (?:withdrawn|removed|deleted|retracted|taken down)\b"
    r"[^.!?\"“”]{1,160}[.!]?",
    re.IGNORECASE,
)
_KEY = re.compile(r"(?:BREAKING|KEY EVENT)\b")
_KEY_MARK = re.compile(r"(?:key event|KEY|BREAKING)\W{0,3}")
# Where a page was glued together, a title ends and a sentence begins without a space: "day 5As the conflict ...".
_SEAM = re.compile(r"(?<=[\d’”'\"?!)])(?=[A-Z][a-z]*\s)|(?<=[a-z]{3})(?=(?:The|An?|In|At|On|It|As|He|She|We|This)\s)")
_LONGEST_TITLE = 140


@dataclass(frozen=True)
class Body:
    """What an entry says."""

    title: str = ""
    rich: Rich = field(default_factory=Rich)
    is_key: bool = False
    withdrawn: bool = False


def read_body(section: Section, base: str = "") -> Body:
    """The words below a stamp, and on its line. `base` is the page's address."""
    rest, is_marked = section.stamp.rest, False
    if _KEY_MARK.fullmatch(rest.strip("*_[] "), re.IGNORECASE) or rest.strip("*_[] ").lower() == "key event":
        rest, is_marked = "", True
    found = paragraphs([*_rest_lines(rest, section.stamp.is_glued), *section.body])
    if found and _KEY_MARK.fullmatch(found[0].raw.strip("*_[] ")) and found[0].kind != "list":
        found, is_marked = found[1:], True
    if _is_withdrawn(found):
        return Body(withdrawn=True)
    title, found = _split_title(found)
    rich = join([_rich(paragraph, base) for paragraph in found])
    return Body(inline(title, base).text, rich, is_marked or announces_key(title or rich.text))


def _rest_lines(rest: str, is_glued: bool) -> list[Line]:
    """What follows the stamp on its line. Glued pages put the title there, and the text right behind it."""
    if not rest:
        return []
    seam = _SEAM.search(rest, 12, _LONGEST_TITLE) if is_glued else None
    if seam is None:
        return [Line(rest, rest)]
    title, text = rest[: seam.start()], rest[seam.start() :]
    return [Line(title, title, is_heading=True), Line(text, text)]


def _is_withdrawn(found: Sequence[Paragraph]) -> bool:
    return len(found) == 1 and says_withdrawn(found[0].raw)


def says_withdrawn(words: str) -> bool:
    """Whether an entry's only words are that it was taken down."""
    return len(words) <= 220 and bool(_WITHDRAWN.fullmatch(words.lstrip("•").strip("*_ ")))


def announces_key(words: str) -> bool:
    """Whether a title or a text begins by saying that it is a key event."""
    return bool(_KEY.match(words))


def marks_key(words: str) -> bool:
    """Whether words that stand alone mark an entry as a key event, and are no news themselves."""
    bare = words.strip("*_[] ")
    return bool(_KEY_MARK.fullmatch(bare)) or bare.lower() == "key event"


def begins_key(words: str) -> bool:
    return bool(_KEY.match(words))


def _split_title(found: list[Paragraph]) -> tuple[str, list[Paragraph]]:
    """A heading, a line all in bold, or a short line that is no sentence, before a paragraph that is one."""
    if not found or len(found[0].raw) > _LONGEST_TITLE or found[0].author:
        return "", found
    first = found[0]
    if first.kind == "heading":
        return first.raw, found[1:]
    if first.kind != "text" or len(found) < 2:
        return "", found
    bold = re.fullmatch(r"(\*\*|__)([^*]+)\1", first.raw)
    if bold and not bold[2].rstrip().endswith((".", ":")):
        return bold[2], found[1:]
    is_title = first.raw[0].isupper() and not first.raw.endswith(tuple('.!?:;,…"”*_)-–—')) and found[1].kind == "text"
    return (first.raw, found[1:]) if is_title and not found[1].author and "](" not in first.raw else ("", found)


def _rich(paragraph: Paragraph, base: str) -> Rich:
    if paragraph.kind == "list":
        return join([inline(item, base) for item in paragraph.raw.split("\n")], "\n")
    if paragraph.kind == "heading":
        return inline(paragraph.raw, base).whole("heading")
    rich = join([inline(raw, base) for raw in paragraph.raw.split("\n\n")])
    if paragraph.author:
        return rich.whole("tweet", paragraph.url, paragraph.author)
    return rich.whole("blockquote") if paragraph.kind == "quote" else _trimmed(rich)


def _trimmed(rich: Rich) -> Rich:
    """Without the spaces that a picture left at the ends."""
    left = len(rich.text) - len(rich.text.lstrip())
    text = rich.text.strip()
    if len(text) == len(rich.text):
        return rich
    spans = (
        span.model_copy(update={"start": max(0, span.start - left), "end": min(len(text), span.end - left)})
        for span in rich.spans
    )
    return replace(rich, text=text, spans=tuple(span for span in spans if span.start < span.end))
