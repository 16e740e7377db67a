"""Makes the table of links between raw ids."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "links",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("pair", sa.LargeBinary, nullable=False, index=True),
        sa.Column("one", sa.Text, nullable=False, index=True),
        sa.Column("other", sa.Text, nullable=False, index=True),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("sure", sa.Float, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("author", sa.Text),
        sa.Column("batch", sa.BigInteger),
        sa.Column("known_seq", sa.BigInteger, nullable=False),
        sa.Column("said_us", sa.BigInteger, nullable=False),
        sa.Column("change", sa.BigInteger, nullable=False, index=True),
        sa.Column("taken", sa.BigInteger, index=True),
        sa.Column("taken_us", sa.BigInteger),
        sa.Column("taken_by", sa.Text),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("links")
