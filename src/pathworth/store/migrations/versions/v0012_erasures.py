"""Makes the tables of erasures, of the ids that were erased, and of what those people had answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("person", sa.LargeBinary, nullable=False, index=True),
        sa.Column("raw_ids", sa.BigInteger, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("asked_us", sa.BigInteger, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("ids", sa.Text),
        sa.Column("addresses", sa.Text),
        sa.Column("number", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False, index=True),
        sa.Column("done_us", sa.BigInteger),
        sa.Column("told", sa.Text, nullable=False),
        sa.Column("remains", sa.Text, nullable=False),
        sa.Column("searched", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "erased_ids",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("mark", sa.BigInteger, nullable=False),
        sa.Column("erasure", sa.BigInteger, nullable=False, index=True),
    )
    op.create_table(
        "erased_consents",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("digest", sa.LargeBinary, nullable=False, index=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("given", sa.Boolean, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    for name in ("erased_consents", "erased_ids", "erasures"):
        op.drop_table(name)
