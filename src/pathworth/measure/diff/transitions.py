"""How moves differ between two selections: their shares of what leaves an event, and their times."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.measure.contracts import Difference, Interval
from pathworth.measure.diff.sides import by_unit, marks, shared
from pathworth.measure.diff.wording import POINTS, SECONDS, Kind, said, said_among
from pathworth.measure.flow.contracts import Edge, EdgeDiff, Transitions, TransitionsDiff
from pathworth.measure.flow.counting import Counting
from pathworth.measure.flow.leaving import Table, by_entity, by_group, leaving
from pathworth.measure.intervals import bh_q, half_width, newcombe, spread_of_some

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
Sides = tuple[Counting, Counting]
RATE = 0.05
"""The share of chance that is allowed among the moves said to differ."""
_MS = 1_000.0


@dataclass(frozen=True)
class Gaps:
    """A number of every edge on both sides, how far B lies from A, and how sure that is, float64[edges] each."""

    a: Numbers
    b: Numbers
    error: Numbers
    p: Numbers

    @property
    def gap(self) -> Numbers:
        """Return B less A."""
        return self.b - self.a


def compared(sides: Sides, answers: tuple[Transitions, Transitions]) -> TransitionsDiff:
    """Compare the moves of two selections, B less A."""
    a, b = answers
    edges = _edges(a, b)
    keys = _keys(sides[0], list(edges))
    counts = np.array([sum(one.count if one else 0 for one in both) for both in edges.values()])
    some = np.sort(sides[0].commonest(keys, counts.astype(np.int64)))
    both = shared(*(marks(one.journeys, one.entities_of, engine=one.engine) for one in sides))
    found = _compared(sides, answers, keys[some]) if len(some) else []
    every = list(edges)
    pairs = [every[k] for k in some.tolist()]
    made = tuple(
        _row(pair, edges[pair], share, seconds)
        for pair, (share, seconds) in zip(pairs, found, strict=True)
    )
    return TransitionsDiff(a, b, made, RATE, len(edges) - len(made), both)


def _edges(a: Transitions, b: Transitions) -> dict[tuple[str, str], list[Edge | None]]:
    """Return the edges of both sides by name, null where a side does not have one."""
    found: dict[tuple[str, str], list[Edge | None]] = {}
    for side, answer in enumerate((a, b)):
        for edge in answer.edges:
            found.setdefault((edge.from_, edge.to), [None, None])[side] = edge
    return dict(sorted(found.items()))


def _keys(counting: Counting, pairs: list[tuple[str, str]]) -> Counts:
    """Return the cell of each edge in the matrix of all states."""
    place = {name: k for k, name in enumerate(counting.names)}
    keys = [place[one] * counting.width + place[two] for one, two in pairs]
    return np.array(keys, np.int64)


def _row(
    pair: tuple[str, str], edges: list[Edge | None], share: Difference, seconds: Difference
) -> EdgeDiff:
    counts = [edge.count if edge else 0 for edge in edges]
    asked = any(edge is not None and edge.entities is not None for edge in edges)
    people = [(edge.entities if edge else 0) if asked else None for edge in edges]
    return EdgeDiff(*pair, counts[0], counts[1], share, seconds, people[0], people[1])


def _compared(
    sides: Sides, answers: tuple[Transitions, Transitions], keys: Counts
) -> list[tuple[Difference, Difference]]:
    """Return the difference in share and in seconds of each edge."""
    asked, source_of = leaving(sides[0], keys)
    if by_unit(answers[0].entities, answers[1].entities):
        tables = by_entity(sides, asked)
    else:
        tables = [by_group(one, asked) for one in sides]
    blocks = Blocks((tables[0], tables[1]), source_of, len(keys))
    sources = np.unique(keys // sides[0].width)
    enough = np.logical_and(
        *(one.enough(sources, blocks.left(side)) for side, one in enumerate(sides))
    )[source_of]
    shares, seconds = blocks.gaps()
    certain = _certain(sides, shares, sources[source_of]) if len(keys) else {}
    return list(
        zip(
            _differences(shares, enough, kind=POINTS, units=blocks.units, certain=certain),
            _differences(seconds, enough, kind=SECONDS, units=blocks.units, certain={}),
            strict=True,
        )
    )


@dataclass(frozen=True)
class Blocks:
    """What units add on both sides, source by source: only units that leave a source change its edges.

    Parameters
    ----------
    tables
        A and B; columns are edges, then sources.
    source_of
        int64[edges]: the source of each edge.
    edges
        How many edges there are.
    """

    tables: tuple[Table, Table]
    source_of: Counts
    edges: int

    @property
    def units(self) -> int:
        """Return how many units the jackknife leaves out, one at a time."""
        return int(self.tables[0].moves.shape[0])

    def left(self, side: int) -> NDArray[np.bool_]:
        """Return bool[units, sources]: who leaves a source on one side."""
        found: NDArray[np.bool_] = self.tables[side].moves[:, self.edges :].toarray() > 0
        return found

    def gaps(self) -> tuple[Gaps, Gaps]:
        """Return shares and seconds of every edge."""
        shares, seconds = (np.full((4, self.edges), np.nan) for _ in range(2))
        with np.errstate(divide="ignore", invalid="ignore"):
            for source in range(int(self.source_of.max(initial=-1)) + 1):
                mine = np.flatnonzero(self.source_of == source)
                moves, ms, left = self._block(source, mine)
                shares[:, mine] = _gap(moves, left[:, :, None], self.units, 1.0)
                seconds[:, mine] = _gap(ms, moves, self.units, _MS)
        return Gaps(*shares), Gaps(*seconds)

    def _block(self, source: int, mine: Counts) -> tuple[Numbers, Numbers, Numbers]:
        """Return float64[2, touched units, edges] of moves and ms, and [2, touched] of moves that leave."""
        left = np.stack(
            [one.moves[:, [self.edges + source]].toarray()[:, 0] for one in self.tables]
        )
        some = np.flatnonzero(left.any(axis=0))
        moves, ms = (
            np.stack([table[:, mine].toarray()[some] for table in kind]).astype(np.float64)
            for kind in ([t.moves for t in self.tables], [t.ms for t in self.tables])
        )
        return moves, ms, left[:, some].astype(np.float64)


def _gap(over: Numbers, under: Numbers, units: int, scale: float) -> Numbers:
    """Return the ratio of sums on both sides, the error of their difference and its p, float64[4, edges]."""
    tops, bottoms = over.sum(axis=1), under.sum(axis=1)
    a, b = (tops[k] / bottoms[k] / scale for k in (0, 1))
    without = [(tops[k] - over[k]) / (bottoms[k] - under[k]) / scale for k in (0, 1)]
    error, p = spread_of_some(b - a, without[1] - without[0], units=units)
    return np.stack([a, b, error, p])


def _certain(sides: Sides, shares: Gaps, sources: Counts) -> dict[int, Interval]:
    """Return the intervals of edges that all take on one side and none on the other: nothing varies there.

    Every unit then says the same, so units are counted as in shares of entities (Newcombe).
    """
    all_or_none = np.flatnonzero((shares.error == 0) & (np.abs(shares.gap) == 1))
    if not len(all_or_none):
        return {}
    states, place = np.unique(sources[all_or_none], return_inverse=True)
    a, b = (one.units_in(states)[place].tolist() for one in sides)
    found = {}
    for k, edge in enumerate(all_or_none.tolist()):
        up = shares.gap[edge] > 0
        interval = newcombe((0 if up else a[k], a[k]), (b[k] if up else 0, b[k]))
        if interval is not None:
            found[edge] = interval
    return found


def _differences(
    gaps: Gaps,
    enough: NDArray[np.bool_],
    *,
    kind: Kind,
    units: int,
    certain: dict[int, Interval],
) -> list[Difference]:
    """Return differences in words that allow for how many are looked at."""
    known = enough & np.isfinite(gaps.error) & np.isfinite(gaps.p)
    q = np.full(len(known), np.nan)
    q[known] = bh_q(gaps.p[known])
    half = half_width(units) * gaps.error if units > 1 else np.full(len(known), np.nan)
    made = []
    for k, (a, b) in enumerate(zip(gaps.a.tolist(), gaps.b.tolist(), strict=True)):
        interval = None
        if known[k]:
            interval = certain.get(k, (float(b - a - half[k]), float(b - a + half[k])))
        sides = [None if np.isnan(one) else one for one in (a, b)]
        alone = said(sides[0], sides[1], interval=interval, kind=kind)
        rate = float(q[k]) if known[k] else None
        made.append(said_among(alone, q=rate, rate=RATE, many=int(known.sum())))
    return made
