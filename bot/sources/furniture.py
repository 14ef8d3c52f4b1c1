"""What stands on a page and is no news: share buttons, "Updated at 12.50 BST", "Get short URL"."""

from __future__ import annotations

import re
from datetime import datetime

from bot.sources.dates import day_at_start, day_within
from bot.sources.timestamps import read_stamp

_BUTTON = re.compile(
    r"""(?: share | tweet | share[ ]this(?:[ ](?:article|story|post|update|page))? | like | print | save | e-?mail
      | share[ ](?:on|via|by)[ ][\w ,/&+-]{1,60} | (?:copy|get)[ ](?:short[ ]|the[ ])?(?:url|link)
      | (?:facebook|twitter|whatsapp|linkedin|telegram|reddit|pinterest|messenger|x(?=[ ,|/]))
        (?:[ ,|/]+(?:facebook|twitter|whatsapp|linkedin|telegram|reddit|pinterest|messenger|e-?mail|x))*
      | new[ ](?:messages|posts|updates) | advertis(?:e)?ment | loading(?:\.\.\.|…)? | (?:load|show|see|read)[ ]more
      | refresh | back[ ]to[ ]top | reuse[ ]this[ ]content | \d{1,5}[ ]comments? | click[ ]here[ ]to[ ]share[\w ]{0,40}
      | (?:video|photo|image):[ ]?/\S+ ) [.:>»→]?""",
    re.VERBOSE | re.IGNORECASE,
)
_TAIL = re.compile(r"\s?Click here to share on social media\.?\Z", re.IGNORECASE)
_STAMPED = re.compile(
    r"(?P<kind>(?:first |originally )?published|posted|edited|(?:last )?updated|(?:last )?modified)"
    r"(?: time| date| on| at)?\s?[:–-]?\s?(?=[\w(])",
    re.IGNORECASE,
)
# "22:35 GMT +324 February 2017": the moment of the visit, glued to a counter.
_VISIT = re.compile(r"\d{1,2}[:.]\d{2}(?: ?[A-Z]{2,4})? [+-]\d{2,4} \w{3,9} \d{4}")
_BYLINE = re.compile(r"by [A-Z][\w.'’-]*(?: [\w.'’-]+){0,5}(?: ?[-–—,:|].{0,60})?", re.IGNORECASE)


def is_furniture(words: str) -> bool:
    """Whether a line is a button, an advertisement or the page's own stamp."""
    if len(words) > 100:
        return False
    bare = words.strip("*_#[]() ")
    return bool(_BUTTON.fullmatch(bare) or _VISIT.fullmatch(bare)) or page_stamp(bare) is not None


def without_tail(words: str) -> str:
    """A button's words glued to the end of a sentence."""
    return words[: -len(tail[0])] if (tail := _TAIL.search(words, max(0, len(words) - 60))) else words


def is_byline(words: str) -> bool:
    return len(words) <= 100 and bool(_BYLINE.fullmatch(words))


def page_stamp(words: str, day_first: bool = True) -> tuple[str, datetime | None] | None:
    """What "Edited time: April 18, 2014 00:11" says: "edited" or "published", and the naive moment if it has a date."""
    words = words.strip("*_ ")
    match = _STAMPED.match(words) if len(words) <= 100 else None
    if match is None:
        return None
    kind = "published" if "publish" in match["kind"].lower() or "post" in match["kind"].lower() else "edited"
    rest = words[match.end() :]
    found = day_within(rest, day_first)
    if found is not None and found[0].year is not None:
        clock = read_stamp(rest[found[1] :].lstrip(" ,-–—|")) or read_stamp(rest)
        hour, minute = (clock.clock.hour, clock.clock.minute) if clock else (0, 0)
        return kind, datetime(found[0].year, found[0].month, found[0].day, hour, minute)  # noqa: DTZ001
    is_stamp = read_stamp(rest, day_first=day_first) is not None or day_at_start(rest, day_first)[0] is not None
    return (kind, None) if is_stamp or re.match(r"\d{1,2} ?\w{1,7} ago\b", rest) else None
