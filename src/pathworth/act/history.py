"""The snapshot's events as if they came in again: only people who took a step, only what a program asks about."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from pathworth.act.contracts import Program
from pathworth.act.watching.remember import cell_text
from pathworth.atlas import MapDocument
from pathworth.journeys import Step, step_codes, whole
from pathworth.store import ArrivedEvent, Snapshot


class History:
    """The events of a snapshot for one program.

    Parameters
    ----------
    snapshot
        The state of the store.
    program, document
        The program and its map.
    names
        Properties that are needed of each event.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        program: Program,
        document: MapDocument,
        names: Collection[str],
    ) -> None:
        self.snapshot = snapshot
        self.program = program
        self.steps = tuple(Step(one.id, one.rule) for one in document.steps if one.rule is not None)
        self.columns = sorted(name for name in names if name in snapshot.columns)

    def people(self, from_us: int, to_us: int) -> list[tuple[str, tuple[int, int]]]:
        """Return who took the program's step in a period, by id, and where they lie."""
        ids = [one.name for one in self.steps]
        if self.program.step not in ids:
            return []
        wanted = ids.index(self.program.step)
        found: list[tuple[str, tuple[int, int]]] = []
        for number, shard in enumerate(self.snapshot.shards):
            codes = step_codes(whole(self.snapshot, shard), self.steps)
            hits = (codes == wanted) & (shard.time_us >= from_us) & (shard.time_us < to_us)
            rows = np.unique(np.searchsorted(shard.offset, np.flatnonzero(hits), side="right") - 1)
            found.extend((shard.id_of(int(row)), (number, int(row))) for row in rows)
        return sorted(found)

    def events(self, number: int, row: int) -> Iterator[ArrivedEvent]:
        """Yield one person's events in order, numbered anew."""
        snapshot, shard = self.snapshot, self.snapshot.shards[number]
        at, to = int(shard.offset[row]), int(shard.offset[row + 1])
        entity = shard.id_of(row)
        cells = [
            (name, snapshot.columns[name], shard.columns[name][at:to]) for name in self.columns
        ]
        values = shard.columns["value"][at:to]
        names, times = shard.name[at:to].tolist(), shard.time_us[at:to].tolist()
        for k in range(to - at):
            said = {
                name: text
                for name, info, column in cells
                if (text := cell_text(info, column[k])) is not None
            }
            yield ArrivedEvent(
                k + 1, "", "", entity, snapshot.names[names[k]], times[k], said, int(values[k])
            )
