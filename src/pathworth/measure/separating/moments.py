"""Who stands in which group, and the moment up to which what each one did counts.

Whoever reaches a goal had to be there until then, and whoever is there longer does more: to compare all that the others
ever did with what these did before the goal would find what merely takes time (immortal time). So everybody gets a
moment. Of those who reached the goal it is the goal. Each other one gets the time that one of those who reached it took
from their own start, drawn by the hash of the id, and is left out if that moment has not come yet. What remains of
unlike times is met by strata of alike ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.journeys import Engine, Journeys, Part, Step, hit_lane
from pathworth.kernels.cohorts.moments import (
    AT_ONCE,
    BEFORE,
    NEVER,
    NOBODY,
    YOUNG,
    A,
    B,
    draw,
    stratify,
)
from pathworth.kernels.cohorts.money import first_places
from pathworth.measure.returns.comings import all_time
from pathworth.store import Shard, hash64

Counts = NDArray[np.int64]
Cells = NDArray[np.int32]
BOTH = -5
ON_BOTH = "on both sides"
ASIDE: Mapping[str, int] = {
    "began before": BEFORE,
    "at once": AT_ONCE,
    "too young": YOUNG,
    ON_BOTH: BOTH,
}
"""Why some are in neither group, by the word of their cell."""
SIDES = (" in A", " in B")
"""What that word ends with where somebody may be in neither group for one of two selections alone."""
STRATA = 8
LEAST = 10
"""Entities that a stratum holds of each group at least."""
_DRAW = 1
"""Seed of the hash that draws moments, another one than that of groups."""


def side_of(cell: str) -> tuple[int, str]:
    """Return of a cell of who is in neither group the side that it is about, A where it names none, and its word."""
    for side, ending in enumerate(SIDES):
        if cell.endswith(ending):
            return side, cell.removesuffix(ending)
    return A, cell


@dataclass(frozen=True)
class Began:
    """When entities of a shard began and when they reached the goal, int64[2, n]; NEVER where they did not."""

    shard: Shard
    first: int
    times_us: Counts


@dataclass(frozen=True)
class Beginnings:
    """The first event of every entity, and its first one that is the goal."""

    goal: Step | None

    def fold(self, part: Part) -> list[Began]:
        """Look at the entities of a part."""
        steps = (Step("any", "true"), *(() if self.goal is None else (self.goal,)))
        lane = hit_lane(part, steps)
        places = np.empty((lane.units, 2), np.int64)
        first_places(lane.offset, lane.codes, lane.table.astype(np.uint8), lane.keep, places)
        times = np.full((2, lane.units), NEVER, np.int64)
        for mine, at in zip(times, places.T, strict=True):
            some = np.flatnonzero(at >= 0)
            mine[some] = lane.time_us[at[some]]
        return [Began(part.shard, part.first, times)]

    def merge(self, left: list[Began], right: list[Began]) -> list[Began]:
        """Join two lists."""
        return left + right


@dataclass(frozen=True)
class Moments:
    """Group and moment of every entity of one side.

    Parameters
    ----------
    journeys
        The selection, of all time up to its end.
    cut_us
        int64[n_entity] by the identity of each shard: what happens from then on does not count.
    cell
        int32[n_entity] likewise: group * strata + stratum, below 0 for who is in neither.
    strata
        How many strata there are.
    """

    journeys: Journeys
    cut_us: Mapping[int, Counts]
    cell: Mapping[int, Cells]
    strata: int

    def of(self, part: Part) -> tuple[Counts, Cells]:
        """Return the moments and cells of a part's entities."""
        none = np.empty(0, np.int64)
        cut = self.cut_us.get(id(part.shard), none)[part.first : part.last]
        cell = self.cell.get(id(part.shard), none.astype(np.int32))[part.first : part.last]
        return cut, cell

    def counted(self) -> Counts:
        """Return int64[2, strata]: the entities of both groups."""
        cells = np.concatenate([np.empty(0, np.int32), *self.cell.values()])
        found = np.bincount(cells[cells >= 0], minlength=2 * self.strata)
        return found.astype(np.int64).reshape(2, self.strata)

    def aside(self, why: int) -> int:
        """Return how many are in neither group for one reason."""
        return sum(int((one == why).sum()) for one in self.cell.values())


@dataclass(frozen=True)
class _Draft:
    """One side while it is made: arrays over all shards, laid end to end."""

    journeys: Journeys
    start: Counts
    cut: Counts
    group: Cells


def _places(journeys: Journeys) -> Mapping[int, slice]:
    """Return where the entities of each shard stand when all are laid end to end, by the identity of the shard."""
    shards = journeys.snapshot.shards
    bounds = np.cumsum([0, *(shard.entities for shard in shards)]).tolist()
    return {id(shard): slice(bounds[k], bounds[k + 1]) for k, shard in enumerate(shards)}


