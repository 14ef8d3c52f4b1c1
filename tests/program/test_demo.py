"""`dateline demo`: the whole bot, a Telegram and a page in one process, to try it with no token."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import sys
from importlib import resources
from pathlib import Path

import aiohttp
import pytest
from program_harness import environment, process

SIX = "".join(
    f"- **19:{minute:02} GMT**\n\n{words}\n\n"
    for minute, words in (
        (50, "The fire is out, the fire brigade says."),
        (40, '"Nobody is missing," Mayor Ana Duarte said.'),
        (30, "A second warehouse is burning.\n\nThe port is closed.\n\nShips wait outside."),
        (20, "Smoke drifts over the town."),
        (10, "Twelve engines are on the quay."),
        (0, "Smoke rises over the harbour."),
    )
)
PAGE = f"Fire in the harbour Live updates\n\n14/03/2016\n\n- 14 March 2016\n\n{SIX}"
ONCE = ("--once", "--speed", "1000", "--port", "0")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.md"
    file.write_text(PAGE, encoding="utf-8")
    return file


def test_a_page_is_replayed_once_and_what_was_delivered_is_said(page: Path) -> None:
    done = process("demo", page, *ONCE)
    assert (done.status, done.err) == (0, "")
    assert "Fire in the harbour" in done.out
    assert re.search(r"http://127\.0\.0\.1:\d+/", done.out)
    assert done.out.count("published") == 6
    assert "19:30 GMT  completed" in done.out
    last = done.out.splitlines()[-1]
    assert re.match(r"The replay is over\. Delivered to 1 chat: .*7 .*1 ", last), last  # a welcome and six; one edit


def test_the_shipped_page_is_replayed_with_its_corrections() -> None:
    if not (resources.files("bot.sandbox") / "pages" / "demo.md").is_file():
        pytest.skip("the page that ships is not there yet")
    done = process("demo", *ONCE)
    assert (done.status, done.err) == (0, "")
    assert done.out.count("published") >= 12
    assert "corrected: " in done.out
    assert "withdrawn" in done.out
    assert "Delivered to 1 chat: " in done.out.splitlines()[-1]


def test_what_cannot_be_replayed(tmp_path: Path) -> None:
    (tmp_path / "none.md").write_text("Hello.\n")
    assert "no entry was found" in process("demo", tmp_path / "none.md", *ONCE).refused()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (tmp_path / "page.md").write_text(PAGE)
        sentence = process("demo", tmp_path / "page.md", "--once", "--port", str(port)).refused()
    assert sentence.startswith(f"Port {port} cannot be used: ")


async def test_the_chat_page_is_there_until_somebody_ends_it(page: Path) -> None:
    """Without --once it waits for a reader, and ends on a signal."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", str(page), "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(PYTHONUNBUFFERED="1"),
    )
    assert program.stdout is not None
    try:
        async with asyncio.timeout(30):
            address = None
            while address is None:
                address = re.search(r"http://127\.0\.0\.1:\d+/", (await program.stdout.readline()).decode())
            async with aiohttp.ClientSession() as session, session.get(address[0]) as answer:
                assert answer.status == 200
                assert "<html" in (await answer.text()).lower()
            program.send_signal(signal.SIGTERM)
            _, err = await program.communicate()
    finally:
        if program.returncode is None:
            program.kill()
    assert program.returncode == 0
    assert b"Traceback" not in err
