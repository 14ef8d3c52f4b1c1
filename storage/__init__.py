"""The store: everything Dateline knows, and one short method for each question it asks.

    models.py         the nouns, as frozen pydantic models; the vocabulary of the whole program
    schema.py         all tables, readable whole
    database.py       open an address; read, write and batched transactions     batches.py   the shared writer
    sqlite.py postgresql.py   the two engines
    locks.py bells.py         between processes: who may, and who should look
    stories.py entries.py quotes.py subscriptions.py messages.py workers.py     one query, one short method
    backlogs.py       how far behind the chats are, for the operator
    upgrade.py, migrations/   Alembic                                           care.py      dateline db
    errors.py         what can go wrong, as sentences for the operator

Imports nothing of `bot`.
"""
