"""Funnels of units inside journeys and of attempts: persons are what is independent, not their units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.journeys import Part
from pathworth.kernels.folds.transitions import BINS
from pathworth.measure.contracts import Interval
from pathworth.measure.funnels.folds import Outcomes, Reached
from pathworth.measure.funnels.plan import Reach
from pathworth.measure.intervals import FEW_UNITS, bins_of, jackknife, wilson

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Owner:
    """A person with units that took the first step: id, part of a trait, and how many units reached each step.

    ``fates`` is int64[units, steps, 2]: what became of each unit and in which bin, without rows when it is not asked.
    """

    id: str
    part: int
    counts: Counts
    fates: Counts


@dataclass(frozen=True)
class EachOwner(Reached):
    """Every person that took the first step, for selections of few of them; in any order."""

    def fold(self, part: Part) -> list[Owner]:  # type: ignore[override]  # a partial of another form
        """Return the persons of a part."""
        return owners_of(self, part, reach=self.plan.reach(part))

    def merge(self, left: list[Owner], right: list[Owner]) -> list[Owner]:  # type: ignore[override]
        """Join two lists."""
        return left + right


@dataclass(frozen=True)
class EachFate(Outcomes):
    """Every person that took the first step, with what became of their units."""

    def fold(self, part: Part) -> list[Owner]:  # type: ignore[override]
        """Return the persons of a part."""
        reach = self.plan.reach(part, timed=True)
        fates = self.fates(part, reach)
        found = np.zeros((reach.lane.units, self.plan.width, 2), np.int64)
        for k in range(1, self.plan.width):
            what, ms = fates.of(k)
            found[:, k] = np.stack([what, bins_of(ms)], axis=1)
        return owners_of(self, part, reach=reach, fates=found)

    def merge(self, left: list[Owner], right: list[Owner]) -> list[Owner]:  # type: ignore[override]
        """Join two lists."""
        return left + right


def owners_of(
    question: Reached, part: Part, *, reach: Reach, fates: Counts | None = None
) -> list[Owner]:
    """Return the persons of a part that have units which took the first step."""
    steps = question.plan.width
    began = np.flatnonzero(reach.level > 0)
    owner = began if reach.lane.owner is None else reach.lane.owner[began]
    has = np.stack([reach.has(k)[began] for k in range(steps)], axis=1).astype(np.int64)
    part_of = question.part_of(part, reach)
    cuts = np.flatnonzero(np.diff(owner)) + 1
    if not len(began):
        return []
    shard = part.shard
    return [
        Owner(
            shard.id_of(part.first + int(owner[mine[0]])),
            0 if part_of is None else int(part_of[began[mine[0]]]),
            has[mine].sum(axis=0),
            np.empty((0, steps, 2), np.int64) if fates is None else fates[began[mine]],
        )
        for mine in np.split(np.arange(len(began)), cuts)
    ]


def totals_of(owners: list[Owner], *, parts: int, steps: int) -> Counts:
    """Return int64[persons, parts, steps]: units by person, in the order of ids."""
    out = np.zeros((len(owners), parts, steps), np.int64)
    for place, one in enumerate(sorted(owners, key=lambda one: one.id)):
        out[place, one.part] = one.counts
    return out


def fates_of(owners: list[Owner], *, part: int | None, step: int) -> Counts:
    """Return int64[persons, 3, BINS]: what became of the units of persons, in the order of ids; of a part, or all."""
    mine = sorted((one for one in owners if part in {None, one.part}), key=lambda one: one.id)
    out = np.zeros((len(mine), 3, BINS), np.int64)
    for place, one in enumerate(mine):
        np.add.at(out[place], (one.fates[:, step, 0], one.fates[:, step, 1]), 1)
    return out


def share_intervals(totals: Counts, counts: Counts) -> list[list[Interval | None]]:
    """Return the 95 % interval of the share of the first step's units that reached each step, by part.

    Parameters
    ----------
    totals
        int64[G, parts, steps]: units that reached each step in each group.
    counts
        int64[2, parts, steps]: units, and the persons whose units they are.

    Notes
    -----
    A jackknife over groups on the scale of log odds. Where nobody or everybody reaches a step, or would without one
    group, it has no width to give: then Wilson's, as if every person had one unit.
    """
    parts, steps = counts.shape[1:]
    low, high = np.full((2, parts, steps), np.nan)
    if len(totals) > 1:
        _, low, high = jackknife(totals, _log_odds)
    found: list[list[Interval | None]] = []
    for part in range(parts):
        first, owners = int(counts[0, part, 0]), int(counts[1, part, 0])
        row: list[Interval | None] = [None] * steps
        for k in range(steps if owners >= FEW_UNITS else 0):
            bounds = float(low[part, k]), float(high[part, k])
            if k and np.isfinite(bounds).all():
                row[k] = _share(bounds[0]), _share(bounds[1])
            else:
                row[k] = (
                    wilson(round(counts[0, part, k] / first * owners), owners) if k else (1.0, 1.0)
                )
        found.append(row)
    return found


def _log_odds(totals: NDArray) -> NDArray:
    reached: NDArray = totals
    odds: NDArray = reached / (totals[..., :1] - reached)
    found: NDArray = np.log(odds)
    return found


def _share(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-log_odds)))
