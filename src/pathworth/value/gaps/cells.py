"""Counts visits by what was known of them: one exact number per column, step, value, hint, cause and age."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNKNOWN = 0
"""Code of a value or hint that was not known when the visit began."""


@dataclass(frozen=True)
class Shape:
    """How many columns, steps, values, hints and bins there are; causes are the steps, exit and censored."""

    columns: int
    steps: int
    values: int
    hints: int
    bins: int

    @property
    def causes(self) -> int:
        """Return the number of ways to end: each step, exit, censored."""
        return self.steps + 2

    @property
    def sizes(self) -> tuple[int, ...]:
        """Return the radix of each digit of a key, most significant first."""
        return (self.columns, self.steps, self.values, self.hints, self.causes, self.bins)


@dataclass(frozen=True)
class Cases:
    """Visits as comparisons see them, one place each.

    Parameters
    ----------
    step, cause, age
        int64[n]: the visit's step; the next step, or ``steps`` for exit, ``steps + 1`` for censored; the bin of the
        sojourn.
    hint
        int64[n]: persona hint known at the start of the visit, 0 when none was.
    values
        int32[columns, n]: what was known at the start of the visit, 0 when nothing was.
    """

    step: NDArray[np.int64]
    cause: NDArray[np.int64]
    age: NDArray[np.int64]
    hint: NDArray[np.int64]
    values: NDArray[np.int32]

    def only(self, keep: NDArray) -> Cases:
        """Return the visits that are marked (or numbered)."""
        return Cases(
            self.step[keep],
            self.cause[keep],
            self.age[keep],
            self.hint[keep],
            np.ascontiguousarray(self.values[:, keep]),
        )


@dataclass(frozen=True)
class Counts:
    """A sparse table of integers: ``keys`` ascending and without repetition, ``counts`` beside them."""

    keys: NDArray[np.int64]
    counts: NDArray[np.int64]

    def plus(self, other: Counts) -> Counts:
        """Add two tables; associative, commutative, exact."""
        keys, inverse = np.unique(np.concatenate([self.keys, other.keys]), return_inverse=True)
        counts = np.zeros(len(keys), np.int64)
        np.add.at(counts, inverse, np.concatenate([self.counts, other.counts]))
        return Counts(keys, counts)


def count(cases: Cases, shape: Shape) -> Counts:
    """Fold visits into their cells.

    Parameters
    ----------
    cases
        Visits, in any order.
    shape
        Sizes that every partial of the question shares.
    """
    sizes = shape.sizes
    tail = np.ravel_multi_index((cases.hint, cases.cause, cases.age), sizes[3:])
    width = int(np.prod(sizes[3:]))
    columns = np.arange(shape.columns, dtype=np.int64)[:, None]
    heads = (columns * shape.steps + cases.step) * shape.values + cases.values
    keys, counts = np.unique((heads * width + tail).ravel(), return_counts=True)
    return Counts(keys, counts.astype(np.int64))


@dataclass(frozen=True)
class Table:
    """The counts of all independent units (groups, or entities where there are few) side by side.

    Parameters
    ----------
    shape
        Sizes of the keys.
    units
        How many units.
    keys, unit, counts
        int64[n] each, by key, then unit.
    """

    shape: Shape
    units: int
    keys: NDArray[np.int64]
    unit: NDArray[np.int64]
    counts: NDArray[np.int64]

    @staticmethod
    def beside(parts: list[Counts], shape: Shape) -> Table:
        """Lay the units' counts side by side."""
        unit = np.concatenate([np.full(len(p.keys), u, np.int64) for u, p in enumerate(parts)])
        keys = np.concatenate([p.keys for p in parts])
        counts = np.concatenate([p.counts for p in parts])
        order = np.argsort(keys, kind="stable")
        return Table(shape, len(parts), keys[order], unit[order], counts[order])

    def without(self, part: Table) -> Table:
        """Take the visits of one table out of another that holds them."""
        counts = self.counts.copy()
        place = np.searchsorted(self._order, part._order)
        counts[place] -= part.counts
        held = counts != 0
        return Table(self.shape, self.units, self.keys[held], self.unit[held], counts[held])

    @property
    def _order(self) -> NDArray[np.int64]:
        """Return int64[n], ascending: key and unit as one number."""
        return self.keys * self.units + self.unit

    def of(self, *, column: int, step: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return digits int64[5, n] (value, unit, hint, cause, bin) and counts of one column at one step."""
        sizes = self.shape.sizes
        width = int(np.prod(sizes[2:]))
        begin = (column * self.shape.steps + step) * width
        low, high = np.searchsorted(self.keys, [begin, begin + width])
        value, hint, cause, age = np.unravel_index(self.keys[low:high] - begin, sizes[2:])
        return np.stack([value, self.unit[low:high], hint, cause, age]), self.counts[low:high]

    def totals(self, *, column: int, step: int) -> NDArray[np.int64]:
        """Return int64[hints, causes]: visits of one step by hint and cause, for a column that is always known."""
        digits, counts = self.of(column=column, step=step)
        found = np.zeros((self.shape.hints, self.shape.causes), np.int64)
        np.add.at(found, (digits[2], digits[3]), counts)
        return found
