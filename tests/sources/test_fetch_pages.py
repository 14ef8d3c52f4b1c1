"""Fetching: what comes, and who is not there."""

from __future__ import annotations

import asyncio
import socket

import pytest
from serving import BODY, Site

from bot.sources.fetch import Fetcher, SourceAway


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


@pytest.mark.parametrize("status", [404, 429, 503])
async def test_errors_tell_when_to_come_again(site: Site, fetcher: Fetcher, status: int) -> None:
    site.gives(status, Retry_After="120")
    with pytest.raises(SourceAway, match=rf"/live answers {status} .+\.$") as caught:
        await fetcher.get(site.url("/live") + "?key=secret")
    assert caught.value.retry_after == 120.0
    assert "secret" not in str(caught.value)


async def test_nobody_there(fetcher: Fetcher) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(SourceAway, match="does not accept connections"):
        await fetcher.get(f"http://127.0.0.1:{port}/")


async def test_no_such_host(fetcher: Fetcher) -> None:
    with pytest.raises(SourceAway, match=r"the host nowhere\.invalid was not found"):
        await fetcher.get("http://nowhere.invalid/live")


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


async def test_closing_twice_and_using_it_unopened() -> None:
    fetcher = Fetcher()
    await fetcher.close()
    with pytest.raises(RuntimeError):
        await fetcher.get("https://example.org/")
