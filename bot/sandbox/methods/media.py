"""Sending pictures, films, sounds and documents, alone or as an album, and putting others in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors
from bot.sandbox.attachments import attached, described, message_flags
from bot.sandbox.errors import bad_request
from bot.sandbox.formatting import Formatted
from bot.sandbox.methods.outgoing import caption_of, markup_of, send_on, way
from bot.sandbox.methods.texts import change, to_edit
from bot.sandbox.model import Json
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.world import World

MAX_ALBUM = 10
# What a group may forbid, in the words of the refusal.
WORDS = {
    "photo": "photos",
    "video": "videos",
    "animation": "animations",
    "audio": "music",
    "document": "documents",
    "voice": "voice notes",
    "video_note": "video notes",
    "sticker": "stickers",
}
_WITHOUT_CAPTION = {"video_note", "sticker"}
# What may stand in one album together.
_ALBUMS = ({"photo", "video"}, {"audio"}, {"document"})


def sender(kind: str) -> Callable[[World, Params], Json]:
    """The method that sends files of that kind."""

    def send_file(world: World, params: Params) -> Json:
        caption = Formatted("", []) if kind in _WITHOUT_CAPTION else caption_of(params)
        to = way(world, params, WORDS[kind])
        media = described(attached(world, kind, params, kind))
        return send_on(world, params, to, caption, media, message_flags(params)).raw

    return send_file


def send_media_group(world: World, params: Params) -> list[Json]:
    album = [_item(raw) for raw in params.array("media", 1000)]
    if not album:
        raise bad_request(errors.ALBUM_IS_EMPTY)
    if len(album) > MAX_ALBUM:
        raise bad_request(errors.ALBUM_IS_TOO_LONG)
    kinds = {item.text("type") for item in album}
    if len(album) > 1 and not any(kinds <= together for together in _ALBUMS):
        raise bad_request(errors.ALBUM_IS_MIXED)
    to = way(world, params, WORDS[album[0].text("type")])
    pieces = [(caption_of(item), _media(world, item, params), message_flags(item)) for item in album]
    group = {"media_group_id": world.new_group_id()} if len(album) > 1 else {}
    return [send_on(world, params, to, caption, media, flags | group).raw for caption, media, flags in pieces]


def edit_message_media(world: World, params: Params) -> Json | bool:
    item = _item(params.json("media"))
    caption, markup = caption_of(item), markup_of(params)
    room, message = to_edit(world, params)
    if message.media and message.file is None:
        raise bad_request(errors.EDIT_REFUSED)
    return change(world, params, room, message, caption, markup, _media(world, item, params))


def _item(raw: Any) -> Params:
    """One InputMedia."""
    if not isinstance(raw, dict):
        raise bad_request("can't parse InputMedia: Expected an Object")
    item = Params(raw)
    if item.text("type") not in {"photo", "video", "animation", "audio", "document"}:
        raise bad_request("can't parse InputMedia: Can't find field \"type\"" if not item.has("type") else
                          "type must be one of photo, video, animation, audio, document")  # fmt: skip
    if not item.has("media"):
        raise bad_request("can't parse InputMedia: Can't find field \"media\"")
    return item


def _media(world: World, item: Params, params: Params) -> Json:
    item.uploads = params.uploads
    value = item.text("media")
    if value.startswith("attach://") and value.removeprefix("attach://") not in params.uploads:
        raise bad_request(errors.WRONG_FILE)
    return described(attached(world, item.text("type"), item, "media"))
