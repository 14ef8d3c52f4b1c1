"""Nothing inside our own network is read: however it is written, whatever a name resolves to, wherever a page leads."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from serving import BODY, Names, Site

from bot.sources import addresses
from bot.sources.fetch import Fetcher, SourceAway, SourceRefused

OURS = "127.0.0.77"  # the one address of this machine that these tests declare public
_is_public = addresses.is_public

LITERAL = [
    "http://127.0.0.1/", "http://127.0.0.1./", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0/",
    "http://0x7f000001/", "http://0x7f.1/", "http://0177.0.0.1/", "http://017700000001/", "http://00000177.1/",
    "http://10.1.2.3/", "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/", "http://0xa9fea9fe/", "http://2852039166/",
    "http://100.64.0.1/", "http://100.127.255.254/", "http://0.0.0.0/", "http://0.1.2.3/", "http://198.18.0.1/",
    "http://192.0.0.1/", "http://192.0.2.1/", "http://224.0.0.1/", "http://239.255.255.250/", "http://240.0.0.1/",
    "http://255.255.255.255/", "http://4294967295/",
    "http://[::1]/", "http://[::]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/", "http://[::7f00:1]/", "http://[2002:7f00:1::]/", "http://[2002:a00:1::5]/",
    "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::10.0.0.1]/", "http://[64:ff9b:1::a00:1]/",
    "http://[2600::5efe:10.0.0.1]/", "http://[2600::200:5efe:c0a8:101]/", "http://[2001:0:1::f5ff:fffe]/",
    "http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[fe80::1%eth0]/", "http://[fc00::1]/", "http://[fd12::1]/",
    "http://[fec0::1]/", "http://[ff02::1]/", "http://[2001:db8::1]/", "http://[100::1]/",
    "http://①②⑦.⓪.⓪.①/", "http://１２７.０.０.１/", "http://127。0。0。1/", "http://ⓛocalhost/",
    "http://localhost/", "http://LOCALHOST:8080/", "http://localhost./", "http://news.localhost/", "http://a.b.localhost./",
    "http://user:secret@10.0.0.1/?key=secret", "http://example.org@127.0.0.1/", "http://127.0.0.1#@example.org/",
    "http://example.org:secret@2130706433/", "http://127.0.0.1%00.example.org/",
]  # fmt: skip
NO_ADDRESSES = [
    "http://", "http:///127.0.0.1/", "http://[::1", "http://[::ffff:127.0.0.1]./", "http://[2130706433]/",
    "http://127.0.0.1:80:80/", "http://127.0.0.1\\@example.org/", "https://exa mple.org:x/", "http://?x", "http://#",
    "ftp://example.org/live", "file:///etc/passwd", "gopher://127.0.0.1:70/_x", "javascript://x", "data://text/x",
    "HTTP+UNIX://%2Fvar%2Frun%2Fdocker.sock/", "ws://example.org/",
]  # fmt: skip


@pytest.fixture
async def public_site(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    """A site on the open internet, as far as the fetcher can tell."""
    monkeypatch.setattr(addresses, "is_public", lambda number: number == OURS or _is_public(number))
    found = Site(OURS)
    await found.server.start_server()
    yield found
    await found.server.close()


@pytest.mark.parametrize("address", LITERAL)
async def test_private_addresses(address: str) -> None:
    names = Names()
    async with Fetcher(timeout=5, resolver=names) as fetcher:
        with pytest.raises(SourceRefused, match="leads to the private address") as caught:
            await fetcher.get(address)
    assert "secret" not in str(caught.value)
    assert not names.asked


@pytest.mark.parametrize("address", NO_ADDRESSES)
async def test_no_addresses(address: str) -> None:
    async with Fetcher(allow_private_addresses=True, timeout=5, resolver=Names()) as fetcher:
        with pytest.raises(SourceRefused):
            await fetcher.get(address)


@pytest.mark.parametrize("address", ["http://٠.٠.٠.٠/", "http://1572395042/", "http://0x7f000001.example.org/"])
async def test_odd_names_reach_nothing(address: str) -> None:
    async with Fetcher(timeout=5, resolver=Names()) as fetcher:
        with pytest.raises((SourceRefused, SourceAway)):
            await fetcher.get(address)


@pytest.mark.parametrize(
    "answer",
    [
        ["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"], ["100.64.0.1"], ["0.1.2.3"], ["224.0.0.1"], ["::1"],
        ["fe80::1%2"], ["fd00::1"], ["::ffff:10.0.0.1"], ["64:ff9b::a00:1"], ["2002:7f00:1::"], ["not a number"],
        ["93.184.216.34", "10.0.0.1"], ["10.0.0.1", "93.184.216.34"], ["2606:2800:220:1::1", "::1"],
    ],
)  # fmt: skip
async def test_names_that_lead_inside(answer: list[str]) -> None:
    async with Fetcher(timeout=5, resolver=Names(news_test=[answer])) as fetcher:
        with pytest.raises(SourceRefused, match=r"news\.test leads to the private address"):
            await fetcher.get("http://news.test/live?key=secret")


@pytest.mark.parametrize("answers", [[[]], []])
async def test_names_that_lead_nowhere(answers: list[list[str]]) -> None:
    names = Names(news_test=answers) if answers else Names()
    async with Fetcher(timeout=5, resolver=names) as fetcher:
        with pytest.raises(SourceAway, match=r"the host news\.test was not found"):
            await fetcher.get("http://news.test/live")


async def test_a_name_that_changes_its_mind(public_site: Site) -> None:
    """DNS rebinding: what is connected to is the answer that was checked; there is no second look-up."""
    names = Names(rebinding_test=[[OURS], ["127.0.0.1"]])
    async with Fetcher(timeout=5, resolver=names) as fetcher:
        assert (await fetcher.get(public_site.url(host="rebinding.test"))).data == BODY
        assert names.asked == ["rebinding.test"]
    async with Fetcher(timeout=5, resolver=names) as fetcher:
        with pytest.raises(SourceRefused, match="private address"):
            await fetcher.get(public_site.url(host="rebinding.test"))
    assert [request.host for request in public_site.requests] == [f"rebinding.test:{public_site.server.port}"]


@pytest.mark.parametrize(
    "target", [*LITERAL, "//127.0.0.1/", "//[::1]:1/", "https://localhost/", "http://inside.test/"]
)
async def test_redirects_into_the_house(public_site: Site, target: str) -> None:
    names = Names(news_test=[[OURS]], inside_test=[["192.168.0.1"]])
    public_site.gives(302, Location=target.encode().decode("latin-1") if not target.isascii() else target)
    async with Fetcher(timeout=5, resolver=names) as fetcher:
        with pytest.raises((SourceRefused, SourceAway)):
            await fetcher.get(public_site.url(host="news.test"))
    assert len(public_site.requests) == 1


@pytest.mark.parametrize("target", [target for target in NO_ADDRESSES if ":" in target[:12] and "\\" not in target])
async def test_redirects_to_no_address(public_site: Site, target: str) -> None:
    public_site.gives(302, Location=target)
    async with Fetcher(timeout=5, resolver=Names(news_test=[[OURS]])) as fetcher:
        with pytest.raises((SourceRefused, SourceAway)):
            await fetcher.get(public_site.url(host="news.test"))
    assert len(public_site.requests) == 1


async def test_every_hop_is_checked(public_site: Site) -> None:
    async def answer(request: object) -> object:
        step = len(public_site.requests)
        return await public_site.page(request) if step > 3 else _redirect(public_site.url("/", host=f"n{step}.test"))

    public_site.answer = answer  # type: ignore[assignment]
    names = Names(n0_test=[[OURS]], n1_test=[[OURS]], n2_test=[[OURS]], n3_test=[["10.0.0.1"]])
    async with Fetcher(timeout=5, resolver=names) as fetcher:
        with pytest.raises(SourceRefused, match=r"n3\.test leads to the private address 10\.0\.0\.1"):
            await fetcher.get(public_site.url(host="n0.test"))
    assert len(public_site.requests) == 3


def _redirect(target: str) -> object:
    from aiohttp import web

    return web.Response(status=302, headers={"Location": target})


def test_public_addresses() -> None:
    for number in ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:93.184.216.34", "8.8.8.8"):
        assert addresses.is_public(number), number


def test_what_is_shown_holds_no_secret() -> None:
    assert addresses.shown("https://me:pass@example.org/live?key=1#top") == "https://example.org/live"
    assert "pass" not in addresses.shown("http://me:pass@[::1/live?key=1")
