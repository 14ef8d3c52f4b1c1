"""How long 200 feeds of 225 kB take: `python tests/benchmarks/feeds.py [FEED...]`.

Generated feeds (RSS with whole articles, RSS with teasers, Atom), then the publishers' samples if they are here; beside
each our time for a `Page` and fastfeedparser's for its own dictionaries, on the same bytes. Cold is a first reading,
which is what counts; warm the next one of the same page, when what has not changed is remembered.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import fastfeedparser  # noqa: E402 - the path comes first: the script runs from anywhere

from bot.sources import Context, read  # noqa: E402
from bot.sources.remembered import forget  # noqa: E402

SIZE, FEEDS = 225_000, 200
SAMPLES = ROOT.parent / "shared/data/pages/feeds"
NOON = datetime(2026, 2, 18, 12, tzinfo=UTC)
WORDS = ["harbour", "fire", "ships", "port", "said", "minister", "water", "smoke", "crew", "night", "people", "hurt"]
CONTEXT = Context(address="https://example.org/feed", now=NOON)


def main() -> None:
    print(f"{'feeds':34} {'kB each':>8} {'entries':>8} {'cold':>8} {'warm':>8} {'fastfeedparser':>15}")  # noqa: T201
    total = [0.0, 0.0, 0.0]
    for name, make, count in (("RSS, whole articles", articles, 67), ("RSS, teasers", teasers, 67), ("Atom", atom, 66)):
        feeds = [make(random.Random(seed)) for seed in range(count)]  # noqa: S311 - the same feeds each time
        for at, seconds in enumerate(_print(f"{count} x {name}", feeds)):
            total[at] += seconds
    print(f"{f'{FEEDS} feeds':52} {total[0]:6.2f} s {total[1]:6.2f} s {total[2]:13.2f} s")  # noqa: T201
    for path in [Path(name) for name in sys.argv[1:]] or sorted(SAMPLES.glob("*.xml")):
        _print(path.name, [path.read_bytes()] * 5)


def _print(name: str, feeds: Sequence[bytes]) -> tuple[float, float, float]:
    entries = sum(len(read(feed, CONTEXT).entries) for feed in feeds[:1])
    cold = warm = theirs = 0.0
    for feed in feeds:
        forget()
        cold += _timed(lambda feed: read(feed, CONTEXT), feed)
        warm += _timed(lambda feed: read(feed, CONTEXT), feed)
        theirs += _timed(fastfeedparser.parse, feed)
    size = sum(map(len, feeds)) / len(feeds) / 1000
    print(f"{name:34} {size:8.0f} {entries:8} {cold:6.2f} s {warm:6.2f} s {theirs:13.2f} s")  # noqa: T201
    return cold, warm, theirs


def _timed(read_one: Callable[[bytes], object], feed: bytes) -> float:
    """Seconds of processor time."""
    began = time.process_time()
    read_one(feed)
    return time.process_time() - began


def _paragraph(chance: random.Random) -> str:
    words = [chance.choice(WORDS) for _ in range(60)]
    words[5] = f"<b>{words[5]}</b>"
    words[20] = f'<a href="https://example.org/{chance.random()}">{words[20]}</a>'
    return f"<p>{' '.join(words)}.</p>"


def _filled(chance: random.Random, item: Callable[[str, datetime, random.Random], str], frame: str) -> bytes:
    parts: list[str] = []
    size = 0
    while size < SIZE:
        moment = NOON - timedelta(minutes=7 * len(parts))
        parts.append(item(f"https://example.org/{len(parts)}", moment, chance))
        size += len(parts[-1])
    return frame.format(items="".join(parts)).encode()


def articles(chance: random.Random) -> bytes:
    def item(key: str, moment: datetime, chance: random.Random) -> str:
        body = "".join(_paragraph(chance) for _ in range(10))
        return (
            f"<item><title>News of {key}</title><link>{key}</link><guid>{key}</guid>"
            f"<pubDate>{moment:%a, %d %b %Y %H:%M:%S} GMT</pubDate><description>A teaser.</description>"
            f'<media:content url="{key}.jpg" medium="image"/>'
            f"<content:encoded><![CDATA[{body}]]></content:encoded></item>"
        )

    return _filled(chance, item, _RSS)


def teasers(chance: random.Random) -> bytes:
    def item(key: str, moment: datetime, chance: random.Random) -> str:
        words = " ".join(chance.choice(WORDS) for _ in range(30))
        return (
            f"<item><title>News of {key}</title><link>{key}</link><guid isPermaLink='false'>{key}</guid>"
            f"<pubDate>{moment:%a, %d %b %Y %H:%M:%S} +0000</pubDate><description>{words}</description>"
            f"<category>News</category></item>"
        )

    return _filled(chance, item, _RSS)


def atom(chance: random.Random) -> bytes:
    def item(key: str, moment: datetime, chance: random.Random) -> str:
        body = escape("".join(_paragraph(chance) for _ in range(5)))
        return (
            f"<entry><title>News of {key}</title><link href='{key}'/><id>{key}</id>"
            f'<updated>{moment.isoformat()}</updated><content type="html">{body}</content></entry>'
        )

    return _filled(chance, item, '<feed xmlns="http://www.w3.org/2005/Atom"><title>Harbour</title>{items}</feed>')


_RSS = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Harbour</title>{items}</channel></rss>'
)

if __name__ == "__main__":
    main()
