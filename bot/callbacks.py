"""What buttons send back: an action and numbers, in 64 bytes; no state is kept, so a restart loses none."""

from __future__ import annotations

import re
from enum import StrEnum

NUMBER = re.compile(r"\d{1,18}", re.ASCII)  # fits into the database's integers


class Act(StrEnum):
    """What a button asks for, and the numbers that go with it."""

    LATEST = "l"  # story
    OLDER = "o"  # story, entry
    NEWER = "n"  # story, entry
    SINCE = "h"  # story, minutes
    QUOTES = "q"  # story, and for a page the entry and place of a quote, and a side of it: everybody's
    SAID = "s"  # speaker, and for a page the same
    SPEAKERS = "p"  # story, offset
    FOLLOW = "f"  # story
    STOP = "x"  # story
    ONLY_KEY = "k"  # story
    EVERYTHING = "a"  # story
    FOLLOW_SPEAKER = "w"  # speaker
    UNFOLLOW_SPEAKER = "u"  # place in the list of those that the chat follows
    OPEN = "O"  # story, a draft
    CANCEL = "C"  # story, a draft
    CLOSE = "E"  # story
    PAUSE = "P"  # story
    RESUME = "R"  # story


def pack(act: Act, *numbers: int) -> str:
    return ":".join([act.value, *map(str, numbers)])


def unpack(data: str) -> tuple[Act, tuple[int, ...]] | None:
    """The action and its numbers; None for what no button of ours sends: an odd client can send anything."""
    name, *numbers = data.split(":")
    if name not in set(Act) or not all(NUMBER.fullmatch(number) for number in numbers):
        return None
    return Act(name), tuple(int(number) for number in numbers)
