"""The cells of an answer about walks as text, and who stands behind a text."""

from __future__ import annotations

from dataclasses import dataclass

from pathworth.measure.asking import unknown_cell
from pathworth.measure.cells import (
    BEGAN,
    ENDED,
    LATE,
    NOT_BEGUN,
    OUTSIDE,
    CellWords,
    of_part,
    read_cell,
)
from pathworth.measure.paths.walks.layout import STOPS
from pathworth.measure.paths.walks.passes import OnWay, Plan

ANCHORED, WITHOUT = "(anchored)", "(without an anchor)"


@dataclass(frozen=True)
class At:
    """A state with walks: its column, label and cell."""

    column: int
    label: int
    cell: int


@dataclass(frozen=True)
class Move:
    """A move with walks: from a state outward to a label of the next column."""

    at: At
    to: int
    cell: int


@dataclass(frozen=True)
class Named:
    """A state as an answer names it; ``joins`` says how many states the others are."""

    level: int
    name: str
    joins: int | None


@dataclass(frozen=True)
class Book:
    """How the cells of a plan are written.

    Parameters
    ----------
    plan
        Walks with their layout.
    way
        1 where columns run into the future, -1 where they run into the past.
    first
        Level of column 0.
    """

    plan: Plan
    way: int = 1
    first: int = 0

    def level(self, column: int) -> int:
        """Return the level of a column."""
        return self.first + self.way * column

    def words(self, column: int) -> list[str]:
        """Return how the labels of a column are written."""
        names = self.plan.layout.words(column)
        if self.plan.throughout:
            before = {ENDED: NOT_BEGUN} if self.level(column) < 0 else {}
            return [{LATE: OUTSIDE, **before}.get(name, name) for name in names]
        return [BEGAN if self.way < 0 and name == ENDED else name for name in names]

    def named(self, column: int, label: int) -> Named:
        """Return what a label is called; why walks stop stands in brackets."""
        layout = self.plan.layout
        level, shown = self.level(column), layout.names[column]
        if label < len(shown):
            return Named(level, shown[label], None)
        if label == len(shown):
            return Named(level, "other", layout.joined[column])
        return Named(level, self.words(column)[label], None)

    def ends(self, move: Move) -> tuple[Named, Named]:
        """Return the earlier and the later end of a move; a stop is always the later."""
        here = self.named(move.at.column, move.at.label)
        there = self.named(move.at.column + 1, move.to)
        forward = self.way > 0 or self.stops(move)
        return (here, there) if forward else (there, here)

    def stops(self, move: Move) -> bool:
        """Return whether a move says why walks stop."""
        return self._is_stop(move.at.column + 1, move.to)

    def behind(self, text: str) -> OnWay:
        """Return who a cell counts; raises ``UNKNOWN_CELL``."""
        cell = read_cell(text)
        found = None if cell is None else self._behind(cell)
        if found is None:
            raise unknown_cell(text, self._known())
        return found

    def _behind(self, cell: CellWords) -> OnWay | None:
        part = self._part(cell.part)
        if cell.part is not None and part is None:
            return None
        if cell.level is None:
            known = cell.to is None and cell.at in {ANCHORED, WITHOUT}
            return OnWay(self.plan, part, without=cell.at == WITHOUT) if known else None
        places = ends_of(cell, way=self.way, first=self.first)
        labels = [self._label(column, word) for column, word in places]
        column = places[0][0]
        if None in labels or self._is_stop(column, labels[0] or 0):
            return None
        if column >= len(self.plan.layout.levels):
            return None
        to = labels[1] if len(labels) > 1 else None
        return OnWay(self.plan, part, column, labels[0] or 0, to)

    def _label(self, column: int, word: str) -> int | None:
        """Return the label of a word in a column; null where there is none."""
        known = self.words(column) if 0 <= column < self.plan.walks.columns else []
        return known.index(word) if word in known else None

    def _is_stop(self, column: int, label: int) -> bool:
        return not self.plan.throughout and label in self.plan.layout.stops(column)

    def _part(self, word: str | None) -> int | None:
        if word is None or self.plan.parts is None:
            return None
        split = self.plan.parts.split
        words = [of_part(a, joins=b) for a, b in zip(split.labels, split.others, strict=True)]
        return words.index(word) if word in words else None

    def _known(self) -> list[str]:
        nodes = [
            f"{self.level(c)} {word}"
            for c in range(len(self.plan.layout.levels))
            for word in self.words(c)[: len(self.plan.layout.names[c])]
        ]
        return [ANCHORED, WITHOUT, *nodes]


def ends_of(cell: CellWords, *, way: int, first: int) -> list[tuple[int, str]]:
    """Return the columns of a cell with the word in each, outward from the anchor.

    Parameters
    ----------
    cell
        A state, or a move; the earlier state stands first, and why a walk stops last.
    way, first
        As ``Book`` has them.
    """
    if cell.level is None:
        return []
    column = way * (cell.level - first)
    if cell.to is None:
        return [(column, cell.at)]
    if way < 0 and cell.to not in (BEGAN, *STOPS):
        return [(column - 1, cell.to), (column, cell.at)]
    return [(column, cell.at), (column + 1, cell.to)]


def named_in(text: str, *, way: int, first: int) -> dict[int, str]:
    """Return the word of each column that a cell names, none for a text that is no cell."""
    cell = read_cell(text)
    return {} if cell is None else dict(ends_of(cell, way=way, first=first))
