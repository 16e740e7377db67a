"""When a step is reached, with the unconverted as censored: curve, quartiles, and how sure they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.measure.contracts import Interval
from pathworth.measure.funnels.answer import CurvePoint, OpenInterval, Survival
from pathworth.measure.funnels.folds import CENSORED, OVER, REACHED
from pathworth.measure.intervals import FEW_UNITS, TOO_FEW, Z95, bin_edges, jackknife

Numbers = NDArray[np.float64]
MOST_POINTS = 100
_EDGES = bin_edges()
_MS = 1_000.0
_QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Curve:
    """The share that has reached a step by the end of each bin, float64[BINS], with what it likely is."""

    share: Numbers
    low: Numbers
    high: Numbers


def incidence(counts: NDArray) -> Numbers:
    """Return the share that has reached a step by the end of each bin.

    Parameters
    ----------
    counts
        int[..., 3, BINS]: units by what became of them and when.

    Notes
    -----
    Aalen and Johansen (1978); without units that are over it is the estimator of Kaplan and Meier (1958). Who is
    censored in a bin is half at risk in it.
    """
    reached, gone, exposed = _risks(counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        stays = np.where(exposed > 0, 1 - gone / exposed, 1.0)
        hazard = np.where(exposed > 0, reached / exposed, 0.0)
    before = np.concatenate(
        [np.ones_like(stays[..., :1]), np.cumprod(stays, axis=-1)[..., :-1]], axis=-1
    )
    found: Numbers = np.cumsum(before * hazard, axis=-1)
    return found


def _risks(counts: NDArray) -> tuple[NDArray, NDArray, Numbers]:
    """Return of each bin who reaches the step, who leaves at all, and how many are at risk."""
    every = counts.sum(axis=-2)
    begun = every.sum(axis=-1, keepdims=True)
    at_risk = begun - np.concatenate(
        [np.zeros_like(begun), np.cumsum(every, axis=-1)[..., :-1]], axis=-1
    )
    reached = counts[..., REACHED, :]
    return reached, reached + counts[..., OVER, :], at_risk - counts[..., CENSORED, :] / 2


def greenwood(counts: NDArray) -> Curve:
    """Return the curve of one step among independent units of which none are over, with its interval.

    Notes
    -----
    Greenwood (1926), on the scale of log(-log) (Kalbfleisch and Prentice 1980).
    """
    share = incidence(counts)
    reached, _, exposed = _risks(counts)
    rest = exposed - reached
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(np.where(reached > 0, reached / (exposed * rest), 0.0))
        stays = np.log1p(-share)
        spread = np.exp(Z95 * np.sqrt(variance) / np.abs(stays))
        low, high = -np.expm1(stays / spread), -np.expm1(stays * spread)
    known = np.isfinite(spread) & (share > 0)
    return Curve(share, np.where(known, low, np.nan), np.where(known, high, np.nan))


def jackknifed(counts: NDArray) -> Curve:
    """Return the curve of one step from counts by group, int[G, 3, BINS], with its interval."""
    whole = counts.sum(axis=0)
    if len(counts) < 2:
        share = incidence(whole)
        return Curve(share, np.full_like(share, np.nan), np.full_like(share, np.nan))
    share, low, high = jackknife(counts, incidence)
    return Curve(share, np.maximum(low, 0.0), np.minimum(high, 1.0))


def survival_of(counts: NDArray, curve: Curve, *, owners: int, units: bool) -> Survival:
    """Return what is known of when a step is reached.

    Parameters
    ----------
    counts
        int[3, BINS]: units by what became of them and when.
    curve
        Of them.
    owners
        Persons behind them: under 30 there is no interval.
    units
        Whether they can be over.
    """
    few = owners < FEW_UNITS
    quarter, median, three = (_quantile(curve.share, wanted) for wanted in _QUARTILES)
    around = [None if few else _around(curve, wanted) for wanted in _QUARTILES]
    ends = counts.sum(axis=1)
    return Survival(
        reached=int(ends[REACHED]),
        censored=int(ends[CENSORED]),
        quarter_seconds=quarter,
        median_seconds=median,
        three_quarters_seconds=three,
        quarter_interval=around[0],
        median_interval=around[1],
        three_quarters_interval=around[2],
        curve=_points(counts, curve, few=few),
        over=int(ends[OVER]) if units else None,
        why=TOO_FEW if few else None,
    )


def _quantile(share: Numbers, wanted: float) -> float | None:
    """Return the seconds after which a share has reached the step, spread evenly over a bin; null if never."""
    place = int(np.searchsorted(share, wanted))
    if place == len(share) or not share[place] >= wanted:
        return None
    before = share[place - 1] if place else 0.0
    low, high = int(_EDGES[place]), int(_EDGES[place + 1])
    inside = (wanted - before) / (share[place] - before)
    return float((low + inside * (high - low) if high - low > 1 else low) / _MS)


def _around(curve: Curve, wanted: float) -> OpenInterval | None:
    """Return from when to when the curve may pass a share: where its own interval holds it."""
    # Bounds are made to rise like the curve, so that each is passed once.
    high = np.fmax.accumulate(np.where(np.isnan(curve.high), 0.0, curve.high))
    low = np.fmax.accumulate(np.where(np.isnan(curve.low), 0.0, curve.low))
    first = _quantile(high, wanted)
    return None if first is None else (first, _quantile(low, wanted))


def _points(counts: NDArray, curve: Curve, *, few: bool) -> tuple[CurvePoint, ...]:
    """Return the curve where it rises, at most 100 points, the first and the last among them."""
    rises = np.flatnonzero(counts[REACHED])
    if len(rises) > MOST_POINTS:
        rises = rises[np.linspace(0, len(rises) - 1, MOST_POINTS).round().astype(np.int64)]
    so_far = np.cumsum(counts[REACHED])
    return tuple(
        CurvePoint(
            (int(_EDGES[place + 1]) - 1) / _MS,
            int(so_far[place]),
            float(curve.share[place]),
            None if few else _interval(float(curve.low[place]), float(curve.high[place])),
        )
        for place in rises.tolist()
    )


def _interval(low: float, high: float) -> Interval | None:
    return (low, high) if np.isfinite([low, high]).all() else None
