"""`make pictures`: the README's pictures, taken of the real demo in a real browser; light, dark and narrow."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from chromium import ARGUMENTS, EXECUTABLE
from playwright.sync_api import Page, expect, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
TOP = "21:40 GMT"  # after it an earlier entry is corrected, and a later one withdrawn
SCHEMES = ("light", "dark")


def main() -> None:
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--speed", "1000"]
    demo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert demo.stdout is not None
        address = next(found[0] for line in demo.stdout if (found := re.search(r"http://[\d.:]+/", line)))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=EXECUTABLE, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1200, "height": 720}, timezone_id="UTC", reduced_motion="reduce")
            page.goto(address)
            say(page, "/subscribe")
            expect(page.locator("#replayState")).to_contain_text("that was all", timeout=120_000)
            gather_a_group(page)
            take(page, "chat", scroll_to=TOP)
            say(page, "/quotes van der Heyl")
            page.set_viewport_size({"width": 390, "height": 780})
            page.locator("#panelClose").click()
            expect(page.locator(".row").last.locator("blockquote").first).to_be_visible()
            take(page, "narrow")
            browser.close()
    finally:
        demo.terminate()
        demo.wait()


def gather_a_group(page: Page) -> None:
    """A second chat, so that the list is one; then back."""
    page.locator("#newChat").click()
    page.locator("#kind").select_option("group")
    page.locator("#askText").fill("Night desk")
    page.locator("#askText").press("Enter")
    expect(page.locator("#title")).to_have_text("Night desk")
    say(page, "/latest")
    expect(page.locator(".row", has_text="updates").last).to_be_visible()
    page.locator(".chat", has=page.locator("bdi", has_text="Dateline")).click()
    expect(page.locator("#title")).to_have_text("Dateline")


def take(page: Page, name: str, scroll_to: str = "") -> None:
    for scheme in SCHEMES:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        if scroll_to:
            row = page.locator(".row", has_text=scroll_to).first
            row.evaluate("row => row.scrollIntoView({ block: 'start' })")
            expect(row).to_be_in_viewport()
        page.mouse.move(10, 710)  # over nothing that would light up
        page.screenshot(path=PICTURES / f"{name}-{scheme}.png", animations="disabled")


def say(page: Page, words: str) -> None:
    box = page.locator("#text")
    box.fill(words)
    box.press("Enter")
    expect(page.locator(".row", has_text=words.split(maxsplit=1)[0]).last).to_be_visible()


if __name__ == "__main__":
    main()
