"""A Telegram of your own, in one process: a Bot API server for any client, and a chat page for people.

    client ──HTTP /bot<token>/<method>──▶ server ──▶ checking ──▶ methods/ ──▶ world (people, chats, messages)
    chat page, tests ──HTTP /api──▶ browser, control ──▶ Chat: people's verbs ──▶ updates ──getUpdates──▶ client
                                                                                     └──webhooks──▶ client

    live page ◀──HTTP── live ◀── replay (what it shows now) ◀── moulds (a page taken apart)   /api/replay steers it

Knows nothing of any bot. `Sandbox` is the way in. What is where:

    server       a call, from the request to the log      methods/     what each method does, a file a subject
    checking     parameters against the published API     botapi/      that API, as a table
    params       a call's parameters, read                access       which chat or message a call speaks of
    errors       Telegram's refusals, word for word       calls        the log of calls
    world        everything there is                      model        people, topics, messages
    room         a chat and what stands in it             chat         what people do there
    belonging    who is in it, and what the bot is        forum        its topics
    formatting   text and entities of what is sent        markup, markdown, entities, detecting: its parts
    files, attachments, images, cards, polls, keyboards   what a message shows
    inline, webhooks, updates, limits, faults, clock      what their names say
    browser      the chat page's API                      control      the API for tests in any language
    live, replay, moulds, devising                        a live page replayed
    alone, hosts                                          `dateline sandbox`, and who may ask it

README.md tells those who point a bot of their own at it.
"""

from __future__ import annotations

from bot.sandbox.calls import Answer, Call
from bot.sandbox.chat import Chat
from bot.sandbox.clock import Clock
from bot.sandbox.faults import Fault
from bot.sandbox.model import ImpossibleError, Message, Topic, User
from bot.sandbox.sandbox import Sandbox

__all__ = ["Answer", "Call", "Chat", "Clock", "Fault", "ImpossibleError", "Message", "Sandbox", "Topic", "User"]
