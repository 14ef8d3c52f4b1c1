"""Answering: one file a family of commands, one table that registers them.

asking.py     what a command is asked and what it answers
which.py      which story it is about
following.py  /start /stories /subscribe /unsubscribe
reading.py    /latest and single entries
quoting.py    /quotes /speakers
opening.py    /open /close /pause /resume   status.py   /status
table.py      all commands and buttons: feeds the handlers, /help, Telegram's menu and the README
handlers.py   the seam to python-telegram-bot
"""
