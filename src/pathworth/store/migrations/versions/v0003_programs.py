"""Makes the tables of programs, consent, the ledger and what is known of each person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TABLES = (
    "mutes",
    "rests",
    "consents",
    "ledger",
    "occasions",
    "person_states",
    "program_revisions",
    "programs",
)


def _text(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=null)


def _int(name: str, *, null: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger, nullable=null)


def upgrade() -> None:
    op.create_table(
        "programs",
        sa.Column("id", sa.Text, primary_key=True),
        _text("state"),
        _int("started_us", null=True),
        _int("stopped_us", null=True),
        _text("why", null=True),
    )
    op.create_table(
        "program_revisions",
        sa.Column("program", sa.Text, sa.ForeignKey("programs.id"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        _text("document"),
        _text("author"),
        _text("created_at"),
    )
    _people()
    _ledger()
    _answers()


def _people() -> None:
    op.create_table(
        "person_states",
        sa.Column("entity", sa.Text, primary_key=True),
        _text("account", null=True),
        _int("seq"),
        sa.Column("document", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "occasions",
        sa.Column("program", sa.Text, primary_key=True),
        sa.Column("entity", sa.Text, primary_key=True),
        sa.Column("trigger_seq", sa.BigInteger, primary_key=True, autoincrement=False),
        _int("trigger_us"),
        sa.Column("due_us", sa.BigInteger, nullable=False, index=True),
        sa.Column("revision", sa.Integer, nullable=False),
        _text("unit"),
        _text("noted"),
    )


def _answers() -> None:
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("entity", sa.Text, nullable=False, index=True),
        _text("channel"),
        _text("purpose"),
        sa.Column("given", sa.Boolean, nullable=False),
        _int("at_us"),
        _text("proof"),
    )
    op.create_table(
        "rests",
        sa.Column("entity", sa.Text, primary_key=True),
        _int("until_us", null=True),
        _text("why"),
        _int("at_us"),
    )
    op.create_table(
        "mutes",
        sa.Column("decision", sa.Integer, sa.ForeignKey("ledger.id"), primary_key=True),
        sa.Column("program", sa.Text, nullable=False, index=True),
        _int("at_us"),
    )


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        _text("program"),
        sa.Column("revision", sa.Integer, nullable=False),
        _text("entity"),
        _text("unit"),
        _text("arm"),
        _int("trigger_seq"),
        _int("trigger_us"),
        _int("decided_us"),
        _text("action"),
        _text("reasons"),
        _text("channel", null=True),
        _text("address", null=True),
        sa.Column("state", sa.Text, nullable=False, index=True),
        _int("settled_us", null=True),
        _text("answer", null=True),
        _text("purpose"),
        _text("facts"),
        sa.Column("attempts", sa.Integer, nullable=False),
        _int("not_before_us"),
        sa.Column("left", sa.Boolean, nullable=False),
    )
    op.create_index("ix_ledger_entity", "ledger", ["entity", "decided_us"])
    op.create_index("ix_ledger_program", "ledger", ["program", "decided_us"])
    op.create_index("ix_ledger_address", "ledger", ["address"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
