"""How fast a page becomes a `Page`: `python tests/benchmarks/formats.py`.

Makes a page of 1.3 MB with 428 entries in JSON-LD, and the same entries as HTML with clocks and as an AMP live list;
prints our times beside that of selectolax's bare parse (lexbor) of the same bytes. Best of several runs. Cold is a
first reading, which is what counts; warm the next one of a page that has changed a little.
"""

from __future__ import annotations

import html
import json
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from bot.sources import Context, read  # noqa: E402 - the path comes first: the script runs from anywhere
from bot.sources.remembered import forget  # noqa: E402

ENTRIES = 428
BYTES = 1_300_000
NOON = datetime(2024, 7, 18, 12, tzinfo=UTC)
CONTEXT = Context(address="https://example.org/live", now=NOON + timedelta(hours=1))
SPEECH = "the minister said that talks on a truce would go on in the capital while ships left port under guard"
WORDS = SPEECH.split()


def main() -> None:
    chance = random.Random(1)  # noqa: S311 - no secret
    bodies = [_body(chance) for _ in range(ENTRIES)]
    print(f"{'page':12} {'kB':>6} {'entries':>8} {'cold, ms':>9} {'warm, ms':>9} {'lexbor, ms':>11}")  # noqa: T201
    for name, page in (("jsonld", _jsonld(bodies)), ("htmlclocks", _clocks(bodies)), ("amp", _amp(bodies))):
        data = page.encode()
        found = len(read(data, CONTEXT).entries)
        cold = _best(
            lambda n, data=data: read(data + b" " * n, CONTEXT), forget
        )  # new bytes: no document is remembered either
        warm = _best(lambda n, data=data: read(data + b" " * n, CONTEXT))
        bare = _best(lambda _, data=data: LexborHTMLParser(data))
        print(f"{name:12} {len(data) / 1000:6.0f} {found:8} {cold:9.1f} {warm:9.1f} {bare:11.1f}")  # noqa: T201


def _best(call: Callable[[int], object], before: Callable[[], object] = int, runs: int = 9) -> float:
    """Milliseconds of processor time, without what is done `before`; `call` is told which run it is."""
    times = []
    for n in range(runs):
        before()
        began = time.process_time()
        call(n)
        times.append(time.process_time() - began)
    return 1000 * min(times)


def _body(chance: random.Random) -> str:
    """Two to five paragraphs with a link and some emphasis, as newsrooms write them."""
    paragraphs = []
    for _ in range(chance.randint(2, 5)):
        words = [chance.choice(WORDS) for _ in range(chance.randint(20, 60))]
        words[3] = f"<strong>{words[3]}</strong>"
        if chance.random() < 0.4:
            words[8] = f'<a href="https://example.org/news/{chance.randint(1, 10**6)}">{words[8]} {words[9]}</a>'
        paragraphs.append(f"<p>{' '.join(words).capitalize()}.</p>")
    return "\n".join(paragraphs)


def _moment(n: int) -> datetime:
    return NOON - timedelta(minutes=n)


def _page(head: str, body: str) -> str:
    """Filled up to its size with what pages are full of: styles, scripts, navigation."""
    links = "".join(f'<li class="nav-item"><a href="/section/{n}">Section {n}</a></li>' for n in range(1500))
    page = f"<!doctype html><html><head><title>Live</title>{head}"
    rest = f"</head><body><nav><ul>{links}</ul></nav><h1>A truce at sea: live</h1><main>{body}</main></body></html>"
    filler = "window.state=" + json.dumps(["x" * 90] * max(0, (BYTES - len(page) - len(rest)) // 94))
    return f"{page}<script>{filler}</script>{rest}"


def _jsonld(bodies: list[str]) -> str:
    """Like the Mirror's: 299 of 428 bodies are escaped twice."""
    updates = [
        {
            "@type": "BlogPosting",
            "@id": f"https://example.org/live#e{n:05}",
            "headline": f"Update number {n} on the truce",
            "datePublished": _moment(n).isoformat(),
            "dateModified": _moment(n).isoformat(),
            "articleBody": html.escape(body) if n < 299 else body,
            "author": {"@type": "Person", "name": "A. Writer"},
        }
        for n, body in enumerate(bodies)
    ]
    posting = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "headline": "A truce",
        "liveBlogUpdate": updates,
    }
    return _page(f'<script type="application/ld+json">{json.dumps(posting)}</script>', "<p>Loading</p>")


def _clocks(bodies: list[str]) -> str:
    entries = (f"<div class=u><h3>{_moment(n):%H:%M} GMT</h3>{body}</div>" for n, body in enumerate(bodies))
    return _page("", f"<p>Thursday, 18 July 2024</p>{''.join(entries)}")


def _amp(bodies: list[str]) -> str:
    items = (
        f'<div id=e{n:05} data-sort-time="{int(_moment(n).timestamp())}">{body}</div>' for n, body in enumerate(bodies)
    )
    return _page("", f"<amp-live-list id=l data-poll-interval=15000><div items>{''.join(items)}</div></amp-live-list>")


if __name__ == "__main__":
    main()
