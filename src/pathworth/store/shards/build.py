"""Builds the shards of a snapshot from the lake, with memory that does not grow with the lake."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pathworth.store.arrays import (
    MONEY,
    TRAIT_KINDS,
    code_type,
    group_starts,
    last_values,
    lay_out,
    rank_entities,
    shard_of,
)
from pathworth.store.shards.column_files import write_entry
from pathworth.store.shards.columns import PropertyColumn, carried, chosen
from pathworth.store.shards.dictionaries import Dictionary
from pathworth.store.shards.snapshots import (
    ColumnEntry,
    Manifest,
    OtherEntry,
    ShardEntry,
    ShardWriter,
)
from pathworth.store.shards.spool import Spool
from pathworth.store.texts import encoded, hash64, text_buffers

SHARD_EVENTS = 4_000_000
_PENDING = 524_288


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
    timezone, currency
        Of the workspace.
    properties
        Lake column of every property that some row holds.
    """

    snapshot_id: str
    names: Sequence[str]
    columns: Sequence[PropertyColumn]
    shards: int
    timezone: str
    currency: str
    properties: Mapping[str, str] = field(default_factory=dict)


def build(
    batches: Iterable[pa.RecordBatch],
    plan: Plan,
    *,
    folder: Path,
    scratch: Path,
    progress: Callable[[int], None],
) -> Manifest:
    """Write a snapshot of all rows into a folder; its manifest is returned and not yet written.

    Parameters
    ----------
    batches
        Rows of the lake: ``seq``, ``entity``, ``name``, ``time``, ``value``, ``cost`` and the plan's columns.
    folder
        The snapshot's folder, not there yet.
    scratch
        Folder for what must be set aside meanwhile; empty at the end.
    progress
        Told how many rows have been read, and later how many have been laid out.
    """
    folder.mkdir(parents=True)
    spreading = _Spreading(plan, Spool(scratch, plan.shards))
    try:
        for batch in batches:
            spreading.take(batch)
            progress(spreading.rows)
        spreading.flush()
        promoted = chosen(plan.columns)
        columns = [*promoted, *carried(plan.columns, promoted)]
        entries, entities = [], 0
        for shard in range(plan.shards):
            with ShardWriter(folder / f"{shard:05d}.shard") as writer:
                entities += spreading.write(shard, columns, writer=writer)
                entries.append(writer.entry())
            spreading.spool.drop(shard)
            progress(spreading.rows + spreading.laid_out)
    finally:
        spreading.spool.close()
    return spreading.manifest(
        columns, entries, folder=folder, entities=entities, promoted=len(promoted)
    )


