"""Pages whose entries are elements of one kind, each with a `<time datetime>`: their own marks tell more than clocks.

times ─▶ the largest element around each that holds no other ─▶ the kind of element that holds most text ─▶ entries
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.sources.hypertext.blocks import is_furniture
from bot.sources.hypertext.entries import Said, said
from bot.sources.hypertext.slices import part
from bot.sources.hypertext.timed import Timed, says_moment, timed
from bot.sources.hypertext.tree import Element
from bot.sources.markup import Rich, web_address
from bot.sources.richhtml import from_html
from bot.sources.timestamps import read_stamp

_BARE = 30  # letters beside the stamp: elements with fewer hold no entry
_LONGEST_CLOCK = 60  # letters
_MOST_TIMES = 3  # of one entry: published, edited, a tweet's
_TAG = re.compile(r"<[^<>]{0,3000}>|\s+")
_NUMBER = re.compile(r"\d+")
_KEYS = ("data-id", "data-post-id", "data-block-id", "data-entry-id", "data-update-id", "data-key", "id")


@dataclass(frozen=True)
class Structured:
    """One entry: its own id ("" where it has none), stamp, moment, words."""

    key: str
    stamp: str
    moment: datetime
    said: Said
    url: str | None
    is_key: bool


def structured(top: Element, source: str, base: str, zone: str) -> list[Structured]:
    """The entries in the order of the page; none where the page has no such elements."""
    boxes = _boxes(top, source)
    keys = _keys(boxes, source)
    found = []
    for box, key in zip(boxes, keys, strict=True):
        shown = timed(box, source, zone)
        if shown is None:
            continue
        rich, stamp = _without_clock(from_html(shown.html, base), shown)
        own = web_address(shown.url, base) if shown.url else None
        anchor = f"{base.partition('#')[0]}#{box.get('id')}" if box.get("id") and base.startswith("http") else None
        found.append(Structured(key, stamp, shown.moment, said([rich]), own or anchor, _is_key(box)))
    return found


def _without_clock(rich: Rich, shown: Timed) -> tuple[Rich, str]:
    """Where a clock stands beside the time ("2h ago", "11.30 BST"), it is the stamp and no text."""
    line = rich.text.partition("\n")[0]
    stamp = read_stamp(line) if len(line) < _LONGEST_CLOCK else None
    if stamp is None or stamp.rest or (stamp.clock.minute - shown.moment.minute) % 15:
        return rich, shown.stamp
    return part(rich, len(line)), stamp.clock.printed


def _boxes(top: Element, source: str) -> list[Element]:
    """The elements that are entries: of one kind, each with a time, together with more text than any other kind."""
    times = list(_times(top, source))
    held = Counter(above.start for time in times for above in time.ancestors())
    kinds: dict[tuple[str, str], dict[int, Element]] = defaultdict(dict)
    for time in times:
        for box in time.ancestors():
            if box.name in ("", "html", "body", "main") or held[box.start] > _MOST_TIMES:
                break
            kinds[_kind(box)][box.start] = box
            kinds[box.name, f"in {box.parent.start if box.parent else 0}"][box.start] = box
    likely: list[tuple[int, list[Element]]] = []
    for boxes in kinds.values():
        letters = [len(_TAG.sub("", source[box.inner_start : box.inner_end])) for box in boxes.values()]
        full = [count for count in letters if count > _BARE]
        if len(letters) > 1 and len(full) * 2 > len(letters):
            likely.append((sum(full), list(boxes.values())))
    if not likely:
        return []
    most, best = max(likely, key=lambda one: one[0])
    for letters_inside, inner in likely:  # what holds two or three entries is none itself
        if letters_inside * 3 >= most * 2 and len(inner) > len(best) and _are_inside(inner, best):
            best = inner
    return sorted(best, key=lambda box: box.start)


def _are_inside(inner: Sequence[Element], outer: Sequence[Element]) -> bool:
    """Whether most of these stand in those, more than one in each."""
    around = sorted(outer, key=lambda box: box.start)
    starts = [box.start for box in around]
    places = ((bisect_left(starts, one.start) - 1, one) for one in inner)
    return sum(at >= 0 and one.end <= around[at].end for at, one in places) > len(outer)


def _times(top: Element, source: str) -> Iterator[Element]:
    """The times of the coverage, without those in what is the page's own."""
    waiting = [top]
    while waiting:
        element = waiting.pop()
        if element is not top and is_furniture(element, source):
            continue
        if says_moment(element):
            yield element
        waiting += element.children[::-1]


def _kind(box: Element) -> tuple[str, str]:
    """Its name and the first word of its class, where numbers do not count ("post-17")."""
    return box.name, _NUMBER.sub("#", (box.get("class").split() or [""])[0])


def _all_of(box: Element, source: str) -> Element | None:
    """The element that is all there is in a box."""
    if len(box.children) != 1:
        return None
    [one] = box.children
    around = source[box.inner_start : one.start] + source[one.end : box.inner_end]
    return one if not around.strip() else None


def _keys(boxes: Sequence[Element], source: str) -> list[str]:
    """The elements' own ids, of the attribute that all of them have and that tells them apart."""
    inner = [_all_of(box, source) for box in boxes]
    for name in _KEYS:
        keys = [box.get(name) or (one.get(name) if one else "") for box, one in zip(boxes, inner, strict=True)]
        if keys and all(keys) and len(set(keys)) == len(keys) and not _are_counted(keys):
            return keys
    return [""] * len(boxes)


def _are_counted(keys: Sequence[str]) -> bool:
    """Whether they only number the elements of the page: "item-0", "item-1". With the next entry all of them move."""
    numbers = sorted(int(found[0]) for key in keys if (found := re.search(r"\d{1,6}\Z", key)))
    return len(numbers) == len(keys) and numbers[0] <= 1 and numbers == list(range(numbers[0], numbers[0] + len(keys)))


def _is_key(box: Element) -> bool:
    names = Counter(box.get("class").lower().replace("_", "-").split())
    return any(
        name.endswith(("key-event", "key-moment", "is-key", "pinned", "breaking", "highlight")) for name in names
    )
