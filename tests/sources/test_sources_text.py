"""The text page, on small pages of our own: one oddity each."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.sources import Context, UnreadablePage, read
from bot.sources.heads import undecorated
from bot.sources.text import blocks, read_text
from storage.models import Page, ParsedEntry

NOW = datetime(2025, 11, 22, 12, tzinfo=UTC)
HERE = Context(address="page.md", now=NOW)


def page(text: str, context: Context = HERE) -> Page:
    return read(text.encode(), context)


def entry(body: str, context: Context = HERE) -> ParsedEntry:
    """The only entry of a page that says this."""
    [only] = page(f"A title\n\n14/03/2016\n\n19:16 GMT\n\n{body}\n", context).entries
    return only


def spans(found: ParsedEntry) -> list[tuple[str, str, str | None]]:
    return [(span.kind, found.text[span.start : span.end], span.url) for span in found.spans]


def stamps(text: str) -> list[str]:
    return [f"{found.published_at:%d %H:%M}" for found in page(text).entries]


# --- entries and their times ----------------------------------------------------------------------------------------


def test_bold_and_plain_clocks_and_empty_bullets() -> None:
    found = page(
        "The dam Live updates\n\n14/03/2016\n\n- 14 March 2016\n\n19:16 GMT\n\nOne.\n\n- **19:14 GMT**\n\nTwo.\n\n-\n"
    )
    assert found.title == "The dam"
    assert [(e.stamp, e.text) for e in found.entries] == [("19:16 GMT", "One."), ("19:14 GMT", "Two.")]
    assert found.covers_from == datetime(2016, 3, 14, 19, 14, tzinfo=UTC)
    assert not found.has_ids
    assert found.warnings == ()


def test_a_number_in_a_sentence_opens_no_entry() -> None:
    body = "The crews met at\n19:16 GMT Monday and left at\n20:10.\n\n2:1 was the score.\n\n18.57 million\n"
    text = f"14/03/2016\n\n19:16 GMT\n\n{body}"
    assert len(page(text).entries) == 1


def test_clock_and_text_on_one_line() -> None:
    found = page("14/03/2016\n13:05 (GMT+4) The dam holds.\nIt is full.\n12:31 (GMT+4) The dam fills.\n")
    assert [(e.stamp, e.text) for e in found.entries] == [
        ("13:05 (GMT+4)", "The dam holds. It is full."),
        ("12:31 (GMT+4)", "The dam fills."),
    ]
    assert found.entries[0].published_at == datetime(2016, 3, 14, 9, 5, tzinfo=UTC)


def test_tickers_between_crosses() -> None:
    found = page("14/03/2016\n\n+++ 19:16 The dam holds +++\n\nIt is full.\n\n+++ 19:10 Uhr +++ It fills.\n\n2 +++ 2\n")
    assert [(e.stamp, e.title, e.text) for e in found.entries] == [
        ("19:16", "The dam holds", "It is full."),
        ("19:10 Uhr", "", "It fills.\n\n2 +++ 2"),
    ]


def test_dates_below_the_clocks_and_oldest_first() -> None:
    text = "08:21\n23.4.2014\nThe first.\n08:43\n23.4.2014\n09:04\n\n23.4.2014\n\nThe third.\n"
    found = page(text)
    assert [e.text for e in found.entries] == ["The third.", "", "The first."]
    assert {e.published_at.date().isoformat() for e in found.entries} == {"2014-04-23"}
    assert found.warnings == ("1 of 3 entries have no text (yet).",)


def test_headings_without_a_year_take_it_from_the_page() -> None:
    entries = "Friday, April 18\n\n00:12 GMT:\n\nA\n\nThursday, April 17\n\n23:09 GMT:\n\nB\n"
    text = f"Edited time: April 18, 2014 00:11\n\n{entries}"
    assert [e.published_at.isoformat()[:16] for e in page(text).entries] == ["2014-04-18T00:12", "2014-04-17T23:09"]


def test_a_dateline_is_a_heading() -> None:
    text = "Port Amsel, Velland, Nov. 24\nBy A. Writer:\n13:05 Water is rising.\n"
    at = Context(address="dam-2015-11-24.txt", now=NOW)
    assert page(text, at).entries[0].published_at == datetime(2015, 11, 24, 13, 5, tzinfo=UTC)


def test_midnight_without_a_heading() -> None:
    assert stamps("18 April 2014\n\n00:12 GMT\n\nA\n\n23:09 GMT\n\nB\n") == ["18 00:12", "17 23:09"]
    assert stamps("17 April 2014\n\n23:09 GMT\n\nB\n\n00:12 GMT\n\nA\n") == ["18 00:12", "17 23:09"]


def test_no_date_at_all_is_today_and_told() -> None:
    found = page("The dam\n\n11:00\n\nWater.\n")
    assert found.entries[0].published_at == datetime(2025, 11, 22, 11, tzinfo=UTC)
    assert found.warnings == (
        "The page prints no date: its clocks were read as those of today, the newest on 22 November 2025.",
    )


def test_the_storys_zone_is_for_clocks_without_one() -> None:
    context = Context(address="page.md", now=NOW, timezone="Europe/Paris")
    found = page("14/07/2016\n\n12:00\n\nA.\n\n09:00 GMT\n\nB.\n", context)
    assert [e.published_at.hour for e in found.entries] == [10, 9]
    wrong = page("14/07/2016\n\n12:00\n\nA.\n", Context(address="page.md", now=NOW, timezone="Mars"))
    assert wrong.warnings == ('The time zone "Mars" is not known: clocks without a zone were read as GMT.',)


def test_month_first_on_request() -> None:
    context = Context(address="page.md", now=NOW, day_first=False)
    assert page("03/04/2016\n\n12:00\n\nA.\n", context).entries[0].published_at.month == 3
    assert page("03/04/2016\n\n12:00\n\nA.\n").entries[0].published_at.month == 4


def test_twins_keep_their_order_and_have_keys_of_their_own() -> None:
    newest_first = page("14/03/2016\n\n19:16 GMT\n\nLater.\n\n19:16 GMT\n\nEarlier.\n\n18:00 GMT\n\nFirst.\n")
    oldest_first = page("14/03/2016\n\n18:00 GMT\n\nFirst.\n\n19:16 GMT\n\nEarlier.\n\n19:16 GMT\n\nLater.\n")
    assert [e.text for e in newest_first.entries] == ["Later.", "Earlier.", "First."]
    assert newest_first.entries == oldest_first.entries
    keys = [e.key for e in newest_first.entries]
    assert [key[:16] for key in keys] == ["20160314T1916Z-2", "20160314T1916Z-1", "20160314T1800Z-1"]


def test_the_key_outlasts_layout() -> None:
    assert entry("The *dam* holds, “says” Café.").key == entry("the dam\nholds – says cafe").key
    assert entry("The dam holds.").key != entry("The dam breaks.").key


def test_unreadable_stamps_and_zones_are_told() -> None:
    found = page("14/03/2016\n\n19:16 XYZ\n\nA.\n\n**25:61 GMT**\n\nB.\n")
    assert [e.text for e in found.entries] == ["A.\n\n25:61 GMT\n\nB."]
    assert len(found.warnings) == 2


def test_furniture_is_no_entry_and_no_text() -> None:
    text = (
        "22:35 GMT +324 February 2017\n\nThe dam\n\nGet short URL\n\n14/03/2016\n\n• 08:00\n\nA.\n\nShare\n\n"
        "Updated at 8.12am GMT\n\nClick here to share on social media\n\n• 07:50\n\nB.\n\n----------\nA caption below\n"
    )
    found = page(text)
    assert found.title == "The dam"
    assert [e.text for e in found.entries] == ["A.", "B."]


def test_glued_pages() -> None:
    text = (
        "11 October 2023\n\n  • 20m ago (08:53 GMT)List of key events, day 5As the flood goes on, here they are:\n"
        "    • 08:00 The dam broke.\n    • The town is empty.\n"
        "  • 22m ago (08:51 GMT)The mayor ‘is safe’The mayor is safe.\n"
    )
    first, second = page(text).entries
    assert first.title == "List of key events, day 5"
    assert first.text == "As the flood goes on, here they are:\n\n• 08:00 The dam broke.\n• The town is empty."
    assert (second.title, second.text) == ("The mayor ‘is safe’", "The mayor is safe.")


def test_a_list_of_clocks_inside_an_entry() -> None:
    found = page(
        "14/03/2016\n\n19:16 GMT\n\nTimeline:\n\n- 08:00 Rain begins\n- 09:30 The dam breaks\n\n18:00 GMT\n\nB.\n"
    )
    assert [e.text for e in found.entries] == ["Timeline:\n\n• 08:00 Rain begins\n• 09:30 The dam breaks", "B."]


def test_entry_addresses() -> None:
    [only] = page("14/03/2016\n\n[19:16 GMT](https://example.org/live#e9)\n\nA.\n").entries
    assert (only.url, only.stamp) == ("https://example.org/live#e9", "19:16 GMT")


# --- titles ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("# The dam\n\nWords about it.", "The dam"),
        ("The dam LIVE UPDATES", "The dam"),
        ("The dam -LIVE UPDATES", "The dam"),
        ("The dam – live", "The dam"),
        ("The dam – as it happened", "The dam"),
        ("LIVE: The dam", "The dam"),
        ("How the people of Amsel live", "How the people of Amsel live"),
        ("Get our app, it is good.\n\nThe dam LIVE UPDATES\n\nPublished time: March 14, 2016 15:03", "The dam"),
        ("By Ann Writer\n\n**The dam**", "The dam"),
        ("", ""),
    ],
)
def test_titles(head: str, title: str) -> None:
    assert page(f"{head}\n\n14/03/2016\n\n19:16 GMT\n\nA.\n").title == title


@pytest.mark.parametrize(
    ("body", "title", "text"),
    [
        (
            "Bridge closed to traffic\n\nThe police have closed it.",
            "Bridge closed to traffic",
            "The police have closed it.",
        ),
        ("**Bridge closed**\n\nThe police have closed it.", "Bridge closed", "The police have closed it."),
        ("## Bridge closed\n\nThe police have closed it.", "Bridge closed", "The police have closed it."),
        (
            "Bridge closed\nThe police have closed it, they say.",
            "Bridge closed",
            "The police have closed it, they say.",
        ),
        (
            "The town heard from\nAnn Lee that its bridge is closed.",
            "",
            "The town heard from Ann Lee that its bridge is closed.",
        ),
        ("From our desk:\n\nThe police have closed it.", "", "From our desk:\n\nThe police have closed it."),
        ("The bridge is closed.", "", "The bridge is closed."),
    ],
)
def test_entry_titles(body: str, title: str, text: str) -> None:
    found = entry(body)
    assert (found.title, found.text) == (title, text)


# --- rich text ------------------------------------------------------------------------------------------------------


def test_emphasis_becomes_spans() -> None:
    found = entry(
        "A *slow* and **sure** and _kind_ and ***loud*** word, 2 * 3 * 4, snake_case_name, \\*not\\* and ~~gone~~."
    )
    assert found.text == "A slow and sure and kind and loud word, 2 * 3 * 4, snake_case_name, *not* and gone."
    assert [(kind, words) for kind, words, _ in spans(found)] == [
        ("italic", "slow"), ("bold", "sure"), ("italic", "kind"),
        ("bold", "loud"), ("italic", "loud"), ("strike", "gone"),
    ]  # fmt: skip


def test_spans_never_cross() -> None:
    found = entry("One *two **three* four** five.")
    assert spans(found) == [("italic", "two three", None)]
    assert found.text == "One two three four five."


def test_links() -> None:
    found = entry(
        "Read [the *report*](https://example.org/r_(1)) or <http://on.example.org/76wy/>, see https://example.org/a_b/."
        " [#dam](#) [bad](javascript:alert(1)) [mail](mailto:desk@example.org)"
    )
    assert found.text == "Read the report or on.example.org/76wy, see example.org/a_b. #dam bad mail"
    assert [(link.text, link.url) for link in found.links] == [
        ("the report", "https://example.org/r_(1)"),
        ("on.example.org/76wy", "http://on.example.org/76wy/"),
        ("example.org/a_b", "https://example.org/a_b/"),
        ("mail", "mailto:desk@example.org"),
    ]


def test_relative_links_and_pictures() -> None:
    context = Context(address="https://example.org/live/dam", now=NOW)
    found = entry("See [the map](/map).\n\n![The dam](../dam.jpg)", context)
    assert [link.url for link in found.links] == ["https://example.org/map"]
    assert [(item.url, item.caption) for item in found.media] == [("https://example.org/dam.jpg", "The dam")]
    assert found.text == "See the map."


def test_handles_are_links_to_their_author() -> None:
    found = entry("Thanks to @dam_watch and a@b.org, says @Dam.org today.")
    assert spans(found) == [("link", "@dam_watch", "https://x.com/dam_watch")]


@pytest.mark.parametrize(
    ("body", "author", "text"),
    [
        ("[@Dam.org](#) [#Amsel](#) is safe <http://on.example.org/1>", "Dam.org", "#Amsel is safe on.example.org/1"),
        ("[@dam_watch](https://twitter.com/dam_watch): it holds", "dam_watch", "it holds"),
        ("@dam_watch: it holds", "dam_watch", "it holds"),
        ("@dam_watch it holds #Amsel", "dam_watch", "it holds #Amsel"),
        ("It holds — Dam Watch (@dam_watch) March 14, 2016", "dam_watch", "It holds"),
        ("It holds\n\n— Dam Watch (@dam_watch) March 14, 2016", "dam_watch", "It holds"),
        ("> It holds\n> — Dam Watch ([@dam_watch](https://x.com/dam_watch)) 14 March 2016", "dam_watch", "It holds"),
    ],
)
def test_tweets(body: str, author: str, text: str) -> None:
    found = entry(body)
    whole = next(span for span in found.spans if span.kind == "tweet")
    assert found.text == text
    assert (whole.start, whole.end, whole.author) == (0, len(text), author)


def test_a_tweets_address() -> None:
    found = entry("It holds — Dam Watch (@dam_watch) [March 14, 2016](https://twitter.com/dam_watch/status/1)")
    assert spans(found) == [("tweet", "It holds", "https://twitter.com/dam_watch/status/1")]


def test_a_sentence_about_an_account_is_no_tweet() -> None:
    assert [span.kind for span in entry("@dam_watch has been silent since noon.").spans] == ["link"]


def test_a_quote_torn_inside_its_emphasis() -> None:
    found = entry('She said: *"We create the conditions for*\n\nthe peace process." It goes on.')
    assert found.text == 'She said: "We create the conditions for the peace process." It goes on.'
    assert spans(found) == [("italic", '"We create the conditions for the peace process."', None)]


def test_a_torn_sentence_is_joined_and_a_whole_one_is_not() -> None:
    assert entry("The dam is\n\nholding.").text == "The dam is holding."
    assert entry("The dam is holding.\n\nit says").text == "The dam is holding.\n\nit says"
    assert entry("The *dam is*\n\n*holding* now.").text == "The dam is holding now."


def test_emphasis_over_two_paragraphs() -> None:
    found = entry('*"The dam is safe.\n\n"The town is too."* she said.')
    assert found.text == '"The dam is safe.\n\n"The town is too." she said.'
    assert [words for _, words, _ in spans(found)] == ['"The dam is safe.', '"The town is too."']


def test_hard_wraps_lists_quotes_and_rules() -> None:
    found = entry(
        "The dam has been\nfull since noon.\n\n- one\n- two *three*\n  goes on\n-\n\n> Stay at home,\n"
        "> says the mayor.\n>\n> Please.\n\n### Later\n\nThe end.\n"
    )
    assert found.text == (
        "The dam has been full since noon.\n\n• one\n• two three goes on\n\nStay at home, says the mayor.\n\nPlease."
        "\n\nLater\n\nThe end."
    )
    assert [(kind, words) for kind, words, _ in spans(found)] == [
        ("italic", "three"),
        ("blockquote", "Stay at home, says the mayor.\n\nPlease."),
        ("heading", "Later"),
    ]


def test_line_ends_and_invisible_letters() -> None:
    found = page("\ufeffThe dam\r\n\r\n14/03/2016\r\n\r\n19:16\u00a0GMT\r\n\r\nThe\u200b dam\u00a0holds.\r\n")
    assert [(e.stamp, e.text) for e in found.entries] == [("19:16 GMT", "The dam holds.")]


@pytest.mark.parametrize(
    "body", ["Withdrawn.", "[withdrawn]", "*This update has been withdrawn.*", "This post was removed by the editor."]
)
def test_withdrawn(body: str) -> None:
    found = entry(body)
    assert found.withdrawn
    assert (found.text, found.title, found.spans) == ("", "", ())


def test_news_of_a_withdrawal_is_not_withdrawn() -> None:
    assert not entry("Withdrawn troops are on their way home.").withdrawn
    assert not entry('The minister said: "This update has been withdrawn."').withdrawn


def test_key_events() -> None:
    assert entry("BREAKING: The dam is gone.").is_key
    assert entry("KEY EVENT\n\nThe dam is gone.").text == "The dam is gone."
    assert page("14/03/2016\n\n- **19:16 GMT** **Key event**\n\nThe dam.\n").entries[0].is_key
    assert not entry("Breaking waves reach the dam.").is_key


# --- bytes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 19:16 GMT",
        b"\x89PNG\r\n",
        b"\x1f\x8b\x08",
        b"abc\0def",
        b"PK\x03\x04",
        bytes(range(1, 32)),
        b"\x81\x8d",
    ],
)
def test_binaries_are_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(UnreadablePage, match=r"^page\.md .+\.$"):
        read(data, HERE)


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        ("14/03/2016\n\n19:16 GMT\n\nDönau – “flood”\n".encode("utf-8-sig"), None),
        ("14/03/2016\n\n19:16 GMT\n\nDönau – “flood”\n".encode("utf-16"), None),
        ("14/03/2016\n\n19:16 GMT\n\nDönau – “flood”\n".encode("windows-1252"), None),
        ("14/03/2016\n\n19:16 GMT\n\nDönau – “flood”\n".encode("windows-1252"), "text/plain; charset=no-such"),
        ("14/03/2016\n\n19:16 GMT\n\nDönau – “flood”\n".encode("mac-roman"), 'text/plain; charset="macintosh"'),
        ("14/03/2016\n\n19:16 GMT\n\nDönau – “flood”".encode() + "é".encode()[:1], None),
    ],
)
def test_charsets(data: bytes, content_type: str | None) -> None:
    found = read(data, Context(address="page.md", now=NOW, content_type=content_type))
    assert found.entries[0].text == "Dönau – “flood”"


def test_a_few_broken_letters_are_told() -> None:
    found = read("14/03/2016\n\n19:16 GMT\n\nДамба держится".encode() + b"\xff.", HERE)
    assert found.entries[0].text == "Дамба держится\ufffd."
    assert "1 letters" in found.warnings[0]


def test_formats_by_name() -> None:
    with pytest.raises(UnreadablePage, match='no format "xml"'):
        read(b"", HERE, "xml")
    with pytest.raises(UnreadablePage, match=r"page\.md is in none of the formats"):
        read(b'{"nothing": "that we know"}', HERE)
    assert read(b"14/03/2016\n\n19:16 GMT\n\nA.\n", HERE, "text").format == "text"


def test_no_entries_is_a_warning() -> None:
    found = page("Nothing here.\n")
    assert found.entries == ()
    assert found.covers_from is None
    assert found.warnings == ("page.md shows no entries: no line begins with a clock such as 19:16 GMT.",)


def test_monsters_are_cut_and_told() -> None:
    long = page("14/03/2016\n\n19:16 GMT\n\n" + "*a [b" * 200_000)
    assert len(long.entries[0].text) <= 200_000
    assert "longer than 200,000 letters" in long.warnings[0]
    many = page("14/03/2016\n" + "19:16 GMT\nA.\n" * 11_000)
    assert len(many.entries) == 10_000
    assert len({e.key for e in many.entries}) == 10_000


# --- replay ---------------------------------------------------------------------------------------------------------

REPLAYED = """The dam Live updates

