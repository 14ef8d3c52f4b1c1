"""Telegram's HTML into text and entities, and back."""

from __future__ import annotations

from contextlib import suppress
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.detecting import detect
from bot.sandbox.entities import slice_utf16, utf16_length
from bot.sandbox.errors import ApiError
from bot.sandbox.formatting import format_text
from bot.sandbox.markup import parse_html
from bot.sandbox.rendering import render_html


def spans(html: str) -> list[tuple[str, str]]:
    """What each entity covers."""
    text, entities = format_text(html, "HTML")
    return [(entity["type"], slice_utf16(text, entity["offset"], entity["length"])) for entity in entities]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>a</b> <strong>b</strong>", [("bold", "a"), ("bold", "b")]),
        ("<i>a</i> <em>b</em>", [("italic", "a"), ("italic", "b")]),
        ("<u>a</u> <ins>b</ins>", [("underline", "a"), ("underline", "b")]),
        ("<s>a</s> <strike>b</strike> <del>c</del>", [("strikethrough", c) for c in "abc"]),
        ('<span class="tg-spoiler">a</span> <tg-spoiler>b</tg-spoiler>', [("spoiler", "a"), ("spoiler", "b")]),
        ("<b>a <i>b</i></b>", [("bold", "a b"), ("italic", "b")]),
        ("<i><b>ab</b></i>", [("bold", "ab"), ("italic", "ab")]),
        ("<b>a</b><strong>b</strong>", [("bold", "ab")]),
        ("<b>a<b>b</b></b>", [("bold", "ab")]),
        ("<b>a <code>x</code> b</b>", [("bold", "a "), ("code", "x"), ("bold", " b")]),
        ("<code><b>x</b></code>", [("code", "x")]),
        ("<pre>x</pre>", [("pre", "x")]),
        ("<code class='language-py'>x</code>", [("code", "x")]),
        ("<blockquote>a <b>b</b></blockquote>", [("blockquote", "a b"), ("bold", "b")]),
        ("<blockquote expandable>a</blockquote>", [("expandable_blockquote", "a")]),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", [("blockquote", "ab")]),
        ('<a href="https://e.org/a?b=1&amp;c=2">x</a>', [("text_link", "x")]),
        ("<a>https://e.org/x</a>", [("text_link", "https://e.org/x")]),
        ('<a href="nowhere">x</a>', []),
        ("<b></b>a", []),
        ("<B>a</B>", [("bold", "a")]),
        ("<b>a</>", [("bold", "a")]),
        ("😀 <b>𝒜b</b> ", [("bold", "𝒜b")]),
        ("\n <b> a</b> \n", [("bold", " a")]),
        ("see /latest@some_bot or /help", [("bot_command", "/latest@some_bot"), ("bot_command", "/help")]),
        ("https://e.org/a, @someone #tag", [("url", "https://e.org/a"), ("mention", "@someone"), ("hashtag", "#tag")]),
        ("<code>/latest</code>", [("code", "/latest")]),
        ("a/b and and/or", []),
    ],
)
def test_html_becomes_entities(html: str, expected: list[tuple[str, str]]) -> None:
    assert spans(html) == expected


