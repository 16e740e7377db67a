"""Who takes some steps one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.base.durations import Duration
from pathworth.base.period import FOREVER_US
from pathworth.journeys import (
    AsOf,
    Engine,
    Field,
    Journeys,
    Part,
    Step,
    hit_lane,
    local_engine,
    trait_of,
)
from pathworth.kernels.funnel import any_order, ordered, strict
from pathworth.measure import rules
from pathworth.measure.contracts import Funnel, FunnelOf, FunnelStep
from pathworth.measure.intervals import FEW_UNITS, TOO_FEW, wilson
from pathworth.measure.split import split_by

_KERNELS = {"ordered": ordered, "strict": strict, "any": any_order}
Counts = NDArray[np.int64]


def funnel(
    journeys: Journeys,
    steps: Sequence[rules.StepWord],
    *,
    within: Duration | None = None,
    order: str = "ordered",
    by: str | None = None,
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
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` say.
    """
    rules.check_order(order)
    rules.check_period(journeys)
    snapshot = journeys.snapshot
    chosen = rules.as_steps(steps, snapshot)
    window = rules.check_window(within)
    field = None if by is None else rules.split_trait(by, snapshot)
    question = Levels(
        chosen, FOREVER_US if window is None else window, order, field, until_of(journeys)
    )
    counts = (engine or local_engine()).total(journeys, question)
    return Funnel(
        steps=_steps(chosen, reached(counts.sum(axis=0))),
        excluded=dict(snapshot.excluded),
        as_of=AsOf(snapshot.id, snapshot.seq),
        by=None if field is None else _parts(chosen, counts, field),
        overlap=None if field is None else 0,
    )


def until_of(journeys: Journeys) -> int | None:
    """Return the instant as of which traits are read, null for the very end."""
    return None if journeys.period.to_us >= FOREVER_US else journeys.period.to_us


@dataclass(frozen=True)
class Levels:
    """Entities by code of a trait and by how many steps they took, int64[codes or 1, steps + 1]."""

    steps: tuple[Step, ...]
    within_us: int
    order: str
    field: Field | None = None
    until_us: int | None = None

    def levels(self, part: Part) -> NDArray[np.uint8]:
        """Return uint8[n]: how many steps each entity of a part took."""
        lane = hit_lane(part, self.steps)
        out = np.empty(part.last - part.first, np.uint8)
        _KERNELS[self.order](
            lane.offset,
            lane.codes,
            lane.table,
            lane.time_us,
            lane.keep,
            len(self.steps),
            self.within_us,
            out,
        )
        return out

    def fold(self, part: Part) -> Counts:
        """Count the entities of a part."""
        levels, width = self.levels(part), len(self.steps) + 1
        if self.field is None:
            return np.bincount(levels, minlength=width)[None, :].astype(np.int64)
        codes = trait_of(part, self.field, until_us=self.until_us).astype(np.int64)
        rows = len(self.field.words)
        return np.bincount(codes * width + levels, minlength=rows * width).reshape(rows, width)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two partials."""
        return left + right


def reached(counts: Counts) -> list[int]:
    """Return how many entities took at least each step, from entities by level."""
    return [int(n) for n in counts[::-1].cumsum()[::-1][1:]]


def _steps(steps: tuple[Step, ...], counts: list[int]) -> tuple[FunnelStep, ...]:
    """Return the rows of a funnel."""
    first, rows = counts[0], []
    for k, (step, count) in enumerate(zip(steps, counts, strict=True)):
        before = counts[k - 1] if k else first
        few = first < FEW_UNITS
        rows.append(
            FunnelStep(
                name=step.name,
                entities=count,
                from_first=count / first if first else None,
                from_previous=count / before if before else None,
                # The first step's share is 1 by definition, which nothing can make uncertain.
                interval=None if few else wilson(count, first) if k else (1.0, 1.0),
                why=TOO_FEW if few else None,
            )
        )
    return tuple(rows)


def _parts(steps: tuple[Step, ...], counts: Counts, field: Field) -> tuple[FunnelOf, ...]:
    """Return the funnel of every value of a trait that took the first step."""
    split = split_by(field, counts[:, 1:].sum(axis=1))
    rows = np.zeros((split.parts, counts.shape[1]), np.int64)
    np.add.at(rows, split.part_of, counts)
    return tuple(
        FunnelOf(value, _steps(steps, reached(row)), others)
        for value, row, others in zip(split.labels, rows, split.others, strict=True)
        if row[1:].any()
    )
