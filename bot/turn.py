"""One turn of one subscription: load what a plan needs, carry the plan out, record each step.

    situation ──plan──▶ actions, one after the other:   limits ▶ mark ▶ call ▶ record
    after the last one the cursor moves, in the transaction that records it

Whatever goes wrong is written where the next turn finds it: a wait on the subscription, a chat given up, a message
frozen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.clock import Clock
from bot.delivery import errors
from bot.delivery.compose import compose
from bot.delivery.limits import Limits
from bot.delivery.plan import Action, Delete, Edit, Send, Situation, plan, reaches
from bot.delivery.telegram import Messenger
from bot.situation import Situations
from storage import messages, subscriptions
from storage.database import Database
from storage.models import Story, Subscription

log = structlog.get_logger(__name__)

IN_PLACE = timedelta(milliseconds=100)  # a longer wait for the chat is written down, and the place goes to another
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=2), timedelta(minutes=10)

Write = Callable[[AsyncConnection], Awaitable[None]]


class Postponed(Exception):
    """This subscription is served another time; what it waits for is written down."""


@dataclass(frozen=True)
class Policy:
    """What the operator decides."""

    on_unknown: Literal["resend", "skip"] = "resend"
    catch_up_after: timedelta = timedelta(hours=2)


class Turns:
    """Serves subscriptions, one turn at a time for each. `done` counts messages by what was done with them."""

    def __init__(
        self, database: Database, messenger: Messenger, limits: Limits, clock: Clock, policy: Policy, bot_name: str
    ) -> None:
        self._database = database
        self._messenger = messenger
        self._limits = limits
        self._clock = clock
        self._policy = policy
        self._bot_name = bot_name
        self._situations = Situations(database, policy.catch_up_after)
        self._cut_short: set[int] = set()  # subscriptions that were served their news, and had to wait for the rest
        self.done: Counter[str] = Counter()

    async def serve(self, subscription_id: int) -> None:
        """Make the chat show its story as it is now, or as far as it may be served at this moment."""
        loaded = await self._situations.load(subscription_id, self._clock.now())
        if loaded is None:
            return
        situation, story = loaded
        # While a source never pauses each turn finds news: where a chat takes one message at a time, corrections would
        # stand behind them for ever.
        situation = replace(situation, owes_corrections=subscription_id in self._cut_short)
        self._cut_short.discard(subscription_id)
        try:
            await self._carry_out(situation, story)
        except Postponed:
            return
        except errors.DeliveryError as error:
            await self._settle(situation.subscription, error)

    async def _carry_out(self, situation: Situation, story: Story) -> None:
        subscription = situation.subscription
        actions = plan(situation)
        for action in actions:
            try:
                await self._await_turn(subscription)
            except Postponed:
                if action is not actions[0] and not situation.owes_corrections:
                    self._cut_short.add(subscription.id)
                raise
            record = await self._act(action, situation, story)
            cursor = reaches(situation, story.head) if action is actions[-1] else None
            await self._database.batch(_recording(record, subscription, cursor))
        if not actions:
            await self._database.batch(lambda c: subscriptions.move(c, subscription.id, story.head))

    async def _await_turn(self, subscription: Subscription) -> None:
        """Wait for this chat's and the overall limit; a long wait is written down instead."""
        now = self._clock.now()
        wait = self._limits.chat_wait(subscription.chat_id, now)
        if wait > IN_PLACE:
            await self._database.batch(lambda c: subscriptions.wait(c, subscription.id, now + wait))
            raise Postponed
        turn = self._limits.take(subscription.chat_id, now + wait)
        await self._clock.sleep((wait + turn).total_seconds())

    # --- the three actions ------------------------------------------------------------------------------------------

    async def _act(self, action: Action, situation: Situation, story: Story) -> Write:
        """Make the call; returns what there is to write down."""
        match action:
            case Send():
                return await self._send(action, situation, story)
            case Edit():
                return await self._edit(action, situation, story)
            case Delete():
                return await self._delete(action)

    async def _send(self, action: Send, situation: Situation, story: Story) -> Write:
        subscription = situation.subscription
        at = self._clock.now()
        rendered = compose(action, situation, story, self._bot_name)
        attempt = await self._database.batch(lambda c: messages.mark(c, subscription.id, action.kind, action.shows, at))
        reply_to = action.reply_to.message_id if action.reply_to and not action.reply_to.is_frozen else None
        message_id: int | None = None
        try:
            message_id = await self._messenger.send(
                subscription.chat_id, subscription.thread_id, rendered, silent=action.silent, reply_to=reply_to
            )
            self.done["notes" if action.reply_to else "sent"] += 1
        except errors.Malformed as error:
            log.error("message_refused", chat=subscription.chat_id, answer=str(error), html=rendered.html)
        except errors.DeliveryError as error:
            if not isinstance(error, errors.Unknown) or self._policy.on_unknown == "resend":
                await self._database.batch(lambda c: messages.unmark(c, attempt))
                raise
            log.warning("outcome_unknown_skipped", chat=subscription.chat_id, reason=str(error))

        async def write(connection: AsyncConnection) -> None:
            await messages.unmark(connection, attempt)
            place = (subscription.id, subscription.chat_id, message_id)
            await messages.record(connection, *place, action.kind, action.shows, at, missed=action.missed)
            if action.reply_to is not None:
                await messages.now_shows(connection, action.reply_to.id, action.shows)
            if not action.silent:
                await subscriptions.sounded(connection, subscription.id, at)

        return write

    async def _edit(self, action: Edit, situation: Situation, story: Story) -> Write:
        rendered = compose(action, situation, story, self._bot_name)
        row = action.message
        try:
            await self._messenger.edit(row.chat_id, row.message_id or 0, rendered)
            self.done["edited"] += 1
        except (errors.NotEditable, errors.Malformed) as error:
            log.info("message_frozen", chat=row.chat_id, message=row.message_id, reason=str(error))
            return lambda c: messages.freeze(c, row.id)
        return lambda c: messages.now_shows(c, row.id, action.shows)

    async def _delete(self, action: Delete) -> Write:
        row = action.message
        try:
            await self._messenger.delete(row.chat_id, row.message_id or 0)
            self.done["deleted"] += 1
        except errors.NotEditable:
            return lambda c: messages.freeze(c, row.id)
        return lambda c: messages.forget(c, row.id)

    # --- what an error asks for -------------------------------------------------------------------------------------

    async def _settle(self, subscription: Subscription, error: errors.DeliveryError) -> None:
        """Write down what the error asks for; WrongToken is the operator's."""
        chat_id, now = subscription.chat_id, self._clock.now()
        write: Write
        match error:
            case errors.WrongToken():
                raise error
            case errors.Wait():
                wait = timedelta(seconds=error.seconds)
                self._limits.refused(chat_id, wait, now)
                write = _holding(chat_id, now + wait)
            case errors.ChatGone():
                write = _giving_up(chat_id)
            case errors.TopicGone():
                write = _stopping(chat_id, subscription.thread_id)
            case errors.Migrated():
                write = _migrating(chat_id, error.new_chat_id)
            case _:
                write = _retrying(subscription, now)
        log.warning("not_delivered", chat=chat_id, why=type(error).__name__, answer=str(error))
        self.done["refused"] += 1
        await self._database.batch(write)


def retry_wait(failures: int) -> timedelta:
    """How long to leave a chat alone after so many attempts without an answer."""
    longer: int = 2 ** min(failures, 10)
    return min(LONGEST_RETRY, FIRST_RETRY * longer)


def _recording(record: Write, subscription: Subscription, cursor: int | None) -> Write:
    """Write down what was done; after the last action with the cursor's move."""

    async def write(connection: AsyncConnection) -> None:
        await record(connection)
        if cursor is not None:
            await subscriptions.move(connection, subscription.id, cursor)

    return write


def _holding(chat_id: int, until: datetime) -> Write:
    return lambda c: subscriptions.hold_chat(c, chat_id, until)


def _giving_up(chat_id: int) -> Write:
    return lambda c: subscriptions.give_up(c, chat_id)


def _stopping(chat_id: int, thread_id: int) -> Write:
    return lambda c: subscriptions.stop_topic(c, chat_id, thread_id)


def _migrating(old: int, new: int) -> Write:
    return lambda c: subscriptions.migrate(c, old, new)


def _retrying(subscription: Subscription, now: datetime) -> Write:
    until = now + retry_wait(subscription.failures)
    return lambda c: subscriptions.wait(c, subscription.id, until, failures=subscription.failures + 1)
