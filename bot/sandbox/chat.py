"""What people do in a chat: speak, show files, press buttons, ask inline, vote, and bring it to an end.

All of it reaches the bot as updates, as far as Telegram would tell it. Who is in it: belonging.py; topics: forum.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from bot.sandbox.attachments import described
from bot.sandbox.entities import slice_utf16
from bot.sandbox.formatting import Formatted, format_caption, format_text
from bot.sandbox.forum import Forum
from bot.sandbox.inline import posted
from bot.sandbox.keyboards import buttons
from bot.sandbox.model import ImpossibleError, Json, Message, User
from bot.sandbox.params import Upload
from bot.sandbox.polls import vote

T = TypeVar("T")


class Chat(Forum):
    """A chat in the hands of the people in it."""

    # --- speaking -------------------------------------------------------------------------------------------------

    async def says(
        self, text: str, by: User | None = None, thread: int | None = None, reply_to: Message | int | None = None
    ) -> Message:
        """Someone (by default the person, or the owner) writes; the bot is told as far as it may see it."""
        author = self._author(text, by, thread)
        replied = reply_to.id if isinstance(reply_to, Message) else reply_to
        return self._heard(self.post(author, format_text(text), thread=thread, reply_to=replied))

    async def shows(
        self,
        kind: str,
        data: bytes,
        name: str = "",
        caption: str = "",
        by: User | None = None,
        thread: int | None = None,
        content_type: str = "",
    ) -> Message:
        """Someone sends a file: a photo, video, document, voice..., as `kind` says."""
        author = self._author(caption, by, thread)
        file = self.world.files.uploaded(kind, Upload(name, content_type, data))
        return self._heard(self.post(author, format_caption(caption), thread=thread, media=described(file)))

    async def shares(self, what: Json, by: User | None = None, thread: int | None = None) -> Message:
        """Someone sends something else than words and files: `{"location": {...}}`, `{"contact": {...}}`."""
        return self._heard(self.post(self._author("", by, thread), Formatted("", []), thread=thread, media=what))

    def _heard(self, message: Message) -> Message:
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

    def _author(self, text: str, by: User | None, thread: int | None) -> User:
        """Who writes; comes in first, if he is not in the chat yet."""
        self._check_can_speak(text, thread)
        author = by or self.owner
        if author.id in self.banned or not self.restricted.get(author.id, {"can_send_messages": True}).get(
            "can_send_messages"
        ):
            raise ImpossibleError(f"{author.first_name} may not write in {self.title!r}.")
        if author.id not in self.members:
            self.add(author)
        return author

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
        """In groups a bot with privacy mode sees what is meant for it: commands, replies to it, its inline results."""
        if self.bot_status in {"left", "kicked"}:
            return False
        is_open = self.kind in {"private", "channel"} or not self.world.has_privacy
        if is_open or self.bot_status == "administrator":
            return True
        if message.service.get("via_bot"):
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

    # --- asking inline --------------------------------------------------------------------------------------------

    def asks_inline(self, query: str, by: User | None = None, offset: str = "") -> str:
        """Someone types `@bot query`; returns the id of the inline query. The answer: `world.inline.answer_to(id)`."""
        return self.world.inline.ask(self, by or self.owner, query, offset)

    async def chooses(self, query_id: str, result_id: str) -> Message:
        """Who asked inline sends one of the results; the bot is told which."""
        asked = self.world.inline.asked(query_id)
        result = asked.result(result_id)
        author = self._author("", asked.user, None)
        content, markup, media = posted(self.world, result)
        service = {"via_bot": self.world.bot.raw}
        message = self.post(author, content, markup=markup, media=media, service=service)
        chosen = {"result_id": result_id, "from": asked.user.raw, "query": asked.query}
        if markup:
            chosen["inline_message_id"] = self.world.inline.note(message)
        self.world.tell("chosen_inline_result", chosen)
        return self._heard(message)

    # --- voting ---------------------------------------------------------------------------------------------------

    def votes(self, message: Message, *options: int, by: User | None = None) -> None:
        """Someone votes for these options, counted from 0; for none: takes the vote back."""
        vote(self.world, message, by or self.owner, options)

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
        new.members, new.admins, new.titles = dict(self.members), set(self.admins), dict(self.titles)
        new.banned, new.description, new.lost_rights = dict(self.banned), self.description, set(self.lost_rights)
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
