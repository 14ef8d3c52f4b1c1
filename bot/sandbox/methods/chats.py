"""What a chat is called and what is known of it and of those in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.access import governed_chat, message_id_of, present_chat, thread_of, user_of, writable_chat
from bot.sandbox.attachments import attached
from bot.sandbox.errors import bad_request
from bot.sandbox.members import administrators, member_of
from bot.sandbox.model import Json
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.world import World

MAX_TITLE = 128
MAX_DESCRIPTION = 255
CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def get_chat(world: World, params: Params) -> Json:
    chat = present_chat(world, params)
    full = chat.raw | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
    pinned = chat.find(chat.pinned[-1]) if chat.pinned else None
    if pinned is not None:
        full["pinned_message"] = pinned.raw
    if chat.kind == "private":
        return full
    full |= {"permissions": dict(chat.permissions), "available_reactions": []}
    if chat.description:
        full["description"] = chat.description
    primary = [link["invite_link"] for link in chat.links.values() if link["is_primary"] and not link["is_revoked"]]
    if primary and chat.bot_may("can_invite_users"):
        full["invite_link"] = primary[-1]
    return full


def get_chat_member(world: World, params: Params) -> Json:
    return member_of(present_chat(world, params), user_of(world, params))


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    chat = present_chat(world, params)
    if chat.kind == "private":
        raise bad_request(errors.NO_ADMINISTRATORS)
    return administrators(chat)


def get_chat_member_count(world: World, params: Params) -> int:
    return len(present_chat(world, params).members) + 1


def send_chat_action(world: World, params: Params) -> bool:
    chat = writable_chat(world, params)
    thread_of(chat, params)
    if params.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def set_chat_title(world: World, params: Params) -> bool:
    title = params.text("title").strip()
    if not title:
        raise bad_request("title can't be empty")
    chat = governed_chat(world, params, "can_change_info", errors.NO_RIGHT_TO_CHANGE_TITLE)
    if title[:MAX_TITLE] == chat.title:
        raise bad_request("chat title is not modified")
    chat.title = title[:MAX_TITLE]
    chat.notes(world.bot, {"new_chat_title": chat.title})
    chat.announce()
    return True


def set_chat_description(world: World, params: Params) -> bool:
    description = params.text("description").strip()[:MAX_DESCRIPTION]
    chat = governed_chat(world, params, "can_change_info", errors.NO_RIGHT_TO_DESCRIBE)
    if description == chat.description:
        raise bad_request("chat description is not modified")
    chat.description = description
    chat.announce()
    return True


def set_chat_photo(world: World, params: Params) -> bool:
    chat = governed_chat(world, params, "can_change_info", errors.NO_RIGHT_TO_CHANGE_PHOTO)
    if "photo" not in params.uploads:
        raise bad_request("there is no photo in the request")
    photo = attached(world, "photo", params, "photo")
    chat.notes(world.bot, {"new_chat_photo": [{**photo.raw, "width": 640, "height": 640}]})
    return True


def delete_chat_photo(world: World, params: Params) -> bool:
    chat = governed_chat(world, params, "can_change_info", errors.NO_RIGHT_TO_CHANGE_PHOTO)
    chat.notes(world.bot, {"delete_chat_photo": True})
    return True


def set_message_reaction(world: World, params: Params) -> bool:
    """Reactions are switched off in all chats here: only taking them away is no mistake."""
    message_id = message_id_of(params)
    chat = present_chat(world, params)
    if chat.find(message_id) is None:
        raise bad_request(errors.REACT_NOT_FOUND)
    if params.json("reaction"):
        raise bad_request("REACTION_INVALID")
    return True


def get_user_profile_photos(world: World, params: Params) -> Json:
    """Nobody has any here."""
    user_of(world, params)
    return {"total_count": 0, "photos": []}
