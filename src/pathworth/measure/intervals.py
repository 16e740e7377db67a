"""Intervals by kind of number: Wilson for shares, Woodruff for medians, the jackknife for the rest."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from pathworth.kernels.folds.transitions import BINS

Z95 = 1.959963984540054
FEW_UNITS = 30
"""Under this many units in a cell there is no interval."""
FEW_FOR_GROUPS = 500
"""Under this many units in a selection every unit is its own group."""
TOO_FEW = "too few"
Numbers = NDArray[np.float64]


def wilson(successes: float, trials: float) -> tuple[float, float] | None:
    """Return the 95 % interval of a share of entities; null without trials.

    Parameters
    ----------
    successes, trials
        Entities that did, of entities that could; no whole numbers where entities are weighted.

    Notes
    -----
    Wilson (1927), "Probable inference, the law of succession, and statistical inference".
    """
    if trials <= 0:
        return None
    share, zz = successes / trials, Z95 * Z95
    middle = (share + zz / (2 * trials)) / (1 + zz / trials)
    spread = share * (1 - share) / trials + zz / (4 * trials * trials)
    half = Z95 / (1 + zz / trials) * math.sqrt(spread)
    low = 0.0 if successes == 0 else max(middle - half, 0.0)
    high = 1.0 if successes == trials else min(middle + half, 1.0)
    return low, high


def newcombe(a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float] | None:
    """Return the 95 % interval of the share of B less that of A, of different entities; null without trials.

    Parameters
    ----------
    a, b
        Entities that did, of entities that could.

    Notes
    -----
    Newcombe (1998), "Interval estimation for the difference between independent proportions", method 10.
    """
    of_a, of_b = wilson(*a), wilson(*b)
    if of_a is None or of_b is None:
        return None
    share_a, share_b = a[0] / a[1], b[0] / b[1]
    down = math.hypot(share_b - of_b[0], of_a[1] - share_a)
    up = math.hypot(of_b[1] - share_b, share_a - of_a[0])
    return share_b - share_a - down, share_b - share_a + up


def jackknife(
    totals_by_group: NDArray,
    statistic: Callable[[NDArray], NDArray | float],
    *,
    log: bool = False,
) -> tuple[Numbers, Numbers, Numbers]:
    """Return a closed form of totals with its 95 % interval, leaving out one group at a time.

    Parameters
    ----------
    totals_by_group
        [G, ...]: what each group adds to the totals.
    statistic
        Takes totals [...] and returns a number or an array of numbers.
    log
        Whether to work on the log scale, where the statistic is positive with every group left out.

    Returns
    -------
    Estimate, low and high, shaped as the statistic; low and high are NaN where the statistic cannot be had
    without some group. Student's t with G - 1 degrees of freedom.

    Notes
    -----
    Kott (2001), "The delete-a-group jackknife".
    """
    whole = totals_by_group.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.asarray(statistic(whole), np.float64)
        without = np.stack(
            [np.asarray(statistic(whole - one), np.float64) for one in totals_by_group]
        )
    return _spread(estimate, without, log=log)


def jackknife_of_means(sums: NDArray, counts: NDArray) -> tuple[Numbers, Numbers, Numbers]:
    """Return means with their 95 % intervals, the same as ``jackknife`` on the log scale, all at once.

    Parameters
    ----------
    sums, counts
        [G, n]: what each group adds to each sum and count.
    """
    total, count = sums.sum(axis=0), counts.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _spread(total / count, (total - sums) / (count - counts), log=True)


def jackknife_of_sums(sums: NDArray) -> tuple[Numbers, Numbers, Numbers]:
    """Return sums with their 95 % intervals, on the log scale where positive.

    Parameters
    ----------
    sums
        [G, n]: what each group adds. Without a group a sum is scaled up to as many groups as there are.
    """
    groups, total = len(sums), sums.sum(axis=0)
    without = (total - sums) * (groups / max(groups - 1, 1))
    return _spread(np.asarray(total, np.float64), without, log=True)


def _spread(estimate: Numbers, without: Numbers, *, log: bool) -> tuple[Numbers, Numbers, Numbers]:
    """Return an estimate with its interval from the same without each group, [G, ...]."""
    groups = len(without)
    # A bound beyond every float is no bound: whoever asks for an interval leaves it out. What is not on the log
    # scale is raised along with the rest and then left aside.
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        positive = log & (estimate > 0) & (without > 0).all(axis=0)
        seen = np.log(without) if positive.all() else np.where(positive, np.log(without), without)
        centre = np.where(positive, np.log(estimate), estimate)
        seen -= seen.mean(axis=0)
        seen *= seen
        error = np.sqrt((groups - 1) / groups * seen.sum(axis=0))
        half = half_width(groups) * error if groups > 1 else error * np.nan
        low, high = centre - half, centre + half
        low, high = np.where(positive, np.exp(low), low), np.where(positive, np.exp(high), high)
    return estimate, low, high


def bin_edges() -> NDArray[np.int64]:
    """Return int64[BINS + 1]: bin b holds whole numbers from ``edges[b]`` up to ``edges[b + 1]``."""
    small = np.arange(16, dtype=np.int64)
    powers = 2 ** np.arange((BINS - 16) // 16, dtype=np.int64)
    large = (powers[:, None] * np.arange(16, 32)).ravel()
    return np.concatenate([small, large, [32 * powers[-1]]])


_EDGES = bin_edges()


def bins_of(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the bin of each whole number from 0, int64[n]."""
    places: NDArray[np.int64] = np.searchsorted(_EDGES, numbers, side="right") - 1
    return places


