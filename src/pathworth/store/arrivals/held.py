"""The ids of the events that wait for the lake, kept in memory block by block."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from pathworth.store.arrivals.blocks import one, unpacked
from pathworth.store.fingerprints import Triple, against
from pathworth.store.records.data.arrivals import ASIDE, BlockRow
from pathworth.store.records.database import Database
from pathworth.store.texts import split_digests


class HeldIds:
    """Knows the ids of every event that waits; each block is opened once in a process."""

    def __init__(self) -> None:
        self._known: dict[int, Triple] = {}

    def renew(self, session: Session) -> None:
        """Take in the blocks that came, and let go of those that the lake holds by now."""
        asked = select(BlockRow.id).where(BlockRow.drained.is_(False))
        ids = set(session.scalars(asked))
        self._known = {key: held for key, held in self._known.items() if key in ids}
        for key in sorted(ids - self._known.keys()):
            block = session.get_one(BlockRow, key)
            self._known[key] = _ids(block.body)
            session.expunge(block)

    def judge(self, ids: Triple) -> NDArray[np.uint8]:
        """Return uint8[n]: 0 for an id that no event has, 1 for a repeat, 2 for one that says something else."""
        verdict = np.zeros(len(ids[0]), dtype=np.uint8)
        against(list(self._known.values()), ids, verdict=verdict)
        return verdict


def _ids(body: bytes) -> Triple:
    events = unpacked(body)
    high, low = split_digests(one(events, "digest"))
    content = events["content"].to_numpy().view(np.uint64)
    order = np.lexsort((low, high))
    return high[order], low[order], content[order]


def shadowed_waiting(database: Database) -> list[bytes]:
    """Return the ids of the waiting events that an import holds."""
    with database.session() as session:
        bodies = session.scalars(select(BlockRow.body).where(*ASIDE)).all()
    return [digest for body in bodies for digest in unpacked(body)["digest"].to_pylist()]
