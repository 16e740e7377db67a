"""Where the events of a tail come from: the operational database, and the lake's newest files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import select
from sqlalchemy.orm import Session

from pathworth.store.arrivals import blocks
from pathworth.store.arrivals.blocks import batch_of
from pathworth.store.lake import PREFIX
from pathworth.store.records.data.arrivals import WAITS, BlockRow
from pathworth.store.shards.columns import QUIET
from pathworth.store.shared import present
from pathworth.store.tail.batch import Batch

_PLAIN = ("seq", "entity", "name", "value", "cost", *QUIET)


def waiting(session: Session, after: int) -> Iterator[Batch]:
    """Yield the numbered events that the lake lacks, from behind a number on."""
    asked = select(BlockRow.body).where(*WAITS, BlockRow.last_seq > after)
    for body in session.scalars(asked.order_by(BlockRow.first_seq)):
        yield batch_of(blocks.after(blocks.unpacked(body), after))


def drained(path: Path, after: int) -> Iterator[Batch]:
    """Yield the events of a file of the lake, from behind a number on."""
    with pq.ParquetFile(present(path)) as held:
        names = held.schema_arrow.names
        own = [name for name in names if name.startswith(PREFIX)]
        seq = names.index("seq")
        for group in range(held.num_row_groups):
            if held.metadata.row_group(group).column(seq).statistics.max <= after:
                continue
            rows = held.read_row_group(group, columns=[*_PLAIN, "time", *own])
            yield _of_lake(rows.filter(pc.greater(rows["seq"], after)).combine_chunks(), own)


def _of_lake(rows: pa.Table, own: Sequence[str]) -> Batch:
    def column(name: str) -> pa.Array:
        held = rows[name].combine_chunks()
        return held.chunk(0) if isinstance(held, pa.ChunkedArray) else held

    return Batch(
        seq=column("seq").to_numpy(),
        time_us=column("time").cast(pa.int64()).to_numpy(),
        entity=column("entity"),
        name=column("name"),
        value=pc.fill_null(column("value"), 0).to_numpy(),
        cost=pc.fill_null(column("cost"), 0).to_numpy(),
        texts={
            **{unquote(name[len(PREFIX) :]): column(name) for name in own},
            **{name: column(name) for name in QUIET},
        },
    )
