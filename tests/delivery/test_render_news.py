"""Entries as messages: alone, bundled, corrected, gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.render import Item, how_many_fit, news, one_entry
from storage.models import Entry, Media, Span, Standing, Story
from tests.delivery.making import BOT, PAGE, at, corrected, make_entry, make_story, seen

STORY = make_story()
TITLE = f'<a href="{PAGE}">Harbour strike</a>'
TIME_1916 = '<tg-time unix="1457982960" format="t">19:16 GMT</tg-time>'
TIME_1931 = '<tg-time unix="1457983860" format="t">19:31 GMT</tg-time>'
TIME_1840 = '<tg-time unix="1457980800" format="t">18:40 GMT</tg-time>'

FERRY = make_entry(
    9,
    19,
    16,
    'The ferry line has welcomed the talks.\n\n"If they are meant, they help," Mia Orr, spokeswoman for the island'
    " Ferry Line, has said.",
)
TWEET = make_entry(
    6,
    18,
    40,
    "#Harbour keeps its #east pier - qu.ay/7",
    spans=(Span(start=0, end=39, kind="tweet"), Span(start=32, end=39, kind="link", url="http://qu.ay/7")),
)
QUOTE = make_entry(7, 18, 51, '"Our piers will work as ever. They are safe," Ada Berg has said. More is to come.')


def html_of(*items: Item | Entry, story: Story = STORY, **more: Any) -> str:
    rendered = news([Item.of(item) for item in items], story, BOT, **more)
    seen(rendered)
    return rendered.html


# --- one entry ------------------------------------------------------------------------------------------------------


def test_a_new_entry() -> None:
    assert html_of(FERRY) == (
        f"<b>{TIME_1916}</b> The ferry line has welcomed the talks.\n\n"
        '"If they are meant, they help," Mia Orr, spokeswoman for the island Ferry Line, has said.\n\n'
        f"{TITLE}"
    )


def test_a_title_is_bold_before_the_text() -> None:
    entry = make_entry(1, 19, 16, "Nobody sails.", title="All <shut>", is_key=True)
    assert html_of(entry) == f"<b>{TIME_1916}</b> · <b>Key event</b>\n<b>All &lt;shut&gt;</b>\nNobody sails.\n\n{TITLE}"


def test_a_title_that_the_text_repeats_is_not_said_twice() -> None:
    entry = make_entry(1, 19, 16, "All shut. Nobody sails.", title="All shut.")
    assert html_of(entry) == f"<b>{TIME_1916}</b> All shut. Nobody sails.\n\n{TITLE}"


def test_a_late_entry_says_when_it_was_added() -> None:
    late = FERRY.model_copy(update={"is_late": True, "added_at": at(19, 20)})
    assert "· <i>added <tg-time" in html_of(late)
    assert "added 19:20" in seen(news([Item(late)], STORY, BOT))


def test_media_can_be_opened() -> None:
    media = (
        Media(kind="image", url="https://example.org/a.jpg", caption="The <pier>"),
        Media(kind="video", url="https://example.org/b"),
        Media(kind="image", url="data:x"),
    )
    assert html_of(make_entry(1, 19, 16, "", media=media)) == (
        f'<b>{TIME_1916}</b> <a href="https://example.org/a.jpg">Picture</a>: The &lt;pier&gt;\n'
        f'<a href="https://example.org/b">Video</a>\n\n{TITLE}'
    )


def test_a_story_without_a_page_has_a_bold_title() -> None:
    assert html_of(FERRY, story=make_story(source="page.txt")).endswith("\n\n<b>Harbour strike</b>")


def test_the_lead_is_two_sentences_and_the_link() -> None:
    entry = make_entry(1, 19, 16, "One is. Two is. Three is.", url="https://example.org/live#e1")
    assert html_of(entry, story=make_story(show="lead")) == (
        f'<b>{TIME_1916}</b> One is. Two is. <a href="https://example.org/live#e1">more</a>\n\n{TITLE}'
    )
    assert "more</a>" not in html_of(QUOTE.model_copy(update={"text": "One. Two."}), story=make_story(show="lead"))


def test_links_to_the_page_carry_the_newsrooms_parameters() -> None:
    entry = make_entry(1, 19, 16, "One is. Two is. Three is.", url="https://example.org/live?a=b#e1")
    shown = html_of(entry, story=make_story(show="lead", link_parameters="utm_source=telegram"))
    assert 'href="https://example.org/live?a=b&amp;utm_source=telegram#e1">more</a>' in shown
    assert '?utm_source=telegram">Harbour strike</a>' in shown


def test_a_long_entry_is_cut_with_a_link_to_the_rest() -> None:
    entry = make_entry(3, 19, 16, "All is said & done here. " * 400)
    text = seen(news([Item(entry)], STORY, BOT))
    assert 4000 < len(text) <= 4096
    assert text.endswith("done here. more\n\nHarbour strike")
    filed = news([Item(entry)], make_story(source="page.txt"), BOT)
    assert f'<a href="https://t.me/{BOT}?start=e3">more</a>' in filed.html


def test_one_entry_as_an_answer_has_its_day() -> None:
    rendered = one_entry(FERRY, STORY)
    assert seen(rendered).startswith("14 March 2016, 19:16 GMT The ferry line")


@pytest.mark.parametrize(
    ("stamp", "shown", "other"),
    [
        ("19:16 GMT", "19:16 GMT", "19:31 GMT"),
        ("3.16pm EDT", "3.16pm EDT", "3.31pm EDT"),
        ("8:16 p.m. CET", "8:16 p.m. CET", "8:31 p.m. CET"),
        ("14.03.2016 22:16", "22:16", "22:31"),
        ("5 minutes ago", "19:16 GMT", "19:31 GMT"),
        ("", "19:16 GMT", "19:31 GMT"),
        ("2016-03-14T19:16:00Z", "19:16 GMT", "19:31 GMT"),
        ("11:00 GMT", "11:00 GMT", "19:31 GMT"),
    ],
)
def test_times_are_written_as_the_page_writes_them(stamp: str, shown: str, other: str) -> None:
    entry = FERRY.model_copy(update={"stamp": stamp})
    text = seen(news([Item(corrected(entry, text=entry.text.replace("talks", "plan")), entry)], STORY, BOT))
    assert text.startswith(f"{shown} · corrected {other}\nThe ferry line has welcomed the talks plan.")


# --- corrected ------------------------------------------------------------------------------------------------------


def test_a_correction_strikes_the_old_words_and_says_when() -> None:
    first = FERRY.model_copy(update={"text": FERRY.text.replace("island Ferry Line", "mainland Boat Union")})
    assert html_of(Item(corrected(FERRY), first)) == (
        f"<b>{TIME_1916}</b> · <i>corrected {TIME_1931}</i>\n"
        "The ferry line has welcomed the talks.\n\n"
        '"If they are meant, they help," Mia Orr, spokeswoman for the <s>mainland Boat Union</s> island Ferry Line,'
        f" has said.\n\n{TITLE}"
    )


def test_words_taken_out_are_struck_where_they_stood() -> None:
    first = make_entry(1, 19, 16, "Once more, the long strike is not over in any of the ports yet.")
    now = corrected(first, text="the long strike is over in any of the ports.")
    written = html_of(Item(now, first))
    assert "<s>Once more,</s> the long strike is <s>not</s> over in any of the ports <s>yet</s>." in written


@pytest.mark.parametrize(
    "changed",
    [
        {"spans": (Span(start=0, end=3, kind="bold"),)},
        {"text": FERRY.text.replace('"', "”").replace("\n\n", "\n")},
        {"is_key": True},
        {},
    ],
)
def test_formatting_is_no_correction(changed: dict[str, Any]) -> None:
    written = html_of(Item(corrected(FERRY, **changed), FERRY))
    assert "corrected" not in written
    assert "<s>" not in written


def test_a_rewritten_entry_is_marked_but_not_struck() -> None:
    new = "Nobody knows now what the two sides want to do about any of it, officials on the island told reporters."
    written = html_of(Item(corrected(FERRY, text=new), FERRY))
    assert "corrected" in written
    assert "<s>" not in written


def test_a_moved_entry_says_where_it_was() -> None:
    moved = corrected(FERRY, published_at=at(19, 18), stamp="19:18 GMT")
    assert seen(news([Item(moved, FERRY)], STORY, BOT)).startswith(
        "19:18 GMT · corrected 19:31 GMT, was 19:16 GMT\nThe"
    )


def test_a_corrected_title_is_struck() -> None:
    first = make_entry(1, 19, 16, "So it is.", title="Nine ships left")
    assert "\n<s>Nine</s> <b>Ten ships left</b>\n" in html_of(Item(corrected(first, title="Ten ships left"), first))


# --- gone -----------------------------------------------------------------------------------------------------------


def test_an_entry_of_nothing_visible_says_so() -> None:
    assert "This update is empty now." in html_of(make_entry(1, 19, 16, "\u202e"))


def test_a_withdrawn_entry_loses_its_text() -> None:
    gone = corrected(TWEET, standing=Standing.DELETED, at=at(18, 58))
    assert html_of(Item(gone, TWEET)) == (
        f'<b>{TIME_1840}</b> · <b>Withdrawn</b> <tg-time unix="1457981880" format="t">18:58 GMT</tg-time>\n'
        f"<i>The publisher took this update down. Please do not rely on it.</i>\n{TITLE}"
    )


def test_an_absent_entry_keeps_its_text() -> None:
    gone = corrected(TWEET, standing=Standing.ABSENT)
    assert html_of(Item(gone, TWEET)) == (
        f"<b>{TIME_1840}</b> · <i>no longer on the page</i>\n"
        f'<i>Tweet</i> #Harbour keeps its #east pier - <a href="http://qu.ay/7">qu.ay/7</a>\n\n{TITLE}'
    )


# --- bundles --------------------------------------------------------------------------------------------------------


def test_a_bundle_shows_first_sentences_and_folds_the_rest() -> None:
    assert html_of(TWEET, QUOTE, FERRY, lead_speaker={7: "Ada Berg"}) == (
        f'<b>{TIME_1840}</b> <i>Tweet</i> #Harbour keeps its #east pier - <a href="http://qu.ay/7">qu.ay/7</a>\n\n'
        '<b><tg-time unix="1457981460" format="t">18:51 GMT</tg-time></b> Ada Berg: "Our piers will work as ever.\n'
        '<blockquote expandable>They are safe," Ada Berg has said. More is to come.</blockquote>\n'
        f"<b>{TIME_1916}</b> The ferry line has welcomed the talks.\n"
        '<blockquote expandable>"If they are meant, they help," Mia Orr, spokeswoman for the island Ferry Line, has'
        f" said.</blockquote>\n{TITLE} · 3 updates"
    )


def test_a_long_sentence_reads_on_in_the_fold() -> None:
    entry = make_entry(1, 18, 0, "All " * 50 + "sail, " + "and all " * 30 + "do.")
    assert "sail,\n<blockquote expandable>and all" in html_of(entry, FERRY)
    entry = make_entry(1, 18, 0, "All " * 100 + "sail.")
    assert "All…\n<blockquote expandable>All" in html_of(entry, FERRY)


def test_a_speaker_who_is_in_sight_is_not_named_again() -> None:
    entry = make_entry(1, 18, 0, '"We sail," Ada Berg has said. More is to come.')
    assert 'GMT</tg-time></b> "We sail,"' in html_of(entry, FERRY, lead_speaker={1: "Ada Berg"})


def test_a_bundle_shares_its_room_fairly() -> None:
    long = [make_entry(at, 18, at, f"Entry {at} begins. " + "And on it goes. " * 300) for at in range(3)]
    text = seen(news([Item(entry) for entry in (*long, FERRY)], STORY, BOT))
    assert len(text) > 3900
    assert text.count("more\n") == 3
    assert FERRY.text.replace("\n\n", "\n") in text


def test_a_withdrawn_entry_in_a_bundle() -> None:
    gone = corrected(TWEET, standing=Standing.DELETED)
    text = seen(news([Item(gone, TWEET), Item(FERRY)], STORY, BOT))
    assert "on it.\n\n19:16 GMT The ferry" in text
    assert "#Harbour" not in text


# --- how many fit ---------------------------------------------------------------------------------------------------


def test_at_most_twelve_fit() -> None:
    assert how_many_fit([FERRY] * 30) == 12
    assert how_many_fit([FERRY] * 2) == 2
    assert how_many_fit([]) == 0


def test_long_first_sentences_take_their_room() -> None:
    wordy = make_entry(1, 19, 16, "word " * 1000, title="x" * 290, is_key=True, is_late=True)
    assert 1 <= how_many_fit([wordy] * 30) < 12


def test_everything_that_fits_shows_its_first_sentence() -> None:
    entries = [make_entry(at, 18, at, f"Entry {at} " + "goes on " * 35 + "so. " + "More. " * 400) for at in range(12)]
    count = how_many_fit(entries)
    text = seen(news([Item(entry) for entry in entries[:count]], STORY, BOT))
    assert all(f"Entry {at} " + "goes on " * 30 in text for at in range(count))


# --- whatever comes -------------------------------------------------------------------------------------------------

rough = st.text(st.sampled_from("a b. \n<>&\"'@#\u0301\u200d👍🏽é\u202e"), max_size=60) | st.text(max_size=60)
longer = st.builds(lambda text, times: text * times, rough, st.sampled_from([1, 1, 1, 40, 400]))


@st.composite
def any_entry(draw: st.DrawFn, number: int = 1) -> Entry:
    text = draw(longer)
    kinds = st.sampled_from(["bold", "italic", "link", "blockquote", "tweet", "heading", "code", "strike"])
    places = st.integers(0, max(len(text), 1))
    spans = tuple(
        Span(start=min(ends), end=max(ends), kind=kind, url=url, author=author)  # type: ignore[arg-type]
        for ends, kind, url, author in draw(
            st.lists(
                st.tuples(st.tuples(places, places), kinds, st.sampled_from(["https://x.org", "#"]), st.none() | rough),
                max_size=8,
            )
        )
    )
    media = tuple(
        Media(kind="image", url=url, caption=draw(rough)) for url in draw(st.sampled_from([(), ("https://x.org",)]))
    )
    return make_entry(
        number,
        draw(st.integers(0, 23)),
        draw(st.integers(0, 59)),
        text,
        title=draw(rough | longer),
        spans=spans,
        media=media,
        stamp=draw(st.sampled_from(["19:16 GMT", "@now 3.04pm\n"]) | rough),
        is_key=draw(st.booleans()),
        is_late=draw(st.booleans()),
        url=draw(st.sampled_from([None, "https://x.org/1", "#", "x" * 3000])),
    )


@st.composite
def any_item(draw: st.DrawFn) -> Item:
    first = draw(any_entry())
    if not draw(st.booleans()):
        return Item(first)
    now = draw(any_entry())
    standing = draw(st.sampled_from(Standing))
    return Item(now.model_copy(update={"number": 2, "at": first.at + timedelta(hours=1), "standing": standing}), first)


any_story = st.builds(
    lambda title, source, show: make_story(title=title, source=source, show=show),
    rough | longer,
    st.sampled_from([PAGE, "page.txt"]),
    st.sampled_from(["full", "lead"]),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(any_item(), min_size=1, max_size=5), any_story, rough)
def test_any_news_is_a_message(items: list[Item], story: Story, name: str) -> None:
    rendered = news(items, story, BOT, {1: name})
    seen(rendered)
    seen(one_entry(items[0], story))
    assert rendered.html.count("<tg-time") >= len(items)
    if len(items) > 1:
        assert seen(rendered).endswith(f" · {len(items)} updates")


def test_a_bundle_full_of_marks_keeps_its_times_and_its_links_to_the_rest() -> None:
    text = "ab cd ef. " * 400
    spans = tuple(Span(start=at, end=at + 1, kind="italic") for at in range(0, 4000, 3))
    items = [Item(make_entry(at, 18, at, text, spans=spans)) for at in range(12)]
    rendered = news(items, STORY, BOT)
    seen(rendered)
    assert (rendered.html.count("<tg-time"), rendered.html.count(">more</a>")) == (12, 12)