def _times(journeys: Journeys, goal: Step | None, engine: Engine) -> Counts:
    """Return when everybody began and when they reached the goal, int64[2, n]; NEVER where they did not."""
    places = _places(journeys)
    size = max((one.stop for one in places.values()), default=0)
    times = np.full((2, size), NEVER, np.int64)
    for one in engine.total(journeys, Beginnings(goal)):
        if one.times_us.size:
            at = places[id(one.shard)].start + one.first
            times[:, at : at + one.times_us.shape[1]] = one.times_us
    return times


def _end_us(journeys: Journeys) -> int:
    return min(journeys.period.to_us, journeys.snapshot.last_us + 1)


def by_goal(journeys: Journeys, goal: Step, *, within_us: int | None, engine: Engine) -> Moments:
    """Return those who reach a goal as B, those who do not as A, each with a moment."""
    whole, from_us = all_time(journeys), journeys.period.from_us
    start, reached = _times(whole, goal, engine)
    some = np.flatnonzero((reached < NEVER) & (reached > start) & (start >= from_us))
    taken = np.sort(reached[some] - start[some])
    bounds = np.array([from_us, _end_us(whole), NEVER if within_us is None else within_us])
    cut, group = np.empty(len(start), np.int64), np.empty(len(start), np.int32)
    draw(start, reached, _hashes(journeys), taken, bounds, cut, group)
    return _stratified([_Draft(whole, start, cut, group)])[0]


def by_side(
    pair: tuple[Journeys, Journeys],
    *,
    goal: Step | None,
    within_us: int | None,
    engine: Engine,
) -> list[Moments]:
    """Return two selections as A and B; the moment is the end of each, and the goal for who reaches it before."""
    drafts = [_side(one, goal, within_us=within_us, engine=engine) for one in pair]
    there = [(one.group == A) | (one.group == AT_ONCE) for one in drafts]
    for side, one in enumerate(drafts):
        one.group[one.group == A] = side
        one.group[there[A] & there[B]] = BOTH
    return _stratified(drafts)


def _side(
    journeys: Journeys, goal: Step | None, *, within_us: int | None, engine: Engine
) -> _Draft:
    """Return one of two selections; all who are in it stand in A."""
    whole = all_time(journeys)
    start, reached = _times(whole, goal, engine)
    group = np.full(len(start), A, np.int32)
    group[reached == start] = AT_ONCE
    group[start < journeys.period.from_us] = BEFORE
    group[start == NEVER] = NOBODY
    cut = np.minimum(reached, _end_us(whole))
    if within_us is not None:
        cut = start + np.minimum(cut - start, within_us)
    return _Draft(whole, start, cut, group)


def _hashes(journeys: Journeys) -> NDArray[np.uint64]:
    """Return the hash of every entity's id, shard by shard."""
    found = [np.empty(0, np.uint64)]
    for shard in journeys.snapshot.shards:
        buffers = pa.py_buffer(shard.id_offset), pa.py_buffer(shard.id_bytes)
        found.append(hash64(pa.LargeStringArray.from_buffers(shard.entities, *buffers), _DRAW))
    return np.concatenate(found)


def _stratified(drafts: list[_Draft]) -> list[Moments]:
    """Return sides whose groups are cut into strata of alike lengths between start and moment."""
    lengths = np.concatenate([(one.cut - one.start)[one.group == B] for one in drafts])
    wanted = _equal_parts(lengths)
    edges = _wide_enough(wanted, _celled(drafts, wanted)[1])
    made = []
    for one, cell in zip(drafts, _celled(drafts, edges)[0], strict=True):
        places = _places(one.journeys)
        cuts = {key: one.cut[at] for key, at in places.items()}
        cells = {key: cell[at] for key, at in places.items()}
        made.append(Moments(one.journeys, cuts, cells, len(edges) + 1))
    return made


def _celled(drafts: list[_Draft], edges: Counts) -> tuple[list[Cells], Counts]:
    """Return the cell of every entity of each side, and int64[2, strata] of how many are in each."""
    counts = np.zeros((2, len(edges) + 1), np.int64)
    cells = [np.empty(len(one.group), np.int32) for one in drafts]
    for one, cell in zip(drafts, cells, strict=True):
        stratify(one.start, one.cut, one.group, edges, cell, counts)
    return cells, counts


def _equal_parts(lengths: Counts) -> Counts:
    """Return where lengths are cut into at most eight equal parts."""
    if not len(lengths):
        return lengths
    places = [len(lengths) * k // STRATA for k in range(1, STRATA)]
    return np.unique(np.partition(lengths, places)[places])


def _wide_enough(wanted: Counts, counts: Counts) -> Counts:
    """Return the edges, int64[k] of those that are wanted, that leave at least ten of each group in each stratum."""
    edges: list[int] = []
    past = np.zeros(2, np.int64)
    below = np.cumsum(counts, axis=1)
    for edge, under in zip(wanted.tolist(), below.T, strict=False):
        if (under - past >= LEAST).all() and (below[:, -1] - under >= LEAST).all():
            edges.append(edge)
            past = under
    return np.array(edges, np.int64)
