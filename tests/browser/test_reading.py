"""A reader and the real bot, in a real browser: what comes, what is corrected, what answers."""

from __future__ import annotations

import pytest
from newsroom import SLUG, Newsroom
from playwright.async_api import Page, expect
from windows import Windows

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FIRST = ("19:00 GMT", "Smoke rises over the harbour, the fire brigade says.")


async def say(page: Page, words: str) -> None:
    await page.locator("#text").fill(words)
    await page.locator("#text").press("Enter")


async def subscribe(news: Newsroom, page: Page) -> None:
    news.app.sender.calm()
    await say(page, f"/subscribe {SLUG}")
    await news.woken()
    await news.delivers()
    await expect(page.locator("#messages")).to_contain_text("You now follow")


async def test_entries_come_are_corrected_and_withdrawn_without_a_reload(news: Newsroom, windows: Windows) -> None:
    await news.opens()
    news.reader("You")
    page = await windows.open(news.sandbox.address)
    await page.evaluate("window.isTheSame = true")
    await subscribe(news, page)
    news.page.publish("19:16 GMT", "The harbour master says that 12 ships wait.")
    await news.comes_round()
    entry = page.locator(".row", has_text="ships wait").first
    await expect(entry).to_contain_text("12 ships")
    news.page.correct("19:16 GMT", "The harbour master says that 21 ships wait.")
    await news.comes_round()
    await expect(entry.locator("s")).to_have_text("12")
    await expect(entry).to_contain_text("21 ships")
    await expect(entry.locator(".meta")).to_contain_text("edited")
    await expect(page.locator(".row", has_text="Correction to 19:16").locator(".replied")).to_be_visible()
    news.page.withdraw("19:16 GMT")
    await news.comes_round()
    await expect(page.locator(".row", has_text="took this update down")).to_contain_text("Withdrawn")
    assert await page.evaluate("window.isTheSame")


async def test_buttons_and_quotes_answer(news: Newsroom, windows: Windows) -> None:
    await news.opens(
        FIRST,
        ("19:05 GMT", '"Nobody is hurt, and nobody was inside," fire chief Ann Miller has said.'),
        ("19:10 GMT", '"The wind has turned, and the ships will wait outside," Bob Stone, the harbour master, said.'),
    )
    news.reader("You")
    page = await windows.open(news.sandbox.address)
    await say(page, "/speakers")
    await page.locator(".key", has_text="Miller").click()
    await expect(page.locator("blockquote", has_text="Nobody is hurt")).to_be_visible()
    await say(page, "/quotes Stone")
    await expect(page.locator("blockquote", has_text="The wind has turned").last).to_be_visible()


async def test_the_chat_goes_on_when_the_bot_starts_again(news: Newsroom, windows: Windows) -> None:
    await news.opens()
    news.reader("You")
    page = await windows.open(news.sandbox.address)
    await subscribe(news, page)
    await news.restarts()
    news.page.publish("19:20 GMT", "The bot is back in the harbour.")
    await news.comes_round()
    await expect(page.locator("#messages")).to_contain_text("The bot is back in the harbour.")
    await say(page, "/latest")
    await expect(page.locator(".row").last).to_contain_text("2 updates")


async def test_the_page_finds_a_sandbox_that_was_away(news: Newsroom, windows: Windows) -> None:
    chat = news.reader("You")
    page = await windows.open(news.sandbox.address)
    await chat.says("before")
    await expect(page.locator("#messages")).to_contain_text("before")
    port = int(news.sandbox.address.rstrip("/").rpartition(":")[2])
    await news.dies()
    await news.sandbox.stop()
    await expect(page.locator("#notice")).to_contain_text("Connection lost")
    await chat.says("meanwhile")
    await news.sandbox.start(port=port)
    await expect(page.locator("#notice")).to_be_empty()
    await expect(page.locator("#messages")).to_contain_text("meanwhile")
    await chat.says("after")
    await expect(page.locator(".row").last).to_contain_text("after")
    windows.forgive("ERR_|EventSource")


async def test_the_menu_of_commands_completes_what_is_typed(news: Newsroom, windows: Windows) -> None:
    news.reader("You")
    await news.sandbox.until(lambda: news.sandbox.commands)
    page = await windows.open(news.sandbox.address)
    text, options = page.locator("#text"), page.get_by_role("option")
    await text.press_sequentially("/")
    await expect(options.filter(has_text="/quotes")).to_be_visible()
    await text.press_sequentially("sp")
    await expect(options).to_have_count(1)
    await text.press("Tab")
    await expect(text).to_have_value("/speakers ")
    await expect(options).to_have_count(0)
    await text.fill("")
    await page.get_by_role("button", name="Menu of commands").click()
    await options.filter(has_text="/help").click()
    await expect(page.locator(".row").last).to_contain_text("/latest")
