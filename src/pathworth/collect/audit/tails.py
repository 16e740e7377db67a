"""Exact tails of counts: how probable it is at most that chance alone leaves so few, or so many."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
_TABLE = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, 256)))])


def log_factorial(n: NDArray) -> Floats:
    """Return log n!; beyond a table by Stirling's series, right to the last bits."""
    small = np.minimum(n, 255).astype(np.int64)
    x = np.maximum(n.astype(np.float64), 1.0)
    series = x * np.log(x) - x + 0.5 * np.log(2 * np.pi * x) + 1 / (12 * x) - 1 / (360 * x**3)
    return np.where(n < 256, _TABLE[small], series)


def _log_choose(n: NDArray, k: NDArray) -> Floats:
    return log_factorial(n) - log_factorial(k) - log_factorial(n - k)


def fewer(seen: Counts, of: Counts, *, before: Counts, of_before: Counts) -> Floats:
    """Return a bound from above on Fisher's exact tail: that of ``of`` chances so few came true, by chance alone.

    What came true before and now is spread over all chances at random (the hypergeometric distribution), so that the
    test holds exactly whatever the true share is. The tail is bounded by a geometric series behind its last term,
    which is close where far fewer than expected came.

    Parameters
    ----------
    seen, of
        How many came true now, of how many chances.
    before, of_before
        The same of the time before.
    """
    right = before + seen
    wrong = of + of_before - right
    fails = of - seen
    # The last term of the tail, and how much smaller the one before it is.
    last = _log_choose(right, seen) + _log_choose(wrong, fails) - _log_choose(of + of_before, of)
    ratio = seen * (wrong - fails) / np.maximum((right - seen + 1.0) * (fails + 1.0), 1.0)
    return np.where(ratio < 1, np.minimum(np.exp(last) / np.maximum(1 - ratio, 1e-9), 1.0), 1.0)


def poisson_below(seen: Counts, expected: Floats) -> Floats:
    """Return a bound from above on the probability of so few, where so many are expected."""
    mean = np.maximum(expected, 1e-9)
    last = seen * np.log(mean) - mean - log_factorial(seen)
    ratio = seen / mean
    return np.where(ratio < 1, np.minimum(np.exp(last) / np.maximum(1 - ratio, 1e-9), 1.0), 1.0)


def poisson_above(seen: Counts, expected: Floats) -> Floats:
    """Return a bound from above on the probability of so many, where so few are expected."""
    mean = np.maximum(expected, 1e-9)
    first = seen * np.log(mean) - mean - log_factorial(seen)
    ratio = mean / (seen + 1.0)
    return np.where(ratio < 1, np.minimum(np.exp(first) / np.maximum(1 - ratio, 1e-9), 1.0), 1.0)
