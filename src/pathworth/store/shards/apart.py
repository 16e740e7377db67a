"""A build in steps that may run apart from each other: in threads here, or in the processes of a cluster.

Each step is a function of what it is given, so that it may be done again, elsewhere and twice. Codes are given between
the first step and the second, in the order of the lake; the files of the shards are then the same, byte for byte, as
those of ``build``.
"""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pathworth.store.lake import LakeFile
from pathworth.store.shards.build import Coded, file_of, manifest_of, write
from pathworth.store.shards.coding import Coding, Known, Look, Plan, Rows
from pathworth.store.shards.entries import ShardEntry
from pathworth.store.shards.lake_rows import PLAIN, Part, read_part
from pathworth.store.shards.snapshots import Manifest, ShardWriter
from pathworth.store.shards.spool import Packed, Spool
from pathworth.store.shared import find, footer

STRETCH_EVENTS = 2_000_000
"""About so many rows of a file are read in one go."""
Pieces = Mapping[str, list[NDArray | Packed]]
"""What one stretch of rows sets aside for a shard, by column."""


@dataclass(frozen=True)
class Stretch:
    """Some row groups of a file of the lake, by what finds it, and the columns that a build reads of them."""

    found: str
    groups: tuple[int, ...]
    properties: tuple[str, ...]

    def rows(self) -> Iterator[Rows]:
        """Yield the rows, a row group at a time."""
        path = find(self.found)
        texts = ["entity", "name", *self.properties]
        for group in self.groups:
            part = read_part(Part(path, group), columns=[*PLAIN, *texts], texts=texts)
            if len(part):
                yield Rows.of(part, self.properties)


def stretches(
    folder: Path,
    files: Sequence[LakeFile],
    *,
    plan: Plan,
    found: Callable[[Path], str] = str,
) -> list[Stretch]:
    """Return all rows of a lake as stretches, in its order; ``found`` says where all machines find a file of it."""
    properties = tuple(column.lake for column in plan.columns)
    made = []
    for file in files:
        held = footer(folder / file.path)
        place = found(folder / file.path)
        groups: list[int] = []
        rows = 0
        for group in range(held.num_row_groups):
            groups.append(group)
            rows += held.row_group(group).num_rows
            if rows >= STRETCH_EVENTS:
                made.append(Stretch(place, tuple(groups), properties))
                groups, rows = [], 0
        if groups:
            made.append(Stretch(place, tuple(groups), properties))
    return made


def look(stretch: Stretch) -> list[Look]:
    """Return what must be seen of a stretch before any row is coded: the first step."""
    return [rows.look.bare() for rows in stretch.rows()]


def coding_of(plan: Plan, looks: Iterable[Sequence[Look]]) -> Coding:
    """Return the codes of everything that was seen, the stretches in their order."""
    coding = Coding(plan)
    for one in looks:
        for seen in one:
            coding.note(seen)
    return coding


def spread(stretch: Stretch, coding: Coding) -> dict[int, Pieces]:
    """Return what a stretch sets aside for each shard: the second step."""
    known, asked = Known(coding.plan.shards), coding.asked
    found: dict[int, dict[str, list[NDArray | Packed]]] = defaultdict(lambda: defaultdict(list))
    for rows in replace(stretch, properties=tuple(asked)).rows():
        for shard, columns in Coded.of(rows, coding=coding, known=known).pieces(coding.plan.shards):
            for name, values in columns.items():
                found[shard][name].append(values)
    return {shard: dict(columns) for shard, columns in found.items()}


def write_shard(
    shard: int, pieces: Iterable[Pieces], *, coding: Coding, folder: Path
) -> tuple[ShardEntry, int]:
    """Write a shard of what all stretches set aside for it, and return what it is: the third step.

    Its file is there whole or not at all, whoever else writes the same one.
    """
    columns, _ = coding.columns()
    with tempfile.TemporaryDirectory() as scratch:
        spool, entities = Spool(Path(scratch), 1), 0
        try:
            for one in pieces:
                # Ids count from the beginning in every stretch.
                for entity in one.get("entity", ()):
                    spool.append(0, {"entity": _unpacked(entity) + np.int32(entities)})
                for name, arrays in one.items():
                    for values in arrays if name != "entity" else ():
                        spool.append(0, {name: values})
                entities += sum(map(len, one.get("id_size", ())))
            aside = folder / f"{file_of(shard)}.{os.getpid()}.{os.urandom(4).hex()}"
            try:
                with ShardWriter(aside) as writer:
                    held = write(spool, 0, columns=columns, coding=coding, writer=writer)
                    entry = replace(writer.entry(), file=file_of(shard))
                aside.replace(folder / file_of(shard))
            finally:
                aside.unlink(missing_ok=True)
        finally:
            spool.close()
    return entry, held


def finish(coding: Coding, made: Sequence[tuple[ShardEntry, int]], *, folder: Path) -> Manifest:
    """Write what all shards share beside them, and return the manifest, which is not yet written."""
    columns, promoted = coding.columns()
    return manifest_of(
        coding,
        [entry for entry, _ in made],
        columns=columns,
        promoted=promoted,
        entities=sum(entities for _, entities in made),
        folder=folder,
    )


def _unpacked(values: NDArray | Packed) -> NDArray:
    return values.values() if isinstance(values, Packed) else values
