"""Any HTML page that shows clocks: one small page a kind."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from readings import needs_samples, page_of, sample

from storage.models import Page

NOW = datetime(2016, 3, 14, 20, tzinfo=UTC)


def page(body: str, head: str = "") -> Page:
    return page_of(f"<!doctype html><html><head>{head}</head><body><h1>Live</h1>{body}</body></html>".encode(), now=NOW)


LONG = "Ships burn in the harbour, the crews say."
TWO = [("2016-03-14 19:16", "First text."), ("2016-03-14 19:10", "Second text.")]


@pytest.mark.parametrize(
    "body",
    [
        "<p>19:16 GMT</p><p>First text.</p><p>19:10 GMT</p><p>Second text.</p>",
        "<p>19:16 GMT First text.</p><p>19:10 GMT Second text.</p>",
        "<div><b>7.16pm:</b> First text.</div><div><b>7.10pm:</b> Second text.</div>",
        "<p>19:16 GMT<br>First text.<br><br>19:10 GMT<br>Second text.</p>",
        "<ul><li>19:16 GMT First text.</li><li>19:10 GMT Second text.</li></ul>",
        "<ul><li><p>19:16</p><p>First text.</p></li><li><p>19:10</p><p>Second text.</p></li></ul>",
        "<h3>19:16 GMT</h3><p>First text.</p><h3>19:10 GMT</h3><p>Second text.</p>",
        "<dl><dt>19:16<dd>First text.<dt>19:10<dd>Second text.</dl>",
        "<table><tr><td>19:16<td>First text.<tr><td>19:10<td>Second text.</table>",
        "<div><span>19:16</span><div>First text.</div></div><div><span>19:10</span><div>Second text.</div></div>",
        "<p>+++ 19:16 First text. +++</p><p>+++ 19:10 GMT +++ Second text.</p>",
        "<p>1916 GMT — First text.</p><p>1910 GMT — Second text.</p>",
        "<p>19:10 GMT: Second text.</p><p>19:16 GMT: First text.</p>",
        "19:16 GMT First text.<br>19:10 GMT Second text.",
        "<p><time datetime='2016-03-14T19:16Z'>4m ago</time></p><p>First text.</p>"
        "<p><time datetime='2016-03-14T19:10Z'>10m ago</time></p><p>Second text.</p>",
        "<article><time datetime='2016-03-14T20:16+01:00'>20:16</time><p>First text.</p></article>"
        "<article><time datetime='2016-03-14T20:10+01:00'>20:10</time><p>Second text.</p></article>",
        "<nav>12:00 Home</nav><div><p>19:16 First text.</p><p>19:10 Second text.</p></div><aside>15:00 Rain</aside>"
        "<footer>18:00 Contact</footer><div class=comments><p>19:17 I think so.</p></div>",
    ],
    ids=range(17),
)
def test_kinds(body: str) -> None:
    found = page(f"<main>{body}</main>" if "<nav>" not in body else body)
    assert [(f"{entry.published_at:%Y-%m-%d %H:%M}", entry.text) for entry in found.entries] == TWO
    assert (found.format, found.title) == ("htmlclocks", "Live")


def test_times_for_machines_win_and_clocks_stay_the_stamp() -> None:
    body = "<p><time datetime='2016-03-13T22:16:00Z'>19:16</time> <b>Title</b></p><p>Text.</p>"
    found = page(body)
    [entry] = found.entries
    assert (entry.stamp, entry.published_at) == ("19:16", datetime(2016, 3, 13, 22, 16, tzinfo=UTC))
    assert found.warnings == ()  # a page that says its dates lacks none


def test_midnight_and_headings() -> None:
    body = "<h2>Friday, April 18</h2><p>00:12 GMT One.</p><h2>Thursday, April 17</h2><p>23:09 GMT: Two.</p>"
    found = page(body, "<meta property='article:published_time' content='2014-04-17T09:00:00Z'>")
    assert [f"{entry.published_at:%Y-%m-%d %H:%M}" for entry in found.entries] == [
        "2014-04-18 00:12",
        "2014-04-17 23:09",
    ]
    assert found.warnings == ()


def test_date_of_the_page() -> None:
    found = page("<p>19:16 GMT</p><p>A.</p>", "<meta property='article:published_time' content='2014-04-17T09:00:00Z'>")
    assert f"{found.entries[0].published_at:%Y-%m-%d}" == "2014-04-17"
    assert found.warnings == ("The page prints no date above its entries: the date of its publication was taken.",)


def test_nothing_is_lost() -> None:
    body = """<p><a href="#e1">19:16 GMT</a> <strong>Ships burn</strong></p>
      <p>The <a href="/x">harbour</a> is *closed* [sic], <em>they</em> say.</p><blockquote>“No.”</blockquote>
      <ul><li>one</li><li>two</li></ul><figure><img src=/a.jpg><figcaption>Smoke</figcaption></figure>
      <blockquote class="twitter-tweet"><p>Stay away</p>&mdash; Police (@velmpolice)
      <a href="https://twitter.com/velmpolice/status/1">March 14, 2016</a></blockquote>
      <iframe src="https://www.youtube.com/embed/abcdef12345"></iframe>"""
    [entry] = page(body).entries
    assert entry.title == "Ships burn"
    assert entry.text == "The harbour is *closed* [sic], they say.\n\n“No.”\n\n• one\n• two\n\nStay away"
    assert [span.kind for span in entry.spans] == ["link", "italic", "blockquote", "tweet"]
    assert [(item.kind, item.caption) for item in entry.media] == [("image", "Smoke"), ("video", "")]
    assert entry.url == "https://example.org/live#e1"


def test_withdrawn_and_key() -> None:
    found = page("<p>19:16 GMT</p><p>KEY EVENT</p><p>One.</p><p>19:10 GMT</p><p>This update has been removed.</p>")
    assert [(entry.text, entry.is_key, entry.withdrawn) for entry in found.entries] == [
        ("One.", True, False),
        ("", False, True),
    ]


def test_numbered_elements_give_no_keys() -> None:
    text = "A text that is by far long enough to be one"
    times = "".join(
        f"<article id=item-{n}><time datetime='2016-03-14T1{n}:00Z'></time><p>{text}.</p>" for n in range(3)
    )
    items = times.replace("<article", "</article><article")
    assert not page(items).has_ids
    assert page(items.replace("item-", "item-7714")).has_ids


def test_no_clocks() -> None:
    found = page("<p>Nothing here.</p>")
    assert found.entries == ()
    assert "nothing on it begins with a clock" in found.warnings[0]
    assert found.warnings[0].endswith("If scripts fill it in, give the address that they read.")


def test_no_clocks_but_a_feed() -> None:
    head = '<link rel=stylesheet href=/a.css><link rel="alternate" type="application/rss+xml" href="/live.rss">'
    assert "It names a feed: https://example.org/live.rss." in page("<p>Nothing here.</p>", head).warnings[0]


def post(n: int, clock: str, words: str) -> str:
    return (
        f"<article class=post id=block-71{n}><header><a href='?b=71{n}'>"
        f"<time datetime='2016-03-14T{clock}Z'>1h ago</time></a></header><p>{words}</p></article>"
    )


def test_a_box_of_few_entries_is_no_entry() -> None:
    posts = post(3, "19:16", "The harbour is closed until tomorrow.") + post(
        1, "19:10", "Ships burn in the harbour, the crews say."
    )
    summary = "<li><a href=#a><time datetime='2016-03-14T19:16Z'>1h ago</time>Closed</a></li>"
    found = page(f"<main><div><ul>{summary}{summary}</ul></div><div id=posts>{posts}</div></main>")
    assert [(entry.key, entry.text) for entry in found.entries] == [
        ("block-713", "The harbour is closed until tomorrow."),
        ("block-711", "Ships burn in the harbour, the crews say."),
    ]


def test_a_stamp_may_stand_aside() -> None:
    entry = (
        "<div class=entry-{0} id=entry-77{0}><aside><a href='?{0}'>"
        "<time datetime='2016-03-14T19:1{0}Z'>19:1{0}</time></a></aside><div><p>{1}</p></div></div>"
    )
    meta = "<div class=meta><time datetime='2016-03-13T08:00Z'>13 March</time></div>"
    side = "<aside><p>Old news, at length.</p><time datetime='2016-01-01T08:00Z'>1 January</time></aside>"
    found = page(f"<article>{meta}<div>{entry.format(6, LONG)}{entry.format(1, LONG)}</div></article>{side}")
    assert [(one.stamp, one.key, one.text) for one in found.entries] == [
        ("19:16", "entry-776", LONG),
        ("19:11", "entry-771", LONG),
    ]


def test_a_stamp_may_stand_aside_without_a_machines_words() -> None:
    found = page(
        "<div><aside>19:16</aside><p>One.</p></div><div><aside>19:10</aside><p>Two.</p></div><aside>Rain</aside>"
    )
    assert [(one.stamp, one.text) for one in found.entries] == [("19:16", "One."), ("19:10", "Two.")]


def test_a_clock_beside_the_time_is_the_stamp_and_the_author_is_no_text() -> None:
    entry = (
        "<article class=post id=post-7{0}><header><time datetime='2016-03-14T19:1{0}Z'>2h ago</time>"
        "<span>20.1{0} CET</span><h2>Ships burn</h2></header>"
        "<div class='post-meta-authors'><a href=/ann>Ann Lee</a></div><p>{1}</p></article>"
    )
    found = page(entry.format(6, LONG) + entry.format(1, LONG))
    assert [(one.stamp, one.title, one.text) for one in found.entries] == [
        ("20.16 CET", "Ships burn", LONG),
        ("20.11 CET", "Ships burn", LONG),
    ]


def test_the_id_of_what_is_all_of_an_element() -> None:
    item = "<li><article id=p-a{0}><time datetime='2016-03-14T19:1{0}Z'>19:1{0}</time><p>{1}</p></article></li>"
    found = page(f"<ol>{item.format(6, LONG)} {item.format(1, LONG)}</ol>")
    assert [one.key for one in found.entries] == ["p-a6", "p-a1"]


@pytest.mark.parametrize(
    "date",
    [
        "<p>Published: 13 March 2016</p>",
        "<p class=dateline>Last updated on 13 March 2016 at 20:20</p>",
        "<div>Published On 13 Mar 2016</div>",
        "<p class=byline>Sunday 13 March 2016</p>",
        "<p class=meta><time datetime='2016-03-13T08:00Z'>March 13, 2016</time></p><p>What is known.</p>",
        "<p class=meta>By Ann <time datetime='2016-03-13T08:00Z'>March 13, 2016 at 8:00 am</time></p><p>Intro.</p>",
    ],
)
def test_the_date_above_the_coverage(date: str) -> None:
    found = page_of(
        f"<html><body><article><h1>Live</h1>{date}<p>19:16 One.</p><p>19:10 Two.</p></article></body></html>".encode(),
        now=datetime(2016, 5, 1, tzinfo=UTC),
    )
    assert [f"{entry.published_at:%m-%d %H:%M} {entry.text}" for entry in found.entries] == [
        "03-13 19:16 One.",
        "03-13 19:10 Two.",
    ]


@needs_samples
def test_guardian_by_its_html_alone() -> None:
    found = page_of(sample("guardian/TheGuardian_2023_05_15.html"), format="htmlclocks")
    assert (len(found.entries), found.has_ids, found.warnings) == (10, True, ())
    assert found.entries[0].url is not None
    assert found.entries[0].url.endswith("#block-646219928f08e408b758af95")
    assert found.entries[0].text.startswith("Jennifer Rankin reports from Brussels\n\nThe EU is ready")
