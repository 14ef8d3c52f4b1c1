"""What is exported can be imported again: the pure part, over invented entries of every kind."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from bot.exports import EXPORTS, to_atom, to_jsonl, to_jsonld, to_markdown
from bot.exports.exact import newest_first, parsed
from bot.sources import Context, read
from bot.sources.diff import diff
from storage.models import Entry, Media, Page, Span, Standing, Story

NOON = datetime(2016, 3, 14, 12, tzinfo=UTC)
STORY = Story(id=1, slug="harbour", title="Fire in the harbour", source="https://example.org/live")
FORMATS = pytest.mark.parametrize("form", EXPORTS)


def entry(number: int = 1, text: str = "Two ships burn.", **more: object) -> Entry:
    when = NOON + timedelta(minutes=number)
    values = {"published_at": when, "stamp": f"{when:%H:%M} GMT", "text": text, "key": f"k{number}", "number": 1}
    return Entry.model_validate(
        {"entry_id": number, "story_id": 1, "at": when, "added_at": when} | values | more,
    )


def again(form: str, *entries: Entry) -> Page:
    written = EXPORTS[form](STORY, entries)
    # Another zone and another day: what is printed must not depend on them.
    context = Context(address="file.txt", now=datetime(2031, 7, 1, tzinfo=UTC), timezone="Asia/Tokyo")
    return read(written.encode(), context)


def assert_same(form: str, *entries: Entry) -> None:
    wanted = {e.key: parsed(e) for e in entries if not (form == "jsonld" and e.standing is Standing.DELETED)}
    if not wanted:  # a posting without updates is no live page
        return
    page = again(form, *entries)
    assert {e.key: e for e in page.entries} == wanted
    assert set(page.absent) == {e.key for e in entries if e.standing is Standing.ABSENT}
    if form == "jsonl":
        return
    by_time = [e.published_at for e in page.entries]
    assert by_time == sorted(by_time, reverse=True)


RICH = entry(
    1,
    "Two ships burn.\n\n• one\n• two\n\nA heading\n\nThey said no.\n\nIt burns http://t.co/1",
    title="Fire *spreads*",
    spans=[
        Span(start=0, end=9, kind="bold"),
        Span(start=4, end=9, kind="italic"),
        Span(start=10, end=14, kind="link", url="https://example.org/a?b=1&c=2"),
        Span(start=30, end=39, kind="heading"),
        Span(start=41, end=54, kind="blockquote"),
        Span(start=56, end=78, kind="tweet", author="mfa", url="https://x.com/mfa/status/1"),
        Span(start=65, end=78, kind="link", url="http://t.co/1"),
    ],
    media=[
        Media(kind="image", url="https://example.org/i.jpg", caption="Smoke [left] & fire"),
        Media(kind="video", url="https://example.org/v.mp4"),
    ],
    is_key=True,
    url="https://example.org/live#k1",
)


@FORMATS
def test_everything_that_an_entry_can_hold(form: str) -> None:
    assert RICH.text[30:39] == "A heading"
    assert_same(form, RICH)


@FORMATS
def test_withdrawn_and_absent_entries(form: str) -> None:
    gone = entry(1, "Secret words.", standing=Standing.DELETED)
    absent = entry(2, "No longer there.", standing=Standing.ABSENT)
    assert "Secret" not in EXPORTS[form](STORY, [gone, absent])
    assert_same(form, gone, absent, entry(3))


@FORMATS
def test_a_story_without_entries(form: str) -> None:
    assert EXPORTS[form](STORY, []) is not None


@FORMATS
@pytest.mark.parametrize(
    "text",
    [
        "19:16 GMT",
        "One.\n\n14 March 2016\n\nTwo.",
        "One.\n\n08:00 Shots are heard.",
        "• 08:00 Shots\n• 09:00 Quiet",
        "---\n\nBelow the rule",
        "Share\n\nThis update has been withdrawn.",
        '<!-- dateline {"withdrawn":true} -->',
        "# no heading\n\n> no quotation\n\n- no item",
        "a*b*c _d_ `e` [f](g) \\h ~~i~~ <b>&amp;</b> ]]> -->",
        "one\ntwo\u2028three\x0bfour\x85five\rsix",
        "@mfa: words #tag http://t.co/1",
        " spaces  and\ttabs \n\n\n\n more ",
        "\ufeff\u200bhidden\u00ad",
    ],
)
def test_words_that_look_like_something_else(form: str, text: str) -> None:
    assert_same(form, entry(1, "Before."), entry(2, text), entry(3, text, title=text), entry(4, "After."))


def test_plain_entries_stay_plain() -> None:
    plain = entry(1, "Two ships burn.\n\nNobody is hurt.")
    assert to_markdown(STORY, [plain]) == (
        "# Fire in the harbour\n\n## 14 March 2016\n\n- **12:01 GMT**\n"
        '<!-- dateline {"key":"k1"} -->\n\nTwo ships burn.\n\nNobody is hurt.\n'
    )
    found = etree.fromstring(to_atom(STORY, [plain]).encode())
    extra = [e.text for e in found.iter("{urn:dateline:export:1}exact")]
    assert [set(json.loads(text or "")) for text in extra] in ([], [{"stamp"}])


def test_jsonld_is_schema_orgs() -> None:
    posting = json.loads(to_jsonld(STORY, [RICH]))
    [update] = posting["liveBlogUpdate"]
    assert (posting["@type"], posting["headline"], update["@type"]) == (
        "LiveBlogPosting", "Fire in the harbour", "BlogPosting",
    )  # fmt: skip
    assert update["datePublished"] == "2016-03-14T12:01:00+00:00"
    assert update["articleBody"].startswith("<p><b>Two <i>ships</i></b>")


def test_atom_has_tombstones() -> None:
    feed = etree.fromstring(to_atom(STORY, [entry(standing=Standing.DELETED)]).encode())
    [stone] = feed.iter("{http://purl.org/atompub/tombstones/1.0}deleted-entry")
    assert (stone.get("ref"), stone.get("when")) == ("urn:dateline:harbour:k1", "2016-03-14T12:01:00Z")


def test_jsonl_is_one_entry_a_line() -> None:
    rows = [json.loads(row) for row in to_jsonl(STORY, [entry(1), entry(2, standing=Standing.DELETED)]).splitlines()]
    assert [(row["key"], row["text"], row.get("deleted")) for row in rows] == [
        ("k2", "", True),
        ("k1", "Two ships burn.", None),
    ]


@FORMATS
def test_an_export_read_twice_changes_nothing(form: str) -> None:
    entries = [RICH, entry(2), entry(3, "Same stamp", published_at=NOON), entry(4, "Same stamp too", published_at=NOON)]
    assert not diff(entries, again(form, *entries))


# --- any entry ------------------------------------------------------------------------------------------------------

_odd = [
    "19:16 GMT", "14 March 2016", "---", "Share", "• item", "> said", "# tag", "@mfa", "*", "**bold**", "_", "`", "é",
    "[a](b)", "http://t.co/1", "<p>", "&amp;", "]]>", "-->", "“quoted”", "\\", "1. one", "🔥", "\u2028", "\r",
]  # fmt: skip
_words = st.lists(
    st.sampled_from(_odd) | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
    max_size=6,
)
_texts = st.lists(_words.map(" ".join), max_size=5).flatmap(
    lambda parts: st.sampled_from(["\n\n", "\n", "\n\n\n"]).map(lambda gap: gap.join(parts))
)
_addresses = st.sampled_from(
    ["https://example.org/a", "http://t.co/1", "https://x.com/mfa/status/1", "https://example.org/(a) b"]
)
_kinds = st.sampled_from(
    ["bold", "italic", "underline", "strike", "code", "pre", "link", "blockquote", "heading", "tweet"]
)


@st.composite
def _entries(draw: st.DrawFn) -> list[Entry]:
    found = []
    for number in range(draw(st.integers(1, 4))):
        text = draw(_texts)
        spans = []
        for _ in range(draw(st.integers(0, 4)) if text else 0):
            start = draw(st.integers(0, len(text) - 1))
            kind = draw(_kinds)
            url = draw(_addresses) if kind == "link" else None
            author = draw(st.sampled_from([None, "mfa", "RT.com"])) if kind == "tweet" else None
            spans.append(
                Span(start=start, end=draw(st.integers(start + 1, len(text))), kind=kind, url=url, author=author)
            )
        media = st.builds(Media, kind=st.sampled_from(["image", "video"]), url=_addresses, caption=_words.map(" ".join))
        found.append(
            entry(
                number,
                text,
                key=f"{draw(_words.map(' '.join))}{number}",
                published_at=NOON + draw(st.timedeltas(timedelta(days=-400), timedelta(days=400))),
                stamp=draw(st.sampled_from(["19:16 GMT", "8.33am", "20m ago", "2016-03-14T12:00:00Z", ""])),
                title=draw(_words.map(" ".join)),
                spans=spans,
                media=draw(st.lists(media, max_size=2)),
                is_key=draw(st.booleans()),
                url=draw(st.none() | _addresses),
                standing=draw(st.sampled_from(Standing)),
            )
        )
    return found


@FORMATS
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(entries=_entries())
@example(entries=[RICH])
def test_import_of_an_export_is_what_was_exported(form: str, entries: list[Entry]) -> None:
    assert_same(form, *newest_first(entries))
