"""The nouns of a Telegram: people, topics and messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.sandbox.entities import Entity
from bot.sandbox.keyboards import Markup, buttons
from bot.sandbox.rendering import render_html

if TYPE_CHECKING:
    from bot.sandbox.room import Room

Json = dict[str, Any]

# An animation comes with a document of the same file, for old clients: so the document is last.
FILE_KINDS = ("photo", "video", "animation", "audio", "voice", "video_note", "sticker", "document")


class ImpossibleError(Exception):
    """A person cannot do that: the sentence says why."""


@dataclass(eq=False, slots=True)
class User:
    """A person, or the bot."""

    id: int
    first_name: str
    is_bot: bool = False
    username: str | None = None
    language_code: str = "en"

    @property
    def raw(self) -> Json:
        """As the Bot API writes it."""
        raw: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            raw["username"] = self.username
        if not self.is_bot:
            raw["language_code"] = self.language_code
        return raw


@dataclass(eq=False, slots=True)
class Topic:
    """A topic of a forum. The General topic is none of these: it has no thread."""

    id: int
    name: str
    closed: bool = False
    icon_color: int = 0x6FB9F0
    icon_custom_emoji_id: str = ""

    @property
    def raw(self) -> Json:
        """As the chat page is told."""
        return {"id": self.id, "name": self.name, "closed": self.closed}

    @property
    def described(self) -> Json:
        """As the Bot API writes it, but for the thread: name and icon."""
        icon = {"icon_custom_emoji_id": self.icon_custom_emoji_id} if self.icon_custom_emoji_id else {}
        return {"name": self.name, "icon_color": self.icon_color, **icon}


@dataclass(eq=False, slots=True)
class Message:
    """One message, as it stands now.

    `history` holds its former texts, oldest first; `edits` counts the edits, those of the buttons too. `reply_to` and
    `thread` are ids. `sender` is None for a post of a channel. `media` holds the fields of what it shows beside words
    (`{"photo": [...]}`): then `text` is its caption. `service` holds all further fields, and
    those of a service message.
    """

    id: int
    chat: Room
    sender: User | None
    sent_at: datetime
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    markup: Markup | None = None
    thread: int | None = None
    reply_to: int | None = None
    silent: bool = False
    from_bot: bool = False
    link_preview: Json | None = None
    protected: bool = False
    service: Json = field(default_factory=dict)
    media: Json = field(default_factory=dict)
    edits: int = 0
    edited_at: datetime | None = None
    history: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"<{'bot' if self.from_bot else 'person'} {self.id}: {self.text!r}>"

    @property
    def html(self) -> str:
        """Text and formatting, as Telegram HTML."""
        return render_html(self.text, self.entities)

    @property
    def buttons(self) -> list[str]:
        """The labels under the message, row after row."""
        return [str(button["text"]) for button in buttons(self.markup)]

    @property
    def raw(self) -> Json:
        """As the Bot API writes it."""
        raw = self._without_reply()
        replied = self.chat.find(self.reply_to) if self.reply_to is not None else None
        if replied is not None:
            # Telegram does not nest replies either.
            raw["reply_to_message"] = replied._without_reply()
        return raw

    @property
    def view(self) -> Json:
        """As the chat page is told: the raw message, and whether it came without a sound; of a file that was sent by
        its address, where that is."""
        view = self.raw | {"silent": self.silent}
        file = self.file if self.media else None
        stored = self.chat.world.files.find(file["file_id"]) if file else None
        return view | {"media_url": stored.url} if stored and stored.url else view

    @property
    def is_service(self) -> bool:
        """Whether it only tells what happened: nobody wrote it, and nobody can forward it."""
        return not self.text and not self.media

    def _without_reply(self) -> Json:
        raw: Json = {"message_id": self.id}
        if self.sender is not None:
            raw["from"] = self.sender.raw
        raw |= {"chat": self.chat.raw, "date": int(self.sent_at.timestamp())}
        if self.sender is None:
            raw["sender_chat"] = raw["chat"]
        if self.service:
            raw |= self.service
        if self.media:
            raw |= self.media
        if self.text:
            raw["caption" if self.media else "text"] = self.text
        if self.entities:
            raw["caption_entities" if self.media else "entities"] = self.entities
        if self.markup:
            raw["reply_markup"] = self.markup
        if self.thread is not None:
            raw["message_thread_id"] = self.thread
            if self.chat.is_forum:
                raw["is_topic_message"] = True
        if self.edited_at:
            raw["edit_date"] = int(self.edited_at.timestamp())
        if self.link_preview:
            raw["link_preview_options"] = self.link_preview
        if self.protected:
            raw["has_protected_content"] = True
        return raw

    @property
    def file(self) -> Json | None:
        """The file that the message shows (of a photo, the largest size), as the Bot API writes it."""
        for name in FILE_KINDS:
            if name in self.media:
                found = self.media[name]
                return dict(found[-1] if isinstance(found, list) else found)
        return None


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button that waits for an answer."""

    id: str
    user: User
    chat: Room
    message_id: int
    data: str
    at: datetime
