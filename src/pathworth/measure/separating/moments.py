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
from pathworth.kernels.cohorts.money import first_places
from pathworth.measure.returns.comings import all_time
from pathworth.store import Shard, hash64

Counts = NDArray[np.int64]
Cells = NDArray[np.int32]
NEVER = np.iinfo(np.int64).max
A, B = 0, 1
NOBODY, BEFORE, AT_ONCE, YOUNG, BOTH = -1, -2, -3, -4, -5
ASIDE: Mapping[str, int] = {
    "began before": BEFORE,
    "at once": AT_ONCE,
    "too young": YOUNG,
    "on both sides": BOTH,
}
"""Why some are in neither group, by the word of their cell."""
STRATA = 8
LEAST = 10
"""Entities that a stratum holds of each group at least."""
_DRAW = 1
"""Seed of the hash that draws moments, another one than that of groups."""


@dataclass(frozen=True)
class Began:
    """When the entities of some shards began and reached the goal, int64[n] each; NEVER where they did not."""

    shard: Shard
    first: int
    start_us: Counts
    goal_us: Counts


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
        times = np.append(lane.time_us, NEVER)
        return [Began(part.shard, part.first, times[places[:, 0]], times[places[:, 1]])]

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


@dataclass
class _Draft:
    """One side while it is made: arrays over all shards, laid end to end."""

    journeys: Journeys
    start: Counts
    goal: Counts
    cut: Counts
    group: Cells

    @property
    def end_us(self) -> int:
        return min(self.journeys.period.to_us, self.journeys.snapshot.last_us + 1)

    @property
    def length(self) -> Counts:
        return self.cut - self.start


def _drafted(journeys: Journeys, goal: Step | None, engine: Engine) -> _Draft:
    """Return who of a selection begins in its period, all as one group."""
    whole = all_time(journeys)
    shards = journeys.snapshot.shards
    times = {id(shard): np.full((2, shard.entities), NEVER, np.int64) for shard in shards}
    for one in engine.total(whole, Beginnings(goal)):
        if len(one.start_us):
            span = slice(one.first, one.first + len(one.start_us))
            times[id(one.shard)][:, span] = one.start_us, one.goal_us
    none = np.empty((2, 0), np.int64)
    start, reached = np.concatenate([none, *(times[id(one)] for one in shards)], axis=1)
    group = np.where(start == NEVER, NOBODY, A).astype(np.int32)
    group[(group == A) & (start < journeys.period.from_us)] = BEFORE
    return _Draft(whole, start, reached, np.where(group == A, start, 0), group)


def by_goal(journeys: Journeys, goal: Step, *, within_us: int | None, engine: Engine) -> Moments:
    """Return those who reach a goal as B, those who do not as A, each with a moment."""
    draft = _drafted(journeys, goal, engine)
    there = draft.group == A
    reached = there & (draft.goal < NEVER)
    draft.group[reached] = np.where(draft.goal > draft.start, B, AT_ONCE)[reached]
    reached &= draft.goal > draft.start
    taken = np.sort((draft.goal - draft.start)[reached])
    draft.cut[reached] = draft.goal[reached]
    rest = draft.group == A
    if len(taken):
        drawn = taken[_hashes(journeys)[rest] % np.uint64(len(taken))]
        draft.cut[rest] += drawn
        draft.group[rest & (draft.cut > draft.end_us)] = YOUNG
    _shorten(draft, within_us)
    return _stratified([draft])[0]


def by_side(
    pair: tuple[Journeys, Journeys],
    *,
    goal: Step | None,
    within_us: int | None,
    engine: Engine,
) -> list[Moments]:
    """Return two selections as A and B; the moment is the end of each, and the goal for who reaches it before."""
    drafts = [_drafted(one, goal, engine) for one in pair]
    both = (drafts[A].group == A) & (drafts[B].group == A)
    for side, draft in enumerate(drafts):
        there = draft.group == A
        draft.cut[there] = np.minimum(draft.goal, draft.end_us)[there]
        draft.group[there] = side
        draft.group[there & (draft.goal == draft.start)] = AT_ONCE
        draft.group[both] = BOTH
        _shorten(draft, within_us)
    return _stratified(drafts)


def _hashes(journeys: Journeys) -> NDArray[np.uint64]:
    """Return the hash of every entity's id, shard by shard."""
    found = [np.empty(0, np.uint64)]
    for shard in journeys.snapshot.shards:
        buffers = pa.py_buffer(shard.id_offset), pa.py_buffer(shard.id_bytes)
        found.append(hash64(pa.LargeStringArray.from_buffers(shard.entities, *buffers), _DRAW))
    return np.concatenate(found)


def _shorten(draft: _Draft, within_us: int | None) -> None:
    """Leave out what happens later than so long after each one's own start."""
    if within_us is not None:
        here = draft.group >= 0
        draft.cut[here] = np.minimum(draft.cut, draft.start + within_us)[here]


def _stratified(drafts: list[_Draft]) -> list[Moments]:
    """Return sides whose groups are cut into strata of alike lengths between start and moment."""
    groups = np.concatenate([one.group for one in drafts])
    lengths = np.concatenate([one.length for one in drafts])
    edges = strata_of(lengths[groups == A], lengths[groups == B])
    made, strata = [], len(edges) + 1
    for one in drafts:
        stratum = np.searchsorted(edges, one.length, side="right").astype(np.int32)
        cell = np.where(one.group >= 0, one.group * strata + stratum, one.group).astype(np.int32)
        shards = one.journeys.snapshot.shards
        bounds = np.cumsum([0, *(shard.entities for shard in shards)]).tolist()
        spans = {id(shard): slice(bounds[k], bounds[k + 1]) for k, shard in enumerate(shards)}
        cuts = {key: one.cut[span] for key, span in spans.items()}
        made.append(Moments(one.journeys, cuts, {k: cell[s] for k, s in spans.items()}, strata))
    return made


def strata_of(a: Counts, b: Counts) -> Counts:
    """Return where lengths are cut into at most eight strata, equal parts of B, at least ten of each group in each."""
    a, b = np.sort(a), np.sort(b)
    wanted = np.unique(b[[len(b) * k // STRATA for k in range(1, STRATA)]] if len(b) else b)
    edges: list[int] = []
    past = np.zeros(2, np.int64)
    for edge in wanted.tolist():
        below = np.array([np.searchsorted(one, edge) for one in (a, b)])
        above = np.array([len(a), len(b)]) - below
        if (below - past >= LEAST).all() and (above >= LEAST).all():
            edges.append(edge)
            past = below
    return np.array(edges, np.int64)
