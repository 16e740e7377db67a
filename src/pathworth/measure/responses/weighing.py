"""Means of those who answered, weighted to everybody who was asked; intervals know that weights are estimated."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from pathworth.measure.intervals import FEW_UNITS, TOO_FEW, half_width, wilson
from pathworth.measure.responses.answer import Estimated
from pathworth.measure.responses.propensity import RIDGE, Numbers, fit

MOST_WEIGHT = 10.0
"""No weight is larger than this times the middle one of those who answered."""
LEAST_LEFT = 1e-3
"""Who decides more of their own probability than all but this counts as if they decided no more."""


class Weighing:
    """Weights of those who answered, 1 over how likely each was to answer.

    Parameters
    ----------
    z
        float64[n, k]: what is known of everybody who was asked, standardised.
    answered
        bool[n]: who answered.
    ridge
        As ``propensity.fit``.

    Notes
    -----
    Hájek (1971): weights are divided by their sum. Potter (1990), "A study of procedures to identify and trim extreme
    sampling weights": a few people must not decide for all.
    """

    def __init__(self, z: Numbers, answered: NDArray[np.bool_], *, ridge: float = RIDGE) -> None:
        self.answered, self.z = answered, z
        self.fit = fit(z, answered, ridge=ridge)
        inverse = 1 / self.fit.p[answered]
        most = MOST_WEIGHT * float(np.median(inverse))
        self.trimmed: NDArray[np.bool_] = inverse > most
        self.weight: Numbers = np.minimum(inverse, most)

    @property
    def cut(self) -> int:
        """Return how many weights were cut."""
        return int(self.trimmed.sum())

    @property
    def effective(self) -> float:
        """Return how many equally weighted answers would tell as much (Kish, 1965, "Survey sampling")."""
        return float(self.weight.sum() ** 2 / (self.weight**2).sum())

    def moments(self, y: Numbers) -> tuple[float, float]:
        """Return the weighted mean of answers and its standard error.

        Parameters
        ----------
        y
            float64[answered]: one number for each who answered.

        Notes
        -----
        The equation of the mean is stacked on those of the fit, and the error is that of what each person adds to
        both: Lunceford and Davidian (2004), "Stratification and weighting via the propensity score in estimation of
        causal treatment effects", Statistics in Medicine; Lumley (2010), "Complex surveys". A weight that was cut
        counts as fixed. What a person adds is divided by 1 less their leverage, which is the jackknife in one step
        (MacKinnon and White, 1985): where much is known of few, the plain error is too small.
        """
        total = float(self.weight.sum())
        mean = float((self.weight * y).sum()) / total
        off = self.weight * (y - mean)
        p, x = self.fit.p[self.answered], self.fit.x[self.answered]
        slope = x.T @ np.where(self.trimmed, 0.0, off * (1 - p))
        adds = -(self.fit.scores @ np.linalg.solve(self.fit.curvature, slope))
        adds[self.answered] += off
        adds /= np.maximum(1 - self.fit.leverage, LEAST_LEFT)
        return mean, math.sqrt(float((adds**2).sum())) / total

    def mean(self, y: Numbers) -> Estimated:
        """Return the weighted mean, with Student's t of the effective number of answers."""
        mean, error = self.moments(y)
        half = half_width(max(int(self.effective), 2)) * error
        return Estimated(mean, (mean - half, mean + half))

    def share(self, held: NDArray[np.bool_]) -> Estimated:
        """Return the weighted share of answers that are held, bool[answered].

        Notes
        -----
        Wilson's interval of as many plain answers as would be as sure, so that it never leaves 0 to 1: Franco,
        Little, Louis and Slud (2019), "Comparative study of confidence intervals for proportions in complex sample
        surveys".
        """
        share, error = self.moments(held.astype(np.float64))
        spread = share * (1 - share)
        sure = spread / error**2 if error > 0 and spread > 0 else self.effective
        sure = min(sure, float(len(self.answered)))
        return Estimated(share, wilson(share * sure, sure))

    def apart(self) -> Numbers:
        """Return float64[k]: weighted mean of those who answered less that of all, in standard deviations of all."""
        return apart(self.z, self.answered, weight=self.weight)


def apart(z: Numbers, answered: NDArray[np.bool_], *, weight: Numbers | None = None) -> Numbers:
    """Return how far those who answered are from all who were asked, float64[k] in standard deviations of all.

    Parameters
    ----------
    z
        float64[n, k]: standardised columns, whose means of all are 0.
    answered
        bool[n].
    weight
        float64[answered]; all the same unless given.
    """
    mine = z[answered]
    weight = np.ones(len(mine)) if weight is None else weight
    found: Numbers = (mine * weight[:, None]).sum(axis=0) / weight.sum()
    return found


def raw_mean(y: Numbers) -> Estimated:
    """Return the plain mean of answers with Student's interval; too few have none."""
    mean = float(y.mean())
    if len(y) < FEW_UNITS:
        return Estimated(mean, None, TOO_FEW)
    half = half_width(len(y)) * float(y.std(ddof=1)) / math.sqrt(len(y))
    return Estimated(mean, (mean - half, mean + half))


def raw_share(some: int, of: int) -> Estimated:
    """Return a plain share with Wilson's interval; too few have none."""
    if of < FEW_UNITS:
        return Estimated(some / of, None, TOO_FEW)
    return Estimated(some / of, wilson(some, of))
