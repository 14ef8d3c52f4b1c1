"""Data that a page carries in its scripts, however carelessly the page wrote it."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_SCRIPT = re.compile(r"<script\b([^>]{0,2000})>", re.IGNORECASE)
_LD = re.compile(r"\btype\s*=\s*[\"']?\s*application/ld\+json", re.IGNORECASE)
_DATA = re.compile(r"\btype\s*=\s*[\"']?\s*application/json", re.IGNORECASE)
_GIVEN = re.compile(r"\s*(?:(?:var|let|const)\s)?\s*[\w.$]{1,80}\s*=\s*(?=[{\[\"])")
_END = re.compile(r"</script", re.IGNORECASE)
_LINE = r"^[ \t]*+//[^\n]{0,80}$"  # a comment that has a line to itself: addresses hold two slashes as well
_WRAPPED = re.compile(
    rf"\A(?:\s|//(?=[ \t]*<!)|{_LINE}|/\*.{{0,80}}?\*/|<!--(?!.{{0,80}}?-->)|<!--.{{0,2000}}?-->|<!\[CDATA\[)+"
    rf"|(?:\s|//(?=[ \t]*(?:\]\]>|-->))|{_LINE}|/\*.{{0,80}}?\*/|-->|\]\]>|;)+\Z",
    re.DOTALL | re.MULTILINE,
)
_STRING_OR_MISTAKE = re.compile(
    r'"(?:[^"\\]++|\\.)*+"|(?P<comma>,)(?=\s*+[}\]])|(?P<comment>/\*(?:[^*]++|\*(?!/))*+\*/)', re.DOTALL
)
_BAD_ESCAPE = re.compile(r"\\(?:([\"\\/bfnrtu])|(.))", re.DOTALL)
_UNFIT = re.compile("[\ud800-\udfff\0]")
_ESCAPED_UNFIT = re.compile(r"\\u(?:[dD][89a-fA-F]|0000)")


@dataclass(frozen=True)
class Document:
    """What one script holds: `value` is None where it could not be read, and `trouble` says why."""

    source: str
    value: object = None
    trouble: str | None = None


def linked_data(html: str) -> Iterator[str]:
    """The sources of the JSON-LD scripts of a page."""
    at = 0
    while opening := _SCRIPT.search(html, at):
        end = _END.search(html, opening.end())
        at = end.start() if end else len(html)
        if _LD.search(opening[1]):
            yield html[opening.end() : at]


def states(html: str) -> Iterator[str]:
    """The JSON documents that a page's own scripts work from: `window.__DATA__ = {...}`, `= "..."`, data blocks."""
    at = 0
    while opening := _SCRIPT.search(html, at):
        end = _END.search(html, opening.end())
        at = end.start() if end else len(html)
        if _DATA.search(opening[1]):
            yield html[opening.end() : at]
        elif given := _GIVEN.match(html, opening.end(), min(at, opening.end() + 300)):
            try:
                value, stop = json.JSONDecoder(strict=False).raw_decode(html[given.end() : at])
            except (ValueError, RecursionError):
                continue
            yield value if isinstance(value, str) else html[given.end() : given.end() + stop]


def load(source: str) -> Document:
    """A JSON document, with the mistakes mended that browsers' readers forgive."""
    try:
        value = json.loads(source, strict=False)
        return Document(source, _fit(value) if _ESCAPED_UNFIT.search(source) else value)
    except (ValueError, RecursionError) as error:
        trouble = _told(error)
    bare = _unwrapped(source)
    for mended in (bare, _mended(bare), _mended(entities.unescape(bare)) if "&quot;" in bare else ""):
        try:
            return Document(source, _fit(_first(mended)))
        except (ValueError, RecursionError):
            continue
    return Document(source, trouble=trouble)


def _told(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (line {error.lineno}, column {error.colno})"
    return "it is nested too deeply or holds a number too long"


def _unwrapped(source: str) -> str:
    """Without comments, CDATA and semicolons around it."""
    for _ in range(3):
        source = _WRAPPED.sub("", source.strip())
    return source


def _mended(source: str) -> str:
    """Without commas before a closing bracket, comments, and escapes that JSON does not know."""

    def mend(match: re.Match[str]) -> str:
        if match["comma"] or match["comment"]:
            return ""
        return _BAD_ESCAPE.sub(lambda escape: escape[0] if escape[1] else escape[2], match[0])

    return _STRING_OR_MISTAKE.sub(mend, source)


def _first(source: str) -> object:
    """The first document; several written one after the other are a list."""
    decoder = json.JSONDecoder(strict=False)
    found: list[object] = []
    at = 0
    while at < len(source) and len(found) < 1000:
        value, at = decoder.raw_decode(source, at)
        found.append(value)
        while at < len(source) and source[at] in " \t\r\n,;":
            at += 1
    if not found:
        raise ValueError("an empty script")
    return found[0] if len(found) == 1 else found


def _fit(value: object) -> object:
    """Without halves of letters and NUL, which JSON can write and no database holds."""
    if isinstance(value, str):
        return _UNFIT.sub("\ufffd", value) if _UNFIT.search(value) else value
    if isinstance(value, list):
        return [_fit(item) for item in value]
    return {key: _fit(item) for key, item in value.items()} if isinstance(value, dict) else value
