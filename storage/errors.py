"""What can go wrong with the database, as sentences for the operator."""

from __future__ import annotations

import sqlalchemy.exc


class StorageError(Exception):
    """The database cannot be used; the message says why and where."""


def sentence(error: sqlalchemy.exc.SQLAlchemyError, place: str) -> str:
    """What the driver's error means for whoever runs Dateline."""
    orig = getattr(error, "orig", None)
    if place.startswith("postgresql:") or getattr(orig, "sqlstate", None) is not None:
        return f"{place} {_on_a_server(orig or error)}"
    text = str(orig or error).lower()
    if "locked" in text or "busy" in text:
        return f"{place} is locked: another program is writing to it. Stop that one, or give this one its own database."
    if "readonly" in text or "read-only" in text:
        return f"{place} is read-only; Dateline needs to write to it and to its folder."
    if "unable to open" in text:
        return f"{place} cannot be opened: does its folder exist, and may it be written?"
    if "not a database" in text or "malformed" in text:
        return f"{place} is not a Dateline database, or it is damaged; restore a backup or name another file."
    if "full" in text:
        return f"{place} cannot grow: the disk is full."
    return f"{place} cannot be used: {text.splitlines()[0] if text else type(error).__name__}."


def _on_a_server(error: BaseException) -> str:
    """What PostgreSQL says by its SQLSTATE, and the driver by the kind of its error."""
    state = getattr(error, "sqlstate", None) or ""
    for known, words in STATES.items():
        if state.startswith(known):
            return words
    if isinstance(error, TimeoutError):
        return "does not answer: is its server up, and can it be reached from here?"
    if isinstance(error, OSError):
        return f"cannot be reached: is its server up? ({_reason(error)})"
    return f"cannot be used: {_reason(error)}."


STATES = {
    "28P01": "refuses the password: put the right one into storage.url, PGPASSWORD or ~/.pgpass.",
    "28": "refuses this user; its pg_hba.conf says who may come in, and from where.",
    "3D000": "does not exist; `createdb` makes a database on its server.",
    "42501": "does not let this user make tables; let the user own the database.",
    "25006": "is read-only; Dateline needs to write to it.",
    "53300": "has no connection left: stop other programs, or raise its max_connections.",
    "53100": "cannot grow: the disk is full.",
    "57P03": "is starting or stopping; try again in a moment.",
    "57P0": "has broken off: its server was stopped or restarted.",
    "08": "has broken off the connection.",
    "55P03": "is locked: another program holds what is needed. Try again in a moment.",
    "57014": "took too long to answer.",
    "40": "is busy: another program wrote to the same rows. Try again in a moment.",
}


def _reason(error: BaseException) -> str:
    lines = str(getattr(error, "strerror", None) or error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
