"""The verb to the left of a quoted string that gives the words away."""

from __future__ import annotations

from bot.quotes.cues import LOOSE, SPEECH, WEAK, is_cue
from bot.quotes.subjects import Clause, in_mention, is_noun, is_passive
from bot.quotes.tokens import Token
from bot.quotes.words import listed

NEAR = 5  # tokens between a quote and a verb that is a cue only next to quotes
MODALS = listed("would will could should might must may")
ANYBODY = listed("anybody anyone everybody everyone somebody someone those people all")
DONE = listed("welcomed accepted included found shown made given put raised used joined opened known")
SUBORDINATES = listed("if when while after before although though because since until once whereas unless")
CONNECTS = listed(", : that — – - as how ( in back out")


def governing_cue(clause: Clause, at: int) -> int | None:
    """The nearest cue to the left of the string at token `at` that gives words to somebody, no other string between."""
    cue = _nearest(clause, at, at)
    while cue is not None and (_is_anybody(clause.tokens, cue) or _is_done(clause.tokens, cue)):
        cue = _nearest(clause, at, cue)
    return cue


def is_beside(tokens: list[Token], cue: int, at: int) -> bool:
    """Whether nothing of weight stands between a cue and a string."""
    if at - cue > 2 and tokens[at - 2].low == "with" and tokens[at - 1].text in (",", ":"):
        return True  # "X replied to Y with, "...""
    return all(token.text.lower() in CONNECTS for token in tokens[cue + 1 : at])


def _nearest(clause: Clause, at: int, before: int) -> int | None:
    tokens = clause.tokens
    weak: int | None = None
    wanted: int | None = None  # an infinitive: "X called on the police to release the film "as a matter of ..."
    is_likened = any(token.low == "as" for token in tokens[max(0, at - 2) : at])
    main = _main_clause(clause, at)
    for index in range(before - 1, main - 1, -1):
        token = tokens[index]
        if token.quote is not None:
            break
        near = at - index <= NEAR or is_likened or tokens[index + 1].low == "that"
        if not is_cue(token, near=near) or is_noun(tokens, index) or in_mention(clause, index):
            continue
        if index and tokens[index - 1].low in MODALS and token.low in SPEECH:
            weak = index if weak is None else weak  # "Kovac said the town would respond "in its own time""
            continue
        if token.low in LOOSE and index and tokens[index - 1].low == "to":
            wanted = index if wanted is None else wanted
            continue
        if token.low not in WEAK or (token.low not in LOOSE and is_beside(tokens, index, at)):
            return index if weak is None or not _parts_clauses(clause, index, weak) else weak
        weak = index if weak is None else weak
    return weak if weak is not None else wanted


def _is_anybody(tokens: list[Token], cue: int) -> bool:
    """ "X said anybody who complains is ...": a verb of nobody in particular."""
    return cue > 1 and tokens[cue - 1].low == "who" and tokens[cue - 2].low in ANYBODY


def _is_done(tokens: list[Token], cue: int) -> bool:
    """ "X said that Y was welcomed as a "breath of fresh air"": a passive that gives no words to anybody."""
    agent = any(token.low == "by" for token in tokens[cue : cue + NEAR])
    return tokens[cue].low in DONE and is_passive(tokens, cue) and not agent


def _main_clause(clause: Clause, at: int) -> int:
    """Where the clause begins that another leads up to: "If X hopes for office, she is "..."."; 0 if there is none."""
    tokens = clause.tokens
    opening = tokens[2 if len(tokens) > 2 and tokens[1].text == "," else 0]
    if opening.low not in SUBORDINATES:
        return 0
    starts = (m.start for m in clause.mentions if 0 < m.start < at and m.is_subject and tokens[m.start - 1].text == ",")
    return max(starts, default=0)


def _parts_clauses(clause: Clause, first: int, second: int) -> bool:
    """Whether a comma and a subject of its own part two verbs: "After X criticized Y, Z shot back"."""
    return any(
        first < mention.start < second and clause.tokens[mention.start - 1].text == "," and mention.is_subject
        for mention in clause.mentions
    )
