"""What lies beside the lake and the journeys: rows that imports keep or refuse, files and blocks that wait."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from pathworth.store.arrivals import blocks
from pathworth.store.commits import Places
from pathworth.store.erasing.contracts import Place
from pathworth.store.erasing.rows import iso
from pathworth.store.erasing.words import Words
from pathworth.store.files import sync_file
from pathworth.store.records.data.arrivals import BlockRow

UPLOADS = "uploads"
BLOTTED = "(erased)"


@dataclass(frozen=True)
class Aside:
    """Takes people out of what lies aside; all of it may be done again, and the caller is the one writer.

    Parameters
    ----------
    places
        Of the workspace.
    ids
        Raw ids of everybody who goes.
    words
        The same, and addresses, as texts spell them.
    """

    places: Places
    ids: pa.Array
    words: Words

    def all(self) -> list[Place]:
        """Take them out of every file, and say where how much was."""
        at = iso(time.time_ns() // 1000)
        counted = (
            ("rows that other imports hold", "deleted", sum(self._shadows())),
            ("rows that imports refused", f"{BLOTTED} stands there instead", sum(self._rejects())),
            ("imports that were cut short", "deleted", self._folders(self.places.unfinished)),
            (
                "files that wait to be imported",
                "deleted",
                self._folders(self.places.root / UPLOADS),
            ),
        )
        return [Place(place, what, rows, at) for place, what, rows in counted if rows]

    def blocks(self, session: Session) -> list[Place]:
        """Take them out of the blocks that the lake holds by now, or that an import holds too."""
        found = 0
        for row in session.scalars(select(BlockRow).execution_options(yield_per=20)):
            if not row.drained and not row.shadowed:
                # It waits for the lake: the next drain takes it there, and the next batch from there.
                continue
            events = blocks.unpacked(row.body)
            gone = pc.is_in(events["entity"], value_set=self.ids.cast(pa.string()))
            count = int(pc.sum(gone).as_py() or 0)
            if not count:
                continue
            found += count
            rest = events.filter(pc.invert(gone))
            if len(rest):
                row.body, row.events = blocks.packed(rest), len(rest)
            else:
                session.execute(delete(BlockRow).where(BlockRow.id == row.id))
        if not found:
            return []
        at = iso(time.time_ns() // 1000)
        return [Place("events on their way to programs", "deleted", found, at)]

    def _shadows(self) -> Iterator[int]:
        for path in sorted(self.places.shadows(0).parent.glob("*.parquet")):
            rows = pq.read_table(path)
            kept = rows.filter(pc.invert(pc.is_in(rows["entity"], value_set=self.ids)))
            if len(kept) < len(rows):
                _rewrite(path, kept)
                yield len(rows) - len(kept)

    def _rejects(self) -> Iterator[int]:
        for path in sorted(self.places.rejects(0).parent.glob("*.parquet")):
            rows = pq.read_table(path)
            gone = np.zeros(len(rows), np.bool_)
            for name in ("raw", "reason"):
                gone |= [self.words.in_text(text) for text in rows[name].to_pylist()]
            if gone.any():
                mask = pa.array(gone)
                for name in ("raw", "reason"):
                    place = rows.schema.get_field_index(name)
                    left = pc.if_else(mask, BLOTTED, rows[name])
                    rows = rows.set_column(place, rows.schema.field(name), left)
                _rewrite(path, rows)
                yield int(gone.sum())

    def _folders(self, root: Path) -> int:
        found = list(root.iterdir()) if root.exists() else []
        shutil.rmtree(root, ignore_errors=True)
        return len(found)


def _rewrite(path: Path, rows: pa.Table) -> None:
    """Let a file hold other rows, all at once; without any it goes."""
    if not len(rows):
        path.unlink()
        return
    other = path.with_name(f"{path.name}.aside")
    pq.write_table(rows, other, compression="zstd")
    sync_file(other)
    other.replace(path)
    sync_file(path.parent)
