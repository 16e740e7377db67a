"""Builds the shards of a snapshot from the lake, with memory that does not grow with the lake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
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
from pathworth.store.aside.blocks import one
from pathworth.store.identity.persons import NOBODY_JOINED, Persons
from pathworth.store.shards.column_files import write_entry
from pathworth.store.shards.columns import PropertyColumn, carried, chosen
from pathworth.store.shards.dictionaries import Dictionary
from pathworth.store.shards.entries import ShardEntry
from pathworth.store.shards.known import Found, Known
from pathworth.store.shards.snapshots import ColumnEntry, Manifest, OtherEntry, ShardWriter
from pathworth.store.shards.spool import Packed, Spool, by_part, packed
from pathworth.store.texts import encoded

SHARD_EVENTS = 4_000_000


def shard_count(events: int) -> int:
    """Return how many shards so many events are spread over: a power of two."""
    return 1 << ((max(events, 1) - 1) // SHARD_EVENTS).bit_length()


@dataclass(frozen=True)
class Plan:
    """What a build starts from.

    Parameters
    ----------
    snapshot_id
        Name of the snapshot that is made.
    names
        Event names that have codes already, by code.
    columns
        Columns that may be promoted, the likeliest first.
    shards
        How many shards, a power of two; changes no answer.
    rows
        How many rows come.
    timezone, currency
        Of the workspace.
    properties
        Lake column of every property that some row holds.
    persons
        Whose each raw id of a row is.
    """

    snapshot_id: str
    names: Sequence[str]
    columns: Sequence[PropertyColumn]
    shards: int
    rows: int
    timezone: str
    currency: str
    properties: Mapping[str, str] = field(default_factory=dict)
    persons: Persons = NOBODY_JOINED


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
            progress(spreading.rows)
        spreading.flush()
        promoted = chosen(plan.columns)
        columns = [*promoted, *carried(plan.columns, promoted)]
        entries, entities = [], 0

        def lay_out_shard(shard: int) -> tuple[ShardEntry, int]:
            if shard in kept.shards:
                return kept.shards[shard]
            with ShardWriter(folder / f"{shard:05d}.shard") as writer:
                held = spreading.write(shard, columns, writer=writer)
                return writer.entry(), held

        found = in_order(lay_out_shard, range(plan.shards), threads=processors(plan.rows))
        for shard, (entry, held) in enumerate(found):
            if shard not in kept.shards:
                kept.note(shard, (entry, held))
            entries.append(entry)
            entities += held
            laid_out += entry.blocks["seq"].count
            spreading.spool.drop(shard)
            progress(spreading.rows + laid_out)
    finally:
        spreading.close()
    return spreading.manifest(
        columns, entries, folder=folder, entities=entities, promoted=len(promoted)
    )


@dataclass(frozen=True)
class _Coded:
    """Rows whose texts are codes; ``entity`` counts among the entities that were found."""

    found: Found
    entity: NDArray[np.int32]
    columns: Mapping[str, NDArray]


_Piece: TypeAlias = tuple[int, dict[str, NDArray | Packed]]


class _Spreading:
    """Codes the rows of the lake and sets them aside by shard, then lays out one shard after the other."""

    def __init__(self, plan: Plan, spool: Spool) -> None:
        self.plan, self.spool = plan, spool
        self.names = Dictionary(plan.names)
        self.rows = self.seq = 0
        self.first_us, self.last_us = 2**63 - 1, -(2**63)
        self._known = Known(plan.shards)
        self._spreading = InOrder(self._spread, self._keep, threads=processors(plan.rows))

    def take(self, part: pa.Table) -> None:
        """Code the rows of a part of the lake, and hand them over to be set aside."""
        if not len(part):
            return
        held = {name: one(part[name]) for name in part.column_names}
        ids, entity = encoded(held["entity"])
        names, name = encoded(held["name"])
        time_us = held["time"].cast(pa.int64()).to_numpy()
        seq = held["seq"].to_numpy()
        columns = {
            "name": self.names.codes(names)[name].astype(code_type(len(self.names))),
            "time_us": time_us,
            "seq": seq.astype(seq_type(int(seq.max())), copy=False),
        }
        for money in MONEY:
            columns[money] = pc.fill_null(held[money], 0).to_numpy(zero_copy_only=False)
        columns.update(self._properties(held, len(part)))
        self.rows += len(part)
        self.seq = max(self.seq, int(seq.max()))
        self.first_us = min(self.first_us, int(time_us.min()))
        self.last_us = max(self.last_us, int(time_us.max()))
        persons = self.plan.persons.of(ids)
        self._spreading.put(_Coded(self._known.find(persons), entity, columns))

    def flush(self) -> None:
        """Return when all rows are set aside."""
        self._spreading.finish()

    def close(self) -> None:
        """Let go of threads and of the disk that was taken."""
        self._spreading.close()
        self.spool.close()

    def _spread(self, rows: _Coded) -> list[_Piece]:
        """Sort the rows of a part by shard and pack them; beside them come the ids that were not known."""
        found = rows.found
        columns = {"entity": found.place[rows.entity], **rows.columns}
        spread = by_part(found.shard[rows.entity], self.plan.shards, columns=columns)
        return [
            (shard, {name: packed(values) for name, values in held.items()})
            for rows_by_shard in (spread, found.fresh, found.letters)
            for shard, held in rows_by_shard.parts()
        ]

    def _keep(self, pieces: Sequence[_Piece]) -> None:
        """Set aside what was packed."""
        for shard, columns in pieces:
            self.spool.append(shard, columns)

    def _currency(self) -> str:
        """Return the one currency of all events, or the workspace's when there are several."""
        for column in self.plan.columns:
            if column.lake == "currency" and len(column.dictionary) == 1:
                return str(column.dictionary.values()[0])
        return self.plan.currency

    def _properties(self, held: Mapping[str, pa.Array], rows: int) -> dict[str, NDArray]:
        found = {}
        for column in self.plan.columns:
            values = column.take(held.get(column.lake), rows, timezone=self.plan.timezone)
            if values is not None:
                found[column.key] = values
        return found

    def write(self, shard: int, columns: Sequence[PropertyColumn], *, writer: ShardWriter) -> int:
        """Lay out one shard, write its columns, and return how many entities it holds."""
        sizes = self.spool.read(shard, "id_size", dtype=np.int64)
        offset = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        letters = self.spool.read(shard, "id_bytes", dtype=np.uint8)
        ids = pa.LargeStringArray.from_buffers(
            len(sizes), pa.py_buffer(offset), pa.py_buffer(letters)
        )
        entities = rank_entities(ids, self.spool.read(shard, "id_hash", dtype=np.uint64))
        rank = entities.rank[self.spool.read(shard, "entity", dtype=np.int32)]
        time_us = self.spool.read(shard, "time_us", dtype=np.int64)
        seq = self.spool.read(shard, "seq", dtype=np.int64)
        starts, order = lay_out(rank, len(entities.hashes), time_us=time_us, seq=seq)
        writer.add("group_start", group_starts(entities.hashes))
        writer.add("offset", starts)
        writer.add("time_us", time_us[order])
        # Numbers are seldom looked at; whoever does takes them as wide as they are.
        writer.add("seq", seq[order].astype(seq_type(self.seq)))
        writer.add("id_offset", entities.id_offset)
        writer.add("id_bytes", entities.id_bytes)
        names = self.spool.read(shard, "name", dtype=code_type(len(self.names)))
        writer.add("name", names[order])
        for k, money in enumerate(MONEY):
            writer.add(f"c/{k}", self.spool.read(shard, money, dtype=np.int64)[order])
        for k, column in enumerate(columns, len(MONEY)):
            values = column.values(self.spool.blocks(shard, column.key), self.plan.timezone)
            values = values[order]
            writer.add(f"c/{k}", values)
            if column.kind in TRAIT_KINDS:
                writer.add(f"t/{k}", last_values(starts, values, kind=column.kind))
        return len(entities.hashes)

    def manifest(
        self,
        columns: Sequence[PropertyColumn],
        shards: list[ShardEntry],
        *,
        folder: Path,
        entities: int,
        promoted: int,
    ) -> Manifest:
        """Write dictionaries and persons and return the manifest; the first columns are the promoted ones."""
        entries = [ColumnEntry(money, "money") for money in MONEY]
        for k, column in enumerate(columns):
            name = f"values-{k + len(MONEY)}"
            entries.append(write_entry(folder, name, column=column, promoted=k < promoted))
        self.plan.persons.write(folder)
        named = {column.name for column in columns[:promoted]}
        kinds = {column.name: column.kind for column in self.plan.columns if column.filled}
        others = {
            name: OtherEntry(lake, kinds.get(name))
            for name, lake in sorted(self.plan.properties.items())
            if name not in named
        }
        alone = [c for c in self.plan.columns if c.name == c.lake and c.only is not None]
        return Manifest(
            id=self.plan.snapshot_id,
            seq=self.seq,
            events=self.rows,
            entities=entities,
            first_us=self.first_us if self.rows else 0,
            last_us=self.last_us if self.rows else 0,
            names=self.names.values().to_pylist(),
            columns=entries,
            shards=shards,
            timezone=self.plan.timezone,
            currency=self._currency(),
            fingerprints=[],
            alone={column.name: column.only for column in alone if column.only is not None},
            torn=[column.name for column in alone if column.filled < column.rows],
            others=others,
            since=self.plan.snapshot_id,
            links=self.plan.persons.change,
        )
