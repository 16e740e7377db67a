"""How often intervals hold the truth, with the exact interval of that share, and how far estimates are off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import special

SURE = 0.99

Row = Mapping[str, tuple[int, bool, float]]
"""By arrow: people who took it, whether the interval held the truth, and estimate / truth."""


@dataclass(frozen=True)
class Graded:
    """The operating characteristic of one number over many seeds.

    Parameters
    ----------
    name
        Of the number.
    seeds
        In how many the number was given.
    units
        Mean number of people behind it.
    share, exact
        Share of seeds whose interval held the truth, and the exact 99 % interval of that share.
    bias, bias_error
        Mean of estimate / truth less 1, and its standard error.
    """

    name: str
    seeds: int
    units: float
    share: float
    exact: tuple[float, float]
    bias: float
    bias_error: float

    def covers(self, low: float, high: float) -> bool:
        """Return whether the exact interval of the share overlaps a stated range."""
        return self.exact[0] <= high and self.exact[1] >= low


def exact_interval(hits: int, trials: int) -> tuple[float, float]:
    """Return the 99 % Clopper-Pearson interval of a share."""
    tail = (1 - SURE) / 2
    low = special.betaincinv(hits, trials - hits + 1, tail) if hits else 0.0
    high = special.betaincinv(hits + 1, trials - hits, 1 - tail) if hits < trials else 1.0
    return float(low), float(high)


def graded(rows: Iterable[Row]) -> tuple[Graded, ...]:
    """Grade every number that any seed gave, in the order in which they first appear."""
    by_name: dict[str, list[tuple[int, bool, float]]] = {}
    for row in rows:
        for name, result in row.items():
            by_name.setdefault(name, []).append(result)
    return tuple(_graded(name, results) for name, results in by_name.items())


def _graded(name: str, results: list[tuple[int, bool, float]]) -> Graded:
    units, held, ratio = (np.array(column, float) for column in zip(*results, strict=True))
    seeds, hits = len(results), int(held.sum())
    spread = float(ratio.std(ddof=1)) / np.sqrt(seeds) if seeds > 1 else float("nan")
    return Graded(
        name=name,
        seeds=seeds,
        units=float(units.mean()),
        share=hits / seeds,
        exact=exact_interval(hits, seeds),
        bias=float(ratio.mean()) - 1,
        bias_error=float(spread),
    )
