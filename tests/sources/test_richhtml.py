"""An entry's HTML becomes the text, spans and media that a reader would make of it."""

from __future__ import annotations

import random
import time

import pytest

from bot.sources.hypertext import reader
from bot.sources.markup import Rich
from bot.sources.richhtml import from_html

BASE = "https://velm.example/live"


def told(html: str) -> tuple[str, list[tuple[str, ...]]]:
    """The text, and each span as kind, words, address, author."""
    rich = from_html(html, BASE)
    spans = [(s.kind, rich.text[s.start : s.end], *filter(None, (s.url, s.author))) for s in rich.spans]
    return rich.text, spans


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("One.<br>Two.<br><br>Three.", "One.\nTwo.\n\nThree."),
        ("<p>\n  Many   spaces&nbsp;here\u200b </p>", "Many spaces here"),
        ("<div>One.<div>Two.</div></div>Three.", "One.\n\nTwo.\n\nThree."),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>d", "• a\n• b\n  • c\n\nd"),
        ("<ol start=3><li><p>a</p></li><li></li><li>b</li></ol>", "3. a\n5. b"),
        ("<table><tr><th>A<th>B<tr><td>1<td><p>2</p><p>3</p></table>x", "A · B\n1 · 2 3\n\nx"),
        ("a<hr>b", "a\n\nb"),
        ("<q>So</q> it is", "“So” it is"),
        ("<pre>  a\n\n b</pre>", "  a\n\n b"),
        ("&lt;p&gt;Twice &amp;amp; for all.&lt;/p&gt;", "Twice & for all."),
        ("<p>a&amp;nbsp;b &amp;quot;c&amp;quot;</p>", 'a b "c"'),
        ("<p>He wrote &lt;b&gt; there</p>", "He wrote <b> there"),
        ("Tom & Jerry < 5", "Tom & Jerry < 5"),
        ("Plain.\nText &amp; lines", "Plain.\n\nText & lines"),
        ("a wrapped\nline\n\nand another", "a wrapped\nline\n\nand another"),
        ("<![CDATA[<p>In it</p>]]>", "In it"),
        ("x<!-- a > b -->y<script>if (a<b) '</p>'</script>z<style>q", "xyz"),
        ("", ""),
    ],
)
def test_text(html: str, text: str) -> None:
    assert from_html(html).text == text


@pytest.mark.parametrize(
    ("html", "spans"),
    [
        ("<b>a <i>b</i></b>", [("bold", "a b"), ("italic", "b")]),
        ("<strong>a</strong><u>b</u>", [("bold", "a"), ("underline", "b")]),
        ("<del>a</del><code>b</code>", [("strike", "a"), ("code", "b")]),
        ("<h2>A <b>title</b></h2>", [("heading", "A title")]),
        ("<blockquote><p>a</p><blockquote>b</blockquote></blockquote>", [("blockquote", "a\n\nb")]),
        ("<b><p>a</b>b</p>", [("bold", "a")]),
        ("<span style='font-weight: 700'>a</span>", [("bold", "a")]),
        ("<b style='font-weight:normal'>a</b>", []),
        ("<a href='/x?a=1&amp;b'>a</a>", [("link", "a", "https://velm.example/x?a=1&b")]),
        ("<a href='#x'>a</a> <a href='javascript:x()'>b</a> <a>c</a>", []),
        ("<a href='mailto:a@b.example'>a</a>", [("link", "a", "mailto:a@b.example")]),
        ("<ul><li><b>a</b></li></ul>", [("bold", "a")]),
    ],
)  # fmt: skip
def test_spans(html: str, spans: list[tuple[str, ...]]) -> None:
    assert told(html)[1] == spans


TWEET = (
    '<blockquote class="twitter-tweet"><p>No talks today <a href="https://t.co/a">pic.twitter.com/a</a></p>'
    '&mdash; Ana Brok (@anabrok) <a href="https://twitter.com/anabrok/status/12?ref_src=x">March 14, 2016</a>'
    "</blockquote>"
)


def test_tweet() -> None:
    text, spans = told(f"<p>She wrote:</p>{TWEET}<p>And left.</p>")
    assert text == "She wrote:\n\nNo talks today pic.twitter.com/a\n\nAnd left."
    words = "No talks today pic.twitter.com/a"
    assert spans[0] == ("tweet", words, "https://twitter.com/anabrok/status/12", "anabrok")


def test_tweet_named_by_its_figure() -> None:
    url = "https://twitter.com/AnaBrok/status/12"
    text, spans = told(f'<figure data-canonical-url="{url}"><blockquote><p>No.</p></blockquote></figure>')
    assert (text, spans) == ("No.", [("tweet", "No.", url, "AnaBrok")])


@pytest.mark.parametrize(
    ("html", "kind", "url", "caption"),
    [
        ("<figure><img src=/a.jpg alt=x><figcaption>A <b>ship</b></figcaption></figure>", "image", "/a.jpg", "A ship"),
        ("<div class=wp-caption><img src=/a.jpg><p class=wp-caption-text>Ship</p></div>", "image", "/a.jpg", "Ship"),
        ("<img src='data:image/gif;x' data-src=/a.jpg alt='Ships'>", "image", "/a.jpg", "Ships"),
        ("<img src=/s.jpg srcset='/s.jpg 300w, /l.jpg 1200w'>", "image", "/l.jpg", ""),
        ("<picture><source srcset='/w.jpg 2x'><img src='data:x'></picture>", "image", "/w.jpg", ""),
        ("<img src='data:x'><noscript><img src=/n.jpg></noscript>", "image", "/n.jpg", ""),
        ("<video><source src=/v.webm><source src=/v.mp4>Too old</video>", "video", "/v.mp4", ""),
    ],
)  # fmt: skip
def test_media(html: str, kind: str, url: str, caption: str) -> None:
    rich = from_html(f"<p>a</p>{html}<p>b</p>", BASE)
    assert rich.text == "a\n\nb"
    [item] = rich.media
    assert (item.kind, item.url, item.caption) == (kind, f"https://velm.example{url}", caption)


