"""Makes the tables of numbers by the day that tell no people, and of what sources do not see."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.add_column("imports", sa.Column("kind", sa.Text, nullable=False, server_default="events"))
    op.create_table(
        "daily",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("days", sa.BigInteger, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("dimensions", sa.Text, nullable=False),
        sa.Column("split", sa.Text, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False, index=True),
        sa.Column("micro", sa.BigInteger, nullable=False),
        sa.Column("currency", sa.Text),
        sa.Column("adds", sa.Boolean, nullable=False),
        sa.Column("import_id", sa.BigInteger, sa.ForeignKey("imports.id"), nullable=False),
        sa.Column("stands", sa.Boolean, nullable=False),
    )
    op.create_index("ix_daily_shown", "daily", ["source", "measure", "day"])
    op.create_index("ix_daily_import_id", "daily", ["import_id"])
    op.create_table(
        "blind_spots",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("least", sa.Float, nullable=False),
        sa.Column("most", sa.Float, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("by_hand", sa.Boolean, nullable=False),
        sa.Column("said_by", sa.Text, nullable=False),
        sa.Column("said_at", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("blind_spots")
    op.drop_table("daily")
    op.drop_column("imports", "kind")
