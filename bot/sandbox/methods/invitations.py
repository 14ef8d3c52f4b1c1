"""Invite links, and those who ask to be let in."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from bot.sandbox import errors
from bot.sandbox.access import governed_chat, user_of
from bot.sandbox.errors import bad_request
from bot.sandbox.model import Json
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.chat import Chat
    from bot.sandbox.world import World

MAX_NAME = 32


def export_chat_invite_link(world: World, params: Params) -> str:
    """A new primary link; the one before is revoked."""
    chat = _chat(world, params)
    for link in chat.links.values():
        link["is_revoked"] = link["is_revoked"] or link["is_primary"]
    return str(_made(world, chat, params, is_primary=True)["invite_link"])


def create_chat_invite_link(world: World, params: Params) -> Json:
    return dict(_made(world, _chat(world, params), params, is_primary=False))


def edit_chat_invite_link(world: World, params: Params) -> Json:
    link = _link(_chat(world, params), params)
    if link["is_primary"]:
        raise bad_request("CHAT_INVITE_PERMANENT")
    link |= _terms(params)
    return dict(link)


def revoke_chat_invite_link(world: World, params: Params) -> Json:
    link = _link(_chat(world, params), params)
    link["is_revoked"] = True
    return dict(link)


def approve_chat_join_request(world: World, params: Params) -> bool:
    chat, user = _chat(world, params), user_of(world, params)
    if user.id in chat.members:
        raise bad_request("USER_ALREADY_PARTICIPANT")
    if user.id not in chat.requests:
        raise bad_request("HIDE_REQUESTER_MISSING")
    link = chat.links.get(chat.requests[user.id])
    chat.joins(user, link=link, asked=True)
    return True


def decline_chat_join_request(world: World, params: Params) -> bool:
    chat, user = _chat(world, params), user_of(world, params)
    if chat.requests.pop(user.id, None) is None:
        raise bad_request("HIDE_REQUESTER_MISSING")
    return True


def _chat(world: World, params: Params) -> Chat:
    return governed_chat(world, params, "can_invite_users", errors.NO_RIGHT_TO_INVITE)


def _made(world: World, chat: Chat, params: Params, *, is_primary: bool) -> Json:
    address = f"https://t.me/+{secrets.token_urlsafe(12)}"
    link: Json = {"invite_link": address, "creator": world.bot.raw}
    link |= {"is_primary": is_primary, "is_revoked": False, "creates_join_request": False}
    chat.links[address] = link | _terms(params)
    return chat.links[address]


def _terms(params: Params) -> Json:
    terms: Json = {"creates_join_request": params.flag("creates_join_request")}
    if len(params.text("name")) > MAX_NAME:
        raise bad_request("invite link name is too long")
    if terms["creates_join_request"] and params.integer("member_limit"):
        raise bad_request("member limit can't be specified for links requiring administrator approval")
    if params.has("name"):
        terms["name"] = params.text("name")
    if params.integer("expire_date"):
        terms["expire_date"] = params.integer("expire_date")
    if params.integer("member_limit"):
        terms["member_limit"] = params.clamped("member_limit", 1, 1, 99_999)
    return terms


def _link(chat: Chat, params: Params) -> Json:
    link = chat.links.get(params.text("invite_link"))
    if link is None:
        raise bad_request("INVITE_HASH_EXPIRED")
    return link
