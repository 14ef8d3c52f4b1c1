"""`make pictures`: the README's pictures, taken of the real demo in a real browser."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from chromium import ARGUMENTS, EXECUTABLE
from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
TOP_OF_PICTURE = "21:22 GMT"


def main() -> None:
    demo = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", "0", "--speed", "1000"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert demo.stdout is not None
        address = next(found[0] for line in demo.stdout if (found := re.search(r"http://[\d.:]+/", line)))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
            subscribe(browser, address)
            for line in demo.stdout:
                if "replay is over" in line:
                    break
            take(browser, address, "chat.png", 1100, 860)
            browser.close()
    finally:
        demo.terminate()
        demo.wait()


def subscribe(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    say(page, "/subscribe")
    page.get_by_text("You now follow").first.wait_for()
    page.close()


def take(browser: Browser, address: str, name: str, width: int, height: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(address)
    page.get_by_text("Withdrawn").first.wait_for()
    # The newest messages are in view: scroll back to where something was corrected and something withdrawn.
    page.get_by_text(TOP_OF_PICTURE).first.evaluate("element => element.scrollIntoView({block: 'start'})")
    page.wait_for_timeout(500)
    page.screenshot(path=PICTURES / name)
    page.close()


def say(page: Page, words: str) -> None:
    box = page.locator("textarea").first
    box.fill(words)
    box.press("Enter")


if __name__ == "__main__":
    main()
