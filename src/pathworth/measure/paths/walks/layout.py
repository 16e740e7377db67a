"""Which states are shown in each column of walks, and which cell counts what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.measure.cells import ARRIVED, CUT, ENDED, LATE, OTHER, quoted
from pathworth.measure.paths.rules import MOST_SHOWN, check_cells
from pathworth.measure.paths.walks.walks import Walks

Counts = NDArray[np.int64]
STOPS = (ENDED, LATE, ARRIVED, CUT)
MOST_CELLS = 1 << 18
EVERY_WALK = 0
"""The cell that counts all walks."""


@dataclass(frozen=True)
class Layout:
    """What stands under which label in each column, and where cells lie.

    The labels of a column are its shown states, then all others together, then ``STOPS``.

    Parameters
    ----------
    names
        Of the shown states of each column, as they are called.
    joined
        How many states the others of each column are.
    label
        int32[columns, codes]: label of each code of a walk.
    levels
        int64[columns that count, 3]: cell of the first label, cell of the first move, labels of the next column.
    cells
        How many there are.
    """

    names: tuple[tuple[str, ...], ...]
    joined: tuple[int, ...]
    label: NDArray[np.int32]
    levels: Counts
    cells: int

    def width(self, column: int) -> int:
        """Return how many labels a column has."""
        return len(self.names[column]) + 1 + len(STOPS)

    def words(self, column: int) -> list[str]:
        """Return how the labels of a column are written in cells."""
        return [*map(quoted, self.names[column]), OTHER, *STOPS]

    def state(self, column: int, label: int) -> str:
        """Return what a label is called."""
        shown = self.names[column]
        return shown[label] if label < len(shown) else self.words(column)[label]

    def stops(self, column: int) -> range:
        """Return the labels of a column that are no states."""
        first = len(self.names[column]) + 1
        return range(first, first + len(STOPS))

    def node(self, column: int, label: int) -> int:
        """Return the cell of a label."""
        return int(self.levels[column, 0]) + label

    def move(self, column: int, label: int, *, to: int) -> int:
        """Return the cell of a move from a label of one column to a label of the next."""
        return int(self.levels[column, 1]) + label * int(self.levels[column, 2]) + to


def lay_out(
    walks: Walks,
    states: Counts,
    *,
    most: int,
    opened: frozenset[int],
    beyond: bool,
    asked: Mapping[int, str],
) -> Layout:
    """Return the layout of walks by what a first pass saw.

    Parameters
    ----------
    walks
        How they are made.
    states
        int64[columns, codes of states]: walks by column and state. Columns that are alike show the same states.
    most
        States shown in a column, the commonest ones.
    opened
        Columns that show up to a thousand.
    beyond
        Whether the last column only says which walks go on.
    asked
        A state that a column shows in any case, as cells write it: whoever was shown it may ask who is behind it.

    Raises
    ------
    NotSupported
        ``TOO_MANY_STATES``.
    """
    shown = [
        _commonest(walks, states[c], MOST_SHOWN if c in opened else most, asked=asked.get(c))
        for c in range(walks.columns)
    ]
    if beyond:
        shown[-1] = ([], 0)
    names = tuple(tuple(one) for one, _ in shown)
    label = np.empty((walks.columns, walks.codes), np.int32)
    for c, known in enumerate(names):
        place = {name: k for k, name in enumerate(known)}
        label[c, : walks.stop] = len(known)
        for code in np.flatnonzero(states[c]).tolist():
            label[c, code] = place.get(walks.name_of(code), len(known))
        label[c, walks.stop :] = len(known) + 1 + np.arange(walks.codes - walks.stop)
    if beyond:
        label[-1, : walks.stop] = 1 + STOPS.index(CUT)
    levels, cells = _levels([len(one) + 1 + len(STOPS) for one in names], beyond=beyond)
    check_cells(cells, most=MOST_CELLS)
    return Layout(names, tuple(rest for _, rest in shown), label, levels, cells)


def _commonest(
    walks: Walks, counts: Counts, most: int, *, asked: str | None
) -> tuple[list[str], int]:
    """Return the names of the commonest states and of the one asked for, and how many others there are."""
    by_name: dict[str, int] = {}
    for code in np.flatnonzero(counts).tolist():
        name = walks.name_of(code)
        by_name[name] = by_name.get(name, 0) + int(counts[code])
    order = sorted(by_name, key=lambda name: (-by_name[name], name))
    shown = order[:most] + [name for name in order[most:] if quoted(name) == asked]
    return shown, len(order) - len(shown)


def _levels(widths: list[int], *, beyond: bool) -> tuple[Counts, int]:
    """Return where the cells of each column lie after the one of all walks, and how many there are."""
    rows, cells = [], EVERY_WALK + 1
    for c, width in enumerate(widths[:-1] if beyond else widths):
        after = widths[c + 1] if c + 1 < len(widths) else 0
        rows.append((cells, cells + width, after))
        cells += width + width * after
    return np.array(rows, np.int64), cells
