"""Who takes some steps one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import Duration
from pathworth.base.period import FOREVER_US
from pathworth.journeys import (
    AsOf,
    Engine,
    Field,
    Journeys,
    Lane,
    Part,
    Step,
    hit_lane,
    local_engine,
    trait_of,
)
from pathworth.kernels.folds.funnel import any_order, ordered, strict
from pathworth.kernels.folds.transitions import BINS
from pathworth.measure import rules
from pathworth.measure.contracts import Funnel, FunnelOf, FunnelStep
from pathworth.measure.intervals import FEW_UNITS, TOO_FEW, bins_of, median, wilson
from pathworth.measure.split import Split, split_by

_KERNELS = {"ordered": ordered, "strict": strict, "any": any_order}
Counts = NDArray[np.int64]
_NO_TIMES = np.empty((0, 0), np.int64)
_MS = 1_000.0


def funnel(
    journeys: Journeys,
    steps: Sequence[rules.StepWord],
    *,
    within: Duration | None = None,
    order: str = "ordered",
    by: str | None = None,
    times: str = "none",
    engine: Engine | None = None,
) -> Funnel:
    """Count who takes steps one after the other; of every entity the best attempt counts.

    Parameters
    ----------
    journeys
        Whose, and which events.
    steps
        Event names, ``name := predicate``, or objects with a name and a rule.
    within
        Longest time from the first step to the last, itself included; null for no limit.
    order
        ``ordered``: other events may lie between. ``strict``: no other kept event may. ``any``: step k
        counts who took any k of the steps within the window.
    by
        Splits entities by their last known value of a trait.
    times
        ``quantiles`` adds the median time from the first step to each other: to the moment at which the step is
        first reached, in the attempt that began last.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` say.
    """
    question = plan_funnel(journeys, steps, within=within, order=order, by=by)
    timed = rules.check_funnel_times(times)
    run, snapshot = engine or local_engine(), journeys.snapshot
    counts = run.total(journeys, question)
    bins = run.total(journeys, Times(question)) if timed else None
    field = question.field
    return Funnel(
        steps=funnel_steps(
            question.steps, counts.sum(axis=0), bins=None if bins is None else bins[0]
        ),
        excluded=dict(snapshot.excluded),
        as_of=AsOf(snapshot.id, snapshot.seq),
        by=None if field is None else _parts(question, counts, _Run(run, journeys, timed)),
        overlap=None if field is None else 0,
    )


def plan_funnel(
    journeys: Journeys,
    steps: Sequence[rules.StepWord],
    *,
    within: Duration | None,
    order: str,
    by: str | None,
) -> Levels:
    """Return the fold of a funnel question; raises as ``funnel``."""
    rules.check_order(order)
    rules.check_period(journeys)
    snapshot = journeys.snapshot
    chosen = rules.as_steps(steps, snapshot)
    window = rules.check_window(within)
    field = None if by is None else rules.split_trait(by, snapshot)
    within_us = FOREVER_US if window is None else window
    return Levels(chosen, within_us, order, field, journeys.until_us)


@dataclass(frozen=True)
class Levels:
    """Entities by code of a trait and by how many steps they took, int64[codes or 1, steps + 1]."""

    steps: tuple[Step, ...]
    within_us: int
    order: str
    field: Field | None = None
    until_us: int | None = None

    def levels(self, part: Part) -> NDArray[np.uint8]:
        """Return uint8[n]: how many steps each entity, or unit, of a part took."""
        return self.taken(part)[1]

    def taken(self, part: Part) -> tuple[Lane, NDArray[np.uint8]]:
        """Return the lane of a part, and uint8[n]: how many steps each entity, or unit, took."""
        lane = hit_lane(part, self.steps)
        return lane, self._levels(lane, _NO_TIMES)

    def _levels(self, lane: Lane, took: Counts) -> NDArray[np.uint8]:
        out = np.empty(lane.units, np.uint8)
        read = (lane.offset, lane.codes, lane.table, lane.time_us, lane.keep)
        _KERNELS[self.order](*read, len(self.steps), self.within_us, out, took)
        return out

    def times(self, part: Part) -> tuple[Lane, NDArray[np.uint8], Counts]:
        """Return the lane, uint8[n] steps taken, and int64[n, steps] whole ms from the first step to each of them."""
        lane = hit_lane(part, self.steps)
        took = np.zeros((lane.units, len(self.steps)), np.int64)
        levels = self._levels(lane, took)
        return lane, levels, (took + 500) // 1_000

    def fold(self, part: Part) -> Counts:
        """Count the entities, or units, of a part."""
        (lane, levels), width = self.taken(part), len(self.steps) + 1
        if self.field is None:
            return np.bincount(levels, minlength=width)[None, :].astype(np.int64)
        codes = lane.of_units(trait_of(part, self.field, until_us=self.until_us)).astype(np.int64)
        rows = len(self.field.words)
        return np.bincount(codes * width + levels, minlength=rows * width).reshape(rows, width)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


def reached(counts: Counts) -> list[int]:
    """Return how many entities took at least each step, from entities by level."""
    return [int(n) for n in counts[::-1].cumsum()[::-1][1:]]


@dataclass(frozen=True)
class Times:
    """Entities by part of a trait, step and bin of the ms from the first step to it, int64[parts, steps, BINS]."""

    levels: Levels
    split: Split | None = None

    def fold(self, part: Part) -> Counts:
        """Count the entities of a part."""
        steps = len(self.levels.steps)
        parts = 1 if self.split is None else self.split.parts
        out = np.zeros((parts, steps, BINS), np.int64)
        lane, levels, took = self.levels.times(part)
        mine = np.zeros(len(levels), np.int64)
        if self.split is not None:
            codes = trait_of(part, self.split.field, until_us=self.levels.until_us)
            mine = lane.of_units(self.split.part_of[codes]).astype(np.int64)
        for k in range(1, steps):
            there = levels > k
            cells = mine[there] * BINS + bins_of(took[there, k])
            out[:, k] = np.bincount(cells, minlength=parts * BINS).reshape(parts, BINS)
        return out

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


def funnel_steps(
    steps: tuple[Step, ...], levels: Counts, *, bins: Counts | None = None
) -> tuple[FunnelStep, ...]:
    """Return the rows of a funnel from entities by steps taken, and the bins of their times if they are wanted."""
    counts = reached(levels)
    first, rows = counts[0], []
    for k, (step, count) in enumerate(zip(steps, counts, strict=True)):
        before = counts[k - 1] if k else first
        few = first < FEW_UNITS
        row = FunnelStep(
            name=step.name,
            entities=count,
            from_first=count / first if first else None,
            from_previous=count / before if before else None,
            # The first step's share is 1 by definition, which nothing can make uncertain.
            interval=None if few else wilson(count, first) if k else (1.0, 1.0),
            why=TOO_FEW if few else None,
        )
        rows.append(row if bins is None or not k else _timed(row, bins[k], first))
    return tuple(rows)


def _timed(row: FunnelStep, bins: Counts, first: int) -> FunnelStep:
    """Return a row with the median time of those who reached it."""
    middle, low, high = median(bins, row.entities)
    return replace(
        row,
        median_seconds=None if middle is None else middle / _MS,
        median_interval=None if low is None or high is None else (low / _MS, high / _MS),
        censored=first - row.entities,
    )


@dataclass(frozen=True)
class _Run:
    """What the parts of a split still need: where folds run, of which journeys, and whether times are wanted."""

    engine: Engine
    journeys: Journeys
    timed: bool


def _parts(question: Levels, counts: Counts, run: _Run) -> tuple[FunnelOf, ...]:
    """Return the funnel of every value of a trait that took the first step."""
    if question.field is None:
        return ()
    split = split_by(question.field, counts[:, 1:].sum(axis=1))
    rows = np.zeros((split.parts, counts.shape[1]), np.int64)
    np.add.at(rows, split.part_of, counts)
    bins = run.engine.total(run.journeys, Times(question, split)) if run.timed else None
    return tuple(
        FunnelOf(
            value,
            funnel_steps(question.steps, row, bins=None if bins is None else bins[place]),
            split.others[place],
        )
        for place, (value, row) in enumerate(zip(split.labels, rows, strict=True))
        if row[1:].any()
    )
