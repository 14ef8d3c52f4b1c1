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
    """A message of the bot's. `former`: what it read before. A frozen one is of a chat that is no more. An unheard one
    was sent by a call whose answer never came: the bot has no id of it, and can change nothing there.
    """

    text: str
    former: Sequence[str] = ()
    is_frozen: bool = False
    is_unheard: bool = False


@dataclass
class Verdict:
    """What is wrong in a chat, each an entry.

    A copy is a message more than the one that should be there, astray one that nobody can correct and that should be.
    """

    missing: list[int] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)
    not_withdrawn: list[int] = field(default_factory=list)
    copies: list[int] = field(default_factory=list)
    astray: list[int] = field(default_factory=list)

    @property
    def is_true(self) -> bool:
        return not (self.missing or self.stale or self.not_withdrawn)


def judge(messages: Sequence[Seen], expected: Mapping[int, Expected]) -> Verdict:
    """`messages` without those that reply to another: notes quote what was wrong."""
    verdict = Verdict()
    for entry, wanted in expected.items():
        showing = [each for each in messages if entry in marks(each.text)]
        can_change = [each for each in showing if not (each.is_frozen or each.is_unheard)]
        wrong = [each for each in showing if wanted.is_withdrawn or marks(each.text)[entry] != wanted.revision]
        verdict.astray += [entry] * sum(each.is_unheard for each in wrong)
        if wanted.is_withdrawn:
            verdict.not_withdrawn += [entry] * (not _is_withdrawn(entry, messages))
            continue
        verdict.copies += [entry] * (len(showing) - 1)
        if not showing:
            verdict.missing.append(entry)
        elif can_change and all(each in wrong for each in can_change):
            verdict.stale.append(entry)
    return verdict


def _is_withdrawn(entry: int, messages: Sequence[Seen]) -> bool:
    """No message shows it that could be changed, or one that did says that it is withdrawn; others are copies."""
    can_change = [each for each in messages if not (each.is_frozen or each.is_unheard)]
    standing = any(entry in marks(each.text) for each in can_change)
    told = any(WITHDRAWN in each.text and any(entry in marks(text) for text in each.former) for each in can_change)
    return told or not standing
