"""Inline queries: what people ask the bot from any chat, what it offers, and what becomes a message."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.sandbox import errors
from bot.sandbox.attachments import described
from bot.sandbox.cards import contact, location, venue
from bot.sandbox.errors import bad_request
from bot.sandbox.formatting import Formatted, format_caption, format_text
from bot.sandbox.keyboards import Markup, inline_keyboard
from bot.sandbox.model import ImpossibleError, Json, Message, User
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.chat import Chat
    from bot.sandbox.world import World

LIFETIME = timedelta(seconds=30)
MAX_RESULTS = 50
MAX_KEPT = 1000
CARDS = {"location": location, "venue": venue, "contact": contact}
FILES = {
    "photo": ("photo", "photo"),
    "gif": ("gif", "animation"),
    "mpeg4_gif": ("mpeg4", "animation"),
    "video": ("video", "video"),
    "audio": ("audio", "audio"),
    "voice": ("voice", "voice"),
    "document": ("document", "document"),
    "sticker": ("sticker", "sticker"),
}


@dataclass(eq=False, slots=True)
class Asked:
    """An inline query, and the bot's answer if there is one: the results, and what else it said of them."""

    id: str
    chat: Chat
    user: User
    query: str
    at: datetime
    results: list[Json] | None = None
    answer: Json | None = None

    def result(self, result_id: str) -> Json:
        for result in self.results or []:
            if result["id"] == result_id:
                return result
        raise ImpossibleError(f"The bot has offered no result {result_id!r}.")


class Inline:
    """The inline queries of one bot, and the messages that came of them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ids = itertools.count(7_000_000_000_000_001)
        self._asked: dict[str, Asked] = {}
        self._messages: dict[str, Message] = {}

    def ask(self, chat: Chat, user: User, query: str, offset: str) -> str:
        asked = Asked(str(next(self._ids)), chat, user, query, self._world.now())
        self._asked[asked.id] = asked
        if len(self._asked) > MAX_KEPT:
            del self._asked[next(iter(self._asked))]
        kind = "sender" if chat.kind == "private" else chat.kind
        told = {"id": asked.id, "from": user.raw, "chat_type": kind, "query": query, "offset": offset}
        self._world.tell("inline_query", told)
        return asked.id

    def asked(self, query_id: str) -> Asked:
        if query_id not in self._asked:
            raise ImpossibleError("There is no such inline query (any more).")
        return self._asked[query_id]

    def answer(self, query_id: str, results: list[Any], answer: Json) -> None:
        """What answerInlineQuery does."""
        asked = self._asked.get(query_id)
        if asked is None or self._world.now() - asked.at > LIFETIME:
            raise bad_request(errors.QUERY_TOO_OLD)
        asked.results, asked.answer = checked(results), answer
        self._world.events.add("inline", inline_query_id=query_id, results=asked.results, **answer)
        self._world.changed.fire()

    def note(self, message: Message) -> str:
        """Give a message that the bot may edit a name of its own."""
        name = f"inline-{message.chat.id}-{message.id}"
        self._messages[name] = message
        return name

    def message(self, name: str) -> Message:
        """The message of that inline_message_id."""
        found = self._messages.get(name)
        if found is None or found.chat.find(found.id) is not found:
            raise bad_request("MESSAGE_ID_INVALID")
        return found


def checked(results: list[Any]) -> list[Json]:
    """The results, if Telegram would take them."""
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    seen = set()
    for result in results:
        if not isinstance(result, dict) or not isinstance(result.get("id"), str):
            raise bad_request("can't parse inline query result: Can't find field \"id\"")
        if not 1 <= len(result["id"].encode("utf-8", "replace")) <= 64:
            raise bad_request("RESULT_ID_INVALID")
        if result["id"] in seen:
            raise bad_request("RESULT_ID_DUPLICATE")
        seen.add(result["id"])
        _check_result(result)
    return results


def _check_result(result: Json) -> None:
    kind = result.get("type")
    if not isinstance(kind, str) or kind not in {"article", *CARDS, *FILES}:
        raise bad_request("can't parse inline query result: Unsupported inline query result type")
    if kind == "article" and not result.get("title"):
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    if "input_message_content" in result:
        _said(result["input_message_content"])
    elif kind == "article":
        raise bad_request("message text is empty")
    elif kind in FILES and not _source(result):
        raise bad_request(f"can't parse inline query result: Can't find field \"{FILES[kind][0]}_url\"")
    inline_keyboard(Params(result).mapping("reply_markup"))


def posted(world: World, result: Json) -> tuple[Formatted, Markup | None, Json]:
    """What a chosen result is as a message: its words, its buttons, its media."""
    markup = inline_keyboard(Params(result).mapping("reply_markup"))
    if "input_message_content" in result:
        content, media = _said(result["input_message_content"])
        return content, markup, media
    params = Params(result)
    if result["type"] in CARDS:
        return Formatted("", []), markup, CARDS[result["type"]](params)
    _, kind = FILES[result["type"]]
    source = _source(result)
    file = world.files.find(source) or world.files.named(kind, source)
    caption = format_caption(params.text("caption"), params.text("parse_mode"), params.json("caption_entities"))
    return caption, markup, described(file)


def _source(result: Json) -> str:
    field, kind = FILES[result["type"]]
    return Params(result).text(f"{kind}_file_id") or Params(result).text(f"{field}_url")


def _said(content: Any) -> tuple[Formatted, Json]:
    if not isinstance(content, dict):
        raise bad_request('can\'t parse inline query result: Field "input_message_content" must be an Object')
    params = Params(content)
    if "phone_number" in content:
        return Formatted("", []), contact(params)
    if "latitude" in content:
        return Formatted("", []), venue(params) if "title" in content else location(params)
    text = format_text(params.text("message_text"), params.text("parse_mode"), params.json("entities"))
    return text, {}
