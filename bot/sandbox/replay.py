"""A live page played back: what it shows now, what happens next, and what a hand on the controls makes of it. Pure.

    finished page ──Mould.cut──▶ entries + script ──▶ steps: published, corrected, withdrawn ...
    step | correct | withdraw ──▶ Happening, and `page` as it stands from now on

A script is the TOML file beside a page that ships; any other page is replayed as it grew, its longest entry first
without its last paragraph, which follows: what is shown in the end is what the page says, to the letter.
"""

from __future__ import annotations

import re
import tomllib
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.sandbox.devising import devised
from bot.sandbox.model import ImpossibleError
from bot.sandbox.moulds import Cut, Mould, Piece
from bot.sources import Context
from storage.models import ParsedEntry

FASTEST, SLOWEST = 1000.0, 0.01

State = Literal["waiting", "published", "corrected", "withdrawn"]
_ISO = re.compile(r"\d{4}-\d\d-\d\dT|\d{10,}")


@dataclass(frozen=True)
class Correction:
    """The entry at `stamp` first says `before` where the page says `after`; put right after the entry at `when`."""

    stamp: str
    before: str
    after: str
    when: str


@dataclass(frozen=True)
class Withdrawal:
    """The entry at `stamp` is withdrawn after the entry at `when`. `was` is what it said, where the finished page no
    longer says it."""

    stamp: str
    when: str
    was: str = ""


