"""Differences of two shares with their intervals: one for a planned end, one for looking at any time."""

from __future__ import annotations

import math

from pathworth.learn.experiments.contracts import Count
from pathworth.measure import wilson

ALPHA = 0.05
"""Every interval misses the truth at most this often; the always-valid one over all looks together."""
FEW = 10
"""With fewer units than this in an arm nothing is said of their difference."""

Interval = tuple[float, float]


def newcombe(treated: Count, held_out: Count) -> Interval | None:
    """Return the 95 % interval of the difference of two shares, treated less held out; null without units.

    Parameters
    ----------
    treated, held_out
        How many did, of how many.

    Notes
    -----
    Newcombe (1998), "Interval estimation for the difference between independent proportions", method 10: the
    hybrid of two Wilson score intervals, without continuity correction. Valid for one look at a size fixed before.
    """
    one, two = wilson(treated.did, treated.of), wilson(held_out.did, held_out.of)
    if one is None or two is None:
        return None
    p, q = treated.share, held_out.share
    below = math.hypot(p - one[0], two[1] - q)
    above = math.hypot(one[1] - p, q - two[0])
    return max(p - q - below, -1.0), min(p - q + above, 1.0)


def always_valid(
    treated: Count, held_out: Count, *, planned: int, alpha: float = ALPHA
) -> Interval | None:
    """Return an interval of the difference of two shares that may be looked at after every unit.

    Parameters
    ----------
    treated, held_out
        How many did, of how many, so far.
    planned
        Units of both arms together at which the interval shall be tightest; it is valid at any number.
    alpha
        How often the truth is outside at any look, at most.

    Notes
    -----
    The normal mixture boundary of Robbins (1970) in the form of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas
    (2024), "Time-uniform central limit theory and asymptotic confidence sequences", theorem 2.2 and its tuning of
    rho, with the variance of the difference of the arms' means at their observed sizes, as Johari, Koomen,
    Pekelis and Walsh (2022), "Always valid inference", use for two streams. The sequence is asymptotic: shares are
    drawn towards a half by one unit for the variance, and under ``FEW`` units in an arm there is no interval; a test
    proves by simulation that the truth stays inside.
    """
    if min(treated.of, held_out.of) < FEW:
        return None
    units = treated.of + held_out.of
    variance = units * (_spread(treated) + _spread(held_out))
    rho2 = (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / max(planned, 2 * FEW)
    grown = units * rho2 + 1
    reach = math.sqrt(2 * variance * grown / (units**2 * rho2) * math.log(math.sqrt(grown) / alpha))
    middle = treated.share - held_out.share
    return max(middle - reach, -1.0), min(middle + reach, 1.0)


def _spread(count: Count) -> float:
    """Return the variance of a share, its units and one more on either side counted."""
    share = (count.did + 1) / (count.of + 2)
    return share * (1 - share) / count.of
