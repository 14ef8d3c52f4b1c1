"""The verbs of the sandbox's process: each takes and gives what JSON can say."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from bot.sandbox import Chat, Sandbox
from bot.sandbox.events import Events
from measuring.chances import Chances
from measuring.ledger import Ledger
from measuring.truth import Expected, Seen, Verdict, judge

LOOK_EVERY = 0.05  # seconds
LOOK_FOR = 0.002  # seconds without answering calls
SAMPLES = 5

Answer = dict[str, Any]


class _NoPage(Events):
    """What the chat page would be told; there is none."""

    def add(self, kind: str, **data: Any) -> None:
        """Nobody listens."""


class Stage:
    """A Telegram of which lines of JSON ask things."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(name="Dateline", username="DatelineBot")
        self.world = self.sandbox.world
        self.world.events = _NoPage()
        self.ledger = self.world.calls = Ledger()  # type: ignore[assignment]  # all that is asked of it is `append`
        self.chances = self.world.faults = Chances()
        self._followers: list[int] = []
        self._moved: dict[int, int] = {}
        self._longest_stall = 0.0

    async def answer(self, do: str, **values: Any) -> Answer:
        answer: Answer = await getattr(self, f"do_{do}")(**values)
        return answer

    # --- who there is -----------------------------------------------------------------------------------------------

    async def do_start(self) -> Answer:
        await self.sandbox.start()
        self._watching = asyncio.create_task(self._watch_itself())
        return {"token": self.sandbox.token, "base_url": self.sandbox.base_url}

    async def do_followers(self, people: int, groups: int) -> Answer:
        """So many chats that shall follow the story; returns their ids, groups first."""
        owner = self.world.new_user("Owner")
        made = [self.sandbox.group(f"Group {number}", owner) for number in range(groups)]
        made += [self.sandbox.private(self.world.new_user("Reader")) for _ in range(people)]
        self._followers = [chat.id for chat in made]
        return {"ids": self._followers}

    async def do_leave(self, share: float, seed: int) -> Answer:
        """So many of the people block the bot."""
        dice = random.Random(seed)  # noqa: S311
        people = [each for each in self._followers if each > 0]
        leaving = dice.sample(people, round(share * len(self._followers)))
        for each in leaving:
            self.world.chats[each].block()
        return {"count": len(leaving)}

    async def do_move(self, share: float, seed: int) -> Answer:
        """So many become supergroups, as a share of all chats; only groups can."""
        dice = random.Random(seed)  # noqa: S311
        groups = [each for each in self._followers if each < 0]
        moving = dice.sample(groups, min(len(groups), round(share * len(self._followers))))
        self._moved = {each: self.world.chats[each].migrate().id for each in moving}
        return {"count": len(moving)}

    async def _watch_itself(self) -> None:
        """What holds this process up has calls received in a heap, which is not the bot's doing."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(LOOK_EVERY / 5)
            if self.ledger.entries:  # before the first call it has people to make
                self._longest_stall = max(self._longest_stall, time.monotonic() - before - LOOK_EVERY / 5)

    # --- how it is --------------------------------------------------------------------------------------------------

    async def do_limits(self, rate: float) -> Answer:
        """Telegram's limits for all chats at this rate, judged on receipt: 1.02 r + 1 in any one second, and each
        chat's own.
        """
        self.world.limits.enabled = True
        self.world.limits.per_second = int(1.02 * rate + 1)  # counts are whole
        return {"per_second": self.world.limits.per_second}

    async def do_chances(
        self, shares: Mapping[str, float], retry_after: int = 1, delay: float = 0.0, seed: int = 0
    ) -> Answer:
        self.chances.set(dict(shares), retry_after, delay, seed)
        return {}

    # --- what happens -----------------------------------------------------------------------------------------------

    async def do_wait(self, calls: int, timeout: float) -> Answer:  # noqa: ASYNC109  (the asker's words)
        """Until so many calls have been received."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while len(self.ledger.entries) < calls:
                    await self.world.changed.wait()
        return {"came": len(self.ledger.entries) >= calls}

    async def do_true(self, expected: dict[str, list[Any]], timeout: float) -> Answer:  # noqa: ASYNC109
        """Until every living chat is true."""
        wanted, left = _expected(expected), self._living()
        ends = time.monotonic() + timeout
        while left and time.monotonic() < ends:
            slice_ends, is_true = time.monotonic() + LOOK_FOR, True
            while left and is_true and time.monotonic() < slice_ends:
                is_true = left[-1].is_blocked or self._judged(left[-1], wanted).is_true
                if is_true:
                    left.pop()
            await asyncio.sleep(2 * LOOK_FOR if is_true else LOOK_EVERY)
        return {"came": not left}

    async def do_latest(self, every: float, until_sent: int, timeout: float) -> Answer:  # noqa: ASYNC109
        """People who follow nothing ask /latest in turn, until so many messages were sent; how long each waited."""
        askers = [self.sandbox.private(self.world.new_user("Asker")) for _ in range(40)]
        waits: list[asyncio.Task[float]] = []
        ends = time.monotonic() + timeout
        while len(self.ledger.entries) < until_sent and time.monotonic() < ends:
            waits.append(asyncio.create_task(_asked(askers[len(waits) % len(askers)])))
            await asyncio.sleep(every)
        took = [took for took in await asyncio.gather(*waits, return_exceptions=True) if isinstance(took, float)]
        late = statistics.quantiles(took, n=20)[-1] if len(took) > 1 else 0.0
        return {
            "asked": len(waits),
            "answered": len(took),
            "median": statistics.median(took) if took else 0.0,
            "p95": late,
        }

    # --- what came of it --------------------------------------------------------------------------------------------

    async def do_calls(self) -> Answer:
        return {**self.ledger.summary(), "stall": self._longest_stall}

    async def do_pause_after(self, moment: float) -> Answer:
        return {"seconds": self.ledger.pause_after(moment)}

    async def do_judge(self, expected: dict[str, list[Any]]) -> Answer:
        """What is wrong, over all living chats, with a few examples."""
        wanted = _expected(expected)
        verdicts = {chat.id: self._judged(chat, wanted) for chat in self._living()}
        wrong = {chat_id: verdict for chat_id, verdict in verdicts.items() if not verdict.is_true}
        return {
            "chats": len(verdicts),
            "untrue": len(wrong),
            **{name: sum(len(getattr(one, name)) for one in verdicts.values()) for name in Verdict().__dict__},
            "examples": [f"{chat_id}: {verdict}" for chat_id, verdict in list(wrong.items())[:SAMPLES]],
            "shown": [[message.text for message in self.world.chats[each].shown] for each in list(wrong)[:1]],
        }

    async def do_order(self) -> Answer:
        """Chats in which an entry first came after one that is younger."""
        first: dict[int, list[int]] = {}
        for entry in self.ledger.entries:
            if entry.is_news and entry.chat_id is not None:
                seen = first.setdefault(entry.chat_id, [])
                seen += [number for number in sorted(entry.shows) if number not in seen]
        return {"disordered": sum(seen != sorted(seen) for seen in first.values())}

    async def do_ages(self, corrected: list[list[float]], begun: float, ended: float) -> Answer:
        """[entry, revision, moment] of corrections: the longest that a chat showed what was wrong; and the longest
        that a chat was without news between `begun` and `ended`.
        """
        shows: dict[int, dict[int, list[tuple[float, int]]]] = {}
        news: dict[int, list[float]] = {each: [begun] for each in self._followers}
        for call in self.ledger.entries:
            if call.chat_id is None or not call.was_done or call.is_note:
                continue
            for entry, revision in call.shows.items():
                shows.setdefault(call.chat_id, {}).setdefault(entry, []).append((call.at, revision))
            if call.is_news:
                news[call.chat_id].append(call.at)
        ages = [
            next((at for at, shown in seen if shown >= revision), ended) - moment
            for entry, revision, moment in corrected
            for chat in shows.values()
            if (seen := chat.get(int(entry))) and seen[0][0] < moment  # else it came corrected
        ]
        gaps = [
            after - before
            for at in news.values()
            for before, after in zip(at, [*at[1:], ended], strict=True)
            if before < ended
        ]
        return {
            "oldest": max(ages, default=0.0),
            "edits": len(ages),
            "late": statistics.quantiles(ages, n=20)[-1] if len(ages) > 1 else 0.0,
            "longest": max(gaps, default=0.0),
            "median_gap": statistics.median(gaps) if gaps else 0.0,
        }

    def _living(self) -> list[Chat]:
        chats = [self.world.chats[each] for each in self._followers]
        return [chat for chat in chats if not chat.is_blocked]

    def _judged(self, chat: Chat, expected: Mapping[int, Expected]) -> Verdict:
        moved = self._moved.get(chat.id)
        messages = list(self._seen(chat, is_frozen=moved is not None))
        if moved is not None:
            messages += self._seen(self.world.chats[moved])
        return judge(messages, expected)

    def _seen(self, chat: Chat, *, is_frozen: bool = False) -> Iterable[Seen]:
        for each in chat.shown:
            if each.reply_to is None:
                yield Seen(each.text, each.history, is_frozen, (chat.id, each.id) in self.ledger.unheard)


def _expected(given: Mapping[str, list[Any]]) -> dict[int, Expected]:
    return {int(number): Expected(*values) for number, values in given.items()}


async def _asked(chat: Chat) -> float:
    """How long until the answer has been received."""
    before, began = len(chat.shown), time.monotonic()
    await chat.says("/latest")
    with suppress(AssertionError):
        await chat.until(lambda _: len(chat.shown) > before, timeout=10)
        return time.monotonic() - began
    raise TimeoutError
