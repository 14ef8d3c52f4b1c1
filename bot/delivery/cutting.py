"""Where a text may end: sentences, clauses, words, and never inside what the eye takes for one character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.delivery.richtext import Rich

FIRST_SENTENCE = 300  # code points that a first sentence may take

_CLOSING = "\"'”’»“)\\]」』"
_OPENING = "\"'“‘«„([「『"
_STOP = re.compile(rf"(?P<stop>[.!?…]+|[。！？]+)[{_CLOSING}]*|\n+")
_CLAUSE = re.compile(r"[,;:](?=\s)|\s[–—-](?=\s)|(?<=\w)—(?=\w)")
_WORD_BEFORE = re.compile(r"[^\s(\[\"'“‘«„]*$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_TITLES = _words(
    "mr mrs ms mx dr st prof gen lt col sgt cpl pte capt cmdr cdr adm maj brig sen rep gov pres rev fr hon messrs mme"
    " mlle sra supt insp det mt ft vs cf approx est ca e.g i.e op al dept univ"
)
_BEFORE_NUMBERS = _words("no nos p pp vol art sec fig ch para jan feb mar apr jun jul aug sep sept oct nov dec")
_MAY_END = _words("inc ltd co corp plc llc jr sr bros etc")
_STARTERS = _words(
    "a an the he she it they we you i his her its their our this that these those there in on at by but and so as if"
    " for from after before while when meanwhile later earlier however no not what who why how"
)


def first_sentence(text: str, limit: int = FIRST_SENTENCE) -> int:
    """The offset at which the first sentence ends; a longer one ends at a clause or a word before `limit`."""
    start = len(text) - len(text.lstrip())
    end = next((end for end in sentence_ends(text[: start + limit + 40]) if end > start), len(text.rstrip()))
    return end if end - start <= limit else _shortened(text, start, start + limit)


def ends_sentence(text: str, at: int) -> bool:
    """Whether `text[:at]` is whole sentences, or whole lines."""
    before = text[:at].rstrip()
    if not before or not text[at:].strip() or text[at:].lstrip(" ").startswith("\n"):
        return True
    return re.search(rf"[.!?…。！？:][{_CLOSING}]*$", before) is not None


def sentence_ends(text: str) -> Iterator[int]:
    """The offsets just after each sentence, closing quote marks included; a new line ends one too."""
    last = 0
    for found in _STOP.finditer(text):
        at = found.start() if found["stop"] is None else found.end()
        if text[last:at].strip() and (found["stop"] is None or _is_stop(text, found)):
            yield at
            last = at


def _is_stop(text: str, found: re.Match[str]) -> bool:
    after = text[found.end() : found.end() + 40]
    if not after or found["stop"][0] in "。！？":
        return True
    if not after[0].isspace():
        return False  # a decimal, an address, "...and"
    following = after.lstrip()
    if not following or "\n" in after[: len(after) - len(following)]:
        return True
    following = following.lstrip(_OPENING)
    if following[:1].islower():
        return False  # "Stop!" he said
    return found[0] != "." or not _is_abbreviation(text[max(0, found.start() - 30) : found.start()], following)


def _is_abbreviation(before: str, following: str) -> bool:
    """Whether the stop after `before` belongs to a short form: "Mr.", "U.S.", "J.", "No. 5"."""
    found = _WORD_BEFORE.search(before)
    word = found[0] if found else ""
    next_word = re.match(r"\w*", following)
    starts = next_word is not None and next_word[0].lower() in _STARTERS
    if word.lower() in _TITLES:
        return True
    if word.lower() in _BEFORE_NUMBERS:
        return following[:1].isdigit()
    if len(word) == 1 and word.isupper() and word != "I":
        return True
    return not starts and (word.lower() in _MAY_END or ("." in word and _INITIALS.fullmatch(word) is not None))


def _shortened(text: str, start: int, limit: int) -> int:
    """The last clause end in the second half before `limit`, else the last word's end, else a whole character's."""
    half = start + (limit - start) // 2
    clauses = [half + found.start() for found in _CLAUSE.finditer(text[half : limit + 1])]
    if clauses:
        return clauses[-1]
    at = max(text.rfind(" ", half, limit + 1), text.rfind("\n", half, limit + 1))
    at = at if at > half else whole_character(text, limit)
    return max(len(text[:at].rstrip(" \n,;:–—-")), start + 1)


def cut(rich: Rich, limit: int) -> tuple[Rich, bool]:
    """At most `limit` code points of a text, and whether it was cut.

    It ends with a sentence where one ends in the last third, else at a word, with "…".
    """
    if len(rich) <= limit:
        return rich, False
    if limit < 1:
        return Rich(), True
    ends = [end for end in sentence_ends(rich.text[: limit + 40]) if limit * 2 // 3 <= end <= limit]
    if ends:
        return rich.part(0, ends[-1]), True
    at = max(rich.text.rfind(blank, limit // 2, limit) for blank in " \n")
    at = at if at > 0 else whole_character(rich.text, limit - 1)
    return rich.part(0, len(rich.text[:at].rstrip(" \n,;:–—-"))) + "…", True


# --- characters -----------------------------------------------------------------------------------------------------

_JOINER = "\u200d"
_LONGEST = 32  # a longer "character" is a prank, and may be cut


def whole_character(text: str, at: int) -> int:
    """The nearest offset up to `at` that does not part a letter from its accents, or an emoji from its parts."""
    if at >= len(text):
        return len(text)
    for back in range(at, max(-1, at - _LONGEST), -1):
        if back == 0 or not _is_joined(text, back):
            return back
    return at


def _is_joined(text: str, at: int) -> bool:
    """Whether `text[at]` belongs to the character before it."""
    here, before = text[at], text[at - 1]
    if _JOINER in (before, here) or unicodedata.category(here).startswith("M"):
        return True
    if "\U0001f3fb" <= here <= "\U0001f3ff" or "\U000e0020" <= here <= "\U000e007f":
        return True  # skin tones, and the letters in the flags of Scotland and its like
    return _is_flag(here) and _flags_before(text, at) % 2 == 1


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flags_before(text: str, at: int) -> int:
    count = 0
    while count < at and count < 2 * _LONGEST and _is_flag(text[at - 1 - count]):
        count += 1
    return count
