"""What a chat shows against what it should: each entry once, in its last revision, withdrawn ones marked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from measuring.marks import marks

WITHDRAWN = "Withdrawn"


class Expected(NamedTuple):
    """An entry as it stands on the page."""

    revision: int
    is_withdrawn: bool = False


class Seen(NamedTuple):
    """A message of the bot's. `former`: what it read before. A frozen one is of a chat that is no more."""

    text: str
    former: Sequence[str] = ()
    is_frozen: bool = False


@dataclass
class Verdict:
    """What is wrong in a chat, each an entry.

    A copy is a message more than the one that should be there. Copies are of calls whose outcome nobody knew; nobody
    has their ids, so they are not corrected either.
    """

    missing: list[int] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    not_withdrawn: list[int] = field(default_factory=list)
    copies: list[int] = field(default_factory=list)

    @property
    def is_true(self) -> bool:
        return not (self.missing or self.stale or self.not_withdrawn)


def judge(messages: Sequence[Seen], expected: Mapping[int, Expected]) -> Verdict:
    """`messages` without those that reply to another: notes quote what was wrong."""
    shown = [marks(message.text) for message in messages]
    verdict = Verdict()
    for entry, wanted in expected.items():
        if wanted.is_withdrawn:
            verdict.not_withdrawn += [entry] * _still_standing(messages, shown, entry)
            continue
        showing = [place for place, found in enumerate(shown) if entry in found]
        if not showing:
            verdict.missing.append(entry)
            continue
        verdict.copies += [entry] * (len(showing) - 1)
        is_stale = all(shown[place][entry] != wanted.revision for place in showing)
        if is_stale and not all(messages[place].is_frozen for place in showing):
            verdict.stale.append(entry)
    return verdict


def _still_standing(messages: Sequence[Seen], shown: Sequence[Mapping[int, int]], entry: int) -> bool:
    """No message that ever showed it says that it is withdrawn, and there is one; copies do not count."""
    those = [
        (message, found)
        for message, found in zip(messages, shown, strict=True)
        if not message.is_frozen and (entry in found or any(entry in marks(text) for text in message.former))
    ]
    return bool(those) and all(entry in found or WITHDRAWN not in message.text for message, found in those)
