"""What is remembered of a reading: within its bound, and the same as what a first reading gives."""

from __future__ import annotations

from bot.sources.remembered import Remembered, forget
from bot.sources.richhtml import from_html


def test_what_was_asked_for_since_stays() -> None:
    known: Remembered[str, int] = Remembered(160)
    known.put("asked", 1, 10)
    for n in range(100):
        known.put(f"other {n}", n, 10)
        assert known.get("asked") == 1
        assert len(known) <= 16
    assert known.get("other 0") is None
    assert known.get("other 99") == 99


def test_what_would_push_out_much_is_not_kept() -> None:
    known: Remembered[str, int] = Remembered(160)
    known.put("large", 1, 11)
    assert known.get("large") is None


def test_a_second_reading_is_the_first() -> None:
    html = "<p>Ships <b>left</b> the <a href='/port'>port</a>.</p>"
    first = from_html(html, "https://one.example/")
    assert from_html(html, "https://one.example/") is first
    assert from_html(html, "https://two.example/").spans[1].url == "https://two.example/port"
    forget()
    assert from_html(html, "https://one.example/") == first
