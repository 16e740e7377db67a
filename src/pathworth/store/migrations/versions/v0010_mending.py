"""Keeps of what could not be read in which form it stands and where it came from, so that it can be mended and read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NEW = (("protocol", "plain"), ("source", ""))


def upgrade() -> None:
    for name, default in _NEW:
        column = sa.Column(name, sa.Text, nullable=False, server_default=default)
        op.add_column("quarantine", column)


def downgrade() -> None:
    for name, _ in _NEW:
        op.drop_column("quarantine", name)
