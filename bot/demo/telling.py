"""What the terminal says while the demo runs: three lines to begin with, then a line for whatever happens."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.markup import escape

from bot.sandbox import Sandbox
from bot.sandbox.replay import Happening

STYLES = {"published": "green", "corrected": "yellow", "completed": "yellow", "withdrawn": "red"}
MARKS = {"published": "+", "corrected": "~", "completed": "~", "withdrawn": "-"}
DONE = {
    "sent": "message{} sent",
    "edited": "message{} edited",
    "notes": "correction{} told",
    "deleted": "message{} deleted",
    "refused": "call{} refused",
}
ONE = {"sent": "sent", "edited": "edited", "notes": "told", "deleted": "deleted", "refused": "refused"}
LONGEST = 90  # letters of what somebody typed


class Terminal(Console):
    """Whoever read the lines may go; the demo goes on in the browser."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (flushed when the program ends)


class Teller:
    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._console = Terminal(highlight=False, soft_wrap=True)
        self._seen = sandbox.world.events.last

    def invite(self, title: str, format: str) -> None:  # noqa: A002  (the config's own word)
        say, address = self._console.print, self._sandbox.address
        say(f"[bold]Dateline[/] replays “{escape(title)}” ({format}). No token, no account, all on this machine.")
        say(f"  1. Open  [bold cyan]{address}[/]  in a browser: on the left are chats, below is where you type.")
        say("  2. Type  [bold]/subscribe[/]  and press Enter. Updates come in, some are corrected, one is withdrawn.")
        say("  3. Ask   [bold]/latest[/]  or  [bold]/quotes[/] and a name; “Live page” steers it; Ctrl+C ends it.")

    @contextmanager
    def about(self, happened: Sequence[Happening], done: Counter[str]) -> Iterator[None]:
        """A line for whatever happened; the last is alive until all is delivered, then says what became of it."""
        before = done.copy()
        *others, line = (f"[{STYLES[one.kind]}]{MARKS[one.kind]}[/] {escape(str(one))}" for one in happened)
        for other in others:
            self._console.print(other)
        with self._console.status(line):
            yield
        became = ", ".join(f"{n} {ONE[name]}" for name in ONE if (n := done[name] - before[name]))
        self._console.print(f"{line}  [dim]({became or 'nothing to send'})[/]")

    async def follow_people(self) -> None:
        """A line for each command that somebody types, once it is answered."""
        events, asked = self._sandbox.world.events, dict[int, tuple[str, float]]()
        while True:
            for event in events.after(self._seen) or ():
                if event.data["type"] == "message":
                    self._heard(event.data["chat_id"], event.data["message"], asked)
            self._seen = events.last
            await events.changed.wait()

    def _heard(self, chat_id: int, message: dict[str, object], asked: dict[int, tuple[str, float]]) -> None:
        sender, text = message.get("from"), str(message.get("text", ""))
        is_bot = not isinstance(sender, dict) or bool(sender.get("is_bot"))
        if not is_bot and text.startswith("/"):
            name = sender["first_name"] if isinstance(sender, dict) else ""
            asked[chat_id] = f"{name}: {' '.join(text.split())[:LONGEST]}", monotonic()
        elif is_bot and chat_id in asked:
            words, since = asked.pop(chat_id)
            self._console.print(
                f"[cyan]?[/] {escape(words)}  [dim](answered in {(monotonic() - since) * 1000:.0f} ms)[/]"
            )

    def summary(self, done: Counter[str]) -> None:
        chats = sum(1 for chat in self._sandbox.chats if chat.shown)
        counted = ", ".join(_number(done[name], words) for name, words in DONE.items() if done[name]) or "nothing"
        self._console.print(f"The replay is over. Delivered to {_number(chats, 'chat{}')}: {counted}.")

    def goodbye(self) -> None:
        self._console.print("The demo has ended; nothing of it is kept.")


def _number(count: int, words: str) -> str:
    return f"{count} {words.format('' if count == 1 else 's')}"
