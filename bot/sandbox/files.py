"""The files that were sent: their bytes, where there are any, and what the Bot API tells of them."""

from __future__ import annotations

import hashlib
from collections import deque
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bot.sandbox.model import Json
from bot.sandbox.params import Upload

MAX_KEPT = 256 * 1024 * 1024  # bytes of all files together; the oldest lose theirs first
ENDINGS = {
    "photo": ".jpg",
    "video": ".mp4",
    "animation": ".mp4",
    "video_note": ".mp4",
    "audio": ".mp3",
    "voice": ".oga",
    "sticker": ".webp",
}
FOLDERS = {"photo": "photos", "video_note": "video_notes", "audio": "music", "voice": "voice", "sticker": "stickers"}


@dataclass(eq=False, slots=True)
class StoredFile:
    """A file. `url` is set where it was sent by its address: nobody has fetched it, so there are no bytes."""

    id: str
    unique_id: str
    kind: str
    name: str
    content_type: str
    path: str
    size: int
    data: bytes | None = None
    url: str = ""
    fields: Json = field(default_factory=dict)  # width, duration and what else the sender said of it

    @property
    def raw(self) -> Json:
        """What is told of every file."""
        size = {"file_size": self.size} if self.size else {}
        return {"file_id": self.id, "file_unique_id": self.unique_id, **size}


class Files:
    """All files by id."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._held: deque[StoredFile] = deque()
        self._total = 0

    def find(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def at(self, path: str) -> StoredFile | None:
        return self._by_path.get(path)

    def uploaded(self, kind: str, upload: Upload) -> StoredFile:
        """Keep the bytes of a file."""
        name = PurePosixPath(upload.name.replace("\\", "/")).name
        unique = hashlib.sha256(upload.data).hexdigest()[:16]
        file = self._add(kind, name, upload.content_type, unique)
        file.data, file.size = upload.data, len(upload.data)
        self._held.append(file)
        self._total += file.size
        self._make_room()
        return file

    def named(self, kind: str, url: str) -> StoredFile:
        """Note a file that was sent by its address."""
        name = PurePosixPath(url.partition("?")[0]).name
        file = self._add(kind, name, "", hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:16])
        file.url = url
        return file

    def _add(self, kind: str, name: str, content_type: str, unique: str) -> StoredFile:
        number = len(self._by_id)
        ending = PurePosixPath(name).suffix.lower()[:8] or ENDINGS.get(kind, "")
        path = f"{FOLDERS.get(kind, f'{kind}s')}/file_{number}{ending}"
        file = StoredFile(f"sandbox-{kind}-{number}-{unique[:8]}", unique, kind, name, content_type, path, 0)
        self._by_id[file.id] = self._by_path[path] = file
        return file

    def _make_room(self) -> None:
        while self._total > MAX_KEPT and len(self._held) > 1:
            oldest = self._held.popleft()
            self._total -= oldest.size
            oldest.data = None
