"""A real browser: one Chromium for each process that runs tests, and windows in it that must give no trouble."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from chromium import ARGUMENTS, EXECUTABLE
from playwright.async_api import Browser, async_playwright
from windows import Windows

from bot.sandbox import Sandbox

sys.path.append(str(Path(__file__).parents[1] / "stories"))

from newsroom import Newsroom


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    if EXECUTABLE is None:
        pytest.skip("there is no Chromium on this machine")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def windows(chromium: Browser) -> AsyncIterator[Windows]:
    windows = Windows(chromium)
    yield windows
    for context in chromium.contexts:
        await context.close()
    assert windows.troubles == []


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(name="Dateline", username="DatelineBot") as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def news(tmp_path: Path) -> AsyncIterator[Newsroom]:
    """The real bot."""
    async with Newsroom(tmp_path) as newsroom:
        yield newsroom
