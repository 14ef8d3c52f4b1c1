"""Who is in a chat: people come and go, are banned and made administrators; and what the bot itself is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from bot.sandbox.formatting import Formatted
from bot.sandbox.members import member_of
from bot.sandbox.model import ImpossibleError, Json, Message, User
from bot.sandbox.room import Room, Status

NOTHING = Formatted("", [])


class Belonging(Room):
    """A chat and those who belong to it."""

    def notes(self, by: User, what: Json, thread: int | None = None) -> Message:
        """A service message: what `by` did; the bot is told."""
        message = self.post(by, NOTHING, service=what, thread=thread)
        if not self.is_blocked:
            self.world.tell("channel_post" if self.kind == "channel" else "message", message.raw)
        return message

    # --- people ---------------------------------------------------------------------------------------------------

    def add(self, user: User) -> None:
        """Someone is in it from now on, without a word."""
        self.members[user.id] = user
        self.announce()

    def joins(self, user: User, by: User | None = None, link: Json | None = None, asked: bool = False) -> None:
        """Someone joins, or is added `by` a member."""
        if self.kind == "private":
            raise ImpossibleError("Nobody can join a private chat.")
        if user.id in self.banned:
            raise ImpossibleError(f"{user.first_name} is banned from {self.title!r}.")
        if user.id in self.members:
            return
        invited = {"invite_link": link} if link else {}
        with self._changes(user, by or user, **invited, **({"via_join_request": True} if asked else {})):
            self.members[user.id] = user
            self.requests.pop(user.id, None)
        if self.kind != "channel":
            self.notes(by or user, {"new_chat_members": [user.raw], "new_chat_member": user.raw})

    def leaves(self, user: User, by: User | None = None) -> None:
        """Someone leaves, or is put out `by` an administrator."""
        if user.id not in self.members:
            return
        with self._changes(user, by or user):
            self._forget_member(user)
        self._note_left(user, by)

    def ban(self, user: User, by: User | None = None, until: int = 0) -> None:
        """Someone is put out and cannot come back before `until`."""
        was_in = user.id in self.members
        with self._changes(user, by or self.owner):
            self._forget_member(user)
            self.banned[user.id] = until
        if was_in:
            self._note_left(user, by or self.owner)

    def unban(self, user: User, by: User | None = None) -> None:
        with self._changes(user, by or self.owner):
            self.banned.pop(user.id, None)

    def restrict(self, user: User, permissions: Json, by: User | None = None) -> None:
        """Someone may only do what `permissions` (with an `until_date`) say; all of them true is no restriction."""
        with self._changes(user, by or self.owner):
            if all(permissions.get(name) for name in self.permissions):
                self.restricted.pop(user.id, None)
            else:
                self.restricted[user.id] = permissions

    def promote(self, user: User | None = None, rights: Json | None = None, by: User | None = None) -> None:
        """Make someone (by default the bot) an administrator, with all rights or with these changes to them."""
        if user is None or user.id == self.world.bot.id:
            self._set_bot("administrator", {name for name, has in (rights or {}).items() if not has})
            return
        with self._changes(user, by or self.owner):
            self.members[user.id] = user
            self.admins.add(user.id)
            self.rights[user.id] = rights or {}

    def demote(self, user: User, by: User | None = None) -> None:
        with self._changes(user, by or self.owner):
            self.admins.discard(user.id)
            self.rights.pop(user.id, None)
            self.titles.pop(user.id, None)

    def _forget_member(self, user: User) -> None:
        self.members.pop(user.id, None)
        self.admins.discard(user.id)
        self.rights.pop(user.id, None)
        self.titles.pop(user.id, None)

    def _note_left(self, user: User, by: User | None) -> None:
        if self.kind != "channel":
            self.notes(by or user, {"left_chat_member": user.raw})

    @contextmanager
    def _changes(self, user: User, by: User, **more: Any) -> Iterator[None]:
        """What is done within changes who `user` is here: an administrator bot is told."""
        before = member_of(self, user)
        yield
        after = member_of(self, user)
        if before != after and self.bot_status == "administrator":
            self.world.tell("chat_member", self._changed(by, before, after) | more)
        self.announce()

    def _changed(self, by: User, before: Json, after: Json) -> Json:
        change = {"chat": self.raw, "from": by.raw, "date": int(self.world.now().timestamp())}
        return change | {"old_chat_member": before, "new_chat_member": after}

    # --- asking to join -------------------------------------------------------------------------------------------

    def asks_to_join(self, user: User, link: Json | None = None, bio: str = "") -> None:
        """Someone asks to be let in; a bot that may invite people is told."""
        if user.id in self.members or user.id in self.banned or self.kind == "private":
            raise ImpossibleError(f"{user.first_name} cannot ask to join {self.title!r}.")
        self.requests[user.id] = str(link["invite_link"]) if link else ""
        if self.bot_may("can_invite_users"):
            request = {"chat": self.raw, "from": user.raw, "user_chat_id": user.id}
            request["date"] = int(self.world.now().timestamp())
            more = {name: value for name, value in (("bio", bio), ("invite_link", link)) if value}
            self.world.tell("chat_join_request", request | more)

    def follows(self, user: User, invite_link: str) -> None:
        """Someone opens an invite link: joins, or asks to join."""
        link = self.links.get(invite_link)
        expires = (link or {}).get("expire_date", 0)
        if link is None or link["is_revoked"] or 0 < expires <= self.world.now().timestamp():
            raise ImpossibleError("The link has expired.")
        if link["creates_join_request"]:
            self.asks_to_join(user, link)
        else:
            self.joins(user, link=link)

    # --- the bot --------------------------------------------------------------------------------------------------

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

    def joined(self) -> None:
        """The bot is a mere member, of a channel too."""
        self._set_bot("member")

    def forbid(self) -> None:
        """The bot stays, but may not write."""
        self._set_bot("restricted")

    def allow(self) -> None:
        """Take `forbid` back."""
        self.invite()

    def take_rights(self, *names: str) -> None:
        """The bot stays an administrator, without these rights."""
        self._set_bot("administrator", self.lost_rights.union(names))

    def _set_bot(self, status: Status, lost_rights: Iterable[str] = ()) -> None:
        """Change what the bot is here, and tell it."""
        before = member_of(self, self.world.bot)
        self.bot_status, self.lost_rights = status, set(lost_rights)
        after = member_of(self, self.world.bot)
        if before != after:
            self.world.tell("my_chat_member", self._changed(self.owner, before, after))
            self.announce()
