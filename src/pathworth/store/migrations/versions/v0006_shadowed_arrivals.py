"""Keeps events that were handed in although an import holds them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    shadowed = sa.Column("shadowed", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("arrived", shadowed)


def downgrade() -> None:
    op.drop_column("arrived", "shadowed")
