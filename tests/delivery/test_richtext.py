"""Marks, HTML, words from outside, and where a text may be cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.cutting import cut, first_sentence, whole_character
from bot.delivery.markup import length, rich_to_html, to_html
from bot.delivery.outside import WORD_JOINER, page_text, plain, safe_url
from bot.delivery.richtext import Edit, Mark, Rich, bold, folded, join
from bot.sandbox.markup import parse_html
from storage.models import Span, SpanKind

KINDS: list[SpanKind] = [
    *("bold", "italic", "underline", "strike", "code"),
    *("pre", "link", "blockquote", "heading", "tweet"),
]
letters = st.sampled_from("ab .,<>&\"'@#/\n_\u0301\u200d👍🏽🇩🇪é\u202e")
texts = st.text(letters, max_size=80) | st.text(max_size=40)


@st.composite
def spans_of(draw: st.DrawFn, size: int) -> tuple[Span, ...]:
    def one() -> Span:
        ends = sorted((draw(st.integers(0, size + 3)), draw(st.integers(0, size + 3))))
        url = draw(st.sampled_from([None, "#", 'https://x.org/?a=1&b="<2>', "tg://user?id=5", "javascript:1"]))
        return Span(
            start=ends[0], end=ends[1], kind=draw(st.sampled_from(KINDS)), url=url, author=draw(st.none() | texts)
        )

    return tuple(one() for _ in range(draw(st.integers(0, 6))))


# --- HTML -----------------------------------------------------------------------------------------------------------


def test_outside_words_are_escaped() -> None:
    assert to_html('a <b>&amp; "c"') == 'a &lt;b&gt;&amp;amp; "c"'


def test_marks_that_cross_are_nested() -> None:
    spans = (Span(start=0, end=6, kind="bold"), Span(start=4, end=9, kind="italic"))
    assert to_html("abcdefghi", spans) == "<b>abcd<i>ef</i></b><i>ghi</i>"


def test_a_link_is_never_split_by_what_crosses_it() -> None:
    spans = (Span(start=0, end=6, kind="bold"), Span(start=4, end=9, kind="link", url="https://x.org/?a&b"))
    assert to_html("abcdefghi", spans) == '<b>abcd</b><a href="https://x.org/?a&amp;b"><b>ef</b>ghi</a>'


def test_quotations_are_not_nested() -> None:
    inner = Rich("one two", (Mark(0, 3, "blockquote"),))
    assert rich_to_html(folded(inner)) == "<blockquote expandable>one two</blockquote>"


def test_code_holds_nothing() -> None:
    spans = (Span(start=0, end=5, kind="code"), Span(start=0, end=9, kind="bold"))
    assert to_html("abcdefghi", spans) == "<code>abcde</code><b>fghi</b>"


@pytest.mark.parametrize("url", ["#", "", "javascript:alert(1)", "/relative", "tg://user?id=1", "https://a b", "http:"])
def test_a_link_to_nowhere_is_dropped(url: str) -> None:
    assert safe_url(url) is None
    assert to_html("word", (Span(start=0, end=4, kind="link", url=url),)) == "word"


@pytest.mark.parametrize("url", ["https://x.org", "http://x.org/a?b#c", "mailto:a@b.org", "tg://resolve?domain=a"])
def test_a_link_to_somewhere_stays(url: str) -> None:
    assert safe_url(url) == url


def test_too_many_entities_lose_the_least_important_first() -> None:
    marks = [Mark(2 * at, 2 * at + 1, "i") for at in range(90)]
    marks += [Mark(2 * at, 2 * at + 1, "b") for at in range(60)]
    marks += [Mark(200 + 2 * at, 201 + 2 * at, "a", 'href="https://x.org"') for at in range(80)]
    written = rich_to_html(Rich("x " * 200, tuple(marks)))
    assert (written.count("<a "), written.count("<b>"), written.count("<i>")) == (80, 20, 0)


def test_length_is_what_the_reader_sees() -> None:
    assert length("<b>a &lt; b</b> 👍") == 7


@given(st.data())
def test_any_page_text_is_well_formed(data: st.DataObject) -> None:
    text = data.draw(texts)
    spans = data.draw(spans_of(len(text)))
    shown, entities = parse_html(to_html(text, spans))
    assert shown == page_text(text, spans).text
    assert all(re.match(r"https?://|mailto:", entity["url"]) for entity in entities if entity["type"] == "text_link")
    for found in re.finditer(r"(?<!\w)@(\w+)", shown):
        unit = len(shown[: found.start()].encode("utf-16-le")) // 2
        assert any(
            entity["offset"] <= unit < entity["offset"] + entity["length"]
            for entity in entities
            if entity["type"] in ("text_link", "code", "pre")
        )


@given(st.data())
def test_any_entity_limit_is_kept(data: st.DataObject) -> None:
    text = data.draw(texts)
    rich = page_text(text, data.draw(spans_of(len(text))))
    limit = data.draw(st.integers(0, 4))
    written = rich_to_html(rich, limit)
    shown, entities = parse_html(written)
    assert len(entities) <= limit
    assert shown == rich.text


# --- words from outside ---------------------------------------------------------------------------------------------


def test_a_handle_leads_to_its_author() -> None:
    assert to_html("by @harbour_news.") == 'by <a href="https://x.com/harbour_news">@harbour_news</a>.'


@pytest.mark.parametrize("name", ["@harbour.org", "@averyveryverylonghandle", "@hafenstraße"])
def test_what_is_no_handle_mentions_nobody(name: str) -> None:
    assert to_html(f"by {name}") == "by " + name.replace("@", "@" + WORD_JOINER)


def test_an_address_and_a_tag_and_a_command_stay() -> None:
    assert to_html("mail me@x.org #harbour /stop t.me/x") == "mail me@x.org #harbour /stop t.me/x"


def test_a_link_with_an_at_stays_a_link() -> None:
    spans = (Span(start=0, end=5, kind="link", url="https://x.org/"),)
    assert to_html("@name", spans) == '<a href="https://x.org/">@name</a>'


@pytest.mark.parametrize(
    ("author", "announced"),
    [
        (None, "<i>Tweet</i> "),
        ("harbour", '<i>Tweet · <a href="https://x.com/harbour">harbour</a></i> '),
        ("@harbour", '<i>Tweet · <a href="https://x.com/harbour">harbour</a></i> '),
        ("Port of A.", "<i>Tweet · Port of A.</i> "),
    ],
)
def test_a_tweet_is_announced(author: str | None, announced: str) -> None:
    assert to_html("So it is.", (Span(start=0, end=9, kind="tweet", author=author),)) == announced + "So it is."


def test_a_tweet_later_in_the_text_is_announced_on_its_line() -> None:
    spans = (Span(start=8, end=13, kind="tweet"), Span(start=8, end=9, kind="bold"))
    assert to_html("First.\n\nNext.", spans) == "First.\n\n<i>Tweet</i> <b>N</b>ext."


def test_gaps_close() -> None:
    assert page_text("a \n\n \n\n\n b\n c").text == "a\n\nb\nc"


def test_nothing_turns_the_reading_direction_around() -> None:
    assert plain("a\u202eb\ud800c\x00d") == "a b\ufffdc d"


# --- editing --------------------------------------------------------------------------------------------------------


def test_marks_move_with_edits() -> None:
    rich = Rich("one two three", (Mark(4, 7, "b"), Mark(0, 13, "i")))
    edited = rich.edited([Edit(4, 4, Rich("and ")), Edit(7, 13, Rich("!"))])
    assert edited.text == "one and two!"
    assert rich_to_html(edited) == "<i>one and <b>two</b>!</i>"


@given(texts, texts, st.data())
def test_edits_do_what_they_say(text: str, put: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    edited = bold(text).edited([Edit(start, end, Rich(put))])
    assert edited.text == text[:start] + put + text[end:]
    assert all(0 <= mark.start < mark.end <= len(edited) for mark in edited.marks)


def test_joining_keeps_marks_in_place() -> None:
    assert rich_to_html(join(["a", bold("b"), bold("c")], ", ")) == "a, <b>b</b>, <b>c</b>"


# --- cutting --------------------------------------------------------------------------------------------------------


def sentence(text: str) -> str:
    return text[: first_sentence(text)]


@pytest.mark.parametrize(
    "first",
    [
        "Mr. Brown met Dr. Green in St. Gallen at 5 p.m. on Monday.",
        "The U.S. Navy has 9,000.5 tonnes of it.",
        "The ships left the U.S.",
        "J. R. Miller said so.",
        '"Is it over?" he asked.',
        '"It is over."',
        "It is (they say) over!)",
        "See No. 5 on Jan. 3 for more.",
        "Prices at shop.example rose by 3.5 percent…",
        "So be it?!",
        "「終わりです。」",
    ],
)
def test_the_first_sentence(first: str) -> None:
    assert sentence(f"{first} The rest follows. And more.") == first
    assert sentence(f"{first}\n\nmore") == first
    assert sentence(first) == first


def test_a_title_line_is_a_sentence() -> None:
    assert sentence("A title\nand text. More") == "A title"


def test_a_long_first_sentence_ends_at_a_clause_or_a_word() -> None:
    assert sentence("word " * 40 + "end, " + "word " * 40) == "word " * 40 + "end"
    assert len(sentence("word " * 200)) in range(290, 301)
    assert len(sentence("x" * 1000)) == 300


def test_a_cut_prefers_a_sentence_then_a_word() -> None:
    assert cut(Rich("One is here. Two is here."), 15)[0].text == "One is here."
    assert cut(Rich("One is here and two is here."), 19)[0].text == "One is here and…"
    assert cut(Rich("One."), 4) == (Rich("One."), False)


def test_a_cut_clips_marks() -> None:
    shown, was_cut = cut(bold("One is here and two is here."), 19)
    assert was_cut
    assert rich_to_html(shown) == "<b>One is here and</b>…"


@pytest.mark.parametrize("one", ["e\u0301", "👩‍👩‍👧", "👍🏽", "🇩🇪", "❤️"])
def test_characters_stay_whole(one: str) -> None:
    text = one * 4
    assert all(whole_character(text, at) % len(one) == 0 for at in range(len(text)))


@given(texts, st.integers(0, 60))
def test_a_cut_fits_and_is_a_beginning(text: str, limit: int) -> None:
    shown, was_cut = cut(bold(text), limit)
    assert len(shown) <= limit or not was_cut
    assert text.startswith(shown.text.removesuffix("…") if was_cut else shown.text)
    assert was_cut == (len(text) > limit)


@given(texts, st.integers(1, 60))
def test_a_first_sentence_makes_progress(text: str, limit: int) -> None:
    at = first_sentence(text, limit)
    assert 0 <= at <= len(text)
    assert not text.strip() or text[:at].strip()
