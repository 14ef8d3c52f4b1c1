"""The methods of the Bot API, in one table: a function from the world and the parameters to a result.

To add a method, write its function and put it into METHODS. getUpdates waits, and is therefore in server.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors
from bot.sandbox.access import present_chat, thread_of, user_of, writable_chat
from bot.sandbox.calls import Answer
from bot.sandbox.errors import bad_request
from bot.sandbox.members import administrators, member_of
from bot.sandbox.menus import Command
from bot.sandbox.model import Json
from bot.sandbox.params import Params
from bot.sandbox.sending import delete_message, edit_message_reply_markup, edit_message_text, send_message

if TYPE_CHECKING:
    from bot.sandbox.world import World

Method = Callable[["World", Params], Any]

QUERY_LIFETIME = timedelta(seconds=60)
MAX_ANSWER = 200
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

# --- the bot itself ---------------------------------------------------------------------------------------------------


def get_me(world: World, _: Params) -> Json:
    return world.bot.raw | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.has_privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def nothing_to_do(_: World, __: Params) -> bool:
    """close and logOut: there is no other server to move to."""
    return True


def _setter(field: str, most: int) -> Method:
    def set_field(world: World, params: Params) -> bool:
        text = params.text(field)
        if len(text) > most:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        world.profile[_with_language(field, params)] = text
        return True

    return set_field


def _getter(field: str) -> Method:
    def get_field(world: World, params: Params) -> Json:
        default = world.bot.first_name if field == "name" else ""
        return {field: world.profile.get(_with_language(field, params)) or world.profile.get(field, default)}

    return get_field


def _with_language(field: str, params: Params) -> str:
    language = params.text("language_code")
    return f"{field}/{language}" if language else field


# --- menus ------------------------------------------------------------------------------------------------------------


def set_my_commands(world: World, params: Params) -> bool:
    world.menus.set(params.mapping("scope"), params.text("language_code"), params.json("commands"))
    _tell_page_commands(world)
    return True


def get_my_commands(world: World, params: Params) -> list[Command]:
    return world.menus.get(params.mapping("scope"), params.text("language_code"))


def delete_my_commands(world: World, params: Params) -> bool:
    world.menus.delete(params.mapping("scope"), params.text("language_code"))
    _tell_page_commands(world)
    return True


def _tell_page_commands(world: World) -> None:
    world.events.add("commands", commands=world.menus.best())
    world.changed.fire()


# --- chats ------------------------------------------------------------------------------------------------------------


def get_chat(world: World, params: Params) -> Json:
    chat = present_chat(world, params)
    full = chat.raw | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _NO_GIFTS}
    return full if chat.kind == "private" else full | {"permissions": {"can_send_messages": True}}


_NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def get_chat_member(world: World, params: Params) -> Json:
    return member_of(present_chat(world, params), user_of(world, params))


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    chat = present_chat(world, params)
    if chat.kind == "private":
        raise bad_request(errors.NO_ADMINISTRATORS)
    return administrators(chat)


def get_chat_member_count(world: World, params: Params) -> int:
    return len(present_chat(world, params).members) + 1


def leave_chat(world: World, params: Params) -> bool:
    chat = present_chat(world, params)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.dismiss()
    return True


def send_chat_action(world: World, params: Params) -> bool:
    chat = writable_chat(world, params)
    thread_of(chat, params)
    if params.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


# --- buttons ----------------------------------------------------------------------------------------------------------


def answer_callback_query(world: World, params: Params) -> bool:
    press = world.presses.get(params.text("callback_query_id"))
    if press is None or world.now() - press.at > QUERY_LIFETIME:
        raise bad_request(errors.QUERY_TOO_OLD)
    text = params.text("text")
    if len(text) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    world.answered(Answer(press.id, text, params.flag("show_alert"), press.user.id, press.chat.id))
    return True


# --- webhooks: updates are handed out by getUpdates only --------------------------------------------------------------


def set_webhook(_: World, params: Params) -> bool:
    if params.text("url"):
        raise bad_request("bad webhook: the sandbox hands out updates by getUpdates only")
    return True


def delete_webhook(world: World, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _: Params) -> Json:
    return {"url": "", "has_custom_certificate": False, "pending_update_count": len(world.updates)}


METHODS: dict[str, Method] = {
    "getMe": get_me,
    "close": nothing_to_do,
    "logOut": nothing_to_do,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name", 64),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description", 512),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description", 120),
    "getMyShortDescription": _getter("short_description"),
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "sendChatAction": send_chat_action,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
# Telegram does not look at the case of a method's name.
BY_LOWER_NAME = {name.lower(): (name, method) for name, method in METHODS.items()}