class _Spreading:
    """Codes the rows of the lake and sets them aside by shard, then lays out one shard after the other."""

    def __init__(self, plan: Plan, spool: Spool) -> None:
        self.plan, self.spool = plan, spool
        self.names = Dictionary(plan.names)
        self.rows = self.laid_out = self.seq = 0
        self.first_us, self.last_us = 2**63 - 1, -(2**63)
        self._ids: list[pa.Array] = []
        self._hashes: list[NDArray[np.uint64]] = []
        self._pending: list[dict[str, NDArray]] = []
        self._entries = self._waiting = 0
        self._known = np.zeros(plan.shards, dtype=np.int64)

    def take(self, batch: pa.RecordBatch) -> None:
        """Code the rows of a batch."""
        properties = self._properties(batch)
        if self._pending and not _alike(self._pending[0], properties):
            self.flush()
        ids, entity = encoded(batch["entity"])
        names, name = encoded(batch["name"])
        time_us = batch["time"].cast(pa.int64()).to_numpy()
        seq = batch["seq"].to_numpy()
        coded = {
            "entity": entity + np.int32(self._entries),
            "name": self.names.codes(names)[name].astype(np.uint32),
            "time_us": time_us,
            "seq": seq,
        }
        for money in MONEY:
            coded[money] = pc.fill_null(batch[money], 0).to_numpy(zero_copy_only=False)
        coded.update(properties)
        self._ids.append(ids.cast(pa.large_string()))
        self._hashes.append(hash64(ids))
        self._pending.append(coded)
        self._entries += len(ids)
        self._waiting += len(batch)
        self.rows += len(batch)
        if len(batch):
            self.seq = max(self.seq, int(seq.max()))
            self.first_us = min(self.first_us, int(time_us.min()))
            self.last_us = max(self.last_us, int(time_us.max()))
        if self._waiting >= _PENDING:
            self.flush()

    def _currency(self) -> str:
        """Return the one currency of all events, or the workspace's when there are several."""
        for column in self.plan.columns:
            if column.lake == "currency" and len(column.dictionary) == 1:
                return str(column.dictionary.values()[0])
        return self.plan.currency

    def _properties(self, batch: pa.RecordBatch) -> dict[str, NDArray]:
        held = set(batch.schema.names)
        found = {}
        for column in self.plan.columns:
            texts = batch[column.lake] if column.lake in held else None
            values = column.take(texts, len(batch), timezone=self.plan.timezone)
            if values is not None:
                found[column.key] = values
        return found

    def flush(self) -> None:
        """Set the coded rows and the ids of their entities aside by shard."""
        if not self._pending:
            return
        hashes, ids = np.concatenate(self._hashes), pa.concat_arrays(self._ids)
        shard = shard_of(hashes, self.plan.shards)
        order = np.argsort(shard.astype(np.uint16), kind="stable")
        edges = np.searchsorted(shard[order], np.arange(self.plan.shards + 1))
        place = np.empty(len(order), dtype=np.int32)
        place[order] = np.arange(len(order)) - edges[shard[order]] + self._known[shard[order]]
        for part in range(self.plan.shards):
            own = order[edges[part] : edges[part + 1]]
            data, offset = text_buffers(ids.take(pa.array(own)))
            letters = data[offset[0] : offset[-1]]
            texts = {"id_hash": hashes[own], "id_size": np.diff(offset), "id_bytes": letters}
            self.spool.append(part, texts)
        self._known += np.diff(edges)
        self._spread_rows(shard, place)

    def _spread_rows(self, shard: NDArray[np.int64], place: NDArray[np.int32]) -> None:
        names = list(self._pending[0])
        pending, self._pending = self._pending, []
        self._ids, self._hashes, self._entries, self._waiting = [], [], 0, 0
        entity = np.concatenate([rows["entity"] for rows in pending])
        order = np.argsort(shard[entity].astype(np.uint16), kind="stable")
        edges = np.searchsorted(shard[entity][order], np.arange(self.plan.shards + 1))
        for name in names:
            values = (
                place[entity] if name == "entity" else np.concatenate([r[name] for r in pending])
            )
            for part in range(self.plan.shards):
                own = order[edges[part] : edges[part + 1]]
                self.spool.append(part, {name: values[own]})

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
        writer.add("seq", seq[order])
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
        self.laid_out += len(order)
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
        """Write the dictionaries and return the manifest; the first columns are the promoted ones."""
        entries = [ColumnEntry(money, "money") for money in MONEY]
        for k, column in enumerate(columns):
            name = f"values-{k + len(MONEY)}"
            entries.append(write_entry(folder, name, column=column, promoted=k < promoted))
        named = {column.name for column in columns[:promoted]}
        kinds = {column.name: column.kind for column in self.plan.columns if column.filled}
        others = {
            name: OtherEntry(lake, kinds.get(name))
            for name, lake in sorted(self.plan.properties.items())
            if name not in named
        }
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
            others=others,
        )


def _alike(pending: Mapping[str, NDArray], properties: Mapping[str, NDArray]) -> bool:
    """Return whether rows can wait together: the same property columns, of the same types."""
    waiting = {name: a.dtype for name, a in pending.items() if name.startswith("p ")}
    return waiting == {name: a.dtype for name, a in properties.items()}
