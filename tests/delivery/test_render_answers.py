"""The answers to commands, and how long ones come in pages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.answers import (
    StoryLine,
    choose_speaker,
    choose_story,
    help_text,
    latest,
    no_speaker,
    quotes,
    said,
    speakers,
    start,
    stories,
)
from bot.delivery.pieces import Item
from bot.delivery.rendered import Button
from storage.models import SeenRole, Speaker, StoredQuote, Story, StoryState
from tests.delivery.making import BOT, at, make_entry, make_story, seen
from tests.delivery.test_render_news import any_item, any_story, longer, rough

STORY = make_story()
LONG_1916 = '<tg-time unix="1457982960" format="Dt">14 March 2016, 19:16 GMT</tg-time>'
NEWEST = make_entry(9, 19, 16, "The ferry line has welcomed the talks. More is to come.")
OLDER = make_entry(7, 18, 51, '"Our piers will work as ever," Ada Berg has said. "They are safe."')
BERG = Speaker(name="Ada Berg", roles=(SeenRole(role="harbour master"),))


def make_quote(number: int = 1, **more: Any) -> StoredQuote:
    given_ = {
        "id": number,
        "story_id": 1,
        "entry_id": 9,
        "speaker_id": 1,
        "speaker": "Ada Berg",
        "text": '"Our piers will work as ever"',
        "start": 0,
        "end": 29,
        "parts": ((0, 29),),
        "confidence": "explicit",
        "published_at": at(19, 16),
        "stamp": "19:16 GMT",
    }
    return StoredQuote(**(given_ | more))


def data(number: int) -> str:
    return f"d:{number}"


# --- /latest --------------------------------------------------------------------------------------------------------


def test_the_latest() -> None:
    paged = latest(STORY, [NEWEST, OLDER], 6, BOT, older=data, last_hour="h", quotes="q")
    seen(paged.rendered)
    assert paged.shown == 2
    assert paged.rendered.html == (
        f"<b>Harbour strike</b>\n6 updates · newest {LONG_1916}\n\n"
        '<b><tg-time unix="1457982960" format="t">19:16 GMT</tg-time></b> The ferry line has welcomed the talks.'
        f' <a href="https://t.me/{BOT}?start=e9">more</a>\n'
        '<b><tg-time unix="1457981460" format="t">18:51 GMT</tg-time></b> "Our piers will work as ever," Ada Berg has'
        f' said. <a href="https://t.me/{BOT}?start=e7">more</a>'
    )
    assert paged.rendered.buttons == ((Button("4 older", "d:2"), Button("Last hour", "h"), Button("Quotes", "q")),)


def test_a_quotation_that_is_cut_is_closed() -> None:
    entries = [
        make_entry(1, 18, 51, '"Our piers will work. They are safe," Ada Berg has said.'),
        make_entry(2, 18, 50, "“Our " + "piers and " * 20 + "harbours work.”"),
    ]
    text = seen(latest(STORY, entries, 2, BOT, lead_speaker={1: "Ada Berg"}).rendered)
    assert 'GMT Ada Berg: "Our piers will work." more\n' in text
    assert "…” more" in text


def test_the_last_page_leads_back_only() -> None:
    paged = latest(STORY, [OLDER], 6, BOT, offset=5, older=data, newer="n")
    assert "6 updates · 6 to 6\n" in seen(paged.rendered)
    assert paged.rendered.buttons == ((Button("Newer", "n"),),)


def test_as_many_as_fit() -> None:
    many = [make_entry(at, 18, at % 60, f"Entry {at} " + "says this and that " * 20) for at in range(60)]
    paged = latest(STORY, many, 60, BOT, older=data)
    assert 15 < paged.shown < 60
    assert seen(paged.rendered).count("… more") == paged.shown
    assert paged.rendered.buttons == ((Button(f"{60 - paged.shown} older", data(paged.shown)),),)


def test_nothing_in_a_period() -> None:
    paged = latest(STORY, [], 0, BOT, period="the last 2 hours", quotes="q")
    assert seen(paged.rendered) == "Harbour strike\nNo update in the last 2 hours."
    assert paged.shown == 0
    assert "has not been read yet" in seen(latest(make_story(first_read_at=None), [], 0, BOT).rendered)


# --- /quotes --------------------------------------------------------------------------------------------------------


def test_the_quotes_of_a_speaker() -> None:
    paged = quotes(STORY, BERG, [make_quote()], BOT, total=1, follow="f", everyone="e")
    seen(paged.rendered)
    assert paged.rendered.html == (
        '<b>Ada Berg</b>, harbour master · 1 quote\n\n<blockquote>"Our piers will work as ever"</blockquote>\n'
        f'{LONG_1916} · <a href="https://t.me/{BOT}?start=e9">update</a>'
    )
    assert paged.rendered.buttons == ((Button("Follow Berg", "f"), Button("All speakers", "e")),)


@pytest.mark.parametrize(
    ("name", "is_person", "short"),
    [
        ("Tomas van der Heyl", True, "van der Heyl"),
        ("Salim al-Muslat", True, "al-Muslat"),
        ("Pelé", True, "Pelé"),
        ("High Negotiations Committee", False, "High Negotiations Committee"),
    ],
)
def test_whom_the_button_follows(name: str, is_person: bool, short: str) -> None:
    speaker = Speaker(name=name, is_person=is_person)
    paged = quotes(STORY, speaker, [make_quote()], BOT, total=1, follow="f", everyone="e")
    assert paged.rendered.buttons[0][0].text == f"Follow {short}"


def test_a_resolved_quote_says_so() -> None:
    paged = quotes(STORY, BERG, [make_quote(confidence="resolved", cue="she noted")], BOT, total=1)
    assert ' · <i>"She noted": taken to be Berg</i> · ' in paged.rendered.html


def test_everybody_s_quotes_name_their_speakers() -> None:
    found = [make_quote(), make_quote(2, speaker=None, speaker_id=None, confidence="none")]
    text = seen(quotes(STORY, None, found, BOT, total=2).rendered)
    assert text.startswith("Quotes: Harbour strike · 2 quotes\n\n")
    assert "GMT · Ada Berg · update" in text
    assert "GMT · a statement, or somebody not named · update" in text


def test_everybody_s_quotes_say_who_each_speaker_is() -> None:
    found = [make_quote(), make_quote(2, confidence="resolved", cue="she noted")]
    text = seen(quotes(STORY, None, found, BOT, total=2, people={1: BERG}).rendered)
    assert "GMT · Ada Berg, harbour master · update" in text
    assert 'GMT · "She noted": taken to be Ada Berg, harbour master · update' in text


def test_as_many_quotes_as_fit() -> None:
    found = [make_quote(at, text='"' + "So it is. " * 300 + '"') for at in range(20)]
    paged = quotes(STORY, BERG, found, BOT, total=20, offset=20, older=data, newer="n")
    text = seen(paged.rendered)
    assert text.count("update") == paged.shown
    assert 3 <= paged.shown < 20
    assert f"40 quotes, 21 to {20 + paged.shown}" in seen(
        quotes(STORY, BERG, found, BOT, total=40, offset=20, older=data).rendered
    )


def test_no_quotes() -> None:
    paged = quotes(STORY, None, [], BOT, total=0)
    assert (paged.shown, seen(paged.rendered)) == (0, "Quotes: Harbour strike\nNothing is quoted yet.")


# --- speakers -------------------------------------------------------------------------------------------------------


def test_the_speakers() -> None:
    rendered = speakers(STORY, [(BERG, 5), (Speaker(name="Mia Orr"), 1)], 3, pick=data)
    seen(rendered)
    assert rendered.html == (
        "<b>Quoted in: Harbour strike</b>\n\nAda Berg, harbour master · 5\nMia Orr · 1\n\n"
        "<i>3 more quotes come from statements, or from people who are not named.</i>"
    )
    assert rendered.buttons == ((Button("Ada Berg", "d:0"), Button("Mia Orr", "d:1")),)
    assert seen(speakers(STORY, [])).endswith("\n\nNobody yet.")


def test_several_speakers_match() -> None:
    rendered = choose_speaker("be<r", ["Ada Berg", "Bo Berg"], data)
    assert seen(rendered) == "Who do you mean by “be<r”?"
    assert [button.text for row in rendered.buttons for button in row] == ["Ada Berg", "Bo Berg"]


def test_no_speaker_matches() -> None:
    assert seen(no_speaker("@zed", ["Ada Berg"], data)).endswith("is quoted here. Did you mean:")
    assert no_speaker("zed", []).buttons == ()


# --- stories and the bot --------------------------------------------------------------------------------------------


def test_the_stories() -> None:
    other = make_story(id=2, title="", slug="tunnel", state=StoryState.ENDED)
    rendered = stories([StoryLine(STORY, 9, NEWEST, followed=True), StoryLine(other)], pick=data)
    assert seen(rendered) == (
        "Harbour strike\n9 updates · newest 14 March 2016, 19:16 GMT · you follow it\n\ntunnel\n0 updates · ended"
    )
    assert rendered.buttons == ((Button("Harbour strike", "d:0"),), (Button("tunnel", "d:1"),))
    assert "No story" in seen(stories([]))


def test_a_story_is_chosen_by_button() -> None:
    rendered = choose_story([STORY], data)
    assert (seen(rendered), rendered.buttons) == ("Which story?", ((Button("Harbour strike", "d:0"),),))


def test_help_and_start() -> None:
    assert seen(help_text([("latest", "[n | 2h]", "what is new"), ("stories", "", "what there is")])) == (
        "What you can ask\n\n/latest [n | 2h] – what is new\n/stories – what there is"
    )
    assert "/stories" in seen(start("Dateline"))
    assert start("Dateline", [STORY], pick=data).buttons == ((Button("Harbour strike", "d:0"),),)
    assert seen(said("No <such> thing.")) == "No <such> thing."


# --- whatever comes -------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=25)
@given(st.lists(any_item(), max_size=5), any_story, rough, longer)
def test_any_answer_is_a_message(items: list[Item], story: Story, name: str, words: str) -> None:
    speaker = Speaker(name=name or "?", roles=(SeenRole(role=words),))
    found = [make_quote(text=words, cue=name, confidence="resolved", speaker=name)] * 5
    assert latest(story, items, 3, BOT).shown <= len(items)
    seen(latest(story, items, 3, BOT, period=name).rendered)
    seen(quotes(story, speaker, found, BOT, total=5, older=data).rendered)
    seen(quotes(story, None, found, BOT, total=5).rendered)
    seen(speakers(story, [(speaker, 3)] * 50, 2, pick=data))
    seen(choose_speaker(words, [name], data))
    seen(no_speaker(words, [name], data))
    seen(stories([StoryLine(story, 3, items[0].entry if items else None)] * 40, pick=data))
    assert all(button.text for row in choose_story([story], data).buttons for button in row)
