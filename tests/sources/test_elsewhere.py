"""Which entries are asked for at addresses of their own, and how the answers complete the page."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from readings import NOW, known

from bot.sources import Context
from bot.sources.diff import diff
from bot.sources.elsewhere import AGAIN, MOST, completed, wanted
from bot.sources.fetch import Fetcher, SourceRefused
from bot.sources.gather import gather
from storage.models import Entry, Page, ParsedEntry, Standing


def stub(number: int, text: str = "") -> ParsedEntry:
    return ParsedEntry(key=str(number), published_at=NOW - timedelta(minutes=number), stamp="", text=text)


def page(*entries: ParsedEntry, address: str = "https://example.org/{}") -> Page:
    return Page(entries=entries, has_ids=True, elsewhere={entry.key: address.format(entry.key) for entry in entries})


def by_key(*entries: ParsedEntry, standing: Standing = Standing.SHOWN) -> dict[str, Entry]:
    there = known(Page(entries=entries))
    return {entry.key: entry.model_copy(update={"standing": standing}) for entry in there}


def test_the_newest_of_many_come_first_and_what_failed_comes_last() -> None:
    many = page(*map(stub, range(60)))
    assert wanted(many, {}, {}, NOW) == [str(number) for number in range(MOST)]
    failed: dict[str, datetime] = dict.fromkeys(map(str, range(MOST)), NOW)
    assert wanted(many, {}, failed, NOW) == [str(number) for number in range(MOST, 2 * MOST)]


def test_known_ones_are_looked_at_again_the_older_the_rarer() -> None:
    some = page(*(stub(number) for number in (0, 5, 600)))
    there = by_key(stub(0, "A"), stub(5, "B"), stub(600, "C"))
    assert wanted(some, there, {}, NOW) == ["0", "5", "600"]  # after a restart nobody knows
    asked = {"0": NOW, "5": NOW - timedelta(seconds=61), "600": NOW - timedelta(minutes=59)}
    assert wanted(some, there, asked, NOW) == ["5"]
    assert wanted(some, there, asked, NOW + timedelta(minutes=2)) == ["600", "5", "0"]
    many = page(*map(stub, range(60)))
    assert len(wanted(many, by_key(*(stub(number, "A") for number in range(30))), {}, NOW)) == MOST
    assert len(wanted(many, by_key(*(stub(number, "A") for number in range(60))), {}, NOW)) == AGAIN


def test_known_words_stay_and_unknown_ones_wait() -> None:
    there = by_key(stub(1, "One."))
    found = completed(page(stub(1), stub(2), stub(3)), there, {"2": Page(entries=(stub(2, "Two."),))})
    assert [(entry.key, entry.text) for entry in found.entries] == [("1", "One."), ("2", "Two.")]
    assert not diff(list(there.values()), found).corrected


def test_withdrawn_ones_come_back_only_by_their_own_answer() -> None:
    there = by_key(stub(1, "One."), standing=Standing.DELETED)
    assert completed(page(stub(1)), there, {}).entries == ()
    assert completed(page(stub(1)), there, {"1": Page(entries=(stub(1, "One."),))}).entries
    gone = completed(page(stub(1), stub(2)), by_key(stub(1, "One.")), {"1": Page(deleted=("1",))})
    assert (gone.entries, gone.deleted) == ((), ("1",))


def test_an_answer_about_another_one_is_none() -> None:
    found = completed(page(stub(1)), by_key(stub(1, "One.")), {"1": Page(entries=(stub(9, "Nine."),))})
    assert [entry.text for entry in found.entries] == ["One."]


async def test_a_page_sends_nobody_to_files_or_private_networks(tmp_path: Path) -> None:
    (tmp_path / "1").write_text("14/03/2016\n\n19:16 GMT\n\nSecret.\n")
    async with Fetcher() as fetcher:
        for address in (
            f"{tmp_path}/{{}}",
            f"file://{tmp_path}/{{}}",
            "http://127.0.0.1:9/{}",
            "http://169.254.169.254/{}",
        ):
            with pytest.raises(SourceRefused):
                await gather(fetcher, page(stub(1), address=address), Context(address="https://example.org/", now=NOW))
