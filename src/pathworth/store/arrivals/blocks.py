"""Numbered events as they wait for the lake: blocks of columns, each one row of the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.store.arrivals.contracts import ArrivedEvent
from pathworth.store.shards.columns import QUIET
from pathworth.store.tail.batch import Batch

FIXED = pa.schema(
    [
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
    ]
)
"""What every block holds; every other column is a property, text under its own name."""
_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")


def packed(events: pa.Table) -> bytes:
    """Return a block as bytes; columns that hold nothing are left out, but for the fixed ones."""
    kept = [name for name in properties_of(events) if events[name].null_count < len(events)]
    table = events.select([*FIXED.names, *kept]).combine_chunks()
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema, options=_OPTIONS) as writer:
        writer.write_table(table)
    return bytes(out.getvalue())


def unpacked(body: bytes) -> pa.Table:
    """Return the events of a block."""
    with pa.ipc.open_stream(body) as reader:
        return reader.read_all()


def joined(blocks: Iterable[pa.Table]) -> pa.Table:
    """Return several blocks as one, a property that one of them lacks null there."""
    tables = [FIXED.empty_table(), *blocks]
    return pa.concat_tables(tables, promote_options="default").combine_chunks()


def properties_of(events: pa.Table) -> list[str]:
    """Return the names of the columns that are properties."""
    return [name for name in events.column_names if name not in FIXED.names]


def after(events: pa.Table, seq: int) -> pa.Table:
    """Return the events of a block behind a number."""
    held = events["seq"].to_numpy()
    return events.slice(int(np.searchsorted(held, seq, side="right")))


def batch_of(events: pa.Table) -> Batch:
    """Return a block as a tail takes it."""

    def numbers(name: str) -> NDArray[np.int64]:
        found: NDArray[np.int64] = pc.fill_null(events[name], 0).to_numpy()
        return found

    return Batch(
        seq=numbers("seq"),
        time_us=numbers("time_us"),
        entity=one(events, "entity"),
        name=one(events, "name"),
        value=numbers("value"),
        cost=numbers("cost"),
        texts={name: one(events, name) for name in (*properties_of(events), *QUIET)},
    )


def one(events: pa.Table, name: str) -> pa.Array:
    """Return a column of a block as one array."""
    held = events[name].combine_chunks()
    return held.chunk(0) if isinstance(held, pa.ChunkedArray) else held


def events_of(events: pa.Table) -> Iterator[ArrivedEvent]:
    """Yield the events of a block one by one."""
    own = properties_of(events)
    properties = _said(len(events), {name: events[name].to_pylist() for name in own})
    columns = [events[name].to_pylist() for name in FIXED.names if name != "content"]
    for held, row in zip(properties, zip(*columns, strict=True), strict=True):
        seq, digest, source, message, entity, name, time_us, value, cost, _ = row
        net = None if value is None and cost is None else (value or 0) - (cost or 0)
        known = digest.hex() if message is None else message
        yield ArrivedEvent(seq, source, known, entity, name, time_us, held, net)


def _said(rows: int, columns: dict[str, list[str | None]]) -> Sequence[dict[str, str]]:
    found: list[dict[str, str]] = [{} for _ in range(rows)]
    for name, cells in columns.items():
        for held, cell in zip(found, cells, strict=True):
            if cell is not None:
                held[name] = cell
    return found
