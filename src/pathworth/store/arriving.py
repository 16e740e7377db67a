"""From batches that were handed in to numbered events, and from those into lake and shards.

Whoever does either holds the writer's lock, so that numbers follow each other without a gap or a clash.
Numbering is one transaction of the database per batch. Draining is an import like any other; the
transaction that notes it also lets go of the events, so that a crash before it finds them waiting and a
crash after it finds them gone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from pathworth.base.errors import PathworthError
from pathworth.kernels.rows.fingerprints import number_twins
from pathworth.store.commits import Places, current_id
from pathworth.store.contracts import ArrivedEvent, ImportResult, InputFile, ReadBatch
from pathworth.store.fingerprints import Run, known, twin_words
from pathworth.store.imports import ImportPlan, ImportTransaction
from pathworth.store.payload import FIXED, said, salt
from pathworth.store.records.data.arrivals import (
    ArrivedRow,
    InboxRow,
    Read,
    add_events,
    add_quarantine,
    event_of,
    held_digests,
    next_seq,
    pending,
    place_aside,
    waiting_rows,
)
from pathworth.store.records.database import Database
from pathworth.store.shards.snapshots import read_manifest
from pathworth.store.texts import join_digests, split_digests

Least = Literal["new", "shadowed"]
HANDED_IN = "(events handed in)"
"""Stands where an import of files names its files."""
_PLAIN = ("entity", "name", "time_us", "message_id", "value", "cost", "currency")
_ROWS = 20_000


class Kept:
    """The lock of a caller who goes on after an import: it is not given back."""

    def give_back(self) -> None:
        """Leave the lock with the caller."""


@dataclass(frozen=True)
class _Ids:
    """Final ids of a batch's events: the words, what they say, and the digests as bytes."""

    high: NDArray[np.uint64]
    low: NDArray[np.uint64]
    content: NDArray[np.uint64]
    digests: list[bytes]


def number_batches(places: Places, database: Database, *, read: Read) -> tuple[ArrivedEvent, ...]:
    """Give numbers to every batch that waits, the oldest first; the caller holds the writer's lock.

    Parameters
    ----------
    read
        Turns the bytes of a batch into events and rejects.
    """
    name = current_id(places)
    manifest = None if name is None else read_manifest(places.snapshot(name))
    runs = [Run(places.run(run)) for run in (manifest.fingerprints if manifest else ())]
    found: list[ArrivedEvent] = []
    while True:
        with database.session() as session:
            batches = pending(session, 1)
            if not batches:
                return tuple(found)
            first = next_seq(session, manifest.seq if manifest else 0)
            rows = _number(session, batches[0], read, runs=runs, first=first)
            new = [row for row in rows if not row["shadowed"]]
            found.extend(event_of(ArrivedRow(**row)) for row in new)


def _number(
    session: Session, batch: InboxRow, read: Read, *, runs: Sequence[Run], first: int
) -> list[dict[str, object]]:
    """Give numbers to one batch, and say in its row what became of it."""
    held = _read(batch.body, read)
    ids = _ids(held.events, held.source)
    verdict = known(runs, (ids.high, ids.low, ids.content))
    kept, conflicting = _kept(session, ids, verdict)
    rows = _rows(held.events.take(pa.array(kept)), held.source) if len(kept) else []
    for row, place in zip(rows, kept.tolist(), strict=True):
        row["batch"], row["digest"] = batch.id, ids.digests[place]
        row["content"] = int(ids.content.view(np.int64)[place])
        row["shadowed"] = bool(verdict[place])
    new = _give_numbers(rows, first=first, aside=place_aside(session))
    add_events(session, rows)
    add_quarantine(session, batch, rejects=held.rejects.to_pylist())
    batch.numbered = True
    batch.accepted, batch.duplicates = new, len(held.events) - new
    batch.conflicting, batch.rejected = conflicting, len(held.rejects)
    batch.last_seq = first + new - 1 if new else None
    return rows


def _give_numbers(rows: Sequence[dict[str, object]], *, first: int, aside: int) -> int:
    """Give the new ones the next numbers and the shadowed ones places aside; return how many are new."""
    new = 0
    for row in rows:
        if row["shadowed"]:
            row["seq"], aside = aside, aside - 1
        else:
            row["seq"], new = first + new, new + 1
    return new


def _read(body: bytes, read: Read) -> ReadBatch:
    """Read a batch; one that cannot be read at all is kept whole, and stops no other."""
    try:
        return read(body)
    except Exception as trouble:  # noqa: BLE001  # whatever it is, the batches behind this one must go on
        code = trouble.code if isinstance(trouble, PathworthError) else "UNREADABLE"
        raw = body.decode(errors="replace")
        row = {"row": 0, "code": code, "reason": str(trouble) or type(trouble).__name__, "raw": raw}
        return ReadBatch(
            "", pa.table({"digest": pa.array([], pa.binary(16))}), pa.Table.from_pylist([row])
        )


