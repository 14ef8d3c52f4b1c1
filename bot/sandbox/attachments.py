"""A file as a message shows it: as a photo, a video, a document..."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import errors
from bot.sandbox.errors import bad_request
from bot.sandbox.files import StoredFile
from bot.sandbox.images import image_size, image_type
from bot.sandbox.model import Json
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.world import World

MAX_PHOTO = 10 * 1024 * 1024
_DEFAULTS: dict[str, Json] = {
    "video": {"width": 0, "height": 0, "duration": 0},
    "animation": {"width": 0, "height": 0, "duration": 0},
    "audio": {"duration": 0},
    "voice": {"duration": 0},
    "video_note": {"length": 240, "duration": 0},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False},
    "document": {},
}
# What the sender may say of a file, and what it is if he says nothing.
_SAID: dict[str, tuple[str, ...]] = {
    "video": ("width", "height", "duration"),
    "animation": ("width", "height", "duration"),
    "audio": ("duration",),
    "voice": ("duration",),
    "video_note": ("length", "duration"),
}
_WORDS: dict[str, tuple[str, ...]] = {"audio": ("performer", "title"), "sticker": ("emoji",)}
_NAMED = {"video", "animation", "audio", "document"}
_TYPES = {"video": "video/mp4", "animation": "video/mp4", "audio": "audio/mpeg", "voice": "audio/ogg"}


def attached(world: World, kind: str, params: Params, field: str) -> StoredFile:
    """The file that a parameter names: uploaded with the call, sent before (by its id), or somewhere (by its address).

    `field` may hold "attach://<name>", as in an album, or be itself the name of an upload.
    """
    value = params.text(field).strip()
    upload = params.uploads.get(value.removeprefix("attach://") if value.startswith("attach://") else field)
    if upload is not None:
        if not upload.data:
            raise bad_request(errors.FILE_IS_EMPTY)
        _check_image(kind, upload.data)
        file = world.files.uploaded(kind, upload)
    elif value.startswith(("http://", "https://")):
        file = world.files.named(kind, value)
    elif not value:
        raise bad_request(f"there is no {kind.replace('_', ' ')} in the request")
    else:
        file = _sent_before(world, kind, value)
    file.fields |= _said(kind, params)
    return file


def _sent_before(world: World, kind: str, file_id: str) -> StoredFile:
    found = world.files.find(file_id)
    if found is None:
        raise bad_request(errors.WRONG_FILE)
    if found.kind != kind:
        raise bad_request(errors.FILE_TYPE)
    return found


def _check_image(kind: str, data: bytes) -> None:
    if kind != "photo":
        return
    if len(data) > MAX_PHOTO:
        raise bad_request("file is too big")
    size = image_size(data)
    if size is None:
        raise bad_request(errors.IMAGE_FAILED)
    width, height = size
    if width + height > 10_000 or max(size) > 20 * max(1, min(size)):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _said(kind: str, params: Params) -> Json:
    numbers = {name: params.clamped(name, 0, 0, 10**6) for name in _SAID.get(kind, ()) if params.has(name)}
    words = {name: params.text(name)[:64] for name in _WORDS.get(kind, ()) if params.has(name)}
    return numbers | words


def described(file: StoredFile) -> Json:
    """The fields of a message that show the file."""
    if file.kind == "photo":
        width, height = image_size(file.data or b"") or (0, 0)
        return {"photo": [{**file.raw, "width": width, "height": height}]}
    if file.kind not in _DEFAULTS:
        raise bad_request(f"there is no kind of file called {file.kind!r}")
    shown: Json = {**file.raw, **_DEFAULTS[file.kind], **file.fields}
    if file.kind in _NAMED and file.name:
        shown["file_name"] = file.name
    if file.kind in _NAMED or file.kind == "voice":
        shown["mime_type"] = media_type(file)
    if file.kind == "animation":
        # Old clients know only the document.
        document = {name: shown[name] for name in shown if not name.endswith(("width", "height", "duration"))}
        return {"animation": shown, "document": document}
    return {file.kind: shown}


def media_type(file: StoredFile) -> str:
    """What the bytes are: what can be seen of them, or what the sender said."""
    seen = image_type(file.data or b"") if file.kind in {"photo", "sticker", "document", "animation"} else ""
    return seen or file.content_type or _TYPES.get(file.kind, "application/octet-stream")


def message_flags(params: Params) -> Json:
    """What a message with a picture keeps of the parameters beside it."""
    flags: dict[str, Any] = {}
    if params.flag("has_spoiler"):
        flags["has_media_spoiler"] = True
    if params.flag("show_caption_above_media"):
        flags["show_caption_above_media"] = True
    return flags
