"""What a process does: all of it, or a part where several processes share a database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, cast, get_args

Role = Literal["send", "watch", "answer"]
Roles = frozenset[Role]

ALL: Roles = frozenset(get_args(Role))
SEND, WATCH = "send", "watch"  # topics of bells: a log has grown; a story is to be read


def roles_of(names: Iterable[str]) -> Roles:
    """The roles with these names; "all" or no name stands for all. Raises ValueError with a sentence."""
    found: set[Role] = set()
    for name in names:
        if name != "all" and name not in ALL:
            raise ValueError(f"--role takes send, watch, answer or all, not {name}.")
        found |= ALL if name == "all" else {cast("Role", name)}
    return frozenset(found) or ALL


def name_of(roles: Roles) -> str:
    """The roles in a word or three, for people."""
    return "all" if roles == ALL else ", ".join(sorted(roles))
