"""HTML: fragments to rich text, and pages to entries.

    fragment ─▶ stretches, or tokens ─▶ reader with elements and embeds ─▶ writer ─▶ furniture out ─▶ Rich  (`richhtml`)
    page     ─▶ tokens ─▶ tree ─▶ structured: elements with a <time> each ─▶ entries                      (`htmlclocks`)
                               └▶ blocks ─▶ clocked: lines for the text page's rules ─▶ entries

An element of the tree is only a place in the source: what it says is read by the first way, from that slice.

Own tokens, because lexbor looks through all open elements at each tag, as the standard asks: 100,000 nested <div> take
it 297 s, and each step through its tree from Python costs as much as a token. Here the work grows with the length of
the input, whatever the input is.
"""
