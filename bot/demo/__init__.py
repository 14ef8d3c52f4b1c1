"""`dateline demo`: the whole bot in one process with the sandbox, and a live page replayed into it.

    replay ──▶ the sandbox serves the page ──HTTP──▶ the bot reads it ──Bot API──▶ the sandbox's chats ──▶ the browser

The bot runs as it always does; that its Bot API server and its page are in the same process it does not know.
`pages` finds the page and makes a replay of it, `play` runs both, `telling` says in the terminal what happens.
"""

from __future__ import annotations

from bot.demo.play import run_demo

__all__ = ["run_demo"]
