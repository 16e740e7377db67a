"""The fold of counts by period: events, entities and sums for each group, part, step and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Part, Step, column_of, hit_lane
from pathworth.kernels.folds.counting import (
    COLUMNS,
    ENTITIES,
    HIGH,
    KNOWN_BY,
    LOW,
    tally,
    tally_one,
)
from pathworth.measure.asking import Mask
from pathworth.measure.counts.amounts import Amount, no_amount
from pathworth.measure.counts.breakdown import Breakdown
from pathworth.measure.counts.spans import Spans
from pathworth.store import GROUPS, hash64

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Largest:
    """The largest sum of one entity in each cell, limbs in int64[rows, steps, P + 1, 2], and whose; "" for none."""

    limbs: Counts
    ids: NDArray[Any]

    def merged(self, other: Largest) -> Largest:
        """Return the larger of two; of equal ones the first by hash, as entities lie in shards."""
        a, b = self.limbs, other.limbs
        more = (b[..., 0] > a[..., 0]) | ((b[..., 0] == a[..., 0]) & (b[..., 1] > a[..., 1]))
        takes = (other.ids != "") & ((self.ids == "") | more)
        equal = (a == b).all(axis=-1) & (self.ids != "") & (other.ids != "")
        for place in zip(*np.nonzero(equal), strict=True):
            takes[place] = _rank(other.ids[place]) < _rank(self.ids[place])
        return Largest(np.where(takes[..., None], b, a), np.where(takes, other.ids, self.ids))


def _rank(entity: str) -> tuple[int, str]:
    return int(hash64([entity])[0]), entity


@dataclass(frozen=True)
class Tallies:
    """Counts by group, row, step and period, int64[groups, rows, steps, P + 1, 2 or COLUMNS], the last of all periods.

    Row 0 is the whole, the others are parts. ``largest`` is there where a number is added up.
    """

    table: Counts
    largest: Largest | None

    @property
    def units(self) -> Counts:
        """Return the table as int64[groups, cells, columns]."""
        groups, columns = self.table.shape[0], self.table.shape[-1]
        return self.table.reshape(groups, -1, columns)


@dataclass(frozen=True)
class TrendPlan:
    """What is counted in which periods and parts; ``groups`` is 1 where entities are folded one by one."""

    steps: tuple[Step, ...]
    spans: Spans
    parts: Breakdown
    amount: Amount | None
    groups: int = GROUPS

    @property
    def shape(self) -> tuple[int, int, int]:
        """Return rows, steps, and periods with the one for all of them."""
        return self.parts.width, len(self.steps), self.spans.periods + 1

    def fold(self, part: Part) -> Tallies:
        """Count the entities of a part."""
        return self.fold_all([part])

    def fold_all(self, parts: Sequence[Part]) -> Tallies:
        """Count the entities of several parts in one table."""
        columns = 2 if self.amount is None else COLUMNS
        table = np.zeros((self.groups, *self.shape, columns), np.int64)
        largest: Largest | None = None
        for part in parts:
            found = self._add(part, table)
            largest = found if largest is None or found is None else largest.merged(found)
        if self.parts.traits is not None:
            table[:, 0] = table[:, 1:].sum(axis=1)
            largest = None if largest is None else _of_whole(largest)
        shown = [k for k in range(columns) if k not in {ENTITIES, KNOWN_BY}]
        table[:, :, :, -1, shown] = table[:, :, :, :-1, shown].sum(axis=3)
        return Tallies(table, largest)

    def merge(self, left: Tallies, right: Tallies) -> Tallies:
        """Add two partials."""
        a, b = left.largest, right.largest
        return Tallies(left.table + right.table, a if a is None or b is None else a.merged(b))

    def _add(self, part: Part, table: Counts) -> Largest | None:
        """Add a part to a table, and return whose sums are the largest in it."""
        lane, width = hit_lane(part, self.steps), self.parts.width
        row = self.parts.rows(part, lane)
        if self.groups > 1:
            row += (groups_of(part) * width).astype(np.int32)
        rows = table.reshape(-1, *table.shape[2:])
        kept = len(rows) if self.amount is not None else 0
        most = np.full((kept, *rows.shape[1:3], 3), -1, np.int64)
        money, number = no_amount() if self.amount is None else self.amount.of(part)
        read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep)
        split, edges = self.parts.of_events(part), self.spans.edges_us
        if rows.shape[1] == 1 and not split.size:
            tally_one(*read, edges, row, money, number, rows, most)
        else:
            tally(*read, edges, row, split, money, number, rows, most)
        return self._named(most, part) if kept else None

    def _named(self, most: Counts, part: Part) -> Largest:
        """Return the largest of all groups with their ids; groups lie in order of hashes, as their entities do."""
        by_group = most.reshape(self.groups, *self.shape, 3)
        best = by_group[0]
        for one in by_group[1:]:
            more = one[..., 0] > best[..., 0]
            more |= (one[..., 0] == best[..., 0]) & (one[..., 1] > best[..., 1])
            takes = (one[..., 2] >= 0) & ((best[..., 2] < 0) | more)
            best = np.where(takes[..., None], one, best)
        ids = np.full(self.shape, "", object)
        for place in zip(*np.nonzero(best[..., 2] >= 0), strict=True):
            ids[place] = part.shard.id_of(part.first + int(best[place][2]))
        return Largest(best[..., :2], ids)


def _of_whole(largest: Largest) -> Largest:
    """Return the largest with that of the whole, row 0, taken from the parts that entities fall into."""
    rows = [Largest(one, ids) for one, ids in zip(largest.limbs[1:], largest.ids[1:], strict=True)]
    whole = rows[0]
    for one in rows[1:]:
        whole = whole.merged(one)
    limbs, ids = largest.limbs.copy(), largest.ids.copy()
    limbs[0], ids[0] = whole.limbs, whole.ids
    return Largest(limbs, ids)


def groups_of(part: Part) -> Counts:
    """Return int64[n]: the group of each entity of a part."""
    places = np.arange(part.first, part.last)
    found: Counts = np.searchsorted(part.shard.group_start[:GROUPS], places, side="right") - 1
    return found


@dataclass(frozen=True)
class Sparse:
    """The cells of one entity that hold something, int64[m], and their columns, int64[m, columns]."""

    cells: Counts
    values: Counts


@dataclass(frozen=True)
class EachUnit:
    """Counts of entities folded one by one, for the intervals of small selections."""

    plan: TrendPlan

    def fold(self, part: Part) -> Sparse:
        """Count one entity."""
        table = replace(self.plan, groups=1).fold(part).units[0]
        cells = np.flatnonzero(table.any(axis=1))
        return Sparse(cells, table[cells])

    def merge(self, left: Sparse, right: Sparse) -> Sparse:
        """Refuse: entities stay apart."""
        raise TypeError(left, right)


@dataclass(frozen=True)
class InTrend:
    """Entities with an event of a step in a period, or in any when it is null, and in one row."""

    plan: TrendPlan
    step: int
    period: int | None
    row: int

    def chosen(self, part: Part) -> Mask:
        """Return bool[n]."""
        plan, lane = self.plan, hit_lane(part, self.plan.steps)
        taken = ((lane.table >> np.uint64(self.step)) & np.uint64(1)).astype(np.bool_)
        kept: Mask = taken[lane.codes]
        if lane.keep.size:
            kept &= lane.keep != 0
        first, last = (
            (0, plan.spans.periods) if self.period is None else (self.period, self.period + 1)
        )
        edges = plan.spans.edges_us
        kept &= (lane.time_us >= edges[first]) & (lane.time_us < edges[last])
        if self.row and plan.parts.split is not None and plan.parts.traits is None:
            codes = column_of(part, plan.parts.split.field)
            kept &= plan.parts.split.part_of[codes] == self.row - 1
        found = replace(lane, keep=kept.view(np.uint8)).kept_units()
        if self.row and plan.parts.traits is not None:
            found &= plan.parts.rows(part, lane) == self.row
        return found


def limbs(table: Counts) -> NDArray[np.float64]:
    """Return the sums of a table's last axis in units of the number, float64[...]."""
    high, low = table[..., HIGH].astype(np.float64), table[..., LOW].astype(np.float64)
    return (high * 2.0**32 + low) / 1e6
