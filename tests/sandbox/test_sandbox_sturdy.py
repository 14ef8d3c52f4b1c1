"""A broken client cannot stop the sandbox, and many chats do not slow it down."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sandbox_client import Api

from bot.sandbox import Sandbox
from bot.sandbox import sandbox as running


async def connect(sandbox: Sandbox) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    port = int(sandbox.address.rstrip("/").rpartition(":")[2])
    return await asyncio.open_connection("127.0.0.1", port)


async def said_raw(sandbox: Sandbox, data: bytes) -> bytes:
    """What comes back before the server hangs up, or the first answer."""
    reader, writer = await connect(sandbox)
    writer.write(data)
    try:
        async with asyncio.timeout(10):
            return await reader.read(65536)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def post(sandbox: Sandbox, body: bytes, *headers: str, method: str = "sendMessage", length: int | None = None) -> bytes:
    length = len(body) if length is None else length
    head = [f"POST /bot{sandbox.token}/{method} HTTP/1.1", "Host: x", f"Content-Length: {length}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x00\x01\x02\xff\xfe\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /bot HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"GET /%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a TLS hello
    ],
)
async def test_garbage_is_no_request(sandbox: Sandbox, api: Api, garbage: bytes) -> None:
    answered = await said_raw(sandbox, garbage)
    assert not answered.startswith(b"HTTP/1.1 200")
    assert (await api("getMe"))["ok"]


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (b"{", "Content-Type: application/json"),
        (b"[]", "Content-Type: application/json"),
        (b"\xff\xfe", "Content-Type: application/json"),
        (b'{"chat_id":1}', "Content-Type: application/json; charset=martian"),
        (b"[" * 100_000, "Content-Type: application/json"),
        (b'{"chat_id":' + b"9" * 10_000 + b"}", "Content-Type: application/json"),
        (b"a=%ff%fe&chat_id=%00", "Content-Type: application/x-www-form-urlencoded"),
        (b"no parts here", "Content-Type: multipart/form-data; boundary=x"),
        (b"no boundary", "Content-Type: multipart/form-data"),
        (b"--x\r\n\r\n\r\n--x--", "Content-Type: multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n', "Content-Type: multipart/form-data; boundary=x"),
        (b"<xml/>", "Content-Type: text/xml"),
        (b"zip", "Content-Encoding: gzip"),
    ],
)  # fmt: skip
async def test_a_body_that_cannot_be_read_is_a_400(sandbox: Sandbox, api: Api, body: bytes, header: str) -> None:
    answered = await said_raw(sandbox, post(sandbox, body, header))
    assert answered.startswith(b"HTTP/1.1 400")
    assert (await api("getMe"))["ok"]


async def test_a_body_that_is_too_large(http: aiohttp.ClientSession, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MAX_BODY", 100_000)
    async with Sandbox() as small:
        url = f"{small.base_url}{small.token}/sendDocument"
        form = aiohttp.FormData({"document": io.BytesIO(b"x" * 200_000)})
        for request in (http.post(url, json={"text": "x" * 200_000}), http.post(url, data=form)):
            async with request as response:
                assert await response.json() == {
                    "ok": False,
                    "error_code": 413,
                    "description": "Request Entity Too Large",
                }
        assert not small.world.files._held


async def test_half_a_request_holds_up_nobody(sandbox: Sandbox, api: Api) -> None:
    writers = []
    for _ in range(50):
        _, writer = await connect(sandbox)
        writer.write(post(sandbox, b'{"chat_id"', "Content-Type: application/json", length=5000))
        writers.append(writer)
    assert (await api("getMe"))["ok"]
    for writer in writers:
        writer.transport.abort()
    assert (await api("getMe"))["ok"]


async def test_a_client_that_leaves_in_the_middle_of_a_poll(sandbox: Sandbox, api: Api) -> None:
    body = b'{"timeout": 50}'
    for _ in range(5):
        _, writer = await connect(sandbox)
        writer.write(post(sandbox, body, "Content-Type: application/json", method="getUpdates"))
        await sandbox.until(lambda: sandbox.world.updates.is_polled)
        writer.transport.abort()
    await sandbox.private("Ann").says("hello")
    updates = await api.updates()
    assert [update["message"]["text"] for update in updates] == ["hello"]


async def test_a_page_that_does_not_read_its_events(sandbox: Sandbox, api: Api) -> None:
    _, writer = await connect(sandbox)
    writer.write(b"GET /api/events?after=0&calls=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
    chat = sandbox.private("Ann")
    for number in range(300):
        await api.result("sendMessage", chat_id=chat.id, text=f"{number} " + "x" * 4000)
    assert len(chat.shown) == 300
    writer.transport.abort()


async def test_ten_thousand_chats(sandbox: Sandbox, api: Api) -> None:
    chats = [sandbox.private(f"Reader {number}") for number in range(10_000)]
    sandbox.channel("News", owner="Ann", username="harbour_news")
    assert (await api.result("sendMessage", chat_id=chats[-1].id, text="hi"))["message_id"] == 1
    assert (await api.result("sendMessage", chat_id="@harbour_news", text="hi"))["chat"]["title"] == "News"
    async with api.http.get(f"{sandbox.address}api/state") as response:
        assert len((await response.json())["chats"]) == 10_001


PARTS = st.dictionaries(
    st.sampled_from(["chat_id", "text", "media", "photo", "reply_markup", "parse_mode", "offset", "x"]),
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.text())),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["sendMessage", "sendPhoto", "sendMediaGroup", "editMessageText", "getUpdates"]), PARTS)
async def test_any_json_is_answered(method: str, params: dict[str, Any]) -> None:
    async with Sandbox() as sandbox, aiohttp.ClientSession() as http:
        body = json.dumps(params).encode()
        headers = {"Content-Type": "application/json"}
        async with http.post(f"{sandbox.base_url}{sandbox.token}/{method}", data=body, headers=headers) as response:
            answer = await response.json()
            assert response.status == answer.get("error_code", 200)
            assert answer["ok"] or response.status == 400
