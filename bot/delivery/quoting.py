"""The answer to /quotes: who said what."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.delivery import stamps
from bot.delivery.cutting import cut
from bot.delivery.outside import page_text, plain
from bot.delivery.pieces import deep_link, finished, fitting, title_of
from bot.delivery.rendered import Paged, Rendered, row
from bot.delivery.richtext import Rich, bold, italic, join, link, quoted
from storage.models import Content, Speaker, StoredQuote, Story

_LONGEST_QUOTE = 900
_LONGEST_CUE = 80


def quotes(
    story: Story,
    speaker: Speaker | None,
    found: Sequence[StoredQuote],
    bot: str,
    *,
    total: int,
    offset: int = 0,
    older: Callable[[int], str] | None = None,
    newer: str | None = None,
    follow: str | None = None,
    everyone: str | None = None,
    people: Mapping[int, Speaker] | None = None,
) -> Paged:
    """What a speaker (None: everybody) said, newest first, after `offset` newer ones, of `total`.

    `people` are the speakers by their ids, to say who each of everybody is.
    """
    start = _speaker(speaker) if speaker else bold(Rich("Quotes: ") + title_of(story))
    if not found:
        words = start + ("\nNothing is quoted yet." if not offset else "\nThere are no more quotes.")
        return Paged(Rendered(finished(words), row(("All speakers", everyone))), 0)
    blocks = [_block(quote, speaker, (people or {}).get(quote.speaker_id or 0), bot) for quote in found]
    shown = fitting(blocks)
    total = max(total, offset + shown)
    left = total - offset - shown
    count = f" · {total} quote{'' if total == 1 else 's'}" + (f", {offset + 1} to {offset + shown}" if offset else "")
    buttons = row(("Newer", newer), (f"{left} older", older(shown) if older and left else None)) + row(
        (f"Follow {_short(speaker)}" if speaker else "", follow if speaker else None), ("All speakers", everyone)
    )
    return Paged(Rendered(finished(join([start + count, *blocks[:shown]], "\n\n")), buttons), shown)


def _speaker(speaker: Speaker) -> Rich:
    name = bold(cut(Rich(plain(speaker.name)), 100)[0])
    return name + ", " + cut(Rich(plain(speaker.role)), 200)[0] if speaker.role else name


def _block(quote: StoredQuote, speaker: Speaker | None, who: Speaker | None, bot: str) -> Rich:
    """The words, then when, and where to read them in context."""
    words = cut(page_text(quote.text), _LONGEST_QUOTE)[0]
    content = Content(published_at=quote.published_at, stamp=quote.stamp)
    facts = [
        stamps.long_time(content),
        *_given_to(quote, speaker, who),
        link("update", deep_link(bot, f"e{quote.entry_id}")),
    ]
    return quoted(words if words.text else "…") + "\n" + join(facts, " · ")


def _given_to(quote: StoredQuote, speaker: Speaker | None, who: Speaker | None) -> list[Rich]:
    """Whose words they are: of everybody's who that is, and where they are only taken to be somebody's, that."""
    name = _short(speaker) if speaker else _person(quote, who)
    if quote.confidence == "resolved" and name:
        cue = plain(quote.cue or "")
        told = f'"{cue[:1].upper()}{cue[1:]}": ' if cue and len(cue) <= _LONGEST_CUE else ""
        return [italic(f"{told}taken to be {name}")]
    if speaker is None:
        return [Rich(name) if name else italic("a statement, or somebody not named")]
    return []


def _person(quote: StoredQuote, who: Speaker | None) -> str:
    """A name, and the role that the text or the story gives with it; nothing where there is no name."""
    role = quote.role or (who.role if who else None)
    return plain(", ".join(filter(None, (quote.speaker, role)))) if quote.speaker else ""


def _short(speaker: Speaker) -> str:
    """A person's last name, with the particles written small before it; all of an organisation's."""
    words = plain(speaker.name).split()
    if not speaker.is_person or not words:
        return " ".join(words)
    first = next((n for n, word in enumerate(words[1:-1], start=1) if word[:1].islower()), len(words) - 1)
    return " ".join(words[first:])
