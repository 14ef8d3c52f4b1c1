"""All commands and all buttons. Handlers, /help, Telegram's menu and the README's table come from here."""

from __future__ import annotations

from dataclasses import dataclass

from bot.callbacks import Act
from bot.commands import following, opening, quoting, reading, speakers, status
from bot.commands.asking import Ask, ButtonHandler, Desk, Handler, Reply
from bot.delivery.answers import help_text


@dataclass(frozen=True)
class Command:
    """A command.

    `changes` marks those that in a group only its administrators may use, `desk` those of the administrators that the
    configuration names, which nobody else is shown.
    """

    name: str
    arguments: str
    summary: str
    handler: Handler
    changes: bool = False
    desk: bool = False


async def on_help(desk: Desk, ask: Ask) -> Reply:
    is_admin = desk.is_run_by(ask)
    shown = [command for command in COMMANDS if is_admin or not command.desk]
    return Reply(help_text([(command.name, command.arguments, command.summary) for command in shown]))


COMMANDS: tuple[Command, ...] = (
    Command("latest", "[number | 30m | 2h]", "the newest updates", reading.on_latest),
    Command("quotes", "[speaker]", "who said what", quoting.on_quotes),
    Command("speakers", "", "everyone who is quoted", quoting.on_speakers),
    Command("subscribe", "[story]", "follow a story", following.on_subscribe, changes=True),
    Command("unsubscribe", "[story]", "stop following", following.on_unsubscribe, changes=True),
    Command("follow", "[speaker]", "be told whenever somebody is quoted", speakers.on_follow, changes=True),
    Command("unfollow", "[speaker]", "stop being told", speakers.on_unfollow, changes=True),
    Command("stories", "", "what there is to follow", following.on_stories),
    Command("start", "[story]", "what this bot does", following.on_start),
    Command("help", "", "this list", on_help),
    Command("open", "address [name]", "open a story, after a look at its page", opening.on_open, desk=True),
    Command("close", "[story]", "the coverage has ended", opening.on_close, desk=True),
    Command("pause", "[story]", "hold a story: neither read nor told", opening.on_pause, desk=True),
    Command("resume", "[story]", "a held or closed story goes on", opening.on_resume, desk=True),
    Command("status", "", "who is behind, how fast it goes, what cannot be read", status.on_status, desk=True),
)

BUTTONS: dict[Act, tuple[int, ButtonHandler]] = {  # how many numbers each needs at least
    Act.LATEST: (1, reading.press_latest),
    Act.OLDER: (2, reading.press_older),
    Act.NEWER: (2, reading.press_newer),
    Act.SINCE: (2, reading.press_since),
    Act.QUOTES: (1, quoting.press_quotes),
    Act.SAID: (1, quoting.press_said),
    Act.SPEAKERS: (1, quoting.press_speakers),
    Act.FOLLOW: (1, following.follow),
    Act.STOP: (1, following.stop),
    Act.ONLY_KEY: (1, following.only_key),
    Act.EVERYTHING: (1, following.everything),
    Act.FOLLOW_SPEAKER: (1, speakers.press_follow),
    Act.UNFOLLOW_SPEAKER: (1, speakers.press_unfollow),
    Act.OPEN: (1, opening.press_open),
    Act.CANCEL: (1, opening.press_cancel),
    Act.CLOSE: (1, opening.press_close),
    Act.PAUSE: (1, opening.press_pause),
    Act.RESUME: (1, opening.press_resume),
}
