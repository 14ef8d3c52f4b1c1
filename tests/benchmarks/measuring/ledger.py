"""The calls that Telegram received, kept small: the sandbox's own log holds whole messages, and forgets."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

from bot.sandbox import Call
from measuring.marks import marks

BULK = ("sendMessage", "editMessageText", "editMessageReplyMarkup")  # what Telegram's limits count
REFUSED = 429


@dataclass(frozen=True, slots=True)
class Entry:
    """A call that sends or edits, by the moment of its receipt. `status` 0: its connection was cut."""

    at: float
    method: str
    chat_id: int | None
    status: int
    was_done: bool  # the chat shows it, whatever the caller was told
    is_note: bool
    shows: dict[int, int]  # marks
    message_id: int | None  # of the message that it was carried out on

    @property
    def is_news(self) -> bool:
        return self.method == "sendMessage" and self.was_done and not self.is_note and bool(self.shows)


class Ledger:
    """Takes the place of the sandbox's log."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.unheard: set[tuple[int | None, int | None]] = set()  # chat and message: sent, and the sender not told
        self.deletions = 0

    def append(self, call: Call) -> None:
        if call.method == "deleteMessage":
            self.deletions += 1
        if call.method not in BULK:
            return
        shows = marks(str(call.params.get("text", "")))
        was_done = call.result is not None
        is_note = call.params.get("reply_parameters") is not None
        when = call.at.timestamp()
        message_id = call.result["message_id"] if was_done else None
        if was_done and call.status == 0 and call.method == "sendMessage":
            self.unheard.add((call.chat_id, message_id))
        entry = Entry(when, call.method, call.chat_id, call.status, was_done, is_note, shows, message_id)
        self.entries.append(entry)

    def __iter__(self) -> object:
        """For the sandbox, which shows its last calls where a wait was in vain."""
        return iter(())

    def summary(self) -> dict[str, float]:
        done = sorted(entry.at for entry in self.entries if entry.was_done)
        return {
            "received": len(self.entries),
            "sent": sum(entry.was_done and entry.method == "sendMessage" for entry in self.entries),
            "notes": sum(entry.was_done and entry.is_note for entry in self.entries),
            "edited": sum(entry.was_done and entry.method != "sendMessage" for entry in self.entries),
            "refused": sum(entry.status == REFUSED for entry in self.entries),
            "unheard": len(self.unheard),
            "busiest": self.busiest(),
            "first": done[0] if done else 0.0,
            "last": done[-1] if done else 0.0,
            "longest_pause": max((after - before for before, after in pairwise(done)), default=0.0),
        }

    def busiest(self) -> int:
        """The most calls in any one second, wherever it begins, whatever came of them."""
        at = sorted(entry.at for entry in self.entries)
        return max((bisect_right(at, moment) - bisect_right(at, moment - 1.0) for moment in at), default=0)

    def pause_after(self, moment: float) -> float:
        """From that moment, how long until the next call was carried out."""
        return min((entry.at - moment for entry in self.entries if entry.was_done and entry.at > moment), default=0.0)
