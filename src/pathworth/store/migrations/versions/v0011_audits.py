"""Makes the tables of dated audits, of what came in by day and source, of the last events, and of expected events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_COUNTS = ("accepted", "repeated", "conflicting", "refused", "timed", "ahead", "late")


def upgrade() -> None:
    op.create_table(
        "audits",
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_table(
        "arrival_days",
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, primary_key=True),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in _COUNTS),
    )
    op.create_table(
        "arrived_last",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("last_seq", sa.BigInteger, nullable=False, index=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("told", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "expected_events",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("said_us", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    for table in ("expected_events", "arrived_last", "arrival_days", "audits"):
        op.drop_table(table)
