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
from sqlalchemy.orm import Session

from pathworth.store.commits import Places
from pathworth.store.erasing.contracts import Place
from pathworth.store.erasing.rows import iso
from pathworth.store.erasing.thinning import OfPeople, rewrite, thin_blocks, thin_shadows
from pathworth.store.erasing.words import Words

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
            (
                "rows that other imports hold",
                "deleted",
                thin_shadows(self.places, OfPeople(self.ids)),
            ),
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
        found = thin_blocks(session, OfPeople(self.ids))
        if not found:
            return []
        at = iso(time.time_ns() // 1000)
        return [Place("events on their way to programs", "deleted", found, at)]

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
                rewrite(path, rows)
                yield int(gone.sum())

    def _folders(self, root: Path) -> int:
        found = list(root.iterdir()) if root.exists() else []
        shutil.rmtree(root, ignore_errors=True)
        return len(found)
