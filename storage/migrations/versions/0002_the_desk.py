"""Stories that administrators open and hold, links with parameters, entries that are pushed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("stories", sa.Column("link_parameters", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("stories", sa.Column("is_paused", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("stories", sa.Column("opened_by", sa.BigInteger(), nullable=True))
    op.add_column("entries", sa.Column("origin", sa.Text(), server_default="page", nullable=False))
