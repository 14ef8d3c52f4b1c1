"""What a refused or failed call asks for: the error table, in one place.

DeliveryError
 ├─ NotSent       repeat, with back-off
 ├─ Unknown       it may have arrived: as `delivery.on_unknown` says
 ├─ Wait          not before so many seconds, and never dropped
 ├─ ChatGone      the chat rests, its settings kept
 ├─ TopicGone     the topic's subscription rests
 ├─ Migrated      the group has a new id: rewrite it, repeat
 ├─ NotEditable   leave that message alone
 ├─ Malformed     a fault of ours: as plain text, and into the log
 └─ WrongToken    stop with one sentence
"""

from __future__ import annotations


class DeliveryError(Exception):
    """A call that did not do what it should."""


class NotSent(DeliveryError):
    """Telegram did not take it: repeat later."""


class Unknown(DeliveryError):
    """No answer came, so it may have been taken."""


class Wait(DeliveryError):
    """Too many requests."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"asked to wait {seconds:g} s")
        self.seconds = seconds


class ChatGone(DeliveryError):
    """The chat blocked the bot, removed it, or is gone."""


class TopicGone(DeliveryError):
    """The topic is closed or deleted."""


class Migrated(DeliveryError):
    """The group became a supergroup."""

    def __init__(self, new_chat_id: int) -> None:
        super().__init__(f"moved to {new_chat_id}")
        self.new_chat_id = new_chat_id


class NotEditable(DeliveryError):
    """The message cannot be edited or deleted any more."""


class Malformed(DeliveryError):
    """Telegram could not read what we sent."""


class WrongToken(DeliveryError):
    """Telegram does not accept telegram.token: ask @BotFather for it again and correct the configuration."""


class NotModified(DeliveryError):
    """The message says this already: success."""


# Telegram's words, in lower case, for answers that it gives with the codes 400 and 403.
SENTENCES: tuple[tuple[str, type[DeliveryError]], ...] = (
    ("message is not modified", NotModified),
    ("message thread not found", TopicGone),
    ("topic_closed", TopicGone),
    ("message to edit not found", NotEditable),
    ("message can't be edited", NotEditable),
    ("message_id_invalid", NotEditable),
    ("message to delete not found", NotEditable),
    ("message can't be deleted", NotEditable),
    ("message is too long", Malformed),
    ("can't parse entities", Malformed),
    ("message text is empty", Malformed),
    ("chat not found", ChatGone),
    ("peer_id_invalid", ChatGone),
    ("not enough rights", ChatGone),
    ("need administrator rights", ChatGone),
    ("have no write access", ChatGone),
    ("chat_write_forbidden", ChatGone),
    ("chat_restricted", ChatGone),
    ("user is deactivated", ChatGone),
    ("group chat was deactivated", ChatGone),
)


def refused(description: str, *, forbidden: bool) -> DeliveryError:
    """What an answer with the code 400 or (forbidden) 403 asks for."""
    text = description.lower()
    for words, error in SENTENCES:
        if words in text:
            return error(description)
    # Every 403 is about the chat; a 400 that nobody foresaw is about what we sent.
    return ChatGone(description) if forbidden else Malformed(description)
