"""The demo as a person meets it: the program started, the side panel in hand."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect
from windows import Windows, complaints

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ROOT = Path(__file__).parents[2]


@pytest_asyncio.fixture(loop_scope="session")
async def demo() -> AsyncIterator[str]:
    """The address of a demo that publishes next to nothing by itself: an entry in five minutes."""
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--speed", "0.01"]
    program = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, cwd=ROOT)
    assert program.stdout is not None
    try:
        async with asyncio.timeout(30):
            found = None
            while found is None:
                line = (await program.stdout.readline()).decode()
                assert line, "the demo has ended"
                found = re.search(r"http://[\d.:]+/", line)
        yield found[0]
    finally:
        program.terminate()
        await program.wait()


async def test_the_live_page_is_played_corrected_and_withdrawn_by_hand(demo: str, windows: Windows) -> None:
    page = await windows.open(demo, 1440, 900)
    await expect(page.locator("#replayState")).to_contain_text("0 of")
    await page.locator("#text").fill("/subscribe")
    await page.locator("#text").press("Enter")
    await expect(page.locator("#messages")).to_contain_text("You now follow")
    await page.get_by_role("button", name="Pause").click()
    await expect(page.locator("#replayState")).to_contain_text("paused")
    await page.get_by_role("button", name="Next entry").click()
    entry = page.locator("#entries li").first
    await expect(entry).to_have_class("published")
    stamp = await entry.locator("b").inner_text()
    message = page.locator(".row", has_text=stamp).first
    await expect(message).to_be_visible()
    await entry.get_by_role("button", name="Correct").click()
    await page.locator("#askText").fill("Words of my own stand here now.")
    await page.get_by_role("button", name="OK").click()
    await expect(entry).to_have_class("corrected")
    await expect(message).to_contain_text("Words of my own stand here now.")
    await expect(message).to_contain_text("corrected")
    await entry.get_by_role("button", name="Withdraw").click()
    await expect(entry).to_have_class("withdrawn")
    await expect(message).to_contain_text("Withdrawn")
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert await complaints(page) == ""
    await page.get_by_role("button", name="Faster").click()
    await page.get_by_role("button", name="Go on").click()
    await expect(page.locator("#replayState")).to_contain_text("speed")
    await page.locator("#callsTab").click()
    await expect(page.locator("#callList li", has_text="editMessageText").first).to_be_visible()
