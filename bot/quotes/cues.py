"""The verbs and phrases that give words to somebody.

A cue is finite ("said", "has noted"), or a participle that borrows the subject of its clause ("adding"). Some verbs
give words away only next to a quote ("laughed", "continued"), the rest also in indirect speech ("said that ...").
"""

from __future__ import annotations

from bot.quotes.tokens import Token
from bot.quotes.words import ADVERBS, AUXILIARIES, DETERMINERS, FUNCTION, PREPOSITIONS, listed

_SPEECH = (
    "bemoan decry deplore boom project forecast bellow deadpan fret plea argue laud scold lecture rebuke chide "
    "fault rail say tell write add state note explain announce declare claim insist stress warn admit "
    "acknowledge confirm deny reply respond answer ask recall remember reveal suggest believe think predict "
    "promise pledge vow assure urge complain accuse contend maintain assert allege affirm reiterate repeat "
    "emphasize emphasise underline underscore point observe remark comment mention report describe call agree "
    "concede conclude caution advise inform testify tweet post joke quip boast recount estimate demand request "
    "propose recommend express voice praise criticize criticise condemn denounce dismiss reject welcome blame "
    "lament wonder muse speculate proclaim disclose indicate specify clarify counter retort hint signal swear "
    "threaten summarize summarise outline read hear hope fear worry decide charge address apologize apologise "
    "thank congratulate defend elaborate reason rule plead brag scoff refer discuss talk speak feel expect "
    "echo imply relay credit cite quote pen opine confess disagree guess figure exhort grouse gripe endorse "
    "rip knock needle snipe ponder question skewer assail lampoon label react interject "
)
_NEAR_QUOTES = (
    "continue laugh smile shout yell cry scream exclaim whisper mutter murmur sigh begin start finish sing "
    "chant bark interject interrupt gush fume rage thunder offer go put sum label dub brand deem consider "
    "proceed text email e-mail message sneer snap chuckle nod grin shrug riff drawl intone croon cheer urge "
    "mock ridicule deride slam blast bash attack tout hail invoke see view characterize characterise liken "
    "compare portray paint term pray preach publish share issue release conclude vent rant seethe marvel beam "
    "crow fire shoot hit press challenge want teach learn know find use choose deliver raise serve make give bristle "
    "beg show open close join include contain refuse speak "
)
_IRREGULAR = {
    "say": "said says saying",
    "tell": "told tells telling",
    "write": "wrote writes writing written",
    "think": "thought thinks thinking",
    "speak": "spoke speaks speaking spoken",
    "read": "reads reading",
    "hear": "heard hears hearing",
    "feel": "felt feels feeling",
    "begin": "began begins beginning",
    "sing": "sang sings singing",
    "swear": "swore swears swearing",
    "put": "puts putting",
    "go": "went goes going gone",
    "know": "knew knows knowing",
    "find": "found finds finding",
    "see": "saw sees seeing",
    "give": "gave gives giving",
    "make": "made makes making",
    "show": "showed shows showing",
    "hit": "hits hitting",
    "shoot": "shot shoots shooting",
    "teach": "taught teaches teaching",
    "choose": "chose chooses choosing",
    "deal": "dealt",
}
_DOUBLED = listed("rip admit nod quip grin plead refer brag chat slam dub label signal bar hit sum begin rap")


def _forms(verb: str) -> list[str]:
    """A verb's finite forms and its participle in -ing."""
    if verb in _IRREGULAR:
        return [verb, *_IRREGULAR[verb].split()]
    stem = verb + verb[-1] if verb in _DOUBLED else verb
    if verb.endswith("e"):
        return [verb, verb + "s", verb + "d", verb[:-1] + "ing"]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    third = verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh")) else "s")
    return [verb, third, stem + "ed", stem + "ing"]


def _all(verbs: str) -> dict[str, str]:
    return {form: verb for verb in verbs.split() for form in _forms(verb)}


SPEECH = _all(_SPEECH)  # form to base
NEAR_QUOTES = {**_all(_NEAR_QUOTES), **SPEECH}
# Verbs that are as often no speech: they give words away only where no plain verb of speech stands further left.
WEAK = frozenset(
    form
    for verb in listed(
        "maintain rule figure guess hear read feel hope expect think believe decide address speak discuss call "
        "charge credit thank defend remember welcome blame hint signal refer reason request propose estimate demand "
        "reject dismiss accept report describe agree fear worry know see reveal indicate specify suggest state "
        "claim express endorse rip knock question label react ponder"
    )
    for form in _forms(verb)
) | (frozenset(NEAR_QUOTES) - frozenset(SPEECH))
# Verbs that give words away only where no verb of speech stands further left: "the army said it had hit "a camp"".
LOOSE = frozenset(
    form
    for verb in listed(
        "hit show find give make use include contain view see consider deem choose press raise serve open close join "
        "issue release publish share go fire shoot know learn teach want deliver put begin start finish refuse feel "
        "challenge term discuss talk speak refer hope expect fear worry believe think reason rule charge seek"
    )
    for form in _forms(verb)
)
PASSIVE_SPEAKS = listed("quoted cited heard seen reported")  # "was quoted as saying"
CLAIMS = listed("claim charge state report note post comment request demand answer call voice fear")  # nouns too


def is_participle(low: str) -> bool:
    return low.endswith("ing")


def is_cue(token: Token, *, near: bool) -> bool:
    """Whether a word can give words to somebody; `near` a quote more verbs can."""
    if not token.is_word or token.is_cap:
        return False
    return token.low in (NEAR_QUOTES if near else SPEECH)


def names_speaker(tokens: list[Token], index: int, *, is_loose: bool) -> bool:
    """Whether the words after a quoted string are its speaker and cue: "X said." or "said X."

    After a string that ended its sentence a cue with an object clause begins a sentence of its own ("X said that
    ..."), unless `is_loose`: a question or an exclamation needs its mark before the cue.
    """
    for at in range(index, min(index + 14, len(tokens))):
        token = tokens[at]
        if token.quote is not None or token.text in ".!?;:":
            return False
        is_noun = at > index and tokens[at - 1].low in PREPOSITIONS | DETERMINERS  # "after talks with"
        if is_cue(token, near=True) and at > index and not is_participle(token.low) and not is_noun:
            return _ends_soon(tokens, at + 1, is_loose=is_loose)
        if token.low in PREPOSITIONS and at == index:
            return False
    return False


def _ends_soon(tokens: list[Token], at: int, *, is_loose: bool) -> bool:
    """Whether nothing is said in indirect speech after a cue."""
    if at >= len(tokens):
        return True
    if tokens[at].low in ("back", "out", "in") and at + 1 < len(tokens):
        at += 1
    following = tokens[at]
    if following.text == "," and not is_loose and at + 1 < len(tokens) and tokens[at + 1].quote is not None:
        return False  # "... home." He added, "..."
    if following.text in (".", ",") or following.quote is not None:
        return True
    if following.low in PREPOSITIONS | ADVERBS and following.low != "than":
        return is_loose or not any(token.low in AUXILIARIES for token in tokens[at : at + 8])
    return is_loose and following.low not in FUNCTION
