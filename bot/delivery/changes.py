"""What a correction changed, word by word, and whether a reader who saw the old words must be told.

    old, new ──words──▶ alignment ──join neighbours──▶ Change, Change ...   (`weighs` says which of them matter)

How quotes and dashes are drawn is no change; nor is white space.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from bot.delivery.weight import Word, Words, replacement_weighs

_LARGEST = 25_000_000  # old words times new words that may be aligned: some megabytes, some hundredths of a second
_CONTEXT = 3  # words
_SHORT = 6  # so many words can be struck, however small a text they are of


@dataclass(frozen=True, slots=True)
class Change:
    """`old` gave way to `new`, which is `[start:end]` of the new text, or nothing at all.

    `old_start` and `old_end` are where `old` stood. `before` and `after` are the few words next to `new`, of the same
    sentence, blanks included. `matters`: a name, a number, a negation or words of a quote are not what they were.
    """

    old: str
    new: str
    start: int
    end: int
    old_start: int
    old_end: int
    before: str = ""
    after: str = ""
    matters: bool = False


def changes(old: str, new: str) -> tuple[Change, ...]:
    """The changes in the order of the text; neighbours that only a word parts are one."""
    before, after = Words.of(old), Words.of(new)
    return tuple(_change(before, after, blocks) for blocks in _joined(before, _blocks(before, after)))


def matters(old: str, new: str) -> bool:
    """A reader who took `old` for true must be told. What was only added was never wrong."""
    return any(change.matters for change in changes(old, new))


def same_words(old: str, new: str) -> bool:
    """Nothing changed that a reader could read."""
    return Words.of(old).keys == Words.of(new).keys


def is_rewrite(old: str, new: str) -> bool:
    """Over 60 % of the words are gone: striking them would show nothing but noise."""
    before = Words.of(old)
    total = sum(word.is_word for word in before)
    gone = sum(
        word.is_word for block in _blocks(before, Words.of(new)) for word in before[block.old_start : block.old_end]
    )
    return gone > max(total * 0.6, _SHORT)


# --- alignment ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Block:
    """Words `[old_start:old_end]` gave way to words `[new_start:new_end]`."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def _blocks(old: Words, new: Words) -> list[_Block]:
    """The words that differ. Texts too large to align quickly differ as a whole, but for what begins and ends alike."""
    head = _common(old.keys, new.keys)
    tail = _common(old.keys[head:][::-1], new.keys[head:][::-1])
    middle_old, middle_new = old.keys[head : len(old) - tail], new.keys[head : len(new) - tail]
    if not middle_old and not middle_new:
        return []
    if len(middle_old) * len(middle_new) > _LARGEST:
        return [_Block(head, len(old) - tail, head, len(new) - tail)]
    blocks: list[_Block] = []
    for step in Indel.opcodes(middle_old, middle_new):
        if step.tag == "equal":
            continue
        block = _Block(head + step.src_start, head + step.src_end, head + step.dest_start, head + step.dest_end)
        if blocks and blocks[-1].old_end == block.old_start and blocks[-1].new_end == block.new_start:
            block = _Block(blocks[-1].old_start, block.old_end, blocks[-1].new_start, block.new_end)
            blocks.pop()
        blocks.append(block)
    return blocks


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many words both begin with."""
    return next(
        (at for at, (left, right) in enumerate(zip(old, new, strict=False)) if left != right), min(len(old), len(new))
    )


def _joined(old: Words, blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Blocks that read as one change: at most one word, and no end of a sentence, stands between them."""
    together: list[_Block] = []
    for block in blocks:
        gap = old[together[-1].old_end : block.old_start] if together else []
        if together and (sum(word.is_word for word in gap) > 1 or any(word.is_stop or word.opens for word in gap)):
            yield together
            together = []
        together.append(block)
    if together:
        yield together


def _change(old: Words, new: Words, blocks: Sequence[_Block]) -> Change:
    first, last = blocks[0], blocks[-1]
    old_start, old_end = _stretch(old, first.old_start, last.old_end)
    start, end = _stretch(new, first.new_start, last.new_end)
    return Change(
        old=old.text[old_start:old_end],
        new=new.text[start:end],
        start=start,
        end=end,
        old_start=old_start,
        old_end=old_end,
        before=_before(new, first.new_start, start),
        after=_after(new, last.new_end, end),
        matters=any(
            replacement_weighs(old, new, (block.old_start, block.old_end), (block.new_start, block.new_end))
            for block in blocks
        ),
    )


def _stretch(words: Words, first: int, last: int) -> tuple[int, int]:
    """The offsets of words `[first:last]`; no words have the offset at which the word before them ends."""
    if first < last:
        return words[first].start, words[last - 1].end
    at = words[first - 1].end if first else 0
    return at, at


# --- context --------------------------------------------------------------------------------------------------------


def _before(words: Words, at: int, offset: int) -> str:
    near: list[Word] = []
    opened = at < len(words) and words[at].opens
    for word in reversed(words[max(0, at - 4 * _CONTEXT) : at]):
        if opened or _parts(word) or _enough(near):
            break
        near.append(word)
        opened = word.opens
    while near and not near[-1].is_word:
        near.pop()
    return words.text[near[-1].start : offset] if near else ""


def _after(words: Words, at: int, offset: int) -> str:
    near: list[Word] = []
    for word in words[at : at + 4 * _CONTEXT]:
        if _parts(word) or word.opens or _enough(near):
            break
        near.append(word)
    while near and not near[-1].is_word:
        near.pop()
    return words.text[offset : near[-1].end] if near else ""


def _enough(near: Sequence[Word]) -> bool:
    return sum(word.is_word for word in near) >= _CONTEXT


def _parts(word: Word) -> bool:
    """Ends a sentence, or begins or ends a quotation."""
    return word.is_stop or word.key in ('"', "(", ")")
