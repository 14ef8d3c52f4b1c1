"""How large a picture is, and what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sandbox_client import PNG

from bot.sandbox.images import image_size, image_type

JPEG = b"\xff\xd8\xff\xe0\x00\x04JF\xff\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x11\x00"
GIF = b"GIF89a\x03\x00\x02\x00\x80\x00\x00"
LOSSY = b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"\0" * 10 + b"\x03\x00\x02\x00"
LOSSLESS = b"RIFF\x00\x00\x00\x00WEBPVP8L\x00\x00\x00\x00\x2f" + (2 | 1 << 14).to_bytes(4, "little")
EXTENDED = b"RIFF\x00\x00\x00\x00WEBPVP8X" + b"\0" * 8 + b"\x02\x00\x00\x01\x00\x00"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (GIF, "image/gif"),
        (LOSSY, "image/webp"),
        (LOSSLESS, "image/webp"),
        (EXTENDED, "image/webp"),
    ],
)
def test_pictures(data: bytes, kind: str) -> None:
    assert image_size(data) == (3, 2)
    assert image_type(data) == kind


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"<svg/>", PNG[:20], JPEG[:12], GIF[:8], LOSSY[:20]])
def test_no_pictures(data: bytes) -> None:
    assert image_size(data) is None
    assert image_type(data) == ""


@given(st.sampled_from([PNG, JPEG, GIF, LOSSY, LOSSLESS, EXTENDED]), st.integers(0, 40), st.binary(max_size=60))
def test_any_bytes_are_read_or_not(data: bytes, kept: int, rest: bytes) -> None:
    size = image_size(data[:kept] + rest)
    assert size is None or min(size) >= 0
