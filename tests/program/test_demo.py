"""`dateline demo`: the whole bot, a Telegram and a page in one process, to try it with no token."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest
from program_harness import environment, process

from bot.demo.pages import shipped

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
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Harbour &amp; port</title>
<item><guid>a</guid><pubDate>Mon, 14 Mar 2016 19:00:00 GMT</pubDate><description>Smoke.</description></item>
<item><guid>b</guid><pubDate>Mon, 14 Mar 2016 19:16:00 GMT</pubDate><description>Fire.</description></item>
</channel></rss>"""
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
    # A welcome and six; the one that was completed is edited.
    assert done.out.splitlines()[-1] == "The replay is over. Delivered to 1 chat: 7 messages sent, 1 message edited."


@pytest.mark.parametrize("named", [[], *([name] for name in shipped())], ids=str)
def test_a_shipped_page_is_replayed_with_its_corrections(named: list[str]) -> None:
    done = process("demo", *named, *ONCE)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert sum("  published  (1 sent)" in line for line in lines) >= 14
    assert sum("  corrected: " in line and "1 edited, 1 told)" in line for line in lines) >= 2
    assert sum("  withdrawn  (1 edited)" in line for line in lines) == 1
    assert "Delivered to 1 chat: " in lines[-1]


def test_the_terminal_says_what_to_try_in_three_lines(page: Path) -> None:
    lines = process("demo", page, *ONCE).out.splitlines()
    assert [line[:11] for line in lines[1:4]] == ["  1. Open  ", "  2. Type  ", "  3. Ask   "]
    assert "/subscribe" in lines[2]


def test_what_people_ask_is_told_with_its_answer(page: Path) -> None:
    assert re.search(r"(?m)^\? You: /subscribe live  \(answered in \d+ ms\)$", process("demo", page, *ONCE).out)


def test_a_name_that_is_no_page() -> None:
    assert process("demo", "elction", *ONCE).refused() == (
        f"There is no file elction, and no page of that name ships with Dateline: those are {', '.join(shipped())}."
    )


def test_a_page_in_any_format(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(FEED)
    done = process("demo", tmp_path / "feed.xml", *ONCE)
    assert (done.status, done.err) == (0, "")
    assert done.out.count("  published  (1 sent)") == 2
    assert "“Harbour & port”" in done.out


def test_what_cannot_be_replayed(tmp_path: Path) -> None:
    (tmp_path / "none.md").write_text("Hello.\n")
    assert "no entry was found" in process("demo", tmp_path / "none.md", *ONCE).refused()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        (tmp_path / "page.md").write_text(PAGE)
        sentence = process("demo", tmp_path / "page.md", "--once", "--port", str(port)).refused()
    assert sentence == f"Port {port} cannot be used: address already in use. --port 0 takes a free one."


def test_whoever_reads_its_lines_may_go(page: Path) -> None:
    """`dateline demo --once | head -1`"""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", str(page), *ONCE],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(PYTHONUNBUFFERED="1"),
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        assert program.stdout.readline().startswith(b"Dateline replays")
        program.stdout.close()
        assert program.stderr.read() == b""
        assert program.wait(30) == 0


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
            out, err = await program.communicate()
    finally:
        if program.returncode is None:
            program.kill()
    assert program.returncode == 0
    assert b"Traceback" not in err
    assert out.splitlines()[-1] == b"The demo has ended; nothing of it is kept."
    assert not [line for line in err.splitlines() if line.strip()]


async def test_a_hand_on_the_controls_reaches_the_chat(page: Path) -> None:
    """The whole way: the button, the page, the bot, the chat. What is done by hand need not wait for its turn."""
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "football", "--port", "0", "--speed", "0.01"),
        stdout=asyncio.subprocess.PIPE,
        env=environment(PYTHONUNBUFFERED="1"),
    )
    assert program.stdout is not None
    try:
        async with asyncio.timeout(50), aiohttp.ClientSession() as http:
            address = None
            while address is None:
                address = re.search(r"http://127\.0\.0\.1:\d+/", (await program.stdout.readline()).decode())

            async def post(path: str, **body: object) -> None:
                async with http.post(f"{address[0]}api/{path}", json=body) as response:
                    assert response.status == 200

            async def says(*words: str) -> None:
                line = ""
                while not all(word in line for word in words):
                    line = (await program.stdout.readline()).decode()
                    assert line, f"it ended before it said {words}"

            async with http.get(f"{address[0]}api/state") as response:
                chat = (await response.json())["chats"][0]["id"]
            await post(f"chats/{chat}/messages", text="/subscribe")
            await says("+ 17:30 GMT  published  (1 sent)")
            await post("replay", action="next")
            await says("+ 17:45 GMT  published  (1 sent)")
            await post("replay", action="correct", number=0, text="Lindmoor are changed.")
            await says("~ 17:30 GMT  corrected", "1 edited")
            await post("replay", action="withdraw", number=1)
            await says("- 17:45 GMT  withdrawn  (1 edited)")
            async with http.get(f"{address[0]}api/state") as response:
                shown = str((await response.json())["chats"])
            assert "Lindmoor are changed." in shown
            assert "Withdrawn" in shown
    finally:
        program.terminate()
        await program.communicate()
