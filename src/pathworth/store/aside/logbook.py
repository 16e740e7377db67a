"""What is done of an import that may be cut short, line by line: each line is on the disk before the next step.

The first line says which files are imported and how they are read. One line follows for each block of rows; when
all files are read, one says what was found of the rows, one follows for each file of the lake, and one for each shard.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from pathworth.store.contracts import InputFile
from pathworth.store.files import sync_file
from pathworth.store.shards.entries import ShardEntry


class Begun(msgspec.Struct, tag="begun", frozen=True):
    """The files that are imported, and everything that decides how their rows are set aside."""

    files: tuple[InputFile, ...]
    source: str
    hashed: bool
    reading: str

    def changed(self, other: Begun) -> str | None:
        """Return in words what another import of the same files has different; null when nothing is."""
        mine, theirs = ({f.path: f.sha256 for f in one.files} for one in (self, other))
        for path in mine:
            if theirs.get(path, mine[path]) != mine[path]:
                return f"{Path(path).name} has changed"
        if list(mine) != list(theirs):
            return "other files are read with it"
        return None if self == other else "its columns are read in another way"


class BlockDone(msgspec.Struct, tag="block", frozen=True):
    """A block of rows: how many it holds of each file, how many were refused, and where reading goes on."""

    rows: int
    bytes: int
    per_file: tuple[int, ...]
    rejected: tuple[int, ...]
    properties: tuple[str, ...]
    mark: str


class Base(msgspec.Struct, frozen=True):
    """What the workspace held when rows were compared with it; another base makes the comparison worthless."""

    import_id: int
    first_seq: int
    snapshot: str | None
    lake_version: int


class Judged(msgspec.Struct, tag="judged", frozen=True):
    """What was found of the rows, in all; the verdicts and the run of ids lie beside the logbook."""

    base: Base
    accepted: int
    shadowed: int
    conflicting: int
    runs: tuple[str, ...]


class ZoneDone(msgspec.Struct, tag="zone", frozen=True):
    """A file of the lake, or a zone without rows."""

    zone: str
    path: str | None
    rows: int


class Cleared(msgspec.Struct, tag="cleared", frozen=True):
    """Rows are in files of the lake, and begin to go away: those of the zones that are done."""


class ShardDone(msgspec.Struct, tag="shard", frozen=True):
    """A shard that is on the disk: what it was made of, its number, what the manifest says of it, its entities."""

    made_of: str
    shard: int
    entry: ShardEntry
    entities: int


Line = Begun | BlockDone | Judged | ZoneDone | Cleared | ShardDone
Kind = TypeVar("Kind", Begun, BlockDone, Judged, ZoneDone, Cleared, ShardDone)


class Logbook:
    """The logbook of one import.

    Parameters
    ----------
    path
        The file; a line of it that was cut short is cut off.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = read_lines(path)
        self._rewrite()

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Return the lines of one kind, in their order."""
        return [line for line in self._lines if isinstance(line, kind)]

    def note(self, line: Line) -> None:
        """Add a line; when this returns it is on the disk."""
        self._lines.append(line)
        self._out.write(_text(line))
        self._out.flush()
        os.fsync(self._out.fileno())

    def keep(self, lines: Sequence[Line]) -> None:
        """Keep only these lines."""
        self._out.close()
        self._lines = list(lines)
        self._rewrite()

    def close(self) -> None:
        """Let go of the file."""
        self._out.close()

    def _rewrite(self) -> None:
        aside = self._path.with_name(self._path.name + ".aside")
        aside.write_bytes(b"".join(map(_text, self._lines)))
        sync_file(aside)
        aside.replace(self._path)
        sync_file(self._path.parent)
        self._out = self._path.open("ab")


def read_lines(path: Path) -> list[Line]:
    """Return the whole lines of a logbook; none when there is no logbook."""
    lines: list[Line] = []
    if path.exists():
        for text in path.read_bytes().splitlines(keepends=True):
            if not text.endswith(b"\n"):
                break
            lines.append(msgspec.json.decode(text, type=Line))
    return lines


def _text(line: Line) -> bytes:
    return msgspec.json.encode(line) + b"\n"
