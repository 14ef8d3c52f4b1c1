"""Which body a common noun means: "the department", "Israeli police", "its spokesman"; and whose a document is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.quotes.cast import Entity, is_place
from bot.quotes.mentions import Mention
from bot.quotes.words import DOC_NOUNS, ORG_NOUNS, Gender, listed

if TYPE_CHECKING:
    from bot.quotes.memory import Memory

FIRMS = listed(
    "company firm corporation startup manufacturer retailer giant carrier operator publisher developer supplier "
    "supermarket chain brand group business utility airline lender brewer carmaker automaker insurer broadcaster"
)
AGENCIES = listed("agency department ministry bureau office service watchdog regulator authority administration")
STATE = AGENCIES | listed(
    "government police council court commission committee parliament senate university union state"
)
KINDS = (  # what bodies are called by kind, and the words in their names by which that kind is known
    (AGENCIES, STATE),
    (listed("union"), listed("union association federation workers teachers brotherhood attendants employees")),
    (listed("airline carrier"), listed("airlines airways airline air")),
    (listed("club team side"), listed("fc afc club city united town rovers county athletic wanderers albion rangers")),
    (listed("charity"), listed("trust foundation charity society fund aid relief")),
    (listed("newspaper paper newswire"), listed("times post journal herald tribune gazette telegraph guardian news")),
    (listed("party"), listed("party democrats republicans greens labour conservatives")),
    (listed("force"), listed("police constabulary force")),
    (listed("bank lender"), listed("bank")),
)
BY_INITIALS = (
    AGENCIES | FIRMS | listed("organisation organization union body alliance association federation party club")
)
OUTLETS = listed("outlet publication newspaper paper magazine website site broadcaster")
LONGEST = 6  # letters of a body's initials
NEARBY = 6  # sentences back for what is called by its kind alone
VAGUE = listed("state city county province town nation nations house times post center centre site news market couple")
PERSONAL = listed("his her my our your")
STATEMENTS = listed(
    "statement release document declaration communique communiqué letter post tweet email e-mail message note memo "
    "announcement blog article column"
)
OFFICIAL = listed("statement communique communiqué announcement declaration release")
OWNERS: dict[str, Gender] = {"his": "m", "her": "f"}


def it(memory: Memory) -> Entity | None:
    """Whom "it said" means: the body that is being heard, or was the subject last."""
    if memory.speaker is not None and memory.speaker.is_person is not True:
        return memory.speaker
    last = [e for e in memory.recent if e.is_person is not True and e.subject == e.seen and memory.now - e.seen <= 2]
    return max(last, key=lambda entity: entity.seen) if last else None


def body(memory: Memory, mention: Mention) -> Entity | None:
    """ "the department", "the company": a body named by that word, or the one spoken of last that can be one."""
    if mention.body:
        return named(memory, mention.body)
    if not mention.is_definite:
        return None
    if mention.noun in ORG_NOUNS and mention.of[:1].isupper():
        return named(memory, f"{mention.of} {mention.noun}")
    return called(memory, mention.noun) or _nameless(memory, mention)


def called(memory: Memory, noun: str) -> Entity | None:
    """Who bears that word in the name, or is of that kind."""
    bodies = [e for e in memory.recent if e.is_person is not True and not is_place(e.name) and not e.is_nameless]
    found = [entity for entity in bodies if noun in entity.words()]
    if not found and noun in OUTLETS and memory.speaker in bodies and memory.now - memory.heard_at <= NEARBY:
        return memory.speaker
    if not found:
        found = [e for e in bodies if memory.now - e.seen <= NEARBY and _can_be(e, noun)]
        near = [entity for entity in bodies if memory.now - entity.seen <= 1]
        if noun in AGENCIES and len(near) == 1 and memory.speaker not in found:
            found = near  # "a study by TransNorth. The agency said"
    return max(found, key=lambda e: (e is memory.speaker, e.seen, e.subject)) if found else None


def _can_be(entity: Entity, noun: str) -> bool:
    """Whether a body can be called by a word of that kind: a firm bears no word of state in its name."""
    words = entity.words()
    if noun in BY_INITIALS and len(entity.name) == 1 and entity.name[0].isupper() and len(entity.name[0]) <= LONGEST:
        return True
    if any(noun in kind and words & marks for kind, marks in KINDS):
        return True
    return noun in FIRMS and not entity.gender and not words & STATE


def _nameless(memory: Memory, mention: Mention) -> Entity | None:
    """A body or document that the text never names, as what it is called: "the ministry"."""
    if mention.noun not in ORG_NOUNS | DOC_NOUNS or mention.noun in VAGUE or mention.owner or mention.of:
        return None
    return memory.cast.nameless(mention.noun)


def named(memory: Memory, printed: str) -> Entity | None:
    """The body in "a spokesman for the Foreign Ministry", known or new."""
    words = [word for word in printed.split() if word.lower() not in ("the", "a", "an")]
    if not words or not words[0][0].isupper():
        return None
    mention = Mention("name", 0, 1, 1, tuple(words), is_person=False)
    return memory.cast.named(mention, now=memory.now)


def represented(memory: Memory, mention: Mention) -> Entity | None:
    """The body whose unnamed spokesman speaks: named with him, or the only one that was just spoken of."""
    printed = mention.of or mention.owner or next((word for word in mention.modifiers if word in ORG_NOUNS), "")
    if printed:
        return _told(memory, printed)
    is_heard = memory.speaker is not None and memory.speaker.is_person is not True and memory.now - memory.heard_at <= 2
    return memory.speaker if is_heard else only(memory)


def _told(memory: Memory, printed: str) -> Entity | None:
    """The body in the words that belong to a noun: "for the Foreign Ministry", "the club's", "its"."""
    words = printed.lower().split()
    if not printed.islower():
        return named(memory, printed)
    if words[-1] in ORG_NOUNS:
        return called(memory, words[-1])
    return only(memory) if words[0] in ("its", "their") else None


def only(memory: Memory) -> Entity | None:
    near = [e for e in memory.recent if e.is_person is False and memory.now - e.seen <= 3 and not is_place(e.name)]
    return near[0] if len(near) == 1 else None


def _acting(memory: Memory) -> Entity | None:
    """The only body that was a subject just before: "The Federal Reserve held its rate. ... the statement said"."""
    acting = [e for e in memory.recent if e.is_person is False and e.subject == e.seen and memory.now - e.seen <= 2]
    return acting[0] if len(acting) == 1 and not is_place(acting[0].name) else None


def author(memory: Memory, mention: Mention) -> Entity | None:
    """Whose a document is: a body's; a person's only where that person is being heard."""
    if mention.owner in OWNERS:
        writer = memory.pronoun(OWNERS[mention.owner])
        return writer if writer is memory.speaker or mention.noun not in STATEMENTS else None
    printed = mention.of or mention.owner or next((word for word in mention.modifiers if word in ORG_NOUNS), "")
    if printed:
        known = memory.cast.find(Mention("name", 0, 1, 1, tuple(printed.split())), now=memory.now)
        if known is not None and known.is_person:
            return known if mention.of else None
        found = _told(memory, printed)
        return found if found is not None and found.is_person is False else None
    if mention.noun not in STATEMENTS:
        known = memory.papers.get(mention.noun)
        return (known or _nameless(memory, mention)) if mention.is_definite else None
    if not mention.is_definite:
        if memory.now - memory.heard_at <= 1:
            return memory.speaker
        return only(memory) if mention.noun in OFFICIAL else None
    if "joint" in mention.modifiers:
        return None
    speaker = memory.speaker if memory.now - memory.heard_at <= 2 else None
    if mention.noun not in memory.papers and speaker is not None and speaker.is_person is False:
        return speaker
    issuer = _acting(memory) if mention.noun in OFFICIAL else None
    return memory.papers.get(mention.noun) or issuer or _nameless(memory, mention)
