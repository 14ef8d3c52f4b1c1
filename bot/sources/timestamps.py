"""Clocks as live pages print them: "19:16 GMT", "1800 GMT —", "8.33am:", "20m ago (08:53 GMT)Title".

Own rules, because the libraries are not reliable here: dateutil reads "8.33am" as 08:00 and fails on "17.20 GMT",
dateparser reads "1800 GMT" as the year 1800. What a clock means in UTC is settled later (`chronology`), when its date
is known. A stamp opens its line: a number in running text is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.sources import zones
from bot.sources.dates import Day, day_at_end, day_at_start, read_day

# Long enough for any stamp with its date and a second zone; what follows on the line is never searched.
_WINDOW = 160

_CLOCK = re.compile(
    r"""(?: (?P<hour>\d{1,2}) (?P<mark>[:.hH]) (?P<minute>\d{2}) (?: :(?P<second>\d{2}) (?:\.\d{1,6})? )?
          | (?P<bare>\d{1,2}) (?=\s?[ap]\.?m\b)
          | (?P<four>\d{4}) )
        (?! \d | [:.,%]\d | [-–/]\d | % )
        (?: \s? (?P<half>[ap])\.?m\b\.? | \s? (?P<word>hrs?|hours|h|Uhr)\b\.? )?""",
    re.VERBOSE | re.IGNORECASE,
)
_ZONE = re.compile(
    r"""\s? ,? \s? (?P<open>[(\[])? \s?
        (?: (?P<offset> (?:GMT|UTC|UT) (?:\s?[+\-−]|–) (?:\d{1,2}:\d{2}|\d{4}|\d{1,2}) (?!\d)
                      | [+\-−] \d{2}:?\d{2} (?!\d) )
          | (?P<place> [A-Za-z]{2,15} (?:[ ][A-Z][a-z]{1,12})? ) [ ] [tT]ime\b
          | (?<=,[ ]) (?P<country> UK\b )
          | (?P<short> (?:GMT|UTC|BST)(?=[A-Z"“‘'(\[]) | [A-Za-z]{1,5}(?![A-Za-z0-9]) ) )
        \s? (?(open) [)\]] )""",
    re.VERBOSE,
)
_OPENING = re.compile(r"(?P<link>\[)?(?P<bold>\*{1,3}|_{1,3}|`)?(?P<inner>\[)?(?P<round>\()?")
_AGO = re.compile(r"(?:just now|\d{1,3}\s?[a-z]{1,7}\.?(?:\s\d{1,2}\s?[a-z]{1,7})?\sago)\s?\(\s?", re.IGNORECASE)
_AGAIN = re.compile(r"\s?(?P<sep>/|\||,|\()\s?")
_CLOSING = re.compile(r"\s?\)")
_DIGIT = re.compile(r"\d")
_SEPARATOR = re.compile(r"\s*[:|–—]+\s*|\s*-{1,3}(?=\s|$|[A-Z\"“'])\s*")
_UNKNOWN_ZONE = re.compile(r"\s?[(\[]?([A-Z]{2,5})[)\]]?\s*:?")
_BROKEN = re.compile(r"\d{1,2}[:.]\d{2}\s?(?:GMT|UTC|[ap]m)?\s?:?", re.IGNORECASE)
_TARGET = re.compile(r"\s?[*_`]{0,3}\]\(([^()\s]{0,2000})\)")
_PUNCTUATION = frozenset(",;.)]%°/&+=")  # what follows a number inside a sentence


@dataclass(frozen=True)
class Clock:
    """A time of day. `zone` is as printed (None: the page does not say), `printed` the whole stamp as printed."""

    hour: int
    minute: int
    second: int = 0
    zone: str | None = None
    printed: str = ""

    @property
    def minutes(self) -> int:
        return self.hour * 60 + self.minute


@dataclass(frozen=True)
class Stamp:
    """The stamp that opens a line, and the rest of that line.

    `is_set_apart`: bold, a link, a separator or "ago" parts it from the rest, so that any text may follow.
    `is_glued`: the rest follows without a space. `trouble` says what could not be read of it.
    """

    clock: Clock
    rest: str = ""
    day: Day | None = None
    url: str | None = None
    is_set_apart: bool = False
    is_glued: bool = False
    trouble: str | None = None


def read_stamp(line: str, *, day_first: bool = True) -> Stamp | None:
    """The stamp at the beginning of `line`, which comes without its bullet; None where there is none."""
    opening = _OPENING.match(line)
    start = opening.end() if opening else 0
    if line[start : start + 1] == "" or not _may_begin(line[start : start + 20]):
        return None
    day, at = day_at_start(line[start : start + _WINDOW], day_first)
    ago = _AGO.match(line, start + at, start + at + _WINDOW)
    at = ago.end() if ago else start + at
    found = _clock_at(line, at)
    if found is None:
        return None
    clock, end, trouble = found
    if opening and opening["round"] and not _CLOSING.match(line, end):
        return None
    if ago:
        end = _past(line, end, _CLOSING)
    end = _skip_second_clocks(line, end)
    stamp = Stamp(clock=clock, day=day, is_set_apart=bool(ago), trouble=trouble)
    return _judge(_with_rest(line, end, opening, stamp), day_first)


def broken_stamp(line: str) -> str | None:
    """A line that is nothing but a stamp, and an impossible one ("25:61 GMT")."""
    words = line.strip("*_` ")
    if len(line) > 30 or not _BROKEN.fullmatch(words) or not ("GMT" in words or ":" in words):
        return None
    return words if read_stamp(line) is None else None


def _may_begin(head: str) -> bool:
    """A cheap look before the expensive ones; most lines are text."""
    return _DIGIT.search(head) is not None or head[:8].lower() == "just now"


def _clock_at(line: str, at: int) -> tuple[Clock, int, str | None] | None:
    match = _CLOCK.match(line, at, at + _WINDOW)
    if match is None:
        return None
    hour = int(match["hour"] or match["bare"] or match["four"][:2])
    minute = int(match["minute"] or (match["four"] or "0000")[2:])
    second = int(match["second"] or 0)
    if match["half"]:
        hour = _of_half(hour, match["half"].lower())
    if hour > 23 or minute > 59 or second > 59:
        return None
    zone, end, trouble = _zone_at(line, match.end())
    if match["four"] and not (zone or match["half"] or match["word"]):
        return None  # a year or a number of people
    printed = line[at:end].strip(" ,")
    return Clock(hour, minute, second, zone, printed), end, trouble


def _of_half(hour: int, half: str) -> int:
    if hour > 12:
        return hour
    return hour % 12 + (12 if half == "p" else 0)


def _zone_at(line: str, at: int) -> tuple[str | None, int, str | None]:
    match = _ZONE.match(line, at, at + 60)
    if match is None:
        return None, at, None
    if match["offset"]:
        return match["offset"].replace(" ", ""), match.end(), None
    if match["country"]:
        return match["country"], match.end(), None
    if match["place"]:
        place = match["place"]
        known = place.lower() == "local" or zones.of_place(place) is not None
        return (place, match.end(), None) if known else (None, at, None)
    if match["short"].lower() != "local" and zones.is_abbreviation(match["short"]):
        return match["short"].upper(), match.end(), None
    unknown = _UNKNOWN_ZONE.fullmatch(line.rstrip("* _"), at)
    if unknown:
        return None, line.index(unknown[1], at) + len(unknown[1]), f'the zone "{unknown[1]}" is not known'
    return None, at, None


def _skip_second_clocks(line: str, end: int) -> int:
    """ "05:58 GMT/ 23:58 CST", "19:16 GMT (22:16 MSK)": the first one wins."""
    for _ in range(3):
        again = _AGAIN.match(line, end, end + 10)
        second = _clock_at(line, again.end()) if again else None
        if again is None or second is None or second[0].zone is None:
            break
        end = _past(line, second[1], _CLOSING) if again["sep"] == "(" else second[1]
    return end


def _with_rest(line: str, end: int, opening: re.Match[str] | None, stamp: Stamp) -> Stamp:
    """Close what was opened before the clock (brackets, bold, a link), take the separator off, keep the rest."""
    link, bold = (opening["link"] or opening["inner"], opening["bold"]) if opening else (None, None)
    closed = _past(line, end, _CLOSING) if opening and opening["round"] else end
    at = _past(line, closed, _SEPARATOR)
    set_apart = stamp.is_set_apart or at > end
    url = None
    if link and (target := _TARGET.match(line, at)):
        url, at, set_apart, link = target[1], target.end(), True, None
    elif link and line.startswith("]", at):
        at, set_apart, link = _past(line, at + 1, _SEPARATOR), True, None
    if bold and line.startswith(bold, at):
        at, set_apart, bold = _past(line, at + len(bold), _SEPARATOR), True, None
    rest = line[at:]
    is_glued = rest[:1].strip() != "" and not line[at - 1].isspace()
    if (bold or link) and rest.strip():  # they go on: "**19:16 GMT, Title** text"
        rest, set_apart = (link or "") + (bold or "") + rest.lstrip(" ,"), True
    web = url if url and url.startswith(("http://", "https://")) else None
    return replace(stamp, rest=rest.strip(), url=web, is_set_apart=set_apart, is_glued=is_glued)


def _judge(stamp: Stamp, day_first: bool) -> Stamp | None:
    """Whether what follows lets this be a stamp, or shows it to be a number in a sentence."""
    rest = stamp.rest
    if not rest:
        return stamp
    if len(rest) < 60 and (day := read_day(rest.lstrip(",( ").rstrip(") "), day_first)):
        return replace(stamp, day=day, rest="", is_set_apart=True)
    if rest[0] in "+-" and day_at_end(rest[:_WINDOW], day_first):
        return None  # "22:35 GMT +324 February 2017": when the page was fetched, glued to a counter
    if rest[0] in _PUNCTUATION or (not stamp.is_set_apart and (rest[0].islower() or rest[0].isdigit())):
        return None
    return stamp


def _past(line: str, at: int, pattern: re.Pattern[str]) -> int:
    match = pattern.match(line, at)
    return match.end() if match else at
