"""How long a site asks us to wait before the next request: Cache-Control, Expires, Retry-After."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 3600.0  # seconds; a live page that asks for more is misconfigured
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


def wait(headers: Mapping[str, str], now: datetime) -> float | None:
    """The longest wait, in seconds, that a response asks for; None if it asks for none."""
    asked = [seconds for seconds in (_max_age(headers), _expires(headers, now), retry_after(headers, now)) if seconds]
    return max(asked, default=None)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Retry-After in seconds; it comes as seconds or as a date."""
    printed = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,10}(?:\.\d+)?", printed, re.ASCII):
        return min(float(printed), LONGEST)
    return _until(printed, headers, now)


def _max_age(headers: Mapping[str, str]) -> float | None:
    control = headers.get("Cache-Control", "")
    match = _MAX_AGE.search(control)
    if match is None or "no-cache" in control.lower() or "no-store" in control.lower():
        return None
    age = headers.get("Age", "").strip()
    spent = int(age) if re.fullmatch(r"\d{1,9}", age, re.ASCII) else 0
    return min(max(0.0, float(match[1]) - spent), LONGEST)


def _expires(headers: Mapping[str, str], now: datetime) -> float | None:
    return _until(headers.get("Expires", ""), headers, now)


def _until(printed: str, headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to an HTTP date, by the site's own clock where it tells it."""
    then, here = _date(printed), _date(headers.get("Date", "")) or now
    return min(max(0.0, (then - here).total_seconds()), LONGEST) if then else None


def _date(printed: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(printed)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
