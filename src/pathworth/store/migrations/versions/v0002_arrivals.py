"""Makes the tables of arrived events, undone imports, exclusions and releases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_NEW = ("author", "shape", "undone_at", "undone_by")


def upgrade() -> None:
    _widen_imports()
    _arrivals()
    _quarantine_and_listeners()
    op.create_table(
        "exclusions",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("who", sa.Text),
        sa.Column("ids", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("created_at", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    op.create_table(
        "releases",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("time_us", sa.BigInteger, nullable=False, index=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )


def _widen_imports() -> None:
    for name in _NEW:
        op.add_column("imports", sa.Column(name, sa.Text))
    for name in ("shadowed", "last_seq"):
        column = sa.Column(name, sa.BigInteger, nullable=False, server_default="0")
        op.add_column("imports", column)
    op.add_column("imports", sa.Column("undo_id", sa.BigInteger))
    skipped = sa.Column("skipped", sa.Integer, nullable=False, server_default="0")
    op.add_column("import_files", skipped)


def _arrivals() -> None:
    op.create_table(
        "inbox",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("received_us", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("numbered", sa.Boolean, nullable=False, index=True),
        *(
            sa.Column(name, sa.BigInteger, nullable=False)
            for name in ("accepted", "duplicates", "conflicting", "rejected")
        ),
        sa.Column("last_seq", sa.BigInteger),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "arrived",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("batch", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False, index=True),
        sa.Column("content", sa.BigInteger, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text),
        sa.Column("entity", sa.Text, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("time_us", sa.BigInteger, nullable=False),
        sa.Column("value", sa.BigInteger),
        sa.Column("cost", sa.BigInteger),
        sa.Column("currency", sa.Text),
        sa.Column("properties", sa.Text, nullable=False),
        sa.Column("drained", sa.Boolean, nullable=False),
    )


def _quarantine_and_listeners() -> None:
    op.create_table(
        "quarantine",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("batch", sa.BigInteger, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("received_us", sa.BigInteger, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("raw", sa.Text, nullable=False),
    )
    op.create_table(
        "listeners",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("note", sa.Text),
    )


def downgrade() -> None:
    for table in ("listeners", "quarantine", "arrived", "inbox", "releases", "exclusions"):
        op.drop_table(table)
    op.drop_column("import_files", "skipped")
    for name in (*_NEW, "shadowed", "last_seq", "undo_id"):
        op.drop_column("imports", name)
