"""The welcome, what was missed, notes of corrections, the end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.changes import matters
from bot.delivery.render import Item, ended, missed, note, welcome, withdrawn_note
from bot.delivery.rendered import Button
from storage.models import Entry, Standing, Story, StoryState
from tests.delivery.making import BOT, PAGE, corrected, make_entry, make_story, seen
from tests.delivery.test_render_news import any_entry, any_item, any_story, rough

STORY = make_story()
LONG_1916 = '<tg-time unix="1457982960" format="Dt">14 March 2016, 19:16 GMT</tg-time>'
TIME_1916 = '<tg-time unix="1457982960" format="t">19:16 GMT</tg-time>'
FERRY = make_entry(
    9,
    19,
    16,
    'The ferry line has welcomed the talks.\n\n"If they are meant, they help," Mia Orr, spokeswoman for the island'
    " Ferry Line, has said.",
)
COMMANDS = "/latest catch up · /quotes who said what · /unsubscribe stop"


# --- the welcome ----------------------------------------------------------------------------------------------------


def test_the_welcome() -> None:
    rendered = welcome(STORY, [FERRY], 9, BOT, catch_up="c", only_key="k", stop="s")
    seen(rendered)
    assert rendered.html == (
        "<b>You now follow: Harbour strike</b>\n"
        "New updates come here; corrections change the message you have. Sound at most once in 10 minutes.\n\n"
        f"Newest so far, {LONG_1916}: The ferry line has welcomed the talks."
        f' <a href="https://t.me/{BOT}?start=e9">more</a>\n\n{COMMANDS}'
    )
    assert rendered.buttons == (
        (Button("Catch up", "c"),),
        (Button("Only corrections and key events", "k"),),
        (Button("Stop", "s"),),
    )


@pytest.mark.parametrize(
    ("story", "told"),
    [
        (STORY, "There is no update yet."),
        (make_story(first_read_at=None), "The page has not been read yet."),
        (make_story(state=StoryState.ENDED), "This coverage has ended; corrections will still come here."),
    ],
)
def test_the_welcome_to_a_story_without_an_entry(story: Story, told: str) -> None:
    rendered = welcome(story, [], 0, BOT, catch_up="c")
    assert told in seen(rendered)
    assert rendered.buttons == ()


def test_the_welcome_to_key_events_promises_no_more() -> None:
    text = seen(welcome(STORY, [FERRY], 9, BOT, everything="a"))
    assert "New updates" not in text
    assert "\nOnly key events come here, and corrections of what you have." in text


def test_the_welcome_is_corrected_too() -> None:
    now = corrected(FERRY, text=FERRY.text.replace("welcomed", "refused"))
    text = seen(welcome(STORY, [Item(now, FERRY)], 9, BOT))
    assert "19:16 GMT · corrected 19:31 GMT: The ferry line has welcomed refused the talks. more\n" in text
    gone = corrected(FERRY, standing=Standing.DELETED)
    assert "19:16 GMT · Withdrawn 19:31 GMT\n" in seen(welcome(STORY, [Item(gone, FERRY)], 9, BOT))


# --- what was missed ------------------------------------------------------------------------------------------------


def test_what_was_missed() -> None:
    other = make_entry(8, 19, 14, "Nobody sails.")
    rendered = missed(STORY, [FERRY, other], 17, BOT, read="r")
    seen(rendered)
    assert rendered.html == (
        "<b>17 updates since your last message</b>; the newest:\n\n"
        f"<b>{TIME_1916}</b> The ferry line has welcomed the talks."
        f' <a href="https://t.me/{BOT}?start=e9">more</a>\n'
        '<b><tg-time unix="1457982840" format="t">19:14 GMT</tg-time></b> Nobody sails.\n\n'
        f'<a href="{PAGE}">Harbour strike</a>'
    )
    assert rendered.buttons == ((Button("Read them", "r"),),)


def test_one_update_was_missed() -> None:
    assert seen(missed(STORY, [FERRY], 1, BOT)).startswith("1 update since your last message:\n\n19:16 GMT The")


def test_a_missed_entry_that_is_gone_says_only_so() -> None:
    gone = corrected(FERRY, standing=Standing.DELETED)
    assert "\n19:16 GMT · Withdrawn 19:31 GMT\n" in seen(missed(STORY, [Item(gone, FERRY)], 3, BOT))


# --- notes ----------------------------------------------------------------------------------------------------------


def note_on(old: str, new: str) -> str | None:
    before = make_entry(9, 19, 16, old)
    rendered = note(corrected(before, text=new), before)
    if rendered is not None:
        seen(rendered)
    return rendered.html if rendered else None


START = f"<b>Correction</b> to {TIME_1916}: "


def test_a_note_says_what_was_wrong_and_what_is_right() -> None:
    old = FERRY.text.replace("island Ferry Line", "mainland Boat Union")
    assert note_on(old, FERRY.text) == (
        f"{START}spokeswoman for the <s>mainland Boat Union</s> → <b>island Ferry Line</b>."
    )


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("He would stay there.", "He would not stay there.", "He would <b>not</b> stay there."),
        ("He would not stay there.", "He would stay there.", "He would <s>not</s> stay there."),
        ("Nine ships left. All.", "Ten ships left. All.", "<s>Nine</s> → <b>Ten</b> ships left."),
        ("It cost <5 & more.", "It cost <6 & more.", "It cost &lt;<s>5</s> → <b>6</b>."),
    ],
)
def test_notes_have_the_words_around(old: str, new: str, told: str) -> None:
    assert note_on(old, new) == START + told


def test_a_note_lists_what_matters_and_nothing_else() -> None:
    old = "At noon 5 ships went out there. Mia Orr saw the grey smoke over town. Rain fell until 8 that night."
    new = "At noon 6 ships went out there. Mia Orr saw the black smoke over town. Rain fell until 9 that night."
    assert note_on(old, new) == (f"{START}\n• At noon <s>5</s> → <b>6</b>\n• Rain fell until <s>8</s> → <b>9</b>")


def test_a_note_lists_five_at_most() -> None:
    old = " ".join(f"In the port number {at} all of the ships went out there." for at in range(8))
    new = " ".join(f"In the port number {at + 10} all of the ships went out there." for at in range(8))
    written = note_on(old, new)
    assert written is not None
    assert written.count("•") == 5
    assert written.endswith("\nand 3 more")


def test_a_rewrite_is_told_as_one() -> None:
    assert note_on("Nine ships left the port of Ayr this morning, its master said.", "Nobody left. More soon.") == (
        f"{START}the update was rewritten. It now begins: Nobody left."
    )
    assert note_on("Nine ships left Ayr.", "") == f"{START}the publisher emptied this update."


@pytest.mark.parametrize(("old", "new"), [("It is so.", "It was so."), ("It is.", "It is. 9 left."), ("A b.", "A b.")])
def test_no_note_where_nothing_matters(old: str, new: str) -> None:
    assert note_on(old, new) is None


def test_a_note_on_what_was_withdrawn() -> None:
    assert seen(withdrawn_note(FERRY)) == "Withdrawn: the publisher took the update of 19:16 GMT down."
    assert "Withdrawn" in seen(withdrawn_note())


# --- the end --------------------------------------------------------------------------------------------------------


def test_the_end() -> None:
    rendered = ended(STORY, 9, FERRY)
    seen(rendered)
    assert rendered.html == (
        "<b>This coverage has ended: Harbour strike</b>\n"
        f"9 updates; the last at {LONG_1916}. Corrections will still reach you. /latest and /quotes keep working.\n"
        f'<a href="{PAGE}">Read the whole page</a>'
    )
    assert seen(ended(make_story(source="page.txt"), 0, None)).startswith(
        "This coverage has ended: Harbour strike\n0 updates. Corrections"
    )


# --- whatever comes -------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(st.lists(any_item(), min_size=1, max_size=4), any_story, rough, st.integers(0, 30))
def test_any_recap_is_a_message(items: list[Item], story: Story, name: str, count: int) -> None:
    seen(welcome(story, items, count, BOT, lead_speaker={1: name}))
    seen(missed(story, items, count, BOT, lead_speaker={1: name}))
    seen(ended(story, count, items[0].entry))


@settings(deadline=None, max_examples=40)
@given(any_entry(), any_entry())
def test_any_note_is_a_message(told: Entry, now: Entry) -> None:
    rendered = note(corrected(now), told)
    if rendered is not None:
        seen(rendered)
    assert rendered is not None or not matters(told.text, now.text)
    seen(withdrawn_note(now))
