"""Makes the tables of saved segments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "segments",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("deleted_us", sa.BigInteger),
        sa.Column("deleted_by", sa.Text),
    )
    op.create_table(
        "segment_revisions",
        sa.Column("segment", sa.Text, sa.ForeignKey("segments.name"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("steps", sa.Text, nullable=False),
        sa.Column("map", sa.Text),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("saved_us", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    for table in ("segment_revisions", "segments"):
        op.drop_table(table)
