"""HTML, read in one pass without a parser's tree.

    html ─▶ tokens: tags and texts ─▶ elements: what each tag means ─▶ writer: plain text, spans, media

Own tokens, because a tree costs more than it gives here: lexbor needs 297 s for 100,000 nested <div> (the standard
asks it to look through all open elements at each tag), and each step through a tree from Python as much as a token.
Here the work grows with the length of the input, whatever the input is.
"""
