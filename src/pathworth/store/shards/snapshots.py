"""Snapshots on disk: a manifest, the texts of each dictionary, and one file of raw columns per shard."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType

import msgspec
import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import StoreTrouble
from pathworth.store.contracts import ColumnInfo, Columns, Kind, Shard, Snapshot
from pathworth.store.files import close_quietly

FORMAT = 1
MANIFEST = "manifest.json"
_MAGIC = b"pathworth shard\n".ljust(64, b"\0")
_ALIGN = 64


@dataclass(frozen=True)
class Block:
    """Where a column lies in its shard's file: numpy type, first byte, elements."""

    dtype: str
    at: int
    count: int


@dataclass(frozen=True)
class ShardEntry:
    """A shard's file, its size in bytes and what it holds."""

    file: str
    size: int
    blocks: dict[str, Block]


@dataclass(frozen=True)
class ColumnEntry:
    """A promoted property; a text column's dictionary lies in ``values``."""

    name: str
    kind: Kind
    values: str | None = None
    trait: bool = False


@dataclass(frozen=True)
class Drained:
    """A file of the lake with events that no shard holds: how many of those, and the number of the last one."""

    path: str
    rows: int
    last_seq: int


@dataclass(frozen=True)
class Manifest:
    """All that a reader must know of a snapshot; column k is the block ``c/k`` of every shard.

    ``alone`` holds the one text of a source or currency that is no column, ``torn`` names those of the two that
    some events lack, and ``apart`` the properties that the lake has and the shards have not. ``home`` names the
    snapshot whose folder holds the shards, empty for this one, and ``drained`` the lake's files behind them.
    """

    id: str
    seq: int
    events: int
    entities: int
    first_us: int
    last_us: int
    names: list[str]
    columns: list[ColumnEntry]
    shards: list[ShardEntry]
    timezone: str
    currency: str
    fingerprints: list[str]
    alone: dict[str, str] = field(default_factory=dict)
    torn: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    home: str = ""
    drained: list[Drained] = field(default_factory=list)
    format: int = FORMAT

    @property
    def folder(self) -> str:
        """Return the name of the snapshot whose folder holds the shards."""
        return self.home or self.id

    @property
    def in_lake(self) -> int:
        """Return the number of the last event that the lake holds."""
        return max(self.seq, *(file.last_seq for file in self.drained), 0)

    @property
    def behind(self) -> int:
        """Return how many events the lake holds that the shards do not."""
        return sum(file.rows for file in self.drained)

    def with_fingerprints(self, runs: Sequence[str]) -> Manifest:
        """Return the manifest with the names of the runs of ids that it goes with."""
        return replace(self, fingerprints=list(runs))

    def write(self, folder: Path) -> None:
        """Write the manifest into the snapshot's folder."""
        (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(self)))


class ShardWriter:
    """Writes one shard's file, a column at a time, each at a multiple of 64 bytes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._out = path.open("wb")
        self._out.write(_MAGIC)
        self._blocks: dict[str, Block] = {}

    def __enter__(self) -> ShardWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._out.close()
        else:
            close_quietly(self._out)

    def add(self, name: str, values: NDArray) -> None:
        """Append a column."""
        self._out.write(b"\0" * (-self._out.tell() % _ALIGN))
        self._blocks[name] = Block(values.dtype.str, self._out.tell(), len(values))
        self._out.write(np.ascontiguousarray(values).data)

    def entry(self) -> ShardEntry:
        """Return what the manifest must know of the file."""
        return ShardEntry(self._path.name, self._out.tell(), self._blocks)


class _Mapped(Mapping[str, NDArray]):
    """Columns of one shard by name, seen in the memory map when asked for."""

    def __init__(self, held: mmap.mmap, blocks: Mapping[str, Block]) -> None:
        self._held, self._blocks = held, blocks

    def __getitem__(self, name: str, /) -> NDArray:
        block = self._blocks[name]
        return np.frombuffer(self._held, np.dtype(block.dtype), block.count, block.at)

    def __iter__(self) -> Iterator[str]:
        return iter(self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)


def write_values(path: Path, values: Sequence[str]) -> None:
    """Write the texts of a dictionary, by code from 1."""
    path.write_bytes(msgspec.json.encode(list(values)))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a snapshot."""
    return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)


def read_values(folder: Path, entry: ColumnEntry) -> tuple[str, ...]:
    """Return the texts of a column by code from 1; none when it is not a text column."""
    if entry.values is None:
        return ()
    return tuple(msgspec.json.decode((folder / entry.values).read_bytes(), type=list[str]))


def open_snapshot(folder: Path) -> Snapshot:
    """Open a snapshot; shards are memory-mapped, so it stays whole even when its folder is deleted.

    Raises
    ------
    StoreTrouble
        ``SNAPSHOT_DAMAGED`` when a file is not as long as the manifest says, or is not there.
    """
    manifest = read_manifest(folder)
    infos = {c.name: ColumnInfo(c.kind, read_values(folder, c)) for c in manifest.columns}
    return Snapshot(
        id=manifest.id,
        seq=manifest.seq,
        shards=tuple(_open_shard(folder, entry, manifest.columns) for entry in manifest.shards),
        names=tuple(manifest.names),
        columns=infos,
        traits={c.name: infos[c.name] for c in manifest.columns if c.trait},
        first_us=manifest.first_us,
        last_us=manifest.last_us,
        timezone=manifest.timezone,
        currency=manifest.currency,
    )


def _open_shard(folder: Path, entry: ShardEntry, columns: Sequence[ColumnEntry]) -> Shard:
    path = folder / entry.file
    if path.stat().st_size != entry.size:
        raise StoreTrouble(
            "SNAPSHOT_DAMAGED",
            f"{path} holds {path.stat().st_size} bytes where its manifest says {entry.size}.",
            "Put the workspace back from a backup.",
        )
    with path.open("rb") as file:
        held = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    every = _Mapped(held, entry.blocks)
    own: Columns = _Mapped(held, {c.name: entry.blocks[f"c/{k}"] for k, c in enumerate(columns)})
    traits: Columns = _Mapped(
        held, {c.name: entry.blocks[f"t/{k}"] for k, c in enumerate(columns) if c.trait}
    )
    plain = ("group_start", "offset", "name", "time_us", "seq", "id_offset", "id_bytes")
    return Shard(columns=own, traits=traits, **{name: every[name] for name in plain})
