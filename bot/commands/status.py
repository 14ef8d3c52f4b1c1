"""/status: how the bot is doing, for the administrators named in the configuration."""

from __future__ import annotations

from bot.commands.asking import NOT_AN_ADMINISTRATOR, Ask, Desk, Reply, say
from bot.delivery.status import Status, status
from storage import backlogs, stories, workers


async def on_status(desk: Desk, ask: Ask) -> Reply:
    if not desk.is_run_by(ask):
        return say(NOT_AN_ADMINISTRATOR)
    async with desk.database.read() as connection:
        found = Status(
            ask.now,
            desk.rate,
            await backlogs.reachable_chats(connection),
            await backlogs.of_stories(connection, await stories.all_of(connection)),
            await workers.seen_lately(connection, ask.now),
            await workers.counted_lately(connection, ask.now),
        )
    return Reply(status(found))