def test_videos_of_others() -> None:
    frames = ["//www.youtube-nocookie.com/embed/abcdef12345", "https://player.vimeo.com/video/1234567", "/map"]
    rich = from_html("".join(f'<iframe src="{frame}"></iframe>' for frame in frames), BASE)
    assert [m.url for m in rich.media] == ["https://www.youtube.com/watch?v=abcdef12345", "https://vimeo.com/1234567"]


def test_small_pictures_are_none() -> None:
    html = "<img src=/p.gif width=1 height=1><img class=avatar src=/a.jpg>It <img class=emoji alt=🔥 src=/f.png> burns"
    rich = from_html(html, BASE)
    assert (rich.text, rich.media) == ("It 🔥 burns", ())


@pytest.mark.parametrize(
    "furniture",
    [
        '<div class="share-buttons"><a href="https://f.example">Facebook</a></div>',
        '<div class="share"><div>a</div>b</div>',
        "<aside><h3>Related</h3><a href=/1>One</a></aside>",
        "<p>Read more: <a href=/1>One</a></p>",
        "<p><b>Related:</b></p><ul><li><a href=/1>One</a></li><li><a href=/2>Two</a></li></ul>",
        "<p>Share</p>", "<p>Updated at 12.50 BST</p>", "<button>Like</button>", "<nav><a href=/>Home</a></nav>",
        "<form><input>Sign up</form>", "<div style='display: none'>x</div>", "<span class='sr-only'>x</span>",
        "<section class='newsletter-box'><p>Get it every morning.</p></section>", "<noscript>x</noscript>",
    ],
)  # fmt: skip
def test_furniture(furniture: str) -> None:
    assert from_html(f"<p>Before.</p>{furniture}<p>After.</p>", BASE).text == "Before.\n\nAfter."


@pytest.mark.parametrize(
    "html",
    [
        "<p>Related: two men were held.</p>",
        "<p>Read more carefully, he said.</p>",
        f"<div class='related-live'><p>{'The whole text of an entry stands here. ' * 20}</p></div>",
        f"<div class='social-embed'>{TWEET}</div>",
        "<aside><p>What we know: nothing at all as yet.</p></aside>",
        "<p>They share a border.</p>",
    ],
)
def test_text_that_is_no_furniture(html: str) -> None:
    assert from_html(html).text.strip()


@pytest.mark.parametrize(
    "tag",
    [
        "<div>", "<b>", "<ul><li>", "<table><tr><td>", "<blockquote>", "<a href=/>", "<figure><figcaption>", "<aside>",
        "<li>", "<div class=share>", "<h2>", "<q>", "<p class=byline>", "<!--", "<script>", "&lt;p&gt;", "<a b='",
        "</b>", "<b></i>",
    ],
)  # fmt: skip
def test_many_nested_tags(tag: str) -> None:
    began = time.process_time()
    from_html(f"{tag}x" * 100_000)
    assert time.process_time() - began < 30


TAGS = (
    "<p> </p> <b> </b> <i> </i> <ul> <li> </ul> <a_href='/x'> </a> <blockquote> </blockquote> <figure> "
    "<img_src=/a.jpg> <blockquote_class=twitter-tweet> <figcaption> </figcaption> </figure> <table> <tr> "
    "<td> </td> </table> <aside> "
    "<br> <div_class=share> </div> </aside> <h2> </h2> <q> </q> <video> </video> <span_style=font-weight:bold> </span> "
    "<!-- <noscript> </noscript> <script> </script> -->"
)
WORDS = [
    "text ",
    "more words",
    "&amp;nbsp;",
    "— A (@b)",
    "Read more: ",
    "<",
    ">",
    '"',
    "'",
    "&",
    "\u200b",
    "\0",
    "\ud800",
]
BITS = [*(tag.replace("_", " ") for tag in TAGS.split()), *WORDS, " ", "\n"]


def test_any_string() -> None:
    chance = random.Random(7)  # noqa: S311  (no secret)
    for _ in range(3000):
        html = "".join(chance.choice(BITS) for _ in range(chance.randint(1, 60)))
        rich = from_html(html, BASE)
        rich.text.encode()
        assert rich.text == rich.text.strip(), html
        assert "\n\n\n" not in rich.text, html
        for span in rich.spans:
            words = rich.text[span.start : span.end]
            assert words, html
            assert words == words.strip(), html


def test_the_short_way_is_the_long_way(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)  # noqa: S311
    tags = """<p> </p> <b> </b> <em> </em> <i> </i> <a_href="/x"> <a_href='/x'> <a_href='#'> </a> <br> <br_/> <h2> </h2>
        <span> <span_class="x"> </span> <div> </div> <li> <ul> </ul> <blockquote> </blockquote> <p_class="share"> <td>
        """
    bits = [tag.replace("_", " ") for tag in tags.split()]
    bits += ["text ", "words", " word", " ", "&nbsp;", "&amp;amp;", "&amp;lt;", "&#8217;", "&copy", "\n"] * 2
    fragments = ["".join(chance.choice(bits) for _ in range(chance.randint(1, 14))) for _ in range(8000)]
    short = [reader.read_fragment(html, BASE) for html in fragments]
    monkeypatch.setattr(reader, "plain_stretch", lambda *_, **__: None)
    assert [reader.read_fragment(html, BASE) for html in fragments] == short


def test_nothing() -> None:
    assert from_html("") == Rich()
