"""The hard cases, by name. Every text is made up.

Each case: a text, and for each quote of it the first words and the speaker (None: nobody is named).
"""

from __future__ import annotations

import pytest

from bot.quotes import find_quotes

Said = list[tuple[str, str | None]]

CASES: dict[str, tuple[str, Said]] = {
    # --- spans ---
    "straight marks": ('"We will leave at dawn," said Anna Kovac.', [("We will leave", "Anna Kovac")]),
    "curly marks": ("“We will leave at dawn,” said Anna Kovac.", [("We will leave", "Anna Kovac")]),
    "angled marks": ("«We will leave at dawn», said Anna Kovac.", [("We will leave", "Anna Kovac")]),
    "angled marks, turned": ("»We will leave at dawn«, said Anna Kovac.", [("We will leave", "Anna Kovac")]),
    "angled marks with spaces": (
        "« We will leave at dawn », said Anna Kovac. « We will not come back. »",
        [("We will leave", "Anna Kovac"), ("We will not", "Anna Kovac")],
    ),
    "angled marks with hard spaces": (
        "«\u00a0We will leave at dawn\u00a0», said Anna Kovac.",
        [("We will leave", "Anna Kovac")],
    ),
    "low marks": ("„We will leave at dawn“, said Anna Kovac.", [("We will leave", "Anna Kovac")]),
    "single curly marks": ("‘We’ll leave at dawn,’ said Anna Kovac.", [("We’ll leave", "Anna Kovac")]),
    "single straight marks": ("'We'll leave at dawn,' said Anna Kovac.", [("We'll leave", "Anna Kovac")]),
    "apostrophes are no marks": ("The workers' union and the teachers' club didn't like the '90s, said Anna.", []),
    "a plural's apostrophe inside single marks": (
        "'The workers' union will leave at dawn,' said Anna Kovac.",
        [("The workers' union will leave", "Anna Kovac")],
    ),
    "scare quotes are no quotes": ('Anna Kovac praised the "peace process" and the "new start".', []),
    "italics around a quote": ('*"We will leave at dawn,"* said Anna Kovac.', [("We will leave", "Anna Kovac")]),
    "bold around a quote": ('**"We will leave at dawn,"** said Anna Kovac.', [("We will leave", "Anna Kovac")]),
    "a nested quote": (
        "\"They told us 'go home right now please' and we did,\" said Anna Kovac.",
        [("They told us", "Anna Kovac")],
    ),
    "a title is no quote": ('Anna Kovac had read "The Long Way Home Again" twice.', []),
    "inches are no marks": (
        'The 6" pipe broke, said Anna Kovac: "We will mend it by noon."',
        [("We will mend", "Anna Kovac")],
    ),
    "an unbalanced mark stays in its paragraph": (
        'Anna Kovac said: "We will leave at dawn.\n\nThe road was empty. Nobody came.',
        [("We will leave", "Anna Kovac")],
    ),
    # --- explicit speakers ---
    "name, cue, quote": ('Anna Kovac said: "We will leave at dawn."', [("We will leave", "Anna Kovac")]),
    "quote, name, cue": ('"We will leave at dawn," Anna Kovac said.', [("We will leave", "Anna Kovac")]),
    "quote, cue, name with a role": (
        '"We will leave at dawn," said oil and gas worker Anna Kovac.',
        [("We will leave", "Anna Kovac")],
    ),
    "an apposition before the cue": (
        '"We will leave at dawn," Salim al-Haddad, spokesman for the rebel Northern Council, has said.',
        [("We will leave", "Salim al-Haddad")],
    ),
    "two asides before the cue": (
        'Anna Kovac (D-Md.), chair of the Roads Committee, said it was "a road that leads nowhere".',
        [("a road that leads", "Anna Kovac")],
    ),
    "a relative clause before the cue": (
        'Anna Kovac, who was listed on the slate, told the Herald: "We will leave at dawn."',
        [("We will leave", "Anna Kovac")],
    ),
    "told somebody is not somebody speaking": (
        '"We will leave at dawn," Anna Kovac told Reuters.',
        [("We will leave", "Anna Kovac")],
    ),
    "according to": ('"We will leave at dawn," according to Anna Kovac.', [("We will leave", "Anna Kovac")]),
    "according to, in front": (
        'According to Anna Kovac, "nobody will leave before dawn".',
        [("nobody will", "Anna Kovac")],
    ),
    "was quoted as saying": (
        'Anna Kovac was quoted by a local paper as saying "nobody will leave before dawn".',
        [("nobody will", "Anna Kovac")],
    ),
    "described by": (
        'The plan was described by Anna Kovac as "a road that leads nowhere".',
        [("a road", "Anna Kovac")],
    ),
    "a signature": ('"We will leave at dawn." — Anna Kovac', [("We will leave", "Anna Kovac")]),
    "a name and a colon": ('Anna Kovac: "We will leave at dawn."', [("We will leave", "Anna Kovac")]),
    "particles": (
        '"We will leave at dawn," said Ursula von der Heide.',
        [("We will leave", "Ursula von der Heide")],
    ),
    "initials": ('"We will leave at dawn," said J. R. Kovac.', [("We will leave", "J R Kovac")]),
    "a hyphen": ('"We will leave at dawn," said Park Min-soo.', [("We will leave", "Park Min-soo")]),
    "letters beyond ASCII": ('"We will leave at dawn," said Gülşen Çağlayan.', [("We will leave", "Gülşen Çağlayan")]),
    "a body": (
        '"We will leave at dawn," the Oldbridge City Council said.',
        [("We will leave", "Oldbridge City Council")],
    ),
    "an unnamed spokesman is his body": (
        '"We will leave at dawn," a spokesman for the Roads Ministry said.',
        [("We will leave", "Roads Ministry")],
    ),
    "a body by whose it is": (
        'Oldbridge police said the road was "not safe for anybody tonight".',
        [("not safe", "Oldbridge police")],
    ),
    "a body said that it did": (
        'The Israeli military said it had hit "a store of the rebels\' rockets".',
        [("a store of", "Israeli military")],
    ),
    "a body that the text never names": (
        '"We will leave at dawn," the ministry said.',
        [("We will leave", "the ministry")],
    ),
    "a document that speaks": (
        'The mill burnt down. The lawsuit says that it was "a disaster in slow motion".',
        [("a disaster", "the lawsuit")],
    ),
    "a statement of the one who was heard": (
        'In a statement, the Oldbridge Council was sorry. "We will leave at dawn," the council said.\n\n'
        '"We will not come back," the statement added.',
        [("We will leave", "Oldbridge Council"), ("We will not", "Oldbridge Council")],
    ),
    "a name that ends in a function word": (
        '"We will leave at dawn," said Human Rights Watch researcher Anna Kovac.\n\nTheresa May was asked.\n\n'
        '"It is too late to leave," May said.',
        [("We will leave", "Anna Kovac"), ("It is too", "Theresa May")],
    ),
    "from where is no name": (
        'London-based Anna Kovac said that it was "a road that leads nowhere".',
        [("a road", "Anna Kovac")],
    ),
    "a chief of staff": (
        '"We will leave at dawn," Rep. Ben Abara\'s chief of staff, Anna Kovac, told the Herald.',
        [("We will leave", "Anna Kovac")],
    ),
    "two who speak as one are nobody": (
        'Mary Bell came. "We will leave at dawn," Ben Abara and Anna Kovac, both bakers, said in a letter.',
        [("We will leave", None)],
    ),
    "a verb that is a noun elsewhere": (
        'Minority Leader Anna Kovac accused Ben Abara of "hiding from his own people".',
        [("hiding from", "Anna Kovac")],
    ),
    "told somebody of no list": (
        'Her sporting director, Ben Abara, told Velosport: "We will leave at dawn."',
        [("We will leave", "Ben Abara")],
    ),
    "an opening participle is no name": (
        'Anna Kovac, the Norgas president, spoke. Pressed on that, the Norgas president bristles: "We will leave it."',
        [("We will leave", "Anna Kovac")],
    ),
    "one who gives a name": (
        '"We will leave at dawn," said a man who identified himself as Colonel Ben Abara.',
        [("We will leave", "Ben Abara")],
    ),
    "a body behind its kind": (
        'Budget carrier Norgas grounded its fleet. "We will leave at dawn," the airline said.',
        [("We will leave", "Norgas")],
    ),
    "a body behind its kind, in commas": (
        'The operator, Norgas Group, said it was "not to be moved by anybody".',
        [("not to be", "Norgas Group")],
    ),
    "a body by its initials": (
        'The Department for Roads was sorry. "We will leave at dawn," a DfR spokesperson said.',
        [("We will leave", "Department for Roads")],
    ),
    "a signature on a line of its own": (
        '"We will leave at dawn, all of us."\n\n— Anna Kovac, mayor',
        [("We will leave", "Anna Kovac")],
    ),
    "a statement was issued": (
        'The Northern Union issued a statement on Monday.\n\n"We will not be moved by threats."',
        [("We will not", "Northern Union")],
    ),
    "a parenthesis": (
        'The trouble, says Anna Kovac, a baker, is that it was "a road that leads nowhere".',
        [("a road", "Anna Kovac")],
    ),
    "he is not whom he speaks of": (
        'Ben Abara was asked. Paul Kovac, he said, "knows the roads of this town".',
        [("knows the roads", "Ben Abara")],
    ),
    "a possessive tells the gender": (
        'Quill Kovac was afraid to lose her way. She met Ben Abara.\n\n"We will leave at dawn," she said.',
        [("We will leave", "Quill Kovac")],
    ),
    "an unnamed employee is nobody": (
        'Anna Kovac welcomed the plan. "We will leave at dawn," one employee of the plant told reporters.',
        [("We will leave", None)],
    ),
    "a joint statement is nobody's": (
        'Anna Kovac and Ben Abara met, and the two leaders agreed that it would "deeply change the whole region".',
        [("deeply change", None)],
    ),
    "a written statement is nobody's": (
        "The roads will be mended, according to a statement made by the mayor, stating that it was "
        '"a matter of weeks at most".',
        [("a matter of weeks", None)],
    ),
    "a role of no list": (
        '"The wind is turning west," harbour master Tomás Belling said.',
        [("The wind", "Tomás Belling")],
    ),
    "a role of no list, in front": (
        'Harbour master Tomás Belling said: "The wind is turning west."',
        [("The wind", "Tomás Belling")],
    ),
    "a surname with small particles": (
        '"This is what the spillways are for," van der Heyl has said.',
        [("This is what", "van der Heyl")],
    ),
    "a document in a relative clause": (
        "The river will rise, according to a bulletin issued by the Meteorological Institute, which speaks of "
        '"a long and flat wave rather than a sudden one."',
        [("a long and flat", "Meteorological Institute")],
    ),
    "somebody unnamed with more words is nobody": (
        '"We will leave at dawn," said Anna Kovac.\n\n"It is a nightmare for us," a woman behind her in the line said.',
        [("We will leave", "Anna Kovac"), ("It is a nightmare", None)],
    ),
    "one of a party is nobody": (
        'Anna Kovac spoke first.\n\n"It is a nightmare for us," said a Texas Republican.',
        [("It is a nightmare", None)],
    ),
    "a compatriot": (
        'Coach Ben Abara was furious.\n\n"We were robbed tonight, again," the Spaniard said.',
        [("We were robbed", "Ben Abara")],
    ),
    "to a paper is not the paper": (
        'Anna Kovac, speaking to Sky Radio: "We will leave at dawn."',
        [("We will leave", "Anna Kovac")],
    ),
    "on a subject, by who is being heard": (
        'Anna Kovac: "We will leave at dawn."\n\nOn Ben Abara\'s plan: "It is a fine plan, really."',
        [("We will leave", "Anna Kovac"), ("It is a fine", "Anna Kovac")],
    ),
    "a byline": (
        'Anna Kovac\nFormer captain on Radio 5\n\n"We should have won that one."',
        [("We should have", "Anna Kovac")],
    ),
    "a party and a state": (
        'Rep. Anna Kovac (D-N.Y.) reacted to the news, saying: "We will leave at dawn."',
        [("We will leave", "Anna Kovac")],
    ),
    "a place behind a place": (
        'Anna Kovac of Columbia, South Carolina, says she will "never ever leave this town".',
        [("never ever leave", "Anna Kovac")],
    ),
    "a dateline": (
        'GENEVA, July 25 (UPI) - Anna Kovac released a statement on Monday, offering "a deep and sincere apology".',
        [("a deep and sincere", "Anna Kovac")],
    ),
    "a shadow minister is no minister": (
        "Claire Kovac has resigned as business secretary.\n\nTom Abara, the shadow business secretary, was pleased.\n\n"
        'The former business secretary wrote that she had become "a distraction from our work".',
        [("a distraction", "Claire Kovac")],
    ),
    "a paper whose name is a common word": (
        'The town is changing "at a snail\'s pace", said The Independent.',
        [("at a snail", "Independent")],
    ),
    "a paper with a day in its name": (
        '"We will leave at dawn," said The Sunday Herald.',
        [("We will leave", "Sunday Herald")],
    ),
    "a role that is no role's noun to us": (
        '"We will leave at dawn," US Nordic freestyle rower Anna Kovac told The Herald. "We will not come back."',
        [("We will leave", "Anna Kovac"), ("We will not", "Anna Kovac")],
    ),
    "a programme's presenter": (
        'Ben Abara saw it. "We will leave at dawn," Radio This Morning co-anchor Anna Kovac said.',
        [("We will leave", "Anna Kovac")],
    ),
    "said X in the Herald, in the middle": (
        'Oldbridge feels like a port, said Anna Kovac in the Herald, a place where "everyone is from somewhere else".',
        [("everyone is from", "Anna Kovac")],
    ),
    "who spoke after talks begins a sentence": (
        'Anna Kovac: "We will leave at dawn." Kovac was speaking after talks with Mary Bell, who called it '
        '"all that we needed to hear".',
        [("We will leave", "Anna Kovac"), ("all that we", "Mary Bell")],
    ),
    "as somebody puts it": (
        'As Anna Kovac puts it, Ben Abara is making the town "an offer that it can\'t refuse".',
        [("an offer that", "Anna Kovac")],
    ),
    "as somebody says something else": (
        'As Anna Kovac said goodbye, Ben Abara told the Herald that it was "an offer that you can\'t refuse".',
        [("an offer that", "Ben Abara")],
    ),
    "said somebody, at the end": (
        'The Roads Office did not find "ties of any consequence," aside from the two men, '
        "said the office's director, Ben C. Abara, on Monday.",
        [("ties of any", "Ben C Abara")],
    ),
    "an adverb is no name": (
        'Likewise, a paper from the Brook Institute had this to say: "We will leave at dawn."',
        [("We will leave", "Brook Institute")],
    ),
    "a message reading": (
        'The court heard that Ben Abara had sent his wife a message reading: "We will leave at dawn."',
        [("We will leave", "Ben Abara")],
    ),
    "an agency quotes somebody": (
        'Interfax quoted Deputy Minister Ben Abara as saying that it would rain. "We will leave at dawn," he added.',
        [("We will leave", "Ben Abara")],
    ),
    "an agency quotes somebody, directly": (
        'Interfax quoted Deputy Minister Ben Abara as saying: "We will leave at dawn."',
        [("We will leave", "Ben Abara")],
    ),
    "in the words of": (
        'It was, in the words of the curator Anna Kovac, "the best of all our accidents".',
        [("the best of all", "Anna Kovac")],
    ),
    "a remark is its owner's": (
        'Mayor Anna Kovac\'s remark that the town was "as safe as it has ever been" drew laughter.',
        [("as safe as", "Anna Kovac")],
    ),
    "a claim is its owner's, whoever rejects it": (
        'Anna Kovac rejected Ben Abara\'s claim that the town was "as safe as it has ever been".',
        [("as safe as", "Ben Abara")],
    ),
    "passengers were told by": (
        '"There will be no other train tonight," passengers were told by the operator, Norgas Rail, at nine.',
        [("There will be", "Norgas Rail")],
    ),
    "replied to somebody with": (
        'Anna Kovac replied to Ben Abara with, "Why did you not call me?" Abara wrote back, "I was asleep all day."',
        [("Why did you", "Anna Kovac"), ("I was asleep", "Ben Abara")],
    ),
    "a verb of no list, turned round": (
        'The hall was full. "It is about time that we had a bridge here," trilled Anna Kovac.',
        [("It is about time", "Anna Kovac")],
    ),
    "an ampersand in a name": (
        '"You need to file by noon," said B&Q Homes.\n\n"We do not," said Abara & Sons.',
        [("You need to", "B&Q Homes")],
    ),
    "a reporter's name behind a dash is no signature": (
        'Anna Kovac insisted that the town was "still the best of them all." --Ben Abara',
        [("still the best", "Anna Kovac")],
    ),
    # --- one speaker, several strings ---
    "a split quote": (
        '"We will leave," Anna Kovac said, "and we will not come back."',
        [("and we will not", "Anna Kovac")],
    ),
    "a quote that goes on": (
        '"We will leave at dawn," Anna Kovac said. "We will not come back."',
        [("We will leave", "Anna Kovac"), ("We will not", "Anna Kovac")],
    ),
    "a bare quote in the next paragraph": (
        '"We will leave at dawn," Anna Kovac said.\n\n"We will not come back."',
        [("We will leave", "Anna Kovac"), ("We will not", "Anna Kovac")],
    ),
    "a participle behind the quote": (
        '"We will leave at dawn," Anna Kovac said, adding that it was "a matter of plain honesty".',
        [("We will leave", "Anna Kovac"), ("a matter of plain", "Anna Kovac")],
    ),
    "the next speaker's cue is not the last one's": (
        'Anna Kovac told the court: "We will leave at dawn." Ben Abara added, "We will stay for good."',
        [("We will leave", "Anna Kovac"), ("We will stay", "Ben Abara")],
    ),
    # --- resolved speakers ---
    "indirect speech, then a bare quote": (
        'Anna Kovac said the road would close.\n\n"We will leave at dawn."',
        [("We will leave", "Anna Kovac")],
    ),
    "a surname": (
        'Anna Kovac came late. "We will leave at dawn," Kovac said.',
        [("We will leave", "Anna Kovac")],
    ),
    "a name that the text completes later": (
        '"We will leave at dawn," Kovac said. Anna Kovac is the mayor.',
        [("We will leave", "Anna Kovac")],
    ),
    "he and she": (
        'Anna Kovac met Ben Abara.\n\n"We will leave at dawn," she said.\n\n"We will stay for good," he said.',
        [("We will leave", "Anna Kovac"), ("We will stay", "Ben Abara")],
    ),
    "who is being heard before who was named": (
        'Anna Kovac said the road would close, and thanked Mary Abara.\n\n"We will leave at dawn," she said.',
        [("We will leave", "Anna Kovac")],
    ),
    "an office": (
        'Mayor Anna Kovac met officer Ben Abara.\n\n"We will leave at dawn," the mayor said.',
        [("We will leave", "Anna Kovac")],
    ),
    "a description of the one just spoken of": (
        'Ben Abara scored twice.\n\n"We had some luck tonight," said the young goalkeeper.',
        [("We had some luck", "Ben Abara")],
    ),
    "two people with one surname": (
        'Anna Kovac and her brother Ben Kovac run the mill. Ben Kovac came late. "We will leave at dawn," Kovac said.',
        [("We will leave", "Ben Kovac")],
    ),
    "the department": (
        'The Roads Department closed the bridge. "It is not safe to cross," the department said.',
        [("It is not safe", "Roads Department")],
    ),
    "words woven into a sentence": (
        'Anna Kovac called the plan "a road that leads nowhere at all".',
        [("a road that leads", "Anna Kovac")],
    ),
    "a clause with a subject of its own": (
        'After Ben Abara criticized the council, Anna Kovac shot back: "We will leave at dawn."',
        [("We will leave", "Anna Kovac")],
    ),
    "he is who was spoken of last": (
        "Noam Abara laments what the papers write about Epstone. Epstone is rich. Nobody knew Epstone well.\n\n"
        'Epstone was never alone in his house. "Close that door and go away," he tells one.',
        [("Close that door", "Epstone")],
    ),
    "the outlet that is being heard": (
        'Rates are "nearly double what they were", said PennyWise. They are "likely to rise again", said the outlet.',
        [("nearly double", "PennyWise"), ("likely to rise", "PennyWise")],
    ),
    "a name and an unknown verb lead up": (
        'The event is over.\n\nMcGregor signs off:\n\n"Everyone have a great day on Earth."',
        [("Everyone have", "McGregor")],
    ),
    "nobody at all": ('"We will leave at dawn."', [("We will leave", None)]),
    "a transcript": (
        'The debate began.\n\n"KOVAC: We will leave at dawn, all of us."\n\n"ABARA: We will stay for good, then."',
        [("KOVAC: We will", "Kovac"), ("ABARA: We will", "Abara")],
    ),
    "a colon hands over": (
        'Ben Abara said the road was open. The chronicle goes on as follows:\n\n"It was a cold and rainy night."',
        [("It was a cold", None)],
    ),
    "a question before its cue": ('"Where shall we go now?" Kovac asked.', [("Where shall we", "Kovac")]),
    "a common word at the start is no name": (
        'Campaigners said the road must close. "We will not be moved," they said.',
        [("We will not", None)],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    text, expected = CASES[name]
    found = [(quote.text.strip("\"'“”‘’«»„* \u00a0"), quote.speaker) for quote in find_quotes(text).quotes]
    shown = [(words[: len(start)], speaker) for (words, speaker), (start, _) in zip(found, expected, strict=False)]
    assert shown == expected, found
    assert len(found) == len(expected), found
