"""States and moves with walks, and the answer's rows for them with shares, intervals and times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Engine
from pathworth.measure.asking import Pair
from pathworth.measure.contracts import Difference, Interval
from pathworth.measure.diff.sides import marks, shared
from pathworth.measure.intervals import medians
from pathworth.measure.paths.answer import PathLink, PathNode, PathStop, Why
from pathworth.measure.paths.walks.asked import counted
from pathworth.measure.paths.walks.book import At, Book, Move
from pathworth.measure.paths.walks.layout import EVERY_WALK
from pathworth.measure.paths.walks.passes import OnWay, Plan, Spent
from pathworth.measure.shares import ENTITIES, TIMES, UNITS, Asked, Share, differences, shares

Counts = NDArray[np.int64]
MOST_MEDIANS = 1_000
"""The commonest moves that get a median."""
_MS = 1_000.0
_STOPS: tuple[Why, ...] = ("ended", "late", "arrived", "cut")
Medians = Mapping[int, tuple[float, Interval | None]]


def states_with_walks(plan: Plan, times: Counts) -> Iterator[At]:
    """Yield the states with walks, outward, by how often each cell was counted."""
    layout = plan.layout
    for c in range(len(layout.levels)):
        last = layout.width(c) if plan.throughout else layout.stops(c).start
        for label in range(last):
            cell = layout.node(c, label)
            if times[cell]:
                yield At(c, label, cell)


def moves_with_walks(plan: Plan, times: Counts) -> Iterator[Move]:
    """Yield the moves with walks, outward, those to a stop included."""
    layout = plan.layout
    for at in states_with_walks(plan, times):
        first, width = layout.move(at.column, at.label, to=0), int(layout.levels[at.column, 2])
        for to in np.flatnonzero(times[first : first + width]).tolist():
            yield Move(at, to, first + to)


def found_in(
    plan: Plan, asked: Asked, *, pick: Callable[[At | Move], bool], engine: Engine
) -> list[list[tuple[At | Move, Share]]]:
    """Return the states and moves of each part that are picked, with their shares.

    States are shares of all walks, moves of the walks at the state they leave outward.
    """
    found: list[list[At | Move]] = []
    over: list[tuple[int, int]] = []
    for p, rows in enumerate(asked.totals):
        base, times = p * len(rows), rows[:, TIMES]
        every: list[At | Move] = [*states_with_walks(plan, times), *moves_with_walks(plan, times)]
        found.append([one for one in every if pick(one)])
        over += [(base + cell, base + whole) for cell, whole in map(_over, found[-1])]
    given = iter(shares(asked, over, engine=engine))
    return [[(one, next(given)) for one in mine] for mine in found]


@dataclass(frozen=True)
class Rows:
    """Makes the nodes and links of an answer.

    Parameters
    ----------
    book
        The plan, and how its cells are written.
    every
        Whether every occurrence counts, so that entities stand beside walks.
    medians
        Median seconds with their interval by cell of a move; null where nobody asks for them.
    """

    book: Book
    every: bool
    medians: Medians | None = None

    @property
    def plan(self) -> Plan:
        """Return the plan."""
        return self.book.plan

    def of(
        self, asked: Asked, *, engine: Engine
    ) -> list[tuple[tuple[PathNode, ...], tuple[PathLink, ...]]]:
        """Return nodes and links of each part, by rising level."""
        parts = found_in(self.plan, asked, pick=lambda _: True, engine=engine)
        return [self._part(*one) for one in zip(parts, asked.totals, strict=True)]

    def _part(
        self, found: list[tuple[At | Move, Share]], rows: Counts
    ) -> tuple[tuple[PathNode, ...], tuple[PathLink, ...]]:
        stops: dict[int, list[PathStop]] = {}
        links: list[PathLink] = []
        for one, share in found:
            if isinstance(one, Move) and self.book.stops(one):
                stops.setdefault(one.at.cell, []).append(self._stop(one, rows, share))
            elif isinstance(one, Move):
                links.append(self._link(one, rows, share))
        nodes = [
            self._node(one, rows, share, stops=tuple(stops.get(one.cell, ())))
            for one, share in found
            if isinstance(one, At)
        ]
        nodes.sort(key=lambda node: node.level)
        links.sort(key=lambda link: link.level)
        return tuple(nodes), tuple(links)

    def _who(self, rows: Counts, cell: int) -> int | None:
        return int(rows[cell, UNITS]) if self.every else None

    def _stop(self, one: Move, rows: Counts, share: Share) -> PathStop:
        kind = _STOPS[one.to - self.plan.layout.stops(one.at.column + 1).start]
        return PathStop(
            "began" if kind == "ended" and self.book.way < 0 else kind,
            int(rows[one.cell, TIMES]),
            share.value or 0.0,
            share.interval,
            share.why,
            self._who(rows, one.cell),
        )

    def _node(
        self, one: At, rows: Counts, share: Share, *, stops: tuple[PathStop, ...]
    ) -> PathNode:
        named = self.book.named(one.column, one.label)
        return PathNode(
            named.level,
            named.name,
            int(rows[one.cell, TIMES]),
            share.value or 0.0,
            share.interval,
            stops,
            share.why,
            named.joins,
            self._who(rows, one.cell),
        )

    def _link(self, one: Move, rows: Counts, share: Share) -> PathLink:
        before, after = self.book.ends(one)
        middle, likely = (self.medians or {}).get(one.cell, (None, None))
        return PathLink(
            before.level,
            before.name,
            after.name,
            int(rows[one.cell, TIMES]),
            share.value or 0.0,
            share.interval,
            share.why,
            before.joins,
            after.joins,
            self._who(rows, one.cell),
            middle,
            likely,
        )


def medians_of(asked: Asked, plan: Plan, *, engine: Engine) -> Medians:
    """Return the median seconds of the commonest moves between states, with Woodruff's interval, by cell."""
    rows = asked.totals[0]
    stops = plan.layout.stops
    moves = [
        one
        for one in moves_with_walks(plan, rows[:, TIMES])
        if one.to not in stops(one.at.column + 1)
    ]
    moves.sort(key=lambda one: (-int(rows[one.cell, TIMES]), one.cell))
    cells = np.array([one.cell for one in moves[:MOST_MEDIANS]], np.int64)
    bins = engine.total(asked.journeys, Spent(plan, cells))
    middle, low, high = medians(bins, rows[cells, ENTITIES])
    return {
        int(cell): (float(m) / _MS, None if np.isnan(a) else (float(a) / _MS, float(b) / _MS))
        for cell, m, a, b in zip(cells, middle, low, high, strict=True)
    }


def compared(
    pair: Pair, plan: Plan, *, every: bool, engine: Engine
) -> tuple[list[tuple[At | Move, Difference]], int]:
    """Return how the share of each state and move differs, B less A, and how many entities stand on both sides.

    States are compared as shares of all walks, moves as shares of the walks at the state they leave outward.
    """
    both = 0
    if all(one.slicing is None for one in pair):
        chosen = OnWay(plan, None).chosen
        both = shared(*(marks(one, chosen, engine=engine) for one in pair))
    a, b = (counted(one, plan, every=every, engine=engine)[0] for one in pair)
    times = a.totals[0, :, TIMES] + b.totals[0, :, TIMES]
    found: list[At | Move] = [*states_with_walks(plan, times), *moves_with_walks(plan, times)]
    told = differences((a, b), [_over(one) for one in found], shared=both, engine=engine)
    return list(zip(found, told, strict=True)), both


def _over(one: At | Move) -> tuple[int, int]:
    """Return a cell, and the one of which it is a share."""
    return one.cell, EVERY_WALK if isinstance(one, At) else one.at.cell
