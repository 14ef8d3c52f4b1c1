"""WordPress's Live Blog: pages of entries, and sets of changes."""

from __future__ import annotations

from typing import Any

import pytest
from readings import known, loaded, needs_samples, page_of, sample

from bot.sources import UnreadablePage
from bot.sources.diff import diff
from storage.models import Standing

NOON = 1_511_870_400


def change(key: object, kind: str = "new", said: str = "test", at: int | None = 0, **more: Any) -> dict[str, Any]:
    times = (
        {} if at is None else {"timestamp": NOON + at, "entry_time": NOON + int(key) if str(key).isdigit() else NOON}
    )
    return {"id": key, "type": kind, "content": said, "render": f"<p>{said}</p>\n"} | times | more


def changes(*entries: object) -> dict[str, Any]:
    return {"entries": list(entries), "latest_timestamp": NOON, "refresh_interval": 10, "pages": 1}


@needs_samples
def test_page_of_equal_entries() -> None:
    found = page_of(sample("wordpress-liveblog/rest-api.json"))
    assert (found.format, len(found.entries), found.deleted) == ("wordpress", 5, ())
    assert [entry.key for entry in found.entries] == ["2977", "2976", "2975", "2974", "2973"]
    assert {entry.text for entry in found.entries} == {"This is some test content"}
    assert {f"{entry.published_at:%Y-%m-%dT%H:%M:%S}" for entry in found.entries} == {"2017-11-28T12:43:31"}
    assert found.covers_from == found.entries[-1].published_at  # page 1 of 3


@needs_samples
def test_change_set_of_the_plug_in() -> None:
    """Its own expected result; its samples have no times, which real answers do have."""
    recorded: Any = loaded("wordpress-liveblog/applyUpdate-new-update-delete.json")
    before = [change(e["id"], e["type"], e["content"]) for e in recorded["currentEntries"].values()]
    after = [change(e["id"], e["type"], e["content"], at=60) for e in recorded["newEntries"]]
    found = page_of(changes(*before, *after))
    expected = {str(entry["id"]): entry["content"] for entry in recorded["expectedEntries"].values()}
    assert {entry.key: entry.text for entry in found.entries} == expected
    assert len(found.entries) == 3
    assert found.deleted == ("2",)


def test_changes_meet_what_is_known() -> None:
    store = known(page_of(changes(change(1), change(2), change(3))))
    found = page_of(changes(change(4, at=9), change(3, "update", "updated", at=9), change(2, "delete", "", at=9)))
    assert found.covers_from is None  # entry 1 is not missing
    result = diff(store, found)
    assert [added.entry.key for added in result.added] == ["4"]
    assert [(c.known.key, c.entry.text) for c in result.corrected] == [("3", "updated")]
    assert [(r.known.key, r.standing) for r in result.retracted] == [("2", Standing.DELETED)]
    assert not result.absences


def test_repeats_and_order() -> None:
    newest_first = [change(1, "update", "third", 30), change(1, "update", "second", 20), change(1, at=10)]
    assert [entry.text for entry in page_of(changes(*newest_first, newest_first[0])).entries] == ["third"]
    as_they_stand = [change(1, "update", "second", None, entry_time=NOON), change(1, "update", "third", None)]
    [entry] = page_of(changes(*as_they_stand)).entries
    assert (entry.text, int(entry.published_at.timestamp())) == ("third", NOON)


def test_brought_back_after_a_deletion() -> None:
    found = page_of(changes(change(1), change(1, "delete", at=5), change(1, "new", "again", at=9)))
    assert ([entry.text for entry in found.entries], found.deleted) == (["again"], ())


def test_an_edit_keeps_the_time_of_the_original() -> None:
    [entry] = page_of(changes(change(7, "update", "new words", at=3600))).entries
    assert int(entry.published_at.timestamp()) == NOON + 7


@pytest.mark.parametrize(("page", "covers"), [(1, True), (2, False), (None, False), ("1", True)])
def test_only_the_first_page_is_a_window(page: object, covers: bool) -> None:
    found = page_of({"entries": [change(1)], "page": page, "pages": 3})
    assert (found.covers_from is not None) is covers


def test_rendered_words_and_key_events() -> None:
    html = '<p><span class="liveblog-command type-key">key</span> Polls <b>close</b></p>'
    link = "https://example.org/live#7"
    [entry] = page_of(changes(change(7, render=html, key_event=True, share_link=link))).entries
    assert (entry.text, entry.is_key, entry.url) == ("Polls close", True, link)
    assert [span.kind for span in entry.spans] == ["bold"]


def test_changes_that_are_none() -> None:
    found = page_of(changes(change(1), {"id": 2}, {"type": "new", "timestamp": NOON}, 7, {"type": "delete"}))
    assert [entry.key for entry in found.entries] == ["1"]
    assert "4 of 5 changes" in found.warnings[0]
    with pytest.raises(UnreadablePage, match="no list of entries"):
        page_of({"entries": {}}, format="wordpress")


@pytest.mark.parametrize(("said", "asks"), [(30, 30.0), ("30", 30.0), ("soon", None), (None, None)])
def test_the_pace_that_the_site_asks_for(said: object, asks: float | None) -> None:
    assert page_of(changes(change(1)) | {"refresh_interval": said}).asks == asks
