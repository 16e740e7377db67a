"""Keeps numbered events as blocks of columns, and of a request in which form it speaks and what else is known of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pyarrow as pa
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_COLUMNS = (
    ("seq", pa.int64()),
    ("digest", pa.binary(16)),
    ("content", pa.int64()),
    ("source", pa.string()),
    ("message_id", pa.string()),
    ("entity", pa.string()),
    ("name", pa.string()),
    ("time_us", pa.int64()),
    ("value", pa.int64()),
    ("cost", pa.int64()),
    ("currency", pa.string()),
)
_AT_ONCE = 20_000


def upgrade() -> None:
    table = op.create_table(
        "arrived_blocks",
        sa.Column("id", _ID, primary_key=True, autoincrement=True),
        sa.Column("first_seq", sa.BigInteger, nullable=False),
        sa.Column("last_seq", sa.BigInteger, nullable=False, index=True),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("drained", sa.Boolean, nullable=False),
        sa.Column("shadowed", sa.Boolean, nullable=False),
        sqlite_autoincrement=True,
    )
    for block in _blocks():
        op.execute(table.insert().values(**block))
    op.drop_table("arrived")
    for name, default in (("protocol", "plain"), ("about", "")):
        op.add_column("inbox", sa.Column(name, sa.Text, nullable=False, server_default=default))
    op.add_column("quarantine", sa.Column("digest", sa.LargeBinary))
    op.create_index("ix_quarantine_digest", "quarantine", ["digest"])


def _blocks() -> Iterator[dict[str, object]]:
    """Yield what waited row by row as blocks: those of the lake, the new ones, and those aside, each by themselves."""
    kinds = (("drained", "seq > 0", "seq"), ("not drained", "seq > 0", "seq"))
    for drained, sign, order in (*kinds, ("not drained", "seq < 0", "seq desc")):
        asked = f"select * from arrived where {drained} and {sign} order by {order}"
        found = op.get_bind().execute(sa.text(asked)).mappings()
        for rows in found.partitions(_AT_ONCE):
            yield {
                "first_seq": rows[0]["seq"],
                "last_seq": rows[-1]["seq"],
                "events": len(rows),
                "body": _body([dict(row) for row in rows]),
                "drained": drained == "drained",
                "shadowed": sign == "seq < 0",
            }


def _body(rows: list[dict[str, object]]) -> bytes:
    said = [json.loads(str(row["properties"])) for row in rows]
    names = sorted({name for one in said for name in one})
    columns = {name: pa.array([row[name] for row in rows], kind) for name, kind in _COLUMNS}
    own = {name: pa.array([one.get(name) for one in said], pa.string()) for name in names}
    table = pa.table({**columns, **own})
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return bytes(out.getvalue())


def downgrade() -> None:
    raise NotImplementedError("Blocks of columns are not taken apart again; put the backup back.")
