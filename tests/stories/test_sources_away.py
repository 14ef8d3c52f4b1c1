"""Sources that are away, broken, hostile or over: the readers keep what they have, and the operator hears of it."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from newsroom import SLUG, Newsroom, containing, texts
from structlog.testing import capture_logs

from bot import pace, sources
from bot.sandbox import Chat
from bot.sources import Context
from storage import entries, stories
from storage.models import Entry, Page, Standing, Story, StoryState

FIRE = "The fire has spread to a second warehouse, Mayor Ana Duarte said."
Logs = Sequence[MutableMapping[str, Any]]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Newsroom]:
    """A newsroom with an administrator, Edith."""
    newsroom = Newsroom(tmp_path)
    newsroom.sections["telegram"] = {"admins": [newsroom.reader("Edith").id]}
    async with newsroom:
        yield newsroom


@pytest.fixture
async def ann(desk: Newsroom) -> Chat:
    """She follows the story, which has been read."""
    await desk.opens()
    chat = desk.reader("Ann")
    await desk.subscribes(chat)
    return chat


async def known(news: Newsroom) -> list[Entry]:
    async with news.app.database.read() as connection:
        return list(await entries.known(connection, (await news.story()).id))


async def story_of(news: Newsroom, slug: str) -> Story:
    async with news.app.database.read() as connection:
        found = await stories.by_slug(connection, slug)
    assert found is not None
    return found


def events(logs: Logs, name: str) -> list[MutableMapping[str, Any]]:
    return [line for line in logs if line["event"] == name]


async def fails(news: Newsroom, times: int = 1) -> None:
    """The page is asked again as soon as it may be, so many times."""
    for _ in range(times):
        moment = (await news.story()).next_poll_at
        assert moment is not None
        news.clock.advance(seconds=max(0.0, (moment - news.clock.now()).total_seconds()) + 0.01)
        await news.app.watcher.read_due()


# --- staying broken -------------------------------------------------------------------------------------------------


async def test_a_source_that_stays_broken_is_told_of_once_and_so_is_its_recovery(desk: Newsroom, ann: Chat) -> None:
    edith = desk.reader("Edith")
    desk.page.status = 500
    with capture_logs() as logs:
        await fails(desk, 2)
        assert not events(logs, "source_broken")
        await fails(desk, 10)  # the last ones a quarter of an hour apart
    broken = events(logs, "source_broken")
    assert broken[0]["failures"] == 3
    assert 2 <= len(broken) <= 3
    assert all(line["story"] == SLUG and "answers 500" in line["reason"] for line in broken)
    assert len(events(logs, "source_failed")) == 12

    desk.page.status = 200
    with capture_logs() as logs:
        await fails(desk, 2)
    assert len(events(logs, "source_recovered")) == 1
    await edith.until(lambda shown: len(shown) == 2)
    assert "cannot be read: " in edith.shown[0].text
    assert "can be read again" in edith.shown[1].text
    assert len(ann.shown) == 1


async def test_two_failures_are_nobodys_business(desk: Newsroom, ann: Chat) -> None:
    desk.page.status = 503
    with capture_logs() as logs:
        await fails(desk, 2)
        desk.page.status = 200
        await fails(desk)
    assert not events(logs, "source_broken")
    assert not events(logs, "source_recovered")
    assert not desk.reader("Edith").shown


async def test_recovery_is_told_by_another_process_too(desk: Newsroom, ann: Chat) -> None:
    desk.page.status = 500
    await fails(desk, 4)
    await desk.restarts()
    desk.page.status = 200
    desk.page.publish("19:16 GMT", FIRE)
    with capture_logs() as logs:
        await fails(desk)
        await desk.delivers()
    assert len(events(logs, "source_recovered")) == 1
    assert len(containing(ann, "second warehouse")) == 1


# --- what hostile servers send --------------------------------------------------------------------------------------

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Answer], None]
GOOD = b"Storm\n\n14/03/2016\n\n- **19:00 GMT**\n\nThe storm is near.\n\n- **18:50 GMT**\n\nFerries stay in port.\n"


def says(body: bytes, **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return answer


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"- **19:01 GMT**\n\nWords.\n\n" * 4000)


async def stuck(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(GOOD[:40])
    await asyncio.sleep(30)
    return response


async def round_and_round(request: web.Request) -> web.StreamResponse:
    raise web.HTTPFound(request.path)


@pytest.fixture
async def storm(tmp_path: Path) -> AsyncIterator[tuple[Newsroom, Serve]]:
    """A second story, whose server gives what it is told to."""
    answers = [says(GOOD)]

    async def handle(request: web.Request) -> web.StreamResponse:
        return await answers[-1](request)

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    server = TestServer(app)
    await server.start_server()
    async with Newsroom(tmp_path, fetch={"max_bytes": 2_000_000, "timeout": 2.0}) as news:
        news.more_stories.append({"slug": "storm", "source": str(server.make_url("/live"))})
        await news.app.read_stories(news.config())
        await news.opens()
        yield news, answers.append
    await server.close()


HOSTILE: dict[str, Answer] = {
    "50 MB": says(bytes(50_000_000)),
    "a bomb": says(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"),
    "endless": endless,
    "round and round": round_and_round,
    "100,000 nested tags": says(b"<html><body>" + b"<div>" * 100_000 + b"Words.", Content_Type="text/html"),
    "100,000 brackets": says(b"[" * 100_000, Content_Type="application/json"),
    "an entity bomb": says(
        b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "' + b"x" * 1000 + b'">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 100) for n in range(8))
        + b"]><rss><channel><title>&i;</title></channel></rss>",
        Content_Type="application/rss+xml",
    ),
    "a picture": says(b"\x89PNG....", Content_Type="image/png"),
    "a picture that says it is a page": says(b"\x89PNG\r\n\x1a\n" + bytes(1000), Content_Type="text/html"),
    "nothing": says(b""),
    "nothing, packed": says(b"", Content_Encoding="br"),
    "a login page": says(b"<html><title>Sign in</title><p>Please sign in to read on.</html>", Content_Type="text/html"),
    "a charset that is none": says(GOOD[:60] + b"\xff\xfe\x00\xd8", Content_Type="text/plain; charset=\x01x"),
    "zeros": says(bytes(100_000), Content_Type="text/plain"),
    "an unknown compression": says(GOOD, Content_Encoding="snappy"),
    "half a compression": says(gzip.compress(GOOD)[:-20], Content_Encoding="gzip"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
async def test_hostile_answers_change_nothing_and_are_named(storm: tuple[Newsroom, Serve], what: str) -> None:
    news, serve = storm
    before = await story_of(news, "storm")
    async with news.app.database.read() as connection:
        there = await entries.known(connection, before.id)
    assert len(there) == 2

    serve(HOSTILE[what])
    news.page.publish("19:16 GMT", FIRE)
    with capture_logs() as logs:
        await news.reads()
    named = [line for line in logs if line.get("story") == "storm" and line["log_level"] in ("warning", "error")]
    assert named, logs
    async with news.app.database.read() as connection:
        assert [(entry.id, entry.number, entry.standing) for entry in await entries.known(connection, before.id)] == [
            (entry.id, entry.number, Standing.SHOWN) for entry in there
        ]
    after = await story_of(news, "storm")
    assert after.next_poll_at is not None
    assert after.next_poll_at > news.clock.now() - timedelta(seconds=1)
    assert len(await known(news)) == 2  # the other story is read meanwhile

    serve(says(GOOD.replace(b"near", b"here")))
    await news.reads(minutes=2)
    assert (await story_of(news, "storm")).failures == 0


async def test_an_entry_under_100_000_tags_is_an_entry_or_a_warning(storm: tuple[Newsroom, Serve]) -> None:
    news, serve = storm
    before = await story_of(news, "storm")
    serve(says(b"<html><body>" + b"<div>" * 100_000 + b"<p>19:10 GMT Words.", Content_Type="text/html"))
    await news.reads()
    async with news.app.database.read() as connection:
        now = await entries.known(connection, before.id)
    assert {"The storm is near.", "Ferries stay in port."} <= {entry.text for entry in now}
    assert all(entry.standing is Standing.SHOWN for entry in now)
    after = await story_of(news, "storm")
    assert after.next_poll_at is not None
    assert after.next_poll_at > news.clock.now() - timedelta(seconds=1)


async def test_a_slow_source_delays_no_other(tmp_path: Path) -> None:
    gate = asyncio.Event()

    async def handle(request: web.Request) -> web.StreamResponse:
        await gate.wait()
        return web.Response(body=GOOD)

    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    server = TestServer(app)
    await server.start_server()
    async with Newsroom(tmp_path) as news:
        slow = [{"slug": f"slow{n}", "source": str(server.make_url(f"/{n}").with_host("localhost"))} for n in range(30)]
        news.more_stories.extend(slow)
        await news.app.read_stories(news.config())
        news.page.publish("19:16 GMT", FIRE)
        watching = asyncio.create_task(news.app.watcher.run())
        async with asyncio.timeout(5):
            while news.page.requests < 3:  # noqa: ASYNC110  (they are counted by a server)
                await asyncio.sleep(0.005)
        assert len(await known(news)) == 1
        gate.set()
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    await server.close()


async def test_a_parser_that_does_not_come_to_an_end(
    desk: Newsroom, ann: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = asyncio.Event()

    def hangs(data: bytes, context: Context, format: str = "auto") -> Page:  # noqa: A002  (as it is called)
        while not release.is_set():
            pass
        raise sources.UnreadablePage("too late")

    monkeypatch.setattr("bot.watch.PARSE_WITHIN", 0.03)
    monkeypatch.setattr(sources, "read", hangs)
    desk.page.publish("19:16 GMT", FIRE)
    with capture_logs() as logs:
        await desk.reads()
    release.set()
    [line] = events(logs, "source_failed")
    assert "was not understood within" in line["reason"]
    assert (await desk.story()).failures == 1


# --- what a host asks for -------------------------------------------------------------------------------------------


async def test_peace_for_a_host_is_peace_from_all_its_stories(desk: Newsroom, ann: Chat) -> None:
    other = await desk.also_covers("storm", "Storm", ("19:00 GMT", "The storm is near."))

    async def busy(request: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "600"})

    other.serve = busy  # type: ignore[method-assign]
    with capture_logs() as logs:
        desk.clock.advance(seconds=61)
        await desk.app.watcher.read((await story_of(desk, "storm")).id)
        requests = desk.page.requests
        await desk.app.watcher.read_due()
    assert desk.page.requests == requests
    [held] = events(logs, "source_held")
    assert held["story"] == SLUG
    story = await desk.story()
    assert story.failures == 0
    assert story.next_poll_at is not None
    assert timedelta(minutes=9) < story.next_poll_at - desk.clock.now() < timedelta(minutes=11)
    del other.serve  # else whichever is read first decides whether the host is held again
    await desk.reads(minutes=12)
    assert desk.page.requests == requests + 1


async def test_what_the_page_itself_asks_for(desk: Newsroom, ann: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    read = sources.read

    def asking(data: bytes, context: Context, format: str = "auto") -> Page:  # noqa: A002  (as it is called)
        return read(data, context, format).model_copy(update={"asks": 240.0})

    monkeypatch.setattr(sources, "read", asking)
    desk.page.publish("19:16 GMT", FIRE)
    for _ in range(2):  # also when it has not changed
        await desk.reads(minutes=5)
        story = await desk.story()
        assert story.next_poll_at is not None
        assert timedelta(minutes=4) <= story.next_poll_at - desk.clock.now() <= timedelta(minutes=4.4)


# --- files ----------------------------------------------------------------------------------------------------------

LINES = [f"- **18:{minute} GMT**\n\nUpdate number {minute} of this afternoon.\n\n" for minute in range(40, 50)]


def page_of(lines: Sequence[str]) -> str:
    return "Harbour\n\n14/03/2016\n\n" + "".join(reversed(lines))


class Filed:
    """A newsroom whose second story is a file."""

    def __init__(self, news: Newsroom, path: Path) -> None:
        self.news = news
        self.path = path
        path.write_text(page_of(LINES))

    async def opens(self) -> None:
        self.news.more_stories.append({"slug": "filed", "source": self.path.name})
        await self.news.app.read_stories(self.news.config())
        await self.looks()
        await self.looks()

    async def looks(self, times: int = 1, seconds: float = 1.0) -> list[str]:
        """A second passes; the words of all entries that stand."""
        for _ in range(times):
            self.news.clock.advance(seconds=seconds)
            await self.news.app.watcher.read_due()
        async with self.news.app.database.read() as connection:
            found = await entries.known(connection, (await story_of(self.news, "filed")).id)
        return [entry.text for entry in found if entry.standing is Standing.SHOWN]


@pytest.fixture
async def filed(desk: Newsroom, tmp_path: Path) -> Filed:
    found = Filed(desk, tmp_path / "harbour.md")
    await found.opens()
    return found


async def test_a_file_that_grows_is_noticed_within_seconds(filed: Filed) -> None:
    assert len(await filed.looks()) == 10
    filed.path.write_text(page_of([*LINES, "- **18:51 GMT**\n\nSomething new.\n\n"]))
    assert len(await filed.looks(2)) == 11
    (filed.path.parent / "new").write_text(page_of([*LINES, "- **18:51 GMT**\n\nSomething newer.\n\n"]))
    (filed.path.parent / "new").replace(filed.path)
    assert "Something newer." in await filed.looks()


async def test_a_file_that_is_written_slowly_loses_nothing(filed: Filed) -> None:
    """It is emptied, and then comes back piece by piece, with pauses in which it looks finished."""
    whole = page_of(LINES)
    with capture_logs() as logs:
        for part in (0, 30, 150, 300, 400, 450, len(whole)):
            filed.path.write_text(whole[:part])
            await filed.looks(3)
    texts_now = await filed.looks()
    assert len(texts_now) == 10
    assert not [line for line in events(logs, "story_read") if line["retracted"]]
    assert (await story_of(filed.news, "filed")).failures == 0


async def test_an_entry_that_is_taken_out_of_a_file_is_absent_after_three_readings_in_their_time(filed: Filed) -> None:
    filed.path.write_text(page_of([line for line in LINES if "number 44" not in line]))
    await filed.looks(2)
    assert len(await filed.looks(2, seconds=61)) == 10
    assert len(await filed.looks(1, seconds=61)) == 9


async def test_a_file_that_is_missing_for_a_while(filed: Filed) -> None:
    filed.path.rename(filed.path.with_suffix(".away"))
    await filed.looks(5, seconds=61)
    story = await story_of(filed.news, "filed")
    assert story.failures >= 3
    filed.path.write_text(page_of([*LINES, "- **18:51 GMT**\n\nBack again.\n\n"]))
    assert "Back again." in await filed.looks(2)
    assert (await story_of(filed.news, "filed")).failures == 0


async def test_a_file_that_does_not_change_is_not_opened(filed: Filed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sources.files._RACY", -1.0)
    await filed.looks(1, seconds=61)
    read_at = (await story_of(filed.news, "filed")).read_at

    def no_reading(*_: object) -> None:
        raise AssertionError("it was opened")

    monkeypatch.setattr(Path, "open", no_reading)
    await filed.looks(3, seconds=61)
    story = await story_of(filed.news, "filed")
    assert story.failures == 0
    assert read_at is not None
    assert story.read_at is not None
    assert story.read_at > read_at


# --- the end --------------------------------------------------------------------------------------------------------


@pytest.fixture
def says_it_is_over(monkeypatch: pytest.MonkeyPatch) -> list[bool | None]:
    """What pages say of their end; the last one counts."""
    said: list[bool | None] = [None]
    read = sources.read

    def saying(data: bytes, context: Context, format: str = "auto") -> Page:  # noqa: A002  (as it is called)
        return read(data, context, format).model_copy(update={"ended": said[-1]})

    monkeypatch.setattr(sources, "read", saying)
    return said


async def until_next(news: Newsroom) -> timedelta:
    moment = (await news.story()).next_poll_at
    assert moment is not None
    return moment - news.clock.now()


async def test_an_ended_story_is_read_once_an_hour_and_then_no_more(
    desk: Newsroom, ann: Chat, says_it_is_over: list[bool | None]
) -> None:
    desk.sections["delivery"] = {"correct_for": "1d"}
    await desk.restarts()
    says_it_is_over.append(True)
    desk.page.publish("19:16 GMT", "That is all from us. Thank you for reading.")
    await desk.reads()
    story = await desk.story()
    assert (story.state, story.ended_at) == (StoryState.ENDED, desk.clock.now())
    assert timedelta(hours=1) <= await until_next(desk) <= timedelta(hours=1.1)

    desk.page.correct("19:16 GMT", "That is all from us today. Thank you for reading.")
    await desk.reads(hours=1.2)
    await desk.delivers()
    assert containing(ann, "all from us today")

    reads = 0
    while await until_next(desk) < timedelta(days=300):
        before = desk.page.requests
        desk.clock.advance(seconds=(await until_next(desk)).total_seconds() + 1)
        await desk.app.watcher.read_due()
        reads += desk.page.requests - before
        assert reads < 30
    assert 20 <= reads <= 23
    assert (await desk.story()).next_poll_at == pace.NEVER


@pytest.mark.parametrize("how", ["says so", "new entries"])
async def test_an_ended_story_opens_again(
    desk: Newsroom, ann: Chat, says_it_is_over: list[bool | None], how: str
) -> None:
    says_it_is_over.append(True)
    desk.page.publish("19:16 GMT", FIRE)
    await desk.reads()
    assert (await desk.story()).state is StoryState.ENDED

    says_it_is_over.append(False if how == "says so" else None)
    desk.page.publish("20:40 GMT", "The fire has broken out again.")
    with capture_logs() as logs:
        await desk.reads(hours=1.2)
    story = await desk.story()
    assert (story.state, story.ended_at) == (StoryState.LIVE, None)
    assert len(events(logs, "story_opened_again")) == 1
    assert await until_next(desk) <= timedelta(minutes=1)


async def test_a_page_that_says_it_has_ended_and_goes_on_is_read_like_a_live_one(
    desk: Newsroom, ann: Chat, says_it_is_over: list[bool | None]
) -> None:
    says_it_is_over.append(True)
    desk.page.publish("19:16 GMT", FIRE)
    await desk.reads()
    desk.page.publish("20:10 GMT", "The fire has broken out again.")
    await desk.reads(hours=1.2)
    assert await until_next(desk) <= timedelta(minutes=1)
    desk.page.publish("20:20 GMT", "Engines are back.")
    await desk.comes_round()
    assert any("Engines are back" in text for text in texts(ann))
    await desk.reads(hours=1.2)
    await desk.reads(hours=1.2)
    assert await until_next(desk) >= timedelta(hours=1)


async def test_an_ended_source_that_is_gone_alarms_nobody(
    desk: Newsroom, ann: Chat, says_it_is_over: list[bool | None]
) -> None:
    says_it_is_over.append(True)
    desk.page.publish("19:16 GMT", FIRE)
    await desk.reads()
    desk.page.status = 404
    with capture_logs() as logs:
        await fails(desk, 5)
    assert len(events(logs, "source_failed")) == 5
    assert not events(logs, "source_broken")
    assert await until_next(desk) >= timedelta(hours=1)
    assert not desk.reader("Edith").shown
