"""What an administrator bot does to members: ban, restrict, promote; and what members may do at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import errors
from bot.sandbox.access import governed_chat, present_chat, user_of
from bot.sandbox.errors import bad_request
from bot.sandbox.members import ADMIN_RIGHTS, CHANNEL_RIGHTS, GROUP_RIGHTS
from bot.sandbox.model import Json, User
from bot.sandbox.params import Params
from bot.sandbox.room import MEMBER_RIGHTS

if TYPE_CHECKING:
    from bot.sandbox.chat import Chat
    from bot.sandbox.world import World

MAX_TITLE = 16


def ban_chat_member(world: World, params: Params) -> bool:
    chat, user = _target(world, params)
    chat.ban(user, by=world.bot, until=params.clamped("until_date", 0, 0, 2**31 - 1))
    return True


def unban_chat_member(world: World, params: Params) -> bool:
    """As on Telegram this puts a member out, unless `only_if_banned`."""
    chat, user = _target(world, params)
    if user.id in chat.banned:
        chat.unban(user, by=world.bot)
    elif not params.flag("only_if_banned"):
        chat.leaves(user, by=world.bot)
    return True


def restrict_chat_member(world: World, params: Params) -> bool:
    permissions = _permissions(params)
    chat, user = _target(world, params)
    if chat.kind != "supergroup":
        raise bad_request("method is available only for supergroups")
    chat.restrict(user, permissions | {"until_date": params.clamped("until_date", 0, 0, 2**31 - 1)}, by=world.bot)
    return True


def promote_chat_member(world: World, params: Params) -> bool:
    """Without any right it takes them all away."""
    chat = governed_chat(world, params, "can_promote_members", errors.NO_RIGHT_TO_PROMOTE)
    user = user_of(world, params)
    _check_not_owner(chat, user)
    own = CHANNEL_RIGHTS if chat.kind == "channel" else GROUP_RIGHTS
    rights = {name: params.flag(name) for name in (*ADMIN_RIGHTS, *own)}
    if any(rights.values()):
        chat.promote(user, rights | {"can_manage_chat": True}, by=world.bot)
    else:
        chat.demote(user, by=world.bot)
    return True


def set_custom_title(world: World, params: Params) -> bool:
    chat = governed_chat(world, params, "can_promote_members", errors.NO_RIGHT_TO_PROMOTE)
    user, title = user_of(world, params), params.text("custom_title")
    if user.id not in chat.admins:
        raise bad_request("user is not an administrator")
    if len(title) > MAX_TITLE:
        raise bad_request("ADMIN_RANK_INVALID")
    chat.titles[user.id] = title
    chat.announce()
    return True


def set_chat_permissions(world: World, params: Params) -> bool:
    permissions = _permissions(params)
    chat = governed_chat(world, params, "can_restrict_members", errors.NO_RIGHT_TO_PERMIT)
    if permissions == chat.permissions:
        raise bad_request("CHAT_NOT_MODIFIED")
    chat.permissions = permissions
    chat.announce()
    return True


def leave_chat(world: World, params: Params) -> bool:
    chat = present_chat(world, params)
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    chat.dismiss()
    return True


def _permissions(params: Params) -> Json:
    given: dict[str, Any] = params.mapping("permissions") or {}
    wanted = Params(given)
    permissions = {name: wanted.flag(name) for name in MEMBER_RIGHTS}
    # Whoever may send one of these may write as well, unless the call says otherwise.
    if not params.flag("use_independent_chat_permissions") and any(
        permissions[name] for name in ("can_send_other_messages", "can_add_web_page_previews")
    ):
        permissions |= dict.fromkeys([name for name in MEMBER_RIGHTS if name.startswith("can_send_")], True)
    return permissions


def _target(world: World, params: Params) -> tuple[Chat, User]:
    chat = governed_chat(world, params, "can_restrict_members", errors.NO_RIGHT_TO_RESTRICT)
    user = user_of(world, params)
    _check_not_owner(chat, user)
    if user.id in chat.admins:
        raise bad_request(errors.IS_ADMINISTRATOR)
    return chat, user


def _check_not_owner(chat: Chat, user: User) -> None:
    if user.id == chat.owner.id:
        raise bad_request(errors.IS_OWNER)
    if user is chat.world.bot:
        raise bad_request("can't restrict self")
