"""Groups, forum topics and channels: who may change what a chat follows, and where the answers go."""

from __future__ import annotations

import pytest
from newsroom import SLUG, Newsroom, containing, texts

from bot.commands.table import COMMANDS
from bot.sandbox import Chat, User

ONLY_ADMINS = "Only administrators can change what this chat follows."
NOT_HERE = "Only administrators can use these buttons in a channel."
FIRE = "The fire has spread to a second warehouse, Mayor Ana Duarte said."


@pytest.fixture
def bob(news: Newsroom) -> User:
    """A member like any other."""
    return news.sandbox.user("Bob")


@pytest.fixture
def desk(news: Newsroom, bob: User) -> Chat:
    """A supergroup of Olga's."""
    return news.sandbox.supergroup("Desk", "Olga", [bob])


@pytest.fixture
def channel(news: Newsroom) -> Chat:
    return news.sandbox.channel("Harbour news", "Olga")


# --- groups -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_an_administrator_makes_a_group_follow_a_story(news: Newsroom, kind: str) -> None:
    desk = news.sandbox.group("Desk", "Olga") if kind == "group" else news.sandbox.supergroup("Desk", "Olga")
    await news.opens()
    await news.subscribes(desk)
    assert desk.shown[-1].text.startswith("You now follow: Fire in the harbour")

    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()

    assert len(containing(desk, "second warehouse")) == 1


async def test_a_member_is_told_that_only_administrators_may(news: Newsroom, desk: Chat, bob: User) -> None:
    await news.opens()
    for words in (f"/subscribe {SLUG}", f"/start {SLUG}"):
        refused = await news.asks(desk, words, by=bob)
        assert refused.text == ONLY_ADMINS
    await news.subscribes(desk)
    assert (await news.asks(desk, "/unsubscribe", by=bob)).text == ONLY_ADMINS

    desk.promote(bob)
    assert "Stopped" in (await news.asks(desk, "/unsubscribe", by=bob)).text


async def test_members_press_and_get_a_toast_and_nothing_is_posted(news: Newsroom, desk: Chat, bob: User) -> None:
    await news.opens()
    await news.subscribes(desk)
    before = texts(desk)

    assert await news.presses(desk, "Stop", by=bob) == ONLY_ADMINS
    assert await news.presses(desk, "Only corrections and key events", by=bob) == ONLY_ADMINS
    await news.asks(desk, "/help")

    assert texts(desk)[:-1] == before
    assert (
        await news.presses(desk, "Only corrections and key events") == "From now on only key events, and corrections."
    )
    await desk.until(lambda _: "All updates" in desk.shown[0].buttons)
    await news.presses(desk, "Stop")
    await desk.until(lambda _: desk.shown[-1].text.startswith("Stopped: Fire in the harbour"))


async def test_an_anonymous_administrator_may(news: Newsroom, desk: Chat) -> None:
    await news.opens()
    news.app.sender.calm()
    await news.says_as_the_group(desk, f"/subscribe {SLUG}")
    await news.woken()
    await news.delivers()
    assert desk.shown[-1].text.startswith("You now follow")

    await news.says_as_the_group(desk, "/unsubscribe")
    await desk.until(lambda _: desk.shown[-1].text.startswith("Stopped"))


async def test_everybody_may_read_and_is_answered_by_a_reply(news: Newsroom, desk: Chat, bob: User) -> None:
    await news.opens(("19:00 GMT", FIRE))
    for words in ("/latest", "/latest@DatelineBot", "/quotes", "/speakers", "/stories", "/help", "/start"):
        answer = await news.asks(desk, words, by=bob)
        assert desk.find(answer.reply_to).text == words  # type: ignore[union-attr]
    await news.presses(desk, "Quotes", by=bob)


async def test_other_bots_commands_and_talk_are_not_answered(news: Newsroom, desk: Chat) -> None:
    await news.opens()
    for words in ("/latest@SomeOtherBot", "/frobnicate", "what is the /latest?", "/latests", "good morning"):
        await desk.says(words)
    await news.asks(desk, "/help")
    assert len(desk.shown) == 1


async def test_an_edited_command_does_not_run_again(news: Newsroom, desk: Chat, channel: Chat) -> None:
    ann = news.reader("Ann")
    await news.opens()
    for chat in (ann, desk, channel):
        asked = await chat.says("/latest 1")
        await chat.until(lambda _, chat=chat: chat.shown)
        await chat.rewrites(asked, "/latest 2")
        await news.asks(chat, "/help")
        assert len(chat.shown) == 2


