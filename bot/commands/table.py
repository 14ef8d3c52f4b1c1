"""All commands and all buttons. Handlers, /help, Telegram's menu and the README's table come from here."""

from __future__ import annotations

from dataclasses import dataclass

from bot.callbacks import Act
from bot.commands import following, quoting, reading
from bot.commands.asking import Ask, ButtonHandler, Desk, Handler, Reply
from bot.delivery.answers import help_text


@dataclass(frozen=True)
class Command:
    """A command; `changes` marks those that in a group only administrators may use."""

    name: str
    arguments: str
    summary: str
    handler: Handler
    changes: bool = False


async def on_help(desk: Desk, ask: Ask) -> Reply:
    return Reply(help_text([(command.name, command.arguments, command.summary) for command in COMMANDS]))


COMMANDS: tuple[Command, ...] = (
    Command("latest", "[number | 30m | 2h]", "the newest updates", reading.on_latest),
    Command("quotes", "[speaker]", "who said what", quoting.on_quotes),
    Command("speakers", "", "everyone who is quoted", quoting.on_speakers),
    Command("subscribe", "[story]", "follow a story", following.on_subscribe, changes=True),
    Command("unsubscribe", "[story]", "stop following", following.on_unsubscribe, changes=True),
    Command("stories", "", "what there is to follow", following.on_stories),
    Command("start", "[story]", "what this bot does", following.on_start),
    Command("help", "", "this list", on_help),
)

BUTTONS: dict[Act, tuple[int, ButtonHandler]] = {  # how many numbers each needs at least
    Act.LATEST: (1, reading.press_latest),
    Act.OLDER: (2, reading.press_older),
    Act.NEWER: (2, reading.press_newer),
    Act.SINCE: (2, reading.press_since),
    Act.QUOTES: (2, quoting.press_quotes),
    Act.SAID: (2, quoting.press_said),
    Act.SPEAKERS: (1, quoting.press_speakers),
    Act.FOLLOW: (1, following.follow),
    Act.STOP: (1, following.stop),
    Act.ONLY_KEY: (1, following.only_key),
    Act.EVERYTHING: (1, following.everything),
}
