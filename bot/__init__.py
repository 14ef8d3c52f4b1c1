"""Dateline: a Telegram bot that relays live updates, keeps them true, and answers who said what.

The two ways through the house:

    source ──fetch──▶ bytes ──read──▶ Page ──diff against the known entries──▶ changes
       ──one transaction──▶ entries + revisions + quotes + events + the next poll time
       ──sender: subscriptions whose cursor is behind──▶ plan ──▶ send / edit / delete ──▶ messages + cursor

    command ──▶ one storage query ──▶ render ──▶ reply

What is where, from the top down; imports go downwards only:

    cli/         the program: dateline run | demo | sandbox | check | quotes | db
    demo         the bot and the sandbox in one process, a page replayed
    app          builds and joins the parts; the order of start and stop
    watch        the loop that reads                  archive     a reading understood and stored
    pace         when a source is read again          lookout     which files have changed
    sender       the loop that pushes                 turn        one turn of one subscription
    commands/    answering                            situation   what a plan is made from, loaded
    heartbeat    what a process tells of itself       checking    one reading of a source, shown
    sandbox/     a local Telegram with a chat page
    exports/     the archive handed out, and filled
    sources/     fetch, formats, timestamps, diff
    delivery/    plan, render, limits, telegram
    quotes/      who said what
    config, callbacks, clock, logs
    storage      (beside bot) everything that is kept
"""
