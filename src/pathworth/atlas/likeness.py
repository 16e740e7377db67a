"""How different the surroundings of events are, in bits, and how far two groupings of them agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]


def divergence(rows: NDArray) -> float:
    """Return how far rows of counts surely differ, each weighing the same.

    Jensen-Shannon divergence (Lin 1991) in bits, less what chance alone would hardly pass: the bias of the
    plug-in estimate (Miller 1955) and twice its spread.

    Parameters
    ----------
    rows
        Counts [row, outcome].
    """
    size = rows.sum(axis=1)
    rows, size = rows[size > 0], size[size > 0]
    if len(rows) < 2:
        return 0.0
    shares = rows / size[:, None]
    middle = shares.mean(axis=0)
    raw = entropy(middle) - float(np.mean([entropy(row) for row in shares]))
    free = max((np.count_nonzero(middle) - 1) * (1 - 1 / len(rows)), 0.5)
    by_chance = (free + 2 * np.sqrt(free)) / (2 * np.log(2)) * float(np.mean(1 / size))
    return float(max(0.0, raw - by_chance))


def shared_bits(rows: NDArray) -> float:
    """Return the mutual information of row and outcome in bits; rows weigh by their counts."""
    whole = max(float(rows.sum()), 1e-12)
    expected = np.outer(rows.sum(axis=1), rows.sum(axis=0)) / whole
    held = rows > 0
    return float((rows[held] * np.log2(rows[held] / expected[held])).sum() / whole)


def adjusted_rand(left: NDArray, right: NDArray, *, weight: NDArray) -> float:
    """Return how far two groupings agree beyond chance: 1 the same, 0 no more (Hubert & Arabie 1985).

    Parameters
    ----------
    left, right
        The part of each item in either partition.
    weight
        How many times each item counts.
    """
    table = np.zeros((int(left.max()) + 1, int(right.max()) + 1))
    np.add.at(table, (left, right), weight)
    both, rows, columns, every = (
        float((n * (n - 1) / 2).sum())
        for n in (table, table.sum(axis=1), table.sum(axis=0), table.sum())
    )
    expected, most = rows * columns / max(every, 1.0), (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def entropy(shares: NDArray) -> float:
    """Return the entropy of a distribution in bits."""
    held = shares[shares > 0]
    return float(-(held * np.log2(held)).sum())


def outside(then: NDArray, *, pair: tuple[int, int]) -> Reals:
    """Return [2, k + 1]: what two clusters meet first outside of both, in counts of their own moves.

    The chain between the two is followed to its end (absorption of a first-order chain, Kemeny & Snell 1960,
    chapter 3). A pair that never leaves itself meets nothing.

    Parameters
    ----------
    then
        Counts [k, k + 1] of moves between clusters, the last column for the end.
    pair
        The two clusters.
    """
    size = np.maximum(then.sum(axis=1), 1)
    both = list(pair)
    shares = then[both] / size[both, None]
    inner = shares[:, both]
    leave = shares.copy()
    leave[:, both] = 0.0
    stay = (1 - inner[0, 0]) * (1 - inner[1, 1]) - inner[0, 1] * inner[1, 0]
    if stay <= 1e-12:
        return np.zeros_like(leave)
    solved = np.array([[1 - inner[1, 1], inner[0, 1]], [inner[1, 0], 1 - inner[0, 0]]]) / stay
    met: Reals = (solved @ leave) * size[both, None]
    return met


def surroundings(then: NDArray, begins: NDArray, *, pair: tuple[int, int]) -> tuple[Reals, Reals]:
    """Return what two clusters meet next and met last, outside of both, in counts [2, k + 1].

    Parameters
    ----------
    then, begins
        As in ``Moves``.
    pair
        The two clusters.
    """
    back = np.column_stack([then[:, :-1].T, begins])
    return outside(then, pair=pair), outside(back, pair=pair)
