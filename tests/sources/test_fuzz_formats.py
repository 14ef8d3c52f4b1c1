"""Whatever a page's bytes become on their way: a Page, or a sentence that says why there is none.

About 5,000 mutations of all samples, the small ones oftener, within some twenty seconds; `DATELINE_FUZZ=100000` makes
as many as it says, however long it takes. A failure names the sample and the seed that brings it back.
"""

from __future__ import annotations

import copy
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sources import FORMATS, Context, UnreadablePage, read
from storage.models import Page

PAGES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "pages"
OWN = Path(__file__).parent / "pages"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ASKED = int(os.environ.get("DATELINE_FUZZ", "0"))
MUTATIONS = ASKED or 5000
SECONDS = float("inf") if ASKED else 25.0
KINDS = {".json", ".jsonl", ".html", ".xml", ".txt"}

NASTY = [
    b"\0", b"\xff\xfe", b"\xc3", b"\xed\xa0\x80", b'"', b"\\", b"\\ud83d", b"\\u0000", b"[" * 300, b'{"a":' * 300, b"}",
    b",", b"1e999", b"-0", b"NaN", b"9" * 5000, b"null", b"<", b"</", b"<div>" * 400, b"</div>" * 50, b"<![CDATA[",
    b"]]>", b"<!--", b"-->", b"&#x110000;", b"&#0;", b"&amp;amp;", b"&nope;", b"<script>", b"</script>",
    b"<!DOCTYPE x [", b"31 February 2016", b"99:99 GMT", b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00",
    b"\r", b"\t" * 99,
]  # fmt: skip
ODD: list[Any] = [
    None, True, False, 0, -1, 1, 10**30, -(10**15), 1e308, 1.5, "", " ", "x" * 3000, "\ud800", "\0", "0001-01-01",
    "javascript:alert(1)", "http://[::1", "//", "<p>&#x110000;<b>", "<div>" * 500, [], {}, [[]], [None], {"id": None},
    [[[[[[[["deep"]]]]]]]], {"model": {"blocks": [7]}}, {"html": ["<p>"]}, "true", "1e5", "9" * 4000,
]  # fmt: skip


def samples() -> list[Path]:
    found = [path for folder in (PAGES, OWN) if folder.is_dir() for path in sorted(folder.rglob("*"))]
    return [path for path in found if path.suffix in KINDS and "expected" not in path.name]


def shares(paths: list[Path]) -> Iterator[tuple[Path, int]]:
    """How many mutations of each: the fewer, the longer one takes."""
    weights = [1 / (path.stat().st_size + 15_000) for path in paths]
    for path, weight in zip(paths, weights, strict=True):
        yield path, max(5, round(MUTATIONS * weight / sum(weights)))


# --- mutations ------------------------------------------------------------------------------------------------------


def piece(chance: random.Random, data: bytes, longest: int = 2000) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.randint(1, longest))


def truncated(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)] if chance.random() < 0.8 else data[chance.randrange(len(data) + 1) :]


def doubled(chance: random.Random, data: bytes) -> bytes:
    start, end = piece(chance, data) if chance.random() < 0.9 else (0, len(data))
    return data[:end] + data[start:end] * chance.choice([1, 1, 1, 7]) + data[end:]


def cut(chance: random.Random, data: bytes) -> bytes:
    start, end = piece(chance, data)
    return data[:start] + data[end:]


def reordered(chance: random.Random, data: bytes) -> bytes:
    (a, b), (c, d) = sorted([piece(chance, data), piece(chance, data)])
    return data if b > c else data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def flipped(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 3, 20]) if data else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def spiked(chance: random.Random, data: bytes) -> bytes:
    start, end = piece(chance, data, 20)
    return data[:start] + chance.choice(NASTY) + data[end if chance.random() < 0.3 else start :]


BYTES = [truncated, doubled, cut, reordered, flipped, spiked, spiked]


