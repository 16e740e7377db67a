"""Says day by day whether a program makes more people protest than being left alone does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import DAY_US
from pathworth.learn.experiments.contracts import Count, Guardrail, Protest
from pathworth.learn.experiments.units import Units, units_of
from pathworth.store import Decision

ALPHA = 0.02
"""Either of two ways stops a harmless program at most this often, over its whole life, however often one looks."""
AGREES = 4.0
"""Evidence against the held out that must agree before the usual rate may decide: what rises for all stops nothing."""
TIMES_MORE = (1.5, 2.0, 3.0, 4.0, 6.0, 9.0)
"""Protests among the treated against the held out, in times as many, that are weighed equally."""
WEEK_US = 7 * DAY_US
FEWEST = 3
"""So many of the treated must have protested before anything is stopped."""


def guardrail(
    decisions: Sequence[Decision],
    protests: Sequence[Protest],
    *,
    until_us: int | None = None,
    usual: float | None = None,
) -> Guardrail:
    """Say whether to stop a program because the treated protest more often than the held out.

    Parameters
    ----------
    decisions
        Of one program, sent or not; the arm decides, as in the read-out.
    protests
        Who protested when; the first one of a unit after its first occasion counts.
    until_us
        What happens from here on is not known yet; null for everything that is given.
    usual
        Protests per unit and week before the program, from the workspace's own history; null when not known.

    Notes
    -----
    A sequential log-rank test: at each protest, the chance that it comes from the treated is their part of those
    at risk when the program changes nothing, and a likelihood ratio against a mixture of hazard ratios above one
    is at or above 1 / ``ALPHA`` at any time with probability ``ALPHA`` at most (Ville 1939; Grünwald, Ly,
    Pérez-Ortiz and ter Schure 2021, "The safe logrank test"). Exact for any number of looks.
    Where the usual rate is known, the same ratio for the hazard of the treated against it stops as well, once the
    held out agree by ``AGREES``: few protests among the held out need not be waited for, and a season in which
    everybody protests more stops at most one harmless program in ``AGREES``.
    """
    units = units_of(decisions)
    if until_us is not None:
        units = units.where(units.start_us < until_us)
    first = first_protests(units, protests, until_us=until_us)
    treated, held_out = _counts(units, first)
    order = np.flatnonzero(first >= 0)
    order = order[np.argsort(first[order], kind="stable")]
    evidence = _against_held_out(units, first, order=order)
    over = evidence >= 1 / ALPHA
    if usual is not None:
        against = _against_usual(units, first, order=order, usual=usual)
        over |= (evidence >= AGREES) & (against >= 1 / ALPHA)
    over &= np.cumsum(units.treated[order]) >= FEWEST
    crossed = np.flatnonzero(over)
    at_us = int(first[order[crossed[0]]]) if len(crossed) else None
    return Guardrail(
        stop=at_us is not None,
        treated=treated,
        held_out=held_out,
        evidence=float(evidence.max(initial=0.0)),
        bound=1 / ALPHA,
        since_us=at_us,
        sentence=_sentence(treated, held_out, stop=at_us is not None),
    )


def first_protests(
    units: Units, protests: Sequence[Protest], *, until_us: int | None
) -> NDArray[np.int64]:
    """Return int64[n]: when each unit first protested after its first occasion, -1 for never."""
    never = np.iinfo(np.int64).max
    first = np.full(len(units), never)
    place = {unit: k for k, unit in enumerate(units.ids)}
    for protest in protests:
        k = place.get(protest.unit)
        if k is None or protest.time_us <= units.start_us[k]:
            continue
        if until_us is None or protest.time_us < until_us:
            first[k] = min(first[k], protest.time_us)
    return np.where(first == never, -1, first)


def _against_held_out(
    units: Units, first: NDArray[np.int64], *, order: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return float64[protests]: the mixed likelihood ratio after each protest, in order of time."""
    arm = units.treated[order]
    when = first[order]
    risk = [_at_risk(units, first, when=when, treated=side) for side in (True, False)]
    steps = []
    for theta in TIMES_MORE:
        null = risk[0] + risk[1]
        steps.append(np.log(np.where(arm, theta, 1.0) * null / (theta * risk[0] + risk[1])))
    sums = np.cumsum(np.array(steps), axis=1)
    return np.asarray(np.exp(sums).mean(axis=0))


def _against_usual(
    units: Units, first: NDArray[np.int64], *, order: NDArray[np.int64], usual: float
) -> NDArray[np.float64]:
    """Return float64[protests]: the mixed likelihood ratio of the treated's hazard against the usual one."""
    mine = units.treated
    start = units.start_us[mine]
    end = np.where(first[mine] >= 0, first[mine], np.iinfo(np.int64).max)
    weeks = [np.clip(np.minimum(end, now) - start, 0, None).sum() / WEEK_US for now in first[order]]
    expected, seen = usual * np.array(weeks), np.cumsum(mine[order])
    ratios = [np.exp(seen * np.log(theta) - (theta - 1) * expected) for theta in TIMES_MORE]
    return np.asarray(np.mean(ratios, axis=0))


def _at_risk(
    units: Units, first: NDArray[np.int64], *, when: NDArray[np.int64], treated: bool
) -> NDArray[np.float64]:
    """Return how many of an arm had their occasion before each moment and had not protested before it."""
    mine = units.treated == treated
    begun = np.searchsorted(np.sort(units.start_us[mine]), when, side="left")
    gone = np.searchsorted(np.sort(first[mine & (first >= 0)]), when, side="left")
    return (begun - gone).astype(float)


def _counts(units: Units, first: NDArray[np.int64]) -> tuple[Count, Count]:
    both = []
    for side in (True, False):
        mine = units.treated == side
        both.append(Count(int((first[mine] >= 0).sum()), int(mine.sum())))
    return both[0], both[1]


def _sentence(treated: Count, held_out: Count, *, stop: bool) -> str:
    said = (
        f"{treated.did:,} of {treated.of:,} treated protested, "
        f"{held_out.did:,} of {held_out.of:,} held out"
    )
    if stop:
        return f"Stop: {said}. A harmless program looks like this in at most 4 of 100 cases."
    return f"Since the first occasion {said}: not more than chance explains."
