"""Builds the shards of a snapshot from the lake, with memory that does not grow with the lake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.base.threads import InOrder, in_order, processors
from pathworth.store.arrays import (
    MONEY,
    TRAIT_KINDS,
    code_type,
    group_starts,
    last_values,
    lay_out,
    rank_entities,
    seq_type,
)
from pathworth.store.shards.coding import Coding, Found, Known, Plan, Rows
from pathworth.store.shards.column_files import write_entry
from pathworth.store.shards.columns import PropertyColumn
from pathworth.store.shards.entries import ShardEntry
from pathworth.store.shards.snapshots import ColumnEntry, Manifest, OtherEntry, ShardWriter
from pathworth.store.shards.spool import Packed, Spool, by_part, packed

SHARD_EVENTS = 4_000_000
Piece: TypeAlias = tuple[int, dict[str, NDArray | Packed]]
"""What is set aside for a shard."""


def shard_count(events: int) -> int:
    """Return how many shards so many events are spread over: a power of two."""
    return 1 << ((max(events, 1) - 1) // SHARD_EVENTS).bit_length()


def _forget(_shard: int, _made: tuple[ShardEntry, int]) -> None:
    """Take no note of a shard."""


@dataclass(frozen=True)
class Kept:
    """Shards that are there already, each with its entities, and who notes one that is made."""

    shards: Mapping[int, tuple[ShardEntry, int]] = field(default_factory=dict)
    note: Callable[[int, tuple[ShardEntry, int]], None] = _forget


def build(
    parts: Iterable[pa.Table],
    plan: Plan,
    *,
    folder: Path,
    scratch: Path,
    progress: Callable[[int], None],
    kept: Kept | None = None,
) -> Manifest:
    """Write a snapshot of all rows into a folder; its manifest is returned and not yet written.

    Parameters
    ----------
    parts
        Rows of the lake: ``seq``, ``entity``, ``name``, ``time``, ``value``, ``cost`` and the plan's columns.
    folder
        The snapshot's folder, not there yet unless shards of it are kept.
    scratch
        Folder for what must be set aside meanwhile; empty at the end.
    progress
        Told how many rows have been read, and later how many have been laid out.
    kept
        Shards of these rows that lie in the folder since an earlier build was cut short, and who notes others; null
        where nobody goes on with a build.
    """
    kept = kept or Kept()
    folder.mkdir(parents=True, exist_ok=bool(kept.shards))
    spreading = _Spreading(plan, Spool(scratch, plan.shards))
    spreading.spool.unwanted = frozenset(kept.shards)
    laid_out = 0
    try:
        for part in parts:
            spreading.take(part)
            progress(spreading.coding.rows)
        spreading.flush()
        columns, promoted = spreading.coding.columns()
        entries, entities = [], 0

        def lay_out_shard(shard: int) -> tuple[ShardEntry, int]:
            if shard in kept.shards:
                return kept.shards[shard]
            spool, coding = spreading.spool, spreading.coding
            with ShardWriter(folder / file_of(shard)) as writer:
                held = write(spool, shard, columns=columns, coding=coding, writer=writer)
                return writer.entry(), held

        found = in_order(lay_out_shard, range(plan.shards), threads=processors(plan.rows))
        for shard, (entry, held) in enumerate(found):
            if shard not in kept.shards:
                kept.note(shard, (entry, held))
            entries.append(entry)
            entities += held
            laid_out += entry.blocks["seq"].count
            spreading.spool.drop(shard)
            progress(spreading.coding.rows + laid_out)
    finally:
        spreading.close()
    return manifest_of(
        spreading.coding,
        entries,
        columns=columns,
        promoted=promoted,
        entities=entities,
        folder=folder,
    )


def file_of(shard: int) -> str:
    """Return the name of a shard's file in the folder of its snapshot."""
    return f"{shard:05d}.shard"


@dataclass(frozen=True)
class Coded:
    """Rows whose texts are codes; ``entity`` counts among the entities that were found."""

    found: Found
    entity: NDArray[np.int32]
    columns: Mapping[str, NDArray]

    @classmethod
    def of(cls, rows: Rows, *, coding: Coding, known: Known) -> Coded:
        """Return rows that were noted as codes."""
        persons = coding.plan.persons.of(rows.ids)
        return cls(known.find(persons), rows.entity, coding.coded(rows))

    def pieces(self, shards: int) -> Iterator[Piece]:
        """Yield the rows by shard, packed; beside them come the ids that were not known."""
        columns = {"entity": self.found.place[self.entity], **self.columns}
        spread = by_part(self.found.shard[self.entity], shards, columns=columns)
        for rows_by_shard in (spread, self.found.fresh, self.found.letters):
            for shard, held in rows_by_shard.parts():
                yield shard, {name: packed(values) for name, values in held.items()}


