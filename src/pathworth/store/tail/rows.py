"""Where the events of a tail come from: the operational database, and the lake's newest files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from pathworth.store.lake import PREFIX
from pathworth.store.records.data.arrivals import ArrivedRow
from pathworth.store.shards.columns import QUIET
from pathworth.store.tail.batch import Batch

AT_ONCE = 50_000
_PLAIN = ("seq", "entity", "name", "value", "cost", *QUIET)


def waiting(session: Session, after: int) -> Iterator[Batch]:
    """Yield the numbered events that the lake lacks, from behind a number on."""
    names = (*_PLAIN, "time_us", "properties")
    asked = (
        select(*(getattr(ArrivedRow, name) for name in names))
        .where(ArrivedRow.seq > after, ArrivedRow.drained.is_(False))
        .order_by(ArrivedRow.seq)
    )
    for rows in session.execute(asked).partitions(AT_ONCE):
        yield _batch(rows)


def _batch(rows: Sequence[Row]) -> Batch:
    seq, entity, name, value, cost, source, currency, time_us, said = zip(*rows, strict=True)
    return Batch(
        seq=np.array(seq, np.int64),
        time_us=np.array(time_us, np.int64),
        entity=pa.array(entity, pa.string()),
        name=pa.array(name, pa.string()),
        value=np.array([one or 0 for one in value], np.int64),
        cost=np.array([one or 0 for one in cost], np.int64),
        texts={
            **properties_of(said),
            "source": pa.array(source, pa.string()),
            "currency": pa.array(currency, pa.string()),
        },
    )


def properties_of(said: Sequence[str]) -> Mapping[str, pa.Array]:
    """Return properties by name, as texts, from one JSON object for each event."""
    held = [msgspec.json.decode(text, type=dict[str, str]) for text in said]
    names = sorted({name for one in held for name in one})
    return {name: pa.array([one.get(name) for one in held], pa.string()) for name in names}


def drained(path: Path, after: int) -> Iterator[Batch]:
    """Yield the events of a file of the lake, from behind a number on."""
    with pq.ParquetFile(path) as held:
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
