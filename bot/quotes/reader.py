"""One way through a text: whose each quoted string is, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.quotes import bodies
from bot.quotes.bodies import STATEMENTS
from bot.quotes.cast import Cast, Entity
from bot.quotes.clauses import Finding, speaker_of
from bot.quotes.cues import LOOSE, NEAR_QUOTES, is_participle
from bot.quotes.firstnames import is_first_name
from bot.quotes.marks import Quoted, labelled
from bot.quotes.memory import Memory
from bot.quotes.mentions import Mention
from bot.quotes.subjects import Clause, published, speeches
from bot.quotes.tokens import DASHES
from bot.quotes.words import FUNCTION, Gender, is_person_noun, listed
from storage.models import Confidence


@dataclass(slots=True)
class Verdict:
    """Whose a quoted string is."""

    entity: Entity | None = None
    confidence: Confidence = "none"
    cue: str | None = None
    shown: str | None = None
    role: str | None = None
    is_direct: bool = True


@dataclass(slots=True)
class Reader:
    text: str
    strings: list[Quoted]
    cast: Cast
    memory: Memory
    common: set[str]  # the words that the text writes small
    is_double: bool  # the text's quotes stand between double marks
    verdicts: dict[int, Verdict] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, strings: list[Quoted], clauses: list[Clause], cast: Cast) -> Reader:
        common = {token.low for clause in clauses for token in clause.tokens if token.is_word and not token.is_cap}
        return cls(text, strings, cast, Memory(cast), common, any(not string.is_single for string in strings))

    def read(self, clauses: list[Clause]) -> None:
        for number, clause in enumerate(clauses):
            self.memory.now = number
            if number and clauses[number - 1].sentence.is_bare:
                self._signed(clause, clauses[number - 1])
            self._read(clause)

    def _read(self, clause: Clause) -> None:
        sentence = clause.sentence
        self.memory.before = clause.mentions
        for mention in clause.mentions:
            if mention.kind == "name" and not (mention.is_weak and not self.cast.matching(mention)):
                mention.entity = self.memory.resolve(mention)
                mention.is_weak = False
        found: Verdict | None = None
        if sentence.is_teaser:
            return
        for at, token in enumerate(sentence.tokens):
            if token.quote is not None:
                found = self._judge(clause, at, found)
                self.verdicts[token.quote] = found
        self._note(clause, found)

    def _judge(self, clause: Clause, at: int, before: Verdict | None) -> Verdict:
        sentence = clause.sentence
        if (spoken := self._labelled(self.strings[clause.tokens[at].quote or 0])) is not None:
            return spoken
        if sentence.is_bare or (before is None and at == 0 and len(sentence.tokens) == 1):
            return self._go_on(clause)
        if before is not None and _borrows(clause, at):
            return before
        if before is None and _leans_back(clause, at):
            return self._go_on(clause)
        finding = speaker_of(self.text, clause, at)
        if before is not None and (finding is None or finding.strength == "woven"):
            return before
        if finding is None:
            return self._go_on(clause) if at == 0 else Verdict(is_direct=False)
        return self._verdict(clause, finding, at)

    def _signed(self, clause: Clause, before: Clause) -> None:
        """ "— Anna Kovac, mayor" below a quote: a line of its own that names its speaker behind a dash."""
        mention, tokens = clause.starts.get(1), clause.tokens
        if tokens[0].text not in DASHES or mention is None or mention.kind != "name" or mention.is_possessive:
            return
        behind = tokens[mention.end] if mention.end < len(tokens) else None
        if len(tokens) > LONGEST_SIGNATURE or (behind is not None and behind.is_word and not behind.opens_line):
            return
        entity = mention.entity = self.memory.resolve(mention)
        said = Verdict(entity, "explicit" if entity else "none", "—", "—", mention.role)
        self.verdicts.update({token.quote: said for token in before.tokens if token.quote is not None})

    def _labelled(self, string: Quoted) -> Verdict | None:
        """ "WALLACE: Let's start": a transcript names its speaker inside the marks."""
        label = labelled(self.text, string)
        if not label or string.is_title(self.text):
            return None
        mention = Mention("name", 0, 1, 1, label, is_person=True)
        known = self.cast.find(mention, now=self.memory.now)
        if known is None and not all(word.isupper() for word in label):
            return None
        mention.name = tuple(word.title() for word in label)
        return Verdict(known or self.cast.named(mention, now=self.memory.now), "explicit", ":", ":")

    def _go_on(self, clause: Clause) -> Verdict:
        entity = self.memory.continued(clause.sentence.paragraph, is_first=clause.sentence.is_first)
        return Verdict(entity, "resolved" if entity else "none")

    def _verdict(self, clause: Clause, finding: Finding, at: int) -> Verdict:
        mention = finding.mention
        words, shown = finding.cue or None, finding.shown or finding.cue or None
        is_direct = at == 0 or clause.tokens[at - 1].text in (":", ",") or (finding.strength == "beside" and at < 2)
        is_doubtful = mention is not None and mention.is_weak and mention.entity is None
        if mention is None or finding.is_joint or not self._can_be(mention) or (is_doubtful and finding.cue in LOOSE):
            return Verdict(cue=words, shown=shown, is_direct=is_direct)
        entity = mention.entity or self.memory.resolve(mention)
        mention.entity = entity
        if entity is None:
            return Verdict(cue=words, shown=shown, is_direct=is_direct)
        sure = mention.kind == "name" and finding.strength != "woven" and not self.cast.is_ambiguous(mention)
        confidence: Confidence = "explicit" if sure else "resolved"
        return Verdict(entity, confidence, words, shown, mention.role, is_direct)

    def _can_be(self, mention: Mention) -> bool:
        """Whether a capital at the start of a sentence is a name: the text never writes the word small."""
        if mention.kind != "name" or not mention.is_weak or mention.entity is not None:
            return True
        word = mention.name[0].lower()
        if (word.endswith(("ed", "ing")) or word in NEAR_QUOTES) and not is_first_name(word):
            return False  # "Pressed on whether ...", "Remember: ..."
        return word not in self.common and not word.endswith("s")

    def _sign(self, clause: Clause) -> None:
        """A line of its own that names somebody lets them speak in what follows: "Ben Abara\nFormer captain"."""
        mention, tokens = clause.starts.get(0), clause.tokens
        if mention is None or mention.kind != "name" or mention.is_person is False or len(mention.name) < 2:
            return
        if mention.is_person is None and not any(is_person_noun(token.low) for token in tokens[mention.end :]):
            return
        if mention.end == len(tokens) or tokens[mention.end].opens_line or tokens[mention.end].text in ",|":
            self.memory.hear(self.memory.resolve(mention), clause.sentence.paragraph - 1)

    def _note(self, clause: Clause, found: Verdict | None) -> None:
        """Remembers who was spoken of and who is being heard after a sentence."""
        paragraph = clause.sentence.paragraph
        if clause.sentence.is_aside:
            self._sign(clause)
            return
        speakers = speeches(clause)
        for mention in clause.mentions:
            is_heard = mention.is_subject if mention.kind != "name" else mention in speakers and self._can_be(mention)
            if mention.entity is None and is_heard:
                mention.entity = self.memory.resolve(mention)
            if not (mention.start == 1 and clause.tokens[0].low in ("unlike", "like")):  # "Unlike Kovac, he ..."
                self.memory.see(mention, paragraph)
        self._tell_gender(clause)
        self._file(clause, found.entity if found is not None else speakers[-1].entity if speakers else None)
        leads_up = clause.tokens[-1].text == ":"
        if leads_up:
            self.memory.led_up_at = self.memory.now
        if found is not None and (found.is_direct or found.entity is not None or found.cue is not None or speakers):
            follower = _follower(clause, speakers)
            self.memory.hear(follower.entity if follower else found.entity, paragraph)
        elif leads_up:
            subject = next((m for m in clause.mentions if m.is_subject), None)
            led = speakers[-1] if speakers else subject
            if (
                led is not None
                and led.entity is None
                and led.kind == "name"
                and _acts(clause, led)
                and self._can_be(led)
            ):
                led.entity = self.memory.resolve(led)
            self.memory.hear(led.entity if led else None, paragraph)
        elif speakers and (entity := speakers[-1].entity) is not None:
            self.memory.hear(entity, paragraph)

    def _tell_gender(self, clause: Clause) -> None:
        """ "Kovac was afraid to lose her way": whose gender no name tells, a possessive of the same sentence does."""
        people = {m.entity: m for m in clause.mentions if m.entity is not None and m.entity.is_person is not False}
        if len(people) != 1:
            return
        entity, mention = next(iter(people.items()))
        if entity.gender or not mention.is_subject:
            return
        for token, following in zip(clause.tokens[mention.end :], clause.tokens[mention.end + 1 :], strict=False):
            if token.low in OWN and (token.low != "her" or (following.is_word and following.low not in FUNCTION)):
                entity.gender = OWN[token.low]
                return

    def _file(self, clause: Clause, author: Entity | None) -> None:
        """Notes whose the statement or letter is in which somebody speaks."""
        if author is not None:
            papers = (token.low for token in clause.tokens if token.low in STATEMENTS)
            self.memory.papers.update(dict.fromkeys(papers, author))
        for noun, issuer in published(clause):
            if (entity := issuer.entity or bodies.author(self.memory, issuer)) is not None and not entity.is_nameless:
                self.memory.papers[noun] = entity


def _borrows(clause: Clause, at: int) -> bool:
    """Whether a participle behind an earlier quote of the sentence leads up to this one: "...," adding, "..."."""
    for index in range(at - 1, -1, -1):
        token = clause.tokens[index]
        if token.quote is not None:
            return False
        if token.low in NEAR_QUOTES and is_participle(token.low):
            between = clause.tokens[max(0, index - 3) : index]
            return any(t.quote is not None or t.low in ("said", "says") for t in between)
    return False


def _acts(clause: Clause, mention: Mention) -> bool:
    """Whether a verb of the present follows, as live pages are written: "McGregor signs off:"."""
    following = clause.tokens[mention.end] if mention.end < len(clause.tokens) else None
    return following is not None and following.is_word and following.low.endswith("s") and not following.is_cap


OWN: dict[str, Gender] = {"his": "m", "himself": "m", "her": "f", "herself": "f"}


def _follower(clause: Clause, speakers: list[Mention]) -> Mention | None:
    """Who speaks last, in a clause of its own behind the quote: "..., while Abara hinted at more"."""
    quoted = max(at for at, token in enumerate(clause.tokens) if token.quote is not None)
    last = speakers[-1] if speakers else None
    if last is None or last.start <= quoted + 1 or last.entity is None:
        return None
    return last if clause.tokens[last.start - 1].low in ("while", "but", "whereas") else None


LONGEST_SIGNATURE = 20  # tokens
TOPICAL = listed("on about regarding concerning asked and")


def _leans_back(clause: Clause, at: int) -> bool:
    """ "On the late save: ..." and "Adding, ...": words of the one who is being heard."""
    tokens = clause.tokens
    if at < 2 or tokens[at - 1].text not in (":", ","):
        return False
    if is_participle(tokens[0].low) and tokens[0].low in NEAR_QUOTES:
        return at == 2
    is_topic = tokens[0].low in TOPICAL and tokens[at - 1].text == ":"
    return is_topic and not any(index < at for index in clause.speech if index)
