"""A file as a source: told apart by its mark, read only when that has changed.

A mark is what the file system says without the file being opened. Two writes within one tick of its clock may leave the
same mark behind (git calls that racy), so a mark younger than two seconds proves nothing.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path

from bot.sources.trouble import SourceAway, SourceRefused

_RACY = 2.0  # seconds: the coarsest clock of a file system in use, FAT's


@dataclass(frozen=True)
class Mark:
    """Which file it is, how long, and when it was last changed. `inode` differs when another was renamed over it."""

    device: int
    inode: int
    size: int
    modified: int  # nanoseconds
    changed: int

    def is_same_file(self, other: Mark) -> bool:
        return (self.device, self.inode) == (other.device, other.inode)

    @property
    def is_racy(self) -> bool:
        newest: float = max(self.modified, self.changed) / 1e9
        return time.time() - newest < _RACY  # not the injected clock: the file system has its own


def mark(path: Path) -> Mark | None:
    """The file's mark; None while there is none, or no file."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return _mark(found) if stat.S_ISREG(found.st_mode) else None


def _mark(found: os.stat_result) -> Mark:
    return Mark(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


@dataclass(frozen=True)
class FileRead:
    """`data` is None where the bytes are those that are known already."""

    data: bytes | None
    body_hash: str
    last_modified: str


@dataclass
class Files:
    """Reads files, and remembers which bytes stood under which mark."""

    limit: int
    _known: dict[Path, tuple[Mark, str]] = field(default_factory=dict)

    def read(self, path: Path, known_hash: str | None) -> FileRead:
        """Read what may differ from the bytes of `known_hash`. Blocking; raises SourceAway and SourceRefused."""
        try:
            return self._read(path, known_hash)
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or "not a path").lower()
            raise SourceAway(f"{path} cannot be read: {reason}.") from error

    def _read(self, path: Path, known_hash: str | None) -> FileRead:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise SourceRefused(f"{path} is not a file.")
        if found.st_size > self.limit:
            raise self._too_large(path)
        modified = formatdate(found.st_mtime, usegmt=True)
        if known_hash is not None and self._known.get(path) == (_mark(found), known_hash):
            return FileRead(None, known_hash, modified)
        with path.open("rb") as file:
            before = _mark(os.fstat(file.fileno()))
            data = file.read(self.limit + 1)
            after = _mark(os.fstat(file.fileno()))
        if len(data) > self.limit:
            raise self._too_large(path)
        body_hash = hashlib.sha256(data).hexdigest()
        self._known.pop(path, None)
        if before == after and not after.is_racy:
            self._known[path] = (after, body_hash)
        return FileRead(None if body_hash == known_hash else data, body_hash, modified)

    def _too_large(self, path: Path) -> SourceRefused:
        return SourceRefused(f"{path} is over {self.limit:,} bytes.")
