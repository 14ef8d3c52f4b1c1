"""Quote marks to quoted strings, with exact offsets.

    text ──lines──▶ paragraphs ──marks──▶ strings (one a paragraph; `continues` says that a quote was re-opened)

Marks are straight, curly, angled, low and single. What an apostrophe is, and which of two like marks opens, is told by
the neighbours; markdown's `*` and `_` around a mark are looked through. A mark that is never closed reaches to the
end of its paragraph and no further, unless the sentence plainly runs on into the next.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.quotes.words import listed

MARKS = re.compile("[\"“”„‟«»‹›‘’‚']+")
LONGEST_RUN = 4  # marks in a row; longer runs are decoration
SINGLE = frozenset("‘’‚'‹›")
TERMINAL = frozenset(".!?…")
MARKUP = "*_"
LOOK_THROUGH = 3  # "***" is the longest run of emphasis
SHORT = re.compile(r"[^\W_]+(?:['’\-‑.,/][^\W_]+)*")
LABEL = re.compile(r"\s*([A-Z][\w.'’-]{1,20}(?: [A-Z][\w.'’-]{1,20}){0,2}):\s")
FEW = 4  # strings of fewer words are scare quotes
CLIPPED = listed("em tis twas til cause bout n round")  # words that begin with an apostrophe


@dataclass(frozen=True, slots=True)
class Quoted:
    """A string between marks. `start` and `end` include the marks, `inner` and `inner_end` do not."""

    start: int
    end: int
    inner: int
    inner_end: int
    continues: bool = False
    is_single: bool = False

    def is_title(self, text: str) -> bool:
        """Whether it is written as titles are: "The Wall Street Journal", without a full stop."""
        words = SHORT.findall(text, self.inner, min(self.inner_end, self.inner + 80))
        capitals = sum(word[0].isupper() for word in words)
        return capitals >= 2 and capitals > 0.6 * len(words) and text[self.inner_end - 1] not in ".!?"

    def is_long(self, text: str) -> bool:
        return count_words(text, self.inner, self.inner_end) >= FEW


@dataclass(frozen=True, slots=True)
class Paragraph:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Mark:
    at: int
    char: str
    opens: bool  # its neighbours allow it to open
    closes: bool

    @property
    def only_opens(self) -> bool:
        return self.opens and not self.closes


def labelled(text: str, string: Quoted) -> tuple[str, ...]:
    """The name that a transcript prints inside the marks: "WALLACE: Let's start"; () if there is none."""
    match = LABEL.match(text, string.inner, string.inner_end)
    return tuple(match.group(1).split()) if match else ()


def count_words(text: str, start: int, end: int) -> int:
    """How many words stand there, counted no further than is of interest."""
    count = 0
    for _ in SHORT.finditer(text, start, end):
        count += 1
        if count >= FEW:
            break
    return count


def paragraphs(text: str) -> list[Paragraph]:
    """Stretches of text parted by an empty line, or by a line break after a finished sentence."""
    found: list[Paragraph] = []
    at, start, end = 0, -1, -1
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if start >= 0 and (not stripped or _starts_afresh(text, end, stripped)):
            found.append(Paragraph(start, end))
            start = -1
        if stripped:
            left = at + len(line) - len(line.lstrip())
            start = left if start < 0 else start
            end = left + len(stripped)
        at += len(line)
    if start >= 0:
        found.append(Paragraph(start, end))
    return found


def _starts_afresh(text: str, end: int, line: str) -> bool:
    last = text[max(0, end - LOOK_THROUGH) : end].rstrip(MARKUP)[-1:]
    return last in TERMINAL or last in "\"”»'’:)" or line[0] in '-•*"“«„#>'


def quoted_strings(text: str, parts: list[Paragraph]) -> list[Quoted]:
    """All quoted strings of a text, in order, none inside another."""
    found: list[Quoted] = []
    is_open = False
    resume = 0  # where a string that ran on into this paragraph has ended
    for number, part in enumerate(parts):
        marks = [mark for mark in _marks(text, part) if mark.at >= resume]
        doubles = [mark for mark in marks if mark.char not in SINGLE]
        pairs, unclosed = _pair(doubles)
        strings = [_string(text, a, b) for a, b in pairs]
        if not doubles or not pairs:
            strings += _singles(text, part, marks, unclosed)
        if unclosed is not None:
            ran_on = _runs_on(text, unclosed, parts, number)
            resume = ran_on + 1 if ran_on is not None else 0
            strings.append(
                _string(text, unclosed, ran_on) if ran_on is not None else _to_the_end(text, unclosed, part.end)
            )
        strings.sort(key=lambda string: string.start)
        if is_open and strings and text[part.start : strings[0].start].strip(MARKUP + " ") == "":
            strings[0] = _continued(strings[0])
        is_open = unclosed is not None and resume == 0
        found += strings
    return found


def _marks(text: str, part: Paragraph) -> list[_Mark]:
    found = []
    runs = (run for run in MARKS.finditer(text, part.start, part.end) if len(run.group()) <= LONGEST_RUN)
    for at in (at for run in runs for at in range(*run.span())):
        char = text[at]
        before, after = _neighbours(text, at, part)
        if char in SINGLE and before.isalnum() and after.isalnum():
            continue  # an apostrophe
        if char == "'" and "'" in (before, after):
            continue  # typed twice for a double mark, or a mark of inches and the like
        found.append(_Mark(at, char, *_directions(char, before, after)))
    return found


def _neighbours(text: str, at: int, part: Paragraph) -> tuple[str, str]:
    """The characters before and after a mark, looking through emphasis; " " at the paragraph's ends."""
    before, after = at - 1, at + 1
    while before >= part.start and text[before] in MARKUP and at - before <= LOOK_THROUGH:
        before -= 1
    while after < part.end and text[after] in MARKUP and after - at <= LOOK_THROUGH:
        after += 1
    return (text[before] if before >= part.start else " "), (text[after] if after < part.end else " ")


