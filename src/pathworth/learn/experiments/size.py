"""How many units an experiment needs, and how long that takes at the present pace."""

from __future__ import annotations

import math

from scipy import special

ALPHA, POWER = 0.05, 0.80


def units_needed(rate: float, smallest: float, *, treated_share: float = 0.5) -> tuple[int, int]:
    """Return how many units the treated and the held out arm need to see a difference of two shares.

    Parameters
    ----------
    rate
        Share of units that get there without the program.
    smallest
        Smallest difference worth having, with its sign.
    treated_share
        Part of the units that is treated.

    Notes
    -----
    The classical formula for two proportions, two-sided 5 %, power 80 %, without continuity correction (Fleiss,
    Levin and Paik, "Statistical methods for rates and proportions", 2003, section 4.2 and, for unequal arms, 4.4).
    A rate that would leave 0 to 1 is drawn in to the nearest that can be asked.
    """
    other = min(max(rate + smallest, 0.0), 1.0)
    base = other - smallest
    ratio = treated_share / (1 - treated_share)
    mean = (base + ratio * other) / (1 + ratio)
    null = float(special.ndtri(1 - ALPHA / 2)) * math.sqrt((1 + ratio) * mean * (1 - mean))
    true = float(special.ndtri(POWER)) * math.sqrt(ratio * base * (1 - base) + other * (1 - other))
    held_out = (null + true) ** 2 / (ratio * smallest**2)
    return math.ceil(round(held_out * ratio, 9)), math.ceil(round(held_out, 9))
