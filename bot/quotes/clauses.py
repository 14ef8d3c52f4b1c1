"""Who speaks inside one sentence: the cue that governs a quote, and the subject of that cue.

right   "...," X said     "...," said X     "...," according to X     "..." — X
left    X said: "..."     X told Y that the plan was "..."     According to X, "..."     X: "..."
woven   X wants "..." to end        no cue: the subject of the sentence, which is weaker
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.quotes.cues import CLAIMS, NEAR_QUOTES, PASSIVE_SPEAKS, SPEECH, WEAK, is_cue, is_participle
from bot.quotes.mentions import Mention
from bot.quotes.tokens import DASHES, Sentence, Token
from bot.quotes.words import ADVERBS, AUXILIARIES, CONJUNCTIONS, DETERMINERS, FUNCTION, PREPOSITIONS, TIMES, listed

Strength = Literal["beside", "governing", "woven"]
NEAR = 5  # tokens between a quote and a verb that is a cue only next to quotes
TO_BE = listed("is are was were be been being 's")
CONNECTS = listed(", : that — – - as how ( in")


@dataclass(slots=True)
class Finding:
    """The words that say who speaks. `mention` is None where they name nobody that can be read."""

    mention: Mention | None
    cue: str
    strength: Strength
    is_joint: bool = False


@dataclass(slots=True)
class Clause:
    """A sentence with its mentions, ready to be asked."""

    sentence: Sentence
    mentions: list[Mention]
    starts: dict[int, Mention] = field(init=False)

    def __post_init__(self) -> None:
        self.starts = {mention.start: mention for mention in self.mentions}

    @property
    def tokens(self) -> list[Token]:
        return self.sentence.tokens


def speaker_of(text: str, clause: Clause, at: int) -> Finding | None:
    """What the sentence says about who speaks the quoted string at token `at`."""
    cue = _governing_cue(clause, at)
    beside = cue is not None and _is_beside(clause.tokens, cue, at)
    if cue is not None and beside and (found := _subject_of(text, clause, cue, "beside")):
        return found
    if found := _to_the_right(text, clause, at):
        return found
    if found := _introduced(clause, at) or _trailing(text, clause, at):
        return found
    if cue is not None and (found := _subject_of(text, clause, cue, "governing")):
        return found
    return _woven(clause, at)


# --- right of the quote ---------------------------------------------------------------------------------------------


def _to_the_right(text: str, clause: Clause, at: int) -> Finding | None:
    tokens = clause.tokens
    first = at + 1
    if first < len(tokens) and tokens[first].text == ",":
        first += 1
    if first >= len(tokens):
        return None
    if tokens[first].text in DASHES:
        return _signed(clause, first)
    if tokens[first].low == "according" and first + 1 < len(tokens):
        return Finding(clause.starts.get(first + 2), "according to", "beside")
    mention = clause.starts.get(first)
    if mention is not None and not mention.is_possessive:
        return _name_then_cue(text, clause, mention)
    return _cue_then_name(text, clause, first)


def _name_then_cue(text: str, clause: Clause, mention: Mention) -> Finding | None:
    for end in (mention.end, mention.after):
        cue = _finite_cue(clause.tokens, end)
        if cue is not None and not _is_passive(clause.tokens, cue):
            return Finding(mention, _phrase(text, clause.tokens, cue), "beside")
    joint = _joined(clause, mention)
    if joint is not None and _finite_cue(clause.tokens, joint.end) is not None:
        return Finding(mention, "said", "beside", is_joint=True)
    return None


def _joined(clause: Clause, mention: Mention) -> Mention | None:
    """The second of two subjects: "X and Y said"."""
    if mention.end < len(clause.tokens) and clause.tokens[mention.end].low == "and":
        return clause.starts.get(mention.end + 1)
    return None


def _cue_then_name(text: str, clause: Clause, first: int) -> Finding | None:
    tokens = clause.tokens
    cue = _finite_cue(tokens, first)
    if cue is None:
        return None
    mention = _inverted_subject(clause, cue)
    if mention is None:
        return Finding(None, tokens[cue].text, "beside") if _is_inverted(tokens, cue) else None
    return Finding(mention, _phrase(text, tokens, cue), "beside", is_joint=_joined(clause, mention) is not None)


def _inverted_subject(clause: Clause, cue: int) -> Mention | None:
    """Who stands behind the cue in "said oil and gas worker Mike Wipf"."""
    tokens = clause.tokens
    for at in range(cue + 1, min(cue + 12, len(tokens))):
        if at in clause.starts:
            mention = clause.starts[at]
            return None if mention.is_possessive else mention
        token = tokens[at]
        if (not token.is_word and token.text != "/") or (
            token.low in FUNCTION and token.low not in ("and", "the", "of", "a")
        ):
            return None
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


def _governing_cue(clause: Clause, at: int) -> int | None:
    """The nearest cue to the left that is a verb, with no other quote between."""
    tokens = clause.tokens
    weak: int | None = None
    for index in range(at - 1, -1, -1):
        token = tokens[index]
        if token.quote is not None:
            break
        near = at - index <= NEAR
        if not is_cue(token, near=near) or _is_noun(tokens, index) or _in_mention(clause, index):
            continue
        if token.low not in WEAK or _is_beside(tokens, index, at):
            return index
        weak = index if weak is None else weak
    return weak


def _in_mention(clause: Clause, index: int) -> bool:
    return any(mention.start <= index < mention.end for mention in clause.mentions)


def _is_noun(tokens: list[Token], index: int) -> bool:
    """ "a report", "the state's claim": a word that is a cue elsewhere."""
    if index == 0:
        return not is_participle(tokens[index].low)
    before = tokens[index - 1]
    base = NEAR_QUOTES[tokens[index].low]
    if (before.low in DETERMINERS and before.low not in ("that", "this", "all", "both")) or before.is_possessive:
        return True
    return base in CLAIMS and (
        before.low in PREPOSITIONS or (before.is_word and not before.is_cap and before.low.endswith("al"))
    )


def _is_beside(tokens: list[Token], cue: int, at: int) -> bool:
    return all(token.text.lower() in CONNECTS for token in tokens[cue + 1 : at])


def _introduced(clause: Clause, at: int) -> Finding | None:
    """ "According to X, ..." and "X: ..." at the start of the sentence."""
    tokens = clause.tokens
    if tokens[0].low == "according" and len(tokens) > 2:
        mention = clause.starts.get(2)
        if mention is not None and mention.end < at:
            return Finding(mention, "according to", "governing")
    if at >= 2 and tokens[at - 1].text == ":":
        mention = next((m for m in clause.mentions if m.end == at - 1 or m.after == at - 1), None)
        if mention is not None and mention.start == 0 and mention.kind == "name":
            return Finding(mention, ":", "beside")
    return None


def _trailing(text: str, clause: Clause, at: int) -> Finding | None:
    """ "... "..." and so on, X said.": an attribution that ends the sentence."""
    tokens = clause.tokens
    for mention in reversed(clause.mentions):
        if mention.start <= at + 1 or tokens[mention.start - 1].text != ",":
            continue
        for end in (mention.end, mention.after):
            cue = _finite_cue(tokens, end)
            if cue is not None and tokens[cue].low not in WEAK and not any(t.is_word for t in tokens[cue + 1 :]):
                return Finding(mention, _phrase(text, tokens, cue), "governing")
    return None


def _woven(clause: Clause, at: int) -> Finding | None:
    """The subject of the sentence, for words woven into it without a cue."""
    for mention in clause.mentions:
        if mention.end > at:
            return None
        if mention.is_subject and not mention.is_weak:
            return Finding(mention, "", "woven", is_joint=_is_joint(clause, mention))
    return None


# --- cues and their subjects ----------------------------------------------------------------------------------------


def _finite_cue(tokens: list[Token], at: int) -> int | None:
    """The cue that begins at `at` behind auxiliaries and adverbs."""
    index, auxiliary = at, False
    while index < len(tokens) and index - at < 5:
        token = tokens[index]
        if not token.is_word:
            return None
        if is_cue(token, near=True):
            return index if auxiliary or not is_participle(token.low) else None
        if token.low in AUXILIARIES:
            auxiliary = True
        elif token.low not in ADVERBS and token.low not in TIMES and token.low != "on" and not token.low.endswith("ly"):
            return None
        index += 1
    return None


def _is_passive(tokens: list[Token], cue: int) -> bool:
    low = tokens[cue].low
    if low in PASSIVE_SPEAKS or is_participle(low):
        return False
    return any(token.low in TO_BE for token in tokens[max(0, cue - 2) : cue])


def _subject_of(text: str, clause: Clause, cue: int, strength: Strength) -> Finding | None:
    tokens = clause.tokens
    phrase = _phrase(text, tokens, cue)
    if _is_passive(tokens, cue):
        agent = next(
            (clause.starts.get(at + 1) for at in range(cue + 1, len(tokens) - 1) if tokens[at].low == "by"), None
        )
        return Finding(agent, phrase, strength) if agent is not None else None
    mention = subject_before(clause, cue)
    return Finding(mention, phrase, strength, is_joint=_is_joint(clause, mention)) if mention is not None else None


def subject_before(clause: Clause, cue: int) -> Mention | None:
    """The subject of the cue at token `cue`, which stands to its left."""
    tokens = clause.tokens
    at = cue
    while at > 0 and _belongs_to_verb(tokens[at - 1]):
        at -= 1
    if is_participle(tokens[cue].low) and (beside := _directly_before(clause, cue)) is not None:
        return beside
    left = [mention for mention in clause.mentions if mention.end <= at and not mention.is_possessive]
    if not is_participle(tokens[cue].low) or at < cue:
        for mention in reversed(left):
            if at in (mention.end, mention.after) and not _is_object(tokens, mention):
                return mention
        if at > 0 and tokens[at - 1].low == "who":
            return next((m for m in reversed(left) if m.end >= at - 3), None)
    subjects = [mention for mention in left if mention.is_subject]
    subjects = [mention for mention in subjects if mention.is_person is not False] or subjects
    if at > 0 and tokens[at - 1].text == ",":
        closed = [m for m in subjects if m.end < len(tokens) and tokens[m.end].text in (",", "(")]
        subjects = closed or subjects
    return subjects[-1] if subjects else None


def _directly_before(clause: Clause, cue: int) -> Mention | None:
    """Who stands before a participle without a comma: "footage of her opponent asking"."""
    return next((m for m in clause.mentions if m.end == cue and m.kind == "name" and m.is_person), None)


def _is_object(tokens: list[Token], mention: Mention) -> bool:
    """Whether a mention hangs on a preposition: "an analyst with the agency says"."""
    if mention.is_subject or mention.start == 0:
        return False
    return tokens[mention.start - 1].low in PREPOSITIONS - CONJUNCTIONS - {"like", "as", "than"}


def _belongs_to_verb(token: Token) -> bool:
    low = token.low
    return token.is_word and (
        low in AUXILIARIES or low in ADVERBS or low == "to" or (low.endswith("ly") and not token.is_cap) or low in TIMES
    )


def _is_joint(clause: Clause, mention: Mention | None) -> bool:
    """Whether a subject is one of two: "X and Y"."""
    if mention is None:
        return False
    if _joined(clause, mention) is not None:
        return True
    at = mention.start - 1
    return at > 0 and clause.tokens[at].low == "and" and any(m.end == at and m.is_subject for m in clause.mentions)


def _phrase(text: str, tokens: list[Token], cue: int) -> str:
    """The cue with its auxiliaries: "has said"."""
    start = cue
    while start > 0 and tokens[start - 1].low in AUXILIARIES | ADVERBS and tokens[start - 1].is_word:
        start -= 1
    return " ".join(text[tokens[start].start : tokens[cue].end].split())


def speeches(clause: Clause) -> list[Mention]:
    """Who speaks in a sentence, in order, be it in indirect speech: evidence of who is being heard."""
    found = []
    for index, token in enumerate(clause.tokens):
        if token.low not in SPEECH or not is_cue(token, near=False):
            continue
        if (
            index == 0
            or _is_noun(clause.tokens, index)
            or _is_passive(clause.tokens, index)
            or _in_mention(clause, index)
        ):
            continue
        behind = _inverted_subject(clause, index) if clause.tokens[index - 1].text == "," else None
        mention = behind or subject_before(clause, index)
        if mention is not None:
            found.append(mention)
    return found
