"""Counts moves in as many passes as a question needs: counts, times, people, medians, money, parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray

from pathworth.base.money import MICRO
from pathworth.journeys import AsOf, Engine, Journeys, Part, Step, state_lane
from pathworth.measure import rules
from pathworth.measure.flow.contracts import Carrier, Edge, EdgesOf, Transitions
from pathworth.measure.flow.edges import (
    LARGE_SHARE,
    ON_DEMAND,
    Means,
    Medians,
    anywhere,
    as_edges,
    heavy_groups,
    means_of,
    medians_of,
    no_means,
)
from pathworth.measure.flow.heaviest import Heaviest, HeaviestOf
from pathworth.measure.flow.money import Money, MoneyOf, in_units
from pathworth.measure.flow.moves import (
    Chosen,
    Counts,
    Detail,
    EdgeList,
    Moves,
    MovesByPart,
    MovesInDetail,
    MovesOfMany,
    SourceUnits,
    ValueCounts,
    slots_of,
    with_state,
)
from pathworth.measure.intervals import (
    FEW_FOR_GROUPS,
    FEW_UNITS,
    TOO_FEW,
    jackknife_of_sums,
)
from pathworth.measure.split import Split, split_by

MOST_IN_GROUPS = 64
"""Up to this many states every group has its own matrix, and every edge its interval."""
MOST_IN_MATRIX = 1_024
MOST_EDGES = 200
"""Above 64 states medians, money and differences are made for this many of the commonest edges."""


@dataclass(frozen=True)
class InState:
    """Tells entities with an event in a state; it goes where parts are folded, so that it holds no engine."""

    steps: tuple[Step, ...] | None

    def __call__(self, part: Part) -> NDArray[np.bool_]:
        """Return bool[n]: which entities of a part, not units, have a kept event that is in a state."""
        return with_state(state_lane(replace(part, slicing=None), self.steps))


@dataclass(frozen=True)
class Counting:
    """One question about moves, answered piece by piece.

    Parameters
    ----------
    journeys, engine
        Whose moves, and where folds run.
    steps, names
        What stands for the events, if anything does, and the names of the states.
    people, money
        Whether entities and net money are wanted for every edge.
    chosen
        Events among which moves get an interval where there are more than 64.
    by
        Property of the event at which moves begin, by which they are broken down.
    """

    journeys: Journeys
    engine: Engine
    steps: tuple[Step, ...] | None
    names: tuple[str, ...]
    people: bool = False
    money: bool = False
    chosen: frozenset[str] = frozenset()
    by: str | None = None

    @property
    def states(self) -> int:
        """Return how many states there are."""
        return len(self.names)

    @property
    def width(self) -> int:
        """Return the width of the matrix of all states, with where journeys begin and end."""
        return self.states + 1

    def answer(self, *, quantiles: bool) -> Transitions:
        """Return the edges, with intervals where every group can have its matrix."""
        snapshot = self.journeys.snapshot
        keys, totals, groups = self._count()
        starts = keys // self.width == self.states
        ends = keys % self.width == self.states
        edges = np.flatnonzero(~starts & ~ends & (totals[:, 0] > 0))
        entities = int(totals[starts, 0].sum())
        means = self._means(keys[edges], _cells_of(groups, edges), entities)
        if not len(groups) and self.chosen:
            means = self._means_on_demand(keys[edges], means, entities)
        counts = totals[edges, 0]
        middle = self._medians(keys[edges], counts) if quantiles else None
        money = self._money(keys[edges], counts, entities) if self.money else None
        return Transitions(
            entities=entities,
            events=int(totals[~ends, 0].sum()),
            edges=self._edges(keys[edges], totals[edges], means, middle=middle, money=money),
            excluded=dict(snapshot.excluded),
            as_of=AsOf(snapshot.id, snapshot.seq),
            currency=snapshot.currency if self.money else None,
        )

    def _count(self) -> tuple[Counts, Counts, Counts]:
        """Return keys, totals [cells, 2 or 3], and what each group adds, if that is not too much."""
        none = np.zeros((0, 0, 2), np.int64)
        if self.states > MOST_IN_MATRIX:
            found: EdgeList = self.engine.total(self.journeys, MovesOfMany(self.steps, self.states))
            return found.keys, found.moves, none
        keys = np.arange(self.width**2)
        if self.states > MOST_IN_GROUPS:
            return keys, self._totals(), none
        if self.by is not None and not self.people:
            # Moves of all parts together are those of the whole; people may be in several.
            inner = (one.moves.reshape(-1, len(keys), 2) for one in self._broken_down[2])
            groups = np.stack([one.sum(axis=0) for one in inner])
        elif self.people:
            details = self.engine.fold(self.journeys, MovesInDetail(self.steps, self.states))
            groups = np.stack([one.moves for one in details])
        else:
            plain: list[Counts] = self.engine.fold(self.journeys, Moves(self.steps, self.states))
            groups = np.stack(plain)
        return keys, groups.sum(axis=0), groups

    def _totals(self) -> Counts:
        if not self.people:
            return self.engine.total(self.journeys, Moves(self.steps, self.states))
        return self.engine.total(self.journeys, MovesInDetail(self.steps, self.states)).moves

    def _edges(
        self,
        cells: Counts,
        totals: Counts,
        means: Means,
        *,
        middle: Medians | None = None,
        money: Money | None = None,
    ) -> tuple[Edge, ...]:
        """Return the edges of some cells by name."""
        pairs = np.stack([cells // self.width, cells % self.width], axis=1)
        return as_edges(
            pairs,
            totals,
            names=self.names,
            means=means,
            middle=middle,
            money=money,
            people=self.people,
        )

    def _means(
        self,
        keys: Counts,
        groups: Counts,
        units: int,
        question: Moves | MovesInDetail | MovesByPart | None = None,
        cells: Counts | None = None,
    ) -> Means:
        """Return the interval of each edge's mean time from what each group adds, [G, edges, ...].

        The question counted the edges in its cells; both are the plain ones unless given.
        """
        if not len(groups) or not len(keys):
            return no_means(len(keys), ON_DEMAND)
        if units < FEW_UNITS:
            return no_means(len(keys), TOO_FEW)
        asked, cells = question or Moves(self.steps, self.states), keys if cells is None else cells
        sources = keys % self.width**2 // self.width
        by_unit = units < FEW_FOR_GROUPS or (groups[:, :, 0].sum(axis=1) == 0).any()
        if by_unit:
            singles: list[Counts] = self.engine.units(self.journeys, Chosen(asked, cells))
            groups = np.stack(singles)
        means = means_of(groups, self.enough(sources, groups[:, :, 0] > 0))
        heavy, (counts, sums) = heavy_groups(groups, means), groups.sum(axis=0).T[:2]
        heavy = anywhere(heavy) if by_unit else heavy
        # Nobody's moves take longer than there are events, but for what is rounded up.
        snapshot = self.journeys.snapshot
        longest_ms = (snapshot.last_us - snapshot.first_us) / 1_000 + counts / 2
        heavy &= LARGE_SHARE * sums <= longest_ms
        carried = self._carried(HeaviestOf(asked, cells, heavy, sums.astype(np.float64)))
        return replace(means, carried=carried)

    def _carried(self, question: HeaviestOf) -> tuple[Carrier | None, ...]:
        """Name who carries much of each cell's sum, in a pass over the groups where somebody might."""
        carried: list[Carrier | None] = [None] * len(question.cells)
        some = np.flatnonzero(question.heavy.any(axis=0))
        if len(some):
            asked = question.among(some)
            parts: list[Heaviest] = self.engine.fold(self.journeys, asked)
            for k, (own, entity) in reduce(asked.merge, parts).items():
                carried[int(some[k])] = Carrier(entity, own / float(asked.sums[k]))
        return tuple(carried)

    def _means_on_demand(self, keys: Counts, means: Means, units: int) -> Means:
        """Give the moves among the chosen states their intervals; all other states are one in this pass."""
        wanted = np.array([name in self.chosen for name in self.names])
        some = np.flatnonzero(wanted[keys // self.width] & wanted[keys % self.width])
        if not len(some):
            return means
        relabel, states, cells = self.renumbered(keys[some])
        question = MovesInDetail(self.steps, states, relabel=relabel)
        details: list[Detail] = self.engine.fold(self.journeys, question)
        groups = np.stack([one.moves[cells] for one in details])
        return means.with_some(some, self._means(keys[some], groups, units, question, cells))

    def renumbered(self, keys: Counts) -> tuple[NDArray[np.int32], int, Counts]:
        """Return other numbers for the states of some edges, how many there are, and the cells of these edges.

        Every state of no edge is one state together, so that neighbours stay what they were.
        """
        pairs = np.stack([keys // self.width, keys % self.width])
        used = np.unique(pairs)
        relabel = np.full(max(self.states, 1), len(used), np.int32)
        relabel[used] = np.arange(len(used))
        width = len(used) + 2
        return (
            relabel,
            len(used) + 1,
            relabel[pairs[0]].astype(np.int64) * width + relabel[pairs[1]],
        )

    def enough(self, sources: Counts, seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return of each edge whether at least 30 entities enter its source; seen is [G, edges].

        Thirty groups hold at least thirty entities, so only rare sources are counted in a pass of their own.
        """
        distinct, place = np.unique(sources, return_inverse=True)
        units = np.array(
            [seen[:, place == k].any(axis=1).sum() for k in range(len(distinct))], np.int64
        )
        rare = np.flatnonzero(units < FEW_UNITS)
        if len(rare):
            units[rare] = self.units_in(distinct[rare])
        found: NDArray[np.bool_] = units[place] >= FEW_UNITS
        return found

    @property
    def entities_of(self) -> InState:
        """Return what tells which entities count."""
        return InState(self.steps)

    def units_in(self, states: Counts) -> Counts:
        """Return how many entities have a kept event of each of some states."""
        return self.engine.total(self.journeys, SourceUnits(self.steps, states))

    def _money(self, keys: Counts, counts: Counts, entities: int) -> Money:
        """Return the money of edges, in a pass over those that get one."""
        chosen = self.commonest(keys, counts)
        relabel, states, cells = self.renumbered(keys[chosen])
        question = MovesInDetail(self.steps, states, relabel=relabel)
        sources = keys[chosen] // self.width
        return self._weighed(question, cells, sources, entities=entities).among(len(keys), chosen)

    def _weighed(
        self,
        question: MovesInDetail | MovesByPart,
        cells: Counts,
        sources: Counts,
        *,
        entities: int,
    ) -> Money:
        """Return the money of some cells with its interval, and who carries much of it."""
        asked = MoneyOf(question, cells)
        folded: list[Counts] = self.engine.fold(self.journeys, asked)
        if FEW_UNITS <= entities < FEW_FOR_GROUPS:
            folded = self.engine.units(self.journeys, asked)
        groups = np.stack(folded)
        amount, sums = in_units(groups.sum(axis=0)), in_units(groups)
        _, low, high = jackknife_of_sums(sums)
        few = entities < FEW_UNITS or ~self.enough(sources, groups[:, :, 2] > 0)
        low, high = (np.where(few | ~np.isfinite(one), np.nan, one) for one in (low, high))
        heavy = (amount > 0) & (sums > LARGE_SHARE * amount) & np.isfinite(low)
        # What is paid back in a group hides who brought much in it: all groups are looked at.
        heaviest = HeaviestOf(question, cells, anywhere(heavy), amount * MICRO, "money")
        return Money(amount, low, high, self._carried(heaviest))

    def commonest(self, keys: Counts, counts: Counts) -> Counts:
        """Return the places of all edges, or above 64 states of the commonest 200; of equal ones the first by name."""
        if self.states <= MOST_IN_GROUPS:
            return np.arange(len(keys))
        return np.lexsort((self._name_order(keys), -counts))[:MOST_EDGES]

    def _medians(self, keys: Counts, counts: Counts) -> Medians:
        """Return median times, in a second pass over the edges that get one."""
        chosen = self.commonest(keys, counts)
        relabel, states, cells = self.renumbered(keys[chosen])
        slot = slots_of(cells, (states + 1) ** 2)
        question = MovesInDetail(self.steps, states, relabel=relabel, slot=slot)
        found: Detail = self.engine.total(self.journeys, question)
        some = medians_of(found.bins, found.moves[cells, 2])
        whole = [np.full(len(keys), np.nan) for _ in range(3)]
        for column, part in zip(whole, (some.middle, some.low, some.high), strict=True):
            column[chosen] = part
        return Medians(*whole)

    def _name_order(self, keys: Counts) -> Counts:
        """Return the place of each edge among all by name, so that equal counts are chosen by name."""
        names = self.names
        order = sorted(
            range(len(keys)),
            key=lambda i: (names[keys[i] // self.width], names[keys[i] % self.width]),
        )
        place = np.empty(len(keys), np.int64)
        place[order] = np.arange(len(keys))
        return place

    @cached_property
    def _broken_down(self) -> tuple[Split, MovesInDetail | MovesByPart, list[Detail]]:
        """Return the parts, the question that counts their moves, and its partials; raises as ``measure.rules``."""
        field = rules.split_column(self.by or "", self.journeys.snapshot)
        rules.check_matrix(self.states, MOST_IN_GROUPS)
        counts = self.engine.total(self.journeys, ValueCounts(field))
        split = split_by(field, counts)
        question: MovesInDetail | MovesByPart = MovesByPart(self.steps, self.states, split)
        if self.people:
            question = MovesInDetail(self.steps, self.states, split=split)
        return split, question, self.engine.fold(self.journeys, question)

    def with_parts(self, answer: Transitions) -> Transitions:
        """Add the moves of each value of a property of the event at which they begin."""
        split, question, details = self._broken_down
        movers = np.sum([one.entities for one in details], axis=0)
        parts = self._parts(answer.entities, split, details, question)
        made = [
            EdgesOf(value, int(n), sum(edge.count for edge in edges), edges, others)
            for value, n, edges, others in zip(
                split.labels, movers[:-1], parts, split.others, strict=True
            )
            if edges
        ]
        overlap = int(sum(one.entities for one in made) - movers[-1])
        return replace(answer, by=tuple(made), overlap=overlap)

    def _parts(
        self,
        entities: int,
        split: Split,
        details: list[Detail],
        question: MovesInDetail | MovesByPart,
    ) -> list[tuple[Edge, ...]]:
        """Return the edges of every part of a split."""
        groups = np.stack([one.moves for one in details])
        totals, area = groups.sum(axis=0), self.width**2
        cells = np.arange(len(totals)) % area
        inner = (cells // self.width < self.states) & (cells % self.width < self.states)
        keys = np.flatnonzero(inner & (totals[:, 0] > 0))
        means = self._means(keys, _cells_of(groups, keys), entities, question)
        money = None
        if self.money:
            money = self._weighed(question, keys, keys % area // self.width, entities=entities)
        parts = []
        for part in range(split.parts):
            mine = np.flatnonzero(keys // area == part)
            some = None if money is None else money.of(mine)
            own = self._edges(keys[mine] % area, totals[keys[mine]], means.of(mine), money=some)
            parts.append(own)
        return parts


def _cells_of(groups: Counts, cells: Counts) -> Counts:
    """Return int64[G, cells, ...] of some cells, one group after the other in memory, as sums over groups read it.

    An index in brackets would lay them out cell by cell, and every sum take thirty times as long.
    """
    return groups.take(cells, axis=1) if len(groups) else groups
