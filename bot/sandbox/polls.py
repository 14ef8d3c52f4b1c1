"""Polls: asked by the bot, voted in by people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.errors import bad_request
from bot.sandbox.formatting import format_text
from bot.sandbox.model import ImpossibleError, Json, Message, User
from bot.sandbox.params import Params

if TYPE_CHECKING:
    from bot.sandbox.world import World

MAX_OPTIONS = 12


def poll(params: Params, poll_id: str) -> Json:
    """A new poll; nobody has voted."""
    question = params.text("question")
    if not 1 <= len(question) <= 300:
        raise bad_request("poll question length must not exceed 300" if question else "poll question must be non-empty")
    options = [_option(raw, number) for number, raw in enumerate(params.array("options", 1000))]
    if not 1 <= len(options) <= MAX_OPTIONS:
        raise bad_request(f"poll can't have more than {MAX_OPTIONS} options" if options else "poll must have an option")
    kind = params.text("type") or "regular"
    if kind not in {"regular", "quiz"}:
        raise bad_request("unsupported poll type specified")
    made: Json = {"id": poll_id, "question": question, "options": options, "total_voter_count": 0}
    made |= {"is_closed": params.flag("is_closed"), "type": kind}
    made["is_anonymous"] = params.flag("is_anonymous") if params.has("is_anonymous") else True
    made |= {name: params.flag(name) for name in ("allows_multiple_answers", "allows_revoting", "members_only")}
    if kind == "quiz":
        made["correct_option_ids"] = _correct(params, len(options))
    if params.has("explanation"):
        made["explanation"] = params.text("explanation")[:200]
    return {"poll": made}


def _option(raw: Any, number: int) -> Json:
    text = raw.get("text") if isinstance(raw, dict) else raw
    if not isinstance(text, str) or not text.strip():
        raise bad_request("poll options must be non-empty")
    if len(text) > 100:
        raise bad_request("poll options length must not exceed 100")
    option: Json = {"persistent_id": str(number), "text": text, "voter_count": 0}
    if isinstance(raw, dict) and raw.get("text_parse_mode"):
        formatted = format_text(text, str(raw["text_parse_mode"]))
        option |= {"text": formatted.text} | ({"text_entities": formatted.entities} if formatted.entities else {})
    return option


def _correct(params: Params, options: int) -> list[int]:
    if params.has("correct_option_id"):
        correct = [params.integer("correct_option_id")]  # the name before Bot API 10
    else:
        correct = params.array("correct_option_ids") if params.has("correct_option_ids") else []
    if not correct or not all(isinstance(number, int) and 0 <= number < options for number in correct):
        raise bad_request("wrong correct option ID specified")
    return [int(number) for number in correct if number is not None]


def vote(world: World, message: Message, user: User, options: tuple[int, ...]) -> None:
    """Count a vote, or take it back; the bot that asked is told."""
    asked = message.media.get("poll")
    if asked is None or asked["is_closed"]:
        raise ImpossibleError("There is no open poll.")
    if len(options) > 1 and not asked["allows_multiple_answers"]:
        raise ImpossibleError("Only one answer is allowed.")
    if not all(0 <= number < len(asked["options"]) for number in options):
        raise ImpossibleError("The poll has no such option.")
    votes = world.votes.setdefault(asked["id"], {})
    votes.pop(user.id, None)
    if options:
        votes[user.id] = options
    _tell(world, message, _counted(asked, votes))
    if not asked["is_anonymous"]:
        ids = [asked["options"][number]["persistent_id"] for number in options]
        chosen = {"option_ids": list(options), "option_persistent_ids": ids}
        world.tell("poll_answer", {"poll_id": asked["id"], "user": user.raw} | chosen)


def close(world: World, message: Message) -> Json:
    """End a poll; returns its last state."""
    closed: Json = message.media["poll"] | {"is_closed": True}
    _tell(world, message, closed)
    return closed


def _counted(asked: Json, votes: dict[int, tuple[int, ...]]) -> Json:
    counts = [sum(number in chosen for chosen in votes.values()) for number in range(len(asked["options"]))]
    options = [option | {"voter_count": count} for option, count in zip(asked["options"], counts, strict=True)]
    return asked | {"options": options, "total_voter_count": len(votes)}


def _tell(world: World, message: Message, state: Json) -> None:
    message.chat.show(message, {"poll": state})
    if message.from_bot:
        world.tell("poll", state)
