"""Rows that leave a file or a block, whoever says which ones: those of some people, or those that are too old."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pathworth.store.arrivals import blocks
from pathworth.store.commits import Places
from pathworth.store.files import sync_file
from pathworth.store.records.data.arrivals import BlockRow


class Leaving(Protocol):
    """Says of events which ones leave."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns of the lake that tell."""
        ...

    def of(self, rows: pa.Table) -> pa.Array:
        """Return bool[n]: which rows leave."""
        ...


@dataclass(frozen=True)
class OfPeople:
    """The events of some raw ids leave."""

    ids: pa.Array
    columns: tuple[str, ...] = ("entity",)

    def of(self, rows: pa.Table) -> pa.Array:
        """Return bool[n]: which rows are said under one of the ids."""
        whose = rows["entity"]
        return pc.is_in(whose, value_set=self.ids.cast(whose.type))


def split(path: Path, leaving: Leaving) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield the rows of a file of the lake, part by part: those that stay, and those that leave."""
    with pq.ParquetFile(path) as held:
        for group in range(held.num_row_groups):
            gone = leaving.of(held.read_row_group(group, columns=list(leaving.columns)))
            rows = held.read_row_group(group)
            yield rows.filter(pc.invert(gone)), rows.filter(gone)


def thin_shadows(places: Places, leaving: Leaving) -> int:
    """Take events out of the rows that other imports hold; return how many left."""
    found = 0
    for path in sorted(places.shadows(0).parent.glob("*.parquet")):
        rows = pq.read_table(path)
        kept = rows.filter(pc.invert(leaving.of(rows)))
        if len(kept) < len(rows):
            rewrite(path, kept)
            found += len(rows) - len(kept)
    return found


def thin_blocks(session: Session, leaving: Leaving) -> int:
    """Take events out of the blocks that the lake holds by now, or that an import holds too; return how many left."""
    found = 0
    for row in session.scalars(select(BlockRow).execution_options(yield_per=20)):
        if not row.drained and not row.shadowed:
            # It waits for the lake: the next drain takes it there, and the next batch from there.
            continue
        events = blocks.unpacked(row.body)
        rest = events.filter(pc.invert(leaving.of(events)))
        if len(rest) == len(events):
            continue
        found += len(events) - len(rest)
        if len(rest):
            row.body, row.events = blocks.packed(rest), len(rest)
        else:
            session.execute(delete(BlockRow).where(BlockRow.id == row.id))
    return found


def rewrite(path: Path, rows: pa.Table) -> None:
    """Let a file hold other rows, all at once; without any it goes."""
    if not len(rows):
        path.unlink()
        return
    other = path.with_name(f"{path.name}.aside")
    pq.write_table(rows, other, compression="zstd")
    sync_file(other)
    other.replace(path)
    sync_file(path.parent)
