"""Dates as live pages print them: "14/03/2016", "- 14 March 2016", "Friday, April 18", "Baku, Azerbaijan, Nov. 24".

What a date looks like is decided here, so that words are not taken for dates; python-dateutil then reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from dateutil import parser as dateutil_parser

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_CORE = rf"""(?: (?P<iso>\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}) (?=$|[^\d\w]|T\d)
  | (?P<numbers>\d{{1,2}}(?P<dot>[./-])\d{{1,2}}(?P=dot)(?:\d{{4}}|\d{{2}})) (?!\d|[.:]\d)
  | (?P<words> \d{{1,2}}(?:st|nd|rd|th)?\.?[ ](?:of[ ])?{_MONTH}\b\.?(?:,?[ ]\d{{4}}\b(?![:.]\d))?
             | {_MONTH}\b\.?[ ]\d{{1,2}}(?:st|nd|rd|th)?\b(?![:.]\d)(?:,?[ ]\d{{4}}\b(?![:.]\d))? ) )"""
_FLAGS = re.VERBOSE | re.IGNORECASE
_DAY = re.compile(rf"(?:(?P<weekday>{_WEEKDAY})\b[.,]?[ ])?{_CORE}(?:,?[ ]\(?(?P<after>{_WEEKDAY})\b\)?)?", _FLAGS)
_PLACE = re.compile(rf"(?:(?!(?i:{_MONTH})\b)[A-Z][\w'’.-]{{0,30}}[ ,/]{{1,3}}){{1,5}}(?:[-–—(][ ]?)?(?=[A-Z\d])")
_ENDINGS = re.compile(r"[\s:.,)–—-]*")
_AT_END = re.compile(rf"{_CORE}\Z", _FLAGS)
_IN_ADDRESS = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?:(?P<gap>[/_-]?)(?P<month>0[1-9]|1[0-2])(?P=gap)(?P<day>0[1-9]|[12]\d|3[01])"
    r"|/(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/(?P<its>\d{1,2}))(?=\D|\d{6,}|\Z)",
    re.IGNORECASE,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_HALF_A_YEAR = timedelta(days=183)


@dataclass(frozen=True)
class Day:
    """A date as printed; the year may be left to the reader. `weekday` counts from Monday, 0."""

    day: int
    month: int
    year: int | None = None
    weekday: int | None = None

    def nearest(self, reference: date) -> date:
        """This date in the year that makes it nearest to `reference`, on the printed weekday if one can be found.

        A page tells of what was: no weekday takes a date years ahead.
        """
        if self.year is not None:
            return date(self.year, self.month, self.day)
        near = [found for year in range(reference.year - 12, reference.year + 2) if (found := self._in(year))]
        near = [found for found in near if found - reference < _HALF_A_YEAR]
        near.sort(key=lambda found: abs(found - reference))
        return next((found for found in near if self.weekday in (None, found.weekday())), near[0])

    def _in(self, year: int) -> date | None:
        try:
            return date(year, self.month, self.day)
        except ValueError:  # 29 February
            return None


def read_day(line: str, day_first: bool = True, *, with_place: bool = False) -> Day | None:
    """The date that a whole line consists of. `with_place`: a dateline's town may stand before it."""
    if len(line) > 80:
        return None
    words = line.strip("#*_ \t[]()")
    place = _PLACE.match(words) if with_place else None
    for start in (0, place.end()) if place else (0,):
        match = _DAY.match(words, start)
        if match and _ENDINGS.fullmatch(words, match.end()):
            return _to_day(match, day_first)
    return None


def day_at_start(line: str, day_first: bool = True) -> tuple[Day | None, int]:
    """The date before a clock on one line ("14 March 2016, 19:16 GMT"), and where the clock begins."""
    match = _DAY.match(line)
    day = _to_day(match, day_first) if match else None
    if match is None or day is None:
        return None, 0
    gap = re.compile(r"(?:T(?=\d)|[\s,–—|-]{1,4}(?:at )?)").match(line, match.end())
    return (day, gap.end()) if gap else (None, 0)


def day_at_end(line: str, day_first: bool = True) -> Day | None:
    match = _AT_END.search(line)
    return _to_day(match, day_first) if match else None


def day_within(line: str, day_first: bool = True) -> tuple[Day, int] | None:
    """The first date in a line, and where it ends."""
    for match in _DAY.finditer(line[:200]):
        if day := _to_day(match, day_first):
            return day, match.end()
    return None


def date_in_address(address: str) -> date | None:
    """The last date in an address: "/2015/11/14/", "/2015/nov/14/", "201511141030072379-paris", "paris-2015-11-14"."""
    found = [day for match in _IN_ADDRESS.finditer(address[-500:]) if (day := _addressed(match))]
    return found[-1] if found else None


def _addressed(match: re.Match[str]) -> date | None:
    month = int(match["month"] or _MONTHS.index(match["name"].lower()) + 1)
    try:
        return date(int(match["year"]), month, int(match["day"] or match["its"]))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _parsed(words: str, day_first: bool) -> date:
    return dateutil_parser.parse(
        words.replace(" of ", " "),
        dayfirst=day_first,
        default=datetime(2000, 1, 1),  # noqa: DTZ001  (a leap year, for 29 February)
    ).date()


def _to_day(match: re.Match[str], day_first: bool) -> Day | None:
    groups = match.groupdict()
    try:
        if groups["iso"]:  # dateutil would turn 2016-03-04 into 3 April when asked for the day first
            year, month, day = map(int, re.split(r"[-/.]", groups["iso"]))
            found = date(year, month, day)
        else:
            found = _parsed((groups["numbers"] or groups["words"]).lower(), day_first)
    except (ValueError, OverflowError):
        return None
    has_year = bool(groups["iso"] or groups["numbers"] or re.search(r"\d{4}", groups["words"]))
    if has_year and not 1970 <= found.year <= 2100:
        return None
    printed = groups.get("weekday") or groups.get("after")
    weekday = next((n for n, name in enumerate(_WEEKDAYS) if printed and name.startswith(printed.lower()[:3])), None)
    return Day(found.day, found.month, found.year if has_year else None, weekday)