def restructured(chance: random.Random, document: Any) -> bytes:
    """One to three nodes changed: another value, gone, doubled, another node's. The document stays as it is."""
    undo: list[Callable[[], None]] = []
    for _ in range(chance.choice([1, 1, 2, 3])):
        box, key = node(chance, document)
        if box is None:
            continue
        before: Any = box.copy()
        undo.append(lambda box=box, before=before: restore(box, before))  # type: ignore[misc]
        kind = chance.randrange(6)
        if kind <= 2:
            box[key] = copy.deepcopy(chance.choice(ODD))
        elif kind == 3:
            del box[key]
        elif kind == 4 and isinstance(box, list):
            box.extend(box[: chance.choice([1, 20])])
        else:
            other, at = node(chance, document)
            box[key] = json.loads(json.dumps(other[at])) if other is not None else None
    data = json.dumps(document, ensure_ascii=chance.random() < 0.8)
    for back in reversed(undo):
        back()
    return data.encode("utf-8", "surrogatepass")


def node(chance: random.Random, document: Any) -> tuple[Any, Any]:
    """A place in a document, found from the top, so that shallow ones come oftener."""
    box, key, value = None, None, document
    while isinstance(value, (dict, list)) and value and (box is None or chance.random() < 0.85):
        box, key = value, chance.choice(list(value)) if isinstance(value, dict) else chance.randrange(len(value))
        value = box[key]
    return box, key


def restore(box: Any, before: Any) -> None:
    box.clear()
    if isinstance(box, dict):
        box.update(before)
    else:
        box.extend(before)


# --- what must hold -------------------------------------------------------------------------------------------------


def check(page: Page) -> None:
    keys = [entry.key for entry in page.entries]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert not set(page.deleted) & set(keys)
    times = [entry.published_at for entry in page.entries]
    assert all(at.utcoffset() == timedelta(0) for at in times)
    assert times == sorted(times, reverse=True)
    for entry in page.entries:
        assert all(0 <= span.start <= span.end <= len(entry.text) for span in entry.spans)
        page.model_dump_json()  # nothing that UTF-8 cannot hold


def read_both_ways(data: bytes, name: str, own: str) -> None:
    """As what they look like, and as what they were."""
    context = Context(address=name, now=NOW)
    for format in dict.fromkeys((format_of(data, context), own)):  # noqa: A001  (the config's own word)
        try:
            check(read(data, context, format))
        except UnreadablePage as error:
            sentence = str(error)
            assert name in sentence or "format" in sentence
            assert len(sentence) < 1000


def format_of(data: bytes, context: Context) -> str:
    return next((name for name, known in FORMATS.items() if known.sniff(data, context)), "auto")


@pytest.mark.skipif(not samples(), reason=f"the samples are not here: {PAGES}")
def test_mutations() -> None:
    deadline = time.monotonic() + SECONDS
    made = 0
    queue = [(path, seed) for path, share in shares(samples()) for seed in range(share)]
    random.Random(1).shuffle(queue)  # noqa: S311  (no secret)
    loaded: dict[Path, tuple[bytes, Any, str]] = {}
    for path, seed in queue:
        if path not in loaded:
            data = path.read_bytes()
            document = json.loads(data) if path.suffix == ".json" else None
            loaded[path] = data, document, format_of(data, Context(address=path.name, now=NOW))
        data, document, own = loaded[path]
        chance = random.Random(f"{path.name}/{seed}")  # noqa: S311
        is_tree = document is not None and chance.random() < 0.6
        mutated = restructured(chance, document) if is_tree else chance.choice(BYTES)(chance, data)
        try:
            read_both_ways(mutated, path.name, own)
        except Exception as error:
            raise AssertionError(f"{path.name}, seed {seed}: {type(error).__name__}: {error}") from error
        made += 1
        if time.monotonic() > deadline:
            break
    assert made >= min(len(queue), 500)


@pytest.mark.parametrize("format", list(FORMATS))
@pytest.mark.parametrize(
    "data",
    [b"", b" ", b"\0", b"{}", b"[]", b"null", b"0", b'""', b"{", b"[" * 100_000, b'{"a":' * 100_000, b"<" * 100_000,
     b"<div>" * 100_000, b"\xff" * 1000, b"9" * 100_000, b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0", b"<html></html>",
     b'<?xml version="1.0"?><rss/>', b"%PDF-1.4", b"[[]]", b"[null]", b"[7]"],
)  # fmt: skip
def test_documents_that_are_nothing(format: str, data: bytes) -> None:  # noqa: A002
    read_both_ways(data, "nothing", format)
    context = Context(address="nothing", now=NOW)
    assert FORMATS[format].sniff(data, context) in (True, False)
