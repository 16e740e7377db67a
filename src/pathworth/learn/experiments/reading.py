"""The read-out: treated against held out, by intention to treat, with what can be concluded in words."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pathworth.atlas import MapDocument
from pathworth.base.durations import DAY_US, to_us
from pathworth.base.instants import to_iso
from pathworth.journeys import AsOf, Journeys
from pathworth.learn.experiments.contracts import (
    Count,
    Experiment,
    Money,
    Protest,
    Ratio,
    ReadOut,
    Shares,
)
from pathworth.learn.experiments.guardrail import guardrail
from pathworth.learn.experiments.intervals import always_valid, newcombe
from pathworth.learn.experiments.moments import Moments, moments, on_rule, on_step, with_money
from pathworth.learn.experiments.money import money_moved
from pathworth.learn.experiments.ratio import sample_ratio
from pathworth.learn.experiments.units import Units, units_of
from pathworth.learn.experiments.verdict import judge
from pathworth.store import Decision, Snapshot

WEEK_US = 7 * DAY_US
PACE_WEEKS = 4


@dataclass(frozen=True)
class Deciding:
    """The shares and the interval that decide, and which kind it is."""

    metric: Shares
    planned: bool


def read_out(
    experiment: Experiment,
    decisions: Sequence[Decision],
    *,
    journeys: Journeys,
    document: MapDocument,
    planned_units: int,
    protests: Sequence[Protest] = (),
    until_us: int | None = None,
    usual: float | None = None,
) -> ReadOut:
    """Read an experiment as it stands.

    Parameters
    ----------
    experiment
        What was asked.
    decisions
        Rows of the ledger of its program since it began, sent or not.
    journeys
        Its snapshot says what units did.
    document
        The map as it was locked.
    planned_units
        Units of both arms that were planned: when the first so many have had their time, their interval decides
        and no later look moves it.
    protests
        Protests that are no events, for example withdrawn consents; those the experiment's predicate finds are
        added.
    until_us
        Nothing from here on is known; null for the end of the data.
    usual
        Protests per unit and week without the program, as planned.
    """
    until = journeys.snapshot.last_us + 1 if until_us is None else until_us
    units = units_of([one for one in decisions if one.trigger_us < until])
    case = _Case(experiment, journeys.snapshot, document, units, until)
    reached = case.reached(experiment.step)
    name, arm = case.name(experiment.step), case.over.treated
    everybody = _shares(name, arm, reached, planned=planned_units)
    decides = deciding(name, treated=arm, reached=reached, planned_units=planned_units)
    no = [*case.protests(), *protests]
    stop = guardrail(decisions, no, until_us=until, usual=usual)
    ratio = case.ratio()
    pace = case.pace()
    left = case.weeks_left(everybody, planned_units=planned_units, pace=pace)
    verdict = judge(
        experiment,
        decides.metric,
        ratio=ratio,
        guardrail=stop,
        weeks_left=left,
        waiting=case.waiting,
    )
    return ReadOut(
        verdict=verdict,
        metric=decides.metric,
        interval_kind="planned" if decides.planned else "always valid",
        interval=decides.metric.interval,
        always=everybody.interval,
        planned_units=planned_units,
        finished=len(case.over),
        waiting=case.waiting,
        units_per_week=pace,
        said=_said(case.over, no, horizon_us=case.horizon_us),
        used=(everybody, *case.beside()),
        money=case.money(),
        ratio=ratio,
        guardrail=stop,
        until=to_iso(until - 1) if journeys.snapshot.events else None,
        notes=_notes(experiment, len(decisions), units=units, waiting=case.waiting),
        as_of=AsOf(journeys.snapshot.id, journeys.snapshot.seq),
    )


@dataclass(frozen=True)
class _Case:
    """What is read: the units of a ledger against a snapshot, up to an instant."""

    asked: Experiment
    snapshot: Snapshot
    document: MapDocument
    units: Units
    until_us: int

    @property
    def horizon_us(self) -> int:
        return to_us(self.asked.horizon)

    @functools.cached_property
    def over(self) -> Units:
        """Return the units whose horizon is over."""
        return self.units.where(self.units.start_us + self.horizon_us < self.until_us)

    @property
    def waiting(self) -> int:
        return len(self.units) - len(self.over)

    def name(self, step: str) -> str:
        return next(one.name for one in self.document.steps if one.id == step)

    def reached(self, step: str) -> NDArray[np.bool_]:
        """Return bool[over]: who took the step within the horizon."""
        found = moments(self.snapshot, self.over, choose=on_step(self.document, step))
        return found.within(self.over, self.horizon_us).reached(self.over)

    def beside(self) -> list[Shares]:
        """Return the row of the goal step, where one is named."""
        goal = self.asked.goal
        if goal is None:
            return []
        return [_fixed(self.name(goal), self.over.treated, self.reached(goal))]

    def money(self) -> Money:
        paid = moments(self.snapshot, self.over, choose=with_money)
        net = paid.within(self.over, self.horizon_us).money(self.over)
        return money_moved(self.over, net, currency=self.snapshot.currency)

    def ratio(self) -> Ratio:
        treated = int(self.units.treated.sum())
        share = self.asked.treated_share
        return sample_ratio(treated, len(self.units) - treated, treated_share=share)

    def protests(self) -> list[Protest]:
        """Return the events that the experiment declares as protest."""
        if self.asked.protest is None:
            return []
        found = moments(self.snapshot, self.units, choose=on_rule(self.asked.protest))
        columns = (found.unit.tolist(), found.time_us.tolist(), found.name.tolist())
        return [
            Protest(self.units.ids[unit], time_us, self.snapshot.names[name])
            for unit, time_us, name in zip(*columns, strict=True)
            if time_us < self.until_us
        ]

    def pace(self) -> float:
        """Return units a week over the last four weeks, or since the first one."""
        if not len(self.units):
            return 0.0
        since_first = max(self.until_us - int(self.units.start_us[0]), DAY_US)
        span = min(PACE_WEEKS * WEEK_US, since_first)
        return float((self.units.start_us >= self.until_us - span).sum()) / (span / WEEK_US)

    def weeks_left(self, everybody: Shares, *, planned_units: int, pace: float) -> float | None:
        """Return weeks until the plan is full and its last unit has had its time; past it, by the interval."""
        finished, needed = len(self.over), planned_units
        if finished >= planned_units and everybody.interval is not None:
            width = everybody.interval[1] - everybody.interval[0]
            needed = max(int(finished * (width / self.asked.smallest) ** 2), finished + 1)
        if len(self.units) >= needed:
            last = int(self.units.start_us[needed - 1])
            return max(last + self.horizon_us - self.until_us, 0) / WEEK_US
        if pace == 0:
            return None
        return (needed - len(self.units)) / pace + self.horizon_us / WEEK_US


def _counts(treated: NDArray[np.bool_], did: NDArray[np.bool_]) -> tuple[Count, Count]:
    one, two = (Count(int((did & side).sum()), int(side.sum())) for side in (treated, ~treated))
    return one, two


def _shares(
    name: str, treated: NDArray[np.bool_], did: NDArray[np.bool_], *, planned: int
) -> Shares:
    """Return a row whose interval may be looked at any time."""
    one, two = _counts(treated, did)
    interval = always_valid(one, two, planned=planned)
    return Shares(name, one, two, one.share - two.share, interval)


def _fixed(name: str, treated: NDArray[np.bool_], did: NDArray[np.bool_]) -> Shares:
    """Return a row with the interval of one look."""
    one, two = _counts(treated, did)
    return Shares(name, one, two, one.share - two.share, newcombe(one, two))


def deciding(
    name: str, *, treated: NDArray[np.bool_], reached: NDArray[np.bool_], planned_units: int
) -> Deciding:
    """Return the planned units' row once all of them have had their time, everybody's before.

    Parameters
    ----------
    name
        Of the step.
    treated, reached
        bool[n]: arm and outcome of those whose horizon is over, in order of their occasion.
    planned_units
        How many of them were planned.
    """
    if len(treated) < planned_units:
        return Deciding(_shares(name, treated, reached, planned=planned_units), planned=False)
    first = slice(0, planned_units)
    return Deciding(_fixed(name, treated[first], reached[first]), planned=True)


def _said(units: Units, protests: Sequence[Protest], *, horizon_us: int) -> tuple[Shares, ...]:
    """Return one row per kind of protest, the commonest first."""
    place = {unit: k for k, unit in enumerate(units.ids)}
    rows = []
    for what in sorted({one.what for one in protests}):
        mine = [one for one in protests if one.what == what and one.unit in place]
        unit = np.array([place[one.unit] for one in mine], np.int64)
        time_us = np.array([one.time_us for one in mine], np.int64)
        nothing = np.zeros(len(mine), np.int64)
        when = Moments(unit, time_us, nothing, nothing)
        did = when.within(units, horizon_us).reached(units)
        rows.append(_fixed(what, units.treated, did))
    return tuple(sorted(rows, key=lambda row: -(row.treated.did + row.held_out.did)))


def _notes(experiment: Experiment, rows: int, *, units: Units, waiting: int) -> tuple[str, ...]:
    notes = []
    if waiting:
        notes.append(f"Left out: {waiting:,} whose time of {experiment.horizon} is not over.")
    if rows > len(units):
        again = rows - len(units)
        notes.append(f"Left out: {again:,} later occasions; the first one of each counts.")
    if experiment.protest is None:
        notes.append("No protest is declared: mutes and declines are not watched.")
    return tuple(notes)
