"""`dateline quotes`, the part without files: texts in, what is printed out."""

from __future__ import annotations

import json

import pytest

from bot.quotes.report import of_jsonl, of_text

TEXT = '"We will leave at dawn," said Mayor Anna Kovac.'


def line(**entry: object) -> str:
    return json.dumps(entry)


def test_a_text() -> None:
    assert of_text("notes.txt", TEXT) == {
        "source": "notes.txt",
        "quotes": [
            {
                "text": '"We will leave at dawn,"',
                "start": 0,
                "end": 24,
                "parts": [[0, 24]],
                "speaker": "Anna Kovac",
                "role": "Mayor",
                "cue": "said",
                "kind": "direct",
                "confidence": "explicit",
            }
        ],
    }


def test_entries_of_one_story_share_their_register() -> None:
    lines = [
        line(id="1", text=TEXT, story="flood"),
        line(id="2", text='"Nobody will go home," the mayor said.', story="flood"),
        line(id="3", text='"Nobody will go home," the mayor said.', story="fire"),
        line(id="4", text='"Nobody will go home," the mayor said.'),
    ]
    assert [report["quotes"][0]["speaker"] for report in of_jsonl(lines)] == ["Anna Kovac", "Anna Kovac", None, None]


def test_a_number_is_an_id_and_stays_one_and_empty_lines_are_passed_over() -> None:
    assert [report["source"] for report in of_jsonl(["", line(id=7, text=""), "  \n"])] == [7]


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ("{", "line 2 is not JSON"),
        ("[]", "line 2 is not an object"),
        ('{"id": "1"}', "line 2 has no text"),
        ('{"text": ""}', "line 2 has no id"),
        ('{"id": "1", "text": 3}', "line 2: text is not a text"),
        ('{"id": "1", "text": "", "title": []}', "line 2: title is not a text"),
        ('{"id": "1", "text": null}', "line 2: id and text cannot be null"),
    ],
)
def test_a_bad_line_says_where_and_what(bad: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        list(of_jsonl([line(id="0", text=""), bad]))
