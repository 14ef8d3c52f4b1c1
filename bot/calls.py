"""The three calls that carry out a plan's actions, and what each changed in what the chat shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import structlog

from bot.delivery import errors
from bot.delivery.compose import compose
from bot.delivery.plan import Action, Delete, Edit, Send, Situation
from bot.delivery.telegram import Messenger
from storage.models import Message, Shown, Story
from storage.outcomes import Sent

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Policy:
    """What the operator decides."""

    on_unknown: Literal["resend", "skip"] = "resend"
    catch_up_after: timedelta = timedelta(hours=2)


@dataclass(frozen=True)
class Result:
    """What a call changed."""

    sent: Sent | None = None
    edited: tuple[int, tuple[Shown, ...]] | None = None
    frozen: int | None = None
    deleted: Message | None = None
    sounded_at: datetime | None = None


class Calls:
    """Makes the calls. `done` counts messages by what was done with them."""

    def __init__(self, messenger: Messenger, policy: Policy, bot_name: str) -> None:
        self._messenger = messenger
        self._policy = policy
        self._bot_name = bot_name
        self.done: Counter[str] = Counter()

    async def make(self, action: Action, situation: Situation, story: Story, at: datetime) -> Result:
        """Carry the action out, at that moment. Raises DeliveryError."""
        match action:
            case Send():
                return await self._send(action, situation, story, at)
            case Edit():
                return await self._edit(action, situation, story)
            case Delete():
                return await self._delete(action)

    async def _send(self, action: Send, situation: Situation, story: Story, at: datetime) -> Result:
        subscription = situation.subscription
        rendered = compose(action, situation, story, self._bot_name)
        reply_to = action.reply_to.message_id if action.reply_to and not action.reply_to.is_frozen else None
        message_id: int | None = None
        try:
            message_id = await self._messenger.send(
                subscription.chat_id, subscription.thread_id, rendered, silent=action.silent, reply_to=reply_to
            )
            self.done["notes" if action.reply_to else "sent"] += 1
        except errors.Malformed as error:
            log.error("message_refused", chat=subscription.chat_id, answer=str(error), html=rendered.html)
        except errors.Unknown as error:
            if self._policy.on_unknown == "resend":
                raise
            self.done["unknown"] += 1
            log.warning("outcome_unknown_skipped", chat=subscription.chat_id, reason=str(error))
        return Result(
            sent=Sent(message_id, action.kind, action.shows, at, action.missed),
            edited=(action.reply_to.id, action.shows) if action.reply_to is not None else None,
            sounded_at=None if action.silent else at,
        )

    async def _edit(self, action: Edit, situation: Situation, story: Story) -> Result:
        rendered = compose(action, situation, story, self._bot_name)
        row = action.message
        try:
            await self._messenger.edit(row.chat_id, row.message_id or 0, rendered)
            self.done["edited"] += 1
        except (errors.NotEditable, errors.Malformed) as error:
            log.info("message_frozen", chat=row.chat_id, message=row.message_id, reason=str(error))
            return Result(frozen=row.id)
        return Result(edited=(row.id, action.shows))

    async def _delete(self, action: Delete) -> Result:
        row = action.message
        try:
            await self._messenger.delete(row.chat_id, row.message_id or 0)
            self.done["deleted"] += 1
        except errors.NotEditable:
            return Result(frozen=row.id)
        return Result(deleted=row)
