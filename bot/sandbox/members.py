"""Who someone is in a chat, as getChatMember, my_chat_member and chat_member say it."""

from __future__ import annotations

from bot.sandbox.model import Json, User
from bot.sandbox.room import MEMBER_RIGHTS, Room

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",  # since Bot API 10.3, which clients already ask for
)
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics")
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")


def member_of(room: Room, user: User) -> Json:
    """The ChatMember of `user` in `room`."""
    status = _status(room, user)
    member: Json = {"user": user.raw, "status": status}
    title = {"custom_title": room.titles[user.id]} if user.id in room.titles else {}
    if status == "creator":
        return member | {"is_anonymous": False} | title
    if status == "administrator":
        return member | _admin_rights(room, user) | title
    if status == "restricted":
        return member | _restrictions(room, user)
    if status == "kicked":
        return member | {"until_date": room.banned.get(user.id, 0)}
    return member


def administrators(room: Room) -> list[Json]:
    """The owner, the administrators, and the bot if it is one."""
    users = [room.owner, *(room.world.users[user_id] for user_id in sorted(room.admins) if user_id != room.owner.id)]
    if room.bot_status == "administrator":
        users.append(room.world.bot)
    return [member_of(room, user) for user in users]


def _status(room: Room, user: User) -> str:
    if user.id == room.world.bot.id:
        return _bot_status(room)
    if room.kind == "private":
        return "member" if user.id == room.owner.id else "left"
    if user.id == room.owner.id:
        return "creator"
    if user.id in room.banned:
        return "kicked"
    if user.id in room.admins:
        return "administrator"
    if user.id in room.restricted:
        return "restricted"
    return "member" if user.id in room.members else "left"


def _bot_status(room: Room) -> str:
    # Rights taken from a bot in a channel leave it a mere member; only groups restrict.
    if room.bot_status == "restricted" and room.kind == "channel":
        return "member"
    return room.bot_status


def _restrictions(room: Room, user: User) -> Json:
    if user.id not in room.restricted:
        return {"is_member": True, "until_date": 0} | dict.fromkeys(MEMBER_RIGHTS, False)
    return {"is_member": user.id in room.members} | room.restricted[user.id]


def _admin_rights(room: Room, user: User) -> Json:
    own = CHANNEL_RIGHTS if room.kind == "channel" else GROUP_RIGHTS
    rights: Json = dict.fromkeys((*ADMIN_RIGHTS, *own), True)
    if room.kind != "channel":
        rights["can_manage_topics"] = room.is_forum
    is_bot = user.id == room.world.bot.id
    rights |= dict.fromkeys(room.lost_rights, False) if is_bot else room.rights.get(user.id, {})
    return rights | {"can_be_edited": is_bot, "is_anonymous": False}
