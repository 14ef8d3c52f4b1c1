"""A Telegram of your own, in one process: a Bot API server for any client, and a chat page for people.

    client ──HTTP /bot<token>/<method>──▶ server ──▶ methods ──▶ Telegram (people, chats, messages)
    chat page ──HTTP /api──▶ browser ──▶ Chat: people's verbs ──▶ updates ──getUpdates──▶ client

    live page ◀──HTTP── live ◀── replay (what it shows now) ◀── moulds (a page taken apart)   /api/replay steers it

Knows nothing of any bot. `Sandbox` is the way in.
"""

from __future__ import annotations

from bot.sandbox.calls import Answer, Call
from bot.sandbox.chat import Chat
from bot.sandbox.faults import Fault
from bot.sandbox.model import ImpossibleError, Message, Topic, User
from bot.sandbox.sandbox import Sandbox

__all__ = ["Answer", "Call", "Chat", "Fault", "ImpossibleError", "Message", "Sandbox", "Topic", "User"]
