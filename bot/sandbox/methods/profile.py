"""The bot itself: what it is called, its menus, the rights that it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import bad_request
from bot.sandbox.members import ADMIN_RIGHTS, CHANNEL_RIGHTS, GROUP_RIGHTS
from bot.sandbox.menus import Command
from bot.sandbox.model import Json
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.world import World


def get_me(world: World, _: Params) -> Json:
    return world.bot.raw | {
        "can_join_groups": True,
        "can_read_all_group_messages": not world.has_privacy,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def nothing_to_do(_: World, __: Params) -> bool:
    """close and logOut: there is no other server to move to."""
    return True


def setter(field: str, most: int) -> Callable[[World, Params], bool]:
    def set_field(world: World, params: Params) -> bool:
        text = params.text(field)
        if len(text) > most:
            raise bad_request(f"{field.replace('_', ' ')} is too long")
        world.profile[_with_language(field, params)] = text
        return True

    return set_field


def getter(field: str) -> Callable[[World, Params], Json]:
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


def set_chat_menu_button(world: World, params: Params) -> bool:
    button: dict[str, Any] = params.mapping("menu_button") or {"type": "default"}
    if button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse menu button: Unsupported type specified")
    if button["type"] == "web_app" and not (button.get("text") and button.get("web_app")):
        raise bad_request("can't parse menu button: Can't find field \"text\"")
    world.menu_buttons[params.integer("chat_id")] = button
    return True


def get_chat_menu_button(world: World, params: Params) -> Json:
    buttons = world.menu_buttons
    return buttons.get(params.integer("chat_id")) or buttons.get(None) or {"type": "commands"}


# --- rights -----------------------------------------------------------------------------------------------------------


def set_default_rights(world: World, params: Params) -> bool:
    given = Params(params.mapping("rights") or {})
    own = CHANNEL_RIGHTS if params.flag("for_channels") else GROUP_RIGHTS
    names = ("is_anonymous", *ADMIN_RIGHTS, *own)
    world.default_rights[params.flag("for_channels")] = {name: given.flag(name) for name in names}
    return True


def get_default_rights(world: World, params: Params) -> Json:
    own = CHANNEL_RIGHTS if params.flag("for_channels") else GROUP_RIGHTS
    nothing = dict.fromkeys(("is_anonymous", *ADMIN_RIGHTS, *own), False)
    return world.default_rights.get(params.flag("for_channels"), nothing)
