"""Who comes back, by the period in which they began."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pathworth.base.instants import to_iso
from pathworth.journeys import (
    AsOf,
    Engine,
    Field,
    Journeys,
    Lane,
    Part,
    hit_lane,
    local_engine,
    trait_of,
)
from pathworth.measure import rules
from pathworth.measure.contracts import Cohort, Interval, Retention, RetentionOf
from pathworth.measure.intervals import FEW_UNITS, wilson
from pathworth.measure.returns.comings import Comings, Counts, Returns, all_time, plan_retention
from pathworth.measure.split import Split, split_by


def retention(
    journeys: Journeys,
    *,
    start: str | None = None,
    return_: str | None = None,
    period: str = "month",
    mode: str = "calendar",
    by: str | None = None,
    engine: Engine | None = None,
) -> Retention:
    """Count who comes back, by the period in which they began.

    A cohort is the entities whose first start event of all time lies in a calendar period. The period of
    the selection shows the cohorts that it touches and ends what is known; it never makes an old entity
    look new, and a cohort is the same in every selection of time.

    Parameters
    ----------
    journeys
        Whose, and which events.
    start, return_
        Predicates of the events that begin and that return; any event unless given.
    period
        ``day``, ``week`` (ISO) or ``month``, in the timezone of the workspace.
    mode
        ``calendar``: any return in the k-th period after. ``rolling``: in [k, k + 1) times 1, 7 or 30 days
        after the entity's own start. ``unbounded``: in the k-th period after or later.
    by
        Splits entities by their last known value of a trait.
    engine
        Where folds run; threads of this process unless given.

    Raises
    ------
    Refused
        As the rules of ``measure.rules`` say.
    """
    plan = check_retention(journeys, start=start, return_=return_, period=period, mode=mode)
    snapshot, run = journeys.snapshot, engine or local_engine()
    field = None if by is None else rules.split_trait(by, snapshot)
    cohorts: tuple[Cohort, ...] = ()
    parts: tuple[RetentionOf, ...] = ()
    if plan is not None:
        cohorts = _cohorts(plan, run.total(all_time(journeys), plan).cells(mode))
    if plan is not None and field is not None:
        question = split_retention(plan, field, journeys=journeys, engine=run)
        found = run.total(all_time(journeys), question).cells(mode)
        parts = _parts(plan, question.split, found)
    return Retention(
        cohorts,
        dict(snapshot.excluded),
        AsOf(snapshot.id, snapshot.seq),
        by=None if field is None else parts,
        overlap=None if field is None else 0,
    )


def check_retention(
    journeys: Journeys, *, start: str | None, return_: str | None, period: str, mode: str
) -> Comings | None:
    """Return the fold of a retention question, null when no event lies in the period; raises as ``retention``."""
    rules.check_period_word(period)
    rules.check_mode(mode)
    rules.check_period(journeys)
    rules.check_whole(journeys)
    return plan_retention(journeys, start=start, return_=return_, period=period, mode=mode)


@dataclass(frozen=True)
class SplitReturns:
    """Returns of each part of a trait, int64[parts, P, cells]."""

    plan: Comings
    split: Split
    until_us: int | None

    def fold(self, part: Part) -> Returns:
        """Count the returns of a part: its entities are laid out anew, value by value of the trait."""
        lane = hit_lane(part, self.plan.roles)
        mine = self.split.part_of[trait_of(part, self.split.field, until_us=self.until_us)]
        found = [
            self.plan.of_lane(_picked(lane, np.flatnonzero(mine == one)))[0]
            for one in range(self.split.parts)
        ]
        return Returns(np.stack([one.came for one in found]), np.stack([one.last for one in found]))

    def merge(self, left: Returns, right: Returns) -> Returns:
        """Add two partials."""
        return Returns(left.came + right.came, left.last + right.last)


def _picked(lane: Lane, entities: Counts) -> Lane:
    """Return a lane of some entities only, their events copied one after the other."""
    length = np.diff(lane.offset)[entities]
    offset = np.concatenate([np.zeros(1, np.int64), np.cumsum(length)])
    at = np.arange(offset[-1]) + np.repeat(lane.offset[entities] - offset[:-1], length)
    keep = lane.keep[at] if lane.keep.size else lane.keep
    return Lane(offset, lane.codes[at], lane.table, lane.time_us[at], keep)


@dataclass(frozen=True)
class Began:
    """Entities that began in a period asked about, by code of a trait, int64[codes there are]."""

    plan: Comings
    field: Field
    until_us: int | None

    def fold(self, part: Part) -> Counts:
        """Count the entities of a part."""
        _, cohort = self.plan.with_cohorts(part)
        codes = trait_of(part, self.field, until_us=self.until_us)[cohort >= 0]
        return np.bincount(codes, minlength=len(self.field.words)).astype(np.int64)

    def merge(self, left: Counts, right: Counts) -> Counts:
        """Add two counts."""
        return left + right


def split_retention(
    plan: Comings, field: Field, *, journeys: Journeys, engine: Engine
) -> SplitReturns:
    """Return the fold that splits a retention by a trait, its commonest values by those who began."""
    until = journeys.until_us
    counts = engine.total(all_time(journeys), Began(plan, field, until))
    return SplitReturns(plan, split_by(field, counts), until)


def _parts(plan: Comings, split: Split, counts: Counts) -> tuple[RetentionOf, ...]:
    """Return the cohorts of every value that anybody has."""
    return tuple(
        RetentionOf(value, _cohorts(plan, one), others)
        for value, one, others in zip(split.labels, counts, split.others, strict=True)
        if one[:, 0].any()
    )


def _cohorts(plan: Comings, counts: Counts) -> tuple[Cohort, ...]:
    """Return the cohorts that have anybody."""
    made = []
    for c in range(plan.edges.periods):
        size = int(counts[c, 0])
        if size == 0:
            continue
        retained = tuple(
            int(counts[c, k]) if plan.over(c, k) else None for k in range(plan.length(c))
        )
        intervals = tuple(_interval(k, n, size) for k, n in enumerate(retained))
        made.append(Cohort(to_iso(int(plan.edges.edges_us[c])), size, retained, intervals))
    return tuple(made)


def _interval(k: int, came: int | None, size: int) -> Interval | None:
    return None if k == 0 or came is None or size < FEW_UNITS else wilson(came, size)
