"""Time zones as pages print them: "GMT", "ET", "GMT+4", "+05:30", "Moscow time".

An abbreviation is looked up in an IANA zone, so that daylight saving and history come out right: MSK was four hours
ahead in 2014. "EST" in July still means what it says, five hours behind; "ET" follows the season.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_GENERIC = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
    "EASTERN": "America/New_York", "CENTRAL": "America/Chicago", "MOUNTAIN": "America/Denver",
    "PACIFIC": "America/Los_Angeles",
}  # fmt: skip
_COUNTRIES = {"UK": "Europe/London"}  # "15:08, UK"
_ABBREVIATIONS = _GENERIC | {
    "BST": "Europe/London", "WET": "Europe/Lisbon", "WEST": "Europe/Lisbon", "CET": "Europe/Paris",
    "CEST": "Europe/Paris", "EET": "Europe/Athens", "EEST": "Europe/Athens", "MSK": "Europe/Moscow",
    "MSD": "Europe/Moscow", "TRT": "Europe/Istanbul", "EST": "America/New_York", "EDT": "America/New_York",
    "CST": "America/Chicago", "CDT": "America/Chicago", "MST": "America/Denver", "MDT": "America/Denver",
    "PST": "America/Los_Angeles", "PDT": "America/Los_Angeles", "AKST": "America/Anchorage",
    "AKDT": "America/Anchorage", "HST": "Pacific/Honolulu", "AST": "America/Halifax", "ADT": "America/Halifax",
    "NST": "America/St_Johns", "NDT": "America/St_Johns", "BRT": "America/Sao_Paulo", "SAST": "Africa/Johannesburg",
    "WAT": "Africa/Lagos", "CAT": "Africa/Harare", "EAT": "Africa/Nairobi", "IST": "Asia/Kolkata",
    "IDT": "Asia/Jerusalem", "PKT": "Asia/Karachi", "GST": "Asia/Dubai", "NPT": "Asia/Kathmandu",
    "ICT": "Asia/Bangkok", "WIB": "Asia/Jakarta", "SGT": "Asia/Singapore", "HKT": "Asia/Hong_Kong",
    "JST": "Asia/Tokyo", "KST": "Asia/Seoul", "PHT": "Asia/Manila", "AWST": "Australia/Perth",
    "ACST": "Australia/Adelaide", "ACDT": "Australia/Adelaide", "AEST": "Australia/Sydney",
    "AEDT": "Australia/Sydney", "NZST": "Pacific/Auckland", "NZDT": "Pacific/Auckland",
}  # fmt: skip
_UTC = frozenset({"GMT", "UTC", "UT", "Z"})
# Written in small letters these are no English words.
_SAFE_IN_SMALL = frozenset({"GMT", "UTC", "BST", "CET", "CEST", "EST", "EDT", "CST", "PST", "PDT", "MSK", "IST"})

_OFFSET = re.compile(r"(?:GMT|UTC|UT)?\s?([+\-−–])(\d{1,2}?)(?::?(\d{2}))?", re.IGNORECASE)
_REGIONS = ("Europe", "Asia", "America", "Africa", "Australia", "Pacific", "Atlantic", "Indian")


def is_abbreviation(name: str) -> bool:
    """Whether these letters after a clock name a zone that we know."""
    upper = name.upper()
    return (upper in _UTC or upper in _ABBREVIATIONS) and (name == upper or upper in _SAFE_IN_SMALL)


@lru_cache(maxsize=256)
def named(name: str) -> tzinfo | None:
    """The zone of a story's `timezone` setting: an IANA name, an abbreviation or an offset."""
    if (fixed := _fixed(name)) is not None:
        return fixed
    return _iana(_ABBREVIATIONS.get(name.upper(), name))


@lru_cache(maxsize=256)
def of_place(place: str) -> tzinfo | None:
    """The zone of a city, as in "Moscow time"; US zones too ("Eastern time"), and countries that have one."""
    if key := (_GENERIC | _COUNTRIES).get(place.upper()):
        return _iana(key)
    city = place.replace(" ", "_")
    return next((zone for region in _REGIONS if (zone := _iana(f"{region}/{city}"))), None)


@lru_cache(maxsize=4096)
def printed(name: str, default: tzinfo, at: datetime) -> tzinfo | None:
    """The zone that `name` means on a page whose own zone is `default`, at the local time `at`. None: not known.

    An abbreviation that the page's own zone uses means that zone: IST in Dublin is not IST in Delhi.
    """
    if (fixed := _fixed(name)) is not None:
        return fixed
    upper = name.upper()
    if upper == "LOCAL":
        return default
    if (own := _season(default, upper, at)) is not None:
        return own
    if upper not in _ABBREVIATIONS:
        return of_place(name)
    zone = _iana(_ABBREVIATIONS[upper])
    return zone if zone is None or upper in _GENERIC else _season(zone, upper, at) or zone


def _fixed(name: str) -> tzinfo | None:
    if name.upper() in _UTC:
        return UTC
    match = _OFFSET.fullmatch(name)
    if match is None:
        return None
    sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > timedelta(hours=14) or int(minutes or 0) > 59:
        return None
    return timezone(offset if sign == "+" else -offset)


def _season(zone: tzinfo, abbreviation: str, at: datetime) -> tzinfo | None:
    """The offset which the zone calls by this abbreviation: the one in force, else the year's other one."""
    for moment in (at, datetime(at.year, 1, 1), datetime(at.year, 7, 1)):  # noqa: DTZ001  (the zone is given below)
        here = moment.replace(tzinfo=zone)
        if here.tzname() == abbreviation:
            return timezone(here.utcoffset() or timedelta(0), abbreviation)
    return None


@lru_cache(maxsize=1024)
def _iana(key: str) -> tzinfo | None:
    if not re.fullmatch(r"[A-Za-z0-9_+\-]{1,30}(?:/[A-Za-z0-9_+\-]{1,30}){0,2}", key):
        return None
    try:
        return ZoneInfo(key)
    except (OSError, ValueError, KeyError):  # not there, a folder of zones, or no zone file
        return None
