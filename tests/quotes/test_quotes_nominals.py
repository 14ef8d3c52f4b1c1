"""Nominals back to a name: "the mayor", "the 34-year-old", "the report"; nobody where the text does not say."""

from __future__ import annotations

import pytest

from bot.quotes import find_quotes

CASES: dict[str, tuple[str, str | None]] = {
    "an office somebody was elected to": (
        "Carl Mbeki was elected mayor of Oldbridge in 2014. The council met on Monday.\n\n"
        "The mayor has closed the rink.\n\n"
        '"We have no money for it," the mayor told reporters.',
        "Carl Mbeki",
    ),
    "a nameless spokesman of the agency that is heard": (
        "The study was done by TransNorth. The agency told the Herald it has done no such study.\n\n"
        '"TransNorth has not done any study of the kind," a spokesperson said.',
        "TransNorth",
    ),
    "a department with commas, by its initials": (
        "The letter came from Roads, Bridges and Harbours Norland (RBHN). In a statement, RBHN said the "
        "road was safe.\n\n"
        'The department added that "in some cases more steps may be needed."',
        "Roads, Bridges and Harbours Norland",
    ),
    "the father of somebody unnamed": (
        "Police chief Joseph Abara spoke at the scene.\n\n"
        "At a morgue, the family of a 35-year-old man collapsed.\n\n"
        '"He is gone, he is gone," the father said into his phone.',
        None,
    ),
    "the father of two": (
        'Ben Abara, 41, lost his house in the flood. "We have nothing left," the father of two said.',
        "Ben Abara",
    ),
    "an age that nobody's name gave": (
        "Anna Kovac won the race on Sunday, three days after her operation.\n\n"
        '"I did not expect it," the 34-year-old said.',
        "Anna Kovac",
    ),
    "an age, though another was the subject last": (
        "Anna Kovac, 34, beat Maria Berg, 29, on Sunday. Berg had led for an hour.\n\n"
        '"I did not expect it," the 34-year-old said.',
        "Anna Kovac",
    ),
    "the age of the one spoken of less": (
        "Anna Kovac, 34, beat Maria Berg, 29, on Sunday. Kovac had led for an hour.\n\n"
        '"I did not expect it," the 29-year-old said.',
        "Maria Berg",
    ),
    "a trade, though another was the subject last": (
        "Singer Anna Kovac met Ben Abara in Oldbridge. Abara bought a painting.\n\n"
        '"I did not expect it," the singer said.',
        "Anna Kovac",
    ),
    "a trade that was not named": (
        'Anna Kovac has cancelled her tour.\n\n"I have lost my voice," the singer wrote on Instagram.',
        "Anna Kovac",
    ),
    "the couple": (
        'Anna Kovac and Ben Abara married on Sunday.\n\n"We are happy beyond words," the couple said.',
        None,
    ),
    "a report and who published it": (
        "The Institute for Roads published a report on Monday.\n\n"
        '"Nobody has looked after the bridges," the report said.',
        "Institute for Roads",
    ),
    "a study and whom it is by": (
        "A study by the Norland Institute was published on Monday.\n\n"
        '"Nobody has looked after the bridges," the study said.',
        "Norland Institute",
    ),
    "a company": (
        "Norgas Energy closed its plant on Monday. About 300 people lose their jobs.\n\n"
        '"We are sorry for our workers," the company said.',
        "Norgas Energy",
    ),
    "a company's nameless spokesman": (
        "Norgas Energy closed its plant on Monday. About 300 people lose their jobs.\n\n"
        '"We are sorry for our workers," a company spokesman said.',
        "Norgas Energy",
    ),
    "the prime one of two ministers": (
        "Prime Minister Anna Kovac arrived with Foreign Minister Ben Abara. Abara smiled.\n\n"
        '"It is a good day," the prime minister said.',
        "Anna Kovac",
    ),
    "the premier of two ministers": (
        "Prime Minister Anna Kovac arrived with Foreign Minister Ben Abara. Abara smiled.\n\n"
        '"It is a good day," the premier said.',
        "Anna Kovac",
    ),
    "a spokesman who was named": (
        "Ben Abara, a spokesman for the army, arrived late. The rebels had left.\n\n"
        '"It is a good day," the spokesman said.',
        "Ben Abara",
    ),
    "a senator": (
        "Sen. Carl Berg, R-Ohio, voted against it. President Anna Kovac was not pleased.\n\n"
        '"It is a bad bill," the senator said.',
        "Carl Berg",
    ),
    "a lawsuit": (
        'Anna Kovac sued the Oldbridge school in May.\n\n"The school knew of the danger," the lawsuit says.',
        "the lawsuit",
    ),
    "a judge who was named": (
        'Judge Carl Berg fined Ben Abara on Monday. Abara wept.\n\n"You have learnt nothing," the judge said.',
        "Carl Berg",
    ),
    "a judge whom nobody named": (
        'Ben Abara was fined on Monday. Abara wept.\n\n"You have learnt nothing," the judge said.',
        None,
    ),
    "the striker of the sentence before": (
        'Rovers beat United 3-1 with two goals by Ben Abara.\n\n"It was my best day," the striker said.',
        "Ben Abara",
    ),
    "an officer whom somebody met": (
        'Anna Kovac was stopped near Oldbridge.\n\n"Get out of the car," the officer said.',
        None,
    ),
    "a doctor whom somebody met": (
        'Anna Kovac went to hospital on Monday.\n\n"You have been lucky," the doctor said.',
        None,
    ),
    "a source": ('Anna Kovac will resign on Monday.\n\n"She is tired of it all," the source said.', None),
    "a woman whom somebody met": (
        'Ben Abara was robbed by a woman in Oldbridge.\n\n"Give me the money now," the woman said.',
        None,
    ),
    "a former office": (
        "Anna Kovac, a former secretary of state, spoke in Oldbridge. Carl Berg attacked her.\n\n"
        '"I am ready for it," the former secretary of state said.',
        "Anna Kovac",
    ),
    "a campaign": (
        'The Berg campaign hit back on Monday.\n\n"He is telling lies again," the campaign said in a statement.',
        "Berg campaign",
    ),
    "a group": (
        'Green Coast, which wants the port closed, called for a march.\n\n"Nobody listens to us here," the group said.',
        "Green Coast",
    ),
    "a husband who was named": (
        "Anna Kovac was found on Monday. Her husband, Ben Abara, thanked the police.\n\n"
        '"We are glad beyond words," the husband said.',
        "Ben Abara",
    ),
    "a newspaper": (
        'The Oldbridge Herald apologised on Monday. Anna Kovac had sued it.\n\n"We got it wrong," the newspaper said.',
        "Oldbridge Herald",
    ),
    "the two": ('Anna Kovac met Ben Abara on Monday.\n\n"We had a good talk," the two said.', None),
    "a teenager by age": (
        "Anna Kovac, 16, swam the channel on Monday. Her coach, Ben Abara, was with her.\n\n"
        '"I was very cold," the teenager said.',
        "Anna Kovac",
    ),
    "a force": (
        'Ben Abara was arrested by Norland Police on Monday.\n\n"A man of 34 is being held," the force said.',
        "Norland Police",
    ),
    "a bank": (
        'Norland Bank raised its rate on Monday. Carl Berg was surprised.\n\n"Prices rise too fast," the bank said.',
        "Norland Bank",
    ),
    "a ministry": (
        'The Foreign Ministry of Norland called in the envoy.\n\n"It is not acceptable," the ministry said.',
        "Foreign Ministry of Norland",
    ),
    "an office by the time in it": (
        "Carl Mbeki's last term as town mayor ended in 2005. The council met on Monday.\n\n"
        '"We have no money for it," the mayor said.',
        "Carl Mbeki",
    ),
    "a letter that another read": (
        "Ben Abara demanded an apology, according to a letter seen by The Oldbridge Herald.\n\n"
        'The letter said he wanted "every penny of it paid back".',
        "Ben Abara",
    ),
    "a lawsuit by people of a body": (
        'A lawsuit by Valley League players was filed on Monday.\n\n"Nobody has looked after them," the lawsuit said.',
        "the lawsuit",
    ),
    "an announcer": (
        'Anna Kovac remembered an old advertisement. As a phone rang, the announcer said, "It is late and '
        'the children sleep."',
        None,
    ),
    "a father who was called that long ago": (
        "Kovac's father, Ben Abara, lives in Oldbridge. The road is long. The rain fell. The town slept. At"
        " a morgue the family of a boy wept.\n\n"
        '"He is gone, he is gone," the father said.',
        None,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_nominal(name: str) -> None:
    text, speaker = CASES[name]
    (quote,) = find_quotes(text).quotes
    assert (quote.speaker, quote.confidence) == (speaker, "resolved" if speaker else "none")


def test_a_title_gives_an_office() -> None:
    text = 'Anna Kovac spoke in Oldbridge on Monday.\n\n"It is not safe," the governor said.'
    (quote,) = find_quotes(text, title="Governor: the bridge stays shut").quotes
    assert quote.speaker == "Anna Kovac"
