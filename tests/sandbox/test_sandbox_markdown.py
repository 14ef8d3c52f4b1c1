"""Telegram's two Markdown modes into text and entities."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import slice_utf16, utf16_length
from bot.sandbox.errors import ApiError
from bot.sandbox.formatting import format_text
from bot.sandbox.markdown import parse_markdown, parse_markdown_v2


def spans(source: str, mode: str) -> list[tuple[str, str]]:
    text, entities = format_text(source, mode)
    return [(entity["type"], slice_utf16(text, entity["offset"], entity["length"])) for entity in entities]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*a* _b_ __c__ ~d~ ||e|| `f`", [("bold", "a"), ("italic", "b"), ("underline", "c"), ("strikethrough", "d"),
                                         ("spoiler", "e"), ("code", "f")]),
        ("*a _b_*", [("bold", "a b"), ("italic", "b")]),
        ("___a_**__", [("italic", "a"), ("underline", "a")]),
        ("😀 *𝒜b*", [("bold", "𝒜b")]),
        ("[x](https://e.org/a\\)b)", [("text_link", "x")]),
        ("[x](tg://user?id=7)", [("text_mention", "x")]),
        ("![👍](tg://emoji?id=53)", [("custom_emoji", "👍")]),
        ("![22:45](tg://time?unix=1647531900&format=wDT)", [("date_time", "22:45")]),
        ("```py\nx = 1```", [("pre", "x = 1")]),
        ("```\n*x*```", [("pre", "*x*")]),
        (">a\n>b\nc", [("blockquote", "a\nb")]),
        (">a||\nc", [("expandable_blockquote", "a")]),
        (">a\n**>b", [("blockquote", "a"), ("blockquote", "b")]),
        ("1\\. a \\*b\\*", []),
        ("a **", []),
    ],
)  # fmt: skip
def test_markdown_v2(source: str, expected: list[tuple[str, str]]) -> None:
    assert spans(source, "MarkdownV2") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("*a* _b_ `c`", [("bold", "a"), ("italic", "b"), ("code", "c")]),
        ("*a _b_*", [("bold", "a _b_")]),
        ("[x](https://e.org/a)", [("text_link", "x")]),
        ("```py\nx```", [("pre", "x")]),
        ("snake\\_case 1. a!", []),
    ],
)
def test_the_legacy_markdown(source: str, expected: list[tuple[str, str]]) -> None:
    assert spans(source, "Markdown") == expected


@pytest.mark.parametrize(
    ("source", "mode", "complaint"),
    [
        ("a.", "MarkdownV2", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("é *a", "MarkdownV2", "Can't find end of Bold entity at byte offset 3"),
        ("[a](b", "MarkdownV2", "Can't find end of a URL at byte offset 3"),
        ("a | b", "MarkdownV2", "Character '|' is reserved and must be escaped with the preceding '\\'"),
        ("a > b", "MarkdownV2", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("a_b", "Markdown", "Can't find end of the entity starting at byte offset 1"),
    ],
)
def test_complaints_are_telegrams(source: str, mode: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refused:
        format_text(source, mode)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


def test_a_block_of_code_keeps_its_language() -> None:
    for parse in (parse_markdown, parse_markdown_v2):
        assert parse("```py\nx```")[1] == [{"type": "pre", "offset": 0, "length": 1, "language": "py"}]


@given(st.text())
def test_what_is_escaped_comes_back_as_it_was(text: str) -> None:
    escaped = "".join(f"\\{character}" if 0 < ord(character) <= 126 else character for character in text)
    assert parse_markdown_v2(escaped) == (text, [])


@given(st.text(alphabet="*_~|`[]()!>\\\n ab😀.", max_size=40))
def test_any_markdown_is_read_or_refused(source: str) -> None:
    for parse in (parse_markdown, parse_markdown_v2):
        with suppress(ApiError):
            text, entities = parse(source)
            for entity in entities:
                assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(text)
