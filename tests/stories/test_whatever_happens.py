"""Whatever happens to the page, the readers, the network and the bot: in the end every chat shows what it should.

Hypothesis makes up what happens; it happens to the real bot, over HTTP, on a real database. SCENARIOS=300 makes up so
many; without it there are few, and more where the soak tests are asked for.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import SLUG, Newsroom

from bot.sandbox import Chat, Message
from storage import subscriptions as store
from storage.schema import attempts, chats, subscriptions

FEW, MANY = {"sqlite": 12, "postgres": 6}, {"sqlite": 300, "postgres": 50}
LONGEST = 16  # steps of a scenario
WITHDRAWN = "*This update has been withdrawn.*"

# No two alike, or the bot takes one for the other with a new stamp.
SUBJECTS = (
    ("Alder", "engines pump from the northern quay"),
    ("Birch", "people wait inside a school gymnasium"),
    ("Cedar", "trains are cancelled until tomorrow"),
    ("Dogwood", "volunteers hand out blankets and soup"),
    ("Elder", "boxes of chemicals float downstream"),
    ("Fir", "windows broke along Market Street"),
    ("Ginkgo", "cranes lean dangerously over ferries"),
    ("Hazel", "pupils walk home with their teachers"),
    ("Ivy", "calls reached an emergency number"),
    ("Juniper", "drones film what smoke conceals"),
    ("Katsura", "nurses volunteer for night shifts"),
    ("Larch", "tonnes of grain burn in silo four"),
    ("Maple", "ministers fly back from a summit"),
    ("Nutmeg", "bridges close for heavy lorries"),
    ("Oak", "claims arrived at insurance firms"),
    ("Pine", "divers search beneath pier seven"),
)


# --- what may happen --------------------------------------------------------------------------------------------------


def _step(name: str, *values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(st.just(name), *values)


WHO, WHICH, TOLD = st.integers(0, 2), st.integers(0, 15), st.booleans()
KINDS = st.sampled_from(["429", "500", "cut-before", "cut-after"])
METHODS = st.sampled_from(["sendMessage", "sendMessage", "editMessageText"])
PUBLISH, ROUND = _step("publish"), _step("minutes", st.integers(1, 3))
STEPS = st.one_of(
    PUBLISH,
    PUBLISH,
    ROUND,
    ROUND,
    _step("read"),
    _step("hours"),
    _step("correct", WHICH),
    _step("withdraw", WHICH),
    _step("remove", WHICH),
    _step("subscribe", WHO),
    _step("unsubscribe", WHO),
    _step("leave", WHO, TOLD),
    _step("come_back", WHO),
    _step("migrate", TOLD),
    _step("fault", METHODS, KINDS),
    _step("two_must_wait"),
    _step("crash"),
)
SCENARIOS = st.lists(STEPS, min_size=4, max_size=LONGEST)


@dataclass
class Update:
    """An entry of the page. `known`: the bot has read it while it stood."""

    number: int
    revision: int = 1
    is_withdrawn: bool = False
    is_removed: bool = False
    known: bool = False

    @property
    def stamp(self) -> str:
        return f"17:{10 + self.number} GMT"

    @property
    def name(self) -> str:
        return SUBJECTS[self.number][0]

    @property
    def words(self) -> str:
        return f"{self.name}: {self.last_words}."

    @property
    def last_words(self) -> str:
        """Those that only the last revision has: a struck number may stand before them."""
        return f"{10 + self.revision} {SUBJECTS[self.number][1]}"

    def __repr__(self) -> str:
        return f"<{self.words}{' withdrawn' * self.is_withdrawn}{' removed' * self.is_removed}>"


@dataclass
class Place:
    """A chat, and those that it was before it became a supergroup."""

    chats: list[Chat]
    follows: bool = False
    is_away: bool = False
    is_untold: bool = False  # the bot knows the chat by its former id
    old: set[int] | None = None  # what was known when it first subscribed
    messages_then: int = 0  # when it left
    crashes: int = 0

    @property
    def chat(self) -> Chat:
        return self.chats[-1]

    @property
    def is_served(self) -> bool:
        return self.follows and not self.is_away

    def leaves(self) -> None:
        self.messages_then = len(self.chat.shown)


@dataclass
class Play:
    """A scenario under way, and what should come of it."""

    news: Newsroom
    places: list[Place] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)

    async def begin(self) -> None:
        self.friend = self.news.reader("Zoe")  # an answer to her: all that was said before has been heard
        rooms = [self.news.reader("Ann"), self.news.reader("Ben"), self.news.sandbox.group("Desk", "Olga")]
        self.places = [Place([chat]) for chat in rooms]
        await self.news.opens(("17:00 GMT", "Smoke rises over the harbour, says the brigade."))
        for who in (0, 2):
            await self.subscribe(who)
        await self.news.delivers()

    async def take(self, step: tuple[Any, ...]) -> None:
        await getattr(self, step[0])(*step[1:])

    async def _heard(self, chat: Chat | None = None, words: str = "") -> None:
        """The chat has said so, and the bot has done it. Faults are for what is sent, not for answers."""
        faults = self.news.sandbox.faults
        faults._waiting, kept = [], faults._waiting
        if chat is not None and words.startswith("/subscribe"):  # the welcome is the sender's
            await chat.says(words)
        elif chat is not None:
            await self.news.asks(chat, words)
        await self.news.asks(self.friend, "/help")
        faults._waiting = kept

    # --- the page

    async def publish(self) -> None:
        if len(self.updates) < len(SUBJECTS):
            update = Update(len(self.updates))
            self.updates.append(update)
            self.news.page.publish(update.stamp, update.words)

    def _chosen(self, which: int) -> Update | None:
        there = [update for update in self.updates if not update.is_removed]
        return there[which % len(there)] if there else None

    async def correct(self, which: int) -> None:
        """A withdrawn entry stands again."""
        if update := self._chosen(which):
            update.revision += 1
            update.is_withdrawn = False
            self.news.page.correct(update.stamp, update.words)

    async def withdraw(self, which: int) -> None:
        if update := self._chosen(which):
            update.is_withdrawn = True
            self.news.page.correct(update.stamp, WITHDRAWN)

    async def remove(self, which: int) -> None:
        if update := self._chosen(which):
            update.is_removed = True
            self.news.page.remove(update.stamp)

    # --- the readers

    async def subscribe(self, who: int) -> None:
        place = self.places[who]
        if place.is_away or place.is_untold or place.follows:
            return
        await self._heard(place.chat, f"/subscribe {SLUG}")
        place.follows = True
        if place.old is None:
            place.old = {update.number for update in self.updates if update.known}

    async def unsubscribe(self, who: int) -> None:
        place = self.places[who]
        if place.is_served and not place.is_untold:
            await self._heard(place.chat, "/unsubscribe")
            place.follows = False
            place.leaves()

    async def leave(self, who: int, told: bool) -> None:
        """The bot is blocked, or put out; untold it learns by a refusal."""
        place = self.places[who]
        if place.is_away or place.is_untold or place.old is None:
            return
        place.is_away = True
        if told:
            place.chat.kick()
            await self._heard()
        else:
            place.chat.bot_status = "kicked"
        place.leaves()

    async def come_back(self, who: int) -> None:
        place = self.places[who]
        if not place.is_away:
            return
        place.is_away = False
        if place.chat.kind == "private":
            await self._heard(place.chat, "/start")
        else:
            place.chat.invite()
            await self._heard()
        place.leaves()  # what it said before it blocked the bot holds

    async def migrate(self, told: bool) -> None:
        place = self.places[2]
        if place.is_away or place.chat.kind != "group":
            return
        if told:
            place.chats.append(place.chat.migrate())
            await self._heard()
            return
        await self.news.dies()
        place.chats.append(place.chat.migrate())
        self.news.sandbox.world.updates.clear()
        place.is_untold = True
        await self.news.starts()

    # --- the network, and the bot

    async def fault(self, method: str, kind: Any) -> None:
        self.news.sandbox.faults.next(method, None, kind, retry_after=3)

    async def two_must_wait(self) -> None:
        for place in self.places[::2]:
            self.news.sandbox.faults.next("sendMessage", place.chat, "429", retry_after=30)

    async def crash(self) -> None:
        """It happens while a message is under way, if there is one, which arrives nevertheless."""
        news, sandbox = self.news, self.news.sandbox
        fault = sandbox.faults.next("sendMessage", None, "hold")
        serving = asyncio.create_task(news.app.sender.serve_due())
        while not serving.done() and not (sandbox.faults.held and news.app.sender.in_flight == 1):  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        is_held, before = sandbox.faults.held, len(sandbox.calls)
        await news.is_killed(serving)
        for place in self.places:
            place.crashes += is_held
        if is_held:
            sandbox.faults.release()
            await sandbox.until(lambda: not sandbox.faults.held and len(sandbox.calls) > before)
        elif fault in sandbox.faults._waiting:
            sandbox.faults._waiting.remove(fault)
        await news.starts()

    # --- time

    async def read(self, **later: float) -> None:
        before = self.news.page.requests
        await self.news.reads(**later)
        if self.news.page.requests > before:
            for update in self.updates:
                update.known |= not (update.is_withdrawn or update.is_removed)

    async def minutes(self, count: int) -> None:
        for _ in range(count):
            await self.read()
            await self.news.delivers()

    async def hours(self) -> None:
        self.news.clock.advance(hours=3)

    async def come_to_rest(self) -> None:
        self.news.sandbox.faults.clear()
        for _ in range(6):
            await self.read(minutes=20)
            await self.news.delivers()


# --- what must have come of it ----------------------------------------------------------------------------------------


MISSED = re.compile(r"(\d+) updates? since your last message")


def _once_said(message: Message, update: Update) -> bool:
    return any(update.name in text for text in (message.text, *message.history))


def _is_news(message: Message) -> bool:
    """News, or a recap; no note, and no welcome, which shows the newest again."""
    return not message.text.startswith(("Correction", "You now follow", "Withdrawn: "))


def _is_true(message: Message, update: Update) -> bool:
    if update.is_withdrawn:
        return "Withdrawn" in message.text and update.name not in message.text
    return update.last_words in message.text


def _hidden(messages: list[Message]) -> int:
    """How many entries recaps stand for without naming them."""
    found = [MISSED.match(message.text) for message in messages]
    return sum(max(0, int(match[1]) - 5) for match in found if match)


def _unknown(play: Play, place: Place) -> int:
    """How many messages to the chat may have arrived that the bot knows nothing of."""
    ids = {chat.id for chat in place.chats}
    cut = [c for c in play.news.sandbox.calls if c.chat_id in ids and c.method == "sendMessage" and c.status == 0]
    return len(cut) + place.crashes


def check_place(play: Play, place: Place) -> None:
    messages = [message for chat in place.chats for message in chat.shown]
    if not place.is_served:
        assert len(place.chat.shown) <= place.messages_then, f"{place.chat} has left, and was sent {messages[-1]}"
    unknown = _unknown(play, place)
    not_found = [update for update in play.updates if not _check_update(place, messages, update, unknown)]
    assert len(not_found) <= _hidden(messages), f"{place.chat} was never sent {not_found}: {messages}"


def _check_update(place: Place, messages: list[Message], update: Update, unknown: int) -> bool:
    """False if the chat should have been sent the entry and was not."""
    said = [message for message in messages if _once_said(message, update)]
    copies = [message for message in said if _is_news(message)]
    assert len(copies) <= 1 + unknown, f"{place.chat} was sent {update} {len(copies)} times: {copies}"
    if not place.is_served or update.is_removed:
        return True
    editable = [message for message in said if message.chat is place.chat and not message.text.startswith("Corr")]
    untrue = [message for message in editable if not _is_true(message, update)]
    assert len(untrue) <= unknown, f"{place.chat} shows {update} otherwise: {untrue}"
    is_old = place.old is None or update.number in place.old
    return bool(said) or is_old or update.is_withdrawn or not update.known


async def check_database(play: Play) -> None:
    """Nothing is left half done for those who are served."""
    active = sa.select(subscriptions.c.id, subscriptions.c.chat_id).where(subscriptions.c.active == 1).subquery()
    async with play.news.app.database.read() as connection:
        marks = sa.select(attempts).where(attempts.c.subscription_id.in_(sa.select(active.c.id)))
        assert not (await connection.execute(marks)).all(), "a call is on record as under way"
        claimed = sa.select(chats).where(
            chats.c.claimed_until.is_not(None), chats.c.id.in_(sa.select(active.c.chat_id))
        )
        assert not (await connection.execute(claimed)).all(), "a chat is claimed"
        assert not await store.stories_behind(connection), "somebody is behind"
        assert await store.next_wake(connection) is None, "somebody has to wait"


async def perform(steps: list[tuple[Any, ...]], folder: Path, url: str | None) -> None:
    async with Newsroom(folder, url) as news:
        play = Play(news)
        await play.begin()
        for step in steps:
            await play.take(step)
        await play.come_to_rest()
        for place in play.places:
            check_place(play, place)
        await check_database(play)


# --- on both databases ------------------------------------------------------------------------------------------------


@asynccontextmanager
async def _database(kind: str, request: pytest.FixtureRequest) -> AsyncIterator[str | None]:
    if kind == "sqlite":
        yield None
        return
    server = request.getfixturevalue("postgres")
    url = await server.migrated()
    yield url
    await server.drop(url)


def _count(kind: str, config: pytest.Config) -> int:
    if asked := os.environ.get("SCENARIOS"):
        return int(asked)
    return (MANY if config.getoption("markexpr") == "soak" else FEW)[kind]


def _scenario(kind: str, request: pytest.FixtureRequest) -> Callable[[list[tuple[Any, ...]]], None]:
    async def run(steps: list[tuple[Any, ...]]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with _database(kind, request) as url:
                await perform(steps, Path(folder), url)

    return lambda steps: asyncio.run(run(steps))


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_whatever_happens_every_chat_shows_what_it_should(kind: str, request: pytest.FixtureRequest) -> None:
    if kind == "postgres":
        request.getfixturevalue("postgres")
    run = _scenario(kind, request)
    limits = settings(
        max_examples=_count(kind, request.config),
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    limits(given(SCENARIOS)(run))()
