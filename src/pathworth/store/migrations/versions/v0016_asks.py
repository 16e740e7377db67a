"""Makes the tables of what is asked and said on pages of one's own sites."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asks",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("started_us", sa.BigInteger),
        sa.Column("stopped_us", sa.BigInteger),
        sa.Column("why", sa.Text),
    )
    op.create_table(
        "ask_revisions",
        sa.Column("ask", sa.Text, sa.ForeignKey("asks.id"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("ask_revisions")
    op.drop_table("asks")
