"""What readers ask: several stories, names that are not quite right, long answers, and nonsense."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import SLUG, Newsroom, containing, texts

from bot.sandbox import Chat

FIRE = "The fire has spread to a second warehouse, Mayor Ana Duarte said."
WATER = '"We have 12 engines on the quay," Mayor Ana Duarte said.'
WIND = '"The wind is turning west," Captain Tomás Belling said.'
GOAL = '"We never stopped believing in it," coach Mira Duarte said.'
TOO_OLD = "That button is too old. /help lists what you can ask."


@pytest.fixture
def ann(news: Newsroom) -> Chat:
    return news.reader("Ann")


# --- several stories --------------------------------------------------------------------------------------------------


@pytest.fixture
async def two(news: Newsroom) -> Newsroom:
    """A newsroom with a fire and a cup final."""
    await news.opens(("18:30 GMT", WATER), ("19:00 GMT", WIND))
    await news.also_covers("final", "Cup final in Porto", ("18:40 GMT", "Kick-off."), ("18:55 GMT", GOAL))
    return news


async def test_quotes_are_looked_up_by_their_words_and_by_what_stands_around_them(news: Newsroom, ann: Chat) -> None:
    geneva = 'Mayor Ana Duarte noted that the talks went on in Geneva, adding that "the work is far from easy".'
    await news.opens(("18:30 GMT", WATER), ("19:00 GMT", geneva))
    engines = (await news.asks(ann, "/quotes duarte engines")).text
    assert "12 engines" in engines
    assert "far from easy" not in engines
    talks = (await news.asks(ann, "/quotes duarte geneva")).text
    assert "far from easy" in talks
    assert "12 engines" not in talks
    assert "is not quoted with “football”" in (await news.asks(ann, "/quotes duarte football")).text


async def test_start_greets_with_a_button_for_each_story(two: Newsroom, ann: Chat) -> None:
    greeting = await two.asks(ann, "/start")
    assert greeting.buttons == ["Fire in the harbour", "Cup final in Porto"]
    two.app.sender.calm()
    await two.presses(ann, "Cup final in Porto")
    await two.woken()
    await two.delivers()
    assert ann.shown[-1].text.startswith("You now follow: Cup final in Porto")
    assert (await two.asks(ann, "/start")).buttons == ["Fire in the harbour"]


async def test_subscribing_without_a_name_asks_which(two: Newsroom, ann: Chat) -> None:
    question = await two.asks(ann, "/subscribe")
    assert question.text == "Which story do you want to follow?"
    assert question.buttons == ["Fire in the harbour", "Cup final in Porto"]
    question = await two.asks(ann, "/subscribe in")
    assert len(question.buttons) == 2
    assert (await two.asks(ann, "/subscribe chess")).text == "No story is called “chess”. There is:"


@pytest.mark.parametrize("words", ["porto", "FINAL", "cup final", "Pórto"])
async def test_a_part_of_the_title_is_enough(two: Newsroom, ann: Chat, words: str) -> None:
    await two.subscribes(ann, words=f"/subscribe {words}")
    assert ann.shown[-1].text.startswith("You now follow: Cup final in Porto")


async def test_each_story_comes_to_those_who_follow_it(two: Newsroom, ann: Chat) -> None:
    ben = two.reader("Ben")
    await two.subscribes(ann)
    await two.subscribes(ben)
    await two.subscribes(ben, words="/subscribe final")
    two.page.publish("19:16 GMT", FIRE)
    two.pages["final"].publish("19:17 GMT", "Half time.")
    await two.comes_round()

    assert not containing(ann, "Half time")
    assert len(containing(ann, "second warehouse")) == 1
    assert len(containing(ben, "second warehouse")) == len(containing(ben, "Half time")) == 1


async def test_with_several_stories_the_reading_commands_ask_which(two: Newsroom, ann: Chat) -> None:
    for command, told in (("/latest", "18:55 GMT"), ("/quotes", "never stopped"), ("/speakers", "Mira Duarte")):
        question = await two.asks(ann, command)
        assert question.buttons == ["Fire in the harbour", "Cup final in Porto"], command
        await two.presses(ann, "Cup final in Porto")
        await ann.until(lambda _, told=told: told in ann.shown[-1].text)


async def test_following_one_answers_from_it(two: Newsroom, ann: Chat) -> None:
    await two.subscribes(ann, words="/subscribe final")
    assert "Kick-off" in (await two.asks(ann, "/latest")).text
    assert "never stopped" in (await two.asks(ann, "/quotes duarte")).text
    assert "engines" not in ann.shown[-1].text
    assert "Tomás Belling" not in (await two.asks(ann, "/speakers")).text
    assert "turning west" in (await two.asks(ann, "/latest harbour")).text


async def test_two_speakers_of_one_name_are_offered(two: Newsroom, ann: Chat) -> None:
    question = await two.asks(ann, "/quotes duarte")
    assert question.text == "Who do you mean by “duarte”?"
    assert question.buttons == ["Ana Duarte · Fire in the harbour", "Mira Duarte · Cup final in Porto"]
    await two.presses(ann, question.buttons[1])
    await ann.until(lambda _: ann.shown[-1].text.startswith("Mira Duarte"))


async def test_the_nearest_names_are_offered(two: Newsroom, ann: Chat) -> None:
    await two.subscribes(ann)
    offer = await two.asks(ann, "/quotes Bellamy")
    assert offer.text == "Nobody called “Bellamy” is quoted here. Did you mean:"
    assert "Tomás Belling" in offer.buttons
    assert not (await two.asks(ann, "/quotes Xzqw")).buttons


async def test_stopping_one_of_several(two: Newsroom, ann: Chat) -> None:
    await two.subscribes(ann)
    await two.subscribes(ann, words="/subscribe final")
    question = await two.asks(ann, "/unsubscribe")
    assert question.text == "Which story should stop?"
    await two.presses(ann, "Fire in the harbour")
    await ann.until(lambda _: ann.shown[-1].text.startswith("Stopped: Fire in the harbour."))
    assert "follows no story called “harbour”" in (await two.asks(ann, "/unsubscribe harbour")).text
    assert "Stopped: Cup final" in (await two.asks(ann, "/unsubscribe porto")).text


async def test_stories_are_listed_with_what_is_followed(two: Newsroom, ann: Chat) -> None:
    await two.subscribes(ann)
    listed = await two.asks(ann, "/stories")
    fire, final = listed.text.split("\n\n")
    assert fire.startswith("Fire in the harbour\n2 updates · newest 14 March 2016, 19:00 GMT")
    assert fire.endswith("you follow it")
    assert "you follow it" not in final
    two.app.sender.calm()
    await two.presses(ann, "Cup final in Porto")
    await two.woken()
    await two.delivers()
    assert "You now follow: Cup final" in ann.shown[-1].text


async def test_subscribing_twice_says_so(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    await news.subscribes(ann)
    assert "already" in (await news.asks(ann, f"/subscribe {SLUG}")).text


async def test_a_story_that_the_configuration_drops_keeps_its_archive(two: Newsroom, ann: Chat) -> None:
    await two.subscribes(ann, words="/subscribe final")
    two.more_stories.clear()
    await two.app.read_stories(two.config())

    assert "Kick-off" in (await two.asks(ann, "/latest")).text
    ben = two.reader("Ben")
    assert (await two.asks(ben, "/start")).buttons == ["Fire in the harbour"]
    assert "No story is called" in (await two.asks(ben, "/subscribe final")).text


# --- long answers -----------------------------------------------------------------------------------------------------


async def test_all_quotes_can_be_paged_through_over_a_restart(news: Newsroom, ann: Chat) -> None:
    said = [f'"Word number {n:02} is said here, {"and it is long " * 40}," Mayor Ana Duarte said.' for n in range(24)]
    await news.opens(*((f"18:{n + 10} GMT", words) for n, words in enumerate(said)))
    answer = await news.asks(ann, "/quotes duarte")
    assert answer.text.startswith("Ana Duarte")
    pages = [answer.text]
    while older := [label for label in ann.shown[-1].buttons if "older" in label]:
        before = ann.shown[-1].text
        await news.presses(ann, older[0])
        await ann.until(lambda _, before=before: ann.shown[-1].text != before)
        pages.append(ann.shown[-1].text)
        if len(pages) == 3:
            await news.restarts()

    assert len(ann.shown) == 1, "the pages turn in place"
    found = [int(n) for page in pages for n in re.findall(r"Word number (\d\d)", page)]
    assert found == list(range(23, -1, -1))

    back = [pages[-1]]
    while "Newer" in ann.shown[-1].buttons:
        before = ann.shown[-1].text
        await news.presses(ann, "Newer")
        await ann.until(lambda _, before=before: ann.shown[-1].text != before)
        back.append(ann.shown[-1].text)
    assert {int(n) for page in back for n in re.findall(r"Word number (\d\d)", page)} == set(range(24)), "none skipped"


async def test_a_very_long_entry_is_cut_with_a_link_to_the_rest(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", "\n\n".join(f"Paragraph {n} tells {'a lot ' * 60}." for n in range(30)))
    await news.comes_round()

    [message] = containing(ann, "Paragraph 0 ")
    assert 3500 < len(message.text) <= 4096
    assert "Paragraph 29" not in message.text
    links = [entity for entity in message.entities if entity["type"] == "text_link"]
    assert {link["url"] for link in links} == {f"{news.sandbox.address}live"}
    assert len(links) == 2, "to the rest, and from the title"


async def test_what_a_page_says_is_never_obeyed(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    await news.subscribes(ann)
    odd = "<b>Bold</b> & <script>alert(1)</script> </blockquote> <a href='https://evil.example'>x</a> &lt;i&gt; @admin"
    news.page.publish("19:16 GMT", odd)
    await news.comes_round()

    message = ann.shown[-1]
    assert "<script>alert(1)</script>" in message.text
    assert "<b>Bold</b> & " in message.text
    assert "evil.example" not in {entity.get("url") for entity in message.entities}
    assert "mention" not in {entity["type"] for entity in message.entities}
    assert "<script>" in (await news.asks(ann, "/latest")).text


async def test_nothing_in_the_last_hour_leads_back_to_the_newest(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    news.clock.advance(days=1)
    listed = (await news.asks(ann, "/latest")).text
    await news.presses(ann, "Last hour")
    await ann.until(lambda _: ann.shown[-1].text != listed)
    assert "No update in the last hour. The newest is of 14 March 2016, 19:00 GMT." in ann.shown[-1].text
    await news.presses(ann, "Newest")
    await ann.until(lambda _: ann.shown[-1].text == listed)


# --- nonsense ---------------------------------------------------------------------------------------------------------


async def test_latest_with_nonsense_says_what_can_be_asked(news: Newsroom, ann: Chat) -> None:
    await news.opens()
    for nonsense in ("-5", "ten", "99999999999", "1.5h", "2h 2h 5 x", "<b>", "''", "0", "0h"):
        answer = await news.asks(ann, f"/latest {nonsense}")
        assert "/latest 10" in answer.text, answer.text


async def test_an_argument_of_four_thousand_characters(news: Newsroom, ann: Chat) -> None:
    await news.opens(("18:30 GMT", WATER))
    for command in ("/latest", "/quotes", "/subscribe", "/start", "/speakers", "/help"):
        answer = await news.asks(ann, f"{command} " + "müll " * 800)
        assert len(answer.text) < 1000, command
    assert "You now follow" not in "".join(texts(ann))


async def test_ancient_and_forged_buttons_get_a_toast(news: Newsroom, ann: Chat) -> None:
    await news.opens(("18:30 GMT", WATER))
    await news.asks(ann, "/latest")
    unknown = (
        "",
        "x",
        "l",
        "l:",
        "l:x",
        "z:1",
        "s:1:-3",
        "h:1:-5",
        "l:\u0661",
        "l:1 ",
        "l:+1",
        "l:" + "9" * 40,
        "::::",
    )
    for data in unknown:
        assert await news.forges(ann, data) == TOO_OLD, data
    for data in ("l:77", "o:1:0", "n:77:1", "o:1:99", "p:99", "f:99", "x:99", "k:99", "s:99:0", "l:" + "9" * 18):
        assert "not in the archive any more" in (toast := await news.forges(ann, data)) or "is gone" in toast, data
    for data in ("h:1:" + "9" * 18, "q:1:" + "9" * 18, "l:1:2:3:4"):
        assert await news.forges(ann, data) == "", data
    await news.asks(ann, "/help")
    assert not containing(ann, "went wrong")


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(argument=st.text(st.characters(exclude_categories=["Cs"]), max_size=120))
async def test_no_message_raises(news: Newsroom, argument: str) -> None:
    if not news.page.entries:
        await news.opens(("18:30 GMT", WATER))
    zoe = news.reader("Zoe")
    for command in ("latest", "quotes", "subscribe", "unsubscribe", "start", "speakers", "nonsense"):
        await zoe.says(f"/{command} {argument}")
    before = len(zoe.shown)
    await zoe.says("/help")
    await zoe.until(lambda _: [1 for message in zoe.shown[before:] if message.text.startswith("What you can ask")])
    await news.sandbox.until(lambda: not len(news.sandbox.world.updates))
    assert not containing(zoe, "went wrong")
