"""The log of Bot API calls: what a bot asked, and what it was told.

A call is logged when it is answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

KEPT = 20_000
GET_UPDATES = "getUpdates"
MAX_SHOWN = 300  # characters of one text


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
    id: int = 0
    ms: float = 0.0
    warnings: tuple[str, ...] = ()

    @property
    def is_ok(self) -> bool:
        return self.status == 200

    @property
    def view(self) -> dict[str, Any]:
        """As a program or the chat page is told."""
        return {
            "id": self.id,
            "at": self.at.timestamp(),
            "method": self.method,
            "chat_id": self.chat_id,
            "status": self.status,
            "ms": round(self.ms, 2),
            "description": self.description,
            "params": _shortened(self.params),
            "warnings": list(self.warnings),
        }


def _shortened(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= MAX_SHOWN else value[:MAX_SHOWN] + "…"
    if isinstance(value, dict):
        return {str(name): _shortened(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered to a pressed button."""

    id: str
    text: str
    alert: bool
    user_id: int
    chat_id: int
