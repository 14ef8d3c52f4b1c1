"""Fetching, against a real server on 127.0.0.1 and real files."""

from __future__ import annotations

import asyncio
import gzip
import os
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from bot.sources import addresses, freshness
from bot.sources.fetch import Fetcher, SourceAway, SourceRefused

BODY = b"14/03/2016\n\n19:16 GMT\n\nThe dam holds.\n"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Site:
    """A page server. `answers` is what the next requests get; `requests` what came."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.answer: Handler = self.page
        app = web.Application()
        app.router.add_get("/{path:.*}", self._handle)
        self.server = TestServer(app)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        return await self.answer(request)

    async def page(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304)
        return web.Response(
            body=BODY, headers={"ETag": '"1"', "Cache-Control": "max-age=30"}, content_type="text/plain"
        )

    def gives(self, status: int = 200, body: bytes = b"", **headers: str) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            return web.Response(status=status, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})

        self.answer = answer

    def url(self, path: str = "/live") -> str:
        return str(self.server.make_url(path))


@pytest_asyncio.fixture
async def site() -> AsyncIterator[Site]:
    found = Site()
    await found.server.start_server()
    yield found
    await found.server.close()


@pytest_asyncio.fixture
async def fetcher() -> AsyncIterator[Fetcher]:
    async with Fetcher(allow_private_addresses=True, max_bytes=100_000, timeout=5) as found:
        yield found


# --- what comes -----------------------------------------------------------------------------------------------------


async def test_a_page_and_then_nothing_new(site: Site, fetcher: Fetcher) -> None:
    first = await fetcher.get(site.url())
    assert (first.data, first.status, first.etag, first.wait) == (BODY, 200, '"1"', 30.0)
    assert first.content_type == "text/plain"
    assert first.address == site.url()
    again = await fetcher.get(site.url(), etag=first.etag, body_hash=first.body_hash)
    assert (again.data, again.status, again.etag, again.body_hash) == (None, 304, '"1"', first.body_hash)
    assert site.requests[0].headers["User-Agent"] == "Dateline/0.1 (+live updates relay)"


async def test_the_same_bytes_are_nothing_new(site: Site, fetcher: Fetcher) -> None:
    site.gives(body=BODY, Last_Modified="Mon, 14 Mar 2016 19:16:00 GMT")
    first = await fetcher.get(site.url())
    again = await fetcher.get(site.url(), last_modified=first.last_modified, body_hash=first.body_hash)
    assert (again.data, again.status) == (None, 200)
    assert site.requests[1].headers["If-Modified-Since"] == first.last_modified


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(BODY)),
        ("gzip", gzip.compress(BODY[:9]) + gzip.compress(BODY[9:])),
        ("gzip", gzip.compress(BODY) + b"\0\0\0"),
        ("deflate", zlib.compress(BODY)),
        ("deflate", zlib.compress(BODY)[2:-4]),
        ("identity", BODY),
    ],
)
async def test_compressions(site: Site, fetcher: Fetcher, encoding: str, body: bytes) -> None:
    site.gives(body=body, Content_Encoding=encoding)
    assert (await fetcher.get(site.url())).data == BODY


async def test_redirects_are_followed(site: Site, fetcher: Fetcher) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/live":
            raise web.HTTPFound("/next?page=1")
        return await site.page(request)

    site.answer = answer
    found = await fetcher.get(site.url())
    assert (found.data, found.address) == (BODY, site.url("/next") + "?page=1")


# --- what passes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410, 429, 500, 503])
async def test_errors_are_away(site: Site, fetcher: Fetcher, status: int) -> None:
    site.gives(status, Retry_After="120")
    with pytest.raises(SourceAway, match=rf"/live answers {status} .+\.$") as caught:
        await fetcher.get(site.url("/live") + "?key=secret")
    assert caught.value.retry_after == 120.0
    assert "secret" not in str(caught.value)


async def test_a_slow_body_is_given_up(site: Site) -> None:
    gate = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"19:16 GMT\n")
        await gate.wait()
        return response

    site.answer = answer
    async with Fetcher(allow_private_addresses=True, timeout=0.05) as fetcher:
        with pytest.raises(SourceAway, match=r"did not answer within 0\.05 seconds\.$"):
            await fetcher.get(site.url())
    gate.set()


async def test_nobody_there(fetcher: Fetcher) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceAway, match="does not accept connections"):
        await fetcher.get(f"http://127.0.0.1:{port}/")


async def test_no_such_host(fetcher: Fetcher) -> None:
    with pytest.raises(SourceAway, match=r"the host nowhere\.invalid was not found"):
        await fetcher.get("http://nowhere.invalid/live")


@pytest.mark.parametrize("body", [b"no gzip at all", gzip.compress(BODY)[:-12]])
async def test_broken_compression_is_away(site: Site, fetcher: Fetcher, body: bytes) -> None:
    site.gives(body=body, Content_Encoding="gzip")
    with pytest.raises(SourceAway):
        await fetcher.get(site.url())


async def test_a_cut_connection_is_away(fetcher: Fetcher) -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n19:16")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(SourceAway, match=r"broke off"):
            await fetcher.get(f"http://127.0.0.1:{port}/")


# --- what stays refused ---------------------------------------------------------------------------------------------


async def test_a_bomb_is_stopped_early(site: Site, fetcher: Fetcher) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 100_000
    site.gives(body=bomb, Content_Encoding="gzip")
    with pytest.raises(SourceRefused, match=r"/live is over 100,000 bytes\.$"):
        await fetcher.get(site.url())


async def test_a_large_body_with_and_without_its_length(site: Site, fetcher: Fetcher) -> None:
    site.gives(body=bytes(100_001))
    with pytest.raises(SourceRefused, match="over 100,000 bytes"):
        await fetcher.get(site.url())

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(10_000))

    site.answer = endless
    with pytest.raises(SourceRefused, match="over 100,000 bytes"):
        await fetcher.get(site.url())


async def test_an_unknown_compression(site: Site, fetcher: Fetcher) -> None:
    site.gives(body=b"?", Content_Encoding="snappy")
    with pytest.raises(SourceRefused, match="compression snappy"):
        await fetcher.get(site.url())


async def test_redirect_loops(site: Site, fetcher: Fetcher) -> None:
    site.gives(302, Location="/live")
    with pytest.raises(SourceRefused, match="more than 5 times"):
        await fetcher.get(site.url())
    assert len(site.requests) == 6


PRIVATE = [
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://localhost/", "http://10.1.2.3/", "http://172.16.0.1/", "http://192.168.1.1/", "http://169.254.169.254/",
    "http://100.64.0.1/", "http://0.0.0.0/", "http://224.0.0.1/", "http://255.255.255.255/", "http://[::1]/",
    "http://[::]/", "http://[fe80::1]/", "http://[fc00::1]/", "http://[ff02::1]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[2002:7f00:1::]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::a00:1]/",
    "http://[::127.0.0.1]/", "http://[fec0::1]/", "http://user:secret@10.0.0.1/?key=secret",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
async def test_private_addresses(address: str) -> None:
    async with Fetcher(timeout=5) as fetcher:
        with pytest.raises(SourceRefused) as caught:
            await fetcher.get(address)
    assert "private address" in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/", "//[::1]/", "http://localhost:1/", "file:///etc/passwd", "http://"]
)
async def test_redirects_into_the_house(site: Site, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    port = site.server.port
    monkeypatch.setattr(addresses, "literal", lambda url: None if url.port == port else _literal(url))
    site.gives(302, Location=target)
    async with Fetcher(timeout=5) as fetcher:
        with pytest.raises(SourceRefused):
            await fetcher.get(site.url())


_literal = addresses.literal


class Names(AbstractResolver):
    """A DNS whose answers change."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=number, port=port, family=family, proto=0, flags=0)
            for number in self.answers.pop(0)
        ]

    async def close(self) -> None:
        pass


