"""Updates carried to a web server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from sandbox_client import Api

from bot.sandbox import Clock, Sandbox


class Server:
    """A bot's web server: answers with these statuses, the last of them for ever."""

    def __init__(self) -> None:
        self.got: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.statuses = [200]
        self.answer: dict[str, Any] = {}
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return web.json_response(self.answer, status=status)

    @property
    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.got]


@pytest.fixture
async def server(sandbox: Sandbox) -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.add_routes([web.post("/hook", server.take)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    sandbox.world.webhooks.first_pause = 0.01
    yield server
    await sandbox.stop()
    await runner.cleanup()


async def delivered(sandbox: Sandbox) -> None:
    """Until nothing waits."""
    await sandbox.until(lambda: not len(sandbox.world.updates))


async def test_updates_arrive_in_order_with_the_secret(sandbox: Sandbox, api: Api, server: Server) -> None:
    chat = sandbox.private("Ann")
    await chat.says("before")
    await api.result("setWebhook", url=server.url, secret_token="s3cret")
    await chat.says("after")
    await delivered(sandbox)
    assert server.texts == ["before", "after"]
    assert server.secrets == ["s3cret", "s3cret"]
    assert server.got[1]["update_id"] == server.got[0]["update_id"] + 1


async def test_an_update_is_repeated_until_it_is_taken(sandbox: Sandbox, api: Api, server: Server) -> None:
    server.statuses = [500, 302, 200]
    await api.result("setWebhook", url=server.url)
    chat = sandbox.private("Ann")
    await chat.says("one")
    await chat.says("two")
    await delivered(sandbox)
    assert server.texts == ["one", "one", "one", "two"]
    info = await api.result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"


async def test_nobody_listens(sandbox: Sandbox, api: Api, server: Server, clock: Clock) -> None:
    await api.result("setWebhook", url="http://127.0.0.1:9/", max_connections=5)
    await sandbox.private("Ann").says("one")
    await sandbox.until(lambda: sandbox.world.webhooks.last_error)
    info = await api.result("getWebhookInfo")
    assert (info["url"], info["max_connections"]) == ("http://127.0.0.1:9/", 5)
    assert (info["last_error_message"], info["pending_update_count"]) == ("Connection refused", 1)
    assert info["last_error_date"] == int(clock().timestamp())
    await api.result("setWebhook", url=server.url)  # a working address is used at once
    await delivered(sandbox)
    assert server.texts == ["one"]


async def test_only_allowed_kinds_arrive(sandbox: Sandbox, api: Api, server: Server) -> None:
    await api.result("setWebhook", url=server.url, allowed_updates=["message"])
    sandbox.private("Ann").block()
    await sandbox.private("Ben").says("hello")
    await delivered(sandbox)
    assert server.texts == ["hello"]


async def test_an_answer_may_name_a_method(sandbox: Sandbox, api: Api, server: Server) -> None:
    chat = sandbox.private("Ann")
    server.answer = {"method": "sendMessage", "chat_id": chat.id, "text": "hello yourself"}
    await api.result("setWebhook", url=server.url)
    await chat.says("hello")
    await chat.until(lambda messages: messages[1].text == "hello yourself")
    assert sandbox.calls[-1].method == "sendMessage"


async def test_polling_and_a_webhook_exclude_each_other(sandbox: Sandbox, api: Api, server: Server) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=50))
    await sandbox.until(lambda: sandbox.world.updates.is_polled)
    await api.result("setWebhook", url=server.url)
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    refused = await api("getUpdates")
    assert refused["error_code"] == 409
    assert refused["description"].startswith("Conflict: can't use getUpdates method while webhook is active")
    await api.result("deleteWebhook", drop_pending_updates=True)
    assert await api.result("getUpdates") == []


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "https://example.org/hook"}, "bad webhook: the sandbox delivers to this machine only"),
        ({"url": "ftp://127.0.0.1/"}, "bad webhook: an HTTPS URL must be provided for webhook"),
        ({"url": "http://127.0.0.1:99999/"}, "bad webhook: an HTTPS URL must be provided for webhook"),
        ({"url": "http://127.0.0.1/", "secret_token": "no spaces"}, "secret token contains unallowed characters"),
    ],
)
async def test_addresses_that_are_refused(api: Api, params: dict[str, Any], reason: str) -> None:
    assert (await api("setWebhook", **params))["description"].startswith(f"Bad Request: {reason}")
    assert (await api.result("getWebhookInfo"))["url"] == ""
