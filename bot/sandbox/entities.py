"""The entities of a text: stretches with a meaning, counted in UTF-16 code units, as Telegram counts them.

What Telegram does to the entities it is given: merges those that touch, keeps everything else out of code, drops
quotations inside quotations, sorts, and silently forgets all beyond the hundredth.
"""

from __future__ import annotations

from typing import Any

Entity = dict[str, Any]

MAX_ENTITIES = 100

# Outer before inner where two cover the same stretch.
PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "text_link": 49,
    "text_mention": 49,
    "date_time": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
STYLES = {"bold", "italic", "underline", "strikethrough", "spoiler"}
MONOSPACE = {"pre", "code"}
QUOTES = {"blockquote", "expandable_blockquote"}


def utf16_length(text: str) -> int:
    """How many UTF-16 code units `text` takes."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def slice_utf16(text: str, offset: int, length: int) -> str:
    """The part of `text` that an entity speaks of."""
    if text.isascii():
        return text[offset : offset + length]
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le", "replace")


def end_of(entity: Entity) -> int:
    return int(entity["offset"]) + int(entity["length"])


def sort_key(entity: Entity) -> tuple[int, int, int]:
    return entity["offset"], -entity["length"], PRIORITY.get(entity["type"], 50)


def settle(entities: list[Entity]) -> list[Entity]:
    """What Telegram makes of `entities`: merged, cut around code, without nested quotations, sorted."""
    if _are_apart(entities):
        return entities  # as nearly always
    kept = _without_nested_quotes([entity for entity in entities if entity["length"] > 0])
    code = [entity for entity in kept if entity["type"] in MONOSPACE]
    if code:
        kept = [piece for entity in kept for piece in _outside(entity, code)]
    return _nested(_merged(kept))


def _are_apart(entities: list[Entity]) -> bool:
    """Whether there is something between each and the next, and nothing is empty: then there is nothing to settle."""
    end = -1
    for entity in entities:
        if entity["offset"] <= end or entity["length"] <= 0:
            return False
        end = entity["offset"] + entity["length"]
    return True


def _without_nested_quotes(entities: list[Entity]) -> list[Entity]:
    quotes = sorted((entity for entity in entities if entity["type"] in QUOTES), key=sort_key)
    end = -1
    nested = set()
    for quote in quotes:
        if quote["offset"] < end:
            nested.add(id(quote))
        end = max(end, end_of(quote))
    return [entity for entity in entities if id(entity) not in nested]


def _outside(entity: Entity, code: list[Entity]) -> list[Entity]:
    """The parts of `entity` that lie outside all code. Only styles are cut; the rest is dropped if code covers it."""
    if entity["type"] in QUOTES:
        return [entity]
    if entity["type"] in MONOSPACE:
        inside = any(other is not entity and _is_within(entity, other) for other in code)
        return [] if inside else [entity]
    if entity["type"] not in STYLES:
        return [] if any(_is_within(entity, other) for other in code) else [entity]
    pieces = []
    start, end = entity["offset"], end_of(entity)
    for other in sorted(code, key=sort_key):
        if other["offset"] > start:
            pieces.append(entity | {"offset": start, "length": min(end, other["offset"]) - start})
        start = max(start, end_of(other))
    pieces.append(entity | {"offset": start, "length": end - start})
    return [piece for piece in pieces if piece["length"] > 0]


def _is_within(entity: Entity, other: Entity) -> bool:
    """Whether `other` covers `entity`. Of two over the same stretch the outer one by priority covers the inner."""
    if not (other["offset"] <= entity["offset"] and end_of(entity) <= end_of(other)):
        return False
    return sort_key(other) < sort_key(entity) or entity["length"] < other["length"]


def _merged(entities: list[Entity]) -> list[Entity]:
    """Styles of one kind that touch or overlap become one."""
    merged: list[Entity] = []
    last: dict[str, Entity] = {}
    for entity in sorted(entities, key=sort_key):
        before = last.get(entity["type"])
        if before is not None and entity["offset"] <= end_of(before):
            before["length"] = max(end_of(before), end_of(entity)) - before["offset"]
            continue
        copy = dict(entity)
        merged.append(copy)
        if entity["type"] in STYLES:
            last[entity["type"]] = copy
    return merged


def _nested(entities: list[Entity]) -> list[Entity]:
    """Sorted, and cut where one would end in the middle of another: then they can be written as tags."""
    waiting = sorted(entities, key=sort_key)
    kept: list[Entity] = []
    open_: list[Entity] = []
    while waiting:
        entity = waiting.pop(0)
        start, end = entity["offset"], end_of(entity)
        open_ = [other for other in open_ if end_of(other) > start]
        crossed = min((other for other in open_ if end_of(other) < end), key=end_of, default=None)
        if crossed is None:
            kept.append(entity)
            open_.append(entity)
        elif entity["type"] not in STYLES and crossed["type"] in STYLES:
            rest = crossed | {"offset": start, "length": end_of(crossed) - start}
            crossed["length"] = start - crossed["offset"]
            waiting = sorted([entity, rest, *waiting], key=sort_key)
        else:
            middle = end_of(crossed)
            first = entity | {"length": middle - start}
            later = [entity | {"offset": middle, "length": end - middle}] if entity["type"] in STYLES else []
            waiting = sorted([first, *later, *waiting], key=sort_key)
    return [entity for entity in kept if entity["length"] > 0]


def trim(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Cut white space from both ends, and the entities with it.

    As on Telegram, leading white space that an entity covers stays.
    """
    if text and text[0] not in " \n" and text[-1] not in " \n":
        return text, entities
    first = min((entity["offset"] for entity in entities), default=utf16_length(text))
    leading = min(len(text) - len(text.lstrip(" \n")), first)
    text = text[leading:].rstrip(" \n")
    length = utf16_length(text)
    moved = [_cut(entity, leading, length) for entity in entities]
    return text, [entity for entity in moved if entity["length"] > 0]


def _cut(entity: Entity, leading: int, length: int) -> Entity:
    offset = entity["offset"] - leading
    return entity | {"offset": offset, "length": min(entity["length"], length - offset)}
