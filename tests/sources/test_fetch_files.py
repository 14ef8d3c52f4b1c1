"""Files as sources: read when they changed, and only then."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from serving import BODY

from bot.sources import files
from bot.sources.fetch import Fetcher, SourceAway, SourceRefused
from bot.sources.files import Files, mark


def aged(path: Path, seconds: float = 60.0) -> Path:
    os.utime(path, (time.time() - seconds,) * 2)
    return path


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written just now has been so for long."""
    monkeypatch.setattr(files, "_RACY", -1.0)


async def test_a_file_as_a_source(tmp_path: Path, fetcher: Fetcher) -> None:
    (tmp_path / "dam.md").write_bytes(BODY)
    first = await fetcher.get("dam.md", base=tmp_path)
    assert (first.data, first.address, first.wait) == (BODY, str(tmp_path / "dam.md"), None)
    assert first.last_modified is not None
    again = await fetcher.get(str(tmp_path / "dam.md"), body_hash=first.body_hash)
    assert (again.data, again.body_hash) == (None, first.body_hash)
    (tmp_path / "dam.md").write_bytes(BODY.replace(b"holds", b"broke"))
    assert (await fetcher.get("dam.md", base=tmp_path, body_hash=first.body_hash)).data is not None


def test_what_did_not_change_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: None) -> None:
    path = tmp_path / "dam.md"
    path.write_bytes(BODY)
    found = Files(1000)
    first = found.read(path, None)

    def no_reading(*_: object) -> None:
        raise AssertionError("it was opened")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", no_reading)
        assert found.read(path, first.body_hash) == files.FileRead(None, first.body_hash, first.last_modified)
        with pytest.raises(AssertionError, match="opened"):
            found.read(path, "another reader's")
    os.utime(path)
    assert found.read(path, first.body_hash).data is None
    assert found.read(path, None).data == BODY


def test_a_young_mark_proves_nothing(tmp_path: Path) -> None:
    """Two writes within one tick of the file system's clock: same length, same time, other words."""
    path = tmp_path / "dam.md"
    path.write_bytes(b"holds")
    found = Files(1000)
    first = found.read(path, None)
    stamp = path.stat().st_mtime_ns
    path.write_bytes(b"broke")
    os.utime(path, ns=(stamp, stamp))
    assert found.read(path, first.body_hash).data == b"broke"


def test_marks_tell_changes_apart(tmp_path: Path) -> None:
    path = tmp_path / "dam.md"
    assert mark(path) is None
    assert mark(tmp_path) is None
    assert mark(Path("a\0b")) is None
    path.write_bytes(b"one")
    one = mark(aged(path))
    assert one is not None
    assert one == mark(path)
    (tmp_path / "new.md").write_bytes(b"two")
    aged(tmp_path / "new.md").replace(path)
    two = mark(path)
    assert two is not None
    assert two != one
    assert not two.is_same_file(one)
    with path.open("ab") as file:
        file.write(b"!")
    three = mark(path)
    assert three is not None
    assert three != two
    assert three.is_same_file(two)


async def test_files_that_cannot_be_read(tmp_path: Path, fetcher: Fetcher) -> None:
    (tmp_path / "large.md").write_bytes(bytes(100_001))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceAway, match=r"no\.md cannot be read: no such file or directory\.$"):
        await fetcher.get("no.md", base=tmp_path)
    with pytest.raises(SourceRefused, match="over 100,000 bytes"):
        await fetcher.get("large.md", base=tmp_path)
    for name in (".", "pipe"):
        with pytest.raises(SourceRefused, match="is not a file"):
            await fetcher.get(name, base=tmp_path)
    with pytest.raises(SourceAway):
        await fetcher.get("a\0b", base=tmp_path)
