"""What people do in a chat: speak, press buttons, block the bot, put it out, close topics.

All of it reaches the bot as updates, as far as Telegram would tell it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.sandbox.entities import slice_utf16
from bot.sandbox.formatting import Formatted, format_text
from bot.sandbox.keyboards import buttons
from bot.sandbox.members import member_of
from bot.sandbox.model import ImpossibleError, Message, Topic, User
from bot.sandbox.room import Room, Status

T = TypeVar("T")


class Chat(Room):
    """A chat in the hands of the people in it."""

    # --- speaking -------------------------------------------------------------------------------------------------

    async def says(
        self, text: str, by: User | None = None, thread: int | None = None, reply_to: Message | int | None = None
    ) -> Message:
        """Someone (by default the person, or the owner) writes; the bot is told as far as it may see it."""
        self._check_can_speak(text, thread)
        author = by or self.owner
        if author.id not in self.members:
            self.add(author)
        replied = reply_to.id if isinstance(reply_to, Message) else reply_to
        message = self.post(author, format_text(text), thread=thread, reply_to=replied)
        if self._bot_sees(message):
            self.world.tell("channel_post" if self.kind == "channel" else "message", message.raw)
        return message

    async def rewrites(self, message: Message, text: str) -> Message:
        """The author of `message` edits it."""
        self.edit(message, format_text(text), message.markup)
        if self._bot_sees(message):
            kind = "edited_channel_post" if self.kind == "channel" else "edited_message"
            self.world.tell(kind, message.raw)
        return message

    def _check_can_speak(self, text: str, thread: int | None) -> None:
        if self.is_deleted or self.migrated_to is not None:
            raise ImpossibleError(f"The chat {self.title!r} is no more.")
        if thread is not None and thread not in self.topics:
            raise ImpossibleError(f"There is no topic {thread} in {self.title!r}.")
        if self.kind == "private":
            if self.bot_status == "kicked" and not text.startswith("/start"):
                raise ImpossibleError(f"{self.title} has blocked the bot; /start lets it in again.")
            self.unblock()
            self.is_started = True

    def _bot_sees(self, message: Message) -> bool:
        """In groups a bot with privacy mode sees what is meant for it: commands, and replies to what it said."""
        if self.bot_status in {"left", "kicked"}:
            return False
        is_open = self.kind in {"private", "channel"} or not self.world.has_privacy
        if is_open or self.bot_status == "administrator":
            return True
        replied = self.find(message.reply_to)
        return (replied is not None and replied.from_bot) or self._is_command(message)

    def _is_command(self, message: Message) -> bool:
        for entity in message.entities:
            if entity["type"] == "bot_command" and entity["offset"] == 0:
                _, _, addressee = slice_utf16(message.text, 0, entity["length"]).partition("@")
                return addressee.lower() in {"", (self.world.bot.username or "").lower()}
        return False

    # --- pressing -------------------------------------------------------------------------------------------------

    async def press(self, *target: Message | str, by: User | None = None) -> str:
        """`press("Older")` or `press(message, "Older")`: press the button with that label, or that data.

        Without a message it is the newest that has such a button. Returns the id of the callback query; what the bot
        answers to it stands in `sandbox.answers`.
        """
        label = str(target[-1])
        among = [part for part in target if isinstance(part, Message)] or self.messages[::-1]
        for message in among:
            for button in buttons(message.markup):
                if "callback_data" in button and label in {button["text"], button["callback_data"]}:
                    return self.press_data(message, button["callback_data"], by or self.owner)
        raise AssertionError(f"no button {label!r} in {self!r}: {[(m, m.buttons) for m in self.messages if m.buttons]}")

    def press_data(self, message: Message, data: str, by: User) -> str:
        """Press the button of `message` with that data, as the chat page does."""
        if data not in {button.get("callback_data") for button in buttons(message.markup)}:
            raise ImpossibleError("The message has no such button (any more).")
        press = self.world.pressed(by, self, message.id, data)
        update = {"id": press.id, "from": by.raw, "message": message.raw, "data": data}
        self.world.tell("callback_query", update | {"chat_instance": str(-self.id)})
        return press.id

    # --- who is in it ---------------------------------------------------------------------------------------------

    def add(self, user: User) -> None:
        """Someone joins."""
        self.members[user.id] = user
        self.announce()

    def promote(self, user: User | None = None) -> None:
        """Make someone (by default the bot) an administrator."""
        if user is None or user.id == self.world.bot.id:
            self._set_bot("administrator")
            return
        self.members[user.id] = user
        self.admins.add(user.id)
        self.announce()

    def demote(self, user: User) -> None:
        self.admins.discard(user.id)
        self.announce()

    def block(self) -> None:
        """The person blocks the bot."""
        self._set_bot("kicked")

    def unblock(self) -> None:
        """The person lets the bot write again."""
        if self.bot_status == "kicked":
            self._set_bot("member")

    def kick(self) -> None:
        """The bot is put out of the group or channel."""
        self._set_bot("kicked")

    def dismiss(self) -> None:
        """The bot is removed without being banned, or leaves by itself."""
        self._set_bot("left")

    def invite(self) -> None:
        """The bot is added (again): a member of a group, an administrator of a channel."""
        self._set_bot("administrator" if self.kind == "channel" else "member")

    def forbid(self) -> None:
        """The bot stays, but may not write."""
        self._set_bot("restricted")

    def allow(self) -> None:
        """Take `forbid` back."""
        self.invite()

    def _set_bot(self, status: Status) -> None:
        """Change what the bot is here, and tell it."""
        before = member_of(self, self.world.bot)
        self.bot_status = status
        after = member_of(self, self.world.bot)
        if before != after:
            change = {"chat": self.raw, "from": self.owner.raw, "date": int(self.world.now().timestamp())}
            self.world.tell("my_chat_member", change | {"old_chat_member": before, "new_chat_member": after})
            self.announce()

    # --- the end of a chat ----------------------------------------------------------------------------------------

    def delete(self) -> None:
        """The account or the chat is deleted."""
        self.is_deleted = True
        self.announce()

    def migrate(self) -> Chat:
        """The group becomes a supergroup: a new chat with a new id. The old one only points there."""
        if self.kind != "group":
            raise ImpossibleError("Only a group can become a supergroup.")
        new_id = self.world.new_chat_id("supergroup")
        new = Chat(self.world, new_id, "supergroup", self.title, self.owner, bot_status=self.bot_status)
        new.members, new.admins = dict(self.members), set(self.admins)
        self.migrated_to = new.id
        nothing = Formatted("", [])
        left = self.post(self.owner, nothing, service={"migrate_to_chat_id": new.id})
        self.world.tell("message", left.raw)
        arrived = new.post(self.owner, nothing, service={"migrate_from_chat_id": self.id})
        self.world.tell("message", arrived.raw)
        self.announce()
        new.announce()
        return new

    def forget(self, message: Message | int) -> None:
        """The reader or an administrator deletes a message; bots are not told."""
        found = self.find(message.id if isinstance(message, Message) else message)
        if found is not None:
            self.remove(found)

    # --- topics ---------------------------------------------------------------------------------------------------

    def topic(self, name: str) -> int:
        """The id of the topic of that name; it is made if there is none."""
        for topic in self.topics.values():
            if topic.name == name:
                return topic.id
        self.is_forum = True
        made = Topic(self.take_id(), name)
        self.topics[made.id] = made
        self.announce()
        return made.id

    def close_topic(self, topic_id: int) -> None:
        self._topic(topic_id).closed = True
        self.announce()

    def open_topic(self, topic_id: int) -> None:
        self._topic(topic_id).closed = False
        self.announce()

    def delete_topic(self, topic_id: int) -> None:
        """The topic goes, and its messages with it."""
        del self.topics[self._topic(topic_id).id]
        for message in [message for message in self.messages if message.thread == topic_id]:
            self.remove(message)
        self.announce()

    def _topic(self, topic_id: int) -> Topic:
        if topic_id not in self.topics:
            raise ImpossibleError(f"There is no topic {topic_id} in {self.title!r}.")
        return self.topics[topic_id]

    # --- waiting --------------------------------------------------------------------------------------------------

    async def until(self, predicate: Callable[[list[Message]], T], timeout: float = 10) -> T:  # noqa: ASYNC109  # reads better
        """Wait until `predicate(chat.messages)` is true, and return what it returned.

        A predicate may look at messages that are not there yet: an IndexError is a no. After `timeout` seconds an
        AssertionError shows what is in the chat.
        """
        try:
            async with asyncio.timeout(timeout):
                while True:
                    try:
                        if result := predicate(self.messages):
                            return result
                    except IndexError:
                        pass
                    await self.world.changed.wait()
        except TimeoutError:
            lines = "\n".join(f"  {message!r} {message.buttons}" for message in self.messages) or "  nothing"
            raise AssertionError(f"not within {timeout} s in {self!r}; there is:\n{lines}") from None
