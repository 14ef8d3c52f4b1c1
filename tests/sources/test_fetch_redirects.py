"""Redirects, and the validators of an address that moves."""

from __future__ import annotations

import base64

import pytest
from aiohttp import web
from serving import BODY, Names, Site

from bot.sources.fetch import Fetcher, SourceAway, SourceRefused


class Moving:
    """`/live` leads to wherever `to` says; each other path is a page of its own with the same validator."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.to: str | None = "/a"
        site.answer = self.answer

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.path == "/live" and self.to:
            raise web.HTTPFound(self.to)
        if request.headers.get("If-None-Match") == '"1"':
            return web.Response(status=304)
        return web.Response(body=request.path.encode() + BODY, headers={"ETag": '"1"'})

    @property
    def asked(self) -> list[tuple[str, str | None]]:
        found = [(request.path, request.headers.get("If-None-Match")) for request in self.site.requests]
        self.site.requests.clear()
        return found


async def test_redirects_are_followed(site: Site, fetcher: Fetcher) -> None:
    Moving(site).to = "next?page=1"
    found = await fetcher.get(site.url())
    assert (found.data, found.address) == (b"/next" + BODY, site.url("/next") + "?page=1")


async def test_validators_go_only_where_they_came_from(site: Site, fetcher: Fetcher) -> None:
    moving = Moving(site)
    first = await fetcher.get(site.url())
    assert moving.asked == [("/live", None), ("/a", None)]
    again = await fetcher.get(site.url(), etag=first.etag, body_hash=first.body_hash)
    assert (again.data, again.status, again.etag) == (None, 304, '"1"')
    assert moving.asked == [("/live", None), ("/a", '"1"')]

    moving.to = "/b"  # another page, whose validator happens to be the same
    moved = await fetcher.get(site.url(), etag=again.etag, body_hash=again.body_hash)
    assert (moved.data, moved.address) == (b"/b" + BODY, site.url("/b"))
    moving.to = None
    home = await fetcher.get(site.url(), etag=moved.etag, body_hash=moved.body_hash)
    assert home.data == b"/live" + BODY
    assert moving.asked == [("/live", None), ("/b", None), ("/live", None)]


async def test_validators_of_another_process_are_not_trusted(site: Site, fetcher: Fetcher) -> None:
    """Where they came from is not kept over a restart: one whole reading finds out."""
    moving = Moving(site)
    first = await fetcher.get(site.url())
    async with Fetcher(allow_private_addresses=True) as other:
        again = await other.get(site.url(), etag=first.etag, body_hash=first.body_hash)
        assert (again.data, again.status) == (None, 200)
        await other.get(site.url(), etag=again.etag, body_hash=again.body_hash)
    assert [asked for _, asked in moving.asked] == [None, None, None, None, None, '"1"']


async def test_loops_and_chains(site: Site, fetcher: Fetcher) -> None:
    site.gives(302, Location="/live")
    with pytest.raises(SourceRefused, match="more than 5 times"):
        await fetcher.get(site.url())
    assert len(site.requests) == 6

    async def chain(request: web.Request) -> web.StreamResponse:
        step = int(request.query.get("step", 0))
        if step == 5:
            return await site.page(request)
        raise web.HTTPTemporaryRedirect(f"/live?step={step + 1}")

    site.answer = chain
    assert (await fetcher.get(site.url())).data == BODY
    with pytest.raises(SourceRefused, match="more than 5 times"):
        await fetcher.get(site.url() + "?step=-1")


@pytest.mark.parametrize("status", [300, 302, 304, 305])
async def test_redirects_that_lead_nowhere(site: Site, fetcher: Fetcher, status: int) -> None:
    site.gives(status)
    with pytest.raises(SourceAway, match=f"answers {status}"):
        await fetcher.get(site.url())


async def test_what_we_log_in_with_stays_at_its_host() -> None:
    first, second = Site(), Site()
    await first.server.start_server()
    await second.server.start_server()
    names = Names(a_test=[["127.0.0.1"]], b_test=[["127.0.0.1"]])
    async with Fetcher(allow_private_addresses=True, resolver=names) as fetcher:
        first.gives(301, Location=second.url("/live", host="b.test").replace("://", "://eve:sent@"))
        found = await fetcher.get(first.url(host="a.test").replace("://", "://me:pass@"))
    assert first.requests[0].headers["Authorization"] == f"Basic {base64.b64encode(b'me:pass').decode()}"
    assert not {"Authorization", "Cookie", "Referer"} & set(second.requests[0].headers)
    assert found.address == second.url("/live", host="b.test")
    await first.server.close()
    await second.server.close()


async def test_cookies_are_not_kept(site: Site, fetcher: Fetcher) -> None:
    site.gives(302, Location="/live", Set_Cookie="seen=1; Path=/")
    with pytest.raises(SourceRefused):
        await fetcher.get(site.url())
    assert not any("Cookie" in request.headers for request in site.requests)


async def test_the_address_names_no_user(site: Site, fetcher: Fetcher) -> None:
    found = await fetcher.get(site.url().replace("://", "://me:pass@") + "?page=1")
    assert found.address == site.url() + "?page=1"
