"""How often entities go from one event straight to another, and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import AsOf, Engine, Journeys, Step, local_engine
from pathworth.measure import rules
from pathworth.measure.contracts import Carrier, Edge, EdgesOf, Transitions
from pathworth.measure.flow.edges import (
    LARGE_SHARE,
    ON_DEMAND,
    Means,
    Medians,
    as_edges,
    heavy_groups,
    means_of,
    medians_of,
    no_means,
)
from pathworth.measure.flow.moves import (
    Chosen,
    Counts,
    Detail,
    EdgeList,
    Heaviest,
    HeaviestOf,
    Moves,
    MovesInDetail,
    MovesOfMany,
    SourceUnits,
    ValueCounts,
)
from pathworth.measure.intervals import FEW_FOR_GROUPS, FEW_UNITS, TOO_FEW
from pathworth.measure.split import Split, split_by
from pathworth.store import GROUPS

MOST_IN_GROUPS = 64
"""Up to this many states every group has its own matrix, and every edge its interval."""
MOST_IN_MATRIX = 1_024
MOST_MEDIANS = 200
"""Above 64 states medians are made for this many of the commonest edges."""


def transitions(
    journeys: Journeys,
    *,
    times: str = "mean",
    entities: bool = False,
    by: str | None = None,
    steps: Sequence[rules.StepWord] | None = None,
    chosen: Sequence[str] = (),
    engine: Engine | None = None,
) -> Transitions:
    """Count the moves between consecutive kept events, with their mean time.

    Parameters
    ----------
    journeys
        Whose, and which events.
    times
        ``quantiles`` adds the median time; above 64 events that of the 200 commonest edges.
    entities
        Adds the number of entities behind every edge.
    by
        Splits moves by a property of the event at which they begin.
    steps
        Events or steps that stand for the events; what belongs to none is left out.
    chosen
        Above 64 events, at most 64 of them: moves among these get their interval, in a second pass.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` say.
    """
    rules.check_times(times)
    rules.check_period(journeys)
    snapshot = journeys.snapshot
    ruled = None if steps is None else rules.as_steps(steps, snapshot)
    names = snapshot.names if ruled is None else tuple(step.name for step in ruled)
    rules.check_chosen(chosen, names, most=MOST_IN_GROUPS)
    asked = _Asked(
        journeys, engine or local_engine(), ruled, tuple(names), entities, frozenset(chosen)
    )
    answer = asked.answer(quantiles=times == "quantiles")
    return answer if by is None else asked.with_parts(answer, by)


@dataclass(frozen=True)
class _Asked:
    """One question about moves, answered piece by piece."""

    journeys: Journeys
    engine: Engine
    steps: tuple[Step, ...] | None
    names: tuple[str, ...]
    people: bool
    chosen: frozenset[str] = frozenset()

    @property
    def states(self) -> int:
        return len(self.names)

    @property
    def width(self) -> int:
        return self.states + 1

    def answer(self, *, quantiles: bool) -> Transitions:
        """Return the edges, with intervals where every group can have its matrix."""
        snapshot = self.journeys.snapshot
        keys, totals, groups = self._count()
        starts = keys // self.width == self.states
        ends = keys % self.width == self.states
        edges = np.flatnonzero(~starts & ~ends & (totals[:, 0] > 0))
        entities = int(totals[starts, 0].sum())
        means = self._means(keys[edges], groups[:, edges] if len(groups) else groups, entities)
        if not len(groups) and self.chosen:
            means = self._means_on_demand(keys[edges], means, entities)
        middle = self._medians(keys[edges], totals[edges, 0]) if quantiles else None
        return Transitions(
            entities=entities,
            events=int(totals[~ends, 0].sum()),
            edges=self._edges(keys[edges], totals[edges], means, middle),
            excluded=dict(snapshot.excluded),
            as_of=AsOf(snapshot.id, snapshot.seq),
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
        if self.people:
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
        self, cells: Counts, totals: Counts, means: Means, middle: Medians | None = None
    ) -> tuple[Edge, ...]:
        """Return the edges of some cells by name."""
        pairs = np.stack([cells // self.width, cells % self.width], axis=1)
        return as_edges(
            pairs, totals, names=self.names, means=means, middle=middle, people=self.people
        )

    def _means(
        self,
        keys: Counts,
        groups: Counts,
        units: int,
        question: Moves | MovesInDetail | None = None,
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
        if units < FEW_FOR_GROUPS or (groups[:, :, 0].sum(axis=1) == 0).any():
            singles: list[Counts] = self.engine.units(self.journeys, Chosen(asked, cells))
            groups = np.stack(singles)
            means = means_of(groups, self._enough(sources, groups[:, :, 0] > 0))
            anywhere = np.tile(heavy_groups(groups, means).any(axis=0), (GROUPS, 1))
            return self._named(means, groups, asked, cells, anywhere)
        means = means_of(groups, self._enough(sources, groups[:, :, 0] > 0))
        return self._named(means, groups, asked, cells, heavy_groups(groups, means))

    def _named(
        self,
        means: Means,
        groups: Counts,
        asked: Moves | MovesInDetail,
        cells: Counts,
        heavy: NDArray[np.bool_],
    ) -> Means:
        """Name the entity that carries much of an edge's time, in a pass over the groups where one might."""
        some = np.flatnonzero(heavy.any(axis=0))
        if not len(some):
            return means
        sums = groups[:, some, 1].sum(axis=0)
        question = HeaviestOf(asked, cells[some], heavy[:, some], LARGE_SHARE * sums)
        parts: list[Heaviest] = self.engine.fold(self.journeys, question)
        carried = [*means.carried]
        for k, (ms, entity) in reduce(question.merge, parts).items():
            carried[int(some[k])] = Carrier(entity, ms / int(sums[k]))
        return replace(means, carried=tuple(carried))

    def _means_on_demand(self, keys: Counts, means: Means, units: int) -> Means:
        """Give the moves among the chosen states their intervals; all other states are one in this pass."""
        wanted = np.array([name in self.chosen for name in self.names])
        some = np.flatnonzero(wanted[keys // self.width] & wanted[keys % self.width])
        if not len(some):
            return means
        relabel, states, cells = self._renumbered(keys[some])
        question = MovesInDetail(self.steps, states, relabel=relabel)
        details: list[Detail] = self.engine.fold(self.journeys, question)
        groups = np.stack([one.moves[cells] for one in details])
        return means.with_some(some, self._means(keys[some], groups, units, question, cells))

    def _renumbered(self, keys: Counts) -> tuple[NDArray[np.int32], int, Counts]:
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

    def _enough(self, sources: Counts, seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return of each edge whether at least 30 entities enter its source; seen is [G, edges].

        Thirty groups hold at least thirty entities, so only rare sources are counted in a pass of their own.
        """
        held = np.zeros((len(seen), self.states), bool)
        for group, row in enumerate(seen):
            held[group, sources[row]] = True
        units = held.sum(axis=0)
        rare = np.intersect1d(np.flatnonzero(units < FEW_UNITS), sources)
        if len(rare):
            units[rare] = self.engine.total(self.journeys, SourceUnits(self.steps, rare))
        found: NDArray[np.bool_] = units[sources] >= FEW_UNITS
        return found

    def _medians(self, keys: Counts, counts: Counts) -> Medians:
        """Return median times, in a second pass over the edges that get one."""
        chosen = np.arange(len(keys))
        if self.states > MOST_IN_GROUPS:
            chosen = np.lexsort((self._name_order(keys), -counts))[:MOST_MEDIANS]
        relabel, states, cells = self._renumbered(keys[chosen])
        slot = np.full((states + 1) ** 2, -1, np.int32)
        slot[cells] = np.arange(len(cells))
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

    def with_parts(self, answer: Transitions, by: str) -> Transitions:
        """Add the moves of each value of a property of the event at which they begin."""
        field = rules.split_column(by, self.journeys.snapshot)
        rules.check_matrix(self.states, MOST_IN_GROUPS)
        counts = self.engine.total(self.journeys, ValueCounts(field))
        split = split_by(field, counts)
        question = MovesInDetail(self.steps, self.states, split=split)
        details = self.engine.fold(self.journeys, question)
        movers = np.sum([one.entities for one in details], axis=0)
        parts = self._parts(answer.entities, split, details, question)
        made = [
            EdgesOf(value, int(n), sum(edge.count for edge in edges), edges, others)
            for value, n, edges, others in zip(
                split.labels, movers, parts, split.others, strict=True
            )
            if edges
        ]
        undivided = replace(question, split=_undivided(split))
        once = self.engine.total(self.journeys, undivided).entities
        overlap = int(sum(one.entities for one in made) - once.sum())
        return replace(answer, by=tuple(made), overlap=overlap)

    def _parts(
        self, entities: int, split: Split, details: list[Detail], question: MovesInDetail
    ) -> list[tuple[Edge, ...]]:
        """Return the edges of every part of a split."""
        groups = np.stack([one.moves for one in details])
        totals, area = groups.sum(axis=0), self.width**2
        cells = np.arange(len(totals)) % area
        inner = (cells // self.width < self.states) & (cells % self.width < self.states)
        keys = np.flatnonzero(inner & (totals[:, 0] > 0))
        means = self._means(keys, groups[:, keys], entities, question)
        parts = []
        for part in range(split.parts):
            mine = np.flatnonzero(keys // area == part)
            parts.append(self._edges(keys[mine] % area, totals[keys[mine]], means.of(mine)))
        return parts


def _undivided(split: Split) -> Split:
    """Return the split with everything in one part."""
    return replace(split, part_of=np.zeros_like(split.part_of), labels=("all",), others=(None,))
