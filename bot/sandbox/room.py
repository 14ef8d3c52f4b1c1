"""A chat as a place: what it is, who is in it, and what stands in it."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Literal

from bot.sandbox.formatting import Formatted
from bot.sandbox.keyboards import Markup
from bot.sandbox.model import Json, Message, Topic, User

if TYPE_CHECKING:
    from bot.sandbox.world import World

Kind = Literal["private", "group", "supergroup", "channel"]
Status = Literal["member", "administrator", "restricted", "left", "kicked"]

SHOWN_ON_PAGE = 200
MEMBER_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


class Room:
    """The state of one chat. Whatever changes it here is told to the chat page and to those who wait."""

    def __init__(
        self,
        world: World,
        chat_id: int,
        kind: Kind,
        title: str,
        owner: User,
        *,
        username: str | None = None,
        is_forum: bool = False,
        bot_status: Status = "member",
    ) -> None:
        self.world = world
        self.id = chat_id
        self.kind = kind
        self.title = title
        self.owner = owner
        self.username = username
        self.is_forum = is_forum
        self.bot_status: Status = bot_status
        self.members: dict[int, User] = {owner.id: owner}
        self.admins: set[int] = set()
        self.rights: dict[int, Json] = {}  # of administrators who have not all of them
        self.titles: dict[int, str] = {}
        self.restricted: dict[int, Json] = {}  # permissions, and until when
        self.banned: dict[int, int] = {}  # until when, in unix seconds; 0 is for ever
        self.permissions: Json = dict.fromkeys(MEMBER_RIGHTS, True)
        self.lost_rights: set[str] = set()  # of the bot, as an administrator
        self.topics: dict[int, Topic] = {}
        self.general = Topic(1, "General")
        self.is_general_hidden = False
        self.pinned: list[int] = []  # the newest pin last
        self.description = ""
        self.links: dict[str, Json] = {}
        self.requests: dict[int, str] = {}  # who asks to join, and by which link
        self.is_started = True
        self.is_deleted = False
        self.migrated_to: int | None = None
        self._messages: dict[int, Message] = {}
        self.next_id = 1
        world.chats[chat_id] = self  # type: ignore[assignment]  # only Chat is ever built

    @property
    def is_general_closed(self) -> bool:
        return self.general.closed

    @is_general_closed.setter
    def is_general_closed(self, closed: bool) -> None:
        self.general.closed = closed

    def __repr__(self) -> str:
        return f"<{self.kind} {self.title!r} {self.id}>"

    def bot_may(self, right: str) -> bool:
        """Whether the bot is an administrator with that right."""
        return self.bot_status == "administrator" and right not in self.lost_rights

    # --- reading --------------------------------------------------------------------------------------------------

    @property
    def raw(self) -> Json:
        """As the Bot API writes it."""
        if self.kind == "private":
            return {"id": self.id, "type": self.kind, "first_name": self.title}
        raw: Json = {"id": self.id, "type": self.kind, "title": self.title}
        if self.username:
            raw["username"] = self.username
        if self.is_forum:
            raw["is_forum"] = True
        return raw

    @property
    def view(self) -> Json:
        """As the chat page is told: the chat, and its newest messages."""
        return self.about | self.page_before(None)

    def page_before(self, message_id: int | None) -> Json:
        """The messages before that one (None: the newest), oldest first, and how many are older than they."""
        messages = self.messages
        end = len(messages) if message_id is None else bisect_left(messages, message_id, key=lambda one: one.id)
        start = max(0, end - SHOWN_ON_PAGE)
        return {"messages": [message.view for message in messages[start:end]], "older": start}

    @property
    def about(self) -> Json:
        """As the chat page is told, without what stands in it."""
        return {
            "id": self.id,
            "type": self.kind,
            "title": self.title,
            "is_forum": self.is_forum,
            "topics": [topic.raw for topic in self.topics.values()],
            "members": list(self.members),
            "owner": self.owner.id,
            "admins": sorted(self.admins | {self.owner.id}),
            "blocked": self.is_blocked,
            "bot_status": self.bot_status,
            "commands": self.world.menus.best(self),
        }

    @property
    def is_blocked(self) -> bool:
        """Whether a private chat's person blocked the bot, or it was put out of a group or channel."""
        return self.bot_status in {"kicked", "left"}

    @property
    def messages(self) -> list[Message]:
        """All messages that stand here, oldest first."""
        return list(self._messages.values())

    @property
    def shown(self) -> list[Message]:
        """The bot's messages, oldest first."""
        return [message for message in self._messages.values() if message.from_bot]

    def find(self, message_id: int | None) -> Message | None:
        return self._messages.get(message_id) if message_id is not None else None

    # --- changing -------------------------------------------------------------------------------------------------

    def take_id(self) -> int:
        taken, self.next_id = self.next_id, self.next_id + 1
        return taken

    def post(
        self,
        sender: User | None,
        content: Formatted,
        *,
        from_bot: bool = False,
        markup: Markup | None = None,
        thread: int | None = None,
        reply_to: int | None = None,
        silent: bool = False,
        link_preview: Json | None = None,
        protected: bool = False,
        service: Json | None = None,
        media: Json | None = None,
    ) -> Message:
        """Put a new message under the others."""
        message = Message(
            id=self.take_id(),
            chat=self,
            sender=None if self.kind == "channel" else sender,
            sent_at=self.world.now(),
            text=content.text,
            entities=content.entities,
            markup=markup,
            thread=thread,
            reply_to=reply_to,
            silent=silent,
            from_bot=from_bot,
            link_preview=link_preview,
            protected=protected,
            service=service or {},
            media=media or {},
        )
        self._messages[message.id] = message
        self._tell_page("message", message=lambda: message.view)
        return message

    def edit(
        self, message: Message, content: Formatted | None, markup: Markup | None, media: Json | None = None
    ) -> None:
        """Change a message; what is None stays, but for the buttons."""
        if media is not None:
            message.media = media
        if content is not None and tuple(content) != (message.text, message.entities):
            message.history.append(message.text)
            message.text, message.entities = content
        message.markup = markup
        message.edits += 1
        message.edited_at = self.world.now()
        self._tell_page("edited", message=lambda: message.view)

    def show(self, message: Message, media: Json) -> None:
        """Let a message show something else, without an edit: votes are counted, a place moves."""
        message.media = media
        self._tell_page("edited", message=lambda: message.view)

    def remove(self, message: Message) -> None:
        if self._messages.pop(message.id, None) is not None:
            if message.id in self.pinned:
                self.pinned.remove(message.id)
            self._tell_page("deleted", message_id=message.id)

    def announce(self) -> None:
        """Say that the chat itself is new, or has changed."""
        self.world.events.add("chat", chat=lambda: self.about)
        self.world.changed.fire()

    def _tell_page(self, kind: str, **data: object) -> None:
        self.world.events.add(kind, chat_id=self.id, **data)
        self.world.changed.fire()
