"""Shards that lie at an address: how much they hold is known without them, and a file comes when it is first read."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec
from numpy.typing import NDArray

from pathworth.base.errors import StoreTrouble
from pathworth.store.contracts import Columns, Shard
from pathworth.store.files import FileMap, disk_trouble, map_file, sync_file, write_whole
from pathworth.store.shards.entries import Block
from pathworth.store.shared.places import PART, fetch, size_of

AWAY = "away.json"
"""In a snapshot's folder: where its shards are found that lie at an address, whether they lie here as well or not."""
PARTS = ("group_start", "offset", "name", "time_us", "seq", "id_offset", "id_bytes")
"""What a shard's file holds of every shard, by the names of its parts."""


def files_away(folder: Path) -> dict[str, str]:
    """Return where the files of a snapshot that lie at an address are found, by name; see ``find``."""
    try:
        return msgspec.json.decode((folder / AWAY).read_bytes(), type=dict[str, str])
    except FileNotFoundError:
        return {}


def note_away(folder: Path, found: Mapping[str, str]) -> None:
    """Note where files of a snapshot are found that lie at an address."""
    write_whole(folder / AWAY, msgspec.json.encode(dict(found)))


def bring(path: Path, found: str, *, size: int) -> FileMap:
    """Fetch a file to its place and return it seen in memory; where its folder is gone by now, it has no name.

    Raises
    ------
    StoreTrouble
        ``SHARED_UNREACHABLE``, ``DISK_FULL``, ``SNAPSHOT_DAMAGED`` when it is not as long as it should be.
    """
    folder = path.parent if path.parent.is_dir() else Path(tempfile.gettempdir())
    aside = folder / f".{path.name}.{os.urandom(6).hex()}{PART}"
    try:
        with disk_trouble(folder):
            fetch(found, aside)
        if aside.stat().st_size != size:
            raise StoreTrouble(
                "SNAPSHOT_DAMAGED",
                f"{found} holds {aside.stat().st_size} bytes where its manifest says {size}.",
                "Build the shards anew from the lake: pathworth rebuild.",
            )
        held = map_file(aside)
        if folder == path.parent:
            aside.replace(path)
            held.path = path
            sync_file(folder)
        return held
    finally:
        aside.unlink(missing_ok=True)


def bring_all(folder: Path) -> None:
    """Fetch the shards of a snapshot that are not here; raises as ``bring`` does."""
    for name, found in files_away(folder).items():
        if not (folder / name).exists():
            bring(folder / name, found, size=size_of(found) or 0)


class Opened:
    """The map of a file, made when it is first asked for, once."""

    def __init__(self, make: Callable[[], FileMap]) -> None:
        self._make, self._lock = make, Lock()

    def __call__(self) -> FileMap:
        """Return the map."""
        with self._lock:
            return self._map

    @cached_property
    def _map(self) -> FileMap:
        return self._make()


@dataclass(frozen=True)
class Lies:
    """Where a shard's file is found, what lies in it, and what columns and traits are called there."""

    found: str
    blocks: Mapping[str, Block]
    columns: Mapping[str, str]
    traits: Mapping[str, str]

    def column(self, name: str) -> Block | None:
        """Return where a column lies; null for one that is not of this file."""
        return self.blocks[self.columns[name]] if name in self.columns else None

    def trait(self, name: str) -> Block | None:
        """Return where a trait lies; null for one that is not of this file."""
        return self.blocks[self.traits[name]] if name in self.traits else None


class Awaited(Shard):
    """A shard whose parts are read from its file when they are asked for, which is fetched then.

    Attributes
    ----------
    lies
        Where they lie, so that another machine can read them without this one.
    """

    lies: Lies
    _held: Mapping[str, NDArray]

    @classmethod
    def of(
        cls, held: Mapping[str, NDArray], lies: Lies, *, columns: Columns, traits: Columns
    ) -> Awaited:
        """Return a shard of the blocks of a file, of which none is read yet."""
        made = object.__new__(cls)
        parts = {"_held": held, "lies": lies, "columns": columns, "traits": traits}
        for name, value in parts.items():
            object.__setattr__(made, name, value)
        return made

    def __getattr__(self, name: str) -> Any:
        """Return a part of the file, which stays from then on."""
        if name not in PARTS:
            raise AttributeError(name)
        value = self._held[name]
        object.__setattr__(self, name, value)
        return value

    def __repr__(self) -> str:
        """Return it in words, of which nothing has to be fetched."""
        return f"Awaited({self.lies.found!r}, {self.entities} entities, {self.events} events)"

    @property
    def entities(self) -> int:
        """Return how many entities the shard holds."""
        return self.lies.blocks["offset"].count - 1

    @property
    def events(self) -> int:
        """Return how many events the shard holds."""
        return self.lies.blocks["name"].count

    def with_columns(self, *, columns: Columns, traits: Columns) -> Awaited:
        """Return the shard with other columns and traits."""
        return Awaited.of(self._held, self.lies, columns=columns, traits=traits)
