"""Cues as verbs: which words are, where they end, and whose they are.

"Vladimir Putin's press secretary, Dmitry Peskov, has also said": the cue is "said", its subject stands before the
auxiliaries and behind an apposition; a participle ("adding") borrows the subject of the speech before it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.quotes.cues import CLAIMS, NEAR_QUOTES, PASSIVE_SPEAKS, SPEECH, WEAK, is_cue, is_participle
from bot.quotes.mentions import Mention
from bot.quotes.tokens import Sentence, Token
from bot.quotes.words import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    DOC_NOUNS,
    FUNCTION,
    PREPOSITIONS,
    TIMES,
    is_person_noun,
    listed,
)

BEFORE_INFINITIVE = AUXILIARIES | ADVERBS | listed("to i we you they who and people police staff , -")
BEFORE_THIRD = ADVERBS | listed("he she it who and that which , ) company statement letter man woman")
MEETINGS = listed("hearing ruling reading")  # nouns too
PASTS = listed("put hit read")  # like their infinitives
ISSUES = listed(
    "issued issues released releases published publishes posted posts sent sends gave gives made makes read"
)
UTTERED = listed("statement message release post tweet letter note apology warning update response speech email memo")
PUBLISHED = listed("published publishes released releases issued issues unveiled unveils commissioned")
COMPANY = (listed("and"), listed("his her its their"))
BOARDS = listed("banner sign placard poster plaque notice board headline caption text inscription")
SHORTENED = listed("he she it i'm you're we're they're")  # with "is" or "are": the "'s" is told apart as a possessive
PARENTHETICAL = listed(
    "says said explains explained adds added argues argued notes noted writes wrote suggests suggested"
)
TO_BE = listed("is are was were be been being 's")


@dataclass(slots=True)
class Clause:
    """A sentence with its mentions, ready to be asked."""

    sentence: Sentence
    mentions: list[Mention]
    starts: dict[int, Mention] = field(init=False)
    speech: list[int] = field(init=False)  # the verbs of speech, direct or indirect
    tokens: list[Token] = field(init=False)

    def __post_init__(self) -> None:
        self.starts = {mention.start: mention for mention in self.mentions}
        self.tokens = tokens = self.sentence.tokens
        self.speech = [
            index
            for index, token in enumerate(tokens)
            if index and token.low in SPEECH and not token.is_cap and is_verb(self, index)
        ]


def speeches(clause: Clause) -> list[Mention]:
    """Who speaks in a sentence, in order, be it in indirect speech: evidence of who is being heard."""
    found = []
    for index in clause.speech:
        mention = _quoted_as_saying(clause, index) or _subject_behind(clause, index) or subject_before(clause, index)
        if mention is not None:
            found.append(mention)
    return found or [mention for mention in [_issuer(clause)] if mention is not None]


def _quoted_as_saying(clause: Clause, index: int) -> Mention | None:
    """Whom an agency "quoted as saying"."""
    tokens = clause.tokens
    if tokens[index].low != "saying" or tokens[index - 1].low != "as":
        return None
    mention = next((m for m in clause.mentions if index - 1 in (m.end, m.after)), None)
    return mention if mention is not None and tokens[mention.start - 1].low in ("quoted", "quotes", "quoting") else None


def _issuer(clause: Clause) -> Mention | None:
    """Who "issued a statement", where a sentence has no verb of speech."""
    tokens = clause.tokens
    for index, token in enumerate(tokens):
        if token.low in ISSUES and index and any(near.low in UTTERED for near in tokens[index + 1 : index + 5]):
            return None if is_passive(tokens, index) else subject_before(clause, index)
    return None


def published(clause: Clause) -> list[tuple[str, Mention]]:
    """The documents that a sentence tells the authors of: "X published a report", "a study by X"."""
    tokens, found = clause.tokens, []
    for mention in clause.mentions:
        ends = (
            mention.after == len(tokens) or tokens[mention.after].low in FUNCTION or not tokens[mention.after].is_word
        )
        if ends and mention.is_document and any(token.low == "by" for token in tokens[mention.end : mention.after]):
            found.append((mention.noun, mention))
    for index, token in enumerate(tokens):
        if index and token.low in PUBLISHED and not token.is_cap and not is_passive(tokens, index):
            paper = next((near.low for near in tokens[index + 1 : index + 6] if near.low in DOC_NOUNS), None)
            issuer = subject_before(clause, index) if paper is not None else None
            if paper is not None and issuer is not None and issuer.kind == "name":
                found.append((paper, issuer))
    return found


def _subject_behind(clause: Clause, index: int) -> Mention | None:
    """ "..., adds X.": a subject behind its cue, with no clause of its own."""
    if clause.tokens[index - 1].text != ",":
        return None
    mention = inverted_subject(clause, index)
    if mention is None or mention.is_pronoun:
        return None
    following = clause.tokens[mention.end : mention.end + 1]
    return mention if not following or not following[0].is_word or following[0].low in PREPOSITIONS else None


def parenthetical(clause: Clause, cue: int) -> Mention | None:
    """Who speaks in "The trouble, says Kovac, is that ..."."""
    tokens = clause.tokens
    if cue == 0 or tokens[cue - 1].text != "," or tokens[cue].low not in PARENTHETICAL:
        return None
    if any(mention.after == cue for mention in clause.mentions):
        return None
    mention = inverted_subject(clause, cue)
    if mention is None or mention.is_pronoun or mention.after >= len(tokens):
        return None
    if mention.kind == "name" and mention.is_person and tokens[mention.after].low in PREPOSITIONS:
        return mention  # "..., said Kovac in the Herald, ..."
    return mention if "," in (tokens[mention.after].text, tokens[mention.after - 1].text) else None


def is_verb(clause: Clause, index: int) -> bool:
    """Whether a word that can be a cue is a verb here, and in the active voice."""
    tokens = clause.tokens
    return not (is_noun(tokens, index) or is_passive(tokens, index) or in_mention(clause, index))


def is_noun(tokens: list[Token], index: int) -> bool:
    """ "a report", "the state's claim": a word that is a cue elsewhere."""
    if index == 0:
        return not is_participle(tokens[index].low)
    before = tokens[index - 1]
    base = NEAR_QUOTES[tokens[index].low]
    if tokens[index].low in MEETINGS and (before.is_cap or before.low in DETERMINERS):
        return True
    if (before.low in DETERMINERS and before.low not in ("that", "this", "all", "both")) or (
        before.is_possessive and before.low not in SHORTENED
    ):
        return True
    if tokens[index].low == base + "s":
        if before.low in PREPOSITIONS:
            return True  # "after talks"
        if index + 1 < len(tokens) and tokens[index + 1].quote is not None and before.is_word:
            return before.low in FUNCTION - BEFORE_THIRD  # "the ad claims "...""
    if tokens[index].low == base and base not in PASTS and not is_participle(base):
        is_plural = base == "say" and before.is_cap  # "organisers ASO say"
        return not (is_plural or before.low in BEFORE_INFINITIVE or before.low.endswith(("s", "ly")))
    if tokens[index].low == base + "s" and base in WEAK | CLAIMS:
        return not (
            before.is_cap or before.low in BEFORE_THIRD or before.low.endswith("ly") or is_person_noun(before.low)
        )
    return base in CLAIMS and (
        before.low in PREPOSITIONS or (before.is_word and not before.is_cap and before.low.endswith("al"))
    )


def in_mention(clause: Clause, index: int) -> bool:
    return any(mention.start <= index < mention.end for mention in clause.mentions)


def joined(clause: Clause, mention: Mention) -> Mention | None:
    """The last of several subjects: "X and Y said", "said X, Y and Z"."""
    tokens = clause.tokens
    if mention.end < len(tokens) and tokens[mention.end].low == "and":
        return clause.starts.get(mention.end + 1)
    following = clause.starts.get(mention.end + 1)
    if following is None or tokens[mention.end].text != "," or following.kind != "name":
        return None
    are_people = all(m.is_person is not False and len(m.name) > 1 for m in (mention, following))
    return joined(clause, following) if are_people else None


def inverted_subject(clause: Clause, cue: int) -> Mention | None:
    """Who stands behind the cue in "said oil and gas worker Mike Wipf"."""
    tokens = clause.tokens
    for at in range(cue + 1, min(cue + 12, len(tokens))):
        if at in clause.starts:
            mention = clause.starts[at]
            inner = next((m for m in clause.mentions if m.start == mention.end + 1 and m.kind == "name"), None)
            if inner is not None and tokens[mention.end].is_word and tokens[mention.end].low not in FUNCTION:
                mention = inner  # "Clinton ally James Carville"
            return None if mention.is_possessive else mention
        token = tokens[at]
        if (not token.is_word and token.text != "/") or (
            token.low in FUNCTION and token.low not in ("and", "the", "of", "a")
        ):
            return None
    return None


def finite_cue(tokens: list[Token], at: int) -> int | None:
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


def is_passive(tokens: list[Token], cue: int) -> bool:
    low = tokens[cue].low
    if low in PASSIVE_SPEAKS or is_participle(low):
        return False
    return (cue > 0 and tokens[cue - 1].low in TO_BE) or (cue > 1 and tokens[cue - 2].low in TO_BE)


def subject_before(clause: Clause, cue: int) -> Mention | None:
    """The subject of the cue at token `cue`, which stands to its left."""
    tokens = clause.tokens
    if (quoted := _quoted_as_saying(clause, cue)) is not None:
        return quoted
    at = cue
    while at > 0 and _belongs_to_verb(tokens[at - 1]):
        at -= 1
    if tokens[cue].low == "reading" and tokens[cue - 1].low in UTTERED | BOARDS:
        return _issuer(clause)
    if is_participle(tokens[cue].low) and at == cue:
        spoken = clause.starts.get(cue - 1)
        if spoken is not None and spoken.is_pronoun and tokens[cue - 1].low in SHORTENED:
            return spoken  # "he's claiming"
        return _directly_before(clause, cue) or _of_speech_before(clause, cue)
    left = [mention for mention in clause.mentions if mention.end <= at and not mention.is_possessive]
    for mention in reversed(left):
        if at in (mention.end, mention.after) and not _is_object(tokens, mention):
            return mention
    if at > 0 and tokens[at - 1].low == "who":
        return next((m for m in reversed(left) if m.end >= at - 3), None)
    if at > 1 and tokens[at - 1].low == "which" and tokens[at - 2].text == ",":
        return next((m for m in left if m.end == at - 2), None)
    subjects = [mention for mention in left if mention.is_subject]
    subjects = [mention for mention in subjects if mention.is_person is not False] or subjects
    if at > 0 and tokens[at - 1].text == ",":
        closed = [m for m in subjects if m.end < len(tokens) and tokens[m.end].text in (",", "(")]
        subjects = closed or subjects
    return subjects[-1] if subjects else None


def _of_speech_before(clause: Clause, cue: int) -> Mention | None:
    """Whose a participle is: the subject of the last plain verb of speech, else of the sentence."""
    for index in reversed(clause.speech):
        is_relative = clause.tokens[index - 1].low in ("who", "which")
        is_plain = index < cue and not is_relative and not is_participle(clause.tokens[index].low)
        if is_plain and (mention := subject_before(clause, index)) is not None:
            return mention
    left = [m for m in clause.mentions if m.is_subject and m.end <= cue and m.is_person is not False and not m.is_weak]
    left = [m for m in left if m.kind != "nominal" or clause.tokens[m.start - 1].low != "and"] or left
    return left[-1] if left else _issuer(clause) or _only_person(clause, cue)


def _only_person(clause: Clause, cue: int) -> Mention | None:
    """ "Anger came swiftly for X after saying ...": the only one who can have said it."""
    people = [
        m for m in clause.mentions if m.end <= cue and m.kind == "name" and not m.is_weak and m.is_person is not False
    ]
    return people[0] if len(people) == 1 and people[0].is_person and not people[0].is_possessive else None


def _directly_before(clause: Clause, cue: int) -> Mention | None:
    """Who stands before a participle without a comma: "footage of her opponent asking"."""
    names = (m for m in clause.mentions if m.end == cue and m.kind == "name")
    return next((m for m in names if _can_speak(clause, m)), None)


def _can_speak(clause: Clause, mention: Mention) -> bool:
    """Whether a name is a person's, or a body's that is no place where one writes: "on Facebook writing"."""
    if mention.is_person or (mention.entity is not None and mention.entity.is_person):
        return True
    before = clause.tokens[mention.start - 1].low if mention.start else ""
    return before == "with" or (mention.is_person is False and before not in PREPOSITIONS)


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


def is_joint(clause: Clause, mention: Mention | None) -> bool:
    """Whether a subject is one of several: "X and Y", "X and his friends"."""
    if mention is None:
        return False
    if joined(clause, mention) is not None:
        return True
    if [token.low in company for token, company in zip(clause.tokens[mention.end :], COMPANY, strict=False)] == [
        True,
        True,
    ]:
        return True
    at = mention.start - 1
    return at > 0 and clause.tokens[at].low == "and" and any(m.end == at and m.is_subject for m in clause.mentions)


def phrase(text: str, tokens: list[Token], cue: int) -> str:
    """The cue with its auxiliaries: "has said"."""
    start = cue
    while start > 0 and tokens[start - 1].low in AUXILIARIES | ADVERBS and tokens[start - 1].is_word:
        start -= 1
    return " ".join(text[tokens[start].start : tokens[cue].end].split())
