"""Which words weigh: names, numbers, negations, and words that somebody is quoted with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self, overload

_WORD = re.compile(r"\w+(?:['’.,\-/&:]\w+)*|[%$€£]|\.{2,}|[^\w\s]")
_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "."}
)


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_NUMBERS = _words(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands"
    " million millions billion billions trillion dozen dozens half third quarter percent % $ € £"
)
_NEGATIONS = _words("not no never none nobody nothing nowhere cannot without denied denies deny denying neither nor")
_SMALL = _words(
    "a an the this that these those it its he she they we you i his her their our my your there here what who when"
    " where why how which in on at by to of for from with as if but and or so yet after before while since until"
    " during despite although though because according some many most more few all both each every several other"
    " another not no never earlier later meanwhile however also now then yes"
)
_SAYING = _words(
    "said says say told tells added adds noted notes has had is was will would did does also warned stressed"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark of a text. `opens`: it is the first of a paragraph or line."""

    text: str
    start: int
    opens: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def key(self) -> str:
        return self.text.translate(_ALIKE)

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum() or self.text[0] in "%$€£_"

    @property
    def is_stop(self) -> bool:
        return self.text[0] in ".!?…。！？"

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True)
class Words(Sequence[Word]):
    """The words of a text, in order."""

    text: str
    words: tuple[Word, ...] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Self:
        found: list[Word] = []
        last = 0
        for match in _WORD.finditer(text):
            opens = not found or "\n" in text[last : match.start()]
            found.append(Word(match[0], match.start(), opens))
            last = match.end()
        return cls(text, tuple(found))

    def __len__(self) -> int:
        return len(self.words)

    @overload
    def __getitem__(self, at: int) -> Word: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[Word, ...]: ...
    def __getitem__(self, at: int | slice) -> Word | tuple[Word, ...]:
        return self.words[at]

    @cached_property
    def keys(self) -> list[str]:
        return [word.key for word in self.words]

    @cached_property
    def quoted(self) -> list[bool]:
        """For each word whether it stands within quote marks; a quote ends with its paragraph."""
        inside, quoted = False, []
        for word in self.words:
            inside = inside and not word.opens
            is_mark = word.key == '"'
            quoted.append(inside and not is_mark)
            inside = inside != is_mark
        return quoted

    @cached_property
    def names(self) -> frozenset[str]:
        """Words with a capital that no start of a sentence explains."""
        return frozenset(
            word.key for at, word in enumerate(self.words) if word.is_word and word.is_capital and not self.starts(at)
        )

    @cached_property
    def small(self) -> frozenset[str]:
        return frozenset(word.key for word in self.words if word.is_word and not word.is_capital)

    def starts(self, at: int) -> bool:
        """Whether a sentence starts with this word."""
        before = at - 1
        while before >= 0 and not self.words[before].is_word and not self.words[before].is_stop:
            if self.words[before + 1].opens or self.words[before].text == ":":
                return True
            before -= 1
        return before < 0 or self.words[before].is_stop or self.words[before + 1].opens


def replacement_weighs(old: Words, new: Words, was: tuple[int, int], now: tuple[int, int]) -> bool:
    """Whether a reader must be told that old words `was` gave way to new words `now` (first, last + 1)."""
    gone = list(range(*was))
    come = list(range(*now))
    if not any(old[at].is_word for at in gone):
        come = list(_within_sentence(new, now))
        return any(_is_fixed_point(new, old, at) for at in come)
    if any(old.quoted[at] and old[at].is_word for at in gone):
        return True
    return any(_is_fixed_point(old, new, at) for at in gone) or any(_is_fixed_point(new, old, at) for at in come)


def _within_sentence(words: Words, now: tuple[int, int]) -> Iterator[int]:
    """Of words put in, those that changed what an existing sentence says: not those after it, nor at the text's end."""
    start, end = now
    if start in (0, end) or words[start].opens or words[start - 1].is_stop:
        return
    grows = end == len(words)
    for at in range(start, end):
        if words[at].is_stop or words[at].opens:
            return
        if not grows or is_negation(words[at]):
            yield at


def _is_fixed_point(words: Words, other: Words, at: int) -> bool:
    """A name, a number or a negation."""
    word = words[at]
    return word.is_word and (is_negation(word) or is_number(word) or _is_name(words, other, at))


def is_negation(word: Word) -> bool:
    return word.key.lower() in _NEGATIONS or word.key.lower().endswith("n't")


def is_number(word: Word) -> bool:
    parts = word.key.lower().split("-")
    return any(character.isdigit() for character in word.text) or any(part in _NUMBERS for part in parts)


def _is_name(words: Words, other: Words, at: int) -> bool:
    """A word with an inner capital, or one whose capital is no start of a sentence, here or elsewhere in the text.

    At the start of a sentence the company it keeps tells: "Sergey Lavrov", "Lavrov said".
    """
    word = words[at]
    if re.search(r"[^\W\d_][A-Z]", word.text):
        return True
    if not word.is_capital or word.key.lower() in _SMALL:
        return False
    if not words.starts(at) or word.key in words.names | other.names:
        return True
    if word.key.lower() in words.small | other.small or at + 1 == len(words):
        return False
    following = words[at + 1]
    return following.is_word and (
        following.is_capital or (following.key in _SAYING and not word.key.endswith("s")) or following.key == "'s"
    )
