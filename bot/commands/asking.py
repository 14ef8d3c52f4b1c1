"""What a command is asked and what it answers, without a word of Telegram's library."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.delivery.answers import said
from bot.delivery.rendered import Rendered
from storage.database import Database
from storage.models import Chat, Page

NOT_AN_ADMINISTRATOR = "Only the administrators named in the configuration may do that."


@dataclass(frozen=True)
class Ask:
    """One request from a chat. `may_change` asks whether the person may change what the chat follows."""

    chat: Chat
    thread_id: int
    words: tuple[str, ...]
    now: datetime
    may_change: Callable[[], Awaitable[bool]]
    user_id: int | None = None

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True)
class Reply:
    """An answer. Without a message it is only the toast of a button, which a command is told in a message.

    In place: the pressed message turns into it.
    """

    rendered: Rendered | None = None
    toast: str | None = None
    in_place: bool = False
    only_buttons: bool = False


@dataclass(frozen=True)
class Desk:
    """What commands work with.

    `wake` tells the sender that somebody waits, `read_now` the watcher that a story is due; `bot_name` is the bot's
    user name. `preview` reads an address once: the page and a remark, or None and why it cannot be read. `rate` is how
    many messages a second may be sent over all chats.
    """

    database: Database
    bot_name: str
    wake: Callable[[], None]
    read_now: Callable[[], None]
    preview: Callable[[str], Awaitable[tuple[Page | None, str]]]
    admins: frozenset[int] = frozenset()
    rate: float = 28.0

    def is_run_by(self, ask: Ask) -> bool:
        """Whether an administrator asks whom the configuration names."""
        return ask.user_id is not None and ask.user_id in self.admins


Handler = Callable[[Desk, Ask], Awaitable[Reply]]
ButtonHandler = Callable[[Desk, Ask, tuple[int, ...]], Awaitable[Reply]]


def say(words: str) -> Reply:
    """A plain sentence."""
    return Reply(said(words))
