"""The sample-ratio check: whether the arms are as large as was drawn."""

from __future__ import annotations

from pathworth.learn.experiments.contracts import Ratio

BELIEVED = 0.001
"""Arms as uneven as this or more come about in fewer than one of a thousand sound experiments."""


def sample_ratio(treated: int, held_out: int, *, treated_share: float) -> Ratio:
    """Check the sizes of the arms by the exact binomial test, two-sided.

    Parameters
    ----------
    treated, held_out
        Units of each arm, finished or not.
    treated_share
        Part that was drawn to be treated.
    """
    from scipy.stats import binomtest  # takes most of a second to load

    units = treated + held_out
    p = float(binomtest(treated, units, treated_share).pvalue) if units else 1.0
    expected = units * treated_share
    sound = p >= BELIEVED
    counted = f"{treated:,} were treated and {held_out:,} held out"
    drawn = f"about {expected:,.0f} and {units - expected:,.0f} were drawn"
    said = (
        f"{counted}, as was drawn."
        if sound
        else f"Do not believe the difference: {counted}, where {drawn}."
    )
    if not units:
        said = "Nobody has met the occasion so far."
    return Ratio(treated, held_out, expected, p, sound, said)
