"""The silent reply that tells what a correction changed, to those who read the wrong words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.delivery import stamps
from bot.delivery.briefs import beginning, flattened
from bot.delivery.changes import Change, changes, is_rewrite, matters
from bot.delivery.cutting import FIRST_SENTENCE, cut
from bot.delivery.outside import plain
from bot.delivery.pieces import Item, body, finished
from bot.delivery.rendered import Rendered
from bot.delivery.richtext import Rich, bold, join, struck
from storage.models import Entry, Revision

_MOST = 5
_LONGEST = 250


def note(entry: Entry, told: Revision) -> Rendered | None:
    """What was wrong and what is right, since the revision that the reader was told; None where nothing matters."""
    pairs = [(told.title, entry.title), (told.text, entry.text)]
    pairs = [(old, new) for old, new in pairs if matters(old, new)]
    if not pairs:
        return None
    start = bold("Correction") + " to " + stamps.short_time(told) + ": "
    if entry.is_empty:
        return Rendered(finished(start + "the publisher emptied this update."))
    if any(is_rewrite(old, new) for old, new in pairs):
        words, _ = beginning(body(Item(entry)), FIRST_SENTENCE)
        return Rendered(finished(start + "the update was rewritten. It now begins: " + flattened(words)))
    found = [change for old, new in pairs for change in changes(old, new) if change.matters]
    return Rendered(finished(start + _listed(found)))


def withdrawn_note(entry: Entry | None = None) -> Rendered:
    """What a note says once the update that it corrected was taken down."""
    if entry is None:
        return Rendered(finished(bold("Withdrawn") + ": the publisher took this update down."))
    when = stamps.short_time(entry)
    return Rendered(finished(bold("Withdrawn") + ": the publisher took the update of " + when + " down."))


def _listed(found: Sequence[Change]) -> Rich:
    if len(found) == 1:
        return _ended(_told(found[0]))
    lines = [Rich("• ") + _told(change) for change in found[:_MOST]]
    if len(found) > _MOST:
        lines.append(Rich(f"and {len(found) - _MOST} more"))
    return Rich("\n") + join(lines, "\n")


def _told(change: Change) -> Rich:
    """The words that stayed before, the old ones struck, an arrow, the new ones; what follows where it is needed."""
    old, new = _words(change.old), _words(change.new)
    middle = join([part for part in (struck(old), bold(new)) if part.text], " → ")
    needs_after = not (old.text and new.text) or not change.before
    before = _words(change.before) + (" " if change.before and (change.before[-1].isspace() or not new.text) else "")
    after = (" " if change.after[:1].isspace() else "") + _words(change.after)
    return before + middle + after if needs_after else before + middle


def _words(text: str) -> Rich:
    return cut(Rich(plain(text)), _LONGEST)[0]


def _ended(sentence: Rich) -> Rich:
    return sentence if sentence.text.endswith((".", "!", "?", "…")) else sentence + "."
