"""When a step is reached, with exact fractions, one bin after the other."""

from __future__ import annotations

from fractions import Fraction


def incidence(units, bins):
    """Return the share that has reached by the end of each bin, from (what, bin): reached, over or censored.

    Everybody is at risk until the bin of their end; who is censored in a bin is half at risk in it.
    """
    share, still, found = Fraction(0), Fraction(1), []
    for b in range(bins):
        at_risk = sum(1 for _, end in units if end >= b)
        here = [what for what, end in units if end == b]
        exposed = at_risk - Fraction(here.count("censored"), 2)
        if exposed:
            share += still * Fraction(here.count("reached"), 1) / exposed
            still *= 1 - Fraction(here.count("reached") + here.count("over"), 1) / exposed
        found.append(share)
    return found
