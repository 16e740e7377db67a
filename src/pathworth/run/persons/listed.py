"""Lists of people, the latest active first, as wide as a selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pathworth.base.errors import WrongUsage
from pathworth.base.instants import to_iso
from pathworth.base.money import from_micro
from pathworth.journeys import AsOf, Part, Step, trait_at
from pathworth.run.persons.contracts import ACCOUNT, Listed, ListedPerson
from pathworth.run.persons.trail import last_step, map_of, steps_of
from pathworth.run.selection import Selection
from pathworth.run.workspace import Workspace
from pathworth.store import Shard, Snapshot, order_of

Order = Literal["last", "first", "events", "money"]
ORDERS: tuple[Order, ...] = ("last", "first", "events", "money")
MONEY = ("value", "cost")


@dataclass(frozen=True)
class Seen:
    """The question for everybody with a kept event: int64[n, 6] of shard, entity, events, first, last, money."""

    shards: tuple[Shard, ...]

    def fold(self, part: Part) -> NDArray[np.int64]:
        """Return one row for each."""
        if part.last == part.first:
            return np.zeros((0, 6), np.int64)
        offset, shard = part.offset, part.shard
        span = slice(int(offset[0]), int(offset[-1]))
        place = np.arange(span.start, span.stop)
        if part.keep.size:
            place = place[part.keep[span] != 0]
        owner = np.searchsorted(offset, place, side="right") - 1
        entity, first, events = np.unique(owner, return_index=True, return_counts=True)
        if not len(entity):
            return np.zeros((0, 6), np.int64)
        net = shard.columns["value"][place] - shard.columns["cost"][place]
        number = next(k for k, one in enumerate(self.shards) if one is shard)
        return np.column_stack(
            [
                np.full(len(entity), number),
                entity + part.first,
                events,
                shard.time_us[place[first]],
                shard.time_us[place[first + events - 1]],
                np.add.reduceat(net, first),
            ]
        )

    def merge(self, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
        """Put two parts together; nobody is in both."""
        return np.concatenate([left, right])


_COLUMN: dict[Order, int] = {"events": 2, "first": 3, "last": 4, "money": 5}


def listed(
    workspace: Workspace,
    selection: Selection,
    *,
    map_name: str | None = None,
    order: str = "last",
    after: int = 0,
    limit: int = 50,
) -> Listed:
    """Return a page of the people of a selection.

    Parameters
    ----------
    selection
        Whose kept events are counted.
    order
        ``last``, ``first``, ``events`` or ``money``; the most first, equal ones by the hash of their id.
    after, limit
        How many people are passed over, and how many follow at most.

    Raises
    ------
    WrongUsage
        ``UNKNOWN_ORDER``.
    """
    by = next((one for one in ORDERS if one == order), None)
    if by is None:
        raise WrongUsage(
            "UNKNOWN_ORDER",
            f"A list cannot be in the order of {order!r}.",
            f"Write one of: {', '.join(ORDERS)}.",
        )
    document = map_of(workspace, map_name)
    chosen = workspace.select(selection, document)
    snapshot = chosen.snapshot
    rows = np.concatenate(workspace.engine.fold(chosen, Seen(snapshot.shards)))
    ties = order_of(snapshot.shards, rows[:, :2])
    places = np.lexsort((ties, -rows[:, _COLUMN[by]]))[after : after + limit]
    steps = steps_of(document)
    names = () if document is None else tuple(s.name for s in document.steps if s.rule is not None)
    shown = tuple(_row(snapshot, rows[k].tolist(), steps, names) for k in places)
    following = after + limit if after + limit < len(rows) else None
    as_of = AsOf(snapshot.id, snapshot.seq)
    return Listed(len(rows), shown, following, (*snapshot.traits, *snapshot.masked), as_of)


def person_row(
    snapshot: Snapshot,
    member: tuple[int, int],
    *,
    steps: tuple[Step, ...],
    names: Sequence[str],
) -> ListedPerson:
    """Return one person as a row, all of their events counted; ``member`` is (shard, entity)."""
    shard, entity = member
    held = snapshot.shards[shard]
    at, to = int(held.offset[entity]), int(held.offset[entity + 1])
    value, cost = (int(held.columns[name][at:to].sum()) for name in MONEY)
    first, last = int(held.time_us[at]), int(held.time_us[to - 1])
    row = [shard, entity, to - at, first, last, value - cost]
    return _row(snapshot, row, steps, names)


def _row(
    snapshot: Snapshot, row: Sequence[int], steps: tuple[Step, ...], names: Sequence[str]
) -> ListedPerson:
    number, entity, events, first, last, money = row
    shard = snapshot.shards[number]
    traits = {
        name: text
        for name in (*snapshot.traits, *snapshot.masked)
        if (text := trait_at(snapshot, shard, trait=name, entity=entity)) is not None
    }
    step = last_step(snapshot, number, entity=entity, steps=steps)
    return ListedPerson(
        shard.id_of(entity),
        trait_at(snapshot, shard, trait=ACCOUNT, entity=entity)
        if ACCOUNT in snapshot.traits
        else None,
        events,
        to_iso(first),
        to_iso(last),
        from_micro(money),
        names[step] if step >= 0 else None,
        traits,
    )