def _directions(char: str, before: str, after: str) -> tuple[bool, bool]:
    if char == "“":
        return True, not before.isspace() and not after.isalnum()
    if char == "„":
        return True, False
    if char == "‘":
        return not before.isalnum(), False
    if char in "«‹" and after.isspace() and (before.isspace() or before in "(["):
        return True, False  # « as the French write »
    if char in "»›" and before.isspace() and not after.isalnum():
        return False, True
    opens = not before.isalnum() and before not in ".,!?…)]" and not after.isspace()
    closes = (not before.isspace() and before not in "([{") or (char == '"' and after.isspace())
    if char == "”":
        return opens and before.isspace(), True
    if char in "'’":
        return opens and (before.isspace() or before in '([—–-:"“'), closes and not after.isalnum()
    return opens, closes


def _pair(marks: list[_Mark]) -> tuple[list[tuple[int, int]], int | None]:
    """Pairs of double marks, and the one left open. Nested pairs count when all balance, else each opening resets."""
    pairs: list[tuple[int, int]] = []
    stack: list[_Mark] = []
    for mark in marks:
        if stack and _closes(stack[-1], mark):
            opened = stack.pop()
            if not stack:
                pairs.append((opened.at, mark.at))
        elif mark.opens:
            stack.append(mark)
    if not stack:
        return pairs, None
    return _pair_flat(marks)


def _pair_flat(marks: list[_Mark]) -> tuple[list[tuple[int, int]], int | None]:
    pairs: list[tuple[int, int]] = []
    opened: _Mark | None = None
    inner = 0  # curly pairs inside straight marks
    for mark in marks:
        if opened is not None and opened.char == '"' and mark.char == "“":
            inner += 1
        elif opened is not None and inner and mark.char == "”":
            inner -= 1
        elif opened is not None and mark.closes and _closes(opened, mark):
            pairs.append((opened.at, mark.at))
            opened = None
        elif mark.opens:
            opened, inner = mark, 0
    return pairs, opened.at if opened is not None else None


def _closes(opened: _Mark, mark: _Mark) -> bool:
    """Whether a mark closes what another opened."""
    if opened.char in "“„":
        return mark.char in '“”"' and mark.closes
    if opened.char in "«»":
        return mark.char in "«»" and mark.char != opened.char
    return mark.closes and not mark.only_opens and mark.char in '"”“'


def _string(text: str, start: int, end: int) -> Quoted:
    return Quoted(start, end + 1, start + 1, end, is_single=text[start] in SINGLE)


def _to_the_end(text: str, start: int, end: int) -> Quoted:
    stop = start + 1 + len(text[start + 1 : end].rstrip().rstrip(MARKUP))
    return Quoted(start, stop, start + 1, stop)


def _continued(string: Quoted) -> Quoted:
    return Quoted(string.start, string.end, string.inner, string.inner_end, True, string.is_single)


def _runs_on(text: str, opened: int, parts: list[Paragraph], number: int) -> int | None:
    """Where an open string closes in the next paragraph, if its sentence goes on there in lower case."""
    if number + 1 >= len(parts):
        return None
    part, following = parts[number], parts[number + 1]
    ending = text[max(opened + 1, part.end - LOOK_THROUGH) : part.end].rstrip(MARKUP + " ")
    if not ending or ending[-1] in TERMINAL or not text[following.start].islower():
        return None
    for mark in _marks(text, following):
        if mark.char not in SINGLE:
            return mark.at if mark.closes else None
    return None


def _singles(text: str, part: Paragraph, marks: list[_Mark], before: int | None) -> list[Quoted]:
    """Strings between single marks, in a paragraph without double ones. A plural's apostrophe is passed over."""
    found: list[Quoted] = []
    opened: int | None = None
    doubtful: int | None = None
    singles = [mark for mark in marks if mark.char in SINGLE and (before is None or mark.at < before)]
    for mark in singles:
        if opened is None:
            if mark.opens and not _is_clipped(text, mark.at, part.end):
                opened, doubtful = mark.at, None
        elif mark.closes:
            if _is_possessive(text, mark.at, part.end):
                doubtful = doubtful or mark.at
            else:
                found.append(_string(text, opened, mark.at))
                opened = None
        elif mark.opens and doubtful is not None:
            found.append(_string(text, opened, doubtful))
            opened, doubtful = mark.at, None
    if opened is not None and doubtful is not None:
        found.append(_string(text, opened, doubtful))
    return [string for string in found if string.is_long(text) and not _is_heading(text, string, part)]


def _is_clipped(text: str, at: int, end: int) -> bool:
    """Whether a mark stands for letters left out: '80s, 'em."""
    word = SHORT.match(text, at + 1, min(end, at + 12))
    return word is None or word.group()[0].isdigit() or word.group().casefold() in CLIPPED


def _is_possessive(text: str, at: int, end: int) -> bool:
    return text[at - 1] in "sS" and at + 2 < end and text[at + 1] == " " and text[at + 2].isalnum()


def _is_heading(text: str, string: Quoted, part: Paragraph) -> bool:
    """A paragraph that is one single-quoted string without a full stop is a heading that repeats a quote."""
    alone = not text[part.start : string.start].strip(MARKUP + " #") and not text[string.end : part.end].strip(MARKUP)
    return alone and text[string.inner_end - 1] != ","
