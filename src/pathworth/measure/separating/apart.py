"""Whether two groups differ in many things at once: strata, one test for each, and control of how many are false."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfc

from pathworth.measure.contracts import Interval
from pathworth.measure.intervals import newcombe

Counts = NDArray[np.int64]
Numbers = NDArray[np.float64]
LEVEL = 0.05
"""The rate of false ones among those that are shown as found."""


@dataclass(frozen=True)
class Apart:
    """One thing in two groups.

    Parameters
    ----------
    a, b
        Share of those who did it, over the strata that hold both groups; that of A is weighted to the strata of B.
    interval
        Of b less a, Newcombe's at 95 %, with the effective number of A.
    """

    a: float
    b: float
    interval: Interval | None


def scores(did: Counts, of: Counts) -> Numbers:
    """Return how surely each thing tells the groups apart, in standard deviations from no difference.

    Parameters
    ----------
    did, of
        int64[2, strata, things]: who did it, of how many, by group.

    Notes
    -----
    Mantel and Haenszel (1959), with the correction for continuity.
    """
    d, n = did.astype(np.float64), of.astype(np.float64)
    total, held = n.sum(axis=0), d.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = n[1] * held / total
        variance = n[0] * n[1] * held * (total - held) / (total**2 * (total - 1))
        expected, variance = (np.nan_to_num(one, posinf=0.0) for one in (expected, variance))
        seen = np.where(total > 0, d[1], 0.0)
        gap = np.maximum(np.abs((seen - expected).sum(axis=0)) - 0.5, 0.0)
        z = gap / np.sqrt(variance.sum(axis=0))
    found: Numbers = np.nan_to_num(z, posinf=0.0)
    return found


def p_values(z: Numbers) -> Numbers:
    """Return the p of each score, both ends together."""
    found: Numbers = erfc(z / np.sqrt(2.0))
    return found


def q_values(p: Numbers) -> Numbers:
    """Return of each p the rate of false ones among all that are at least as small.

    Notes
    -----
    Benjamini and Hochberg (1995), "Controlling the false discovery rate".
    """
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    out = np.empty(len(p))
    out[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return out


def apart(did: Counts, of: Counts) -> Apart | None:
    """Return one thing in two groups from int64[2, strata]; null when no stratum holds both."""
    some = (of > 0).all(axis=0)
    if not some.any():
        return None
    d, n = did[:, some].astype(np.float64), of[:, some].astype(np.float64)
    weight = n[1] / n[1].sum()
    a = float((weight * d[0] / n[0]).sum())
    b = float(d[1].sum() / n[1].sum())
    effective = float(1.0 / (weight**2 / n[0]).sum())
    interval = newcombe((a * effective, effective), (float(d[1].sum()), float(n[1].sum())))
    return Apart(a, b, interval)
