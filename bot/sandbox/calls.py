"""The log of Bot API calls: what a bot asked, and what it was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `status` is the HTTP status that was answered, 0 where the connection was cut instead."""

    method: str
    params: dict[str, Any]
    chat_id: int | None
    at: datetime
    status: int
    description: str = ""
    result: Any = None

    @property
    def is_ok(self) -> bool:
        return self.status == 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered to a pressed button."""

    id: str
    text: str
    alert: bool
    user_id: int
    chat_id: int