async def test_the_menu_offers_members_only_what_they_may(news: Newsroom) -> None:
    menus = news.sandbox.commands
    everything = [command.name for command in COMMANDS if not command.desk]
    reading = [command.name for command in COMMANDS if not command.changes and not command.desk]
    shown = {scope: [command["command"] for command in menus[scope]] for scope in menus}
    assert shown == {
        "default": everything,
        "all_private_chats": everything,
        "all_chat_administrators": everything,
        "all_group_chats": reading,
    }
    assert "subscribe" not in reading
    assert "latest" in reading


async def test_help_lists_every_command(news: Newsroom) -> None:
    answer = await news.asks(news.reader("Ann"), "/help")
    for command in COMMANDS:
        line = f"/{command.name} {command.arguments}".strip() + f" – {command.summary}"
        assert (line in answer.text) is not command.desk


# --- topics -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def forum(news: Newsroom) -> Chat:
    return news.sandbox.forum("Newsroom", "Olga", ["Harbour", "Sport"])


async def test_a_subscription_belongs_to_its_topic(news: Newsroom, forum: Chat) -> None:
    harbour, sport = forum.topic("Harbour"), forum.topic("Sport")
    await news.opens()
    await news.subscribes(forum, thread=harbour)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()

    assert [message.thread for message in forum.shown] == [harbour, harbour]
    elsewhere = await news.asks(forum, "/unsubscribe", thread=sport)
    assert "follows no story" in elsewhere.text
    assert elsewhere.thread == sport
    assert "follows no story" in (await news.asks(forum, "/unsubscribe")).text
    assert forum.shown[-1].thread is None
    assert "Stopped" in (await news.asks(forum, "/unsubscribe", thread=harbour)).text


async def test_general_and_two_topics_are_three_subscriptions(news: Newsroom, forum: Chat) -> None:
    harbour, sport = forum.topic("Harbour"), forum.topic("Sport")
    await news.opens()
    for thread in (None, harbour, sport):
        await news.subscribes(forum, thread=thread)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()

    assert sorted(message.thread or 0 for message in containing(forum, "second warehouse")) == [0, harbour, sport]


@pytest.mark.parametrize("how", ["closed", "deleted"])
async def test_only_the_topic_that_is_closed_or_gone_rests(news: Newsroom, forum: Chat, how: str) -> None:
    harbour, sport = forum.topic("Harbour"), forum.topic("Sport")
    await news.opens()
    await news.subscribes(forum, thread=harbour)
    await news.subscribes(forum, thread=sport)
    forum.close_topic(harbour) if how == "closed" else forum.delete_topic(harbour)

    for minute in (16, 17):
        news.page.publish(f"19:{minute} GMT", f"News of minute {minute}.")
        await news.comes_round()

    assert {message.thread for message in containing(forum, "News of")} == {sport}
    refused = [call for call in news.sandbox.calls if call.method == "sendMessage" and not call.is_ok]
    assert len(refused) == 1
    if how == "closed":
        forum.open_topic(harbour)
        await news.subscribes(forum, thread=harbour)
        assert forum.shown[-1].thread == harbour
        assert "News of minute 17" in forum.shown[-1].text


# --- channels ---------------------------------------------------------------------------------------------------------


async def test_a_channel_follows_a_story_by_a_post(news: Newsroom, channel: Chat) -> None:
    await news.opens()
    await news.subscribes(channel)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()

    assert channel.shown[0].text.startswith("You now follow")
    assert "second warehouse" in channel.shown[1].text
    assert "1 update" in (await news.asks(channel, "/latest 1")).text or "2 updates" in channel.shown[-1].text


async def test_readers_of_a_channel_press_in_vain(news: Newsroom, channel: Chat) -> None:
    reader = news.sandbox.user("Rita")
    channel.add(reader)
    await news.opens()
    await news.subscribes(channel)
    before = texts(channel)

    for label in ("Catch up", "Only corrections and key events", "Stop"):
        assert await news.presses(channel, label, by=reader) == NOT_HERE
    await news.asks(channel, "/help")
    assert texts(channel)[:-1] == before

    await news.presses(channel, "Catch up")
    await channel.until(lambda _: "newest 14 March" in channel.shown[-1].text)
