"""An entry in a few words, for lists and for what a bundle leaves unfolded."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.delivery.cutting import ends_sentence, first_sentence
from bot.delivery.outside import plain
from bot.delivery.pieces import Item, body, deep_link, head, more
from bot.delivery.richtext import Edit, Rich
from storage.models import Entry, Standing

BRIEF = 120  # code points of an entry in a list

_OPENING_MARK = re.compile(r"[\"“„«]")


def brief(item: Item, bot: str, speakers: Mapping[int, str] | None = None, limit: int = BRIEF) -> Rich:
    """The beginning of an entry in one piece, with a link to it where there is more."""
    start, rest = beginning(body(item), limit)
    words = lead(item.entry, start, speakers) + flattened(start)
    return closed(words) + " " + more(deep_link(bot, f"e{item.entry.id}")) if rest.text else words


def line(item: Item, bot: str, speakers: Mapping[int, str] | None = None) -> Rich:
    """An entry in a list: its time and its beginning."""
    start = flattened(head(item))
    return start.stripped() if item.entry.standing is Standing.DELETED else start + brief(item, bot, speakers)


def flattened(rich: Rich) -> Rich:
    """All in one line."""
    return rich.edited([Edit(found.start(), found.end(), Rich(" ")) for found in re.finditer(r"\s*\n\s*", rich.text)])


def beginning(rich: Rich, limit: int) -> tuple[Rich, Rich]:
    """The first sentence, or as much of it as the limit allows, and what follows."""
    at = first_sentence(rich.text, limit)
    start, rest = rich.part(0, at), rich.part(at).stripped()
    return (start if ends_sentence(rich.text, at) or not rest.text else start + "…"), rest


def closed(rich: Rich) -> Rich:
    """With the quote mark that a cut has left behind."""
    if rich.text.count('"') % 2:
        return rich + '"'
    return rich + "”" if rich.text.rfind("“") > rich.text.rfind("”") else rich


def parted(rich: Rich, limit: int) -> tuple[Rich, Rich]:
    """The first sentence and the rest, to be read on from one to the other."""
    at = first_sentence(rich.text, limit)
    at += rich.text[at : at + 1] in tuple(",;:")
    start, rest = rich.part(0, at), rich.part(at).stripped()
    reads_on = not rest.text or ends_sentence(rich.text, at) or rich.text[at - 1] in ",;:"
    return start if reads_on else start + "…", rest


def lead(entry: Entry, start: Rich, speakers: Mapping[int, str] | None) -> Rich:
    """`Name: ` before a text that begins with somebody's words and names him only later."""
    name = plain((speakers or {}).get(entry.id, ""))
    if not name or not _OPENING_MARK.match(start.text) or name.rpartition(" ")[2] in start.text:
        return Rich()
    return Rich(f"{name}: ")
