"""What the browser tests hold in their hands: windows, the bot's calls from outside of them, a picture of one dot."""

from __future__ import annotations

import base64
import re
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from bot.sandbox import Sandbox

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Windows:
    """Opens windows. What their consoles complain of, and what they ask of other hosts, is kept in `troubles`."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.troubles: list[str] = []

    async def open(self, address: str, width: int = 1280, height: int = 800, scheme: str = "light") -> Page:
        context = await self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="UTC",
        )
        context.set_default_timeout(15_000)
        page = await context.new_page()
        page.on("console", lambda said: self.troubles.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", lambda asked: self._look_at(asked.url, address))
        await page.goto(address)
        return page

    def _look_at(self, url: str, address: str) -> None:
        if not url.startswith(address.partition("#")[0]):
            self.troubles.append(f"asked for {url}")

    def forgive(self, pattern: str) -> None:
        """The test itself has caused these."""
        self.troubles = [trouble for trouble in self.troubles if not re.search(pattern, trouble)]


async def call(page: Page, sandbox: Sandbox, method: str, **params: Any) -> Any:
    """The bot calls; from outside of the page."""
    answer = await page.context.request.post(f"{sandbox.base_url}{sandbox.token}/{method}", data=params)
    return await answer.json()


async def complaints(page: Page, options: Any = None) -> str:
    """What axe-core finds wrong with the page as it stands still, with no colour on its way to another; else empty."""
    await page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
    found = await Axe().run(page, options=options)
    return str(found.generate_report()) if found.violations_count else ""
