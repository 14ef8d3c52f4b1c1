"""Bodies: packed, chained, endless, slow, cut off, mistyped; never more than the limit."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import random
import time
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from serving import BODY, Site

from bot.sources.fetch import Fetcher, SourceAway, SourceRefused
from bot.sources.inflate import BrokenEncoding, Inflater, TooLong, UnknownEncoding

LIMIT = 100_000
NOISE = random.Random(3).randbytes(3000) * 20 + b"x" * 30_000  # noqa: S311  (no secret)


def _bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}
SKIPPABLE = b"\x50\x2a\x4d\x18\x04\0\0\0skip"  # a frame that holds nothing
FORMS = [
    ("", NOISE),
    ("identity", NOISE),
    ("gzip", gzip.compress(NOISE)),
    ("X-GZIP", gzip.compress(NOISE)),
    ("gzip", gzip.compress(NOISE[:9]) + gzip.compress(b"") + gzip.compress(NOISE[9:])),
    ("gzip", gzip.compress(NOISE) + b"\0\0\x1f\0"),
    ("deflate", zlib.compress(NOISE)),
    ("deflate", _bare(NOISE)),
    ("br", brotli.compress(NOISE)),
    ("zstd", zstandard.compress(NOISE)),
    ("zstd", zstandard.compress(NOISE[:9]) + SKIPPABLE + zstandard.compress(NOISE[9:])),
    ("gzip, br", brotli.compress(gzip.compress(NOISE))),
    ("identity,gzip,none", gzip.compress(NOISE)),
    ("br, gzip, zstd", zstandard.compress(gzip.compress(brotli.compress(NOISE)))),
]


def unpack(encoding: str, body: bytes, size: int, limit: int = LIMIT) -> tuple[bytes, bool]:
    inflater = Inflater(encoding, limit)
    found = b"".join(
        piece for start in range(0, len(body), size) for piece in inflater.feed(body[start : start + size])
    )
    return found, inflater.is_complete


@pytest.mark.parametrize("size", [1, 2, 7, 1000, 10**6])
@pytest.mark.parametrize(("encoding", "body"), FORMS)
def test_every_form_in_pieces_of_every_size(encoding: str, body: bytes, size: int) -> None:
    assert unpack(encoding, body, size) == (NOISE, True)


@pytest.mark.parametrize("encoding", PACK)
@given(data=st.binary(max_size=300), cut=st.floats(0, 0.99), size=st.integers(1, 50))
@settings(max_examples=60)
def test_a_cut_body_is_never_taken_for_whole(encoding: str, data: bytes, cut: float, size: int) -> None:
    packed = PACK[encoding](data)
    part = packed[: int(len(packed) * cut)]
    found, is_complete = unpack(encoding, part, size)
    assert data.startswith(found)
    assert not is_complete or not part


@pytest.mark.parametrize("encoding", PACK)
@given(data=st.binary(min_size=1, max_size=300))
@settings(max_examples=60)
def test_nonsense_is_broken(encoding: str, data: bytes) -> None:
    with contextlib.suppress(BrokenEncoding, TooLong):
        unpack(encoding, data, 64)


@pytest.mark.parametrize("name", ["compress", "snappy", "gzip;q=1", "br, br, br, br"])
def test_encodings_that_nobody_asked_for(name: str) -> None:
    with pytest.raises(UnknownEncoding):
        Inflater(name, LIMIT)


async def test_compressions_over_http(site: Site, fetcher: Fetcher) -> None:
    for encoding, body in FORMS:
        site.gives(body=body, Content_Encoding=encoding)
        assert (await fetcher.get(site.url())).data == NOISE
    assert site.requests[0].headers["Accept-Encoding"] == "gzip, deflate, br, zstd"
    assert {request.method for request in site.requests} == {"GET"}


# --- bombs ----------------------------------------------------------------------------------------------------------

ZEROS = bytes(200_000_000)
BOMBS = {
    "gzip": gzip.compress(ZEROS, 9),
    "deflate": zlib.compress(ZEROS, 9),
    "br": brotli.compress(ZEROS, quality=5),
    "zstd": zstandard.compress(ZEROS, 3),
    "gzip, gzip": gzip.compress(gzip.compress(ZEROS, 9), 9),
    "gzip, br, zstd": zstandard.compress(brotli.compress(gzip.compress(ZEROS, 9), quality=5)),
    "gzip, br": brotli.compress(gzip.compress(BODY) + ZEROS, quality=5),  # huge half-way, small at the end
}


@pytest.mark.parametrize("encoding", BOMBS)
def test_bombs_take_no_memory_and_no_time(encoding: str) -> None:
    tracemalloc.start()
    start = time.process_time()
    with pytest.raises(TooLong):
        unpack(encoding, BOMBS[encoding], 65536)
    took = time.process_time() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8_000_000
    assert took < 1.0


@pytest.mark.parametrize("encoding", BOMBS)
async def test_bombs_over_http(site: Site, fetcher: Fetcher, encoding: str) -> None:
    site.trickles(BOMBS[encoding], Content_Encoding=encoding)
    with pytest.raises(SourceRefused, match=r"/live is over 100,000 bytes\.$"):
        await fetcher.get(site.url())


async def test_endless_padding_behind_a_small_body(site: Site, fetcher: Fetcher) -> None:
    site.trickles(gzip.compress(BODY), bytes(10_000), bytes(10_000), for_ever=True, Content_Encoding="gzip")
    with pytest.raises(SourceRefused, match="over 100,000 bytes"):
        await fetcher.get(site.url())


async def test_large_and_endless_bodies(site: Site, fetcher: Fetcher) -> None:
    site.gives(body=bytes(100_001))
    with pytest.raises(SourceRefused, match="over 100,000 bytes"):
        await fetcher.get(site.url())
    site.trickles(bytes(10_000), for_ever=True)
    with pytest.raises(SourceRefused, match="over 100,000 bytes"):
        await fetcher.get(site.url())
    site.gives(body=bytes(100_000))
    assert len((await fetcher.get(site.url())).data or b"") == 100_000


# --- slow, cut off, no page -----------------------------------------------------------------------------------------


async def test_a_body_that_hardly_moves_is_given_up_before_its_time(site: Site) -> None:
    site.trickles(b"x", every=0.005, for_ever=True)
    async with Fetcher(allow_private_addresses=True, timeout=5, patience=0.05) as fetcher:
        with pytest.raises(SourceAway, match="/live sends its body too slowly"):
            await fetcher.get(site.url())


async def test_a_body_that_moves_has_its_time(site: Site) -> None:
    site.trickles(*[bytes(1024)] * 8, every=0.02)
    async with Fetcher(allow_private_addresses=True, timeout=5, patience=0.1) as fetcher:
        assert len((await fetcher.get(site.url())).data or b"") == 8192


async def test_a_body_that_moves_for_ever_is_given_up(site: Site) -> None:
    site.trickles(bytes(2000), every=0.005, for_ever=True)
    async with Fetcher(allow_private_addresses=True, timeout=0.1) as fetcher:
        with pytest.raises(SourceAway, match=r"did not answer within 0\.1 seconds"):
            await fetcher.get(site.url())


async def test_a_server_that_never_answers() -> None:
    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    async with server, Fetcher(allow_private_addresses=True, timeout=0.05) as fetcher:
        with pytest.raises(SourceAway, match="did not answer within"):
            await fetcher.get(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")


@pytest.mark.parametrize(
    "encoded",
    [("gzip", b"no gzip at all"), *((name, pack(BODY)[:-6]) for name, pack in PACK.items()), ("br", b"\xff" * 40)],
)
async def test_broken_compression_is_away(site: Site, fetcher: Fetcher, encoded: tuple[str, bytes]) -> None:
    site.gives(body=encoded[1], Content_Encoding=encoded[0])
    with pytest.raises(SourceAway, match=r"broke off in the middle|compression is broken"):
        await fetcher.get(site.url())


@pytest.mark.parametrize(
    ("type_", "what"),
    [
        ("image/png", "an image"),
        ("IMAGE/JPEG; q=1", "an image"),
        ("video/mp4", "a video"),
        ("audio/mpeg", "a sound file"),
        ("application/pdf", "a PDF document"),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "an office document"),
    ],
)
async def test_no_pages_are_refused_unread(site: Site, fetcher: Fetcher, type_: str, what: str) -> None:
    site.trickles(b"x" * 1000, every=0.01, for_ever=True, Content_Type=type_)
    with pytest.raises(SourceRefused, match=rf"/live is {what} \(.+\), not a page"):
        await asyncio.wait_for(fetcher.get(site.url()), 0.5)


@pytest.mark.parametrize("type_", ["text/html; charset=koi8-r", "application/octet-stream", "imagery/none", "", "?"])
async def test_other_types_are_for_the_formats_to_judge(site: Site, fetcher: Fetcher, type_: str) -> None:
    site.gives(body=BODY, Content_Type=type_)
    found = await fetcher.get(site.url())
    assert (found.data, found.content_type or "") == (BODY, type_)


@pytest.mark.parametrize("status", [202, 204, 206, 304, 400, 403, 404, 410, 429, 500, 503])
async def test_what_is_no_answer(site: Site, fetcher: Fetcher, status: int) -> None:
    site.gives(status)
    with pytest.raises(SourceAway, match=rf"/live answers {status} .+\.$"):
        await fetcher.get(site.url() + "?key=secret")
