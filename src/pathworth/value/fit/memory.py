"""Lack of fit: whether what comes after a step depends on what came before it, by enough to matter.

Two-visit counts are compared with what a chain without memory implies, in two manners: by the step before, and by the
time since the last visit of each other step, which shows a deadline that runs across steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from pathworth.kernels.visits import CENSORED
from pathworth.value.chain.cells import Cells
from pathworth.value.chain.plan import BIN_EDGES_MS, Plan
from pathworth.value.chain.visits import Visits

FALSE_ALARMS = 0.05
ENOUGH_TO_MATTER = 0.05
ENOUGH_VISITS = 20
COARSE_EDGES_MS = BIN_EDGES_MS[::3]
ROWS = 66
"""Rows of a table of two-visit counts: 64 steps before, or entry, or the bins of time since."""


@dataclass(frozen=True)
class Memory:
    """What two-visit counts say of every step.

    Parameters
    ----------
    chance
        float64[S]: how likely counts this far apart are in a chain without memory, over all manners of looking; 1
        where too few to tell.
    effect
        float64[S]: by which share of the step's worth the worth after it moves with what came before, as the root of
        the mean square over visits, sampling noise taken off.
    marked
        bool[S]: unlikely (one false alarm in 20 maps) and large enough to matter.
    """

    chance: NDArray[np.float64]
    effect: NDArray[np.float64]
    marked: NDArray[np.bool_]


def pairs_of(visits: Visits, plan: Plan) -> Cells:
    """Count what came before and after each visit followed up to tau, so that no pair is cut short.

    Returns
    -------
    Cells of int64[persona, manner, row, step, after]: manner 0 has a row per step before (S at entry), manner 1 + k a
    row per bin of the time since the last visit of step k in the same journey; after S is exit.
    """
    steps = plan.steps
    step, cause = visits.step.astype(np.int64), visits.cause.astype(np.int64)
    each = np.arange(len(visits))
    same = np.diff(visits.entity, prepend=-1) == 0
    begun = np.maximum.accumulate(np.where(visits.entry | ~same, each, 0))
    whole = visits.start_us + plan.tau_ms[step] * 1000 <= plan.span.to_us
    whole &= visits.in_chain & (cause != CENSORED) & (plan.ends[step] == 0)
    base = visits.persona.astype(np.int64) * (steps + 1)
    tail = step * (steps + 1) + np.where(cause < 0, steps, cause)
    size = steps * (steps + 1)
    before = np.where(visits.entry, steps, np.concatenate([step[:1], step[:-1]]))
    known = whole & (visits.entry | (begun < each))
    places = [((base * ROWS + before) * size + tail)[known]]
    for other in range(steps):
        last = np.maximum.accumulate(np.where(step == other, each, -1))
        last = np.concatenate([[-1], last[:-1]])
        rows = np.flatnonzero(whole & (last >= begun))
        since = (visits.start_us[rows] - visits.start_us[last[rows]]) // 1000
        bins = np.searchsorted(COARSE_EDGES_MS, since, side="right")
        places.append(((base[rows] + 1 + other) * ROWS + bins) * size + tail[rows])
    return Cells.counted(np.concatenate(places))


def memory(
    pairs: Cells, ahead: NDArray[np.float64], *, strata: tuple[tuple[int, ...], ...]
) -> Memory:
    """Compare observed with implied two-visit counts, persona by persona.

    Parameters
    ----------
    pairs
        As `pairs_of` counts them, over all units.
    ahead
        float64[personas, S, S + 1]: what a visit earns by the next step or (last) exit.
    strata
        Which strata make each persona.
    """
    steps = ahead.shape[1]
    chance, effect = np.ones((steps, steps + 1)), np.zeros((steps, steps + 1))
    for manner in range(steps + 1):
        tables = [_table(pairs, steps, manner, strata=some) for some in strata]
        for step in range(steps):
            at = [(table[:, step], ahead[h, step]) for h, table in enumerate(tables)]
            chance[step, manner] = _chance([table for table, _ in at])
            effect[step, manner] = _effect(at)
    worst = chance.argmin(axis=1)
    tested = np.maximum((chance < 1).sum(axis=1), 1)
    least = np.minimum(chance.min(axis=1) * tested, 1.0)
    matter = effect[np.arange(steps), worst]
    steps_tested = max(int((least < 1).sum()), 1)
    return Memory(
        least, matter, (least < FALSE_ALARMS / steps_tested) & (matter > ENOUGH_TO_MATTER)
    )


def _table(pairs: Cells, steps: int, manner: int, *, strata: tuple[int, ...]) -> NDArray[np.int64]:
    """Return int64[row, step, after] of one manner of looking at some strata taken together."""
    size = ROWS * steps * (steps + 1)
    table = np.zeros(size, np.int64)
    for persona in strata:
        begin = (persona * (steps + 1) + manner) * size
        low, high = np.searchsorted(pairs.place, [begin, begin + size])
        table[pairs.place[low:high] - begin] += pairs.number[low:high]
    return table.reshape(ROWS, steps, steps + 1)


def _chance(tables: list[NDArray[np.int64]]) -> float:
    """Return the chance of a chi-square test of independence, added up over personas."""
    total, freedom = 0.0, 0
    for table in tables:
        kept = table[table.sum(axis=1) >= ENOUGH_VISITS]
        kept = _common(kept).astype(float)
        if min(kept.shape) < 2:
            continue
        expected = kept.sum(axis=1)[:, None] * kept.sum(axis=0)[None, :] / kept.sum()
        total += float(((kept - expected) ** 2 / expected).sum())
        freedom += (kept.shape[0] - 1) * (kept.shape[1] - 1)
    return float(special.chdtrc(freedom, total)) if freedom else 1.0


def _common(table: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put next steps that are too rare for a chi-square test together into one column."""
    if not len(table):
        return table
    share = table.sum(axis=1).mean() / max(int(table.sum()), 1)
    often = table.sum(axis=0) * share >= 5
    rare = table[:, ~often].sum(axis=1, keepdims=True)
    joined = np.concatenate([table[:, often], rare], axis=1)
    found: NDArray[np.int64] = joined[:, joined.sum(axis=0) > 0]
    return found


def _effect(tables: list[tuple[NDArray[np.int64], NDArray[np.float64]]]) -> float:
    """Return the root mean square change of worth with what came before, as a share of the mean worth."""
    square = worth = visits = 0.0
    for table, ahead in tables:
        n = table.sum(axis=1).astype(float)
        everybody = table.sum(axis=0) / max(n.sum(), 1.0)
        mean = float(everybody @ ahead)
        shares = table / np.maximum(n, 1.0)[:, None]
        variance = float(everybody @ ahead**2) - mean**2
        noise = variance * (1 / np.maximum(n, 1.0) - 1 / max(n.sum(), 1.0))
        square += float((n * ((shares @ ahead - mean) ** 2 - noise)).sum())
        worth, visits = worth + n.sum() * mean, visits + n.sum()
    if worth <= 0:
        return 0.0
    return float(np.sqrt(max(square / visits, 0.0)) / (worth / visits))
