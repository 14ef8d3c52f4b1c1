"""What stands in an entry's HTML and is none of its news: share buttons, related links, newsletter boxes.

Rather too little is left out than too much: a name alone condemns only what is short or made of links.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

from bot.sources.furniture import is_furniture
from bot.sources.hypertext.tokens import words
from bot.sources.markup import Rich

# Never text, whatever they are called.
SKIPPED = words(
    "script style template noscript button nav svg select textarea object canvas audio dialog title head math iframe "
    "noembed noframes datalist amp-social-share amp-ad amp-analytics amp-sidebar amp-consent amp-sticky-ad"
)
# Judged by what they hold.
JUDGED = words("aside form footer")
# Only these are condemned by their names.
_BOXES = words("div section aside ul ol footer header form span small table figure p gu-island")
_NAMES = re.compile(
    r"""(?:^|[\s_:-])(?:share|sharing|shares|sharedaddy|addthis|addtoany|social(?=[\s_-]*(?:$|share|links?|icons?|buttons?|bar|media|nav|follow))
      |related(?![\s_-]*(?:to$))|newsletters?|promos?|promoted|adverts?|advertisement|advertising|ads?|adslot|sponsored|sponsor
      |bylines?|breadcrumbs?|subscribe|subscription|signup|sign-up|paywall|toolbar|recirc|recommended|recommendations
      |outbrain|taboola|mpu|dfp|rich-?link|read-?more|more-?on|also-?read|most-?read|jp-relatedposts|follow-us|comments?)(?=$|[\s_:A-Z-])
      |(?:^|\s)(?!\S*(?:quote|tweet|cite))(?:\S{0,60}[_-])?authors?(?=$|\s)
      |(?:^|[\s_-])(?:share|social|related|newsletter)(?:Buttons?|Tools?|Links?|Bar|Box|Widget|Icons?|Content|Articles?|Stories|SignUp|Signup)\b""",
    re.VERBOSE,
)
_HIDDEN_NAMES = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text|-only)?|u-visually-hidden|is-hidden|print-only)(?:$|\s)",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LEADS = (
    r"(?:read(?: also| more| next| on)?|also read|see(?: also| more)?|more(?: on this(?: story)?)?"
    r"|related(?: \w{1,12})?|recommended|don[’']t miss|(?:you )?(?:may|might) also like|full (?:story|report)"
    r"|in case you missed it"
    r"|(?:follow|join) us(?: on \w{1,12})?|sign up(?: (?:for|to) .{0,60})?|watch(?: also| more)?)"
)
_LEAD = re.compile(rf"(?:• )?{_LEADS}\s*[:|»>→–—-]+\s*|(?:• )?read more\s+(?=\S)", re.IGNORECASE)
_LONE = re.compile(
    r"(?:read more|see also|also read|read also|related(?: (?:articles|stories|links|posts|content|topics))?|read next"
    r"|more on this story|recommended|you (?:may|might) also like)\s*[:»>→….]*",
    re.IGNORECASE,
)
_MAY_LEAD = re.compile(rf"(?:• )?(?:{_LEADS})\b", re.IGNORECASE)
_FIRSTS = frozenset("•" + "adfijmrswy" + "ADFIJMRSWY")  # the first letters of those
_BLOT = "\x00"
_BETWEEN_LINKS = _BLOT + " •\n|·,.!»>→–—-"
_ENDS = frozenset('.!?"”’»')
_SHORT_BOX, _SHORT_LINE = 600, 60


def is_hidden(found: Mapping[str, str]) -> bool:
    if "hidden" in found or ("style" in found and _HIDDEN_STYLE.search(found["style"])):
        return True
    return "class" in found and bool(_HIDDEN_NAMES.search(found["class"]))


def is_named_so(name: str, found: Mapping[str, str]) -> bool:
    """Whether an element's names call it furniture."""
    if name not in _BOXES:
        return False
    names = (found.get(key, "")[:500] for key in ("class", "id", "aria-label", "data-component", "data-type"))
    return any(_NAMES.search(one) for one in names) or found.get("role") in ("navigation", "complementary", "search")


