"""A chat is told whenever somebody is quoted, in any story."""

from __future__ import annotations

from newsroom import Newsroom, containing

DUARTE = '"We have 12 engines on the quay," Mayor Ana Duarte said.'
OTHER = '"The wind is turning west," Captain Tomas Belling said.'


async def test_only_what_quotes_the_speaker_is_told(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(("18:30 GMT", DUARTE))
    assert "whenever Ana Duarte is quoted" in (await news.asks(ann, "/follow duarte")).text
    assert len(ann.shown) == 1

    news.page.publish("19:10 GMT", OTHER)
    news.page.publish("19:16 GMT", '"Nobody has been hurt so far," Duarte said at the quay.')
    await news.comes_round(2)
    [told] = ann.shown[1:]
    assert "Nobody has been hurt" in told.text
    assert told.text.endswith("Fire in the harbour · quoted: Ana Duarte")


async def test_what_was_told_is_kept_true(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(("18:30 GMT", OTHER))
    await news.asks(ann, "/follow Ana Duarte")
    news.page.publish("19:16 GMT", DUARTE)
    await news.comes_round()
    news.page.correct("19:16 GMT", DUARTE.replace("12", "21"))
    await news.comes_round(2)
    assert containing(ann, "21 engines on the quay")[0].edits == 1
    news.page.withdraw("19:16 GMT")
    await news.comes_round()
    assert not containing(ann, "21 engines")


async def test_a_quote_that_a_correction_brings_is_told(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(("18:30 GMT", OTHER))
    await news.asks(ann, "/follow Ana Duarte")
    news.page.publish("19:16 GMT", "The mayor has come to the quay, where hundreds are watching the fire.")
    await news.comes_round()
    assert len(ann.shown) == 1
    news.page.correct("19:16 GMT", "The mayor has come to the quay, where hundreds are watching the fire. " + DUARTE)
    await news.comes_round()
    assert containing(ann, "12 engines")


async def test_whoever_follows_the_story_is_not_told_twice(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(("18:30 GMT", OTHER))
    await news.subscribes(ann)
    await news.asks(ann, "/follow Ana Duarte")
    news.page.publish("19:16 GMT", DUARTE)
    await news.comes_round(2)
    assert len(containing(ann, "12 engines")) == 1


async def test_a_story_opened_later_is_included(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(("18:30 GMT", DUARTE))
    await news.asks(ann, "/follow duarte")
    page = await news.also_covers("bridge", "The bridge", ("18:40 GMT", OTHER))
    page.publish("19:16 GMT", '"The bridge will be shut for a week," Mayor Ana Duarte said.')
    await news.comes_round()
    assert "The bridge · quoted: Ana Duarte" in ann.shown[-1].text


async def test_stopping(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(("18:30 GMT", DUARTE))
    assert "Say whom" in (await news.asks(ann, "/follow")).text
    assert "follows nobody" in (await news.asks(ann, "/unfollow")).text
    answer = await news.asks(ann, "/quotes duarte")
    assert "Follow Duarte" in answer.buttons
    await news.presses(ann, "Follow Duarte")
    await ann.until(lambda _: containing(ann, "whenever Ana Duarte"))
    assert "already" in (await news.asks(ann, "/follow duarte")).text
    assert "Ana Duarte" in (await news.asks(ann, "/follow")).text
    await news.asks(ann, "/follow Nobody Yet")
    question = await news.asks(ann, "/unfollow")
    assert question.buttons == ["Ana Duarte", "Nobody Yet"]
    await news.presses(ann, "Ana Duarte")
    await ann.until(lambda _: containing(ann, "follows Ana Duarte no longer"))

    told = len(ann.shown)
    news.page.publish("19:16 GMT", '"Nobody has been hurt so far," Duarte said.')
    await news.comes_round()
    assert len(ann.shown) == told
