"""A text's quotes and their speakers.

text ──marks──▶ quoted strings ──sentences──▶ tokens ──mentions──▶ who is spoken of
     ──clauses──▶ who speaks, in the words of each sentence ──reader, memory──▶ who that is ──▶ quotes, register
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Literal

from bot.quotes import headline, marks
from bot.quotes.cast import Cast, Entity
from bot.quotes.cues import WEAK
from bot.quotes.marks import Quoted, count_words, labelled
from bot.quotes.mentions import mentions
from bot.quotes.reader import Reader, Verdict
from bot.quotes.sentences import sentences
from bot.quotes.speakers import Register, updated
from bot.quotes.subjects import Clause
from bot.quotes.tweets import author_of, words_end
from storage.models import FoundQuote, Span

NOBODY = Register()


@dataclass(frozen=True)
class Reading:
    """What a text gave. Each quote's speaker is the name of exactly one speaker of the register, or None."""

    quotes: tuple[FoundQuote, ...]
    register: Register


@dataclass(frozen=True, slots=True)
class _Draft:
    """A quote whose speaker has no final name yet."""

    parts: tuple[tuple[int, int], ...]
    verdict: Verdict


def find_quotes(
    text: str,
    *,
    title: str = "",
    register: Register | None = None,
    at: datetime | None = None,
    tweets: Sequence[Span] = (),
) -> Reading:
    """The quotes of one entry's text, with offsets in it, and the story's register after it.

    `register` is what the story's earlier entries have shown; `at` dates the roles that are new. What stands in
    `tweets` is read apart from the text around it: each is a quote of its author, where that is a person or an office.
    """
    register = register or NOBODY
    cast = Cast(register.roll)
    tweets = [span for span in tweets if 0 <= span.start < span.end <= len(text)]
    skip = [(span.start, span.end) for span in tweets]
    titles = _clauses(title, [])[1] if title else []
    strings, clauses = _clauses(text, skip)
    inner = [_clauses(text[start:end], []) for start, end in skip]
    for clause in chain(titles, clauses, *(found for _, found in inner)):
        for mention in clause.mentions:
            cast.introduce(mention)
    if ", " in text:
        cast.spell_out(text, (mention for clause in clauses for mention in clause.mentions))
    reader = Reader.of(text, strings, clauses, cast)
    headline.announce(reader.memory, titles)
    reader.read(clauses)
    drafts = _drafts(reader)
    for span, (start, end), (quoted, said) in zip(tweets, skip, inner, strict=True):
        drafts += _tweeted(text[start:end], start, span, quoted, said, cast)
    return _reading(text, drafts, register, cast, at)


def _clauses(text: str, skip: list[tuple[int, int]]) -> tuple[list[Quoted], list[Clause]]:
    """The quoted strings and the sentences of a text, without what stands in `skip`."""
    parts = marks.paragraphs(text)
    strings = [s for s in marks.quoted_strings(text, parts) if not any(s.start < b and a < s.end for a, b in skip)]
    return strings, [Clause(s, mentions(text, s)) for s in sentences(text, parts, strings, skip)]


def _tweeted(
    text: str, offset: int, span: Span, strings: list[Quoted], clauses: list[Clause], cast: Cast
) -> list[_Draft]:
    """What a tweet says: quotes inside it that name their speaker, else the whole of it as its author's."""
    reader = Reader.of(text, strings, clauses, cast)
    reader.read(clauses)
    named = [draft for draft in _drafts(reader) if draft.verdict.confidence == "explicit"]
    if named:
        return [_Draft(tuple((a + offset, b + offset) for a, b in draft.parts), draft.verdict) for draft in named]
    author = author_of(span.author or "", cast)
    end = words_end(text)
    if author is None or count_words(text, 0, end) < marks.FEW:
        return []
    start = len(text) - len(text.lstrip())
    return [_Draft(((start + offset, end + offset),), Verdict(author, "explicit", "tweeted", "tweeted"))]


def _reading(text: str, drafts: list[_Draft], register: Register, cast: Cast, at: datetime | None) -> Reading:
    drafts = sorted(drafts, key=lambda draft: draft.parts)
    for draft in drafts:
        if draft.verdict.entity is not None:
            draft.verdict.entity.is_quoted = True
    register, names = updated(register, cast, at)
    return Reading(tuple(_quote(text, draft, names) for draft in drafts), register)


def _drafts(reader: Reader) -> list[_Draft]:
    return [
        _Draft(tuple((reader.strings[n].start, reader.strings[n].end) for n in group), _of_group(reader, group))
        for group in _grouped(reader)
    ]


def _grouped(reader: Reader) -> list[list[int]]:
    """The strings of each quote: one, or several where it is re-opened at each paragraph."""
    groups: list[list[int]] = []
    for number, string in enumerate(reader.strings):
        if string.continues and groups and groups[-1][-1] == number - 1 and not labelled(reader.text, string):
            groups[-1].append(number)
        else:
            groups.append([number])
    return [group for group in groups if any(_is_quotation(reader, number) for number in group)]


def _is_quotation(reader: Reader, number: int) -> bool:
    """Whether a string is somebody's words: long enough, and no title, slogan or heading that only looks like it."""
    string = reader.strings[number]
    verdict = reader.verdicts.get(number)
    if verdict is None or not string.is_long(reader.text):
        return False
    is_said = verdict.cue is not None and verdict.cue.split()[-1].lower() not in WEAK
    if not is_said and string.is_title(reader.text):
        return False
    if verdict.confidence == "explicit":
        return True
    return not (string.is_single and reader.is_double)


def _of_group(reader: Reader, group: list[int]) -> Verdict:
    """A quote of several strings is given to whom any of them is given to expressly, else to the first one's."""
    verdicts = [reader.verdicts.get(number, Verdict()) for number in group]
    return next((verdict for verdict in verdicts if verdict.confidence == "explicit"), verdicts[0])


def _quote(text: str, draft: _Draft, names: dict[Entity, str]) -> FoundQuote:
    verdict = draft.verdict
    start, end = draft.parts[0][0], draft.parts[-1][1]
    speaker = names.get(verdict.entity) if verdict.entity is not None else None
    kind: Literal["direct", "partial"] = "direct" if verdict.is_direct else "partial"
    return FoundQuote(
        text=text[start:end],
        start=start,
        end=end,
        parts=draft.parts,
        speaker=speaker,
        role=verdict.role if speaker else None,
        cue=verdict.shown,
        kind=kind,
        confidence=verdict.confidence if speaker else "none",
    )
