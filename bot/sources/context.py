"""What a format needs to know besides the bytes, and the one way in which reading can fail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Context:
    """The circumstances of one reading.

    `address` is where the bytes came from (an address or a file path); `now`, aware, is the moment of the reading;
    `timezone` is for stamps that name no zone; `content_type` is what the server said about the bytes.
    """

    address: str
    now: datetime
    timezone: str = "GMT"
    day_first: bool = True
    content_type: str | None = None


class UnreadablePage(Exception):
    """Nothing can be read here, and reading it again will not help; the message says what and where."""