def median(histogram: NDArray, units: int) -> tuple[float | None, float | None, float | None]:
    """Return the median of one histogram with its 95 % interval, or nulls; see ``quantiles``."""
    return quantile(histogram, units, share=0.5)


def quantile(
    histogram: NDArray, units: int, *, share: float
) -> tuple[float | None, float | None, float | None]:
    """Return one quantile of one histogram with its 95 % interval, or nulls; see ``quantiles``."""
    found = quantiles(histogram[None, :], np.array([units]), share=share)
    middle, low, high = (None if np.isnan(one[0]) else float(one[0]) for one in found)
    return middle, low, high


def medians(histograms: NDArray, units: NDArray) -> tuple[Numbers, Numbers, Numbers]:
    """Return the medians of binned whole numbers with their 95 % intervals; see ``quantiles``."""
    return quantiles(histograms, units, share=0.5)


def quantiles(
    histograms: NDArray, units: NDArray, *, share: float
) -> tuple[Numbers, Numbers, Numbers]:
    """Return a quantile of binned whole numbers with its 95 % interval, for each of several histograms.

    Parameters
    ----------
    histograms
        int[n, BINS]: how many numbers lie in each bin.
    units
        int[n]: entities behind them; fewer than 30 give no interval.
    share
        Which quantile: 0.5 for the median.

    Returns
    -------
    Quantile, low and high, float64[n], in the unit of the bins; interpolated inside a bin, exact below 32; NaN where
    there is none. Between two ranks it is their mean.

    Notes
    -----
    Woodruff (1952), "Confidence intervals for medians and other position measures".
    """
    count = histograms.sum(axis=1).astype(np.int64)
    ranked, place = _Ranked(histograms, count), np.maximum(share * (count - 1), 0)
    below, above = (ranked.at(one(place).astype(np.int64)) for one in (np.floor, np.ceil))
    middle = (below + above) / 2
    half = Z95 * math.sqrt(share * (1 - share)) / np.sqrt(np.maximum(units, 1))
    low = ranked.at(np.maximum(np.floor((share - half) * count), 0).astype(np.int64))
    high = ranked.at(np.minimum(np.ceil((share + half) * count), count - 1).astype(np.int64))
    few = units < FEW_UNITS
    return middle, np.where(few, np.nan, low), np.where(few, np.nan, high)


def bh_q(p: Sequence[float] | NDArray) -> Numbers:
    """Return the smallest false-discovery rate at which each test passes (Benjamini and Hochberg, 1995)."""
    values = np.asarray(p, np.float64)
    order = np.argsort(-values, kind="stable")
    rank = np.arange(len(values), 0, -1)
    q = np.empty(len(values))
    q[order] = np.minimum.accumulate(np.minimum(1.0, values[order] * len(values) / rank))
    return q


def spread_of_some(estimate: Numbers, without: Numbers, *, units: int) -> tuple[Numbers, Numbers]:
    """Return the jackknife's error of estimates, and the two-sided p of no difference by Student's t.

    Parameters
    ----------
    estimate
        float64[n].
    without
        float64[k, n]: the same without each unit that changes any of them; the other units change nothing.
    units
        How many units there are in all.
    """
    rest = units - len(without)
    mean = (without.sum(axis=0) + rest * estimate) / units
    squares = ((without - mean) ** 2).sum(axis=0) + rest * (estimate - mean) ** 2
    error = np.sqrt((units - 1) / units * squares)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(estimate == 0, 0.0, np.abs(estimate) / error)
    return error, 2 * stdtr(units - 1, -t)


def half_width(units: int) -> float:
    """Return how many errors lie on either side at 95 %."""
    return float(stdtrit(units - 1, 0.975))


class _Ranked:
    """Finds the number of a rank in each histogram, all laid end to end."""

    def __init__(self, histograms: NDArray, count: NDArray[np.int64]) -> None:
        self.count = count
        self.flat = np.ascontiguousarray(histograms).ravel()
        self.before = np.cumsum(self.flat, dtype=np.int64)
        self.base = np.concatenate([np.zeros(1, np.int64), np.cumsum(count)[:-1]])

    def at(self, rank: NDArray[np.int64]) -> Numbers:
        """Return the number of each rank from 0, the numbers of a bin spread evenly over it."""
        out = np.full(len(rank), np.nan)
        some = self.count > 0
        wanted = self.base[some] + rank[some]
        place = np.searchsorted(self.before, wanted, side="right")
        width = np.diff(_EDGES)[place % BINS]
        inside = wanted - self.before[place] + self.flat[place]
        spread = (inside + 0.5) / self.flat[place] * width - 0.5
        out[some] = _EDGES[place % BINS] + np.where(width > 1, spread, 0.0)
        return out
