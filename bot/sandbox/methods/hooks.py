"""Webhooks: setting, deleting, looking at them. What delivers is in webhooks.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.errors import bad_request
from bot.sandbox.model import Json
from bot.sandbox.params import Params
from bot.sandbox.webhooks import Webhook, checked_address, checked_secret

if TYPE_CHECKING:
    from bot.sandbox.world import World


def set_webhook(world: World, params: Params) -> bool:
    if not params.text("url"):
        return delete_webhook(world, params)
    allowed = allowed_updates(params)
    hook = Webhook(
        url=checked_address(params.text("url").strip()),
        secret=checked_secret(params.text("secret_token")),
        max_connections=params.clamped("max_connections", 40, 1, 100),
        ip_address=params.text("ip_address"),
    )
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    if allowed is not None:
        world.updates.allow(allowed)
    world.webhooks.set(hook)
    return True


def delete_webhook(world: World, params: Params) -> bool:
    world.webhooks.set(None)
    if params.flag("drop_pending_updates"):
        world.updates.clear()
    return True


def get_webhook_info(world: World, _: Params) -> Json:
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(world.updates)}
    return info | world.webhooks.described | world.updates.described


def allowed_updates(params: Params) -> list[str] | None:
    allowed = params.json("allowed_updates")
    if allowed is not None and not (isinstance(allowed, list) and all(isinstance(kind, str) for kind in allowed)):
        raise bad_request("can't parse allowed updates JSON object")
    return allowed
