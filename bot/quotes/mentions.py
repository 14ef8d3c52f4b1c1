"""Who is spoken of in a sentence: names with their roles, pronouns, and nominals such as "the mayor".

    tokens ──capitals──▶ names ──words before and behind──▶ roles; what is left ──nouns──▶ nominals; pronouns

Nothing is resolved here: whose "Lavrov" or "she" it is, is for `cast` and `memory` to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from bot.quotes import asides, capitals, roles
from bot.quotes.asides import YEARS_OLD
from bot.quotes.capitals import Chain
from bot.quotes.cues import is_cue
from bot.quotes.tokens import Sentence, Token
from bot.quotes.words import (
    ABBREVIATIONS,
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    DOC_NOUNS,
    FUNCTION,
    INDEFINITE,
    ORG_NOUNS,
    PEOPLES,
    PLACES,
    PLURAL_PERSONS,
    REMARKS,
    Gender,
    is_person_noun,
    listed,
    noun_gender,
)

if TYPE_CHECKING:
    from bot.quotes.cast import Entity

Kind = Literal["name", "pronoun", "nominal"]
SUBJECT_PRONOUNS: dict[str, Gender] = {"he": "m", "she": "f", "they": "", "i": "", "we": "", "you": "", "it": ""}
PRONOUN_FORMS = {
    base + ending: base for base in SUBJECT_PRONOUNS for ending in ("", "'s", "'d", "'ll", "'ve", "'re", "'m")
}
PLAIN_SPEECH = listed("said says told added wrote")
FEW = 8  # words between somebody unnamed and the name that is given
FIRST_AND_SECOND = frozenset(("i", "we", "you"))


@dataclass(slots=True)
class Mention:
    """A stretch of a sentence that stands for somebody: `tokens[start:end]`, the words of a role before it included.

    `after` is where the sentence goes on behind an apposition or relative clause between commas. `noun` is the head
    of a nominal, or the pronoun. `owner` is whose it is ("his", "the department", "Putin"), `of` the body named behind
    it ("spokesman for the ministry").
    """

    kind: Kind
    start: int
    end: int
    after: int
    name: tuple[str, ...] = ()
    role: str | None = None
    noun: str = ""
    gender: Gender = ""
    is_person: bool | None = None
    is_plural: bool = False
    is_definite: bool = True
    is_possessive: bool = False
    is_document: bool = False
    is_weak: bool = False  # a capital that the start of the sentence explains as well
    owner: str = ""
    of: str = ""
    age: str = ""
    body: str = ""  # the whole of "the Israeli military", "Ukraine's foreign ministry"
    modifiers: tuple[str, ...] = ()  # the words before the head of a nominal
    has_apposition: bool = False
    is_subject: bool = False
    is_parenthetical: bool = False  # "he" in "Kovac, he said, knows the way"
    entity: Entity | None = None

    @property
    def is_pronoun(self) -> bool:
        return self.kind == "pronoun"


def mentions(text: str, sentence: Sentence) -> list[Mention]:
    """All mentions of a sentence, in order."""
    tokens = sentence.tokens
    chains = capitals.chains(tokens, is_headline=sentence.is_headline)
    found = [_named(text, tokens, chain) for chain in chains if not _completes_place(tokens, chain)]
    covered = _covered(found)
    found += _pronouns(tokens)
    if not sentence.is_headline:
        found += _nominals(text, tokens, covered, _apposed(found))
    found.sort(key=lambda mention: (mention.start, -mention.end))
    found = _introduced(text, tokens, list(_outermost(found)))
    apposed = _apposed(found)
    for mention in found:
        mention.is_subject = mention.start not in apposed and _is_subject(tokens, mention)
    return found


def _introduced(text: str, tokens: list[Token], found: list[Mention]) -> list[Mention]:
    """ "the head of the mission, Ben Abara,": an office and the name behind it are one mention."""
    kept: list[Mention] = []
    for mention in found:
        last = kept[-1] if kept else None
        if last is not None and _names(tokens, last, mention):
            is_body = mention.is_person is False or not last.is_person
            role = roles.without_article(text[tokens[last.start].start : tokens[last.end - 1].end])
            mention.role = mention.role or (None if is_body else role)
            mention.start, mention.is_person = last.start, not is_body
            mention.after = _behind_comma(tokens, mention.after)
            kept.pop()
        elif last is not None and _is_called(tokens, last, mention):
            mention.start, mention.is_person = last.start, mention.is_person if last.is_plural else last.is_person
            kept.pop()
        kept.append(mention)
    return kept


def _is_called(tokens: list[Token], nominal: Mention, name: Mention) -> bool:
    """ "energy company Norgas", "a baker named Kovac", "a man who identified himself as Colonel Kovac"."""
    if nominal.kind != "nominal" or name.kind != "name" or name.is_possessive or name.start - nominal.end > FEW:
        return False
    if name.start == nominal.end:
        if name.end < len(tokens) and not _ends_phrase(tokens[name.end]):
            return False
        return nominal.is_plural or (nominal.is_person is False and not nominal.is_document)
    if name.start == nominal.end + 1:
        return nominal.is_person is True and tokens[nominal.end].low == "named"
    between = {token.low for token in tokens[nominal.end : name.start]}
    return tokens[name.start - 1].low == "as" and not between.isdisjoint(("identified", "introduced", "name"))


def _ends_phrase(token: Token) -> bool:
    """Whether a verb or a mark stands there, and no noun that goes on with the phrase: "a campaign TV ad"."""
    return not token.is_word or token.low in AUXILIARIES or token.low.endswith("ed") or is_cue(token, near=True)


def _behind_comma(tokens: list[Token], at: int) -> int:
    """Behind the second comma of "his chief of staff, Ben Abara, said"."""
    return at + 1 if at + 1 < len(tokens) and tokens[at].text == "," else at


def _names(tokens: list[Token], nominal: Mention, name: Mention) -> bool:
    """Whether a name behind a comma is that of the one spoken of before it."""
    if nominal.kind != "nominal" or nominal.is_plural or not nominal.is_definite:
        return False
    if name.kind != "name" or name.is_possessive:
        return False
    if name.is_person is False or not nominal.is_person:
        if name.is_person or nominal.noun not in ORG_NOUNS or nominal.is_document:
            return False  # else "the operator, Norgas,"
    elif len(name.name) < 2:
        return False
    if name.start != nominal.end + 1 or tokens[nominal.end].text != ",":
        return False
    return (
        name.end >= len(tokens) or tokens[name.end].text in (",", ".", ":", "(") or tokens[name.end].quote is not None
    )


def _completes_place(tokens: list[Token], chain: Chain) -> bool:
    """ "Buffalo, New York": a place that only says where another is."""
    at = chain.start
    short = chain.name[0] if len(chain.name) == 1 else ""
    is_state = short.lower() in ABBREVIATIONS or (len(short) == 2 and short.isupper())  # "Hull, Ont.", "Berea, OH"
    return at > 1 and tokens[at - 1].text == "," and tokens[at - 2].is_cap and (is_state or chain.is_place)


def _covered(found: list[Mention]) -> set[int]:
    return {index for mention in found for index in range(mention.start, mention.end)}


def _apposed(found: list[Mention]) -> set[int]:
    """Where a role stands behind a name: nobody else is spoken of there."""
    return {index for mention in found if mention.has_apposition for index in range(mention.end, mention.after)}


def _outermost(found: list[Mention]) -> Iterator[Mention]:
    """Mentions that are not part of another's role, as a department is of its spokesman's."""
    end = -1
    for mention in found:
        if mention.end > end:
            yield mention
            end = mention.end


# --- names ----------------------------------------------------------------------------------------------------------


def _named(text: str, tokens: list[Token], chain: Chain) -> Mention:
    before = roles.before(text, tokens, chain) if chain.is_person is not False else None
    behind = (
        asides.behind(text, tokens, chain.end) if chain.is_person is not False else asides.relative(tokens, chain.end)
    )
    role = (before and before.text) or chain.title_role or behind.text or asides.predicate(text, tokens, behind.end)
    held = asides.tenure(text, tokens, chain.end) if chain.is_possessive and chain.is_person is not False else None
    start, owner = before.start if before else chain.start, before.owner if before else ""
    if before is None and chain.title_role:
        start, owner = roles.phrase_start(text, tokens, chain.start)
        role = f"{owner}'s {chain.title_role}" if owner and owner not in roles.POSSESSIVE else role
    elif before is None:
        start, owner = roles.article_start(text, tokens, chain.start)
    after = behind.end
    if before is not None and before.start < chain.start - 1 and tokens[chain.start - 1].text == ",":
        after = _behind_comma(tokens, after)
    named = before is not None or bool(chain.title_role) or bool(behind.text)
    nouns = " ".join(part for part in (before and before.text, behind.text) if part)
    return Mention(
        kind="name",
        start=start,
        end=chain.end,
        after=after,
        name=chain.name,
        role=role or held,
        gender=chain.gender or _gender_of(nouns),
        is_person=True if (named or held) and chain.is_person is None else chain.is_person,
        is_possessive=chain.is_possessive,
        is_weak=chain.is_weak and not named,
        owner=owner,
        age=asides.age(tokens, chain.start, chain.end) if chain.is_person is not False else "",
        has_apposition=bool(behind.text),
    )


def _gender_of(role: str) -> Gender:
    genders = [gender for word in role.lower().split(" of ")[0].split() if (gender := noun_gender(word))]
    return genders[0] if len(set(genders)) == 1 else ""


# --- pronouns and nominals ------------------------------------------------------------------------------------------


def _pronouns(tokens: list[Token]) -> list[Mention]:
    found = [index for index, token in enumerate(tokens) if token.low in PRONOUN_FORMS]
    return [_pronoun(tokens, index, PRONOUN_FORMS[tokens[index].low]) for index in found]


def _pronoun(tokens: list[Token], index: int, base: str) -> Mention:
    gender = SUBJECT_PRONOUNS[base]
    return Mention(
        kind="pronoun",
        start=index,
        end=index + 1,
        after=asides.relative(tokens, index + 1).end,
        noun=base,
        gender=gender,
        is_person=True if gender else None,
        is_plural=base in ("they", "we"),
        is_parenthetical=0 < index < len(tokens) - 2 and tokens[index - 1].text == tokens[index + 2].text == ",",
    )


def _nominals(text: str, tokens: list[Token], covered: set[int], apposed: set[int]) -> list[Mention]:
    found: list[Mention] = []
    nouns: set[int] = set()
    others: set[int] = set()
    for at, token in enumerate(tokens):
        low = token.low
        if not token.is_word:
            continue
        if _is_speaking_noun(low, token.is_cap) and not (low == "accused" and at and _is_accused(tokens[at - 1])):
            nouns.add(at)
        if low in PLAIN_SPEECH and _speaks(tokens, at - 1):
            others.add(at - 1)
        elif token.is_cap and low in PEOPLES and capitals.is_compatriot(tokens, at):
            others.add(at)
    for index in sorted(nouns | others):
        if tokens[index].is_possessive or index in covered or index in apposed:
            continue
        if _gives_words(tokens, index):
            continue
        if index + 1 in nouns and index + 1 not in covered:
            continue  # "police chief": the last noun counts
        mention = _nominal(text, tokens, index, covered)
        if mention is not None and not (found and mention.start < found[-1].end):
            found.append(mention)
    return found


def _is_accused(before: Token) -> bool:
    """Whether "accused" is a verb there: no article stands before it."""
    return before.low not in DETERMINERS


def _gives_words(tokens: list[Token], index: int) -> bool:
    """ "Kovac's claim that ...": who speaks is the owner, who stays a mention of his own."""
    owned = index > 0 and tokens[index - 1].is_possessive and tokens[index - 1].is_cap
    return owned and tokens[index].low in REMARKS and index + 1 < len(tokens) and tokens[index + 1].low == "that"


@lru_cache(maxsize=2048)
def _is_speaking_noun(low: str, is_cap: bool) -> bool:
    return low in ORG_NOUNS or low in DOC_NOUNS or low in PLURAL_PERSONS or is_person_noun(low, is_cap=is_cap)


def _speaks(tokens: list[Token], index: int) -> bool:
    """Whether a word of no list stands where a speaker does, before a verb of speech: "the right wing said"."""
    token = tokens[index]
    return (
        index >= 0
        and token.is_word
        and not token.is_cap
        and token.low not in FUNCTION
        and not token.low.endswith(("ly", "ed", "day"))
    )


def _nominal(text: str, tokens: list[Token], index: int, covered: set[int]) -> Mention | None:
    token = tokens[index]
    start, owner = roles.phrase_start(text, tokens, index)
    first = tokens[start]
    is_plural = token.low in PLURAL_PERSONS and token.low not in ORG_NOUNS
    determined = first.low in DETERMINERS or bool(owner)
    body = _body(text, tokens[start : index + 1])
    opens = start == 0 or tokens[start - 1].quote is not None or tokens[start - 1].text == ","
    if not (determined or body or token.low in PLURAL_PERSONS or opens or _follows_cue(tokens, start)):
        return None
    end, of = roles.attached(text, tokens, index + 1, covered)
    after = asides.relative(tokens, end).end
    if not of and token.low in DOC_NOUNS:
        by, of = roles.written(text, tokens, end)
        after = max(after, by)
    is_person = is_plural or is_person_noun(token.low) or not _is_speaking_noun(token.low, token.is_cap)
    return Mention(
        kind="nominal",
        start=start,
        end=end,
        after=after,
        role=None,
        noun=token.low,
        gender=noun_gender(token.low),
        is_person=is_person,
        is_plural=is_plural,
        is_definite=(first.low not in INDEFINITE and determined) or not first.low.islower(),
        is_document=not is_person and token.low in DOC_NOUNS,
        owner=owner,
        body=body,
        modifiers=tuple(word.low for word in tokens[start:index] if word.low not in DETERMINERS),
        of=of or _capitals(text, tokens[start:index], opens=start == 0),
        age=next((t.low.removesuffix(YEARS_OLD) for t in tokens[start : index + 1] if t.low.endswith(YEARS_OLD)), ""),
    )


def _body(text: str, phrase: list[Token]) -> str:
    """What a body is called by whose it is: "Toronto police", "Ukraine's foreign ministry"."""
    noun = phrase[-1]
    first = next((token for token in phrase[:-1] if token.is_cap and token.low not in DETERMINERS), None)
    if first is None or noun.low not in ORG_NOUNS or noun.is_cap or phrase[0].low in INDEFINITE:
        return ""
    return text[first.start : noun.end]


def _capitals(text: str, modifiers: list[Token], *, opens: bool) -> str:
    """The body named before a noun: "an RCMP spokesperson"; at the start of a sentence a plural is just "Users"."""
    named = [token for token in modifiers if token.is_cap and token.low not in DETERMINERS | PLACES]
    if opens and len(named) == 1 and named[0] is modifiers[0] and named[0].low.endswith("s"):
        return ""
    return text[named[0].start : named[-1].end] if named else ""


def _follows_cue(tokens: list[Token], start: int) -> bool:
    return start >= 2 and tokens[start - 2].quote is not None and tokens[start - 1].is_word


# --- subjects -------------------------------------------------------------------------------------------------------

OPENS_CLAUSE = CONJUNCTIONS | listed("that than")


def _is_subject(tokens: list[Token], mention: Mention) -> bool:
    """Whether a mention can be a subject by where it stands: at the start of a clause."""
    if mention.is_possessive:
        return False
    at = mention.start - 1
    if at < 0:
        return True
    before = tokens[at]
    if before.quote is not None or (not before.is_word and before.text not in "/&$#@"):
        return True
    if before.low == "and" and at > 0 and tokens[at - 1].is_cap and mention.kind == "name":
        return at < 3  # "Iraq and Libya" is a list, unless it opens the sentence
    if before.low == "for" and at == 0:
        return mention.kind == "name" and mention.end < len(tokens) and tokens[mention.end].text == ","
    if before.low in ("after", "before", "since", "until"):
        return _acts(tokens, mention.after)
    return (before.low in OPENS_CLAUSE and before.low not in ("than", "as", "and", "or")) or _joins_clauses(tokens, at)


def _acts(tokens: list[Token], at: int) -> bool:
    """Whether a verb can stand there, after a word that begins a clause or is a mere preposition."""
    if at >= len(tokens) or not tokens[at].is_word or tokens[at].is_cap:
        return False
    return tokens[at].low not in FUNCTION or tokens[at].low in AUXILIARIES | ADVERBS


def _joins_clauses(tokens: list[Token], at: int) -> bool:
    """ "... and X said": an "and" that begins a clause, or joins two subjects."""
    return tokens[at].low in ("and", "or", "as", "meanwhile", "today", "yesterday") or tokens[at].low in (
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    )
