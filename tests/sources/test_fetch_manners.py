"""Politeness: two at a time, a gap, peace when a host asks for it; and what sites ask in their headers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from serving import Hands, Names, Site

from bot.sources import freshness
from bot.sources.fetch import Fetcher, SourceAway, SourceHeld
from bot.sources.manners import AT_A_HOST, AT_ONCE, Manners

NOW = datetime(2016, 3, 14, 19, 16, tzinfo=UTC)


class Visits:
    """Visitors of hosts; each leaves when its gate opens."""

    def __init__(self) -> None:
        self.hands = Hands()
        self.manners = Manners(self.hands)
        self.there: list[str] = []
        self.gate = asyncio.Event()

    async def visit(self, host: str) -> None:
        async with self.manners.turn(host):
            self.there.append(host)
            try:
                await self.gate.wait()
            finally:
                self.there.remove(host)


async def test_two_at_a_host_and_a_gap_between_them() -> None:
    visits = Visits()
    async with asyncio.TaskGroup() as group:
        for _ in range(5):
            group.create_task(visits.visit("news.test"))
        await visits.hands.advance(0)
        assert len(visits.there) == 1
        await visits.hands.advance(0.25)
        assert len(visits.there) == AT_A_HOST
        await visits.hands.advance(60)
        assert len(visits.there) == AT_A_HOST
        visits.gate.set()
        for _ in range(5):
            await visits.hands.advance(0.25)
    assert not visits.there


async def test_hosts_do_not_wait_for_each_other_until_there_are_many() -> None:
    visits = Visits()
    async with asyncio.TaskGroup() as group:
        for _ in range(40):
            group.create_task(visits.visit("slow.test"))
        for number in range(20):
            group.create_task(visits.visit(f"n{number}.test"))
        await visits.hands.advance(0.25)
        assert len(visits.there) == AT_ONCE
        assert visits.there.count("slow.test") <= AT_A_HOST
        visits.gate.set()
        for _ in range(40):
            await visits.hands.advance(0.25)


async def test_this_machine_needs_no_gap() -> None:
    visits = Visits()
    async with asyncio.TaskGroup() as group:
        for host in ("127.0.0.1", "127.0.0.1", "::1", "::1"):
            group.create_task(visits.visit(host))
        await visits.hands.advance(0)
        assert len(visits.there) == 4
        visits.gate.set()


async def test_who_is_given_up_leaves_his_place() -> None:
    visits = Visits()
    tasks = [asyncio.create_task(visits.visit("news.test")) for _ in range(4)]
    await visits.hands.advance(1)
    for task in tasks[:3]:
        task.cancel()
    await asyncio.gather(*tasks[:3], return_exceptions=True)
    await visits.hands.advance(1)
    assert visits.there == ["news.test"]
    visits.gate.set()
    await tasks[3]


async def test_peace_is_kept_for_the_whole_host(site: Site) -> None:
    hands = Hands()
    names = Names(news_test=[["127.0.0.1"]], other_test=[["127.0.0.1"]])
    async with Fetcher(allow_private_addresses=True, clock=hands, resolver=names) as fetcher:
        for status in (429, 503):
            site.gives(status, Retry_After="120")
            with pytest.raises(SourceAway) as away:
                await fetcher.get(site.url("/live", host="news.test"))
            assert (type(away.value), away.value.retry_after) == (SourceAway, 120.0)
            site.answer = site.page
            asked = len(site.requests)
            await hands.advance(50)
            with pytest.raises(SourceHeld, match=r"news\.test asks to be left alone for 70 seconds more") as held:
                await fetcher.get(site.url("/another", host="NEWS.test."))
            assert held.value.retry_after == 70.0
            assert len(site.requests) == asked
            await fetcher.get(site.url("/live", host="other.test"))
            await hands.advance(70)
            await fetcher.get(site.url("/another", host="news.test"))
            await hands.advance(1)


@pytest.mark.parametrize(("status", "asked"), [(403, "120"), (500, "120"), (429, "0"), (503, "soon")])
async def test_other_troubles_are_the_pages_own(site: Site, fetcher: Fetcher, status: int, asked: str) -> None:
    site.gives(status, Retry_After=asked)
    with pytest.raises(SourceAway):
        await fetcher.get(site.url())
    site.answer = site.page
    await fetcher.get(site.url())


async def test_waiting_for_a_turn_takes_nothing_off_the_sites_time(site: Site) -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(0.05)
        return await site.page(request)

    site.answer = slow
    async with Fetcher(allow_private_addresses=True, timeout=0.15) as fetcher:
        found = await asyncio.gather(*(fetcher.get(site.url()) for _ in range(10)))
    assert len(found) == 10


# --- how long to wait -----------------------------------------------------------------------------------------------


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
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "9" * 400}, None),
        ({"Retry-After": "10", "Cache-Control": "max-age=40", "Expires": "Mon, 14 Mar 2016 19:16:20 GMT"}, 40.0),
    ],
)
def test_waits(headers: dict[str, str], seconds: float | None) -> None:
    assert freshness.wait(headers, NOW) == seconds


async def test_waits_are_told(site: Site, fetcher: Fetcher) -> None:
    assert (await fetcher.get(site.url())).wait == 30.0
    site.gives(
        Expires=f"{NOW + timedelta(seconds=45):%a, %d %b %Y %H:%M:%S} GMT", Date=f"{NOW:%a, %d %b %Y %H:%M:%S} GMT"
    )
    assert (await fetcher.get(site.url())).wait == 45.0