@dataclass(frozen=True)
class Script:
    corrections: tuple[Correction, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()


@dataclass(frozen=True)
class Happening:
    """What has just happened to an entry, in words."""

    kind: Literal["published", "corrected", "withdrawn", "completed"]
    stamp: str
    words: str

    def __str__(self) -> str:
        return f"{self.stamp}  {self.words}"


@dataclass
class Played:
    """An entry of the replay: `piece` is what it says now, `place` where it stands in the document."""

    number: int
    place: int
    stamp: str
    piece: Piece
    text: str
    state: State = "waiting"

    @property
    def view(self) -> dict[str, Any]:
        return {"number": self.number, "stamp": self.stamp, "text": self.text, "state": self.state}


@dataclass(frozen=True)
class _Step:
    """Something that is to happen to an entry: to be published where it has no `after`, put right where it has."""

    entry: Played
    kind: Literal["published", "corrected", "withdrawn", "completed"] = "published"
    before: str = ""
    after: str = ""


def read_script(toml: str) -> Script:
    values = tomllib.loads(toml)
    return Script(
        tuple(Correction(**one) for one in values.get("correct", ())),
        tuple(Withdrawal(**one) for one in values.get("withdraw", ())),
    )


class Replay:
    """The state of a replay. `entries` stand in the order in which they are published."""

    def __init__(self, mould: Mould, cut: Cut, context: Context, script: Script | None = None) -> None:
        self.is_paused = False
        self.speed = 1.0
        self._mould, self._cut, self._context = mould, cut, context
        self.entries = self._played(cut)
        steps = _scripted(self.entries, script) if script is not None else _grown(self.entries)
        self._steps = deque(steps)
        for entry in self.entries:
            if entry.piece != cut.pieces[entry.place]:
                entry.text = self._read(entry.piece).text

    def _played(self, cut: Cut) -> list[Played]:
        found = [(place, piece, self._mould.alone(cut, piece, self._context)) for place, piece in enumerate(cut.pieces)]
        is_newest_first = found and found[0][2].published_at >= found[-1][2].published_at
        order = sorted(reversed(found) if is_newest_first else found, key=lambda one: one[2].published_at)
        return [
            Played(number, place, _stamp(entry), piece, entry.text)
            for number, (place, piece, entry) in enumerate(order)
        ]

    # --- what it shows --------------------------------------------------------------------------------------------

    @property
    def format(self) -> str:
        return self._mould.format

    @property
    def content_type(self) -> str:
        return self._mould.content_type

    @property
    def says_withdrawn(self) -> bool:
        return self._mould.says_withdrawn

    @property
    def page(self) -> str:
        """The page as it stands now."""
        on_page = sorted((e for e in self.entries if e.state != "waiting"), key=lambda entry: entry.place)
        return self._mould.whole(self._cut, map(self._printed, on_page))

    def _printed(self, entry: Played) -> str | None:
        print_ = self._mould.withdrawn if entry.state == "withdrawn" else self._mould.printed
        return print_(entry.piece)

    @property
    def is_over(self) -> bool:
        """Everything that was to happen by itself has happened."""
        return not self._steps

    @property
    def view(self) -> dict[str, Any]:
        """As a chat page is told."""
        return {
            "format": self.format,
            "done": sum(entry.state != "waiting" for entry in self.entries),
            "total": len(self.entries),
            "paused": self.is_paused,
            "speed": self.speed,
            "entries": [entry.view for entry in self.entries],
        }

    # --- what happens by itself -----------------------------------------------------------------------------------

    def step(self) -> Happening | None:
        """The next thing that was to happen; None where there is nothing more."""
        while self._steps:
            if happening := self._take(self._steps.popleft()):
                return happening
        return None

    def next_entry(self) -> list[Happening]:
        """Everything up to the next entry's publication; what is left where all entries are published."""
        happened = []
        while happening := self.step():
            happened.append(happening)
            if happening.kind == "published":
                break
        if not happened:
            raise ImpossibleError("The replay is over: there is no next entry.")
        return happened

    def _take(self, step: _Step) -> Happening | None:
        """None where a hand on the controls came first."""
        entry = step.entry
        if step.kind == "published":
            entry.state = "published"
            return Happening("published", entry.stamp, "published")
        if entry.state == "withdrawn":
            return None
        if step.kind == "withdrawn":
            return self._withdraw(entry)
        if step.before not in entry.piece.words:
            return None
        words = "completed" if step.kind == "completed" else f"corrected: {step.before} → {step.after}"
        return self._correct(entry, entry.piece.words.replace(step.before, step.after), words, step.kind)

    # --- what a hand does -----------------------------------------------------------------------------------------

    def correct(self, number: int, text: str | None = None) -> Happening:
        """Give an entry other words, or devise a correction for it."""
        entry = self._standing(number)
        if text is not None:
            return self._correct(entry, self._mould.written(_clean(text)), "corrected: other words", "corrected")
        words, change = next(
            one for one in devised(entry.piece.words, self._mould.written) if self._tells(entry, one[0])
        )
        return self._correct(entry, words, f"corrected: {change}", "corrected")

    def _tells(self, entry: Played, words: str) -> bool:
        """Whether readers would see other words."""
        return self._read(replace(entry.piece, words=words)).text != entry.text

    def withdraw(self, number: int) -> Happening:
        """Take an entry down, in the format's own way of saying so."""
        entry = self._standing(number)
        oldest = next(one for one in self.entries if one.state in ("published", "corrected"))
        if entry is oldest and not self.says_withdrawn:
            raise ImpossibleError("A page without its oldest entry is only a shorter page: withdraw another one.")
        return self._withdraw(entry)

    def set_speed(self, speed: float) -> None:
        self.speed = float(min(max(speed, SLOWEST), FASTEST))

    def _standing(self, number: int) -> Played:
        if not 0 <= number < len(self.entries):
            raise ImpossibleError(f"There is no entry {number}: they are numbered from 0 to {len(self.entries) - 1}.")
        entry = self.entries[number]
        if entry.state == "waiting":
            raise ImpossibleError("This entry is not yet published.")
        if entry.state == "withdrawn":
            raise ImpossibleError("This entry is withdrawn already.")
        return entry

    def _correct(
        self, entry: Played, words: str, said: str, kind: Literal["published", "corrected", "withdrawn", "completed"]
    ) -> Happening:
        changed = replace(entry.piece, words=words)
        entry.text = self._read(changed).text
        entry.piece, entry.state = changed, "corrected"
        return Happening(kind, entry.stamp, said)

    def _withdraw(self, entry: Played) -> Happening:
        entry.state = "withdrawn"
        return Happening("withdrawn", entry.stamp, "withdrawn")

    def _read(self, piece: Piece) -> ParsedEntry:
        return self._mould.alone(self._cut, piece, self._context)


def _clean(text: str) -> str:
    """Without what no page holds: NUL, and halves of letters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _stamp(entry: ParsedEntry) -> str:
    """The clock as printed; data has moments instead."""
    return f"{entry.published_at:%H:%M} GMT" if _ISO.match(entry.stamp) else entry.stamp


# --- the steps ------------------------------------------------------------------------------------------------------


def _scripted(entries: Sequence[Played], script: Script) -> list[_Step]:
    """By the script. What an entry said at first is put into it, last change first."""
    changes: list[tuple[str, _Step]] = []
    for entry in entries:
        for withdrawal in script.withdrawals:
            if withdrawal.stamp == entry.stamp:
                entry.piece = replace(entry.piece, words=_instead(entry.piece.words, withdrawal.was))
                changes.append((withdrawal.when, _Step(entry, "withdrawn")))
        for one in reversed(script.corrections):
            if one.stamp == entry.stamp and one.after in entry.piece.words:
                entry.piece = replace(entry.piece, words=entry.piece.words.replace(one.after, one.before))
                changes.append((one.when, _Step(entry, "corrected", one.before, one.after)))
    steps: list[_Step] = []
    for entry in entries:
        steps.append(_Step(entry))
        due = [one for one in changes if one[0] == entry.stamp and one[1].entry.number <= entry.number]
        changes = [one for one in changes if one not in due]  # a clock may strike twice
        steps += [step for _, step in due]
    return steps


def _instead(words: str, was: str) -> str:
    """Other words, with the blanks around them that there were."""
    core = words.strip()
    return words.replace(core, was.strip()) if was and core else words


def _grown(entries: Sequence[Played]) -> Iterator[_Step]:
    """As it came, the longest entry short of its last paragraph at first."""
    longest = max(entries, key=lambda entry: len(_paragraphs(entry)), default=None)
    for entry in entries:
        yield _Step(entry)
        if entry is longest and len(_paragraphs(entry)) > 1:
            whole = entry.piece.words
            body = whole.rstrip()
            start = body[: body.rindex("\n\n")] + whole[len(body) :]
            entry.piece = replace(entry.piece, words=start)
            yield _Step(entry, "completed", start, whole)


def _paragraphs(entry: Played) -> list[str]:
    return [words for words in entry.piece.words.split("\n\n") if any(letter.isalnum() for letter in words)]
