"""What becomes of a call when the network does what networks do. Every failure here is one of a real socket."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import traceback

import aiohttp
import lines
import pytest
from lines import HASTY, HELLO, TOKEN, Behaviour, Peer, answering, http, line, messenger, taken, transport
from telegram import Bot, InputFile
from telegram.error import TelegramError

from bot.delivery import errors
from bot.delivery.telegram import classify
from bot.delivery.transport import CALL_SECONDS, NoAnswer, NothingSent, Patience, Transport, told

# --- what a server can do ---------------------------------------------------------------------------------------------


async def closes_at_once(peer: Peer) -> None:
    """The connection is accepted; that anything of the request was read cannot be known here."""


async def resets_at_once(peer: Peer) -> None:
    peer.resets()


async def reads_and_closes(peer: Peer) -> None:
    await peer.request()


async def reads_and_resets(peer: Peer) -> None:
    await peer.request()
    peer.resets()


async def answers_half_a_head(peer: Peer) -> None:
    await peer.request()
    await peer.says(b"HTTP/1.1 200 OK\r\nContent-Le")


async def answers_half_a_body(peer: Peer) -> None:
    await peer.request()
    await peer.says(taken()[:-5])


async def answers_no_http(peer: Peer) -> None:
    await peer.request()
    await peer.says(b"220 mail.example.org ESMTP\r\n\r\n")


async def speaks_first(peer: Peer) -> None:
    """And not TLS."""
    await peer.says(b"220 mail.example.org ESMTP\r\n")
    await peer.reader.read()


async def is_silent(peer: Peer) -> None:
    await peer.request()
    await asyncio.sleep(5)


async def never_reads(peer: Peer) -> None:
    await asyncio.sleep(5)


async def stops_in_the_body(peer: Peer) -> None:
    await peer.request()
    await peer.says(taken()[:-5])
    await asyncio.sleep(5)


async def trickles(peer: Peer) -> None:
    """Never silent for as long as a read may take, and never done."""
    await peer.request()
    await peer.says(*[b"X-More: 1\r\n" if n else b"HTTP/1.1 200 OK\r\n" for n in range(100)], every=0.05)


LOST: list[Behaviour] = [
    closes_at_once,
    resets_at_once,
    reads_and_closes,
    reads_and_resets,
    answers_half_a_head,
    answers_half_a_body,
    answers_no_http,
    is_silent,
    stops_in_the_body,
    trickles,
]


@pytest.mark.parametrize("behaviour", LOST, ids=lambda behaviour: behaviour.__name__)
async def test_once_a_connection_stood_the_outcome_is_unknown_and_nothing_is_repeated(behaviour: Behaviour) -> None:
    async with line(behaviour) as server, messenger(server.base_url, HASTY) as sender:
        began = time.monotonic()
        with pytest.raises(errors.Unknown):
            await sender.send(1, 0, HELLO)
        assert time.monotonic() - began < HASTY.total + 1.0
        assert server.connections == 1


async def test_a_refused_connection_sent_nothing() -> None:
    async with messenger(f"http://127.0.0.1:{lines.free_port()}/bot") as sender:
        with pytest.raises(errors.NotSent, match="onnect"):
            await sender.send(1, 0, HELLO)


async def test_a_host_that_is_not_found_sent_nothing() -> None:
    async with messenger("http://telegram.invalid/bot") as sender:
        with pytest.raises(errors.NotSent):
            await sender.send(1, 0, HELLO)


async def test_a_failed_handshake_sent_nothing() -> None:
    async with line(speaks_first) as server:
        secure = messenger(server.base_url.replace("http:", "https:"))
        async with secure as sender:
            with pytest.raises(errors.NotSent, match="no connection"):
                await sender.send(1, 0, HELLO)


@pytest.mark.parametrize("base_url", ["nonsense", "ftp://127.0.0.1/bot", "http:///bot"])
async def test_what_is_no_address_sent_nothing(base_url: str) -> None:
    async with messenger(base_url) as sender:
        with pytest.raises(errors.NotSent):
            await sender.send(1, 0, HELLO)


async def test_a_call_that_finds_no_free_connection_sent_nothing() -> None:
    async with line(is_silent) as server, messenger(server.base_url, Patience(0.1, 0.4, 1.5, 3.0), 1) as sender:
        first = asyncio.create_task(sender.send(1, 0, HELLO))
        await server.until(requests=1)
        with pytest.raises(errors.NotSent, match="none was free"):
            await sender.send(2, 0, HELLO)
        with pytest.raises(errors.Unknown):
            await first
        assert server.connections == 1


async def test_a_call_before_the_start_and_after_the_end_sent_nothing() -> None:
    made = Transport()
    for _ in range(2):
        with pytest.raises(NothingSent):
            await made.do_request("http://127.0.0.1/", "POST")
        async with made:
            await made.initialize()  # a second time is no harm
        await made.shutdown()


# --- answers that say what happened -----------------------------------------------------------------------------------

GATEWAY = b"<html><head><title>502 Bad Gateway</title></head></html>"


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        ("500 Internal Server Error", errors.NotSent),
        ("503 Service Unavailable", errors.NotSent),
        ("502 Bad Gateway", errors.Unknown),
        ("504 Gateway Timeout", errors.Unknown),
        ("520 Unknown", errors.Unknown),
    ],
)
@pytest.mark.parametrize("is_json", [True, False], ids=["json", "a page"])
async def test_a_status_without_a_reason(status: str, asked: type[Exception], is_json: bool) -> None:
    code, _, phrase = status.partition(" ")
    answer = lines.refusal(int(code), phrase) if is_json else http(status, GATEWAY, Location="/elsewhere")
    async with line(answering(answer)) as server, messenger(server.base_url) as sender:
        with pytest.raises(asked) as caught:
            await sender.send(1, 0, HELLO)
        assert type(caught.value) is asked
        assert status.partition(" ")[0] in str(caught.value)


@pytest.mark.parametrize(
    "status", ["302 Found", "400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found"]
)
async def test_a_refusal_that_is_not_telegrams_is_about_neither_chat_nor_token(status: str) -> None:
    async with line(answering(http(status, GATEWAY, Location="/elsewhere"))) as server:
        async with messenger(server.base_url) as sender:
            with pytest.raises(errors.NotSent):
                await sender.send(1, 0, HELLO)
        assert len(server.requests) == 1  # no redirect is followed


@pytest.mark.parametrize("body", [GATEWAY, b"", b"[]", b"17", b'{"ok": true}', b"\xff\xfe"])
async def test_a_success_that_says_nothing_is_unknown(body: bytes) -> None:
    async with line(answering(http("200 OK", body))) as server, messenger(server.base_url) as sender:
        with pytest.raises(errors.Unknown):
            await sender.send(1, 0, HELLO)


# --- connections that are kept ----------------------------------------------------------------------------------------


async def test_a_connection_is_used_again() -> None:
    async with line(answering(taken(9))) as server, messenger(server.base_url) as sender:
        assert [await sender.send(1, 0, HELLO) for _ in range(5)] == [9] * 5
        assert server.connections == 1


async def test_a_connection_that_was_closed_while_it_was_idle_is_not_used() -> None:
    async def answers_one(peer: Peer) -> None:
        await peer.request()
        await peer.says(taken())

    async with line(answers_one) as server, messenger(server.base_url) as sender:
        for _ in range(3):
            await sender.send(1, 0, HELLO)
            await asyncio.sleep(0.02)  # the end of the connection arrives
        assert server.connections == 3


@pytest.mark.parametrize("has_read", [False, True])
async def test_a_connection_that_is_closed_just_then_leaves_the_outcome_unknown(has_read: bool) -> None:
    """A server that closes an idle connection as we write looks like one that took the message and went down."""

    async def answers_one_and_hangs_up_at_the_next(peer: Peer) -> None:
        await peer.request()
        await peer.says(taken())
        await (peer.request() if has_read else peer.reader.readexactly(1))

    async with line(answers_one_and_hangs_up_at_the_next) as server, messenger(server.base_url) as sender:
        await sender.send(1, 0, HELLO)
        with pytest.raises(errors.Unknown):
            await sender.send(1, 0, HELLO)
        assert server.connections == 1


async def test_a_call_that_is_given_up_frees_its_connection() -> None:
    async with line(is_silent) as server, messenger(server.base_url, connections=1) as sender:
        for number in (1, 2):
            call = asyncio.create_task(sender.send(1, 0, HELLO))
            await server.until(requests=number)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert server.connections == number


# --- time -------------------------------------------------------------------------------------------------------------


async def test_no_call_takes_longer_than_it_may() -> None:
    usual = Patience().limits(*[Transport.DEFAULT_NONE] * 4)
    assert usual.total == CALL_SECONDS
    assert (usual.connect or 0) + (usual.sock_read or 0) <= CALL_SECONDS


async def test_a_long_poll_has_its_wait_on_top_and_no_more() -> None:
    waits = iter([0.6, 5.0])

    async def answers_late(peer: Peer) -> None:
        while await peer.request():
            await asyncio.sleep(next(waits))
            await peer.says(http("200 OK", b'{"ok": true, "result": []}'))

    async with line(answers_late) as server, transport(Patience(1.0, 2.0, 0.2, 0.4)) as made:
        bot = Bot(TOKEN, server.base_url, get_updates_request=made)
        assert await bot.get_updates(timeout=1) == ()  # for longer than another call may take
        began = time.monotonic()
        with pytest.raises(NoAnswer):  # a poll that hangs, as on a connection whose other end is gone
            await bot.get_updates(timeout=1)
        assert 1.0 < time.monotonic() - began < 2.5


@pytest.mark.parametrize(
    ("given", "total", "reading"),
    [
        ({"read": 20.0}, 8 + 15, 20.0),
        ({"read": None}, 8, None),
        ({"read": 1.0}, 8, 1.0),
        ({"write": 20.0}, 8 + 20, 5.0),
        ({"write": None}, 8, 5.0),
    ],
)
def test_what_a_call_asks_for(given: dict[str, float | None], total: float, reading: float | None) -> None:
    asked = dict.fromkeys(("read", "write", "connect", "pool"), Transport.DEFAULT_NONE) | given
    limits = Patience().limits(**asked)
    assert (limits.total, limits.sock_read) == (total, reading)


# --- what is sent -----------------------------------------------------------------------------------------------------


async def test_parameters_go_as_json_and_cookies_do_not_come_back() -> None:
    answer = http("200 OK", b'{"ok": true, "result": {"message_id": 1}}', Set_Cookie="a=b")
    async with line(answering(answer)) as server, messenger(server.base_url) as sender:
        await sender.send(1, 0, lines.Rendered("Ärger \ud83d"))  # half a character: Telegram's to refuse
        await sender.send(1, 0, HELLO)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert b"content-type: application/json" in head.lower()
    assert json.loads(body)["text"] == "Ärger \ud83d"
    assert all(b"cookie" not in request.lower() for request in server.requests)


async def test_files_go_as_a_form() -> None:
    async with line(answering(taken())) as server, transport() as made:
        bot = Bot(TOKEN, server.base_url, request=made)
        file = InputFile(b"\x00\x01 bytes", filename="note.txt")
        await bot.do_api_request("SendDocument", {"chat_id": 5, "document": file, "reply_markup": {"a": [1]}})
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert b"content-type: multipart/form-data; boundary=" in head.lower()
    for expected in (b'name="chat_id"', b"\r\n\r\n5\r\n", b'filename="note.txt"', b"\x00\x01 bytes", b'{"a": [1]}'):
        assert expected in body


async def test_a_file_is_fetched() -> None:
    async with line(answering(http("200 OK", b"the file"))) as server, transport() as made:
        assert await made.retrieve(server.url) == b"the file"


@pytest.mark.parametrize(("excluded", "goes"), [("", "proxy"), ("127.0.0.1", "server")])
async def test_the_environment_names_a_proxy(monkeypatch: pytest.MonkeyPatch, excluded: str, goes: str) -> None:
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", excluded)
    async with line(answering(taken())) as server, line(answering(taken())) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.base_url.removesuffix("/bot"))
        async with messenger(server.base_url) as sender:
            await sender.send(1, 0, HELLO)
        assert (server.connections, proxy.connections) == ((0, 1) if goes == "proxy" else (1, 0))


# --- the token --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("behaviour", [*LOST, None], ids=lambda behaviour: behaviour and behaviour.__name__)
async def test_no_failure_tells_the_token(behaviour: Behaviour | None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with line(behaviour or speaks_first) as server, transport(HASTY) as made:
        url = server.url if behaviour else server.url.replace("http:", "https:")
        with pytest.raises(TelegramError) as caught:
            await made.post(url)
    failures = [caught.value, classify(caught.value), caught.value.__cause__, caught.value.__context__]
    written = [*map(str, failures), *map(repr, failures), repr(made), caplog.text]
    written += traceback.format_exception(caught.value)
    assert not [text for text in written if TOKEN in text or TOKEN.partition(":")[2] in text]
    assert caught.value.__cause__ is caught.value.__context__ is None


# --- aiohttp's exceptions, those that are hard to bring about too -----------------------------------------------------

KEY = aiohttp.client_reqrep.ConnectionKey("h", 443, True, True, None, None, None)
REFUSED = ConnectionRefusedError(111, "Connection refused")
INFO = aiohttp.RequestInfo(None, "POST", None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (aiohttp.ClientConnectorError(KEY, REFUSED), NothingSent),
        (aiohttp.ClientConnectorDNSError(KEY, OSError(None, "no such host")), NothingSent),
        (aiohttp.ClientConnectorSSLError(KEY, OSError(1, "handshake")), NothingSent),
        (aiohttp.ClientConnectorCertificateError(KEY, OSError(1, "certificate")), NothingSent),
        (aiohttp.ClientProxyConnectionError(KEY, REFUSED), NothingSent),
        (aiohttp.ClientHttpProxyError(INFO, (), status=407), NothingSent),
        (aiohttp.ConnectionTimeoutError("to host"), NothingSent),
        (aiohttp.InvalidURL("x"), NothingSent),
        (aiohttp.ServerDisconnectedError(), NoAnswer),
        (aiohttp.ClientOSError(32, "Broken pipe"), NoAnswer),
        (aiohttp.ClientConnectionResetError("closing"), NoAnswer),
        (aiohttp.SocketTimeoutError("reading"), NoAnswer),
        (TimeoutError(), NoAnswer),
        (aiohttp.ClientPayloadError("half"), NoAnswer),
        (aiohttp.ClientResponseError(INFO, (), status=400), NoAnswer),
        (aiohttp.ClientConnectionError("Connector is closed."), NoAnswer),
        (OSError(9, "Bad file descriptor"), NoAnswer),
    ],
    ids=lambda value: getattr(value, "__name__", type(value).__name__),
)
def test_what_an_exception_of_aiohttp_says(error: Exception, kind: type[Exception]) -> None:
    assert type(told(error)) is kind
