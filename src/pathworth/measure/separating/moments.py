"""Who stands in which group, and the moment up to which what each one did counts.

Whoever reaches a goal had to be there until then, and whoever is there longer does more: to compare all that the others
ever did with what these did before the goal would find what merely takes time (immortal time). So everybody gets a
moment. Of those who reached the goal it is the goal. Each other one gets the time that one of those who reached it took
from their own start, drawn by the hash of the id, and is left out if that moment has not come yet. What remains of
unlike times is met by strata of alike ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

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
    first_times,
    stratify,
)
from pathworth.measure.returns.comings import all_time
from pathworth.store import hash64

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
class Piece:
    """What was found of the entities of a shard from the place ``first`` on, arrays of as many elements each."""

    shard: int
    first: int
    found: tuple[NDArray, ...]


def by_shard(pieces: list[Piece]) -> dict[int, tuple[NDArray, ...]]:
    """Return what was found by the place of its shard, whatever pieces the shard was cut into."""
    held: dict[int, list[Piece]] = {}
    for one in sorted(pieces, key=lambda one: one.first):
        held.setdefault(one.shard, []).append(one)
    return {
        shard: mine[0].found
        if len(mine) == 1
        else tuple(map(np.concatenate, zip(*(one.found for one in mine), strict=True)))
        for shard, mine in held.items()
    }


@dataclass(frozen=True)
class Beginnings:
    """The first event of every entity, and its first one that is the goal, int64[n] each; NEVER where there is none."""

    goal: Step | None

    def fold(self, part: Part) -> list[Piece]:
        """Look at the entities of a part."""
        steps = (Step("any", "true"), *(() if self.goal is None else (self.goal,)))
        lane = hit_lane(part, steps)
        times = np.empty((2, lane.units), np.int64)
        roles = lane.table.astype(np.uint8)
        first_times(lane.offset, lane.codes, roles, lane.time_us, lane.keep, times)
        return [Piece(part.place, part.first, (times[0], times[1]))]

    def merge(self, left: list[Piece], right: list[Piece]) -> list[Piece]:
        """Join two lists."""
        return left + right


@dataclass(frozen=True)
class Draws:
    """Draws everybody's moment and group by the hash of their id; ``taken`` and ``bounds`` as the kernel ``draw``.

    ``times`` holds by the place of a shard what ``Beginnings`` finds of it.
    """

    times: Mapping[int, tuple[NDArray, ...]]
    taken: Counts
    bounds: Counts

    def fold(self, part: Part) -> list[Piece]:
        """Draw the moments of a part's entities."""
        start, reached = (one[part.first : part.last] for one in self.times[part.place])
        cut, group = np.empty(len(start), np.int64), np.empty(len(start), np.int32)
        draw(start, reached, _hashes(part), self.taken, self.bounds, cut, group)
        return [Piece(part.place, part.first, (start, cut, group))]

    def merge(self, left: list[Piece], right: list[Piece]) -> list[Piece]:
        """Join two lists."""
        return left + right


def _hashes(part: Part) -> NDArray[np.uint64]:
    """Return the hash of the id of every entity of a part."""
    buffers = pa.py_buffer(part.shard.id_offset), pa.py_buffer(part.shard.id_bytes)
    size = part.last - part.first
    return hash64(pa.LargeStringArray.from_buffers(size, *buffers, offset=part.first), _DRAW)


@dataclass(frozen=True)
class Moments:
    """Group and moment of every entity of one side.

    Parameters
    ----------
    journeys
        The selection, of all time up to its end.
    cut_us
        int64[n_entity] by the place of each shard: what happens from then on does not count.
    cell
        int32[n_entity] likewise: group * strata + stratum, below 0 for who is in neither.
    counts
        int64[2, strata]: how many entities of each group are in each stratum.
    """

    journeys: Journeys
    cut_us: Mapping[int, Counts]
    cell: Mapping[int, Cells]
    counts: Counts

    @property
    def strata(self) -> int:
        """Return how many strata there are."""
        return len(self.counts[A])

    def of(self, part: Part) -> tuple[Counts, Cells]:
        """Return the moments and cells of a part's entities."""
        none = np.empty(0, np.int64)
        cut = self.cut_us.get(part.place, none)[part.first : part.last]
        cell = self.cell.get(part.place, none.astype(np.int32))[part.first : part.last]
        return cut, cell

    def aside(self, why: int) -> int:
        """Return how many are in neither group for one reason."""
        return sum(int((one == why).sum()) for one in self.cell.values())


