"""All tables, readable whole.

    stories ─┬─ entries ── revisions        what the pages said, nothing overwritten
             ├─ events                      each story's log; `seq` counts from 1 in each story
             ├─ speakers ── quotes          who said what
             └─ subscriptions ─┬─ messages ── message_entries     what each chat was shown
    chats ─────────────────────┘└─ attempts                       calls under way, their outcome unknown after a crash

Truth values that an index asks for are integers compared with a literal (`active = 1`): a bound parameter or `IS 1`
makes SQLite pass over a partial index. Written for SQLite and PostgreSQL alike.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware moment in UTC; SQLite, which knows no zones, keeps it without."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002  (the name is SQLAlchemy's)
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")  # SQLite numbers rows only in an INTEGER key


def _id() -> sa.Column[int]:
    return sa.Column("id", BigId, primary_key=True, autoincrement=True)


def _flag(name: str, default: int = 0) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger, nullable=False, default=default, server_default=str(default))


def _ref(name: str, target: str, **options: Any) -> sa.Column[int]:
    return sa.Column(name, BigId, sa.ForeignKey(target, ondelete="CASCADE"), nullable=False, **options)


stories = sa.Table(
    "stories",
    metadata,
    _id(),
    sa.Column("slug", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False, default=""),
    sa.Column("state", sa.Text, nullable=False, default="live"),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("format", sa.Text, nullable=False, default="auto"),
    sa.Column("found_format", sa.Text, nullable=False, default=""),
    sa.Column("every", sa.Float, nullable=False, default=20.0),
    sa.Column("timezone", sa.Text, nullable=False, default="GMT"),
    sa.Column("show", sa.Text, nullable=False, default="full"),
    sa.Column("max_new", sa.Integer, nullable=False, default=10),
    sa.Column("link_parameters", sa.Text, nullable=False, default="", server_default=sa.text("''")),
    _flag("is_watched", 1),
    _flag("is_paused"),
    sa.Column("opened_by", sa.BigInteger),
    sa.Column("head", sa.BigInteger, nullable=False, default=0, server_default="0"),
    sa.Column("first_read_at", Moment),
    sa.Column("read_at", Moment),
    sa.Column("changed_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("next_poll_at", Moment),
    sa.Column("failures", sa.Integer, nullable=False, default=0, server_default="0"),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("body_hash", sa.Text),
    # Counted as they come and go (storage.entries, storage.quotes): to count a million for an answer takes too long.
    sa.Column("readable", sa.BigInteger, nullable=False, default=0, server_default="0"),  # entries that answers show
    sa.Column("unattributed", sa.BigInteger, nullable=False, default=0, server_default="0"),  # quotes without a speaker
)

entries = sa.Table(
    "entries",
    metadata,
    _id(),
    _ref("story_id", "stories.id"),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False, default=1),
    sa.Column("published_at", Moment, nullable=False),
    sa.Column("added_at", Moment, nullable=False),
    sa.Column("origin", sa.Text, nullable=False, default="page", server_default="page"),
    sa.Column("published_seq", sa.BigInteger),
    _flag("is_late"),
    sa.Column("absences", sa.Integer, nullable=False, default=0, server_default="0"),
    _flag("is_readable"),  # its newest revision stands and says something
    sa.UniqueConstraint("story_id", "key"),
    sa.Index("ix_entries_time", "story_id", "published_at", "id"),
    sa.Index(
        "ix_entries_readable",
        "story_id",
        "published_at",
        "id",
        sqlite_where=sa.text("is_readable = 1"),
        postgresql_where=sa.text("is_readable = 1"),
    ),
)

revisions = sa.Table(
    "revisions",
    metadata,
    _ref("entry_id", "entries.id", primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("standing", sa.Text, nullable=False, default="shown"),
    sa.Column("published_at", Moment, nullable=False),
    sa.Column("stamp", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False, default=""),
    sa.Column("text", sa.Text, nullable=False, default=""),
    sa.Column("spans", sa.JSON, nullable=False),
    sa.Column("media", sa.JSON, nullable=False),
    _flag("is_key"),
    sa.Column("url", sa.Text),
)

events = sa.Table(
    "events",
    metadata,
    _ref("story_id", "stories.id", primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.Text, nullable=False),
    _ref("entry_id", "entries.id"),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    _flag("is_bulk"),
)

speakers = sa.Table(
    "speakers",
    metadata,
    _id(),
    _ref("story_id", "stories.id"),
    sa.Column("position", sa.Integer, nullable=False),  # its place in the story's register, for good
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("aliases", sa.JSON, nullable=False),
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("gender", sa.Text, nullable=False, default=""),
    _flag("is_person", 1),
    sa.Column("said", sa.BigInteger, nullable=False, default=0, server_default="0"),  # quotes that answers show
    sa.UniqueConstraint("story_id", "position"),
)

quotes = sa.Table(
    "quotes",
    metadata,
    _id(),
    _ref("story_id", "stories.id"),
    _ref("entry_id", "entries.id"),
    sa.Column("speaker_id", BigId, sa.ForeignKey("speakers.id", ondelete="SET NULL")),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("parts", sa.JSON, nullable=False),
    sa.Column("role", sa.Text),
    sa.Column("cue", sa.Text),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("confidence", sa.Text, nullable=False),
    sa.Column("published_at", Moment, nullable=False, server_default="1970-01-01 00:00:00"),  # its entry's
    _flag("is_shown", 1),  # its entry was not taken down
    sa.Index("ix_quotes_entry", "entry_id"),
    sa.Index("ix_quotes_speaker", "story_id", "speaker_id"),
    # The newest first, and of one entry in the order of the text.
    sa.Index(
        "ix_quotes_newest",
        "story_id",
        sa.desc("published_at"),
        sa.desc("entry_id"),
        "start",
        sqlite_where=sa.text("is_shown = 1 AND speaker_id IS NOT NULL"),
        postgresql_where=sa.text("is_shown = 1 AND speaker_id IS NOT NULL"),
    ),
    sa.Index(
        "ix_quotes_said",
        "speaker_id",
        sa.desc("published_at"),
        sa.desc("entry_id"),
        "start",
        sqlite_where=sa.text("is_shown = 1"),
        postgresql_where=sa.text("is_shown = 1"),
    ),
)

chats = sa.Table(
    "chats",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False, default=""),
    _flag("is_active", 1),
    sa.Column("fence", sa.BigInteger, nullable=False, default=0, server_default="0"),  # grows with each claim
    sa.Column("claimed_until", Moment),
    sa.Column("sent", sa.JSON(none_as_null=True)),  # when it was last sent something, in seconds since 1970
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    _id(),
    sa.Column("chat_id", sa.BigInteger, sa.ForeignKey("chats.id"), nullable=False),
    sa.Column("thread_id", sa.BigInteger, nullable=False, default=0, server_default="0"),
    _ref("story_id", "stories.id"),
    _flag("wanted", 1),  # the chat's own choice
    _flag("active", 1),  # wanted, and the chat can be reached
    sa.Column("cursor", sa.BigInteger, nullable=False),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("next_at", Moment),
    sa.Column("recap", sa.SmallInteger, nullable=False, default=0, server_default="0"),
    sa.Column("sounded_at", Moment),
    sa.Column("failures", sa.Integer, nullable=False, default=0, server_default="0"),
    sa.Column("settings", sa.JSON, nullable=False),
    _flag("owes_corrections"),
    sa.Column(
        "speaker", sa.Text, nullable=False, default="", server_default=sa.text("''")
    ),  # whom it is about, if not all
    sa.UniqueConstraint("chat_id", "thread_id", "story_id", "speaker"),
    # Groups and channels have negative ids: at one cursor they come first.
    sa.Index(
        "ix_subscriptions_behind",
        "story_id",
        "cursor",
        "chat_id",
        sqlite_where=sa.text("active = 1 AND next_at IS NULL"),
        postgresql_where=sa.text("active = 1 AND next_at IS NULL"),
    ),
    sa.Index(
        "ix_subscriptions_waiting",
        "next_at",
        sqlite_where=sa.text("active = 1 AND next_at IS NOT NULL"),
        postgresql_where=sa.text("active = 1 AND next_at IS NOT NULL"),
    ),
    sa.Index(
        "ix_subscriptions_recap",
        "story_id",
        "id",
        sqlite_where=sa.text("active = 1 AND next_at IS NULL AND recap > 0"),
        postgresql_where=sa.text("active = 1 AND next_at IS NULL AND recap > 0"),
    ),
    # Few: it costs the others nothing.
    sa.Index(
        "ix_subscriptions_about",
        "story_id",
        sqlite_where=sa.text("active = 1 AND speaker <> ''"),
        postgresql_where=sa.text("active = 1 AND speaker <> ''"),
    ),
)

messages = sa.Table(
    "messages",
    metadata,
    _id(),
    _ref("subscription_id", "subscriptions.id"),
    sa.Column("chat_id", sa.BigInteger, nullable=False),
    sa.Column("message_id", sa.BigInteger),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("sent_at", Moment, nullable=False),
    _flag("is_frozen"),
    sa.Column("missed", sa.Integer, nullable=False, default=0, server_default="0"),
    sa.Index("ix_messages_subscription", "subscription_id", "id"),
    sa.Index("ix_messages_age", "sent_at", "id"),
)

message_entries = sa.Table(
    "message_entries",
    metadata,
    _ref("message_id", "messages.id", primary_key=True),
    _ref("entry_id", "entries.id", primary_key=True),
    _ref("subscription_id", "subscriptions.id"),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("told", sa.Integer, nullable=False),
    sa.Index("ix_message_entries_shown", "subscription_id", "entry_id"),
)

attempts = sa.Table(
    "attempts",
    metadata,
    _id(),
    _ref("subscription_id", "subscriptions.id"),
    sa.Column("at", Moment, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("shows", sa.JSON, nullable=False),
    sa.Index("ix_attempts_subscription", "subscription_id"),
)

# One row: the overall pace, shared by all processes that send. Times are seconds since 1970.
pace = sa.Table(
    "pace",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("next_turn", sa.Double, nullable=False, default=0, server_default="0"),
    sa.Column("refused_chat", sa.BigInteger),
    sa.Column("refused_at", sa.Double, nullable=False, default=0, server_default="0"),
    sa.Column("refused_until", sa.Double, nullable=False, default=0, server_default="0"),
)

workers = sa.Table(
    "workers",
    metadata,
    _id(),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("in_flight", sa.Integer, nullable=False, default=0, server_default="0"),
    sa.Column("rate", sa.Double, nullable=False, default=0, server_default="0"),
    sqlite_autoincrement=True,
)

# What all processes together counted in each hour; it outlives them.
tallies = sa.Table(
    "tallies",
    metadata,
    sa.Column("hour", Moment, primary_key=True),
    sa.Column("calls", sa.BigInteger, nullable=False, default=0, server_default="0"),
    sa.Column("refusals", sa.BigInteger, nullable=False, default=0, server_default="0"),
    sa.Column("unknown", sa.BigInteger, nullable=False, default=0, server_default="0"),
)
