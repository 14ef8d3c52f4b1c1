"""`dateline sandbox` as others use it: a process, and bots in other libraries, from the documentation's own text."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from program_harness import dateline, environment, process

from bot.demo.pages import choose
from bot.sandbox import Sandbox
from bot.sandbox.live import Live

README = (Path(__file__).parents[2] / "bot" / "sandbox" / "README.md").read_text(encoding="utf-8")


@dataclass
class Served:
    program: asyncio.subprocess.Process
    base_url: str
    token: str
    page: str

    async def asks(self, method: str, path: str, **body: Any) -> Any:
        async with aiohttp.ClientSession() as http, http.request(method, self.page + path, json=body) as response:
            assert response.status == 200, await response.text()
            return await response.json()

    async def ends(self) -> tuple[int | None, str]:
        self.program.terminate()
        async with asyncio.timeout(20):
            _, err = await self.program.communicate()
        return self.program.returncode, err.decode()


@asynccontextmanager
async def served(*words: str) -> AsyncIterator[Served]:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "sandbox", "--port", "0", *words),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(),
    )
    try:
        assert program.stdout is not None
        async with asyncio.timeout(30):
            lines = [(await program.stdout.readline()).decode().split() for _ in range(3)]
        assert [line[0] for line in lines] == ["base_url", "token", "page"]
        yield Served(program, *(line[1] for line in lines))
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()


async def test_it_serves_the_bot_api_and_the_chat_page_and_ends_with_one_line() -> None:
    async with served("--token", "42:my-token", "--name", "Echo", "--username", "echo_bot") as sandbox:
        assert sandbox.token == "42:my-token"
        me = await sandbox.asks("GET", f"bot{sandbox.token}/getMe")
        assert me["result"]["id"] == 42
        assert (me["result"]["first_name"], me["result"]["username"]) == ("Echo", "echo_bot")
        assert (await sandbox.asks("GET", "api/state"))["replay"] is False
        status, err = await sandbox.ends()
    assert (status, err) == (0, "dateline: the sandbox has stopped; nothing of it is kept.\n")


async def test_its_limits_can_be_switched_on() -> None:
    async with served("--limits") as sandbox:
        chat = await sandbox.asks("POST", "api/chats", type="group", title="Desk")
        sends = {"chat_id": chat["id"], "text": "again"}
        async with aiohttp.ClientSession() as http:
            statuses = [
                (await http.post(f"{sandbox.base_url}{sandbox.token}/sendMessage", json=sends)).status
                for _ in range(30)
            ]
    assert 429 in statuses


async def test_other_hosts_only_where_it_is_told_to() -> None:
    async with served("--host", "0.0.0.0") as sandbox:  # noqa: S104
        assert sandbox.page.startswith("http://127.0.0.1:")
        for host, status in (("192.0.2.7", 200), ("localhost:1", 200), ("evil.example", 403)):
            async with aiohttp.ClientSession() as http, http.get(sandbox.page, headers={"Host": host}) as response:
                assert (host, response.status) == (host, status)
        _, err = await sandbox.ends()
    assert "warning: whoever reaches 0.0.0.0 may read and write" in err
    async with Sandbox() as own, aiohttp.ClientSession() as http:
        for host, status in (
            ("192.0.2.7", 403),
            ("[::1]:80", 200),
            ("LOCALHOST", 200),
            ("127.0.0.1.example", 403),
        ):
            async with http.get(own.address, headers={"Host": host}) as response:
                assert (host, response.status) == (host, status)


def test_what_cannot_be() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        sentence = process("sandbox", "--port", str(port)).refused()
    assert sentence.startswith(f"127.0.0.1, port {port}, cannot be used: ")
    assert process("sandbox", "--host", "nowhere.invalid").refused().startswith("nowhere.invalid, port 8081, cannot")
    assert dateline("sandbox", "--token", "letters").status == 2


# --- the documentation ----------------------------------------------------------------------------------------------


def _block(language: str, *, address: str, token: str) -> str:
    """The page's code, pointed at where the sandbox is this time."""
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    assert token in found[1]
    assert "http://127.0.0.1:8081" in found[1]
    return found[1].replace("http://127.0.0.1:8081", address)


async def _is_answered(sandbox: Served, *command: str | Path, folder: Path) -> None:
    """Run that bot; what somebody says is said back."""
    bot = await asyncio.create_subprocess_exec(*command, cwd=folder, env=environment(), stderr=asyncio.subprocess.PIPE)
    try:
        chat = await sandbox.asks("POST", "api/chats", type="private", title="Ann")
        await sandbox.asks("POST", f"api/chats/{chat['id']}/messages", text="Hello")
        async with asyncio.timeout(40):
            while not (said := await _said_back(sandbox)):
                assert bot.returncode is None, (await bot.communicate())[1].decode()
                await asyncio.sleep(0.05)
        assert said == ["You said “Hello”."]
    finally:
        if bot.returncode is None:
            bot.kill()
        await bot.communicate()


async def _said_back(sandbox: Served) -> list[str]:
    calls = (await sandbox.asks("GET", "api/calls"))["calls"]
    return [call["params"]["text"] for call in calls if call["method"] == "sendMessage"]


async def test_the_bot_in_aiogram(tmp_path: Path) -> None:
    async with served() as sandbox:
        code = _block("python", address=sandbox.page.rstrip("/"), token=sandbox.token)
        (tmp_path / "echo.py").write_text(code, encoding="utf-8")
        await _is_answered(sandbox, sys.executable, "echo.py", folder=tmp_path)


async def test_the_bot_in_javascript(tmp_path: Path) -> None:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("node and npm are not there")
    (tmp_path / "package.json").write_text("{}")
    install = [npm, "install", "--no-audit", "--no-fund", "grammy"]
    try:
        got = subprocess.run(install, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("npm's registry is not reached")
    if got.returncode:
        pytest.skip(f"npm could not get grammY: {got.stderr.decode()[:200]}")
    async with served() as sandbox:
        code = _block("javascript", address=sandbox.page.rstrip("/"), token=sandbox.token)
        (tmp_path / "bot.mjs").write_text(code, encoding="utf-8")
        await _is_answered(sandbox, node, "bot.mjs", folder=tmp_path)


async def test_every_route_that_the_documentation_names_is_served() -> None:
    named = set(re.findall(r"`(GET|POST|DELETE) (/api/[\w/]+)", README))
    assert len(named) >= 18
    sandbox = Sandbox()
    Live((await choose(None)).replay, sandbox, "flood", "The flood")
    async with sandbox:
        assert sandbox._runner is not None
        app = sandbox._runner.app
        assert isinstance(app, web.Application)
        routes = {(route.method, route.resource.canonical) for route in app.router.routes() if route.resource}
    for method, path in named:
        assert (method, re.sub("ID", "{id}", re.sub("QUERY", "{query}", path))) in routes
