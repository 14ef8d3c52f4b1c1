"""A light tree over a page's source: which elements stand where. Their HTML is a slice of the source.

Elements deeper than any page nests them become children of the deepest one, so that no walk down or up is long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.sources.hypertext.tokens import VOID, attributes, tokens, words

_DEEPEST = 200
_CLOSES_P = words(
    "address article aside blockquote details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header "
    "hr main nav ol p pre section table ul"
)
# What the start of an element ends, if it is open further in than the second set.
_ENDED_BY: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (words("li"), words("ul ol menu")),
    "dt": (words("dt dd"), words("dl")),
    "dd": (words("dt dd"), words("dl")),
    "tr": (words("tr td th"), words("table")),
    "td": (words("td th"), words("tr table")),
    "th": (words("td th"), words("tr table")),
    "option": (words("option"), words("select")),
}
_ENDED_BY |= dict.fromkeys(_CLOSES_P, (words("p"), words("td th table button object")))
_FENCES = words("table td th template object")  # an end tag does not end what is around these


class Element:
    """An element of a page: `outer` is where its tags begin and end in the source, `inner` what is between them."""

    __slots__ = ("_found", "children", "end", "inner_end", "inner_start", "name", "parent", "raw", "start")

    def __init__(self, name: str, raw: str, parent: Element | None, start: int, inner_start: int) -> None:
        self.name, self.raw, self.parent = name, raw, parent
        self.start, self.inner_start = start, inner_start
        self.inner_end = self.end = inner_start
        self.children: list[Element] = []
        self._found: dict[str, str] | None = None

    @property
    def attributes(self) -> dict[str, str]:
        if self._found is None:
            self._found = attributes(self.raw) if self.raw else {}
        return self._found

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def outer(self, source: str) -> str:
        return source[self.start : self.end]

    def descendants(self) -> Iterator[Element]:
        """Everything inside, in the order of the page."""
        waiting = self.children[::-1]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += element.children[::-1]

    def ancestors(self) -> Iterator[Element]:
        """Outwards."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent


def tree(html: str) -> Element:
    """The page as one element without a name."""
    root = Element("", "", None, 0, 0)
    builder = _Builder(root)
    for kind, name, raw, start, end in tokens(html):
        if kind == "start":
            builder.start(name, raw, start, end)
        elif kind == "end":
            builder.finish(name, start, end)
    builder.close_all(len(html))
    return root


def outermost(top: Element, is_wanted: Callable[[Element], bool]) -> list[Element]:
    """The elements of a kind that stand in no other of it."""
    found: list[Element] = []
    for element in top.descendants():
        if not (found and element.start < found[-1].end) and is_wanted(element):
            found.append(element)
    return found


class _Builder:
    def __init__(self, root: Element) -> None:
        self.open = [root]
        self.counts: dict[str, int] = {}

    def start(self, name: str, raw: str, start: int, end: int) -> None:
        if (rule := _ENDED_BY.get(name)) and self._has_open(rule[0]):
            self._end_by(*rule, start)
        parent = self.open[-1]
        element = Element(name, raw, parent, start, end)
        parent.children.append(element)
        if name not in VOID and not raw.endswith("/") and len(self.open) < _DEEPEST:
            self.open.append(element)
            self.counts[name] = self.counts.get(name, 0) + 1

    def finish(self, name: str, start: int, end: int) -> None:
        if not self.counts.get(name):
            return
        at = len(self.open) - 1
        while self.open[at].name != name:
            if self.open[at].name in _FENCES and name not in _FENCES:
                return
            at -= 1
        self._close_from(at + 1, start)
        self._close_last(start, end)

    def _has_open(self, names: frozenset[str]) -> bool:
        for name in names:  # noqa: SIM110  (called for every tag: a generator would cost more than its work)
            if self.counts.get(name):
                return True
        return False

    def _end_by(self, names: frozenset[str], fences: frozenset[str], start: int) -> None:
        for at in range(len(self.open) - 1, 0, -1):
            name = self.open[at].name
            if name in names:
                self._close_from(at, start)
                if name not in ("td", "th"):
                    return
            elif name in fences:
                return

    def close_all(self, end: int) -> None:
        self._close_from(1, end)
        self.open[0].inner_end = self.open[0].end = end

    def _close_from(self, at: int, end: int) -> None:
        while len(self.open) > at:
            self._close_last(end, end)

    def _close_last(self, inner_end: int, end: int) -> None:
        element = self.open.pop()
        element.inner_end, element.end = inner_end, end
        self.counts[element.name] -= 1
