"""What answers list and count is found in an index and kept as a number, however long an archive grows."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

LONG_AGO = "1970-01-01 00:00:00"


def upgrade() -> None:
    op.add_column("stories", sa.Column("readable", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("stories", sa.Column("unattributed", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("entries", sa.Column("is_readable", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("speakers", sa.Column("said", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column(
        "quotes", sa.Column("published_at", sa.DateTime(timezone=True), server_default=LONG_AGO, nullable=False)
    )
    op.add_column("quotes", sa.Column("is_shown", sa.SmallInteger(), server_default="1", nullable=False))

    op.execute(
        "UPDATE entries SET is_readable = 1 WHERE EXISTS (SELECT 1 FROM revisions r WHERE r.entry_id = entries.id"
        " AND r.number = entries.revision AND r.standing != 'deleted' AND (r.text != '' OR r.title != ''))"
    )
    op.execute(
        "UPDATE quotes SET published_at = (SELECT e.published_at FROM entries e WHERE e.id = quotes.entry_id),"
        " is_shown = (SELECT CASE WHEN r.standing = 'deleted' THEN 0 ELSE 1 END"
        " FROM entries e JOIN revisions r ON r.entry_id = e.id AND r.number = e.revision WHERE e.id = quotes.entry_id)"
    )
    _index("ix_entries_readable", "entries", ["story_id", "published_at", "id"], "is_readable = 1")
    newest = [sa.text("published_at DESC"), sa.text("entry_id DESC"), "start"]
    _index("ix_quotes_newest", "quotes", ["story_id", *newest], "is_shown = 1 AND speaker_id IS NOT NULL")
    _index("ix_quotes_said", "quotes", ["speaker_id", *newest], "is_shown = 1")
    op.execute(
        "UPDATE stories SET"
        " readable = (SELECT count(*) FROM entries e WHERE e.story_id = stories.id AND e.is_readable = 1),"
        " unattributed = (SELECT count(*) FROM quotes q"
        " WHERE q.story_id = stories.id AND q.speaker_id IS NULL AND q.is_shown = 1)"
    )
    op.execute(
        "UPDATE speakers SET said = (SELECT count(*) FROM quotes q WHERE q.speaker_id = speakers.id AND q.is_shown = 1)"
    )


def _index(name: str, table: str, columns: list[object], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))  # type: ignore[arg-type]
