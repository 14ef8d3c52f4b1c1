"""RSS and Atom: what a feed can do wrong, in small feeds of our own; the publishers' are read in place."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from bot.sources import Context, UnreadablePage, read
from bot.sources.diff import diff
from storage.models import Entry, Page

PAGES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "pages"
CONTEXT = Context(address="https://example.org/feed", now=datetime(2026, 2, 18, 12, tzinfo=UTC))
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)
NOON = "Wed, 18 Feb 2026 12:00:00 GMT"
SAMPLES = [  # file, format, entries, has a promise to show everything since the oldest
    ("feeds/aljazeera-rss.xml", "rss", 25, True),
    ("feeds/bbc-news-rss.xml", "rss", 33, False),
    ("feeds/deutsche-welle-rdf.xml", "rss", 141, True),
    ("feeds/kottke-atom.xml", "atom", 60, True),
    ("feeds/al-monitor-rss.xml", "rss", 11, True),
    ("feeds/theweek-rss-with-atom-updated.xml", "rss", 50, True),
    ("tombstones/youtube-websub-deleted-entry.xml", "atom", 0, False),
]


def rss(*items: str) -> Page:
    body = "".join(f"<item>{item}</item>" for item in items)
    return reading(
        f'<?xml version="1.0"?><rss version="2.0" {SPACES}><channel><title>Harbour</title>{body}</channel></rss>'
    )


def item(guid: str = "a", title: str = "Fire", date: str = NOON, **more: str) -> str:
    rest = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in more.items())
    return f"<guid>{guid}</guid><title>{escape(title)}</title><pubDate>{date}</pubDate>{rest}"


def atom(*parts: str) -> Page:
    space = 'xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"'
    return reading(f"<feed {space} xml:base='https://example.org/live/'><id>urn:f</id>{''.join(parts)}</feed>")


def entry(key: str = "a", updated: str = "2026-02-18T12:00:00Z", more: str = "<title>Fire</title>") -> str:
    return f"<entry><id>{key}</id><updated>{updated}</updated>{more}</entry>"


def stone(key: str = "a", when: str = "2026-02-18T13:00:00Z", more: str = "") -> str:
    return f'<at:deleted-entry ref="{key}" when="{when}">{more}</at:deleted-entry>'


def reading(page: str | bytes) -> Page:
    return read(page.encode() if isinstance(page, str) else page, CONTEXT)


# --- the publishers' ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not PAGES.is_dir(), reason=f"the samples are not here: {PAGES}")
@pytest.mark.parametrize(("name", "form", "count", "promises"), SAMPLES, ids=[row[0] for row in SAMPLES])
def test_sample(name: str, form: str, count: int, promises: bool) -> None:
    page = reading((PAGES / name).read_bytes())
    assert (page.format, len(page.entries), page.warnings) == (form, count, ())
    assert len({entry.key for entry in page.entries}) == count
    assert all(entry.published_at.tzinfo is not None and entry.title for entry in page.entries)
    assert page.covers_from == (page.entries[-1].published_at if promises else None)
    assert reading((PAGES / name).read_bytes()) == page


@pytest.mark.skipif(not PAGES.is_dir(), reason=f"the samples are not here: {PAGES}")
def test_what_is_special_in_the_samples() -> None:
    bbc = reading((PAGES / "feeds/bbc-news-rss.xml").read_bytes())
    assert not any("#" in entry.key for entry in bbc.entries)
    assert all(entry.media for entry in bbc.entries)
    week = reading((PAGES / "feeds/theweek-rss-with-atom-updated.xml").read_bytes())
    assert week.entries[0].published_at == datetime(2026, 2, 17, 22, 4, 13, tzinfo=UTC)
    assert week.entries[0].media[0].caption.startswith("A montage")
    assert all(len(entry.text) > 40 for entry in week.entries)
    gone = reading((PAGES / "tombstones/youtube-websub-deleted-entry.xml").read_bytes())
    assert gone.deleted == ("yt:video:stw7lYY3W3I",)


# --- RSS ------------------------------------------------------------------------------------------------------------


def test_an_item_becomes_an_entry() -> None:
    page = rss(
        item(link="https://example.org/a", description="<p>Two <b>ships</b> burn.</p><p>Nobody is hurt.</p>")
        + '<enclosure url="https://example.org/a.jpg" type="image/jpeg"/>'
        '<media:content url="https://example.org/a.jpg" medium="image"><media:description>Smoke</media:description>'
        '</media:content><media:content url="https://example.org/a.mp4" type="video/mp4"/>'
        '<enclosure url="https://example.org/a.mp3" type="audio/mpeg"/>'
    )
    [found] = page.entries
    assert (page.title, found.key, found.title, found.stamp) == ("Harbour", "a", "Fire", NOON)
    assert found.text == "Two ships burn.\n\nNobody is hurt."
    assert [(span.kind, found.text[span.start : span.end]) for span in found.spans] == [("bold", "ships")]
    assert [(m.kind, m.url[-5:], m.caption) for m in found.media] == [
        ("image", "a.jpg", "Smoke"),
        ("video", "a.mp4", ""),
    ]
    assert found.url == "https://example.org/a"
    assert not found.is_key


def test_the_whole_text_goes_before_the_teaser() -> None:
    [found] = rss(
        item(description="Teaser") + "<content:encoded><![CDATA[<p>Whole &amp; long.</p>]]></content:encoded>"
    ).entries
    assert found.text == "Whole & long."


@pytest.mark.parametrize(
    ("printed", "hour"),
    [
        ("Wed, 18 Feb 2026 12:00:00 +0100", 11),
        ("Wed, 18 Feb 2026 12:00:00 EST", 17),
        ("Wed, 18 Feb 2026 12:00:00 ET", 17),
        ("Sat, 18 Jul 2026 12:00:00 BST", 11),
        ("Sat, 18 Jul 2026 12:00:00 ET", 16),
        ("2026-02-18T12:00:00-0500", 17),
        ("2026-02-18 12:00:00", 12),
    ],
)
def test_dates(printed: str, hour: int) -> None:
    assert rss(item(date=printed)).entries[0].published_at.hour == hour


def test_a_date_without_a_zone_is_in_the_storys() -> None:
    page = f'<rss version="2.0"><channel><item>{item(date="2026-02-18 12:00:00")}</item></channel></rss>'.encode()
    context = Context(address="https://example.org/feed", now=CONTEXT.now, timezone="Europe/Madrid")
    assert read(page, context).entries[0].published_at.hour == 11


def test_an_item_without_a_date() -> None:
    page = rss(
        item("a", date="yesterday", link="https://example.org/2026/02/18/fire"),
        item("b", date="", title="Undated"),
        item("c"),
    )
    assert [entry.key for entry in page.entries] == ["c", "a"]
    assert page.entries[1].published_at == datetime(2026, 2, 18, tzinfo=UTC)
    assert len(page.warnings) == 2


def test_one_entry_for_a_guid_that_repeats_and_the_newest_stands() -> None:
    later = NOON.replace("12:00", "12:30")
    page = rss(item(title="Old"), item("b"), item(title="New", date=later), item(title="Old"))
    assert {entry.key: entry.title for entry in page.entries} == {"a": "New", "b": "Fire"}


def test_a_counter_of_revisions_is_no_part_of_the_key() -> None:
    def article(name: str, counter: int, title: str) -> str:
        page = f"https://www.bbc.com/news/articles/{name}"
        return item(f"{page}#{counter}", title, link=f"{page}?at_medium=RSS")

    before = rss(article("x", 0, "Fire"), article("y", 2, "Flood"))
    after = rss(
        article("x", 1, "Fire is out"), article("y", 3, "Flood"), article("z", 0, "Storm"), article("y", 2, "Old")
    )
    assert [e.key[-1] for e in before.entries] == ["x", "y"]
    assert {e.key[-1]: e.title for e in after.entries} == {"x": "Fire is out", "y": "Flood", "z": "Storm"}


def test_an_anchor_is_a_part_of_the_key() -> None:
    page = "https://example.org/live"
    linked = rss(*(item(f"{page}#{n}", f"Post {n}", link=f"{page}#{n}") for n in range(4)))
    unlinked = rss(*(item(f"{page}#{n}", f"Post {n}", link=page) for n in range(4)))
    assert len(linked.entries) == len(unlinked.entries) == 4


def test_without_a_guid_the_link_is_the_key() -> None:
    found = rss(f"<title>A</title><link>https://example.org/a</link><pubDate>{NOON}</pubDate>").entries
    assert found[0].key == "https://example.org/a"


def test_a_feed_in_its_own_order_promises_nothing() -> None:
    dates = [NOON, NOON.replace("12:00", "13:00"), NOON.replace("12:00", "11:00")]
    assert rss(*(item(str(n), date=date) for n, date in enumerate(dates))).covers_from is None
    rolled = rss(*(item(str(n), date=date) for n, date in enumerate(sorted(dates))))
    assert rolled.covers_from == datetime(2026, 2, 18, 11, tzinfo=UTC)


def test_what_rolls_off_a_feed_is_not_missing() -> None:
    moments = [NOON.replace("12:00", f"12:{n:02}") for n in range(30)]
    items = [item(str(n), f"News {n}", date=date) for n, date in enumerate(moments)]
    known = [
        Entry.model_validate(
            e.model_dump(exclude={"withdrawn"})
            | {"entry_id": n, "number": 1, "at": NOW, "story_id": 1, "added_at": NOW}
        )
        for n, e in enumerate(rss(*reversed(items[:20])).entries)
    ]
    changes = diff(known, rss(*reversed(items[10:])))
    assert len(changes.added) == 10
    assert not changes.retracted
    assert not changes.corrected
    assert not changes.absences


NOW = CONTEXT.now


def test_titles_with_html_in_them() -> None:
    titles = ["It&#039;s <b>out</b>", "AT&T < 3", "Q&amp;A"]
    assert [e.title for e in rss(*(item(str(n), t) for n, t in enumerate(titles))).entries] == [
        "It's out",
        "AT&T < 3",
        "Q&A",
    ]


def test_categories_make_no_key_event() -> None:
    assert not rss(item() + "<category>live</category><category>breaking</category>").entries[0].is_key


# --- Atom -----------------------------------------------------------------------------------------------------------


def test_an_atom_entry() -> None:
    page = atom(
        "<title type='html'>Harbour &amp;amp; sea</title><updated>2020-01-01T00:00:00Z</updated>",
        entry(
            more="<title>if a &lt;b&gt; c</title><published>2026-02-18T11:00:00+01:00</published>"
            "<link rel='self' href='/self'/><link href='post/1'/><link rel='enclosure' type='image/png' href='i.png'/>"
            "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>Two <b>ships</b> "
            "<a href='x'>burn</a>.</p></div></content>"
        ),
    )
    [found] = page.entries
    assert (page.title, found.title, found.text) == ("Harbour & sea", "if a <b> c", "Two ships burn.")
    assert found.published_at == datetime(2026, 2, 18, 10, tzinfo=UTC)
    assert found.url == "https://example.org/live/post/1"
    assert found.media[0].url == "https://example.org/live/i.png"
    assert [link.url for link in found.links] == ["https://example.org/live/x"]


def test_text_is_no_html() -> None:
    [found] = atom(entry(more="<summary type='text'>1 &lt; 2, and 2 &amp;lt; 3 in HTML</summary>")).entries
    assert found.text == "1 < 2, and 2 &lt; 3 in HTML"


def test_a_tombstone_buries_what_is_not_newer() -> None:
    assert atom(entry(), stone()).deleted == ("a",)
    assert not atom(entry(), stone()).entries
    newer = atom(entry(updated="2026-02-18T14:00:00Z"), stone())
    assert ([e.key for e in newer.entries], newer.deleted) == (["a"], ())


def test_only_the_feed_itself_may_bury() -> None:
    passed_on = atom(entry(), stone(more="<source><id>urn:other</id></source>"))
    assert (len(passed_on.entries), passed_on.deleted, len(passed_on.warnings)) == (1, (), 1)
    assert atom(stone(more="<source><id>urn:f</id></source>")).deleted == ("a",)
    smuggled = atom(entry(), entry("b", more=f"<content type='xhtml'>{stone()}</content>"))
    assert (len(smuggled.entries), smuggled.deleted) == (2, ())


def test_a_tombstone_without_a_time_buries_nothing_that_is_there() -> None:
    page = atom(entry(), stone(when=""), stone("b", when=""))
    assert ([e.key for e in page.entries], page.deleted) == (["a"], ("b",))


# --- bad input ------------------------------------------------------------------------------------------------------


def test_entity_bombs_stay_small() -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{laughs}]><rss version="2.0"><channel>' + (
        f"<title>&l12;</title><item>{item(title='Fire')}<description>&l12; x</description></item></channel></rss>"
    )
    wide = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]><rss version="2.0"><channel><item>' + (
        f"{item()}<description>{'&a;' * 10_000}</description></item></channel></rss>"
    )
    for page in (bomb, wide):
        began = time.process_time()
        try:
            found = reading(page)
        except UnreadablePage:
            continue
        assert time.process_time() - began < 2
        assert sum(len(e.text) + len(e.title) for e in found.entries) < 10_000


def test_entities_open_no_files() -> None:
    page = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>'
    found = reading(f"{page}<item>{item(title='Fire')}<description>&x; root</description></item></channel></rss>")
    assert found.entries[0].text == "root"


def test_deep_nesting() -> None:
    began = time.process_time()
    with suppress(UnreadablePage):
        reading(f'<rss version="2.0"><channel><item>{item()}<a>{"<a>" * 100_000}</a></item></channel></rss>')
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "page",
    [
        f'\n <?xml version="1.0"?><rss version="2.0"><channel><item>{item()}</item></channel></rss>',
        f'<b>Warning</b>: PHP <?xml version="1.0"?><rss version="2.0"><channel><item>{item()}</item></channel></rss>',
        f'<?xml version="1.0" encoding="utf-16"?><rss version="2.0"><channel><item>{item()}</item></channel></rss>',
        f'<rss version="2.0"><channel><item>{item()}</item><item><title>cut o',
        f'<rss version="2.0"><channel><item>{item()}<description>A &nbsp; B & C</description></item></channel></rss>',
    ],
    ids=["space before", "warning before", "false charset", "cut off", "stray ampersands"],
)
def test_broken_feeds_are_read_as_far_as_they_go(page: str) -> None:
    found = reading(page)
    assert (found.format, found.entries[0].title) == ("rss", "Fire")


@pytest.mark.parametrize(
    "page", ["<rss", "<rss><", "<feed", "<feed>\0</feed>", "<rss version='2.0'>https://example.org</rss>"]
)
def test_what_is_no_feed_is_a_sentence_or_a_warning(page: str) -> None:
    try:
        said = " ".join(reading(page).warnings)
    except UnreadablePage as error:
        said = str(error)
    assert "https://example.org/feed" in said


def test_text_is_never_taken_for_an_address() -> None:
    for words in (b"https://example.org/feed.xml", b"/etc/passwd"):
        with pytest.raises(UnreadablePage):
            read(words, CONTEXT, format="rss")


def test_a_long_feed_is_cut() -> None:
    start = datetime(2026, 2, 18, tzinfo=UTC)
    dates = [(start + timedelta(seconds=n)).isoformat() for n in range(11_000)]
    page = rss(*(item(str(n), date=date) for n, date in enumerate(dates)))
    assert (len(page.entries), len(page.warnings)) == (10_000, 1)
