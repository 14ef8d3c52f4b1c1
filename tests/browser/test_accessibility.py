"""axe-core finds nothing to complain of, on no view, light or dark."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect
from windows import PNG, Windows, call, complaints

from bot.sandbox import Sandbox
from bot.sandbox.formatting import format_text

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

EVERYTHING = (
    "<b>19:16 GMT</b> <i>Tweet</i> <s>wrong</s> <u>u</u> <code>x = 1</code> <tg-spoiler>secret</tg-spoiler> #tag "
    '@name /latest <a href="https://example.org/">a link</a> <a href="https://t.me/DatelineBot?start=e1">more</a> '
    '<tg-time unix="1457982960" format="t">19:16 GMT</tg-time><pre>y = 2</pre><blockquote expandable>'
    + "A long quote. " * 30
    + "</blockquote>"
)


# Only colours are others in the dark.
RULES: dict[str, dict[str, list[str]]] = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}


async def menu(page: Page) -> None:
    await page.get_by_role("button", name="Chat menu").click()


async def new_chat(page: Page) -> None:
    await page.get_by_role("button", name="New chat").click()


async def talking(page: Page) -> None:
    """Replying to something, with the commands open."""
    await page.locator(".row").last.focus()
    await page.keyboard.press("r")
    await page.locator("#text").fill("/")
    await expect(page.get_by_role("option").first).to_be_visible()


async def calls(page: Page) -> None:
    await page.get_by_role("button", name="Live page and API calls").click()
    await page.locator("summary").first.click()


async def nothing(page: Page) -> None:
    pass


VIEWS: list[tuple[str, Callable[[Page], Awaitable[None]]]] = [
    ("You", talking), ("Desk", menu), ("Newsroom", new_chat), ("News", calls), ("Nobody", nothing),
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_to_complain_of(sandbox: Sandbox, windows: Windows, scheme: str) -> None:
    you = sandbox.private("You")
    await you.says("/start")
    await you.says("שלום עולם")
    await you.shows("photo", PNG, "x.png", "A dot")
    said = await you.says("hello")
    group = sandbox.group("Desk", "You", [sandbox.user("Ann"), sandbox.user("Bob")])
    for name in ("Ann", "Bob", "You"):
        await group.says(f"I am {name}", by=sandbox.user(name))
    await sandbox.forum("Newsroom", "You", ["Syria"]).says("general")
    channel = sandbox.channel("News", "You")
    await channel.says("A post")
    channel.kick()
    sandbox.private("Nobody", started=False)
    page = await windows.open(sandbox.address, scheme=scheme)
    await call(page, sandbox, "setMyCommands", commands=[{"command": "latest", "description": "the newest updates"}])
    keys = {"inline_keyboard": [[{"text": "One", "callback_data": "1"}, {"text": "Web", "url": "https://example.org"}]]}
    sent = await call(
        page, sandbox, "sendMessage", chat_id=you.id, text=EVERYTHING, parse_mode="HTML", reply_markup=keys,
        disable_notification=True, reply_parameters={"message_id": said.id},
    )  # fmt: skip
    await call(page, sandbox, "editMessageText", chat_id=you.id, message_id=sent["result"]["message_id"], text="no")
    await call(page, sandbox, "sendMessage", chat_id=you.id, text="<b>unclosed", parse_mode="HTML")
    you.post(sandbox.world.bot, format_text(EVERYTHING, "HTML"), from_bot=True)
    for title, look in VIEWS:
        chat = next(chat for chat in sandbox.chats if chat.title == title)
        await page.goto(f"{sandbox.address}#{chat.id}")
        await expect(page.locator(".chat[aria-current=true]")).to_contain_text(title)
        await look(page)
        assert await complaints(page, RULES[scheme]) == "", f"{title}, {look.__name__}"
        await page.keyboard.press("Escape")
    await page.set_viewport_size({"width": 390, "height": 700})
    await page.get_by_role("button", name="Back to the list of chats").click()
    assert await complaints(page, RULES[scheme]) == ""
