"""XML from outside: no network, no entities, no huge trees; what is broken is read as far as it goes.

Elements are known by short names ("content:encoded"), whatever prefixes a feed gives its namespaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape, unescape
from typing import Protocol

from lxml import etree  # type: ignore[import-untyped]  # it ships no types; `Element` has what we use

from bot.sources.markup import web_address

_HEAD = 65536
_PREFIX = re.compile(r"<(/?)[A-Za-z_][\w.-]{0,30}:(?=[A-Za-z])")
_SPACES = (  # part of a namespace's address: the prefix that we give it
    ("purl.org/rss/1.0/modules/content", "content:"),
    ("purl.org/dc/", "dc:"),
    ("search.yahoo.com/mrss", "media:"),
    ("purl.org/atompub/tombstones", "at:"),
    ("www.itunes.com/dtds", "itunes:"),
    ("urn:dateline:export", "dateline:"),
    ("www.w3.org/1999/xhtml", "xhtml:"),
    ("1999/02/22-rdf-syntax-ns", "rdf:"),
)
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


class Element(Protocol):
    """An element of lxml's. The tag of an entity or a comment is no string."""

    tag: object
    text: str | None
    tail: str | None

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Element]: ...
    def get(self, name: str, default: str = ...) -> str | None: ...
    def iter(self, *tags: object) -> Iterator[Element]: ...


def root_name(data: bytes) -> str:
    """The name of the first element, in lower case and without its prefix; empty where these bytes are no XML."""
    head = _document(data[:_HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n"))
    while head.startswith((b"<?", b"<!")):
        closing = b"?>" if head[1:2] == b"?" else b"-->" if head.startswith(b"<!--") else b">"
        if head[2:9].upper() == b"DOCTYPE" and b"[" in head.partition(b">")[0]:
            closing = b"]>"
        head = head.partition(closing)[2].lstrip()
    if not head.startswith(b"<"):
        return ""
    name = head[1:80].replace(b"/", b" ").replace(b">", b" ").split(maxsplit=1)
    return name[0].decode("ascii", "replace").rpartition(":")[2].lower() if name else ""


def root_of(data: bytes) -> Element | None:
    """The tree, or None where nothing can be made of these bytes."""
    # A parser for each reading: they are used in threads, and hold on to what they read.
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root: Element | None = etree.fromstring(_document(data), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None
    return root


def _document(data: bytes) -> bytes:
    """Without what a server may have printed before the document: empty lines, its own warnings."""
    return data[max(0, data.find(b"<?xml", 0, 2000)) :].lstrip(b" \t\r\n")


@lru_cache(maxsize=4096)
def _short(tag: str) -> str:
    space, brace, local = tag.rpartition("}")
    if not brace:
        return local
    return next((prefix for part, prefix in _SPACES if part in space), "") + local


def name_of(element: Element) -> str:
    """ "pubDate", "dc:date"; RSS and Atom themselves have no prefix."""
    return _short(element.tag) if isinstance(element.tag, str) else ""


def children(element: Element) -> dict[str, list[Element]]:
    """What stands in an element, by name."""
    found: dict[str, list[Element]] = {}
    for child in element:
        tag = child.tag
        if isinstance(tag, str):
            name = _short(tag)
            if name in found:
                found[name].append(child)
            else:
                found[name] = [child]
    return found


def named(root: Element, name: str) -> Iterator[Element]:
    """Every element of that name, at any depth. lxml looks for what may have it: elsewhere no Python runs."""
    local = name.rpartition(":")[2]
    return (element for element in root.iter(f"{{*}}{local}", name) if name_of(element) == name)


def words(element: Element | None) -> str:
    return _text(element).strip() if element is not None else ""


def first(parts: Mapping[str, list[Element]], name: str) -> str:
    """The words of the first part of that name."""
    found = parts.get(name)
    return _text(found[0]).strip() if found else ""


def _text(element: Element) -> str:
    """All the text in an element. libxml2 lets nothing nest so deep that this could not go down."""
    if not len(element):
        return element.text or ""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(_text(child))
        elif child.text and not (known := unescape(child.text)).startswith("&"):
            parts.append(known)  # an entity of HTML; what a document defines itself is not looked up
        parts.append(child.tail or "")
    return "".join(parts)


def markup(element: Element) -> str:
    """The HTML that an element holds, escaped or as elements."""
    if not len(element) or not any(isinstance(child.tag, str) for child in element):
        return _text(element)
    inside = (
        etree.tostring(child, encoding="unicode", method="html") for child in element if isinstance(child.tag, str)
    )
    return escape(element.text or "", quote=False) + _PREFIX.sub(r"<\1", "".join(inside))


def base_of(element: Element, base: str) -> str:
    """The address that relative links in an element start from; `base` is that of the element around it."""
    own = element.get(_BASE)
    return web_address(own, base) or base if own else base
