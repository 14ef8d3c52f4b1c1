"""From what a chat should show to the calls that make it so. All but `telegram` and `transport` is pure.

plan ──▶ actions ──compose──▶ Rendered ──telegram──▶ the Bot API ──errors──▶ what an answer asks for

plan         what to send, edit, delete         compose     an action as the message that carries it out
limits       how fast                           errors      the error table
render       an entry, a bundle                 recaps      welcome, what was missed, the end
notes        what was wrong and what is right   changes     two texts compared, word by word
answers, quoting   the replies to commands      pieces      what all of them are made of
desk, status       what administrators read
richtext, markup, outside, cutting, stamps, weight, rendered     text, its tags, its limits
telegram     the seam to python-telegram-bot    transport   its requests, and whether one that failed left
"""
