"""Where the bytes of a file are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.errors import bad_request
from bot.sandbox.model import Json
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.world import World

MAX_DOWNLOAD = 20 * 1024 * 1024


def get_file(world: World, params: Params) -> Json:
    file = world.files.find(params.text("file_id"))
    if file is None:
        raise bad_request("invalid file_id")
    if file.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    if file.data is None:
        raise bad_request("the sandbox has no bytes of this file: what is sent by its address is not fetched")
    return file.raw | {"file_path": file.path}
