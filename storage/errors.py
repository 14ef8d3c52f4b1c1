"""What can go wrong with the database, as sentences for the operator."""

from __future__ import annotations

import sqlalchemy.exc


class StorageError(Exception):
    """The database cannot be used; the message says why and where."""


def sentence(error: sqlalchemy.exc.SQLAlchemyError, place: str) -> str:
    """What the driver's error means for whoever runs Dateline."""
    text = str(getattr(error, "orig", None) or error).lower()
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