14/03/2016

- 15 March 2016

00:12 GMT

*"The dam is safe,"* the mayor said, adding that it *"will hold for*

days to come."

- **00:05 GMT**

[@Dam.org](#) It holds <http://on.example.org/1>

-

- **23:50 GMT**

Water is rising.

Monday, 14 March

- 23:09 GMT

- 22:00 GMT

Rain.

----------
A footer
"""


def test_any_of_the_blocks_read_as_those_entries() -> None:
    whole = {e.key: e for e in page(REPLAYED).entries}
    head, parts = blocks(REPLAYED)
    assert len(parts) == 5
    assert head + parts[0] == REPLAYED[: REPLAYED.index("- **00:05")]
    assert [f"{e.published_at:%d %H:%M}" for e in page(REPLAYED).entries] == [
        "15 00:12", "15 00:05", "14 23:50", "14 23:09", "14 22:00",
    ]  # fmt: skip
    for count in range(len(parts) + 1):
        for some in combinations(parts, count):
            shown = page("".join((head, *some)))
            assert shown.title == "The dam"
            assert len(shown.entries) == count
            assert all(whole[e.key] == e for e in shown.entries)


# --- properties -----------------------------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["19:16 GMT", "- **18:00 GMT**", "14/03/2016", "Friday, April 18", "- ", "> ", "*", "**", '"', "[", "](", ")", "_",
     "http://a.b", "<http://a.b>", "[@a](#) ", "— A (@b) March 14, 2016", "\n", "\n\n", "    ", "word ", "A sentence.",
     "![a](http://b.c/d)", "# ", "---", "~~", "`", "\\", "•", "@handle", "(08:53 GMT)", "20m ago ", "\u2028", "é"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
@example("19:16\n[](")
def test_any_text_can_be_read(text: str) -> None:
    found = read_text(text, HERE)
    assert len({e.key for e in found.entries}) == len(found.entries)
    assert sorted((e.published_at for e in found.entries), reverse=True) == [e.published_at for e in found.entries]
    for each in found.entries:
        assert all(0 <= s.start < s.end <= len(each.text) for s in each.spans)
        assert each.text == each.text.strip()
    blocks(text)


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(UnreadablePage):
        read(data, HERE)


WORDS = st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=12).map(" ".join)
SENTENCES = st.lists(WORDS.map(lambda words: f"The {words}."), min_size=1, max_size=4)


@given(st.lists(SENTENCES, min_size=1, max_size=5), st.sampled_from(["\n", "\n\n", " ", "\n- "]))
def test_no_word_is_lost(entries: list[list[str]], gap: str) -> None:
    text = "14 March 2016\n\n" + "\n\n".join(f"1{n}:00 GMT\n\n{gap.join(said)}" for n, said in enumerate(entries))
    found = page(text)
    assert len(found.entries) == len(entries)
    for each, said in zip(reversed(found.entries), entries, strict=True):
        assert re.findall(r"\w+", each.text) == re.findall(r"\w+", " ".join(said))


@pytest.mark.parametrize(
    "title", ["Cup final, minute by minute", "Cup final: live updates", "Cup final as it happened"]
)
def test_a_title_says_what_it_is_about_and_no_more(title: str) -> None:
    assert undecorated(title) == "Cup final"
