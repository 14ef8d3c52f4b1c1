"""What the administrators named in the configuration do with stories, without a restart."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from newsroom import TITLE, Newsroom, containing

from bot.commands.opening import slug_of
from bot.sandbox import Chat
from storage import stories

FIRST = "Smoke rises over the harbour, the fire brigade says."


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[Newsroom]:
    newsroom = Newsroom(tmp_path)
    newsroom.sections["telegram"] = {"admins": [newsroom.reader("Edith").id]}
    async with newsroom:
        yield newsroom


@pytest.fixture
def edith(news: Newsroom) -> Chat:
    return news.reader("Edith")


async def test_opening_a_story_shows_what_was_understood_first(news: Newsroom, edith: Chat) -> None:
    news.page.publish("19:00 GMT", FIRST)
    preview = await news.asks(edith, f"/open {news.sandbox.address}live second-look")
    assert preview.text.startswith(TITLE)
    assert "text · 1 update · will be called second-look" in preview.text
    assert FIRST in preview.text
    assert preview.buttons == ["Open", "Cancel"]
    assert "second-look" not in (await news.asks(edith, "/stories")).html

    await news.restarts()  # nothing is lost between the look and the button
    await news.presses(edith, "Open")
    await edith.until(lambda _: containing(edith, "Opened"))
    await news.app.watcher.read_due()
    await news.subscribes(edith, words="/subscribe second-look")
    news.page.publish("19:16 GMT", "The fire is out.")
    await news.comes_round()
    assert containing(edith, "The fire is out.")

    await news.restarts()  # the configuration does not name it, and it is watched all the same
    news.page.publish("19:20 GMT", "The quay is open again.")
    await news.comes_round()
    assert containing(edith, "The quay is open again.")


async def test_cancelling_forgets_the_draft(news: Newsroom, edith: Chat) -> None:
    news.page.publish("19:00 GMT", FIRST)
    await news.asks(edith, f"/open {news.sandbox.address}live")
    await news.presses(edith, "Cancel")
    await edith.until(lambda _: containing(edith, "Not opened"))
    await news.presses(edith, "Open") if "Open" in edith.shown[-1].buttons else None
    assert not containing(edith, "Opened")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/open", "Say which page"),
        ("/open file:///etc/passwd", "Say which page"),
        ("/open https://example.org/live Ü", "short name"),
        ("/open http://127.0.0.1:9/nothing", "cannot be opened"),
    ],
)
async def test_an_address_that_cannot_be_opened(news: Newsroom, edith: Chat, words: str, answer: str) -> None:
    assert answer in (await news.asks(edith, words)).text


async def test_a_phone_begins_an_address_with_a_capital(news: Newsroom, edith: Chat) -> None:
    news.page.publish("19:00 GMT", FIRST)
    address = f"{news.sandbox.address}live"
    assert "will be called fire" in (await news.asks(edith, f"/open H{address[1:]} fire")).text
    async with news.app.database.read() as connection:
        story = await stories.by_slug(connection, "fire")
    assert story is not None
    assert story.link == address


async def test_a_name_that_is_taken(news: Newsroom, edith: Chat) -> None:
    news.page.publish("19:00 GMT", FIRST)
    assert "already" in (await news.asks(edith, f"/open {news.sandbox.address}live harbour")).text


async def test_others_may_not(news: Newsroom) -> None:
    ann = news.reader("Ann")
    for words in ("/open https://example.org", "/close", "/pause", "/resume"):
        assert "Only the administrators" in (await news.asks(ann, words)).text
    assert "/open" not in (await news.asks(ann, "/help")).text
    assert "/open" in (await news.asks(news.reader("Edith"), "/help")).text


async def test_closing_tells_the_chats_once_and_resuming_opens_again(news: Newsroom, edith: Chat) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    assert "Closed" in (await news.asks(edith, "/close")).text
    await news.delivers()
    await news.comes_round()
    [end] = containing(ann, "This coverage has ended")
    assert TITLE in end.text

    await news.asks(edith, "/resume harbour")
    news.page.publish("19:16 GMT", "It burns again.")
    await news.comes_round()
    assert containing(ann, "It burns again.")
    assert len(containing(ann, "This coverage has ended")) == 1


async def test_a_held_story_is_neither_read_nor_told(news: Newsroom, edith: Chat) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", "One thing.")
    await news.reads()
    await news.asks(edith, "/pause")
    await news.delivers()
    assert not containing(ann, "One thing.")
    requests = news.page.requests
    await news.comes_round(2)
    assert news.page.requests == requests

    await news.asks(edith, "/resume")
    await news.comes_round()
    assert containing(ann, "One thing.")


async def test_suspiciously_many_entries_are_told_with_a_button_to_hold(news: Newsroom, edith: Chat) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    for minute in range(10, 25):
        news.page.publish(f"19:{minute} GMT", f"Number {minute} of many.")
    await news.comes_round()
    await edith.until(lambda _: containing(edith, "15 unknown updates"))
    assert "15 updates" in ann.shown[-1].text
    assert len(ann.shown) == 2

    await news.presses(edith, "Hold the story")
    await edith.until(lambda _: containing(edith, "Held"))
    assert (await news.story()).is_paused


async def test_a_channels_posts_are_entries_and_their_edits_corrections(news: Newsroom, edith: Chat) -> None:
    channel = news.sandbox.channel("Wire", "Edith")
    await news.asks(edith, f"/open telegram:{channel.id} wire")
    await news.presses(edith, "Open")
    await edith.until(lambda _: containing(edith, "Opened"))
    ann = news.reader("Ann")
    await ann.says("/subscribe wire")
    await ann.until(lambda _: ann.shown)
    news.app.sender.calm()
    await channel.says("The wire is open.")
    await news.woken()
    await news.delivers()
    assert "The wire is open." in ann.shown[-1].text  # what the chat was waiting for comes as its recap

    news.app.sender.calm()
    post = await channel.says("Some 12 engines are on the quay.")
    await news.woken()
    await news.delivers()
    assert containing(ann, "12 engines")

    news.app.sender.calm()
    await channel.rewrites(post, "Some 21 engines are on the quay.")
    await news.woken()
    await news.delivers()
    assert containing(ann, "21 engines are")[0].edits == 1
    assert containing(ann, "Correction")


def test_a_slug_is_made_of_the_titles_words() -> None:
    assert slug_of("Russia to start withdrawal from Syria – live") == "russia-to-start-withdrawal-from-syria"
    assert slug_of("Überflutung in Köln!") == "uberflutung-in-koln"
    assert slug_of("https://example.org/live") == "example-org-live"
    assert slug_of("Сирия") == "story"
