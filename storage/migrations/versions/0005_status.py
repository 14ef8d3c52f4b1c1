"""What the processes counted is kept by the hour, and outlives them; who follows speakers can be counted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ABOUT = "active = 1 AND speaker <> ''"


def upgrade() -> None:
    for name in ("calls", "refusals", "unknown"):
        op.drop_column("workers", name)
    op.create_table(
        "tallies",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("calls", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refusals", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unknown", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("hour", name=op.f("pk_tallies")),
    )
    op.create_index(
        "ix_subscriptions_about",
        "subscriptions",
        ["story_id"],
        sqlite_where=sa.text(ABOUT),
        postgresql_where=sa.text(ABOUT),
    )
