"""ClickHouse and DuckDB in this process, with the same typed codes in the same order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from pathworth.store import Snapshot

Rows = list[tuple[Any, ...]]
Run = Callable[[str], Rows]
LoadOne = Callable[[pa.Table], Run]
Load = Callable[[Snapshot], dict[str, Run]]


@contextmanager
def peers(threads: int) -> Iterator[Load]:
    """Open every peer that is installed; a world of one shard is loaded into all of them, and each can be asked.

    ClickHouse comes with ``pip install '.[bench]'``.
    """
    with TemporaryDirectory() as folder, duckdb.connect() as duck:
        loads = {"DuckDB": _duck(duck, threads), "ClickHouse": _clickhouse(folder, threads)}
        yield lambda snapshot: {
            name: load(events(snapshot)) for name, load in loads.items() if load is not None
        }


def events(snapshot: Snapshot) -> pa.Table:
    """Return the events of a world of one shard, sorted by entity and time."""
    shard = snapshot.shards[0]
    entity = np.repeat(np.arange(shard.entities, dtype=np.uint32), np.diff(shard.offset))
    columns = {"entity": entity, "name": shard.name, "time_us": shard.time_us}
    word = {"word": np.asarray(shard.columns["word"])}
    return pa.table({**columns, **word, "seq": np.arange(len(entity), dtype=np.uint32)})


def _duck(duck: duckdb.DuckDBPyConnection, threads: int) -> LoadOne:
    duck.execute(f"set threads = {threads}")

    def load(table: pa.Table) -> Run:
        duck.register("made", table)
        duck.execute("create or replace table events as select * from made")
        return lambda query: duck.execute(query).fetchall()

    return load


def clickhouse(folder: str, threads: int) -> Any:
    """Return an open session of ClickHouse, which keeps its tables in a folder; null where it is not installed."""
    try:
        from chdb import session
    except ModuleNotFoundError:
        return None
    made: Any = session.Session(folder)
    made.query("create database peer")
    made.query("use peer")
    made.query(f"set max_threads = {threads}")
    return made


def _clickhouse(folder: str, threads: int) -> LoadOne | None:
    """Return how ClickHouse is loaded; null where it is not installed."""
    made = clickhouse(folder, threads)
    if made is None:
        return None

    def load(table: pa.Table) -> Run:
        made.query("drop table if exists events sync")
        made.query(
            "create table events (entity UInt32, name UInt16, time_us Int64, word UInt32, "
            "seq UInt32) engine = MergeTree order by (entity, time_us, seq)"
        )
        columns = ", ".join(table.column_names)
        made.query(f"insert into events select {columns} from Python(table)")
        made.query("optimize table events final")
        return lambda query: _rows(made.query(query, "ArrowStream"))

    return load


def _rows(answer: Any) -> Rows:
    found = pa.ipc.open_stream(pa.BufferReader(answer.bytes())).read_all()
    return list(zip(*(column.to_pylist() for column in found.columns), strict=True))
