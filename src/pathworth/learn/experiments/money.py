"""What money moved: net money per unit after the occasion, treated against held out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pathworth.base.money import from_micro
from pathworth.learn.experiments.contracts import Interval, Money
from pathworth.learn.experiments.units import Units
from pathworth.measure import jackknife
from pathworth.store import GROUPS, group_of, hash64

FEW_FOR_GROUPS = 500
FEW = 30
"""Under so many units in an arm there is no interval."""


def money_moved(units: Units, money_micro: NDArray[np.int64], *, currency: str) -> Money:
    """Return mean net money per unit of both arms and their difference, with its jackknife interval.

    Parameters
    ----------
    units
        Those whose horizon is over.
    money_micro
        int64[units]: net money of each within the horizon.
    currency
        Three letters.

    Notes
    -----
    Delete-a-group jackknife over the 64 groups of the unit's hash; one group per unit under 500 units.
    """
    arm = units.treated.astype(np.int64)
    counts = np.bincount(arm, minlength=2)
    sums = np.array([int(money_micro[arm == k].sum()) for k in (0, 1)])
    means = [from_micro(float(sums[k])) / counts[k] if counts[k] else 0.0 for k in (0, 1)]
    why = "Too few to say." if counts.min() < FEW else None
    if not money_micro.any():
        why = "No money was recorded after the occasion."
    interval = None if why else _interval(units, money_micro)
    return Money(means[1], means[0], means[1] - means[0], interval, currency, why)


def _interval(units: Units, money_micro: NDArray[np.int64]) -> Interval:
    group = np.arange(len(units))
    if len(units) >= FEW_FOR_GROUPS:
        group = group_of(hash64(pa.array(units.ids, pa.large_string()))).astype(np.int64)
    groups = len(units) if len(units) < FEW_FOR_GROUPS else GROUPS
    cell = group * 2 + units.treated
    count = np.bincount(cell, minlength=2 * groups).reshape(groups, 2)
    money = np.bincount(cell, weights=money_micro.astype(float), minlength=2 * groups)
    totals = np.stack([money.reshape(groups, 2), count], axis=1)
    kept = totals[count.sum(axis=1) > 0]
    # Beside the difference the jackknife works out what it would be on the log scale, and leaves it.
    with np.errstate(over="ignore"):
        _, low, high = jackknife(kept, lambda one: one[0, 1] / one[1, 1] - one[0, 0] / one[1, 0])
    return from_micro(float(low)), from_micro(float(high))