class _Spreading:
    """Codes the rows of the lake and sets them aside by shard."""

    def __init__(self, plan: Plan, spool: Spool) -> None:
        self.coding, self.spool = Coding(plan), spool
        self._known = Known(plan.shards)
        self._spreading = InOrder(self._spread, self._keep, threads=processors(plan.rows))

    def take(self, part: pa.Table) -> None:
        """Code the rows of a part of the lake, and hand them over to be set aside."""
        if not len(part):
            return
        rows = Rows.of(part, self.coding.asked)
        self.coding.note(rows.look)
        self._spreading.put(Coded.of(rows, coding=self.coding, known=self._known))

    def flush(self) -> None:
        """Return when all rows are set aside."""
        self._spreading.finish()

    def close(self) -> None:
        """Let go of threads and of the disk that was taken."""
        self._spreading.close()
        self.spool.close()

    def _spread(self, rows: Coded) -> list[Piece]:
        return [*rows.pieces(self.coding.plan.shards)]

    def _keep(self, pieces: Sequence[Piece]) -> None:
        """Set aside what was packed."""
        for shard, columns in pieces:
            self.spool.append(shard, columns)


def write(
    spool: Spool,
    part: int,
    *,
    columns: Sequence[PropertyColumn],
    coding: Coding,
    writer: ShardWriter,
) -> int:
    """Lay out a shard of what was set aside as one part, write its columns, and return how many entities it holds."""
    sizes = spool.read(part, "id_size", dtype=np.int64)
    offset = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    letters = spool.read(part, "id_bytes", dtype=np.uint8)
    ids = pa.LargeStringArray.from_buffers(len(sizes), pa.py_buffer(offset), pa.py_buffer(letters))
    entities = rank_entities(ids, spool.read(part, "id_hash", dtype=np.uint64))
    rank = entities.rank[spool.read(part, "entity", dtype=np.int32)]
    time_us = spool.read(part, "time_us", dtype=np.int64)
    seq = spool.read(part, "seq", dtype=np.int64)
    starts, order = lay_out(rank, len(entities.hashes), time_us=time_us, seq=seq)
    writer.add("group_start", group_starts(entities.hashes))
    writer.add("offset", starts)
    writer.add("time_us", time_us[order])
    # Numbers are seldom looked at; whoever does takes them as wide as they are.
    writer.add("seq", seq[order].astype(seq_type(coding.seq)))
    writer.add("id_offset", entities.id_offset)
    writer.add("id_bytes", entities.id_bytes)
    names = spool.read(part, "name", dtype=code_type(len(coding.names)))
    writer.add("name", names[order])
    for k, money in enumerate(MONEY):
        writer.add(f"c/{k}", spool.read(part, money, dtype=np.int64)[order])
    for k, column in enumerate(columns, len(MONEY)):
        values = column.values(spool.blocks(part, column.key), coding.plan.timezone)
        values = values[order]
        writer.add(f"c/{k}", values)
        if column.kind in TRAIT_KINDS:
            writer.add(f"t/{k}", last_values(starts, values, kind=column.kind))
    return len(entities.hashes)


def manifest_of(
    coding: Coding,
    shards: list[ShardEntry],
    *,
    columns: Sequence[PropertyColumn],
    promoted: int,
    entities: int,
    folder: Path,
) -> Manifest:
    """Write dictionaries and persons and return the manifest; the first columns are the promoted ones."""
    plan = coding.plan
    entries = [ColumnEntry(money, "money") for money in MONEY]
    for k, column in enumerate(columns):
        name = f"values-{k + len(MONEY)}"
        entries.append(write_entry(folder, name, column=column, promoted=k < promoted))
    plan.persons.write(folder)
    named = {column.name for column in columns[:promoted]}
    kinds = {column.name: column.kind for column in plan.columns if column.filled}
    others = {
        name: OtherEntry(lake, kinds.get(name))
        for name, lake in sorted(plan.properties.items())
        if name not in named
    }
    alone = [c for c in plan.columns if c.name == c.lake and c.only is not None]
    return Manifest(
        id=plan.snapshot_id,
        seq=coding.seq,
        events=coding.rows,
        entities=entities,
        first_us=coding.first_us if coding.rows else 0,
        last_us=coding.last_us if coding.rows else 0,
        names=coding.names.values().to_pylist(),
        columns=entries,
        shards=shards,
        timezone=plan.timezone,
        currency=coding.currency,
        fingerprints=[],
        alone={column.name: column.only for column in alone if column.only is not None},
        torn=[column.name for column in alone if column.filled < column.rows],
        others=others,
        since=plan.snapshot_id,
        links=plan.persons.change,
    )