@pytest.mark.parametrize(
    ("html", "fields"),
    [
        ('<a href="https://e.org/a?b=1&amp;c=2">x</a>', {"type": "text_link", "url": "https://e.org/a?b=1&c=2"}),
        ('<a href="tg://user?id=7">x</a>', {"type": "text_mention"}),
        ('<pre><code class="language-py">x</code></pre>', {"type": "pre", "language": "py"}),
        ('<code class="language-py"><pre>x</pre></code>', {"type": "pre", "language": "py"}),
        ('<tg-emoji emoji-id="53">x</tg-emoji>', {"type": "custom_emoji", "custom_emoji_id": "53"}),
        (
            '<tg-time unix="1457982960" format="t">19:16 GMT</tg-time>',
            {"type": "date_time", "unix_time": 1457982960, "date_time_format": "t", "length": 9},
        ),
    ],
)
def test_entities_carry_their_fields(html: str, fields: dict[str, Any]) -> None:
    (entity,) = format_text(html, "HTML").entities
    assert fields.items() <= entity.items()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("&lt;&gt;&amp;&quot;", '<>&"'),
        ("&#65;&#x42;", "AB"),
        ("&lt;b&gt;", "<b>"),
        ("&nbsp; &copy; &; & &amp", "&nbsp; &copy; &; & &"),
        ("a > b", "a > b"),
        ("  a\r\nb\t \n", "a\nb"),
    ],
)
def test_references_and_space(html: str, text: str) -> None:
    assert format_text(html, "HTML").text == text


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("a <x>b</x>", 'Unsupported start tag "x" at byte offset 2'),
        ("é <br/>", 'Unsupported start tag "br/" at byte offset 3'),
        ("1 < 2 > 0", 'Unsupported start tag "" at byte offset 2'),
        ("a <b", "Unclosed start tag at byte offset 2"),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<a href>x</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<a href=a/b>x</a>", "Unexpected end of name token at byte offset 8"),
        ("<a =x>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_complaints_are_telegrams(html: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refused:
        format_text(html, "HTML")
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("text", "mode", "reason"),
    [
        ("", "", "message text is empty"),
        (" \n ", "", "text must be non-empty"),
        ("<b></b>", "HTML", "text must be non-empty"),
        ("a" * 4097, "", "message is too long"),
        ("a", "Latex", "unsupported parse_mode"),
    ],
)
def test_texts_that_are_refused(text: str, mode: str, reason: str) -> None:
    with pytest.raises(ApiError) as refused:
        format_text(text, mode)
    assert refused.value.description == f"Bad Request: {reason}"


def test_length_counts_code_points_after_parsing() -> None:
    assert len(format_text("<b>" + "😀" * 4096 + "</b>", "HTML").text) == 4096


def test_entities_beyond_the_hundredth_are_dropped() -> None:
    assert len(format_text("<b>a</b> " * 101, "HTML").entities) == 100


def test_given_entities_are_cut_to_the_text() -> None:
    given_ones = [{"type": "bold", "offset": 1, "length": 50}, {"type": "url", "offset": 0, "length": 1}]
    assert format_text("abc", "", given_ones).entities == [{"type": "bold", "offset": 1, "length": 2}]


@given(st.text())
def test_what_is_escaped_comes_back_as_it_was(text: str) -> None:
    assert parse_html(escape(text)) == (text, [])
    assert parse_html(escape(text, quote=False)) == (text, [])


STYLES = ["b", "i", "u", "s", "code", "blockquote", "tg-spoiler", "pre"]
PIECES = st.recursive(
    st.text(alphabet="ab 😀é<&\n", min_size=1, max_size=8).map(lambda text: escape(text, quote=False)),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", st.sampled_from(STYLES), st.lists(inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.lists(PIECES, max_size=5).map("".join))
def test_entities_lie_within_the_text_and_survive_rendering(html: str) -> None:
    text, entities = parse_html(html)
    for entity in entities:
        assert entity["offset"] >= 0
        assert entity["length"] > 0
        assert entity["offset"] + entity["length"] <= utf16_length(text)
        slice_utf16(text, entity["offset"], entity["length"]).encode()
    assert parse_html(render_html(text, entities)) == (text, entities)


@given(st.text(alphabet="ab/@#.😀 \n_1:", max_size=40))
def test_detected_entities_lie_within_the_text(text: str) -> None:
    for entity in detect(text, []):
        assert len(slice_utf16(text, entity["offset"], entity["length"])) > 1


@given(st.text(alphabet="<>/ab=\"' &;#x-tgime\n"))
def test_any_markup_is_read_or_refused(html: str) -> None:
    with suppress(ApiError):
        parse_html(html)
