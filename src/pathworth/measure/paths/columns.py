"""Columns of walks around an anchor as rows of a matrix, or as nodes and links of a flow."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pathworth.journeys import Engine
from pathworth.measure.contracts import Difference, Interval
from pathworth.measure.paths.around_answer import (
    Kind,
    MatrixRow,
    MatrixRowDiff,
    SankeyLink,
    SankeyLinkDiff,
    SankeyNode,
    SankeyNodeDiff,
)
from pathworth.measure.paths.walks.asked import labels_of
from pathworth.measure.paths.walks.book import At, Book, Move
from pathworth.measure.paths.walks.layout import EVERY_WALK
from pathworth.measure.paths.walks.levels import Counts, found_in
from pathworth.measure.paths.walks.passes import Plan
from pathworth.measure.paths.walks.walks import Sight
from pathworth.measure.shares import TIMES, UNITS, Asked, Share

T = TypeVar("T")
_Row = tuple[Kind, str, int | None]
Nodes = tuple[SankeyNode, ...]
Links = tuple[SankeyLink, ...]


@dataclass(frozen=True)
class Around:
    """A plan of walks to both sides of an anchor, and what the first pass over a selection saw."""

    book: Book
    sight: Sight

    @property
    def plan(self) -> Plan:
        """Return the plan."""
        return self.book.plan

    @property
    def positions(self) -> tuple[int, ...]:
        """Return the position of every column."""
        return tuple(self.book.level(c) for c in range(self.plan.walks.columns))

    def row(self, at: At) -> _Row:
        """Return the row of the matrix in which a state stands: kind, name, and how many states it joins."""
        named = self.book.named(at.column, at.label)
        if named.joins is not None:
            return "other", named.name, named.joins
        if at.label < len(self.plan.layout.names[at.column]):
            return "state", named.name, None
        kind = named.name.strip("()")
        return cast("Kind", kind), kind, None


def matrices(
    around: Around, asked: Asked, *, every: bool, engine: Engine
) -> list[tuple[tuple[MatrixRow, ...]]]:
    """Return the rows of each part: states by how common they are, then the others, then who is not there."""
    made = []
    parts = found_in(around.plan, asked, pick=lambda one: isinstance(one, At), engine=engine)
    for found, cells in zip(parts, asked.totals, strict=True):
        rows = _by_row(around, found)
        made.append((tuple(_matrix_row(row, rows[row], cells, every=every) for row in rows),))
    return made


def _by_row(
    around: Around, found: list[tuple[At | Move, T]]
) -> dict[_Row, list[tuple[At, T] | None]]:
    """Return what is told of the states of each row by column, in the order of labels."""
    rows: dict[_Row, list[tuple[At, T] | None]] = {}
    states = [(one, told) for one, told in found if isinstance(one, At)]
    for one, told in sorted(states, key=lambda pair: (pair[0].label, pair[0].column)):
        line = rows.setdefault(around.row(one), [None] * around.plan.walks.columns)
        line[one.column] = (one, told)
    return rows


def _matrix_row(
    row: _Row, line: list[tuple[At, Share] | None], cells: Counts, *, every: bool
) -> MatrixRow:
    kind, name, joins = row
    counts = tuple(0 if one is None else int(cells[one[0].cell, TIMES]) for one in line)
    walks = int(cells[EVERY_WALK, TIMES])
    return MatrixRow(
        name,
        kind,
        counts,
        tuple(n / walks if walks else None for n in counts),
        tuple(None if one is None else one[1].interval for one in line),
        joins,
        tuple(0 if one is None else int(cells[one[0].cell, UNITS]) for one in line)
        if every
        else None,
    )


def row_diffs(
    around: Around, told: list[tuple[At | Move, Difference]]
) -> tuple[MatrixRowDiff, ...]:
    """Return the rows of a matrix with what differs; where nobody is on both sides nothing does."""
    nothing = Difference(0.0, 0.0, 0.0, None, None, "Nobody is here in A or in B.")
    return tuple(
        MatrixRowDiff(name, kind, tuple(nothing if one is None else one[1] for one in line), joins)
        for (kind, name, joins), line in _by_row(around, told).items()
    )


def sankeys(
    around: Around, asked: Asked, *, every: bool, engine: Engine
) -> list[tuple[Nodes, Links]]:
    """Return nodes and links of each part."""
    made = []
    parts = found_in(around.plan, asked, pick=lambda _: True, engine=engine)
    for found, cells in zip(parts, asked.totals, strict=True):
        who = cells[:, UNITS] if every else None
        nodes = [
            SankeyNode(
                around.book.level(one.column),
                row[1],
                row[0],
                *_numbers(one.cell, cells, share),
                row[2],
                _of(who, one),
            )
            for one, share in found
            if isinstance(one, At)
            for row in [around.row(one)]
        ]
        links = [
            SankeyLink(*_ends(around, one), *_numbers(one.cell, cells, share), _of(who, one))
            for one, share in found
            if isinstance(one, Move)
        ]
        made.append((tuple(nodes), tuple(links)))
    return made


def _of(who: Counts | None, one: At | Move) -> int | None:
    return None if who is None else int(who[one.cell])


def _numbers(
    cell: int, cells: Counts, share: Share
) -> tuple[int, float, Interval | None, str | None]:
    return int(cells[cell, TIMES]), share.value or 0.0, share.interval, share.why


def _state(around: Around, one: At) -> tuple[int, str, Kind]:
    kind, name, _ = around.row(one)
    return around.book.level(one.column), name, kind


def _ends(around: Around, one: Move) -> tuple[int, str, Kind, str, Kind]:
    position, name, kind = _state(around, one.at)
    _, to, to_kind = _state(around, At(one.at.column + 1, one.to, one.cell))
    return position, name, kind, to, to_kind


def sankey_diffs(
    around: Around, told: list[tuple[At | Move, Difference]]
) -> tuple[tuple[SankeyNodeDiff, ...], tuple[SankeyLinkDiff, ...]]:
    """Return what differs at each state and on each move."""
    nodes = [
        SankeyNodeDiff(*_state(around, one), share) for one, share in told if isinstance(one, At)
    ]
    links = [
        SankeyLinkDiff(*_ends(around, one), share) for one, share in told if isinstance(one, Move)
    ]
    return tuple(nodes), tuple(links)


def of_parts(
    make: Callable[..., T], around: Around, *, asked: Asked, rows: list[Any]
) -> Iterator[T]:
    """Yield what is made of each part with walks: its value, its walks, its rows, and how many values it joins."""
    labels = labels_of(around.plan)
    for (value, others), cells, one in zip(labels, asked.totals, rows, strict=True):
        units, walks = int(cells[EVERY_WALK, UNITS]), int(cells[EVERY_WALK, TIMES])
        if walks:
            yield make(value, units, walks, *one, others)
