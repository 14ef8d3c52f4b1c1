"""Undoing a body's compression piece by piece, so that a small bomb never becomes a large body."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

ACCEPTED = "gzip, deflate"  # what we ask for
_PIECE = 65536


class UnknownEncoding(Exception):
    """The server used a compression that was not asked for."""


class Inflater:
    """Feed it what arrives; it gives the plain bytes in pieces of at most 64 kB."""

    def __init__(self, encoding: str) -> None:
        self._name = encoding.strip().lower()
        if self._name not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise UnknownEncoding(encoding)
        self._zlib: zlib._Decompress | None = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._name in ("", "identity"):
            yield data
            return
        while data:
            decoder = self._zlib = self._zlib or zlib.decompressobj(self._window(data))
            yield decoder.decompress(data, _PIECE)
            while decoder.unconsumed_tail:
                yield decoder.decompress(decoder.unconsumed_tail, _PIECE)
            data = decoder.unused_data
            if decoder.eof:  # another gzip member may follow; anything else behind the end is padding
                self._zlib = None
                data = data if data.startswith(b"\x1f\x8b") else b""

    @property
    def is_complete(self) -> bool:
        """Whether nothing was cut off."""
        return self._zlib is None

    def _window(self, data: bytes) -> int:
        """What deflate really is differs between servers: with zlib's header (0x78) or bare."""
        if self._name != "deflate":
            return 16 + zlib.MAX_WBITS
        return zlib.MAX_WBITS if data[0] & 0x0F == 8 else -zlib.MAX_WBITS
