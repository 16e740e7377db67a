"""The snapshot's events as if they came in again: only people who took a step, only what a program asks about."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from pathworth.act.contracts import Program
from pathworth.act.sending.write import variables
from pathworth.act.watching.asking import Asking
from pathworth.act.watching.remember import cell_text
from pathworth.act.watching.state import ACCOUNT
from pathworth.base import predicate as p
from pathworth.journeys import Step, step_codes, whole
from pathworth.store import ArrivedEvent, Snapshot

_ODD = re.compile(r"^(value|cost)$")


class History:
    """The events of a snapshot for one program.

    Parameters
    ----------
    snapshot
        The state of the store.
    program, asking
        The program, and what its predicates are read with; both say what is needed of each event.
    """

    def __init__(self, snapshot: Snapshot, program: Program, asking: Asking) -> None:
        self.snapshot = snapshot
        self.program = program
        steps = asking.maps[program.map].steps
        self.steps = tuple(Step(one.id, one.rule) for one in steps if one.rule is not None)
        self.columns = [one for one in _needed(program, asking) if one in snapshot.columns]

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


def _needed(program: Program, asking: Asking) -> list[str]:
    """Return the properties that a program asks about, in whatever it asks through."""
    message = program.message
    found = {program.address, ACCOUNT}
    for predicate in asking.reached([program]):
        found |= {one.name for one in p.operands(predicate)}
    for source in (message.subject, message.text, message.html or ""):
        found |= set(variables(source))
    if program.quiet_hours is not None and program.quiet_hours.zone is not None:
        found.add(program.quiet_hours.zone)
    return sorted(name for name in found if not _ODD.match(name))
