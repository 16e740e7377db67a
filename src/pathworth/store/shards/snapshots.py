"""Snapshots on disk: a manifest, the texts of each dictionary, and one file of raw columns per shard."""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import TracebackType

import msgspec
import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import StoreTrouble
from pathworth.base.lately import Lately, room_beside
from pathworth.store.contracts import ColumnInfo, Kind, Shard, Snapshot
from pathworth.store.files import close_quietly, end_of, map_file, write_array
from pathworth.store.identity.persons import Persons
from pathworth.store.shards.entries import Block, ShardEntry
from pathworth.store.shards.further import (
    Carried,
    Further,
    FurtherColumn,
    Maker,
    Named,
    NamedTraits,
)
from pathworth.store.shards.word_files import WORDS, open_words
from pathworth.store.shared.awaited import PARTS, Awaited, Lies, Opened, bring, files_away

FORMAT = 1
MANIFEST = "manifest.json"
_MAGIC = b"pathworth shard\n".ljust(64, b"\0")
_ALIGN = 64
_ALWAYS = ("offset", "name", "time_us")
"""What nearly every question reads."""


@dataclass(frozen=True)
class ColumnEntry:
    """A property as shards hold it; a text column's dictionary lies in ``values``.

    One that is not ``promoted`` was asked for once, and is carried from snapshot to snapshot.
    """

    name: str
    kind: Kind
    values: str | None = None
    trait: bool = False
    promoted: bool = True


@dataclass(frozen=True)
class OtherEntry:
    """A property that is not promoted: what the lake calls it, and its kind where all of its texts were seen."""

    lake: str
    kind: Kind | None = None


@dataclass(frozen=True)
class Drained:
    """A file of the lake with events that no shard holds: how many of those, and the number of the last one."""

    path: str
    rows: int
    last_seq: int


@dataclass(frozen=True)
class Manifest:
    """All that a reader must know of a snapshot; column k is the block ``c/k`` of every shard.

    ``alone`` holds the one text of a source or currency that is no column, and ``torn`` names those of the two that
    some events lack. ``others`` are the properties that some row holds and that are not promoted. ``home`` names the
    snapshot whose folder holds the shards, empty for this one, and ``drained`` the lake's files behind them. Since the
    snapshot of the name ``since`` events only came in: an undo begins anew. ``links`` is the change of the links
    between ids up to which the shards hold persons, who lie in a file beside them.
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
    home: str = ""
    drained: list[Drained] = field(default_factory=list)
    format: int = FORMAT
    others: dict[str, OtherEntry] = field(default_factory=dict)
    since: str = ""
    links: int = 0

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
        write_array(self._out, values)

    def entry(self) -> ShardEntry:
        """Return what the manifest must know of the file."""
        return ShardEntry(self._path.name, end_of(self._out), self._blocks)


class _Mapped(Mapping[str, NDArray]):
    """Blocks of one file by name, seen in the memory map when asked for; ``found`` says where it is if not here."""

    def __init__(
        self,
        opened: Callable[[], mmap.mmap],
        blocks: Mapping[str, Block],
        found: str | None = None,
    ) -> None:
        self._opened, self.blocks, self.found = opened, blocks, found

    def __getitem__(self, name: str, /) -> NDArray:
        block = self.blocks[name]
        return np.frombuffer(self._opened(), np.dtype(block.dtype), block.count, block.at)

    def ask(self, name: str, lately: Lately) -> NDArray:
        """Return a block, noted as one that a question reads."""
        lately.ask(name, self._opened(), span=self.blocks[name].span)
        return self[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.blocks)

    def __len__(self) -> int:
        return len(self.blocks)


class Blocks(Mapping[str, NDArray]):
    """Blocks of a memory map under other names; those that questions read are noted where ``lately`` is given."""

    def __init__(
        self, held: _Mapped, names: Mapping[str, str], lately: Lately | None = None
    ) -> None:
        self._held, self._names, self._lately = held, names, lately

    def __getitem__(self, name: str, /) -> NDArray:
        if self._lately is None:
            return self._held[self._names[name]]
        return self._held.ask(self._names[name], self._lately)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def write_values(path: Path, values: Sequence[str]) -> None:
    """Write the texts of a dictionary, by code from 1."""
    path.write_bytes(msgspec.json.encode(list(values)))


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a snapshot."""
    return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)


