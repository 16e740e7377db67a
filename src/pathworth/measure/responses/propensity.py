"""How likely everybody who was asked was to answer: a logistic regression held back by a ridge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

RIDGE = 1.0
"""Half of this times the squared coefficients is taken from the log-likelihood, of columns of standard deviation 1."""
MOST_STEPS, MOST_HALVES = 100, 40
EXACT = 1e-12
"""A gradient is nought when no part of it is larger than this for each person."""
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Propensity:
    """What a fit says of everybody, and what the error of whatever uses it needs.

    Parameters
    ----------
    x
        float64[n, k + 1]: a column of ones, then what is known.
    p
        float64[n]: the probability of an answer.
    scores
        float64[n, k + 1]: what each person adds to the gradient, which is nought in all.
    curvature
        float64[k + 1, k + 1]: how fast the gradient falls.
    leverage
        float64[n]: how much of each person's own probability they decide themselves, from 0 to 1.
    """

    x: Numbers
    p: Numbers
    scores: Numbers
    curvature: Numbers
    leverage: Numbers


def fit(z: Numbers, answered: NDArray[np.bool_], *, ridge: float = RIDGE) -> Propensity:
    """Return how likely each person was to answer, by Newton's steps, halved until they lead upwards.

    Parameters
    ----------
    z
        float64[n, k]: standardised columns.
    answered
        bool[n]: some did and some did not.
    ridge
        Holds coefficients back, the intercept apart; 0 for plain maximum likelihood.

    Notes
    -----
    le Cessie and van Houwelingen (1992), "Ridge estimators in logistic regression". The start is no effect of
    anything; the function is concave, so that there is one end.
    """
    x = np.column_stack([np.ones(len(z)), z])
    r = answered.astype(np.float64)
    held = np.full(x.shape[1], ridge)
    held[0] = 0.0
    beta = np.zeros(x.shape[1])
    beta[0] = np.log(r.mean() / (1 - r.mean()))
    for _ in range(MOST_STEPS):
        p = expit(x @ beta)
        gradient = x.T @ (r - p) - held * beta
        if np.abs(gradient).max() <= EXACT * len(r):
            break
        moved = _uphill(x, r, held=held, beta=beta, step=_solved(x, p, held, gradient))
        if moved is None:
            break
        beta = moved
    p = expit(x @ beta)
    scores = x * (r - p)[:, None] - held * beta / len(r)
    curvature = _curvature(x, p, held)
    leverage = p * (1 - p) * (np.linalg.solve(curvature, x.T).T * x).sum(axis=1)
    return Propensity(x, p, scores, curvature, leverage)


def _uphill(
    x: Numbers, r: Numbers, *, held: Numbers, beta: Numbers, step: Numbers
) -> Numbers | None:
    """Return the coefficients after the longest halved step that does not lead down; null when none is left."""
    here = _likelihood(x, r, held, beta)
    slack = 1e-14 * abs(here)
    for _ in range(MOST_HALVES):
        there: Numbers = beta + step
        if _likelihood(x, r, held, there) >= here - slack:
            return there
        step = step / 2
    return None


def _likelihood(x: Numbers, r: Numbers, held: Numbers, beta: Numbers) -> float:
    line = x @ beta
    return float((r * line - np.logaddexp(0, line)).sum() - (held * beta**2).sum() / 2)


def _curvature(x: Numbers, p: Numbers, held: Numbers) -> Numbers:
    scaled = x * np.sqrt(p * (1 - p))[:, None]
    found: Numbers = scaled.T @ scaled + np.diag(held)
    return found


def _solved(x: Numbers, p: Numbers, held: Numbers, gradient: Numbers) -> Numbers:
    return np.asarray(np.linalg.solve(_curvature(x, p, held), gradient), np.float64)
