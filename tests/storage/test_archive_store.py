"""Stories, entries and their revisions, the log, messages, and who said what."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection
from storing import NEWS, NOON, at, changed, content, follow, kept_messages, publish, sent, showing, shown, story

from storage import entries, messages, quotes, stories
from storage.database import Database
from storage.models import (
    EventKind,
    FoundQuote,
    Media,
    MessageKind,
    SeenRole,
    Shown,
    Span,
    Speaker,
    Standing,
)
from storage.quotes import Place

# --- stories --------------------------------------------------------------------------------------------------------


async def test_a_story_keeps_what_its_readings_found_when_it_is_put_again(database: Database) -> None:
    async with database.write() as connection:
        first = await story(connection)
        await stories.change(connection, first.id, title="Fire", etag='"1"', next_poll_at=at(5), first_read_at=NOON)
        again = await story(connection, every=5.0)
    assert (again.id, again.title, again.etag, again.next_poll_at, again.every) == (first.id, "Fire", '"1"', at(5), 5.0)


async def test_a_story_with_a_new_source_is_read_at_once_and_anew(database: Database) -> None:
    async with database.write() as connection:
        first = await story(connection)
        await stories.change(connection, first.id, etag='"1"', body_hash="x", next_poll_at=at(5), failures=3)
        moved = await story(connection, source="https://example.net/other")
        assert [one.id for one in await stories.due(connection, NOON)] == [first.id]
    assert (moved.etag, moved.body_hash, moved.next_poll_at, moved.failures) == (None, None, None, 0)


async def test_a_story_that_is_no_longer_named_is_kept_and_not_read(database: Database) -> None:
    async with database.write() as connection:
        for slug in ("harbour", "summit"):
            await story(connection, slug)
        assert await stories.unwatch_others(connection, ["summit"]) == ["harbour"]
        assert await stories.unwatch_others(connection, ["summit"]) == []
        assert [one.slug for one in await stories.due(connection, NOON)] == ["summit"]
        assert [one.slug for one in await stories.all_of(connection)] == ["harbour", "summit"]
        await story(connection, "harbour")
        assert len(await stories.due(connection, NOON)) == 2
        assert await stories.unwatch_others(connection, []) == ["harbour", "summit"]


async def test_the_longest_wait_is_read_first(database: Database) -> None:
    async with database.write() as connection:
        for slug, minutes in (("a", 3), ("b", 1), ("c", 9)):
            made = await story(connection, slug)
            await stories.change(connection, made.id, next_poll_at=at(minutes))
        await story(connection, "new")
        assert [one.slug for one in await stories.due(connection, at(5))] == ["new", "b", "a"]
        assert await stories.next_due(connection) == at(1)


# --- entries --------------------------------------------------------------------------------------------------------

RICH = content(
    "Read “this” \N{FIRE} & that.",
    3,
    title="A title",
    spans=(
        Span(start=5, end=11, kind="link", url="https://example.org/?a=1&b=2"),
        Span(start=0, end=4, kind="tweet", author="ann"),
    ),
    media=(Media(kind="image", url="https://example.org/1.png", caption="Smoke"),),
    is_key=True,
    url="https://example.org/live#3",
)


async def test_an_entry_comes_back_as_it_was_kept(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        entry_id = await entries.add(connection, told.id, "k", RICH, at(4), is_late=True)
    async with database.read() as connection:
        entry = await entries.by_id(connection, entry_id)
    assert entry is not None
    for name in type(RICH).model_fields:
        assert getattr(entry, name) == getattr(RICH, name), name
    assert (entry.number, entry.added_at, entry.at, entry.is_late, entry.published_seq) == (1, at(4), at(4), True, None)
    assert entry.links[0].text == "“this”"


async def test_times_of_other_zones_come_back_in_utc(database: Database) -> None:
    madrid = datetime(2016, 3, 15, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    async with database.write() as connection:
        told = await story(connection)
        entry_id = await entries.add(connection, told.id, "k", content(published_at=madrid), madrid)
        entry = await entries.by_id(connection, entry_id)
    assert entry is not None
    for moment in (entry.published_at, entry.added_at, entry.at):
        assert moment.isoformat() == "2016-03-14T23:30:00+00:00"


async def test_a_correction_adds_and_overwrites_nothing(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        entry_id = await publish(connection, told.id, "k")
        await entries.count_absences(connection, {entry_id: 2})
        assert await entries.revise(connection, entry_id, content("Corrected.", 1), at(9)) == 2
        assert await entries.revise(connection, entry_id, content("Gone.", 1), at(10), Standing.DELETED) == 3
        kept = await entries.revisions_of(connection, [entry_id])
        entry = await entries.by_id(connection, entry_id)
    assert [revision.text for _, revision in sorted(kept.items())] == ["News k.", "Corrected.", "Gone."]
    assert entry is not None
    assert (entry.number, entry.standing, entry.published_at, entry.absences) == (3, Standing.DELETED, at(1), 0)
    assert not entry.is_sendable


async def test_the_log_counts_from_one_in_each_story(database: Database) -> None:
    async with database.write() as connection:
        for slug in ("harbour", "summit"):
            told = await story(connection, slug)
            for number in range(3):
                entry_id = await publish(connection, told.id, str(number), number)
            await entries.append(connection, told.id, [(EventKind.CORRECTED, entry_id, 2)], at(9), is_bulk=True)
            log = await entries.log(connection, told.id, 1, 4)
            assert [(event.seq, event.kind.value, event.is_bulk) for event in log] == [
                (2, "published", False),
                (3, "published", False),
                (4, "corrected", False),
            ]
            assert await entries.log(connection, told.id, 4, 4) == []
            entry = await entries.by_id(connection, entry_id)
            assert entry is not None
            assert entry.published_seq == 3


async def test_many_in_one_reading_are_marked(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        ids = [await entries.add(connection, told.id, str(one), content(), NOON) for one in range(2)]
        await entries.append(connection, told.id, [(EventKind.PUBLISHED, one, 1) for one in ids], NOON, is_bulk=True)
        await entries.append(connection, told.id, [], NOON)
        assert [event.is_bulk for event in await entries.log(connection, told.id, 0, 2)] == [True, True]


async def test_what_fails_halfway_leaves_no_gap_in_the_log(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)

    async def fail() -> None:
        async with database.write() as connection:
            await publish(connection, told.id, "k")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.write() as connection:
        await publish(connection, told.id, "k")
        assert [event.seq for event in await entries.log(connection, told.id, 0, 9)] == [1]


async def test_the_newest_entries_page_by_page(database: Database) -> None:
    """Twins share a minute; what says nothing or was taken down is not counted."""
    async with database.write() as connection:
        told = await story(connection)
        for key, minutes in (("a", 1), ("b", 2), ("c", 2), ("d", 3)):
            await publish(connection, told.id, key, minutes)
        await entries.add(connection, told.id, "empty", content("", 4), NOON)
        gone = await publish(connection, told.id, "gone", 5)
        await entries.revise(connection, gone, content("x", 5), NOON, Standing.DELETED)

        newest = await entries.newest(connection, told.id, 2)
        older = await entries.newest(connection, told.id, 2, before=newest[-1])
        newer = await entries.newest(connection, told.id, 2, after=older[0])
        assert [entry.key for entry in newest] == ["d", "c"]
        assert [entry.key for entry in older] == ["b", "a"]
        assert newer == newest
        assert [entry.key for entry in await entries.newest(connection, told.id, 9, since=at(2))] == ["d", "c", "b"]
        assert await entries.count(connection, told.id) == 4
        assert await entries.count_newer(connection, told.id, since=at(2)) == 3
        assert await entries.count_newer(connection, told.id, than=newest[-1]) == 1
        assert await entries.count_newer(connection, told.id, than=older[-1], since=at(2)) == 3


async def test_more_ids_than_one_query_takes(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        ids = [await entries.add(connection, told.id, str(one), content(), NOON) for one in range(501)]
        assert sorted(await entries.by_ids(connection, [*ids, *ids, 10**9])) == ids
        assert len(await entries.revisions_of(connection, ids)) == 501


# --- messages -------------------------------------------------------------------------------------------------------


async def test_a_message_is_kept_with_what_it_shows(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        ids = [await publish(connection, told.id, str(one), one) for one in range(3)]
        place = await follow(connection, 1, told.id)
        row = await sent(connection, place, 77, NEWS, [shown(ids[1]), shown(ids[0])], at(1), missed=4)
        other = await follow(connection, 2, told.id)
        await sent(connection, other, 78, NEWS, [shown(ids[0])], at(1))

        [message] = await showing(connection, place, [ids[0]])
        assert (message.id, message.message_id, message.sent_at, message.missed) == (row, 77, at(1), 4)
        assert [one.entry_id for one in message.shows] == [ids[1], ids[0]]
        assert await showing(connection, place, [ids[2]]) == []

        await changed(connection, place, edited=(row, (Shown(entry_id=ids[0], first=1, revision=3, told=2),)))
        [message] = await kept_messages(connection, place)
        assert message.shows == (shown(ids[1]), Shown(entry_id=ids[0], first=1, revision=3, told=2))

        await changed(connection, place, frozen=row)
        assert (await kept_messages(connection, place))[0].is_frozen
        await changed(connection, place, deleted=message)
        assert await kept_messages(connection, place) == []


async def test_a_message_of_unknown_outcome_is_kept_as_shown_and_never_edited(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        entry_id = await publish(connection, told.id, "k")
        place = await follow(connection, 1, told.id)
        await sent(connection, place, None, NEWS, [shown(entry_id)], NOON)
        [message] = await showing(connection, place, [entry_id])
    assert (message.message_id, message.is_frozen) == (None, True)


async def test_a_message_that_shows_no_entry_is_kept_too(database: Database) -> None:
    async with database.write() as connection:
        place = await follow(connection, 1, (await story(connection)).id)
        await sent(connection, place, 5, MessageKind.RECAP, [], NOON)
        [message] = await kept_messages(connection, place)
    assert (message.kind, message.shows) == (MessageKind.RECAP, ())


async def test_old_messages_are_forgotten_in_small_steps(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        entry_id = await publish(connection, told.id, "k")
        place = await follow(connection, 1, told.id)
        for minute in range(7):
            await sent(connection, place, minute, NEWS, [shown(entry_id)], at(minute))
        assert [await messages.prune(connection, at(5), 2) for _ in range(4)] == [2, 2, 1, 0]
        assert [message.message_id for message in await kept_messages(connection, place)] == [5, 6]
        left = await connection.exec_driver_sql("SELECT count(*) FROM message_entries")
        assert left.scalar() == 2


# --- who said what --------------------------------------------------------------------------------------------------

PUTIN = Speaker(
    name="Vladimir Putin",
    aliases=("Putin", "the president"),
    roles=(SeenRole(role="President", seen_at=at(1)), SeenRole(role="Commander")),
    gender="m",
)
STATEMENT = Speaker(name="The joint statement", is_person=False)


def _quote(text: str, start: int, speaker: Speaker | None = None) -> FoundQuote:
    end = start + len(text)
    return FoundQuote(
        text=text,
        start=start,
        end=end,
        parts=((start, start + 2), (start + 2, end)),
        speaker=speaker.name if speaker else None,
        role="President" if speaker else None,
        cue="said" if speaker else None,
        confidence="explicit" if speaker else "none",
    )


async def test_the_register_comes_back_in_its_order(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        ids = await quotes.save_register(connection, told.id, [PUTIN, STATEMENT])
        assert await quotes.register(connection, told.id) == list(zip(ids, [PUTIN, STATEMENT], strict=True))
        assert await quotes.speaker(connection, ids[1]) == (told.id, STATEMENT)
        assert await quotes.speaker(connection, 999) is None


async def test_a_speaker_who_becomes_better_known_keeps_the_id(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        ids = await quotes.save_register(connection, told.id, [Speaker(name="Putin"), STATEMENT])
        third = Speaker(name="Sergey Lavrov")
        again = await quotes.save_register(connection, told.id, [PUTIN, STATEMENT, third])
        assert again[:2] == ids
        assert [speaker for _, speaker in await quotes.register(connection, told.id)] == [PUTIN, STATEMENT, third]
        other = await story(connection, "summit")
        assert await quotes.register(connection, other.id) == []


async def _listed(connection: AsyncConnection, which: sa.ColumnElement[bool], limit: int, **place: Place) -> list[str]:
    return [quote.text for quote in await quotes.newest(connection, which, limit, **place)]


async def test_quotes_are_listed_page_by_page(database: Database) -> None:
    """From any of them on, to either side; entries of the same minute, several quotes in one entry."""
    async with database.write() as connection:
        told = await story(connection)
        [putin, _] = await quotes.save_register(connection, told.id, [PUTIN, STATEMENT])
        for key, minutes in (("a", 1), ("b", 1), ("c", 2)):
            entry_id = await publish(connection, told.id, key, minutes)
            said = [(_quote(f"“{key}{start}”", start, PUTIN), putin) for start in (3, 1, 2)]
            await quotes.replace(connection, told.id, entry_id, said)
        for which in (quotes.of_story(told.id), quotes.by(putin)):
            found = await quotes.newest(connection, which, 99)
            texts = [quote.text for quote in found]
            assert texts == [f"“{key}{start}”" for key in "cba" for start in (1, 2, 3)]
            for at_, quote in enumerate(found):
                place = quotes.place_of(quote)
                assert place == await quotes.place_in(connection, quote.entry_id, quote.start)
                assert await _listed(connection, which, 2, before=place) == texts[at_ + 1 : at_ + 3]
                assert await _listed(connection, which, 2, after=place) == texts[max(0, at_ - 2) : at_]
                assert await quotes.count_newer(connection, which, place) == at_
        assert await quotes.place_in(connection, 999, 1) is None


async def test_the_numbers_that_are_kept_are_those_that_counting_gives(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        [putin, statement] = await quotes.save_register(connection, told.id, [PUTIN, STATEMENT])
        ids = [await publish(connection, told.id, str(one), one) for one in range(4)]
        said = (_quote("“One”", 0, PUTIN), putin)
        for entry_id in ids:
            await quotes.replace(connection, told.id, entry_id, [said, said, (_quote("“Two”", 9), None)])
        await quotes.replace(connection, told.id, ids[0], [(said[0], statement)])
        await entries.revise(connection, ids[1], content("Gone."), NOON, Standing.DELETED)
        await quotes.replace(connection, told.id, ids[1], [said])
        await entries.revise(connection, ids[2], content(""), NOON)
        assert await quotes.counts(connection, told.id) == {putin: 4, statement: 1, None: 2}
        assert await quotes.count_by(connection, putin) == 4
        assert await quotes.count_of_story(connection, told.id) == 5
        assert await entries.count(connection, told.id) == 2

        await entries.revise(connection, ids[1], content("Here again."), NOON)
        await entries.revise(connection, ids[2], content("Says something.", 7), NOON)
        assert await quotes.counts(connection, told.id) == {putin: 5, statement: 1, None: 2}
        assert await entries.count(connection, told.id) == 4
        assert [quote.published_at for quote in await quotes.newest(connection, quotes.by(putin), 2)] == [at(7), at(7)]


async def test_quotes_come_back_newest_first_and_whole(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        old, new = await publish(connection, told.id, "a", 1), await publish(connection, told.id, "b", 2)
        [putin, statement] = await quotes.save_register(connection, told.id, [PUTIN, STATEMENT])
        first, second, third = _quote("“One”", 0, PUTIN), _quote("“Two”", 9, PUTIN), _quote("“Three”", 3, STATEMENT)
        await quotes.replace(connection, told.id, old, [(third, statement), (_quote("“Who?”", 20), None)])
        await quotes.replace(connection, told.id, new, [(second, putin), (first, putin)])

        assert await _listed(connection, quotes.of_story(told.id), 9) == ["“One”", "“Two”", "“Three”"]
        [one, two] = await quotes.newest(connection, quotes.by(putin), 9)
        assert FoundQuote.model_validate(one.model_dump(include=set(FoundQuote.model_fields))) == first
        assert (one.entry_id, one.published_at, one.stamp, two.parts) == (new, at(2), "12:02 GMT", second.parts)
        assert await quotes.counts(connection, told.id) == {putin: 2, statement: 1, None: 1}
        by_entry = await quotes.of_entries(connection, [old, new])
        assert [quote.text for quote in by_entry[old]] == ["“Three”", "“Who?”"]

        await quotes.replace(connection, told.id, new, [])
        assert await quotes.counts(connection, told.id) == {statement: 1, None: 1}


async def test_quotes_of_what_was_taken_down_are_not_repeated(database: Database) -> None:
    async with database.write() as connection:
        told = await story(connection)
        ids = [await publish(connection, told.id, str(one), one) for one in range(2)]
        [putin] = await quotes.save_register(connection, told.id, [PUTIN])
        for entry_id in ids:
            await quotes.replace(connection, told.id, entry_id, [(_quote("“One”", 0, PUTIN), putin)])
        await entries.revise(connection, ids[0], content("x"), NOON, Standing.DELETED)
        await entries.revise(connection, ids[1], content("x"), NOON, Standing.ABSENT)
        assert [quote.entry_id for quote in await quotes.newest(connection, quotes.by(putin), 9)] == [ids[1]]
        assert await quotes.counts(connection, told.id) == {putin: 1}


async def test_many_new_entries_take_few_statements(database: Database) -> None:
    """A push of ten thousand held the only writer for half a minute, at four statements an entry."""
    statements = 0

    def count(*_: object) -> None:
        nonlocal statements
        statements += 1

    new = [entries.New(f"k{number}", content(f"News {number}.", number % 60)) for number in range(2000)]
    async with database.write() as connection:
        told = await story(connection)
        sa.event.listen(connection.sync_connection, "before_cursor_execute", count)
        ids = await entries.add_all(connection, told.id, new, NOON)
        await entries.append(connection, told.id, [(EventKind.PUBLISHED, one, 1) for one in ids], NOON)
    assert statements < 20
    async with database.read() as connection:
        known = {entry.id: entry for entry in await entries.known(connection, told.id)}
    assert [known[one].key for one in ids] == [one.key for one in new]
    assert [known[one].text for one in ids] == [one.content.text for one in new]
    assert [known[one].published_seq for one in ids] == list(range(1, 2001))
