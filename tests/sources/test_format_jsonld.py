"""JSON-LD as publishers write it: one page a sin."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from readings import NOW, PAGES, needs_samples, page_of, sample

from bot.sources import Context, UnreadablePage, read
from storage.models import Page

POSTING: dict[str, Any] = {
    "@type": "LiveBlogPosting",
    "headline": "Fire in the harbour",
    "url": "https://example.org/live",
    "liveBlogUpdate": [
        {"@type": "BlogPosting", "@id": "#b", "datePublished": "2016-03-14T19:16:00Z", "articleBody": "<p>Two.</p>"},
        {"@type": "BlogPosting", "@id": "#a", "datePublished": "2016-03-14T19:14:00Z", "articleBody": "<p>One.</p>"},
    ],
}


def page(script: str, kind: str = "application/ld+json", body: str = "", now: datetime = NOW) -> Page:
    html = f'<!doctype html><html><head><script type="{kind}">{script}</script></head><body>{body}</body></html>'
    return page_of(html.encode(), now=now)


def posting(**changes: object) -> str:
    return json.dumps(POSTING | changes)


def updates(**changes: object) -> str:
    """The posting, with the same changes in each of its updates."""
    return posting(liveBlogUpdate=[one | changes for one in POSTING["liveBlogUpdate"]])


@pytest.mark.parametrize(
    "script",
    [
        posting(),
        f"<!-- {posting()} -->",
        f"//<![CDATA[\n{posting()}\n//]]>",
        f"//<![CDATA[\n{posting(url='https://a.b/')}\n//]]>",  # an address is no comment
        f"//<![CDATA[{posting(url='https://a.b/')}//]]>",
        f"// <!--\n{posting(url='https://a.b/')} // -->",
        f"/*<![CDATA[*/{posting()}/*]]>*/",
        f"{posting()};",
        posting().replace("]}", ",]}").replace("}]", "},]"),
        posting().replace("Fire", "Fire\tand\\'s"),
        f"[{posting()}]",
        f'{{"@graph": [{{"@type": "WebSite"}}, {posting()}]}}',
        f'{{"@type": "NewsArticle", "hasPart": {{"mainEntity": {posting()}}}}}',
        f'{{"@type": "WebSite"}}{posting()}',
        posting(**{"@type": ["Article", "https://schema.org/LiveBlogPosting"]}),
        posting(liveBlogUpdate=[POSTING["liveBlogUpdate"]]),
        json.dumps(
            {"@graph": [posting_ := {**POSTING, "liveBlogUpdate": [{"@id": "#a"}, "#b"]}, *POSTING["liveBlogUpdate"]]}
        ),
        f'{{"a": "b</scr" , }}</script><script type="application/ld+json">{posting()}',
    ],
    ids=range(18),
)
def test_scripts(script: str) -> None:
    found = page(script)
    assert [(entry.key, entry.text) for entry in found.entries] == [("b", "Two."), ("a", "One.")]
    assert found.format == "jsonld"
    assert found.has_ids
    assert found.covers_from == datetime(2016, 3, 14, 19, 14, tzinfo=UTC)


def test_type_with_charset_and_a_file_of_its_own() -> None:
    assert len(page(posting(), "application/ld+json; charset=utf-8").entries) == 2
    assert len(page_of(POSTING).entries) == 2


def test_a_broken_script_is_told_and_hides_nothing() -> None:
    broken = '{"liveBlogUpdate": [</script><script type="application/ld+json">'
    found = page(broken + posting())
    assert len(found.entries) == 2
    assert "is broken and was left out" in found.warnings[0]


def test_only_a_broken_script() -> None:
    data = b'<html><script type="application/ld+json">{"liveBlogUpdate": [</script></html>'
    with pytest.raises(UnreadablePage, match="the script that may hold one is broken"):
        read(data, Context(address="x", now=NOW), "jsonld")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>A <b>b</b></p>", "A b"),
        ("&lt;p&gt;A&amp;nbsp;b&lt;/p&gt;", "A b"),
        ("A b", "A b"),
        ({"@type": "TextObject", "text": "A b"}, "A b"),
        ({"@type": "TextObject"}, ""),
        (["A b", "c"], "A b\n\nc"),
        (None, ""),
        (7, ""),
    ],
)
def test_bodies(body: object, text: str) -> None:
    assert [entry.text for entry in page(updates(articleBody=body)).entries] == [text, text]


@pytest.mark.parametrize(
    "date", ["2016-03-14T19:16:00+0000", 1457982960, "1457982960000", "Mon, 14 Mar 2016 19:16:00 GMT"]
)
def test_dates(date: object) -> None:
    assert page(updates(datePublished=date)).entries[0].published_at == datetime(2016, 3, 14, 19, 16, tzinfo=UTC)


def test_no_dates() -> None:
    found = page(updates(datePublished="soon"))
    assert found.entries == ()
    assert found.warnings == ("2 of 2 entries give no time that can be read and were left out.",)


@pytest.mark.parametrize(
    ("ids", "keys"),
    [
        ([{"@id": "646219928f08"}, {"@id": "646219928f09"}], ["646219928f08", "646219928f09"]),
        ([{"@id": "https://example.org/live#u1"}, {"@id": "https://example.org/live#u2"}], ["u1", "u2"]),
        ([{"url": "https://example.org/live#u1"}, {"url": "https://example.org/live#u2"}], ["u1", "u2"]),
        ([{"url": "https://a.example/1"}, {"url": "https://a.example/2"}], ["https://a.example/1", "https://a.example/2"]),
        ([{"@id": "https://b.test", "identifier": 17}, {"@id": "https://b.test", "identifier": 18}], ["17", "18"]),
    ],
)  # fmt: skip
def test_keys(ids: list[dict[str, object]], keys: list[str]) -> None:
    bare = [{**one, "@id": None} for one in POSTING["liveBlogUpdate"]]
    found = page(posting(liveBlogUpdate=[one | own for one, own in zip(bare, ids, strict=True)]))
    assert [entry.key for entry in found.entries] == keys
    assert found.has_ids


@pytest.mark.parametrize("ids", [{}, {"url": "https://example.org/live"}, {"@id": "_:b0"}])
def test_keys_are_made_where_there_are_none(ids: dict[str, str]) -> None:
    found = page(updates(**{"@id": None, **ids}))
    assert not found.has_ids
    assert found.entries[0].key.startswith("20160314T1916Z-1-")


def test_one_headline_for_all_is_none() -> None:
    assert {entry.title for entry in page(updates(headline="Fire in the harbour")).entries} == {""}
    assert {entry.title for entry in page(updates(headline="The same")).entries} == {""}
    one = [POSTING["liveBlogUpdate"][0] | {"headline": "Two ships &amp; a pier"}, POSTING["liveBlogUpdate"][1]]
    assert page(posting(liveBlogUpdate=one)).entries[0].title == "Two ships & a pier"


@pytest.mark.parametrize(
    ("changes", "ended"),
    [
        ({}, None),
        ({"coverageEndTime": "2016-03-14T22:00:00Z"}, True),
        ({"coverageEndTime": "2016-03-14T19:15:00Z"}, False),  # an entry is newer
        ({"coverageEndTime": "2030-03-14T22:00:00Z"}, False),
        ({"coverageEndTime": "2016-03-14T22:00:00Z", "dateModified": "2016-03-14T22:00:00Z"}, None),  # only a copy
        ({"coverageEndTime": "soon"}, None),
    ],
)
def test_end(changes: dict[str, str], ended: bool | None) -> None:
    assert page(posting(**changes)).ended is ended


def test_anchors_of_the_page() -> None:
    body = '<article id="block-b1b1"></article><p id=a1a1></p>'
    keyed = [one | {"@id": key} for one, key in zip(POSTING["liveBlogUpdate"], ("b1b1", "a1a1"), strict=True)]
    found = page(posting(liveBlogUpdate=keyed), body=body)
    assert [entry.url for entry in found.entries] == [
        "https://example.org/live#block-b1b1",
        "https://example.org/live#a1a1",
    ]


@needs_samples
@pytest.mark.parametrize(
    ("name", "count"), [("express/Express_2024_07_18.html", 9), ("guardian/TheGuardian_2023_05_15.html", 10)]
)
def test_samples(name: str, count: int) -> None:
    found = page_of(sample(name), address=str(PAGES / name))
    assert (found.format, len(found.entries), found.has_ids, found.warnings) == ("jsonld", count, True, ())
    assert all(entry.url and entry.text for entry in found.entries)


@needs_samples
def test_guardian_is_completed_from_its_articles() -> None:
    """Its JSON-LD gives all entries one date and cuts their texts at 1,000 letters."""
    entries = page_of(sample("guardian/TheGuardian_2023_05_15.html")).entries
    assert len({entry.published_at for entry in entries}) == 10
    assert [entry.stamp for entry in entries[:2]] == ["12.50 BST", "12.34 BST"]
    assert sum(bool(entry.title) for entry in entries) == 3
    assert max(len(entry.text) for entry in entries) > 1900
    assert all(entry.spans for entry in entries)
    assert any(span.kind == "tweet" and span.author == "AndriyYermak" for entry in entries for span in entry.spans)