async def test_names_are_judged_by_each_of_their_addresses() -> None:
    guarded = addresses.GuardedResolver(Names(["93.184.216.34"], ["93.184.216.34", "10.0.0.1"], ["::ffff:10.0.0.1"]))
    assert [found["host"] for found in await guarded.resolve("news.test")] == ["93.184.216.34"]
    for _ in range(2):
        with pytest.raises(addresses.ForbiddenAddress, match="private address"):
            await guarded.resolve("news.test")
    await guarded.close()


def test_public_addresses() -> None:
    for number in ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:93.184.216.34"):
        assert addresses.is_public(number), number


async def test_no_address_of_ours(fetcher: Fetcher) -> None:
    for source in ("ftp://example.org/live", "javascript://x", "http://", "http://[::1", "https://exa mple.org:x/"):
        with pytest.raises(SourceRefused):
            await fetcher.get(source)


def test_what_is_shown_holds_no_secret() -> None:
    assert addresses.shown("https://me:pass@example.org/live?key=1#top") == "https://example.org/live"
    assert "pass" not in addresses.shown("http://me:pass@[::1/live?key=1")


# --- how long to wait -----------------------------------------------------------------------------------------------

NOW = datetime(2016, 3, 14, 19, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "public, max-age=30"}, 30.0),
        ({"Cache-Control": "max-age=30", "Age": "10"}, 20.0),
        ({"Cache-Control": "max-age=0"}, None),
        ({"Cache-Control": "no-cache, max-age=30"}, None),
        ({"Cache-Control": "s-maxage=30"}, None),
        ({"Cache-Control": "max-age=99999999"}, 3600.0),
        ({"Expires": "Mon, 14 Mar 2016 19:17:00 GMT"}, 60.0),
        ({"Expires": "Mon, 14 Mar 2016 19:17:00 GMT", "Date": "Mon, 14 Mar 2016 19:16:30 GMT"}, 30.0),
        ({"Expires": "0"}, None),
        ({"Expires": "Mon, 14 Mar 2016 19:00:00 GMT"}, None),
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "Mon, 14 Mar 2016 19:18:00 GMT"}, 120.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "10", "Cache-Control": "max-age=40", "Expires": "Mon, 14 Mar 2016 19:16:20 GMT"}, 40.0),
    ],
)
def test_waits(headers: dict[str, str], seconds: float | None) -> None:
    assert freshness.wait(headers, NOW) == seconds


# --- files ----------------------------------------------------------------------------------------------------------


async def test_a_file_as_a_source(tmp_path: Path, fetcher: Fetcher) -> None:
    (tmp_path / "dam.md").write_bytes(BODY)
    first = await fetcher.get("dam.md", base=tmp_path)
    assert (first.data, first.address, first.wait) == (BODY, str(tmp_path / "dam.md"), None)
    assert first.last_modified is not None
    again = await fetcher.get(str(tmp_path / "dam.md"), body_hash=first.body_hash)
    assert again.data is None
    (tmp_path / "dam.md").write_bytes(BODY.replace(b"holds", b"broke"))
    assert (await fetcher.get("dam.md", base=tmp_path, body_hash=first.body_hash)).data is not None


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


async def test_closing_twice_and_using_it_unopened() -> None:
    fetcher = Fetcher()
    await fetcher.close()
    with pytest.raises(RuntimeError):
        await fetcher.get("https://example.org/")
