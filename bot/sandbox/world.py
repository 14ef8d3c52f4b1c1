"""A Telegram in memory: who there is, what was said, and what the bot has not been told yet."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.sandbox import calls
from bot.sandbox.calls import Answer, Call
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.inline import Inline
from bot.sandbox.limits import Limits
from bot.sandbox.menus import Menus
from bot.sandbox.model import Json, Press, User
from bot.sandbox.signals import Signal
from bot.sandbox.updates import Updates
from bot.sandbox.webhooks import Webhooks

if TYPE_CHECKING:
    from bot.sandbox.chat import Chat

FIRST_USER = 5_000_001
FIRST_GROUP = -4_000_001
FIRST_CHANNEL = -1_001_000_000_001
MAX_PRESSES = 1000


class World:
    """Everything that the parts of the sandbox share. `changed` fires whenever something happened."""

    def __init__(self, now: Callable[[], datetime], bot: User, *, has_limits: bool, has_privacy: bool) -> None:
        self.now = now
        self.bot = bot
        self.has_privacy = has_privacy
        self.profile: dict[str, str] = {}
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.changed = Signal()
        self.updates = Updates(now)
        self.webhooks = Webhooks(self.updates, now, self.changed)
        self.files = Files()
        self.inline = Inline(self)
        self.events = Events()
        self.menus = Menus()
        self.limits = Limits(enabled=has_limits)
        self.faults = Faults()
        self.calls: deque[Call] = deque(maxlen=calls.KEPT)
        self.calls_made = 0  # polls are not counted
        self.called = Signal()
        self.answers: list[Answer] = []
        self.presses: dict[str, Press] = {}
        self.votes: dict[str, dict[int, tuple[int, ...]]] = {}  # by poll and person
        self.menu_buttons: dict[int | None, Json] = {}  # by private chat; None is for all others
        self.default_rights: dict[bool, Json] = {}  # True is for channels
        self._user_ids = itertools.count(FIRST_USER)
        self._group_ids = itertools.count(FIRST_GROUP, -1)
        self._channel_ids = itertools.count(FIRST_CHANNEL, -1)
        self._press_ids = itertools.count(4_000_000_000_000_001)
        self._poll_ids = itertools.count(6_000_000_000_000_001)
        self._group_numbers = itertools.count(13_000_000_000_000_001)
        self._call_ids = itertools.count(1)

    @property
    def people(self) -> list[User]:
        return [user for user in self.users.values() if not user.is_bot]

    def person(self, name: str) -> User:
        """The person of that name; new if there is none yet."""
        for user in self.people:
            if user.first_name == name:
                return user
        return self.new_user(name)

    def new_user(self, name: str) -> User:
        user = User(next(self._user_ids), name)
        self.users[user.id] = user
        self.events.add("user", user={"id": user.id, "first_name": user.first_name})
        return user

    def new_chat_id(self, kind: str) -> int:
        return next(self._group_ids if kind == "group" else self._channel_ids)

    def new_poll_id(self) -> str:
        return str(next(self._poll_ids))

    def new_group_id(self) -> str:
        """For the messages of one album."""
        return str(next(self._group_numbers))

    def new_call_id(self) -> int:
        return next(self._call_ids)

    def by_username(self, username: str) -> Chat | None:
        wanted = username.removeprefix("@").lower()
        return next((chat for chat in self.chats.values() if (chat.username or "").lower() == wanted), None)

    def tell(self, kind: str, payload: Json) -> None:
        """Queue an update for the bot."""
        self.updates.add(kind, payload)

    def pressed(self, user: User, chat: Chat, message_id: int, data: str) -> Press:
        press = Press(str(next(self._press_ids)), user, chat, message_id, data, self.now())
        self.presses[press.id] = press
        if len(self.presses) > MAX_PRESSES:
            del self.presses[next(iter(self.presses))]
        return press

    def answered(self, answer: Answer) -> None:
        self.answers.append(answer)
        self.events.add(
            "answer",
            callback_query_id=answer.id,
            user_id=answer.user_id,
            chat_id=answer.chat_id,
            text=answer.text,
            show_alert=answer.alert,
        )
        self.changed.fire()
