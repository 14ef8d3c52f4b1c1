"""Who someone is in a chat, as getChatMember and my_chat_member say it."""

from __future__ import annotations

from bot.sandbox.model import Json, User
from bot.sandbox.room import Room

_ADMIN_RIGHTS = (
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
)
_MEMBER_RIGHTS = (
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


def member_of(room: Room, user: User) -> Json:
    """The ChatMember of `user` in `room`."""
    status = _status(room, user)
    member: Json = {"user": user.raw, "status": status}
    if status == "creator":
        return member | {"is_anonymous": False}
    if status == "administrator":
        return member | _admin_rights(room, user)
    if status == "restricted":
        return member | {"is_member": True, "until_date": 0} | dict.fromkeys(_MEMBER_RIGHTS, False)
    if status == "kicked":
        return member | {"until_date": 0}
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
    if user.id in room.admins:
        return "administrator"
    return "member" if user.id in room.members else "left"


def _bot_status(room: Room) -> str:
    # Rights taken from a bot in a channel leave it a mere member; only groups restrict.
    if room.bot_status == "restricted" and room.kind == "channel":
        return "member"
    return room.bot_status


def _admin_rights(room: Room, user: User) -> Json:
    rights: Json = dict.fromkeys(_ADMIN_RIGHTS, True)
    if room.kind == "channel":
        rights |= {"can_post_messages": True, "can_edit_messages": True}
    else:
        rights |= {"can_pin_messages": True, "can_manage_topics": room.is_forum}
    return rights | {"can_be_edited": user.id == room.world.bot.id, "is_anonymous": False}
