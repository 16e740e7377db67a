"""What leaves some events: the moves and times of chosen edges, and all moves from where these begin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array

from pathworth.journeys import Part
from pathworth.measure.diff.sides import Each
from pathworth.measure.flow.counting import MOST_IN_GROUPS, Counting
from pathworth.measure.flow.moves import Counts, Detail, Moves, MovesInDetail


@dataclass(frozen=True)
class Leaving:
    """Moves and whole ms of some edges, then the moves that leave each source: int64[edges + sources, 2].

    Parameters
    ----------
    inner
        How moves are counted.
    cells
        int64[edges]: places in the matrix of ``inner``.
    sources
        int64[sources]: states of ``inner`` at which these edges begin.
    """

    inner: Moves | MovesInDetail
    cells: Counts
    sources: Counts

    def fold(self, part: Part) -> Counts:
        """Count the moves of a part."""
        counted, width = self.inner.fold(part), self.inner.states + 1
        found = (counted.moves if isinstance(counted, Detail) else counted)[:, :2]
        # The last column is the end of a journey, which is no move to anything.
        left = found[:, 0].reshape(width, width)[self.sources, :-1].sum(axis=1)
        return np.concatenate([found[self.cells], np.stack([left, np.zeros_like(left)], axis=1)])

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right

    def alone(self, part: Part) -> tuple[Counts, Counts]:
        """Return where a part adds anything, and what."""
        found = self.fold(part)
        places = np.flatnonzero(found.any(axis=1))
        return places, found[places]


@dataclass(frozen=True)
class Table:
    """What every unit adds on one side: moves and whole ms, arrays [units, edges + sources]."""

    moves: csc_array
    ms: csc_array


def leaving(counting: Counting, keys: Counts) -> tuple[Leaving, Counts]:
    """Return the fold of some edges with their sources, and int64[edges]: which source each edge has."""
    sources, source_of = np.unique(keys // counting.width, return_inverse=True)
    if counting.states <= MOST_IN_GROUPS:
        return Leaving(Moves(counting.steps, counting.states), keys, sources), source_of
    relabel, states, cells = counting.renumbered(keys)
    inner = MovesInDetail(counting.steps, states, relabel=relabel)
    return Leaving(inner, cells, relabel[sources].astype(np.int64)), source_of


def by_group(counting: Counting, asked: Leaving) -> Table:
    """Return what each of the 64 groups adds."""
    groups: list[Counts] = counting.engine.fold(counting.journeys, asked)
    found = np.stack(groups)
    return Table(csc_array(found[:, :, 0]), csc_array(found[:, :, 1]))


def by_entity(pair: tuple[Counting, Counting], asked: Leaving) -> list[Table]:
    """Return what each entity adds on both sides, entities by rising id."""
    rows = [one.engine.total(one.journeys, Each(one.entities_of, asked.alone)) for one in pair]
    names = sorted({name for side in rows for name, _ in side})
    place = {name: k for k, name in enumerate(names)}
    shape = len(names), len(asked.cells) + len(asked.sources)
    return [_table([(place[name], *row) for name, row in side], shape) for side in rows]


def _table(rows: list[tuple[int, Counts, Counts]], shape: tuple[int, int]) -> Table:
    """Return the table of rows: the unit, where it adds anything, and what."""
    units = np.repeat(
        np.array([unit for unit, _, _ in rows], np.int64), [len(at) for _, at, _ in rows]
    )
    at = np.concatenate([np.zeros(0, np.int64), *(at for _, at, _ in rows)])
    values = np.concatenate([np.zeros((0, 2), np.int64), *(added for _, _, added in rows)])
    columns = [csc_array((values[:, k], (units, at)), shape=shape) for k in (0, 1)]
    return Table(*columns)
