"""A page's blocks in order: paragraphs, headings, items, quotes, figures, each with its place in the source.

What is the page's and not the coverage's is left out: navigation, header and footer of the site, comments, forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from bot.sources.hypertext.furniture import SKIPPED, is_condemned, is_hidden, is_named_so
from bot.sources.hypertext.timed import says_moment
from bot.sources.hypertext.tokens import words
from bot.sources.hypertext.tree import Element
from bot.sources.hypertext.tweets import tweet_address
from bot.sources.timestamps import read_stamp

_LEFT_OUT = (SKIPPED - {"iframe"}) | words("nav form aside footer")
_ATOMS = words("p h1 h2 h3 h4 h5 h6 blockquote figure pre video audio iframe img picture amp-img amp-video amp-youtube")
_CONTAINERS = words(
    "address article aside body center details dd div dl dt fieldset footer header hgroup html li main menu ol section "
    "summary table tbody td tfoot th thead tr ul gu-island amp-live-list"
)
_COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?|disqus\w*|cookie\w*|breadcrumbs?|related|recommended|newsletter|most-?(?:read|viewed|popular)"
    r"|site-?(?:header|footer|nav)|masthead|top-?bar|sidebar)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]{0,3000}>|\s+")
_MOST_LOOKS = 5_000  # elements of a list, one of whose first begins with a stamp if the list is of entries
_LONGEST_ROW = 20_000  # letters of HTML
_LONGEST_STAMP, _MOST_LETTERS = 2_000, 60  # of HTML, of text
_BOX_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search"})
_HEADINGS = words("h1 h2 h3 h4 h5 h6")


@dataclass(frozen=True)
class Block:
    """A stretch of the source that is one block.

    `elements` are what it consists of: one, or those in a run of text. `depth` counts the lists around it; `is_item`:
    it begins an item.
    """

    elements: tuple[Element, ...]
    start: int
    end: int
    kind: str = "text"  # or "heading", "quote", "list", "media"
    depth: int = 0
    is_item: bool = False


def blocks(top: Element, source: str) -> Iterator[Block]:
    """The blocks of an element, in the order of the page."""
    walk = _Walk(source)
    walk.container(top, 0)
    return iter(walk.found)


def is_furniture(element: Element, source: str) -> bool:
    """Whether an element is the page's own. An entry's stamp may stand aside, or at its foot."""
    if element.name in _LEFT_OUT and not (element.name in ("aside", "footer") and _is_stamp(element, source)):
        return True
    if not element.raw:
        return False
    found = element.attributes
    if is_hidden(found) or found.get("role") in _BOX_ROLES:
        return True
    if element.name in ("body", "html", "main", "article"):
        return False
    return any(_COMMENTS.search(found.get(name, "")[:300]) for name in ("class", "id"))


def _is_stamp(element: Element, source: str) -> bool:
    """Whether an element says one moment and nothing else."""
    inside = source[element.inner_start : element.inner_end]
    if len(inside) > _LONGEST_STAMP or len("".join(_TAG.sub(" ", inside).split())) > _MOST_LETTERS:
        return False
    if element.name == "aside" and (stamp := read_stamp(first_words(inside))) is not None and not stamp.rest:
        return True
    return sum(map(says_moment, element.descendants())) == 1


class _Walk:
    def __init__(self, source: str) -> None:
        self.source = source
        self.found: list[Block] = []
        self.item = False  # the next block begins an item

    def container(self, element: Element, depth: int) -> None:
        """Its blocks, and the text between them. The tree is never deep enough to mind the recursion."""
        if element.name == "li":
            self.item = True
        inside = depth + (element.name in ("ul", "ol", "menu"))
        at = element.inner_start
        run: list[Element] = []
        for child in element.children:
            if not (_is_block(child) or is_furniture(child, self.source) or any(map(_is_block, child.descendants()))):
                run.append(child)
                continue
            self._run(run, at, child.start, inside)
            at, run = child.end, []
            self._child(child, inside)
        self._run(run, at, element.inner_end, inside)

    def _child(self, child: Element, depth: int) -> None:
        if is_furniture(child, self.source) or self._is_button_row(child):
            return
        if child.name in _ATOMS or tweet_address(child.name, child.attributes) is not None:
            self._add([child], child.start, child.end, _kind(child), depth)
        elif child.name in ("ul", "ol", "table", "dl") and not self._has_stamps(child):
            self._add([child], child.start, child.end, "list", depth)
        else:
            self.container(child, depth)

    def _is_button_row(self, child: Element) -> bool:
        """Share buttons and the like: what is named so and is short."""
        if not child.raw or not is_named_so(child.name, child.attributes) or child.end - child.start > _LONGEST_ROW:
            return False
        letters = len(_TAG.sub("", self.source[child.start : child.end]).strip())
        has_tweet = any(tweet_address(one.name, one.attributes) is not None for one in child.descendants())
        return not has_tweet and is_condemned(child.name, letters, 0, by_name=True)

    def _run(self, elements: list[Element], start: int, end: int, depth: int) -> None:
        """Text that stands in a container without a paragraph of its own."""
        if self.source[start:end].strip():
            self._add(elements, start, end, "text", depth)

    def _add(self, elements: list[Element], start: int, end: int, kind: str, depth: int) -> None:
        self.found.append(Block(tuple(elements), start, end, kind, depth, self.item))
        self.item = False

    def _has_stamps(self, box: Element) -> bool:
        """Whether one of its items, rows or terms begins with a stamp."""
        for inner in islice(box.descendants(), _MOST_LOOKS):
            if says_moment(inner):
                return True
            if inner.name in ("li", "td", "th", "dt", "p", "div", "h2", "h3", "h4", "strong", "b", "span"):
                head = self.source[inner.inner_start : inner.inner_start + 400]
                if (first := first_words(head)) and read_stamp(first) is not None:
                    return True
        return False


def first_words(html: str) -> str:
    """What a reader sees first of some HTML."""
    bare = re.sub(r"<[^<>]{0,2000}>", "\n", html)
    return next((" ".join(line.split()) for line in bare.split("\n") if line.strip()), "")


def _is_block(element: Element) -> bool:
    return element.name in _ATOMS or element.name in _CONTAINERS


def _kind(element: Element) -> str:
    if element.name in _HEADINGS:
        return "heading"
    if element.name in ("blockquote", "pre"):
        return "quote"
    return "text" if element.name == "p" else "media"
