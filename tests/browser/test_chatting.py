"""The chat page by itself: groups, topics, files, long chats, small screens, the keyboard."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from windows import PNG, Windows, call

from bot.sandbox import Sandbox
from bot.sandbox.formatting import format_text

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SCRIPT = "<script>document.title = 'broken into'</script><img src=x onerror=\"document.title = 'broken into'\">"


async def test_a_group_is_made_led_and_written_in_by_several(sandbox: Sandbox, windows: Windows) -> None:
    sandbox.private("You")
    page = await windows.open(sandbox.address)
    await page.get_by_role("button", name="New chat").click()
    await page.locator("#kind").select_option("group")
    await page.locator("#askText").fill("Desk")
    await page.get_by_role("button", name="OK").click()
    await expect(page.locator("#title")).to_have_text("Desk")
    await page.locator("#typist").select_option("Somebody else…")
    await page.locator("#askText").fill("Bob")
    await page.locator("#askText").press("Enter")
    await expect(page.locator("#ask")).to_be_hidden()
    await page.locator("#text").fill("Bob speaking")
    await page.locator("#text").press("Enter")
    group = sandbox.chats[-1]
    await group.until(lambda messages: messages[-1].text == "Bob speaking" and messages[-1].sender.first_name == "Bob")
    await page.locator("#typist").select_option("You")
    await expect(page.locator(".row", has_text="Bob speaking").locator(".name")).to_have_text("Bob")
    bob = sandbox.user("Bob")
    await page.get_by_role("button", name="Chat menu").click()
    await page.get_by_role("button", name="Promote Bob").click()
    await expect(page.locator("#members li", has_text="Bob")).to_contain_text("administrator")
    assert bob.id in group.admins
    await page.get_by_role("button", name="Demote Bob").click()
    await expect(page.locator("#members li", has_text="Bob")).to_contain_text("member")
    await page.get_by_role("button", name="Promote Dateline").click()
    await expect(page.locator("#members li", has_text="Dateline")).to_contain_text("administrator")
    assert group.bot_status == "administrator"
    await page.get_by_role("button", name="Remove Bob").click()
    await expect(page.locator("#members li", has_text="Bob")).to_have_count(0)
    assert bob.id not in group.members
    await page.get_by_role("button", name="Remove the bot").click()
    await page.get_by_role("button", name="Bring it back").click()
    await expect(page.locator("#blocked")).to_be_hidden()
    assert not group.is_blocked


async def test_topics_lie_side_by_side_and_count_what_is_unread(sandbox: Sandbox, windows: Windows) -> None:
    forum = sandbox.forum("Newsroom", "You", ["Syria"])
    await forum.says("hello")
    page = await windows.open(sandbox.address)
    await page.get_by_role("button", name="Chat menu").click()
    await page.get_by_role("button", name="New topic").click()
    await page.locator("#askText").fill("Elections")
    await page.locator("#askText").press("Enter")
    await expect(page.locator("#topics [aria-current=true]")).to_contain_text("Elections")
    syria = page.locator("#topics button", has_text="Syria")
    await call(page, sandbox, "sendMessage", chat_id=forum.id, message_thread_id=forum.topic("Syria"), text="news")
    await expect(syria.locator(".badge")).to_contain_text("1")
    await page.reload()
    await expect(syria.locator(".badge")).to_contain_text("1")
    await syria.click()
    await expect(page.locator(".row", has_text="news")).to_be_visible()
    await expect(page.locator(".badge")).to_have_count(0)


async def test_script_in_a_message_is_text(sandbox: Sandbox, windows: Windows) -> None:
    chat = sandbox.private(SCRIPT)
    await chat.says(SCRIPT)
    group = sandbox.group(SCRIPT, SCRIPT)
    await group.says(SCRIPT)
    chat.post(sandbox.world.bot, format_text("javascript:alert(1)"), from_bot=True)
    page = await windows.open(f"{sandbox.address}#{chat.id}")
    await expect(page.locator(".row .text").first).to_contain_text(SCRIPT)
    await page.locator(".chat", has_text="<script>").last.click()
    assert await page.locator("#app script, #app img").count() == 0
    assert "broken" not in await page.title()


async def test_pictures_and_files_are_shown_and_nothing_is_fetched_elsewhere(
    sandbox: Sandbox, windows: Windows
) -> None:
    chat = sandbox.private("You")
    await chat.shows("photo", PNG, "x.png", "A dot")
    await chat.shows("document", b"words", "plan.txt", "")
    page = await windows.open(sandbox.address)
    photo = page.locator(".row img")
    await photo.scroll_into_view_if_needed()
    await page.wait_for_function("document.querySelector('.row img').complete")
    assert await photo.evaluate("image => image.naturalWidth") == 1
    await expect(page.locator(".row", has_text="plan.txt").locator("a")).to_have_attribute("download", "plan.txt")
    await call(page, sandbox, "sendPhoto", chat_id=chat.id, photo="https://example.org/cat.jpg", caption="A cat")
    linked = page.locator(".row", has_text="A cat").locator("a")
    await expect(linked).to_have_attribute("href", "https://example.org/cat.jpg")
    await call(page, sandbox, "sendPoll", chat_id=chat.id, question="Well?", options=[{"text": "Yes"}, {"text": "No"}])
    await expect(page.locator(".row").last).to_contain_text("○ No")


async def test_a_long_chat_is_there_at_once_and_its_past_comes_when_asked_for(
    sandbox: Sandbox, windows: Windows
) -> None:
    chat = sandbox.private("You")
    first = await chat.says("the very first")
    for number in range(700):
        chat.post(sandbox.world.bot, format_text(f"update {number}"), from_bot=True)
    page = await windows.open(sandbox.address)
    await expect(page.locator(".row").last).to_contain_text("update 699")
    assert await page.locator(".row").count() < 120
    chat.post(sandbox.world.bot, format_text("an answer"), from_bot=True, reply_to=first.id)
    await page.locator(".replied").click()
    await expect(page.locator(".row").first).to_be_focused()
    await expect(page.locator(".row", has_text="the very first").first).to_be_in_viewport()
    assert await page.locator(".row").count() == 702
    numbers = await page.locator(".row").evaluate_all("rows => rows.map(row => Number(row.id.slice(1)))")
    assert numbers == sorted(numbers)
    await page.locator("#toBottom").click()
    await expect(page.locator(".row").last).to_be_in_viewport()


async def test_reading_further_up_is_not_disturbed(sandbox: Sandbox, windows: Windows) -> None:
    chat = sandbox.private("You")
    for number in range(100):
        chat.post(sandbox.world.bot, format_text(f"update {number}\n\nmore words"), from_bot=True)
    page = await windows.open(sandbox.address)
    await page.locator("#scroller").focus()
    await page.keyboard.press("PageUp")
    await expect(page.locator("#toBottom")).to_be_visible()
    seen = page.locator(".row", has_text="update 90")
    place = await seen.bounding_box()
    chat.post(sandbox.world.bot, format_text("news"), from_bot=True)
    await expect(page.locator("#toBottom")).to_contain_text("1 new")
    assert await seen.bounding_box() == place


async def test_a_narrow_screen_shows_the_list_or_a_chat(sandbox: Sandbox, windows: Windows) -> None:
    chat = sandbox.private("You")
    await chat.says("A long word: " + "x" * 300)
    page = await windows.open(sandbox.address, 360, 640)
    await expect(page.locator("#chat")).to_be_hidden()
    await page.locator(".chat").click()
    await expect(page.locator(".row")).to_be_visible()
    await expect(page.locator("#sidebar")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    assert await page.locator("#scroller").evaluate("node => node.scrollWidth <= node.clientWidth")
    await page.get_by_role("button", name="Live page and API calls").click()
    await expect(page.locator("#panel")).to_be_in_viewport()
    await page.get_by_role("button", name="Close this panel").click()
    await page.get_by_role("button", name="Back to the list of chats").click()
    await expect(page.locator("#sidebar")).to_be_visible()
    await page.go_back()
    await expect(page.locator(".row")).to_be_visible()


async def test_everything_can_be_done_with_the_keyboard(sandbox: Sandbox, windows: Windows) -> None:
    chat = sandbox.private("You")
    sandbox.group("Desk", "You")
    page = await windows.open(f"{sandbox.address}#{chat.id}")
    press = page.keyboard.press
    await page.locator("#start").focus()
    await press("Enter")
    await expect(page.locator(".row")).to_contain_text("/start")
    keys = [[{"text": "Yes", "callback_data": "yes"}]]
    await call(page, sandbox, "sendMessage", chat_id=chat.id, text="Well?", reply_markup={"inline_keyboard": keys})
    await expect(page.locator(".key")).to_be_visible()
    await page.locator("#text").focus()
    await press("ArrowUp")
    await press("Tab")
    await expect(page.locator(".key")).to_be_focused()
    await press("Enter")
    [update] = [one for one in (await call(page, sandbox, "getUpdates"))["result"] if "callback_query" in one]
    query = update["callback_query"]["id"]
    await call(page, sandbox, "answerCallbackQuery", callback_query_id=query, text="So be it", show_alert=True)
    await expect(page.locator("#alertText")).to_have_text("So be it")
    await press("Enter")
    await expect(page.locator("#alert")).to_be_hidden()
    await page.locator(".row").last.focus()
    await press("r")
    await expect(page.locator("#replying")).to_contain_text("Reply to Dateline")
    await page.keyboard.type("two lines")
    await press("Shift+Enter")
    await page.keyboard.type("of it")
    await press("Enter")
    await expect(page.locator(".row").last.locator(".replied")).to_contain_text("Well?")
    assert chat.messages[-1].text == "two lines\nof it"
    await page.locator(".chat", has_text="Desk").focus()
    await press("Enter")
    await expect(page.locator("#title")).to_have_text("Desk")
    await expect(page.locator("#text")).to_be_focused()


async def test_text_runs_in_its_own_direction(sandbox: Sandbox, windows: Windows) -> None:
    chat = sandbox.private("You")
    await chat.says("שלום עולם")
    page = await windows.open(sandbox.address)
    text = page.locator(".row .text")
    assert await text.evaluate("node => getComputedStyle(node).direction") == "rtl"
    box, meta = await page.locator(".row .text").bounding_box(), await page.locator(".row .meta").bounding_box()
    assert box is not None
    assert meta is not None
    assert meta["x"] == pytest.approx(box["x"], abs=1)


async def test_the_log_of_calls_makes_errors_stand_out(sandbox: Sandbox, windows: Windows) -> None:
    chat = sandbox.private("You")
    page = await windows.open(sandbox.address)
    await call(page, sandbox, "sendMessage", chat_id=chat.id, text="first")
    await page.get_by_role("button", name="Live page and API calls").click()
    await expect(page.locator("#callList li")).to_have_count(1)
    await call(page, sandbox, "sendMessage", chat_id=chat.id, text="<b>unclosed", parse_mode="HTML")
    odd = page.locator("#callList .odd")
    await expect(odd).to_contain_text("400")
    await odd.locator("summary").click()
    await expect(odd.locator("p").first).to_contain_text("can't parse entities")
    await expect(odd.locator("pre")).to_contain_text("<b>unclosed")
    assert await page.locator("#callList li").first.get_attribute("class") == "odd"  # the newest comes first
