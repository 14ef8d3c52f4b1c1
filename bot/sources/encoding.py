"""Bytes to text: byte order mark, UTF-8, the server's charset, Windows-1252; and what is no text at all."""

from __future__ import annotations

import codecs
import re

from bot.sources.context import Context, UnreadablePage

_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "an image"),
    (b"GIF8", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"RIFF", "a sound, video or image file"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstandard data"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"OggS", "a sound or video file"),
    (b"ID3", "a sound file"),
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1b"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)


def decode(data: bytes, context: Context) -> tuple[str, tuple[str, ...]]:
    """The text of a page, and warnings; raises UnreadablePage for what is no text."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _by_mark(data, name, context)
    refuse_binary(data, context)
    try:
        return _utf8(data), ()
    except UnicodeDecodeError:
        return _other(data, context)


def in_utf8(data: bytes) -> bytes:
    """The same letters in UTF-8, where a mark says that they stand two or four bytes each: nobody else looks for those.

    XML names its encoding itself, and its reader knows it.
    """
    name = next((name for mark, name in _MARKS[1:] if data.startswith(mark)), None)
    try:
        text = data.decode(name) if name else ""
    except UnicodeDecodeError:
        return data
    return data if not text or text.lstrip().startswith("<?xml") else codecs.BOM_UTF8 + text.encode("utf-8", "replace")


def refuse_binary(data: bytes, context: Context) -> None:
    """Raise for images, archives and everything else that is not made of letters."""
    for magic, name in _MAGIC:
        if data.startswith(magic):
            raise UnreadablePage(f"{context.address} is {name}, not a page of text.")
    head = data[:65536]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if b"\0" in data or controls * 20 > len(head):
        raise UnreadablePage(f"{context.address} is binary data, not a page of text.")


def _by_mark(data: bytes, name: str, context: Context) -> tuple[str, tuple[str, ...]]:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as error:
        raise UnreadablePage(
            f"{context.address} begins like {name} but cannot be decoded at byte {error.start}."
        ) from error
    if "\0" in text:
        raise UnreadablePage(f"{context.address} is binary data, not a page of text.")
    return text, ()


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(data) - error.start < 4:  # cut off inside a letter
            return data[: error.start].decode("utf-8")
        raise


def _other(data: bytes, context: Context) -> tuple[str, tuple[str, ...]]:
    named = _CHARSET.search(context.content_type or "")
    if named and named[1].lower() not in ("utf-8", "utf8"):
        try:
            return data.decode(named[1]), ()
        except (LookupError, ValueError, AttributeError, TypeError):  # unknown, not a text codec, or wrong
            pass
    patched = data.decode("utf-8", "replace")
    broken = patched.count("\ufffd")
    if sum(letter > "\x7f" for letter in patched) > 5 * broken:  # UTF-8 but for a few bytes
        return patched, (f"{broken} letters could not be decoded and are shown as \ufffd.",)
    try:
        return data.decode("windows-1252"), ()
    except UnicodeDecodeError as error:
        raise UnreadablePage(
            f"{context.address} cannot be decoded as UTF-8 or Windows-1252 (byte {error.start})."
        ) from error
