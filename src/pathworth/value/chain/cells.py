"""Sparse tables of whole numbers that add up exactly: what a fold hands to finish."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Cells:
    """The cells of a table that are not zero: flat ``place`` in ascending order, and the number there."""

    place: NDArray[np.int64]
    number: NDArray[np.int64]

    @staticmethod
    def of(table: NDArray[np.int64]) -> Cells:
        """Return the cells of a dense table."""
        flat = table.ravel()
        place = np.flatnonzero(flat)
        return Cells(place, flat[place])

    @staticmethod
    def counted(places: NDArray[np.int64]) -> Cells:
        """Count how often each place occurs."""
        return Cells(*np.unique(places, return_counts=True))

    def plus(self, other: Cells) -> Cells:
        """Add two tables exactly."""
        place, back = np.unique(np.concatenate([self.place, other.place]), return_inverse=True)
        number = np.zeros(len(place), np.int64)
        np.add.at(number, back, np.concatenate([self.number, other.number]))
        return Cells(place, number)

    def dense(self, shape: tuple[int, ...]) -> NDArray[np.int64]:
        """Return the whole table."""
        table = np.zeros(int(np.prod(shape)), np.int64)
        table[self.place] = self.number
        return table.reshape(shape)
