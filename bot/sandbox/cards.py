"""Messages that are neither words nor files: places, people, dice."""

from __future__ import annotations

from bot.sandbox.errors import bad_request
from bot.sandbox.model import Json
from bot.sandbox.params import Params

DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}


def location(params: Params) -> Json:
    return {"location": _point(params)}


def venue(params: Params) -> Json:
    point = _point(params)
    if not params.has("title") or not params.has("address"):
        raise bad_request("venue title and address must be non-empty")
    place: Json = {"location": point, "title": params.text("title"), "address": params.text("address")}
    for name in ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type"):
        if params.has(name):
            place[name] = params.text(name)
    return {"venue": place, "location": point}


def contact(params: Params) -> Json:
    if not params.has("phone_number"):
        raise bad_request("phone number must be non-empty")
    if not params.has("first_name"):
        raise bad_request("first name must be non-empty")
    person = {name: params.text(name) for name in ("phone_number", "first_name")}
    return {"contact": person | {name: params.text(name) for name in ("last_name", "vcard") if params.has(name)}}


def dice(params: Params, number: int) -> Json:
    """A throw that only `number` decides, so that a test can be repeated."""
    emoji = params.text("emoji") or "🎲"
    sides = DICE.get(emoji.removesuffix("\ufe0f"))
    if sides is None:
        raise bad_request("DICE_EMOJI_INVALID")
    return {"dice": {"emoji": emoji, "value": 1 + number * 7919 % sides}}


def _point(params: Params) -> Json:
    point: Json = {"latitude": params.number("latitude", -90, 90), "longitude": params.number("longitude", -180, 180)}
    if params.has("horizontal_accuracy"):
        point["horizontal_accuracy"] = params.number("horizontal_accuracy", 0, 1500)
    if params.has("live_period"):
        point["live_period"] = params.clamped("live_period", 0, 60, 0x7FFFFFFF)
    return point
