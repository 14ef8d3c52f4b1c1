"""Chats are claimed by the process that serves them; the pace is shared; processes tell how they are."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("chats", sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("chats", sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("chats", sa.Column("sent", sa.JSON(), nullable=True))
    op.add_column("subscriptions", sa.Column("owes_corrections", sa.SmallInteger(), server_default="0", nullable=False))
    op.create_table(
        "pace",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("next_turn", sa.Double(), server_default="0", nullable=False),
        sa.Column("refused_chat", sa.BigInteger(), nullable=True),
        sa.Column("refused_at", sa.Double(), server_default="0", nullable=False),
        sa.Column("refused_until", sa.Double(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pace")),
    )
    op.execute("INSERT INTO pace (id) VALUES (1)")
    op.create_table(
        "workers",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_flight", sa.Integer(), server_default="0", nullable=False),
        sa.Column("calls", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rate", sa.Double(), server_default="0", nullable=False),
        sa.Column("refusals", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unknown", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
        sqlite_autoincrement=True,
    )