def _ids(events: pa.Table, source: str) -> _Ids:
    """Return the final ids of a batch; identical rows without an id are numbered, as those of a file are."""
    if not len(events):
        none = np.zeros(0, dtype=np.uint64)
        return _Ids(none, none, none, [])
    salted = salt(source)
    digest = events["digest"].combine_chunks().cast(pa.binary(16))
    high, low = (w ^ s for w, s in zip(split_digests(_one(digest)), salted, strict=True))
    hashed = np.flatnonzero(events["hashed"].to_numpy())
    content = said(events.drop_columns(["hashed"]))
    content[hashed] = 0
    own = (high[hashed], low[hashed])
    ordinal = np.zeros(len(hashed), dtype=np.int32)
    order = np.lexsort((np.arange(len(hashed)), own[1], own[0])).astype(np.int64)
    number_twins(order, *own, np.zeros_like(ordinal), ordinal, np.zeros(len(hashed), np.uint8))
    high[hashed], low[hashed] = twin_words(*own, ordinal=ordinal)
    return _Ids(high, low, content, join_digests(high, low).to_pylist())


def _one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) else column


def _kept(session: Session, ids: _Ids, verdict: NDArray[np.uint8]) -> tuple[NDArray[np.int64], int]:
    """Return the places of the events that are kept, and how many repeats say something else.

    Kept is the first of each id that no waiting event has: the new ones, and those that an import holds.
    """
    conflicting = int(np.count_nonzero(verdict == 2))
    held = held_digests(session, ids.digests)
    content = ids.content.view(np.int64).tolist()
    kept = []
    for place, digest in enumerate(ids.digests):
        before = held.get(digest)
        if before is None:
            held[digest] = content[place]
            kept.append(place)
        elif not verdict[place] and before != content[place]:
            conflicting += 1
    return np.array(kept, dtype=np.int64), conflicting


def _rows(events: pa.Table, source: str) -> list[dict[str, object]]:
    """Return events as rows of the database, their numbers apart."""
    fixed = {*FIXED.names, "hashed"}
    names = [name for name in events.column_names if name not in fixed]
    texts = {name: events[name].to_pylist() for name in names}
    plain = {name: events[name].to_pylist() for name in _PLAIN}
    rows: list[dict[str, object]] = []
    for k in range(len(events)):
        properties = {name: held[k] for name, held in texts.items() if held[k] is not None}
        row: dict[str, object] = {name: held[k] for name, held in plain.items()}
        row["source"], row["drained"] = source, False
        row["properties"] = json.dumps(properties, ensure_ascii=False)
        rows.append(row)
    return rows


def drain_waiting(
    places: Places,
    database: Database,
    *,
    number: int,
    settings: tuple[str, str],
    author: str | None,
    least: Least = "new",
) -> ImportResult | None:
    """Import the events that wait under the numbers that they have; the caller holds the writer's lock.

    Shadowed ones among them are set aside as those of files are.

    Parameters
    ----------
    number
        Number of the import.
    settings
        Time zone and currency of the workspace.
    author
        Who asked for it.
    least
        What must wait for an import to be worth it: a new event, or a shadowed one alone.
    """
    with database.session() as session:
        rows = waiting_rows(session)
        if not any(least == "shadowed" or not row.shadowed for row in rows):
            return None
        sources = {row.source for row in rows}
        plan = ImportPlan(
            import_id=number,
            source=sources.pop() if len(sources) == 1 else "several",
            files=(InputFile(HANDED_IN, "", 0),),
            hashed=False,
            timezone=settings[0],
            currency=settings[1],
            first_seq=0,
            author=author,
            drained=max(row.seq for row in rows),
        )
        tables = [_table(rows[first : first + _ROWS]) for first in range(0, len(rows), _ROWS)]
    with ImportTransaction(places, plan, database=database, lock=Kept()) as transaction:
        for table in tables:
            transaction.add(table)
        return transaction.commit()


def _table(rows: Sequence[ArrivedRow]) -> pa.Table:
    """Return waiting events as an import takes them."""
    said_of = [json.loads(row.properties) for row in rows]
    names = sorted({name for properties in said_of for name in properties})
    columns: dict[str, pa.Array] = {
        "file": pa.array(np.zeros(len(rows), dtype=np.int32)),
        "row": pa.array([row.seq for row in rows], pa.int64()),
        "digest": pa.array([row.digest for row in rows], pa.binary(16)),
        "seq": pa.array([row.seq for row in rows], pa.int64()),
        "source": pa.array([row.source for row in rows], pa.string()),
        "content": pa.array(np.array([row.content for row in rows], np.int64).view(np.uint64)),
    }
    for name in _PLAIN:
        columns[name] = pa.array([getattr(row, name) for row in rows], FIXED.field(name).type)
    for name in names:
        columns[name] = pa.array([one.get(name) for one in said_of], pa.string())
    return pa.table(columns)