@dataclass(frozen=True)
class _Draft:
    """One side while it is made; int64[n], int64[n] and int32[n] by the place of each shard."""

    journeys: Journeys
    start: Mapping[int, Counts]
    cut: Mapping[int, Counts]
    group: Mapping[int, Cells]


def _times(journeys: Journeys, goal: Step | None, engine: Engine) -> dict[int, tuple[NDArray, ...]]:
    """Return when everybody began and when they reached the goal."""
    return by_shard(engine.total(journeys, Beginnings(goal)))


def _end_us(journeys: Journeys) -> int:
    return min(journeys.period.to_us, journeys.snapshot.last_us + 1)


def by_goal(journeys: Journeys, goal: Step, *, within_us: int | None, engine: Engine) -> Moments:
    """Return those who reach a goal as B, those who do not as A, each with a moment."""
    whole, from_us = all_time(journeys), journeys.period.from_us
    times = _times(whole, goal, engine)
    taken = np.sort(_joined(_waits(one, from_us) for one in times.values()))
    bounds = np.array([from_us, _end_us(whole), NEVER if within_us is None else within_us])
    drawn = by_shard(engine.total(whole, Draws(times, taken, bounds)))
    start, cut, group = ({key: one[k] for key, one in drawn.items()} for k in range(3))
    return _stratified([_Draft(whole, start, cut, group)])[0]


def _waits(times: tuple[NDArray, ...], from_us: int) -> Counts:
    """Return how long those took who begin in the period and reach the goal later."""
    start, reached = times
    some = np.flatnonzero((reached < NEVER) & (reached > start) & (start >= from_us))
    waits: Counts = reached[some] - start[some]
    return waits


def _joined(arrays: Iterable[Counts]) -> Counts:
    return np.concatenate([np.empty(0, np.int64), *arrays])


def by_side(
    pair: tuple[Journeys, Journeys],
    *,
    goal: Step | None,
    within_us: int | None,
    engine: Engine,
) -> list[Moments]:
    """Return two selections as A and B; the moment is the end of each, and the goal for who reaches it before."""
    drafts = [_side(one, goal, within_us=within_us, engine=engine) for one in pair]
    for shard in drafts[A].group:
        groups = [one.group[shard] for one in drafts]
        there = [(one == A) | (one == AT_ONCE) for one in groups]
        for side, group in enumerate(groups):
            group[group == A] = side
            group[there[A] & there[B]] = BOTH
    return _stratified(drafts)


def _side(
    journeys: Journeys, goal: Step | None, *, within_us: int | None, engine: Engine
) -> _Draft:
    """Return one of two selections; all who are in it stand in A."""
    whole = all_time(journeys)
    starts, cuts = dict[int, Counts](), dict[int, Counts]()
    groups = dict[int, Cells]()
    for shard, (start, reached) in _times(whole, goal, engine).items():
        group = np.full(len(start), A, np.int32)
        group[reached == start] = AT_ONCE
        group[start < journeys.period.from_us] = BEFORE
        group[start == NEVER] = NOBODY
        cut = np.minimum(reached, _end_us(whole))
        if within_us is not None:
            cut = start + np.minimum(cut - start, within_us)
        starts[shard], cuts[shard], groups[shard] = start, cut, group
    return _Draft(whole, starts, cuts, groups)


def _stratified(drafts: list[_Draft]) -> list[Moments]:
    """Return sides whose groups are cut into strata of alike lengths between start and moment."""
    lengths = _joined(
        (one.cut[key] - one.start[key])[group == B]
        for one in drafts
        for key, group in one.group.items()
    )
    wanted = _equal_parts(lengths)
    edges = _wide_enough(wanted, reduce(np.add, [_celled(one, wanted)[1] for one in drafts]))
    return [Moments(one.journeys, one.cut, *_celled(one, edges)) for one in drafts]


def _celled(draft: _Draft, edges: Counts) -> tuple[Mapping[int, Cells], Counts]:
    """Return the cell of every entity of a side, and int64[2, strata] of how many are in each."""
    counts = np.zeros((2, len(edges) + 1), np.int64)
    cells = {key: np.empty(len(group), np.int32) for key, group in draft.group.items()}
    for key, cell in cells.items():
        stratify(draft.start[key], draft.cut[key], draft.group[key], edges, cell, counts)
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