def read_values(folder: Path, entry: ColumnEntry) -> Sequence[str]:
    """Return the texts of a column by code from 1; none when it is not a text column."""
    if entry.values is None:
        return ()
    if entry.values.endswith(WORDS):
        return open_words(folder / entry.values)
    return tuple(msgspec.json.decode((folder / entry.values).read_bytes(), type=list[str]))


def open_snapshot(folder: Path, maker: Callable[[Manifest], Maker] | None = None) -> Snapshot:
    """Open a snapshot; shards are memory-mapped, so it stays whole even when its folder is deleted.

    Parameters
    ----------
    folder
        Where it lies.
    maker
        Returns what makes columns of it that are asked for and not there; null for those alone that are.

    Raises
    ------
    StoreTrouble
        ``SNAPSHOT_DAMAGED`` when a file is not as long as the manifest says, or is not there.
    """
    manifest = read_manifest(folder)
    entries = manifest.columns
    infos = {c.name: ColumnInfo(c.kind, read_values(folder, c)) for c in entries}
    away = files_away(folder)
    maps = [open_blocks(folder, entry, found=away.get(entry.file)) for entry in manifest.shards]
    carried = {
        c.name: FurtherColumn(
            infos[c.name],
            Carried(maps, f"c/{k}"),
            Carried(maps, f"t/{k}") if c.trait else None,
        )
        for k, c in enumerate(entries)
        if not c.promoted
    }
    kinds = {name: one.kind for name, one in manifest.others.items()}
    further = Further(kinds, carried, maker=maker(manifest) if maker else None)
    promoted = {c.name: infos[c.name] for c in entries if c.promoted}
    always = sum(len(held.blocks[name].span) for held in maps for name in _ALWAYS)
    lately = Lately(room_beside(always))
    traits = {c.name: infos[c.name] for c in entries if c.promoted and c.trait}
    return Snapshot(
        id=name_of(manifest.id, manifest.links),
        seq=manifest.seq,
        shards=tuple(
            _shard(k, held, entries, further, lately=lately) for k, held in enumerate(maps)
        ),
        names=tuple(manifest.names),
        columns=Named(promoted, further, lambda found: found.info),
        traits=NamedTraits(traits, further, lambda found: found.info if found.traits else None),
        first_us=manifest.first_us,
        last_us=manifest.last_us,
        timezone=manifest.timezone,
        currency=manifest.currency,
        on_use=further,
        persons=Persons.read(folder, manifest.links),
    )


def name_of(home: str, links: int, *, erased: int = 0) -> str:
    """Return the name of a snapshot that stands on some shards and holds links and erasures up to some of them."""
    said = f"{home}.{links}" if links else home
    return f"{said}.e{erased}" if erased else said


def open_blocks(folder: Path, entry: ShardEntry, *, found: str | None = None) -> _Mapped:
    """Return the columns of a shard's file, seen in its memory map.

    Parameters
    ----------
    folder
        Where the file lies.
    entry
        What it holds.
    found
        Where it is fetched from, when something of it is first read, if it does not lie there; null for nowhere.

    Raises
    ------
    StoreTrouble
        ``SNAPSHOT_DAMAGED`` when the file is not as long as it should be.
    """
    path = folder / entry.file
    if found is not None and not path.exists():
        return _Mapped(Opened(partial(bring, path, found, size=entry.size)), entry.blocks, found)
    if path.stat().st_size != entry.size:
        raise StoreTrouble(
            "SNAPSHOT_DAMAGED",
            f"{path} holds {path.stat().st_size} bytes where its manifest says {entry.size}.",
            "Put the workspace back from a backup.",
        )
    held = map_file(path)
    return _Mapped(lambda: held, entry.blocks)


def _shard(
    number: int,
    held: _Mapped,
    entries: Sequence[ColumnEntry],
    further: Further,
    *,
    lately: Lately,
) -> Shard:
    own = {c.name: f"c/{k}" for k, c in enumerate(entries) if c.promoted}
    last = {c.name: f"t/{k}" for k, c in enumerate(entries) if c.promoted and c.trait}
    columns = Named(Blocks(held, own, lately), further, lambda found: found.columns[number])
    traits = NamedTraits(
        Blocks(held, last), further, lambda found: found.traits[number] if found.traits else None
    )
    if held.found is not None:
        lies = Lies(held.found, held.blocks, own, last)
        return Awaited.of(held, lies, columns=columns, traits=traits)
    return Shard(columns=columns, traits=traits, **{name: held[name] for name in PARTS})