def is_condemned(name: str, letters: int, linked: int, *, by_name: bool) -> bool:
    """Whether a box that is suspicious is left out, by how much text it has and how much of this is links."""
    if not letters:
        return True
    is_links = linked * 2 >= letters
    if name == "p":
        return by_name and letters < 100
    if by_name:
        return is_links or letters < _SHORT_BOX
    return is_links or (name == "form" and letters < _SHORT_BOX // 2)


def without_related(rich: Rich) -> Rich:
    """Without "Read more: …" paragraphs, the lists of links below "Related:", and buttons' words."""
    if not _is_suspicious(rich.text):
        return rich
    plain = _unlinked(rich)
    cuts: list[tuple[int, int]] = []
    at, lists_follow = 0, False
    for paragraph in rich.text.split("\n\n"):
        end = at + len(paragraph)
        rest = plain[at:end]
        if lists_follow and _is_linked(rest):
            cuts.append((at, end + 2))
        elif _is_related(paragraph, rest):
            cuts.append((at, end + 2))
            lists_follow = not _is_linked(rest)
        else:
            lists_follow = False
        at = end + 2
    return _without(rich, cuts) if cuts else rich


def _is_suspicious(text: str) -> bool:
    for line in text.split("\n\n"):
        if line[:1] in _FIRSTS and _MAY_LEAD.match(line):
            return True
        if len(line) <= _SHORT_LINE and line[-1:] not in _ENDS and is_furniture(line):
            return True
    return False


def _unlinked(rich: Rich) -> str:
    """The text with its links blotted out, letter for letter."""
    parts, at = [], 0
    for span in rich.spans:
        if span.kind == "link" and span.start >= at:
            parts += [rich.text[at : span.start], _BLOT * (span.end - span.start)]
            at = span.end
    return "".join([*parts, rich.text[at:]])


def _is_related(said: str, plain: str) -> bool:
    """A lead and nothing but links behind it, a lead alone, or a button."""
    if len(said) > 400:
        return False
    if len(said) <= _SHORT_LINE and (_LONE.fullmatch(said) or is_furniture(said)):
        return True
    lead = _LEAD.match(said)
    return lead is not None and _is_linked(plain[lead.end() :])


def _is_linked(plain: str) -> bool:
    """Whether there is nothing but links, bullets and spaces."""
    return _BLOT in plain and not plain.strip(_BETWEEN_LINKS)


def _without(rich: Rich, cuts: Sequence[tuple[int, int]]) -> Rich:
    """The text without these stretches, each a paragraph with the gap behind it; the spans moved."""
    cuts = _joined(cuts)
    first = re.compile(" *").match(rich.text, cuts[0][1])
    if cuts[0][0] == 0 and first:  # a text begins with no indent
        cuts = [(0, first.end()), *cuts[1:]]
    starts = [start for start, _ in cuts]
    lengths = list(accumulate((end - start for start, end in cuts), initial=0))
    kept = [rich.text[end:start] for (_, end), start in zip([(0, 0), *cuts], [*starts, len(rich.text)], strict=True)]
    text = "".join(kept).removesuffix("\n\n")

    def moved(at: int) -> int:
        n = bisect_right(starts, at)
        inside = max(0, cuts[n - 1][1] - at) if n else 0
        return min(len(text), at - lengths[n] + inside)

    spans = []
    for span in rich.spans:
        start, end = moved(span.start), moved(span.end)
        while start < end and text[start] == "\n":
            start += 1
        while start < end and text[end - 1] == "\n":
            end -= 1
        if start < end:
            spans.append(span.model_copy(update={"start": start, "end": end}))
    return Rich(text, tuple(spans), rich.media)


def _joined(cuts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Neighbours as one."""
    found: list[tuple[int, int]] = []
    for start, end in cuts:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
