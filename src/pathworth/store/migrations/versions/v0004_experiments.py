"""Makes the tables of experiments and opportunities."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "experiments",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("written_us", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text) for name in ("plan", "seal")),
        *(sa.Column(name, sa.BigInteger) for name in ("locked_us", "begun_us", "ended_us")),
        *(sa.Column(name, sa.Text) for name in ("ended_by", "ended_why")),
    )
    money = ("worth_micro", "low_micro", "high_micro", "accepted_us")
    op.create_table(
        "opportunities",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("row", "title", "map")),
        sa.Column("revision", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("selection", "snapshot")),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("to", sa.Text),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("property", "value", "because", "currency")
        ),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in money),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("accepted_by", "state")),
        *(sa.Column(name, sa.Text) for name in ("owner", "due", "note", "experiment")),
    )
    op.create_table(
        "opportunity_changes",
        sa.Column("opportunity", sa.Integer, sa.ForeignKey("opportunities.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("author", "field")),
        *(sa.Column(name, sa.Text) for name in ("before", "after")),
    )


def downgrade() -> None:
    for table in ("opportunity_changes", "opportunities", "experiments"):
        op.drop_table(table)
