"""A reader subscribes, receives, sees corrections and withdrawals, and asks."""

from __future__ import annotations

from newsroom import SLUG, Newsroom, containing, texts

LEAD = "Smoke rises over the harbour, the fire brigade says."
FIRE = "The fire has spread to a second warehouse, Mayor Ana Duarte said. Nobody is hurt."
WATER = '"We have 12 engines on the quay," Mayor Ana Duarte said.'


async def test_subscribing_answers_at_once_with_the_newest_entry(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(("18:50 GMT", "An alarm is raised."), ("19:00 GMT", LEAD))

    await news.subscribes(ann)

    [welcome] = ann.shown
    assert welcome.text.startswith("You now follow: Fire in the harbour")
    assert LEAD in welcome.text
    assert "An alarm" not in welcome.text
    assert welcome.buttons == ["Catch up", "Only corrections and key events", "Stop"]


async def test_the_first_reading_pushes_nothing(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.subscribes(ann)
    assert "has not been read yet" in ann.shown[0].text

    await news.opens(("18:50 GMT", "An alarm is raised."), ("19:00 GMT", LEAD))
    await news.delivers()

    assert len(ann.shown) == 2
    assert LEAD in ann.shown[1].text


async def test_a_new_entry_arrives_once(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)

    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round(3)

    [message] = containing(ann, "second warehouse")
    assert message.text.startswith("19:16 GMT The fire has spread")
    assert message.text.endswith("Fire in the harbour")
    assert "date_time" in {entity["type"] for entity in message.entities}
    assert message.edits == 0


async def test_entries_that_come_together_go_out_together(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)

    news.page.publish("19:16 GMT", FIRE)
    news.page.publish("19:20 GMT", WATER)
    await news.comes_round()

    bundle = ann.shown[-1]
    assert bundle.text.index("19:16 GMT") < bundle.text.index("19:20 GMT")
    assert bundle.text.endswith("Fire in the harbour · 2 updates")
    assert len(ann.shown) == 2


async def test_the_second_message_within_ten_minutes_is_silent(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    for stamp in ("19:16 GMT", "19:17 GMT"):
        news.page.publish(stamp, f"News of {stamp}.")
        await news.comes_round()
    news.clock.advance(minutes=11)
    news.page.publish("19:30 GMT", "Later news.")
    await news.comes_round()

    assert [message.silent for message in ann.shown[1:]] == [False, True, False]


async def test_a_correction_edits_the_message_and_tells_what_was_wrong(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", WATER)
    await news.comes_round()

    news.page.correct("19:16 GMT", WATER.replace("12", "21"))
    await news.comes_round(2)

    edited, note = ann.shown[1:]
    assert edited.edits == 1
    assert "corrected" in edited.text
    assert "<s>12</s> 21" in edited.html
    assert note.text.startswith("Correction to 19:16 GMT")
    assert note.silent
    assert note.reply_to == edited.id


async def test_a_correction_of_style_is_only_an_edit(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", "Firefighters are fighting the quickly spreading blaze.")
    await news.comes_round()

    news.page.correct("19:16 GMT", "Firefighters are battling the quickly spreading blaze.")
    await news.comes_round(2)

    assert len(ann.shown) == 2
    assert "battling" in ann.shown[1].text


async def test_an_edited_stamp_is_the_same_entry(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()

    news.page.correct("19:16 GMT", FIRE, new_stamp="19:14 GMT")
    await news.comes_round(2)

    assert len(containing(ann, "second warehouse")) == 1
    assert "19:14 GMT" in ann.shown[1].text


async def test_an_entry_that_was_empty_is_sent_when_it_is_filled(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", "")
    await news.comes_round()
    assert len(ann.shown) == 1

    news.page.correct("19:16 GMT", FIRE)
    await news.comes_round(2)

    assert len(containing(ann, "second warehouse")) == 1


async def test_an_entry_inserted_late_says_so(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()

    news.page.publish("19:10 GMT", "A ship has left the burning quay.", at=1)
    await news.comes_round(2)

    [late] = containing(ann, "has left the burning quay")
    assert "added" in late.text


async def test_twins_under_one_stamp_are_two_entries(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", FIRE)
    news.page.publish("19:16 GMT", "The railway line is closed.")
    await news.comes_round(2)

    assert ann.shown[-1].text.endswith("· 2 updates")
    news.page.correct("19:16 GMT", "The railway line is closed until noon.")
    await news.comes_round(2)
    assert len(ann.shown) == 2
    assert "until noon" in ann.shown[1].text
    assert "second warehouse" in ann.shown[1].text


async def test_what_the_page_withdraws_loses_its_text(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()

    news.page.withdraw("19:16 GMT")
    await news.comes_round()

    message = ann.shown[-1]
    assert "Withdrawn" in message.text
    assert "warehouse" not in message.text


async def test_what_is_only_missing_for_long_is_marked_and_restored(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    for stamp in ("19:16 GMT", "19:17 GMT", "19:18 GMT"):
        news.page.publish(stamp, f"News of {stamp}, which is not like any other.")
        await news.comes_round()
    gone = containing(ann, "News of 19:17")[0]

    news.page.remove("19:17 GMT")
    await news.comes_round(2)
    assert gone.edits == 0
    await news.comes_round(2)  # an unchanged page lacks it still
    assert "no longer on the page" in ann.find(gone.id).text
    assert "News of 19:17" in ann.find(gone.id).text

    news.page.publish("19:17 GMT", "News of 19:17 GMT, which is not like any other.", at=1)
    await news.comes_round(2)
    assert "no longer on the page" not in ann.find(gone.id).text
    assert len(ann.shown) == 4


async def test_latest_and_its_pages(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(*((f"18:{minute:02} GMT", f"Update number {minute}.") for minute in range(10, 22)))

    answer = await news.asks(ann, "/latest")
    assert "12 updates" in answer.text
    assert next(line for line in answer.text.splitlines() if "Update" in line).startswith("18:21 GMT Update number 21")
    assert "number 16" not in answer.text

    await news.presses(ann, "7 older")
    await ann.until(lambda _: "number 16" in ann.shown[-1].text)
    assert "number 21" not in ann.shown[-1].text
    await news.restarts()
    await news.presses(ann, "2 older")
    await ann.until(lambda _: "number 10" in ann.shown[-1].text)
    await news.presses(ann, "Newer")
    await ann.until(lambda _: "number 16" in ann.shown[-1].text)
    assert len(ann.shown) == 1


async def test_latest_takes_a_number_or_a_time(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(("17:00 GMT", "First."), ("18:30 GMT", "Second."), ("18:50 GMT", "Third."))

    assert "Second." not in (await news.asks(ann, "/latest 1")).text
    assert "Second." in (await news.asks(ann, "/latest 30m")).text
    assert "First." not in (await news.asks(ann, "/latest 1h")).text
    assert "First." in (await news.asks(ann, "/latest 2h")).text
    assert "Ask for a number" in (await news.asks(ann, "/latest 0")).text


async def test_quotes_by_any_part_of_a_name(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(
        ("18:30 GMT", WATER), ("18:50 GMT", '"The wind is turning west," harbour master Tomás Belling said.')
    )

    for asked in ("/quotes duarte", "/quotes ANA", "/quotes Duarre"):
        answer = await news.asks(ann, asked)
        assert answer.text.startswith("Ana Duarte"), asked
        assert "12 engines on the quay" in answer.text
    assert "wind is turning" in (await news.asks(ann, "/quotes tomas")).text
    assert "Nobody called “Smith”" in (await news.asks(ann, "/quotes Smith")).text
    everyone = await news.asks(ann, "/speakers")
    assert "Ana Duarte" in everyone.text
    await news.presses(ann, next(label for label in everyone.buttons if "Belling" in label))
    await ann.until(lambda _: ann.shown[-1].text.startswith("Tomás Belling"))


async def test_withdrawn_words_are_not_quoted(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(("18:30 GMT", WATER))
    news.page.withdraw("18:30 GMT")
    await news.reads()

    assert "12 engines" not in (await news.asks(ann, "/quotes duarte")).text
    assert "12 engines" not in (await news.asks(ann, "/latest")).text


async def test_the_more_link_opens_the_entry(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens(("18:30 GMT", FIRE + " " + WATER))

    answer = await news.asks(ann, "/latest")
    link = next(entity["url"] for entity in answer.entities if "start=e" in entity.get("url", ""))
    whole = await news.asks(ann, "/start " + link.rpartition("=")[2])

    assert "12 engines on the quay" in whole.text


async def test_starting_with_a_storys_slug_follows_it(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann, words=f"/start {SLUG}")
    assert ann.shown[-1].text.startswith("You now follow")


async def test_only_key_events_and_back(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    await news.presses(ann, "Only corrections and key events")
    await ann.until(lambda _: "All updates" in ann.shown[0].buttons)

    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()
    assert len(ann.shown) == 1

    await news.presses(ann, "All updates")
    await news.comes_round()
    assert len(ann.shown) == 1, "changing filters sends nothing"


async def test_stopping_and_coming_back(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", FIRE)
    await news.comes_round()
    assert "Stopped" in (await news.asks(ann, "/unsubscribe")).text

    news.page.correct("19:16 GMT", FIRE.replace("Nobody is hurt", "Two people are hurt"))
    news.page.publish("19:20 GMT", WATER)
    await news.comes_round()
    assert len(ann.shown) == 3

    await news.subscribes(ann)
    recap = ann.shown[-1]
    assert "12 engines" in recap.text
    assert "Two people are hurt" in containing(ann, "second warehouse")[0].text
    assert len(ann.shown) == 4
    news.page.publish("19:30 GMT", "The fire is out.")
    await news.comes_round()
    assert texts(ann)[-1].startswith("19:30 GMT The fire is out.")


async def test_a_restart_in_the_middle_changes_nothing(news: Newsroom) -> None:
    ann = news.reader("Ann")
    await news.opens()
    await news.subscribes(ann)
    news.page.publish("19:16 GMT", WATER)
    await news.reads()
    await news.restarts()
    await news.delivers()
    assert len(containing(ann, "12 engines")) == 1

    await news.restarts()
    news.page.correct("19:16 GMT", WATER.replace("12", "21"))
    await news.reads()
    await news.restarts()
    await news.delivers()
    assert len(ann.shown) == 3
    assert ann.shown[1].edits == 1
    assert ann.shown[2].text.startswith("Correction")


async def test_commands_that_cannot_be_answered_say_why(news: Newsroom) -> None:
    ann = news.reader("Ann")
    assert "no update yet" in (await news.asks(ann, "/latest")).text.lower() or "not been read" in ann.shown[-1].text
    assert "No story is called" in (await news.asks(ann, "/subscribe nothing-like-it")).text
    assert "follows no story" in (await news.asks(ann, "/unsubscribe")).text
    assert "not known" in (await news.asks(ann, "/frobnicate")).text
    assert "not in the archive" in (await news.asks(ann, "/start e999")).text
