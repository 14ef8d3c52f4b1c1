"""A story as a text page: title, dates, bold clocks, each entry's words in Markdown.

    ## 14 March 2016

    - **19:16 GMT**
    <!-- dateline {"key":"20160314T1916Z-1-0a1b2c3d"} -->

    The Syrian opposition has welcomed the announcement ...

`bot.sources.text` reads it again. Words that it would take for something else (a paragraph that begins with a clock)
are set as a quotation, and the comment says what they were.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date

from bot.exports.exact import Beside, context_of, differences, newest_first, parsed
from bot.exports.nesting import nested, paragraphs
from bot.sources import exact, text, zones
from bot.sources.timestamps import read_stamp
from storage.models import Entry, ParsedEntry, Span, Story

_SPECIAL = re.compile(r"[\\`*\[\]~]|(?<!\w)_|_(?!\w)")
_LEADING = re.compile(r"(?m)^(?=>|#+\s|-+\s|-{3})")
_BULLET = re.compile(r"(?m)^• ")
_ROUND = str.maketrans("[]", "()")
_MARKS = {"bold": "**", "italic": "*", "strike": "~~", "code": "`"}
WITHDRAWN = "This update has been withdrawn."


def to_markdown(story: Story, entries: Sequence[Entry]) -> str:
    """The whole story, newest entry first."""
    whole = newest_first(entries)
    keys = {entry.key for entry in whole}
    for quoted in (set(), _unruly(story, whole), keys):
        found = {entry.key: entry for entry in _read(story, _page(story, whole, {}, quoted))}
        if found.keys() == keys:
            break
    return _page(story, whole, {entry.key: differences(entry, found.get(entry.key)) for entry in whole}, quoted)


def _unruly(story: Story, entries: Sequence[Entry]) -> set[str]:
    """The keys of the entries whose words break out of them."""
    return {
        entry.key for entry in entries if [one.key for one in _read(story, _page(story, [entry], {}))] != [entry.key]
    }


def _read(story: Story, page: str) -> Sequence[ParsedEntry]:
    return text.read_text(page, context_of(story)).entries


def _page(story: Story, entries: Sequence[Entry], beside: Beside, quoted: Collection[str] = ()) -> str:
    parts = [f"# {_line(story.title or story.slug)}"]
    last: date | None = None
    for entry in entries:
        clock, day = _clock(entry)
        if day != last:
            parts.append(f"## {day.day} {day:%B %Y}")
        last = day
        comment = exact.dump({"key": entry.key, **beside.get(entry.key, {})})
        parts.append(f"- {_stamp(entry, clock)}\n<!-- dateline {comment} -->")
        body = _body(parsed(entry))
        parts += map(_quoted, body) if entry.key in quoted else body
    return "\n\n".join(parts) + "\n"


def _clock(entry: Entry) -> tuple[str, date]:
    """The stamp as printed, where it tells its zone and the truth; else the moment in GMT."""
    utc = entry.published_at.astimezone(UTC)
    stamp = read_stamp(f"**{entry.stamp}**")
    if stamp and stamp.clock.zone and stamp.clock.printed == entry.stamp and not (stamp.rest or stamp.day):
        zone = zones.printed(stamp.clock.zone, UTC, utc.replace(tzinfo=None))
        local = utc.astimezone(zone or UTC)
        if zone and (local.hour, local.minute) == (stamp.clock.hour, stamp.clock.minute):
            return entry.stamp, local.date()
    return f"{utc:%H:%M:%S} GMT" if utc.second else f"{utc:%H:%M} GMT", utc.date()


def _stamp(entry: Entry, clock: str) -> str:
    shown = parsed(entry)
    is_plain = shown.url and not re.search(r"[()\s]", shown.url)
    stamp = f"[**{clock}**]({shown.url})" if is_plain else f"**{clock}**"
    return f"{stamp} KEY EVENT" if shown.is_key else stamp


def _body(entry: ParsedEntry) -> Iterator[str]:
    if entry.withdrawn:
        yield WITHDRAWN
    if entry.title:
        yield f"### {_escaped(_line(entry.title))}"
    for start, end in paragraphs(entry.text):
        yield _paragraph(entry.text, entry.spans, start, end)
    for media in entry.media:
        yield f"![{_line(media.caption.translate(_ROUND))}]({_line(media.url)})"


def _paragraph(words: str, spans: Sequence[Span], start: int, end: int) -> str:
    # A list's items are set in, so that one that begins with a clock is no entry.
    block = _BULLET.sub("  • ", _LEADING.sub(r"\\", _inline(words, spans, start, end)))
    over = {span.kind: span for span in spans if span.start <= start and end <= span.end}
    if "heading" in over:
        return f"### {_line(block)}"
    if tweet := over.get("tweet"):
        author = f"[@{tweet.author}]({tweet.url or '#'}) " if tweet.start == start and tweet.author else ""
        return author + block
    return _quoted(block) if "blockquote" in over else block


def _inline(words: str, spans: Sequence[Span], start: int, end: int) -> str:
    return nested(
        words,
        spans,
        (start, end),
        opening=lambda span: "[" if span.kind == "link" else _MARKS.get(span.kind, ""),
        closing=lambda span: f"]({span.url})" if span.kind == "link" else _MARKS.get(span.kind, ""),
        written=_escaped,
    )


def _escaped(words: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", words)


def _line(words: str) -> str:
    return " ".join(words.split())


def _quoted(block: str) -> str:
    """Every line of it, by whatever sign the lines are parted."""
    return "\n".join(f"> {line}" for line in block.splitlines())
