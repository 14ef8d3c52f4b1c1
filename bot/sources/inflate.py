"""Undoing a body's compressions piece by piece, so that a small bomb never becomes a large body.

wire ──the encoding named last──▶ stage ──▶ ... ──▶ stage ──▶ plain bytes     each arrow counted against the limit
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

import brotli  # type: ignore[import-untyped]  # it ships no types
import zstandard

ACCEPTED = "gzip, deflate, br, zstd"  # what we ask for
MOST_STAGES = 3
_PIECE = 65536
_GZIP = b"\x1f\x8b"
_ZSTD_SLICE = 64  # a block takes 4 bytes at least and gives 128 kB at most: 2 MB a step
_ZSTD_WINDOW = 8 * 2**20  # RFC 9659: more is not to be sent over HTTP
_PLAIN = frozenset({"", "identity", "none", "utf-8", "utf8", "binary"})  # the last four: servers do write that


class UnknownEncoding(Exception):
    """The server used a compression that was not asked for."""


class BrokenEncoding(Exception):
    """The body is not what its encoding says."""


class TooLong(Exception):
    """The body is over the limit, packed, unpacked or half unpacked."""


class Inflater:
    """Feed it what arrives; it gives the plain bytes in pieces of at most 2 MB.

    `encoding` is the whole Content-Encoding, which may name several. Raises UnknownEncoding; feeding it raises
    BrokenEncoding and TooLong.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        names = [name for name in (part.strip().lower() for part in encoding.split(",")) if name not in _PLAIN]
        if len(names) > MOST_STAGES or not all(name in _STAGES for name in names):
            raise UnknownEncoding(encoding[:60])
        self._stages = [_STAGES[name]() for name in reversed(names)]
        self._counts = [0] * (len(names) + 1)
        self._limit = limit

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            yield from self._through(data, 0)
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise BrokenEncoding(str(error)) from error

    def _through(self, data: bytes, depth: int) -> Iterator[bytes]:
        self._counts[depth] += len(data)
        if self._counts[depth] > self._limit:
            raise TooLong
        if depth == len(self._stages):
            yield data
            return
        for piece in self._stages[depth].feed(data):
            yield from self._through(piece, depth + 1)

    @property
    def is_complete(self) -> bool:
        """Whether nothing was cut off."""
        return all(stage.is_complete for stage in self._stages)


class Stage(Protocol):
    """One compression undone."""

    @property
    def is_complete(self) -> bool: ...

    def feed(self, data: bytes) -> Iterator[bytes]: ...


class Gzip:
    """Any number of members; anything else behind the end of one is padding."""

    def __init__(self) -> None:
        self._zlib: zlib._Decompress | None = None
        self._held = b""  # the beginning of a member, or of padding
        self._has_ended = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        data, self._held = self._held + data, b""
        while data:
            if self._zlib is None:
                if self._has_ended and not data.startswith(_GZIP):
                    self._held = data[:1] if data == _GZIP[:1] else b""
                    return
                self._zlib = zlib.decompressobj(16 + zlib.MAX_WBITS)
            yield from _inflated(self._zlib, data)
            data = self._zlib.unused_data
            if self._zlib.eof:
                self._zlib, self._has_ended = None, True

    @property
    def is_complete(self) -> bool:
        return self._zlib is None


class Deflate:
    """With zlib's header, as the standard has it, or bare, as some servers do."""

    def __init__(self) -> None:
        self._zlib: zlib._Decompress | None = None
        self._held = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._zlib is None:
            data, self._held = self._held + data, b""
            if len(data) < 2:
                self._held = data
                return
            is_headed = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._zlib = zlib.decompressobj(zlib.MAX_WBITS if is_headed else -zlib.MAX_WBITS)
        if not self._zlib.eof:
            yield from _inflated(self._zlib, data)

    @property
    def is_complete(self) -> bool:
        return not self._held and (self._zlib is None or self._zlib.eof)


class Brotli:
    def __init__(self) -> None:
        self._brotli = brotli.Decompressor()
        self._was_fed = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._brotli.is_finished():
            return  # padding
        self._was_fed = self._was_fed or bool(data)
        yield self._brotli.process(data, output_buffer_limit=_PIECE)
        while not self._brotli.is_finished():  # it may take all its input and still hold back much of what that gives
            piece = self._brotli.process(b"", output_buffer_limit=_PIECE)
            yield piece
            if not piece and self._brotli.can_accept_more_data():
                return

    @property
    def is_complete(self) -> bool:
        return not self._was_fed or bool(self._brotli.is_finished())


class Zstandard:
    """Any number of frames. The library cannot limit a step's output, so it gets its input in small slices."""

    def __init__(self) -> None:
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._library = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)

    def feed(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_SLICE):
            part = data[start : start + _ZSTD_SLICE]
            while part:
                self._frame = self._frame or self._library.decompressobj()
                yield self._frame.decompress(part)
                part = self._frame.unused_data
                if self._frame.eof:
                    self._frame = None

    @property
    def is_complete(self) -> bool:
        return self._frame is None


_STAGES: dict[str, Callable[[], Stage]] = {
    "gzip": Gzip,
    "x-gzip": Gzip,
    "deflate": Deflate,
    "br": Brotli,
    "zstd": Zstandard,
}


def _inflated(decoder: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    yield decoder.decompress(data, _PIECE)
    while decoder.unconsumed_tail and not decoder.eof:  # behind the end it keeps what is unused
        yield decoder.decompress(decoder.unconsumed_tail, _PIECE)
