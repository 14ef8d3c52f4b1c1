"""What the delivery's benchmark is made of.

a row ──▶ World: page (here), Telegram (a process of its own), `dateline run` (processes of their own)
             └─ publish, correct, withdraw ─▶ wait until every chat is true ─▶ figures ─▶ the table

rows/       one file a subject: what is done, and what is asked of it
world       the surroundings of one run, made and removed
page        a live page over HTTP, and what it should come to in a chat
marks       words in the entries by which a text tells which revision of which entry it shows
telegram    our end of the line to the sandbox's process
sandbox     that process: a line of JSON in, a line out
  stage       its verbs: people, limits, waiting, judging
  chances     what goes wrong there, by chance
  ledger      the calls it received, kept small
  truth       what a chat shows against what it should; pure
programs    the bot's processes: their processor time, their memory
naive       a broadcast as it is done without a pacer, or with python-telegram-bot's
figures     what was measured, and how it is written down
"""
