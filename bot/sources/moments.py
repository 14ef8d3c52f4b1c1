"""Moments as data gives them: ISO 8601 in all its forms, RFC 822, epoch seconds and milliseconds, bare digits.

For clocks as people print them see `timestamps`.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache

from bot.sources import zones

_ISO = re.compile(
    r"""(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})
        (?: (?:[T_]|[ ]{1,3})
            (?P<hour>\d{2}) (?: :?(?P<minute>\d{2}) (?: :?(?P<second>\d{2}) (?:[.,](?P<part>\d{1,12}))? )? )?
            [ ]? (?P<zone>Z|UTC|GMT|[+\-−]\d{2}(?::?\d{2})?)? (?:\[[\w/+-]{1,40}\])? )?""",
    re.VERBOSE | re.IGNORECASE,
)
_DIGITS = re.compile(r"[+-]?\d{1,20}(?:\.\d{1,12})?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\d{3})?")
_RFC822 = re.compile(r"(?:[A-Za-z]{3,9}\.?,?\s+)?\d{1,2}[\s-][A-Za-z]{3,9}\.?[\s-]\d{2,4}\s+\d{1,2}:\d{2}")
_MONTHS = {
    name: n
    for n, name in enumerate(("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1)
}
_PLAIN_RFC822 = re.compile(
    rf"(?:\w{{3}}, )?(\d{{1,2}}) ({'|'.join(_MONTHS)}) (\d{{4}}) (\d\d):(\d\d):(\d\d) (GMT|[+-]\d{{4}})", re.ASCII
)
_TRAILING_ZONE = re.compile(r"(?P<naive>.*\d)\s+(?P<zone>[A-Za-z]{1,5})\Z", re.DOTALL)
_LONGEST = 80


def read_moment(value: object, zone: str = "GMT") -> datetime | None:
    """The moment that a value of some document means, in UTC; None for what is none. `zone` is for naive ones."""
    try:
        moment = _read(value, zone)
        if moment is not None and moment.tzinfo is not UTC:
            moment = moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError, TypeError):  # 31 February, the year 0, 25 o'clock
        return None
    return moment if moment and 1990 <= moment.year < 2100 else None


def _read(value: object, zone: str) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=_zone(zone))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _of_number(value)
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    words = value.strip()
    if words[3:4] == "," and (plain := _PLAIN_RFC822.fullmatch(words)):
        return _of_plain_rfc822(plain)
    if words[10:11] == "T" and words[4:5] == "-" and words[19:20] in ("", "Z", "+", "-", "."):
        try:  # the plain form, ten times as fast
            moment = datetime.fromisoformat(words)
            return moment if moment.tzinfo else moment.replace(tzinfo=_zone(zone))
        except ValueError:
            pass
    if match := _ISO.fullmatch(words):
        return _of_iso(match, zone)
    if _DIGITS.fullmatch(words):
        compact = _COMPACT.fullmatch(words)
        return (_of_compact(compact, zone) if compact else None) or _of_number(float(words))
    return _of_rfc822(words, zone) if _RFC822.match(words) else None


def _of_number(value: float) -> datetime | None:
    """Seconds, milliseconds, microseconds or nanoseconds since 1970: whichever falls into our time."""
    if not math.isfinite(value):
        return None
    for unit in (1, 1e3, 1e6, 1e9):
        seconds = value / unit
        if 631_152_000 <= seconds < 4_102_444_800:  # 1990 to 2100
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return None


def _of_compact(match: re.Match[str], zone: str) -> datetime | None:
    """20160314191600, as against as many digits of an epoch."""
    year, month, day, hour, minute, second = map(int, match.groups())
    if not (1990 <= year < 2100 and 1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60):
        return None
    return datetime(year, month, day, hour, minute, second, tzinfo=_zone(zone))


def _of_iso(match: re.Match[str], zone: str) -> datetime:
    part = (match["part"] or "0")[:6].ljust(6, "0")
    hour, second = int(match["hour"] or 0), int(match["second"] or 0)
    moment = datetime(
        int(match["year"]), int(match["month"]), int(match["day"]),
        0 if hour == 24 else hour, int(match["minute"] or 0), min(second, 59), int(part),
        tzinfo=_offset(match["zone"]) if match["zone"] else _zone(zone),
    )  # fmt: skip
    return moment + timedelta(days=1) if hour == 24 else moment


def _of_plain_rfc822(match: re.Match[str]) -> datetime:
    """As in most feeds, and ten times as fast."""
    day, month, year, hour, minute, second, offset = match.groups()
    return datetime(
        int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=_offset(offset)
    )  # fmt: skip


def _of_rfc822(words: str, zone: str) -> datetime | None:
    """The standard library knows the American zones; the others are in our table."""
    if plain := _PLAIN_RFC822.fullmatch(words):
        return _of_plain_rfc822(plain)
    trailing = _TRAILING_ZONE.fullmatch(words)
    moment = parsedate_to_datetime(words)
    if trailing and trailing["zone"].upper() not in ("GMT", "UT", "UTC", "Z"):
        naive = parsedate_to_datetime(trailing["naive"] + " -0000").replace(tzinfo=None)
        named = zones.printed(trailing["zone"], _zone(zone), naive)
        return naive.replace(tzinfo=named or _zone(zone))
    if moment.tzinfo is None:
        has_zone = words.endswith("-0000")
        return moment.replace(tzinfo=UTC if has_zone else _zone(zone))
    return moment


@lru_cache(maxsize=256)
def _offset(printed: str) -> tzinfo:
    if printed.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = printed[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if printed[0] == "+" else -offset)


def _zone(name: str) -> tzinfo:
    return zones.named(name) or UTC
