"""Who said what: quotes in an entry's text, their speakers, and what a story knows of them. All of it is pure.

find        a text's quotes and their speakers: the way through the other files
reader      whose each quoted string is              tweets             who wrote an embedded tweet
marks       quote marks to quoted strings        tokens, sentences   what stands around them
capitals    chains of capitalised words          titles              where in them a name begins
roles       the words that say who somebody is   asides              what stands behind a name
mentions    who is spoken of in a sentence       clauses, governing, cues   who speaks in it
cast        which mentions are one               memory              pronouns, nominals, who goes on speaking
bodies      which body a common noun means
speakers, roll   the register of a story         search              finding a speaker by a few letters
words, firstnames   lists                        report              `dateline quotes`
"""

from bot.quotes.find import Reading, find_quotes
from bot.quotes.fold import fold
from bot.quotes.roll import stands_for
from bot.quotes.search import Matches, holds, matching, split_query
from bot.quotes.speakers import Register, merge, split

__all__ = [
    "Matches",
    "Reading",
    "Register",
    "find_quotes",
    "fold",
    "holds",
    "matching",
    "merge",
    "split",
    "split_query",
    "stands_for",
]
