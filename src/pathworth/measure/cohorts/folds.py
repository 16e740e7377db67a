"""The fold of cohorts: who belongs to which, and what they paid by the age at which they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pathworth.base.instants import to_iso
from pathworth.journeys import Engine, Field, Journeys, Lane, Part, Step, entity_mask, hit_lane
from pathworth.kernels.cohorts.money import HIGH, LOW, PAYERS, first_places, paid_since
from pathworth.measure.calendar import Calendar, Slices
from pathworth.measure.cohorts.amount import micro_of
from pathworth.measure.split import Parts
from pathworth.store import hash64

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]
SIZE, YOUNGER = 0, 1
NOBODY = -1
DID = ("yes", "no")


@dataclass(frozen=True)
class Behaved:
    """Entities by whether they hold a predicate; ``masks`` are uint8[n_entity] by the place of each shard."""

    masks: Mapping[int, NDArray[np.uint8]]

    def of(self, part: Part, lane: Lane) -> NDArray[np.uint8]:
        """Return uint8[n]: 0 for an entity that holds it, 1 for another."""
        mask = self.masks.get(part.place)
        none = np.empty(0, np.uint8)
        mine = none if mask is None else 1 - mask[part.first : part.last]
        return lane.of_units(mine)


def behaved(journeys: Journeys, who: str) -> Behaved:
    """Return who holds a predicate as of the end of a selection."""
    snapshot = journeys.snapshot
    return Behaved(
        {
            place: entity_mask(
                snapshot, shard, who=who, until_us=journeys.until_us, steps=journeys.steps
            )
            for place, shard in enumerate(snapshot.shards)
        }
    )


@dataclass(frozen=True)
class Earned:
    """Entities by cohort, in it and too young for it, int64[C, 2]; money and first payers by age, int64[C, A, 3]."""

    sizes: Counts
    cells: Counts

    @property
    def money(self) -> Numbers:
        """Return float64[..., C, A]: micro-units paid up to each age."""
        limbs = self.cells.cumsum(axis=-2)
        found: Numbers = limbs[..., HIGH] * 2.0**32 + limbs[..., LOW]
        return found

    @property
    def payers(self) -> Counts:
        """Return int64[..., C, A]: entities that paid up to each age."""
        found: Counts = self.cells[..., PAYERS].cumsum(axis=-1)
        return found


@dataclass(frozen=True)
class Seen:
    """What one part shows: cohort of every entity, below -1 for one too young, its first paid age, and sums."""

    cohort: NDArray[np.int32]
    first_paid: NDArray[np.int32]
    earned: Earned
    best: Counts


@dataclass(frozen=True)
class Earnings:
    """What cohorts bring in.

    Parameters
    ----------
    roles
        Steps named start and paid.
    edges, table
        The calendar periods in which entities begin.
    amount
        The property that holds money.
    width_us, ages
        Length of an age, and how many there are.
    end_us
        The instant up to which events are known.
    parts
        What makes cohorts in place of the periods; each holds only those whose last age is over.
    labels, others
        The name of each cohort, and how many rarer values it joins.
    """

    roles: tuple[Step, ...]
    edges: Calendar
    table: Slices
    amount: Field
    width_us: int
    ages: int
    end_us: int
    parts: Parts | Behaved | None
    labels: tuple[str | None, ...]
    others: tuple[int | None, ...]

    def fold(self, part: Part) -> Earned:
        """Add the entities of a part."""
        return self.seen(part).earned

    def merge(self, left: Earned, right: Earned) -> Earned:
        """Add two partials."""
        return Earned(left.sizes + right.sizes, left.cells + right.cells)

    def seen(self, part: Part, *, among: Counts | None = None) -> Seen:
        """Return what a part shows, of some cohorts only where they are given: nobody else's events are read."""
        lane = hit_lane(part, self.roles)
        roles = lane.table.astype(np.uint8)
        places = np.empty((lane.units, 2), np.int64)
        first_places(lane.offset, lane.codes, roles, lane.keep, places)
        begin = places[:, 0].copy()
        cohort = self._cohorts(part, lane, begin)
        if among is not None:
            cohort[~np.isin(cohort, among)] = NOBODY
        out = np.zeros((len(self.labels), self.ages, 3), np.int64)
        best = np.zeros((len(self.labels), self.ages, 2), np.int64)
        best[..., 1] = NOBODY
        paid = np.empty(lane.units, np.int32)
        amount = micro_of(part, self.amount, lane=lane)
        read = (lane.offset, lane.codes, roles, lane.time_us, lane.keep)
        paid_since(*read, amount, begin, cohort, self.width_us, paid, out, best)
        width = len(self.labels)
        sizes = [
            np.bincount(one[one >= 0], minlength=width)
            for one in (cohort, NOBODY - 1 - cohort.astype(np.int64))
        ]
        return Seen(cohort, paid, Earned(np.stack(sizes, axis=1).astype(np.int64), out), best)

    def _cohorts(self, part: Part, lane: Lane, begin: Counts) -> NDArray[np.int32]:
        """Return int32[n]: the cohort of each entity; -1 for none, -2 - c for one too young for c."""
        found = np.full(lane.units, NOBODY, np.int32)
        has = np.flatnonzero(begin >= 0)
        start = lane.time_us[begin[has]]
        period = self.table.period_of[(start - self.table.base_us) // self.table.slice_us]
        asked = (period >= 0) & (period < self.edges.periods)
        if self.parts is None:
            found[has[asked]] = period[asked]
            return found
        mine = self.parts.of(part, lane).astype(np.int32)[has]
        young = start > self.end_us - self.ages * self.width_us
        found[has[asked]] = np.where(young, NOBODY - 1 - mine, mine)[asked]
        return found

    def over(self, cohort: int, age: int) -> bool:
        """Return whether an age is over for all of a cohort."""
        if self.parts is not None:
            return True
        return int(self.edges.edges_us[cohort + 1]) + (age + 1) * self.width_us <= self.end_us

    def length(self, cohort: int) -> int:
        """Return how many ages of a cohort are shown: the last one has at least begun."""
        if self.parts is not None:
            return self.ages
        begun = -(-(self.end_us - int(self.edges.edges_us[cohort])) // self.width_us)
        return min(self.ages, max(begun, 1))

    @property
    def known(self) -> NDArray[np.bool_]:
        """Return bool[C, A]: which ages are over."""
        cells = [[self.over(c, k) for k in range(self.ages)] for c in range(len(self.labels))]
        return np.array(cells, np.bool_).reshape(len(self.labels), self.ages)


def names_of(edges: Calendar) -> tuple[str, ...]:
    """Return the names of cohorts by the period in which they begin."""
    return tuple(to_iso(int(one)) for one in edges.edges_us[:-1])


@dataclass(frozen=True)
class InCohort:
    """Entities of a cohort: all of it, who is too young for it, or who paid up to an age."""

    plan: Earnings
    cohort: int
    kind: str
    age: int = 0

    def chosen(self, part: Part) -> NDArray[np.bool_]:
        """Return bool[n]."""
        seen = self.plan.seen(part)
        wanted = NOBODY - 1 - self.cohort if self.kind == "younger" else self.cohort
        found: NDArray[np.bool_] = seen.cohort == wanted
        if self.kind == "paid":
            found &= (seen.first_paid >= 0) & (seen.first_paid <= self.age)
        return found


@dataclass(frozen=True)
class UnitMoney:
    """What one entity adds: its id, its cohort, and its cells, int64[A, 3]."""

    id: str
    cohort: int
    cells: Counts


@dataclass(frozen=True)
class EachMoney:
    """What every entity of the cohorts adds, for selections of few."""

    plan: Earnings

    def fold(self, part: Part) -> list[UnitMoney]:
        """Return what each entity of a part adds."""
        rows = []
        cohort = self.plan.seen(part).cohort
        for e in np.flatnonzero(cohort >= 0):
            place = part.first + int(e)
            alone = self.plan.fold(replace(part, first=place, last=place + 1))
            mine = int(cohort[e])
            rows.append(UnitMoney(part.shard.id_of(place), mine, alone.cells[mine]))
        return rows

    def merge(self, left: list[UnitMoney], right: list[UnitMoney]) -> list[UnitMoney]:
        """Join two lists."""
        return left + right


@dataclass(frozen=True)
class Best:
    """The largest sum of one entity in each wanted cell, int64[wanted], and whose it is; empty for nobody's."""

    micro: Counts
    ids: tuple[str, ...]


@dataclass(frozen=True)
class BestOf:
    """Who carries the most of some cells, int64[wanted] of cohort * A + age; of equal ones the first by hash."""

    plan: Earnings
    cells: Counts

    def fold(self, part: Part) -> Best:
        """Look at the entities of a part."""
        seen = self.plan.seen(part, among=self.cells // self.plan.ages)
        best = seen.best.reshape(-1, 2)[self.cells]
        ids = [part.shard.id_of(part.first + e) if e >= 0 else "" for e in best[:, 1].tolist()]
        return Best(best[:, 0], tuple(ids))

    def merge(self, left: Best, right: Best) -> Best:
        """Keep the larger of two."""
        take = right.micro > left.micro
        ids = np.where(take, np.array(right.ids, object), np.array(left.ids, object))
        for k in np.flatnonzero((right.micro == left.micro) & (left.micro > 0)).tolist():
            ids[k] = min(left.ids[k], right.ids[k], key=_by_hash)
        return Best(np.where(take, right.micro, left.micro), tuple(ids.tolist()))


def _by_hash(name: str) -> tuple[int, str]:
    return int(hash64([name])[0]), name


def per_unit(
    journeys: Journeys, plan: Earnings, *, cohorts: Counts, engine: Engine
) -> tuple[Numbers, Counts]:
    """Return what every entity adds to some cohorts: float64[U, c, A] and int64[U, c], by rising id."""
    rows = engine.total(journeys, EachMoney(plan))
    rows.sort(key=lambda one: one.id)
    place = {int(c): k for k, c in enumerate(cohorts)}
    money = np.zeros((len(rows), len(cohorts), plan.ages))
    sizes = np.zeros((len(rows), len(cohorts)), np.int64)
    for u, one in enumerate(rows):
        if one.cohort in place:
            money[u, place[one.cohort]] = Earned(sizes, one.cells).money
            sizes[u, place[one.cohort]] = 1
    return money, sizes
