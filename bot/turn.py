"""One turn of one subscription: carry its plan out, record each step.

    plan ─▶ actions, one after the other:   limits ▶ claim renewed, mark ▶ call ▶ outcome recorded
    the last record moves the cursor and lets the chat go

Whatever goes wrong is written where the next turn finds it: a wait on the subscription, a chat given up, a message
frozen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy.exc
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.calls import Calls, Result
from bot.clock import Clock
from bot.delivery import errors
from bot.delivery.limits import Limits
from bot.delivery.plan import Action, Send, Situation, plan, reaches
from bot.pacer import HeldBack, Pacer
from storage import outcomes, subscriptions
from storage.claims import Claim
from storage.database import Database
from storage.models import Recap, Story, Subscription
from storage.outcomes import Departure, Outcome

log = structlog.get_logger(__name__)

IN_PLACE = 0.1  # seconds; a longer wait for the chat is written down, and the place goes to another
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=2), timedelta(minutes=10)
CALL_TAKES = timedelta(seconds=9)  # at most: the transport gives up before
RECORD_AGAIN = (1.0, 2.0, 5.0)  # seconds
TOO_LATE = 0.03  # seconds after its turn a call would come too close to those that follow; it takes another turn
MAY_BE_LATE = timedelta(seconds=6)  # between claim and call; more than the longest wait for a turn
CLAIM_FOR = CALL_TAKES + MAY_BE_LATE

Write = Callable[[AsyncConnection], Awaitable[None]]


class ClaimLost(Exception):
    """Another process serves the chat now."""


@dataclass(frozen=True)
class Due:
    """A subscription that is claimed, with all that a plan is made from."""

    claim: Claim
    situation: Situation
    story: Story


@dataclass
class _Turn:
    """A turn under way. `kept` is the subscription as it is to be kept, `sent` when the chat was sent something."""

    claim: Claim
    kept: Subscription = field(init=False)
    sent: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.kept, self.sent = self.claim.subscription, self.claim.sent

    def outcome(self, result: Result, *, recapped: Recap = Recap.NONE, **values: Any) -> Outcome:
        """What there is to write down; with `values` for the subscription it is left as it stands."""
        if result.sounded_at is not None:
            self.kept = self.kept.model_copy(update={"sounded_at": result.sounded_at})
        return Outcome(
            self.claim.held,
            self.kept.model_copy(update=values) if values else self.kept,
            self.claim.subscription.cursor,
            result.sent,
            result.edited,
            result.frozen,
            result.deleted,
            recapped,
        )


class Turns:
    """Serves subscriptions."""

    def __init__(self, database: Database, calls: Calls, limits: Limits, pacer: Pacer, clock: Clock) -> None:
        self._database = database
        self._calls = calls
        self._limits = limits
        self._pacer = pacer
        self._clock = clock

    async def serve(self, due: Due) -> None:
        """Make the chat show its story as it is now, or as far as it may be served at this moment.

        Raises HeldBack where nobody may speak for a while, and WrongToken.
        """
        turn = _Turn(due.claim)
        try:
            await self._carry_out(turn, due)
        except HeldBack:
            await self._let_go(turn, next_at=None)
            raise
        except errors.DeliveryError as error:
            await self._give_way(turn, error)
        except ClaimLost:
            log.warning("claim_lost", chat=due.claim.held.chat_id)

    async def abandon(self, claim: Claim, until: datetime) -> None:
        """Something odd happened: leave the subscription alone until then."""
        try:
            await self._let_go(_Turn(claim), next_at=until)
        except ClaimLost:
            log.warning("claim_lost", chat=claim.held.chat_id)

    async def _carry_out(self, turn: _Turn, due: Due) -> None:
        situation = due.situation
        actions = plan(situation)
        result = Result()
        for action in actions:
            wait = self._limits.chat_wait(turn.kept.chat_id, turn.sent, self._clock.now().timestamp())
            if wait > IN_PLACE:
                until = self._clock.now() + timedelta(seconds=wait)
                # While a source never pauses each turn finds news: where a chat takes one message at a time,
                # corrections would stand behind them for ever.
                owes = situation.owes_corrections or action is not actions[0]
                await self._let_go(turn, next_at=until, owes_corrections=owes)
                return
            at = await self._depart(turn, action, wait)
            result = await self._calls.make(action, situation, due.story, at)
            if action is not actions[-1]:
                await self._record(turn.outcome(result))
        await self._arrive(turn, result, situation, due.story)

    # --- before a call ----------------------------------------------------------------------------------------------

    async def _depart(self, turn: _Turn, action: Action, wait: float) -> datetime:
        """Wait for the turn, with the call announced; returns the moment of the call. Raises HeldBack, ClaimLost."""
        now = self._clock.now()
        moment = max(await self._pacer.turn(), now.timestamp() + wait)
        await self._announce(turn.claim, action, now)
        while True:
            await self._clock.sleep(moment - self._clock.now().timestamp())
            at = self._clock.now()
            if at - now > MAY_BE_LATE:  # something held us up: the claim might not outlast the call
                now = at
                await self._announce(turn.claim, action, now)
            elif at.timestamp() - moment > TOO_LATE:
                moment = await self._pacer.turn()
            else:
                turn.sent = (*turn.sent, at.timestamp())
                return at

    async def _announce(self, claim: Claim, action: Action, now: datetime) -> None:
        departure = Departure(claim.held, now + CLAIM_FOR, claim.subscription.id, now)
        if isinstance(action, Send):
            departure = replace(departure, kind=action.kind, shows=action.shows)
        if not await self._database.batch_with_others(outcomes.depart, departure):
            raise ClaimLost

    # --- after it ---------------------------------------------------------------------------------------------------

    async def _arrive(self, turn: _Turn, result: Result, situation: Situation, story: Story) -> None:
        """The plan is carried out: the cursor moves, and the chat is let go."""
        done = {"cursor": reaches(situation, story.head), "next_at": None, "failures": 0, "owes_corrections": False}
        outcome = turn.outcome(result, recapped=situation.subscription.recap, **done)
        await self._record(self._ending(outcome, turn))

    async def _let_go(self, turn: _Turn, **values: Any) -> None:
        """The chat is let go before the plan is carried out."""
        await self._record(self._ending(turn.outcome(Result(), **values), turn))

    def _ending(self, outcome: Outcome, turn: _Turn) -> Outcome:
        now = self._clock.now().timestamp()
        sent = self._limits.remembered(turn.kept.chat_id, turn.sent, now)
        return replace(outcome, ends=True, chat_sent=sent if sent != turn.claim.sent else None)

    async def _record(self, outcome: Outcome) -> None:
        """Raises ClaimLost. What was sent and is not on record would be sent again: a busy database is asked again."""
        for wait in RECORD_AGAIN:
            try:
                held = await self._database.batch_with_others(outcomes.settle, outcome)
                break
            except sqlalchemy.exc.DBAPIError as error:
                log.warning("not_recorded", chat=outcome.held.chat_id, error=str(error.orig), again_in=wait)
                await self._clock.sleep(wait)
        else:
            held = await self._database.batch_with_others(outcomes.settle, outcome)
        if not held:
            raise ClaimLost

    async def _give_way(self, turn: _Turn, error: errors.DeliveryError) -> None:
        """Let the chat go, and write down what the error asks for; WrongToken is the operator's."""
        subscription, now = turn.kept, self._clock.now()
        asked: Write | None = None
        values: dict[str, Any] = {"next_at": None}
        match error:
            case errors.WrongToken():
                raise error
            case errors.Wait():
                await self._pacer.refused(subscription.chat_id, error.seconds)
                asked = _asked(subscriptions.hold_chat, subscription.chat_id, now + timedelta(seconds=error.seconds))
            case errors.ChatGone():
                asked = _asked(subscriptions.give_up, subscription.chat_id)
            case errors.TopicGone():
                asked = _asked(subscriptions.stop_topic, subscription.chat_id, subscription.thread_id)
            case errors.Migrated():
                asked = _asked(subscriptions.migrate, subscription.chat_id, error.new_chat_id)
            case _:
                failures = subscription.failures
                values = {"next_at": now + retry_wait(failures), "failures": failures + 1}
        log.warning("not_delivered", chat=subscription.chat_id, why=type(error).__name__, answer=str(error))
        self._calls.done[_counted(error)] += 1
        await self._database.batch(_both(self._ending(turn.outcome(Result(), **values), turn), asked))


def retry_wait(failures: int) -> timedelta:
    """How long to leave a chat alone after so many attempts without an answer."""
    longer: int = 2 ** min(failures, 10)
    return min(LONGEST_RETRY, FIRST_RETRY * longer)


def _counted(error: errors.DeliveryError) -> str:
    match error:
        case errors.Wait():
            return "refused"
        case errors.Unknown():
            return "unknown"
    return "failed"


def _asked(write: Callable[..., Awaitable[None]], *values: Any) -> Write:
    return lambda connection: write(connection, *values)


def _both(outcome: Outcome, asked: Write | None) -> Write:
    """What came of the call, and what it asks for, written down together."""

    async def write(connection: AsyncConnection) -> None:
        await outcomes.settle(connection, [outcome])
        if asked is not None:
            await asked(connection)

    return write
