"""Who speaks inside one sentence: the cue that governs a quote, and the subject of that cue.

right   "...," X said     "...," said X     "...," according to X     "..." — X
left    X said: "..."     X told Y that the plan was "..."     According to X, "..."     X: "..."
woven   X resisted: "..."           no cue: the subject of the sentence, which is weaker
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.quotes.cues import LOOSE, NEAR_QUOTES, SPEECH, WEAK, is_cue, is_participle
from bot.quotes.firstnames import is_first_name
from bot.quotes.fold import fold
from bot.quotes.governing import governing_cue, is_beside
from bot.quotes.mentions import Mention
from bot.quotes.roles import PLAIN_CUES, attached
from bot.quotes.subjects import (
    Clause,
    finite_cue,
    inverted_subject,
    is_joint,
    is_passive,
    joined,
    parenthetical,
    phrase,
    subject_before,
)
from bot.quotes.tokens import DASHES, Token
from bot.quotes.words import DETERMINERS, FUNCTION, PREPOSITIONS, REMARKS, UTTERANCES, listed

Strength = Literal["beside", "governing", "woven"]
FAR = 10  # tokens between somebody unnamed and the cue
NEAR = 5  # tokens between a quote and a verb that is a cue only next to quotes
HEARD = listed("heard hears hearing hear")  # whoever hears words does not speak them
TO_BE = listed("is are was were be been being 's")
WHERE = listed("on to in at speaking talking writing via again after following")
TRANSITIVE = listed("told tell tells telling asked asks asking informed warned urged reminded thanked accused praised")
LEADS_UP = frozenset((",",)) | DASHES


@dataclass(slots=True)
class Finding:
    """The words that say who speaks. `mention` is None where they name nobody that can be read.

    `shown` is the cue as a reader is told it: with a pronoun or a nominal the whole of "he noted".
    """

    mention: Mention | None
    cue: str
    strength: Strength
    is_joint: bool = False
    shown: str = ""


def _said(
    text: str, clause: Clause, mention: Mention, cue: int, strength: Strength, *, is_joint: bool = False
) -> Finding:
    words = phrase(text, clause.tokens, cue)
    return Finding(mention, words, strength, is_joint, _shown(text, clause, mention, cue, words))


def _shown(text: str, clause: Clause, mention: Mention, cue: int, words: str) -> str:
    """The cue with its subject, unless that is a name."""
    if mention.kind == "name":
        return words
    tokens = clause.tokens
    if mention.start > cue:
        return " ".join(text[tokens[cue].start : tokens[mention.end - 1].end].split())
    if is_participle(tokens[cue].low):
        plain = [at for at in clause.speech if mention.end <= at < cue and not is_participle(tokens[at].low)]
        words = phrase(text, tokens, plain[0]) if plain else words
    subject = " ".join(text[tokens[mention.start].start : tokens[mention.end - 1].end].split())
    return f"{subject} {words}"


def speaker_of(text: str, clause: Clause, at: int) -> Finding | None:
    """What the sentence says about who speaks the quoted string at token `at`."""
    if (found := _remarked(clause, at)) is not None:
        return found
    cue = governing_cue(clause, at)
    beside = cue is not None and is_beside(clause.tokens, cue, at)
    if cue is not None and clause.tokens[cue].low in LOOSE and (found := _trailing(text, clause, at)) is not None:
        return found  # "... did not find "..." there, said X"
    if cue is not None and beside and (found := _subject_of(text, clause, cue, "beside")):
        return found
    found = _to_the_right(text, clause, at) or _introduced(clause, at) or _trailing(text, clause, at)
    if found and cue is not None and _passes_on(found) and clause.tokens[cue].low in PLAIN_CUES:
        said = _subject_of(text, clause, cue, "governing")
        return said if said is not None and said.mention is not None and said.mention.kind == "name" else found
    if found:
        return found
    if cue is not None and (found := _subject_of(text, clause, cue, "governing")):
        return found
    return _woven(text, clause, at)


def _passes_on(found: Finding) -> bool:
    """Whether a body only tells what somebody said: "Kovac said ... "...", Reuters reports", "according to Reuters"."""
    is_person = found.mention is None or found.mention.is_person
    return not is_person and (found.cue.split()[-1].startswith("report") or found.cue == "according to")


# --- right of the quote ---------------------------------------------------------------------------------------------


def _to_the_right(text: str, clause: Clause, at: int) -> Finding | None:
    tokens = clause.tokens
    first = at + 1
    if first < len(tokens) and tokens[first].text == ",":
        first += 1
    if first >= len(tokens):
        return None
    if tokens[first].text in DASHES:
        return _signed(clause, first) if governing_cue(clause, at) is None else None
    if tokens[first].low == "according" and first + 1 < len(tokens):
        return Finding(clause.starts.get(first + 2), "according to", "beside")
    mention = clause.starts.get(first)
    found = None
    if mention is not None and not mention.is_possessive:
        found = _name_then_cue(text, clause, mention)
    elif mention is None:
        found = _cue_then_name(text, clause, first)
    return found or _name_ahead(text, clause, first)


def _name_ahead(text: str, clause: Clause, first: int) -> Finding | None:
    """A name behind words of a role that no list has: `"...," US Nordic freestyle rower X told`."""
    tokens = clause.tokens
    if [token.low for token in tokens[first + 1 : first + 4]] in (["were", "told", "by"], ["was", "told", "by"]):
        return _subject_of(text, clause, first + 2, "beside")  # "passengers were told by the operator"
    for at in range(first, min(first + FAR, len(tokens))):
        mention = clause.starts.get(at) if at > first else None
        if (
            mention is not None
            and mention.kind == "name"
            and not mention.is_possessive
            and mention.is_person is not False
        ):
            cue = finite_cue(tokens, mention.end)
            if cue is not None and not is_passive(tokens, cue):
                return _said(text, clause, mention, cue, "beside")
        token = tokens[at]
        if not token.is_word or token.low in NEAR_QUOTES or (token.low in FUNCTION and not token.is_cap):
            return None
    return None


def _name_then_cue(text: str, clause: Clause, mention: Mention) -> Finding | None:
    for end in (mention.end, mention.after, attached(text, clause.tokens, mention.end, set())[0]):
        cue = finite_cue(clause.tokens, end)
        if cue is not None and not is_passive(clause.tokens, cue):
            return _said(text, clause, mention, cue, "beside")
    if mention.kind == "nominal" and not mention.is_definite and (cue := _cue_ahead(clause, mention)) is not None:
        return _said(text, clause, mention, cue, "beside")
    joint = joined(clause, mention)
    if joint is not None and any(finite_cue(clause.tokens, end) is not None for end in (joint.end, joint.after)):
        return Finding(mention, "said", "beside", is_joint=True)
    return None


def _cue_ahead(clause: Clause, mention: Mention) -> int | None:
    """The cue of somebody unnamed at whom more words hang: "a woman behind her in the line said"."""
    for at in range(mention.end, min(mention.end + FAR, len(clause.tokens))):
        token = clause.tokens[at]
        if token.low in ("said", "says", "told", "added"):
            return at
        if not token.is_word:
            return None
    return None


def _cue_then_name(text: str, clause: Clause, first: int) -> Finding | None:
    tokens = clause.tokens
    cue = finite_cue(tokens, first)
    if cue is None:
        return _unlisted(text, clause, first) or _unread(tokens, first)
    mention = inverted_subject(clause, cue)
    if mention is None:
        return Finding(None, tokens[cue].text, "beside") if _is_inverted(tokens, cue) else None
    return _said(text, clause, mention, cue, "beside", is_joint=joined(clause, mention) is not None)


def _unlisted(text: str, clause: Clause, first: int) -> Finding | None:
    """ "...," trilled X: a verb of no list, between a quote that ends in a comma and a full name."""
    tokens = clause.tokens
    low, mention = tokens[first].low, clause.starts.get(first + 1)
    is_verb = low.endswith("ed") and low not in FUNCTION and text[tokens[first - 1].end - 2] in ",?!"
    if not is_verb or mention is None or mention.kind != "name" or mention.is_possessive or len(mention.name) < 2:
        return None
    following = tokens[mention.after] if mention.after < len(tokens) else None
    is_end = following is None or not following.is_word or following.low in PREPOSITIONS
    return _said(text, clause, mention, first, "beside") if is_end and mention.is_person is not False else None


def _unread(tokens: list[Token], first: int) -> Finding | None:
    """ "one employee of the plant told": somebody who is no mention, so nobody else."""
    if tokens[first].low not in DETERMINERS:
        return None
    for token in tokens[first + 1 : first + 10]:
        if not token.is_word:
            return None
        if token.low in ("said", "says", "told", "wrote"):
            return Finding(None, token.text, "beside")
    return None


def _is_inverted(tokens: list[Token], cue: int) -> bool:
    """ "said one of them": a subject follows that is no mention."""
    return cue + 1 < len(tokens) and tokens[cue + 1].low in DETERMINERS


def _signed(clause: Clause, dash: int) -> Finding | None:
    """ "..." — X: a signature that ends the sentence."""
    mention = clause.starts.get(dash + 1)
    if mention is None or mention.kind != "name" or mention.is_possessive:
        return None
    rest = clause.tokens[mention.after :]
    return Finding(mention, "—", "beside") if not any(token.is_word for token in rest) else None


# --- left of the quote ----------------------------------------------------------------------------------------------


def _subject_of(text: str, clause: Clause, cue: int, strength: Strength) -> Finding | None:
    tokens = clause.tokens
    if tokens[cue].low in HEARD and not is_passive(tokens, cue):
        return Finding(None, tokens[cue].text, strength)
    if is_passive(tokens, cue):
        agent = next(
            (clause.starts.get(at + 1) for at in range(cue + 1, len(tokens) - 1) if tokens[at].low == "by"), None
        )
        return Finding(agent, phrase(text, tokens, cue), strength) if agent is not None else None
    mention = (parenthetical(clause, cue) if strength == "governing" else None) or subject_before(clause, cue)
    return _said(text, clause, mention, cue, strength, is_joint=is_joint(clause, mention)) if mention else None


def _remarked(clause: Clause, at: int) -> Finding | None:
    """ "X's claim that the town was "..."", "in the words of X, "..."": a noun that gives words to its owner."""
    tokens = clause.tokens
    for mention in reversed(clause.mentions):
        start, end = mention.start, mention.end
        if mention.kind != "name" or end >= at or mention.is_person is False:
            continue
        if not mention.is_possessive:
            is_wording = start > 1 and tokens[start - 1].low == "of" and tokens[start - 2].low == "words"
            if is_wording and at - 1 in (end, mention.after - 1, mention.after) and tokens[at - 1].text == ",":
                return Finding(mention, "words", "governing")
            continue
        noun = next((index for index in range(end, min(end + 3, at)) if tokens[index].low in REMARKS), None)
        between = tokens[noun + 1 : at] if noun is not None else []
        if between and between[0].low == "that":
            is_free = not any(t.quote is not None or t.low in SPEECH for t in between)
            return Finding(mention, tokens[noun or 0].text, "governing") if is_free else None
    return None


def _introduced(clause: Clause, at: int) -> Finding | None:
    """ "According to X, ...", "As X puts it, ..." and "X: ..." at the start of the sentence."""
    tokens = clause.tokens
    if tokens[0].low == "according" and len(tokens) > 2:
        mention = clause.starts.get(2)
        if mention is not None and mention.end < at:
            return Finding(mention, "according to", "governing")
    if tokens[0].low == "as" and (mention := clause.starts.get(1)) is not None and mention.kind == "name":
        cue = finite_cue(tokens, mention.end)
        behind = cue + 1 + (tokens[cue + 1].low == "it") if cue is not None and cue + 1 < at else at
        if cue is not None and behind < at and tokens[behind].text == ",":
            return Finding(mention, tokens[cue].text, "governing")  # "As X puts it, ..."
    if at >= 3 and tokens[at - 1].text in (",", ":"):
        mention = next((m for m in clause.mentions if m.end == at - 1), None)
        if mention is not None and mention.start >= 2 and tokens[mention.start - 2].text == ",":
            cue = mention.start - 1  # "In the end, explained X, "..."
            if is_cue(tokens[cue], near=True) and not is_participle(tokens[cue].low) and not _has_subject(clause, cue):
                return Finding(mention, tokens[cue].text, "beside")
    return _before_colon(clause, at) if at >= 2 and tokens[at - 1].text == ":" else None


def _before_colon(clause: Clause, at: int) -> Finding | None:
    """ "X: ...", "X, speaking to Y: ...", "X's statement in full: ..."."""
    tokens = clause.tokens
    near = [m for m in clause.mentions if at - 1 in (m.end, m.after) and not (m.start and _is_object(tokens, m))]
    mention = next((m for m in near if m.kind == "name" and m.is_person is not False), None)
    if mention is not None:
        return Finding(mention, ":", "beside" if mention.start == 0 else "governing")
    first = clause.starts.get(0)
    is_plain = first is not None and first.kind == "name" and first.is_person is not False and not first.is_possessive
    if first is not None and first.is_weak and tokens[0].low.endswith(("ed", "ing")):
        is_plain = is_plain and is_first_name(fold(first.name[0]))  # "Pressed on this:"
    if first is not None and is_plain and first.end < at and _speaks_to(tokens, first):
        return Finding(first, ":", "governing")
    owner = next((m for m in clause.mentions if m.is_possessive and m.kind == "name" and m.end < at), None)
    if owner is not None and any(token.low in UTTERANCES for token in tokens[owner.end : owner.end + 3]):
        return Finding(owner, ":", "governing")
    return None


def _is_object(tokens: list[Token], mention: Mention) -> bool:
    """Whether somebody is spoken to or about: "told Reuters:", "on Reuters:"."""
    at = mention.start - 1
    while at > 0 and mention.start - at < NEAR and tokens[at].low in DETERMINERS:
        at -= 1
    return tokens[at].low in TRANSITIVE or _hangs(tokens, mention)


def _hangs(tokens: list[Token], mention: Mention) -> bool:
    """Whether a preposition stands before a name and the words that belong to it: "to the Dutch daily X"."""
    at = mention.start - 1
    while at > 0 and mention.start - at < NEAR and (tokens[at].is_cap or _is_plain(tokens[at])):
        at -= 1
    return tokens[at].low in PREPOSITIONS and tokens[at].low != "from"


def _is_plain(token: Token) -> bool:
    return token.is_word and (token.low in DETERMINERS or token.low not in FUNCTION | NEAR_QUOTES.keys())


def _speaks_to(tokens: list[Token], mention: Mention) -> bool:
    """Whether a name is followed by nothing but where or to whom its bearer spoke: "X on Radio 5:"."""
    ends = (end for end in (mention.end, mention.after) if end < len(tokens))
    return any(tokens[end].low in WHERE or (tokens[end].text == "," and tokens[end + 1].low in WHERE) for end in ends)


def _has_subject(clause: Clause, cue: int) -> bool:
    """Whether somebody stands right before a cue, be it behind an apposition."""
    return any(cue in (mention.end, mention.after) for mention in clause.mentions)


def _trailing(text: str, clause: Clause, at: int) -> Finding | None:
    """ "... "..." and so on, X said.": an attribution that ends the sentence."""
    tokens = clause.tokens
    for mention in reversed(clause.mentions):
        if mention.start <= at + 2:
            return None
        before = tokens[mention.start - 1]
        if tokens[mention.start - 2].text == "," and before.low in ("said", "says"):
            return Finding(mention, before.text, "governing")
        if before.text != ",":
            continue
        for end in (mention.end, mention.after):
            cue = finite_cue(tokens, end)
            if cue is not None and tokens[cue].low not in WEAK and not any(t.is_word for t in tokens[cue + 1 :]):
                return _said(text, clause, mention, cue, "governing")
    return None


def _woven(text: str, clause: Clause, at: int) -> Finding | None:
    """The subject of the sentence, for words that it leads up to without a cue: "X resisted: ..."

    Words woven into a sentence are as often about its subject, in somebody else's mouth: "X is "a danger to us"".
    """
    before = clause.tokens[at - 1].text if at else ""
    is_whole = text[clause.tokens[at].start + 1 : clause.tokens[at].end].lstrip("[")[:1].isupper()
    leads_up = before == ":" or (before in LEADS_UP and is_whole)
    for mention in clause.mentions:
        if mention.end > at:
            return None
        is_for = mention.is_person and mention.start == 1 and clause.tokens[0].low == "for"  # "For X, it was "...""
        if not (leads_up or is_for):
            continue
        if mention.is_subject and not mention.is_weak:
            return Finding(mention, "", "woven", is_joint=is_joint(clause, mention))
    return None
