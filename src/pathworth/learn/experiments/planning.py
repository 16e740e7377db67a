"""The plan of an experiment from the workspace's own history."""

from __future__ import annotations

import numpy as np

from pathworth.atlas import MapDocument
from pathworth.base.durations import DAY_US, to_us
from pathworth.base.errors import NotSupported
from pathworth.base.instants import to_iso
from pathworth.journeys import AsOf, Journeys
from pathworth.learn.experiments.contracts import Experiment, PlanSize
from pathworth.learn.experiments.moments import first_occasions, moments, on_rule, on_step
from pathworth.learn.experiments.rules import check
from pathworth.learn.experiments.size import units_needed
from pathworth.learn.experiments.units import Units
from pathworth.learn.experiments.verdict import points_of
from pathworth.measure import wilson

WEEK_US = 7 * DAY_US
LOOK_BACK_WEEKS = 13
FEWEST = 20
"""A rate of fewer units than this plans nothing."""


def plan_size(
    experiment: Experiment, journeys: Journeys, *, document: MapDocument, revision: int
) -> PlanSize:
    """Say how many units an experiment needs and how long that takes at the present pace.

    Parameters
    ----------
    experiment
        What is asked.
    journeys
        Its snapshot is the history; the last 13 weeks whose horizon is over are looked at.
    document, revision
        The map whose steps are spoken of.

    Raises
    ------
    NotSupported
        ``TOO_FEW_TO_PLAN`` when fewer than 20 met the trigger.
    """
    check(experiment, document)
    snapshot, horizon_us = journeys.snapshot, to_us(experiment.horizon)
    to = snapshot.last_us - horizon_us
    from_ = max(snapshot.first_us, to - LOOK_BACK_WEEKS * WEEK_US)
    units = first_occasions(
        snapshot,
        on_step(document, experiment.trigger),
        accounts=experiment.unit == "account",
        from_us=from_,
        to_us=to,
    )
    seen = len(units)
    _check_enough(seen)
    target = moments(snapshot, units, choose=on_step(document, experiment.step))
    did = int(target.within(units, horizon_us).reached(units).sum())
    pace = seen / ((to - from_) / WEEK_US)
    sign = 1 if experiment.better == "more" else -1
    treated, held_out = units_needed(
        did / seen, sign * experiment.smallest, treated_share=experiment.treated_share
    )
    weeks = (treated + held_out) / pace + horizon_us / WEEK_US
    return PlanSize(
        rate=did / seen,
        rate_interval=wilson(did, seen),
        units_seen=seen,
        units_per_week=pace,
        treated=treated,
        held_out=held_out,
        smallest=experiment.smallest,
        weeks=weeks,
        revision=revision,
        from_=to_iso(from_),
        to=to_iso(to),
        sentence=_sentence(experiment, did / seen, treated + held_out, pace=pace, weeks=weeks),
        as_of=AsOf(snapshot.id, snapshot.seq),
        usual_protests=_usual(experiment, units, journeys),
    )


def _check_enough(seen: int) -> None:
    if seen < FEWEST:
        raise NotSupported(
            "TOO_FEW_TO_PLAN",
            f"Only {seen} met the trigger in the {LOOK_BACK_WEEKS} weeks that could be followed.",
            "Choose a trigger that more people meet, or a shorter horizon.",
        )


def _usual(experiment: Experiment, units: Units, journeys: Journeys) -> float | None:
    """Return how often units protest a week after the trigger, one protest more than was seen, on the safe side."""
    if experiment.protest is None:
        return None
    snapshot = journeys.snapshot
    found = moments(snapshot, units, choose=on_rule(experiment.protest)).within(
        units, snapshot.last_us
    )
    first = np.full(len(units), snapshot.last_us)
    np.minimum.at(first, found.unit, found.time_us)
    weeks = float((first - units.start_us).sum()) / WEEK_US
    return (int(found.reached(units).sum()) + 1) / weeks


def _sentence(experiment: Experiment, rate: float, units: int, *, pace: float, weeks: float) -> str:
    who = "accounts" if experiment.unit == "account" else "people"
    return (
        f"{units:,} {who} settle {points_of(experiment.smallest)}: about {max(1, round(weeks)):,} weeks "
        f"at {pace:,.0f} a week. Without the program {100 * rate:.0f} in 100 get there."
    )
