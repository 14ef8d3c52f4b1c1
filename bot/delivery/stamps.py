"""Times as the page prints them.

A page's stamp is text, "19:16 GMT" or "7.31pm BST", and its moment is known. Together they give away the page's zone
and manner, so that the bot can write any other moment the way the page would.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from bot.delivery.outside import plain
from bot.delivery.richtext import Rich, moment
from storage.models import Content, utc_timestamp

_CLOCK = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3])(?P<sep>[:.])(?P<minute>[0-5]\d)(?!\.?\d)(?::\d\d)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?(?:\s*\(?(?P<zone>(?-i:[A-Z]{1,5})(?:[+-]\d{1,2}(?::?\d\d)?)?)\b\)?)?",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\d{4}|\d[./-]\d{1,2}[./-]|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\b", re.IGNORECASE
)
_ISO = re.compile(r"\d{4}-\d\d-\d\dT")
_MONTHS = [  # not strftime: it follows the machine's language
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_RELATIVE = re.compile(r"\bago\b", re.IGNORECASE)
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Manner:
    """How a page writes a clock."""

    offset: timedelta = timedelta()
    sep: str = ":"
    half: str = ""  # "pm", "p.m." where it counts to twelve
    spaced: bool = False  # a blank before `half`
    zone: str = "GMT"

    @classmethod
    def of(cls, content: Content) -> Self:
        found = _clock(content.stamp)
        if found is None:
            return cls()
        hour = int(found["hour"])
        shown = hour % 12 + 12 * found["half"].lower().startswith("p") if found["half"] else hour
        utc = content.published_at.astimezone(UTC)
        minutes = (shown * 60 + int(found["minute"]) - utc.hour * 60 - utc.minute) % 1440
        if minutes % 15:
            return cls()  # a stamp that tells another moment tells no zone
        return cls(
            offset=timedelta(minutes=minutes - 1440 if minutes > 840 else minutes),
            sep=found["sep"],
            half=found["half"] or "",
            spaced=bool(found["half"]) and found[0][: found.start("half") - found.start()].endswith(" "),
            zone=(found["zone"] or "") if minutes or found["zone"] else "GMT",
        )

    def clock(self, when: datetime) -> str:
        local = when.astimezone(UTC) + self.offset
        zone = f" {self.zone}" if self.zone else ""
        if not self.half:
            return f"{local.hour:02d}{self.sep}{local.minute:02d}{zone}"
        half = ("p" if local.hour >= 12 else "a") + self.half[1:]
        return f"{(local.hour + 11) % 12 + 1}{self.sep}{local.minute:02d}{' ' * self.spaced}{half}{zone}"

    def date(self, when: datetime) -> str:
        local = when.astimezone(UTC) + self.offset
        return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def stamp(content: Content) -> str:
    """The page's own stamp, or its clock alone where it tells more ("20m ago (08:53 GMT)", a whole date) or none."""
    own = plain(content.stamp)
    if _clock(content.stamp) is None or _DATED.search(own) or _RELATIVE.search(own):
        return Manner.of(content).clock(content.published_at)
    return own


def short_time(content: Content) -> Rich:
    """When an update is from: "19:16 GMT"."""
    return moment(stamp(content), utc_timestamp(content.published_at))


def long_time(content: Content) -> Rich:
    """When an update is from, with its day: "14 March 2016, 19:16 GMT"."""
    manner = Manner.of(content)
    own = stamp(content)
    clock = manner.clock(content.published_at) if _DATED.search(own) else own
    words = f"{manner.date(content.published_at)}, {clock}"
    return moment(words, utc_timestamp(content.published_at), form="Dt")


def other_time(content: Content, when: datetime) -> Rich:
    """Another moment, written the way the page writes those of `content`."""
    return moment(Manner.of(content).clock(when), utc_timestamp(when))


def _clock(words: str) -> re.Match[str] | None:
    """The clock in a stamp that is fit to be shown."""
    return None if len(words) > _LONGEST or _ISO.search(words) else _CLOCK.search(words)
